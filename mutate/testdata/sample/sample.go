// Package sample is a package for the tests of mutate.
package sample

import (
	"context"
	"time"
)

// Within reports whether a wait is positive and shorter than a limit.
func Within(wait, limit time.Duration) bool { return wait > 0 && wait < limit }

// Sum adds up to a limit.
func Sum(limit int, list ...int) (sum int) {
	for _, n := range list {
		if sum+n > limit {
			break
		}
		sum += n
	}
	return sum
}

// Forgotten is not tested.
func Forgotten(n int) int {
	n++
	return n
}

// Weak is tested, but its boundary is not.
func Weak(n int) bool { return n > 10 }

// InTime reports whether a wait ends before its limit. That it gives back the timer no test can tell.
func InTime(ctx context.Context, limit time.Duration, wait func(context.Context)) bool {
	ctx, done := context.WithTimeout(ctx, limit)
	defer done()
	wait(ctx)
	return ctx.Err() == nil
}

// Waited reports whether a context outlasts a wait. That it stops the timer no test can tell.
func Waited(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Ended gives a context that has ended.
func Ended(ctx context.Context) context.Context {
	ctx, done := context.WithCancel(ctx)
	defer done()
	return ctx
}
