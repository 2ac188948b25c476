package sample

import (
	"context"
	"testing"
	"time"
)

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		wait time.Duration
		want bool
	}{{-1, false}, {0, false}, {1, true}, {time.Second - 1, true}, {time.Second, false}, {2 * time.Second, false}} {
		if got := Within(c.wait, time.Second); got != c.want {
			t.Errorf("%s: %v", c.wait, got)
		}
	}
}

func TestSum(t *testing.T) {
	if got := Sum(6, 1, 2, 3, 4); got != 6 {
		t.Errorf("sum %d", got)
	}
}

func TestWeak(t *testing.T) {
	if Weak(0) || !Weak(99) {
		t.Error("weak")
	}
}

func TestInTime(t *testing.T) {
	if InTime(t.Context(), time.Millisecond, func(ctx context.Context) { <-ctx.Done() }) {
		t.Error("in time although the limit ended the wait")
	}
	if !InTime(t.Context(), time.Hour, func(context.Context) {}) {
		t.Error("not in time although nothing was waited for")
	}
}

func TestWaited(t *testing.T) {
	ctx, done := context.WithCancel(t.Context())
	if !Waited(ctx, time.Millisecond) {
		t.Error("a context that does not end does not outlast a millisecond")
	}
	done()
	if Waited(ctx, time.Hour) {
		t.Error("a context that has ended outlasts an hour")
	}
}

func TestEnded(t *testing.T) {
	if Ended(t.Context()).Err() == nil {
		t.Error("not ended")
	}
}
