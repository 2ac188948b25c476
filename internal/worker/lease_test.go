package worker

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/queue"
)

// extender is the one operation of a queue that a lease needs.
type extender struct {
	queue.Queue
	calls int
	err   error
	// lostAt is from which call on the turn is lost, 0 for never.
	lostAt int
}

func (e *extender) Extend(context.Context, *queue.Turn) error {
	e.calls++
	if e.lostAt > 0 && e.calls >= e.lostAt {
		return queue.ErrLost
	}
	return e.err
}

func TestAnOldLeaseIsAskedForBeforeSomethingLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &extender{}
		l := newLease(e, &queue.Turn{}, 10*time.Second)
		if err := l.ensure(t.Context()); err != nil || e.calls != 0 {
			t.Errorf("a fresh lease: %v after %d calls", err, e.calls)
		}
		time.Sleep(6 * time.Second) // the bubble's clock
		if err := l.ensure(t.Context()); err != nil || e.calls != 1 {
			t.Errorf("an old lease: %v after %d calls", err, e.calls)
		}
		if err := l.ensure(t.Context()); err != nil || e.calls != 1 {
			t.Errorf("a renewed lease: %v after %d calls", err, e.calls)
		}
		for _, e.err = range []error{queue.ErrLost, queue.ErrUnavailable} {
			time.Sleep(time.Minute)
			if err := l.ensure(t.Context()); !errors.Is(err, e.err) {
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
		stopped := newLease(e, &queue.Turn{}, 9*time.Second).keep(ctx, cancel)
		time.Sleep(7 * time.Second) // the bubble's clock
		synctest.Wait()
		if err := context.Cause(ctx); err != nil || e.calls != 2 {
			t.Errorf("a store that is away: %v after %d renewals, want none after 2", err, e.calls)
		}
		<-stopped
		if err := context.Cause(ctx); !errors.Is(err, queue.ErrLost) || e.calls != 3 {
			t.Errorf("a lost lease: %v after %d renewals, want the turn's end after 3", err, e.calls)
		}
	})
}
