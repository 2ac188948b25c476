package turns

import (
	"testing"
	"time"

	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

func givingBack(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	t.Run("a retry is due after its delay and counts", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.ClaimOf(k, 1)
		record := tania.Record{Key: k, Message: 1, At: f.Now(), Outcome: tania.OutcomeRetrying}
		f.Must(f.Engine().Retry(t.Context(), turn, 5*time.Second, queuetest.ErrTest, record))
		f.IsLost(turn)
		f.Refused(turn)
		f.Advance(4 * time.Second)
		f.NothingDue()
		f.Crash()
		f.NothingDue()
		f.Advance(time.Second)
		if again := f.ClaimOf(k, 1); again.Attempt != 2 || again.Deferred != 0 {
			t.Errorf("attempt %d, deferred %d", again.Attempt, again.Deferred)
		}
		if records, err := f.Engine().Records(t.Context(), k); err != nil || len(records) != 1 {
			t.Errorf("%v, %v", records, err)
		}
	})
	t.Run("a retry without a cause is a failure all the same", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		f.Must(f.Engine().Retry(t.Context(), f.ClaimOf(k, 1), 0, nil))
		turn := f.ClaimOf(k, 1)
		f.Must(f.Engine().Bury(t.Context(), turn, nil))
		if d := f.Dead(turn.ID); len(d.History) != 2 || d.Error == "" {
			t.Errorf("%+v", d)
		}
	})
	t.Run("a deferral does not count, and joiners do not make it due earlier", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		for n := 1; n <= 4; n++ {
			turn := f.Claim()
			if turn.Attempt != 1 || turn.Deferred != n-1 || len(turn.Messages) != n {
				t.Errorf("attempt %d, deferred %d, %d messages", turn.Attempt, turn.Deferred, len(turn.Messages))
			}
			f.Must(f.Engine().Defer(t.Context(), turn, time.Minute))
			f.Refused(turn)
			f.Push(k, n+1)
			f.Advance(59 * time.Second)
			f.NothingDue()
			f.Advance(time.Second)
		}
		f.ClaimOf(k, 1, 2, 3, 4, 5)
	})
}
