package sqlitequeue

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
)

// lateClock is one whose timers do not go off in time, as on a machine that is busy.
type lateClock struct{ queuetest.Clock }

func (*lateClock) AfterFunc(time.Duration, func()) func() bool { return func() bool { return true } }

// TestALeaseEndsAlthoughItsTimerIsLate: whatever a worker asks of the store is refused from the moment the lease has ended.
func TestALeaseEndsAlthoughItsTimerIsLate(t *testing.T) {
	cause := errors.New("for the test")
	for name, ask := range map[string]func(context.Context, *Engine, *queue.Turn) error{
		"extend":     func(ctx context.Context, e *Engine, t *queue.Turn) error { return e.Extend(ctx, t) },
		"absorb":     func(ctx context.Context, e *Engine, t *queue.Turn) error { _, err := e.Absorb(ctx, t); return err },
		"checkpoint": func(ctx context.Context, e *Engine, t *queue.Turn) error { return e.Checkpoint(ctx, t, []byte("x")) },
		"complete":   func(ctx context.Context, e *Engine, t *queue.Turn) error { return e.Complete(ctx, t) },
		"retry":      func(ctx context.Context, e *Engine, t *queue.Turn) error { return e.Retry(ctx, t, 0, cause) },
		"defer":      func(ctx context.Context, e *Engine, t *queue.Turn) error { return e.Defer(ctx, t, 0) },
		"release":    func(ctx context.Context, e *Engine, t *queue.Turn) error { return e.Release(ctx, t) },
		"bury":       func(ctx context.Context, e *Engine, t *queue.Turn) error { return e.Bury(ctx, t, cause) },
	} {
		t.Run(name, func(t *testing.T) {
			clock := &lateClock{}
			e, err := Open(t.Context(), filepath.Join(t.TempDir(), "q.db"), queue.Options{Debounce: -1, DebounceMax: -1, Clock: clock})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = e.Close() })
			pushAll(t, e, 1, 1)
			turn, err := e.Claim(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			clock.Advance(e.Lease - time.Nanosecond)
			if err := e.Extend(t.Context(), turn); err != nil {
				t.Fatalf("within the lease: %v", err)
			}
			clock.Advance(e.Lease)
			if err := ask(t.Context(), e, turn); !errors.Is(err, queue.ErrLost) {
				t.Fatalf("after the lease: %v, want ErrLost", err)
			}
			ctx, done := context.WithTimeout(t.Context(), 10*time.Second)
			defer done()
			again, err := e.Claim(ctx)
			if err != nil || again.ID != turn.ID || again.Attempt != 2 {
				t.Errorf("claimed %+v (%v), want the turn's second attempt", again, err)
			}
		})
	}
}
