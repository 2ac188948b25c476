package invariants

import (
	"testing"
	"time"

	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

func coalesced(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	t.Run("a burst is one turn, due after the quiet time", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Debounced())
		f.Push(k, 1)
		f.Advance(1500 * time.Millisecond)
		f.Push(k, 2)
		f.Advance(1900 * time.Millisecond)
		f.NothingDue()
		if s := f.Stats(); s.Delayed != 1 || s.Active != 0 {
			t.Errorf("%+v", s)
		}
		f.Advance(100 * time.Millisecond)
		turn := f.ClaimOf(k, 1, 2)
		if got := f.Now().Sub(turn.Due); got < 0 || got > 10*time.Millisecond {
			t.Errorf("due %v before now", got)
		}
	})
	t.Run("a burst holds a turn back no longer than DebounceMax", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Debounced())
		for id := 1; id <= 5; id++ {
			f.Push(k, id)
			f.Advance(time.Second)
		}
		f.ClaimOf(k, 1, 2, 3, 4, 5)
	})
	t.Run("a duplicate does not extend the quiet time", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Debounced())
		f.Push(k, 1)
		f.Advance(1500 * time.Millisecond)
		f.PushAgain(k, 1)
		f.Advance(500 * time.Millisecond)
		f.ClaimOf(k, 1)
	})
	t.Run("a crash does not begin the quiet time anew", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Debounced())
		f.Push(k, 1)
		f.Advance(1500 * time.Millisecond)
		f.Crash()
		f.NothingDue()
		f.Advance(500 * time.Millisecond)
		f.ClaimOf(k, 1)
	})
	t.Run("messages behind a running turn form the next, after their own quiet time", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Debounced())
		f.Push(k, 1)
		f.Advance(2 * time.Second)
		turn := f.ClaimOf(k, 1)
		f.Push(k, 2)
		f.Complete(turn)
		f.NothingDue()
		f.Advance(2 * time.Second)
		f.ClaimOf(k, 2)
	})
	t.Run("messages behind a running turn are told and absorbed", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Debounced())
		f.Push(k, 4)
		f.Advance(2 * time.Second)
		turn := f.ClaimOf(k, 4)
		f.Absorbs(turn, false, 4)
		f.Push(k, 5, 2)
		f.HasNewer(turn)
		f.Absorbs(turn, true, 2, 4, 5)
		f.Push(k, 6)
		f.Absorbs(turn, true, 2, 4, 5, 6)
		f.Absorbs(turn, false, 2, 4, 5, 6)
		if turn.Restarts != 2 {
			t.Errorf("%d restarts", turn.Restarts)
		}
		f.Crash()
		f.Advance(10 * time.Second)
		again := f.ClaimOf(k, 2, 4, 5, 6)
		if again.Restarts != 2 {
			t.Errorf("%d restarts after the crash", again.Restarts)
		}
		f.Complete(again)
		f.NothingDue()
	})
	t.Run("a burst that is long is one turn too, whole and in order, after a crash", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Debounced())
		var ids []int
		for id := 1; id <= 100; id++ {
			ids = append(ids, id)
		}
		f.Push(k, ids[50:]...)
		f.Push(k, ids[:50]...)
		f.PushAgain(k, 90)
		f.Crash()
		amended, err := f.Engine().Amend(t.Context(), k, 33, func(m *tania.Message, _ bool) bool { m.Content = "corrected"; return true })
		f.Must(err)
		f.Advance(2 * time.Second)
		turn := f.ClaimOf(k, ids...)
		if !amended.Changed || turn.Messages[32].Content != "corrected" {
			t.Errorf("amended %+v: %q", amended, turn.Messages[32].Content)
		}
		var behind []int
		for id := 101; id <= 200; id++ {
			behind = append(behind, id)
		}
		f.Push(k, behind...)
		f.Must(f.Engine().Retry(t.Context(), turn, 0, nil))
		f.Crash()
		again := f.ClaimOf(k, append(ids, behind...)...)
		f.Push(k, 201)
		f.Complete(again)
		f.Advance(2 * time.Second)
		f.Complete(f.ClaimOf(k, 201))
		f.Advance(25 * time.Hour)
		f.NothingLeft()
	})
	t.Run("a long burst is forgotten whole", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Debounced())
		for id := 1; id <= 100; id++ {
			f.PushOf(k, id, 77)
		}
		got, err := f.Engine().Forget(t.Context(), k.Account, 77)
		f.Must(err)
		if got.Messages != 100 {
			t.Errorf("%+v", got)
		}
		f.Advance(25 * time.Hour)
		f.NothingDue()
		f.NothingLeft()
	})
	t.Run("once a reply is checkpointed, what comes is for the next turn", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Debounced())
		f.Push(k, 1)
		f.Advance(2 * time.Second)
		turn := f.ClaimOf(k, 1)
		f.Must(f.Engine().Checkpoint(t.Context(), turn, []byte(`"hello"`)))
		f.Push(k, 2)
		f.HasNewer(turn)
		f.Absorbs(turn, false, 1)
		f.Complete(turn)
		f.Advance(2 * time.Second)
		f.ClaimOf(k, 2)
	})
}
