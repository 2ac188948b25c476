package sample

import (
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
