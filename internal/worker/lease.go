package worker

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"tania/internal/queue"
)

// lease is a turn's lease as this process knows it, by its own monotonic clock, which goes on while the process is stopped.
type lease struct {
	engine queue.Queue
	turn   *queue.Turn
	long   time.Duration
	// renewed is when the lease was last known to be ours.
	renewed atomic.Pointer[time.Time]
}

func newLease(engine queue.Queue, t *queue.Turn, long time.Duration) *lease {
	l := &lease{engine: engine, turn: t, long: long}
	now := time.Now()
	l.renewed.Store(&now)
	return l
}

// extend renews the lease. Its time runs from before the call: the answer may have been long on its way.
func (l *lease) extend(ctx context.Context) error {
	began := time.Now()
	if err := l.engine.Extend(ctx, l.turn); err != nil {
		return err
	}
	l.renewed.Store(&began)
	return nil
}

// ensure makes sure, right before something leaves that cannot be taken back, that the lease is still ours: a process that was
// stopped, or cut off from its store, may have lost it without knowing. The engine is asked only when half of it has passed.
func (l *lease) ensure(ctx context.Context) error {
	if time.Since(*l.renewed.Load()) < l.long/2 {
		return nil
	}
	return l.extend(ctx)
}

// keep renews the lease until ctx ends, and ends ctx when the lease is lost. The channel closes when it has stopped.
func (l *lease) keep(ctx context.Context, cancel context.CancelCauseFunc) <-chan struct{} {
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(l.long / 3)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-l.turn.Lost:
				cancel(queue.ErrLost)
				return
			case <-tick.C:
				if err := l.extend(ctx); errors.Is(err, queue.ErrLost) {
					cancel(queue.ErrLost)
					return
				}
			}
		}
	}()
	return stopped
}
