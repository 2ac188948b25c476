package failover

import (
	"context"
	"errors"
	"fmt"
)

// Forget drops the deliveries that are kept of conversations in which of finds one, and gives their number. What is being moved to the
// shared store is moved before or not at all, so the shared store is told to forget after this.
func (f *Failover) Forget(ctx context.Context, of func(Delivery) bool) (n int64, err error) {
	f.moving.Lock()
	defer f.moving.Unlock()
	var errs []error
	for _, l := range f.left {
		m, err := f.forgetIn(ctx, l.store, l, of)
		n, errs = n+m, append(errs, err)
	}
	m, err := f.forgetIn(ctx, f.own, nil, of)
	n, errs = n+m, append(errs, err)
	if err := errors.Join(errs...); err != nil {
		return n, fmt.Errorf("failover: %w", err)
	}
	return n, nil
}
