package lease

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/queue"
)

// extender is the one operation of a queue that a lease needs.
type extender struct {
	queue.Queue
	calls atomic.Int32
	err   error
	// lostAt is from which call on the turn is lost, 0 for never.
	lostAt int32
}

func (e *extender) Extend(context.Context, *queue.Turn) error {
	if n := e.calls.Add(1); e.lostAt > 0 && n >= e.lostAt {
		return queue.ErrLost
	}
	return e.err
}

func TestAnOldLeaseIsAskedForBeforeSomethingLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &extender{}
		l := New(e, &queue.Turn{}, 10*time.Second)
		if err := l.Ensure(t.Context()); err != nil || e.calls.Load() != 0 {
			t.Errorf("a fresh lease: %v after %d calls", err, e.calls.Load())
		}
		time.Sleep(6 * time.Second) // the bubble's clock
		if err := l.Ensure(t.Context()); err != nil || e.calls.Load() != 1 {
			t.Errorf("an old lease: %v after %d calls", err, e.calls.Load())
		}
		if err := l.Ensure(t.Context()); err != nil || e.calls.Load() != 1 {
			t.Errorf("a renewed lease: %v after %d calls", err, e.calls.Load())
		}
		for _, e.err = range []error{queue.ErrLost, queue.ErrUnavailable} {
			time.Sleep(time.Minute)
			if err := l.Ensure(t.Context()); !errors.Is(err, e.err) {
				t.Errorf("held: %v, want %v", err, e.err)
			}
		}
	})
}

// TestALeaseThatIsLostEndsTheTurn also where nothing but the renewal tells; what only fails does not, for the next may not.
func TestALeaseThatIsLostEndsTheTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &extender{err: queue.ErrUnavailable, lostAt: 3}
		ctx, cancel := context.WithCancelCause(t.Context())
		stopped := New(e, &queue.Turn{}, 9*time.Second).Keep(ctx, cancel)
		time.Sleep(7 * time.Second) // the bubble's clock
		synctest.Wait()
		if err := context.Cause(ctx); err != nil || e.calls.Load() != 2 {
			t.Errorf("a store that is away: %v after %d renewals, want none after 2", err, e.calls.Load())
		}
		<-stopped
		if err := context.Cause(ctx); !errors.Is(err, queue.ErrLost) || e.calls.Load() != 3 {
			t.Errorf("a lost lease: %v after %d renewals, want the turn's end after 3", err, e.calls.Load())
		}
	})
}
