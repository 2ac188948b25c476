package worker

import (
	"context"
	"sync"
)

// slots bound how many turns are at work at once. A turn that only waits lends its slot, and gets none back: all that it still has to do is
// to send what it has.
type slots struct{ free chan struct{} }

func newSlots(n int) *slots { return &slots{free: make(chan struct{}, n)} }

// take waits for a slot, until ctx ends. free gives it back, once however often it is called.
func (s *slots) take(ctx context.Context) (free func(), err error) {
	select {
	case s.free <- struct{}{}:
		return sync.OnceFunc(func() { <-s.free }), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
