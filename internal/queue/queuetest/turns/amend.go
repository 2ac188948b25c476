package turns

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

// amend changes a message's text; settled is what the engine says of it, when it asks.
func amend(f *queuetest.Fixture, k tania.ConversationKey, id int, text string) (found queue.Amended, settled bool) {
	f.Helper()
	found, err := f.Engine().Amend(f.Context(), k, tania.MessageID(id), func(m *tania.Message, begun bool) bool {
		settled = begun
		m.Content = text
		return text != ""
	})
	f.Must(err)
	return found, settled
}

// amends asserts that a message is changed.
func amends(f *queuetest.Fixture, k tania.ConversationKey, id int, text string, settled bool) {
	f.Helper()
	if got, begun := amend(f, k, id, text); got != (queue.Amended{Known: true, Changed: true}) || begun != settled {
		f.Fatalf("message %d: %+v, settled %v; want it changed, settled %v", id, got, begun, settled)
	}
}

func reads(f *queuetest.Fixture, t *queue.Turn, want ...string) {
	f.Helper()
	if got := queuetest.Contents(t.Messages); !slices.Equal(got, want) {
		f.Fatalf("turn %s reads %q, want %q", t.ID, got, want)
	}
}

func amending(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	t.Run("while it waits", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Debounced())
		f.Push(k, 1, 2)
		amends(f, k, 1, "corrected", false)
		// Its ids are its name, whatever a change makes of them.
		_, err := f.Engine().Amend(t.Context(), k, 2, func(m *tania.Message, _ bool) bool {
			m.ID, m.Key = 77, queuetest.Key(7, 7)
			return true
		})
		f.Must(err)
		if got, _ := amend(f, k, 9, "nobody"); got.Known {
			t.Error("a message that nobody pushed was amended")
		}
		if got, _ := amend(f, k, 2, ""); got != (queue.Amended{Known: true}) {
			t.Errorf("a change that changes nothing: %+v", got)
		}
		f.Crash()
		f.Advance(2 * time.Second)
		reads(f, f.ClaimOf(k, 1, 2), "corrected", "message 2")
	})
	t.Run("while a worker has it", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.ClaimOf(k, 1)
		amends(f, k, 1, "corrected", false)
		f.HasNewer(turn)
		for op, run := range map[string]func() error{
			"Checkpoint": func() error { return f.Engine().Checkpoint(t.Context(), turn, []byte(`"old"`)) },
			"Complete": func() error {
				return f.Engine().Complete(t.Context(), turn, tania.Record{Key: k, Message: 1, Detail: "old"})
			},
		} {
			if err := run(); !errors.Is(err, queue.ErrAmended) {
				t.Errorf("%s of what was read before: %v, want ErrAmended", op, err)
			}
		}
		if turn.Checkpoint != nil {
			t.Error("a checkpoint that was refused is in the turn")
		}
		f.Push(k, 2)
		f.Absorbs(turn, true, 1, 2)
		reads(f, turn, "corrected", "message 2")
		f.Absorbs(turn, false, 1, 2)
		if turn.Restarts != 1 {
			t.Errorf("%d restarts", turn.Restarts)
		}
		f.Must(f.Engine().Checkpoint(t.Context(), turn, []byte(`"plan"`)))
		f.Complete(turn)
		f.NothingDue()
		if got, _ := amend(f, k, 1, "answered"); got.Known {
			t.Error("an answered message is known")
		}
	})
	t.Run("while it is given back, and after a crash", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.ClaimOf(k, 1)
		amends(f, k, 1, "during the attempt", false)
		f.Must(f.Engine().Retry(t.Context(), turn, 0, queuetest.ErrTest))
		turn = f.ClaimOf(k, 1)
		reads(f, turn, "during the attempt")
		f.Must(f.Engine().Retry(t.Context(), turn, time.Minute, queuetest.ErrTest))
		amends(f, k, 1, "before the next", false)
		f.Crash()
		f.Advance(time.Minute)
		turn = f.ClaimOf(k, 1)
		reads(f, turn, "before the next")
		f.Complete(turn)
		f.NothingDue()
	})
	t.Run("after the checkpoint it waits again", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1, 2)
		turn := f.ClaimOf(k, 1, 2)
		f.Must(f.Engine().Checkpoint(t.Context(), turn, []byte(`"plan"`)))
		if got, settled := amend(f, k, 1, ""); got != (queue.Amended{Known: true}) || !settled {
			t.Errorf("%+v, settled %v", got, settled)
		}
		amends(f, k, 1, "corrected", true)
		amends(f, k, 1, "corrected again", true)
		f.Absorbs(turn, false, 1, 2)
		f.Crash()
		if !h.FreedAtOpen {
			f.Advance(11 * time.Second)
		}
		turn = f.ClaimOf(k, 1, 2)
		f.Push(k, 3)
		f.Complete(turn)
		f.PushAgain(k, 1)
		turn = f.ClaimOf(k, 1, 3)
		reads(f, turn, "corrected again", "message 3")
		f.Complete(turn)
		f.NothingDue()
		f.PushAgain(k, 1)
	})
	t.Run("deleted after the checkpoint it does not wait again", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.ClaimOf(k, 1)
		f.Must(f.Engine().Checkpoint(t.Context(), turn, []byte(`"plan"`)))
		if _, err := f.Engine().Amend(t.Context(), k, 1, func(m *tania.Message, _ bool) bool { m.Deleted = true; return true }); err != nil {
			t.Fatal(err)
		}
		f.Complete(turn)
		f.NothingDue()
	})
	t.Run("of a buried turn it waits again too", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.ClaimOf(k, 1)
		f.Must(f.Engine().Checkpoint(t.Context(), turn, []byte(`"plan"`)))
		amends(f, k, 1, "corrected", true)
		f.Must(f.Engine().Bury(t.Context(), turn, queuetest.ErrTest))
		turn = f.ClaimOf(k, 1)
		reads(f, turn, "corrected")
		f.Complete(turn)
	})
	t.Run("by a change that panics", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 4)
		if _, err := f.Engine().Amend(t.Context(), k, 4, func(*tania.Message, bool) bool { panic("bad change") }); err == nil {
			t.Error("a panic in the change is no error")
		}
		f.ClaimOf(k, 4)
	})
}

func revisions(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	f := queuetest.NewFixture(t, h, queuetest.Options())
	revise := func(revision int, text string, fresh bool) {
		t.Helper()
		m := queuetest.Message(k, 7)
		m.Content, m.Revision = text, revision
		got, err := f.Engine().Push(t.Context(), m)
		f.Must(err)
		if got.Duplicate == fresh {
			t.Fatalf("revision %d: duplicate %v", revision, got.Duplicate)
		}
	}
	f.Push(k, 7)
	revise(1, "it waits as it was", false)
	f.Complete(f.ClaimOf(k, 7))
	revise(1, "corrected", true)
	revise(1, "corrected", false)
	revise(2, "one of them waits", false)
	turn := f.ClaimOf(k, 7)
	reads(f, turn, "corrected")
	if turn.Messages[0].Revision != 1 {
		t.Errorf("revision %d", turn.Messages[0].Revision)
	}
	revise(1, "corrected", false)
	f.Complete(turn)
	revise(1, "corrected", false)
	f.Crash()
	revise(1, "corrected", false)
	f.PushAgain(k, 7)
	f.Advance(24*time.Hour - time.Minute)
	revise(1, "corrected", false)
	revise(2, "corrected again", true)
	reads(f, f.ClaimOf(k, 7), "corrected again")
}
