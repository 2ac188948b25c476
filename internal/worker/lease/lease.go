// Package lease keeps the lease of a turn, and knows by this process's own clock whether it still holds it.
package lease

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"tania/internal/queue"
)

// Lease is a turn's lease as this process knows it, by its own monotonic clock, which goes on while the process is stopped.
type Lease struct {
	engine queue.Queue
	turn   *queue.Turn
	long   time.Duration
	// renewed is when the lease was last known to be ours.
	renewed atomic.Pointer[time.Time]
}

// New gives the lease of a turn that was claimed just now, for so long.
func New(engine queue.Queue, t *queue.Turn, long time.Duration) *Lease {
	l := &Lease{engine: engine, turn: t, long: long}
	now := time.Now()
	l.renewed.Store(&now)
	return l
}

// Extend renews the lease. Its time runs from before the call: the answer may have been long on its way.
func (l *Lease) Extend(ctx context.Context) error {
	began := time.Now()
	if err := l.engine.Extend(ctx, l.turn); err != nil {
		return err
	}
	l.renewed.Store(&began)
	return nil
}

// Ensure makes sure, right before something leaves that cannot be taken back, that the lease is still ours: a process that was
// stopped, or cut off from its store, may have lost it without knowing. The engine is asked only when half of it has passed.
func (l *Lease) Ensure(ctx context.Context) error {
	if time.Since(*l.renewed.Load()) < l.long/2 {
		return nil
	}
	return l.Extend(ctx)
}

// Keep renews the lease until ctx ends, and ends ctx when the lease is lost. The channel closes when it has stopped.
func (l *Lease) Keep(ctx context.Context, cancel context.CancelCauseFunc) <-chan struct{} {
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
				if err := l.Extend(ctx); errors.Is(err, queue.ErrLost) {
					cancel(queue.ErrLost)
					return
				}
			}
		}
	}()
	return stopped
}
