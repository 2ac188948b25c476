package turns

import (
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
)

// telling is what the holder of a turn is told without asking for it.
func telling(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	t.Run("at the claim, whether messages wait behind a checkpoint", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.ClaimOf(k, 1)
		toldNothing(f, turn)
		f.Must(f.Engine().Checkpoint(t.Context(), turn, []byte(`"plan"`)))
		f.Release(turn)
		turn = f.ClaimOf(k, 1)
		toldNothing(f, turn)
		f.Release(turn)
		f.Push(k, 2)
		turn = f.ClaimOf(k, 1)
		f.HasNewer(turn)
		f.Complete(turn)
		turn = f.ClaimOf(k, 2)
		toldNothing(f, turn)
	})
	// Each with a store of its own: the first one that is refused ends the claim for all.
	names := queuetest.TurnOperations(t.Context(), nil, &queue.Turn{})
	for name := range names {
		t.Run("that its lease has ended, when it comes with "+name, func(t *testing.T) {
			f := queuetest.NewFixture(t, h, queuetest.Options())
			f.Push(k, 1)
			turn := f.ClaimOf(k, 1)
			f.IsHeld(turn)
			f.Advance(10 * time.Second)
			f.RefusedAs(turn, name)
			f.IsLost(turn)
			if again := f.ClaimOf(k, 1); again.ID != turn.ID || again.Attempt != 2 {
				t.Errorf("turn %s, attempt %d after %s", again.ID, again.Attempt, turn.ID)
			}
		})
	}
}

// toldNothing asserts that the holder of a turn was told of no newer messages.
func toldNothing(f *queuetest.Fixture, t *queue.Turn) {
	f.Helper()
	select {
	case <-t.Newer:
		f.Errorf("turn %s was told of messages that are not there", t.ID)
	default:
	}
}
