// Package wait waits for a time to pass, and no longer than somebody wants to.
package wait

import (
	"context"
	"time"
)

// For returns after d, or with the context's error when that ends first.
func For(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
