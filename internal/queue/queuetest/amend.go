package queuetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// amend changes a message's text; settled is what the engine says of it, when it asks.
func (f *fixture) amend(k tania.ConversationKey, id int, text string) (found queue.Amended, settled bool) {
	f.Helper()
	found, err := f.Engine().Amend(f.Context(), k, tania.MessageID(id), func(m *tania.Message, begun bool) bool {
		settled = begun
		m.Content = text
		return text != ""
	})
	f.try(err)
	return found, settled
}

// amends asserts that a message is changed.
func (f *fixture) amends(k tania.ConversationKey, id int, text string, settled bool) {
	f.Helper()
	if got, begun := f.amend(k, id, text); got != (queue.Amended{Known: true, Changed: true}) || begun != settled {
		f.Fatalf("message %d: %+v, settled %v; want it changed, settled %v", id, got, begun, settled)
	}
}

func (f *fixture) reads(t *queue.Turn, want ...string) {
	f.Helper()
	if got := contents(t.Messages); !slices.Equal(got, want) {
		f.Fatalf("turn %s reads %q, want %q", t.ID, got, want)
	}
}

func amend(t *testing.T, h Harness) {
	k := key(1, 1)
	t.Run("while it waits", func(t *testing.T) {
		f := newFixture(t, h, debounced())
		f.push(k, 1, 2)
		f.amends(k, 1, "corrected", false)
		if got, _ := f.amend(k, 9, "nobody"); got.Known {
			t.Error("a message that nobody pushed was amended")
		}
		if got, _ := f.amend(k, 2, ""); got != (queue.Amended{Known: true}) {
			t.Errorf("a change that changes nothing: %+v", got)
		}
		f.Crash()
		f.Advance(2 * time.Second)
		f.reads(f.claimOf(k, 1, 2), "corrected", "message 2")
	})
	t.Run("while a worker has it", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		turn := f.claimOf(k, 1)
		f.amends(k, 1, "corrected", false)
		f.isNewer(turn)
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
		f.push(k, 2)
		f.absorbs(turn, true, 1, 2)
		f.reads(turn, "corrected", "message 2")
		f.absorbs(turn, false, 1, 2)
		if turn.Restarts != 1 {
			t.Errorf("%d restarts", turn.Restarts)
		}
		f.try(f.Engine().Checkpoint(t.Context(), turn, []byte(`"plan"`)))
		f.complete(turn)
		f.nothingDue()
		if got, _ := f.amend(k, 1, "answered"); got.Known {
			t.Error("an answered message is known")
		}
	})
	t.Run("while it is given back, and after a crash", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		turn := f.claimOf(k, 1)
		f.amends(k, 1, "during the attempt", false)
		f.try(f.Engine().Retry(t.Context(), turn, 0, errTest))
		turn = f.claimOf(k, 1)
		f.reads(turn, "during the attempt")
		f.try(f.Engine().Retry(t.Context(), turn, time.Minute, errTest))
		f.amends(k, 1, "before the next", false)
		f.Crash()
		f.Advance(time.Minute)
		turn = f.claimOf(k, 1)
		f.reads(turn, "before the next")
		f.complete(turn)
		f.nothingDue()
	})
	t.Run("after the checkpoint it waits again", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1, 2)
		turn := f.claimOf(k, 1, 2)
		f.try(f.Engine().Checkpoint(t.Context(), turn, []byte(`"plan"`)))
		if got, settled := f.amend(k, 1, ""); got != (queue.Amended{Known: true}) || !settled {
			t.Errorf("%+v, settled %v", got, settled)
		}
		f.amends(k, 1, "corrected", true)
		f.amends(k, 1, "corrected again", true)
		f.absorbs(turn, false, 1, 2)
		f.Crash()
		if !h.FreedAtOpen {
			f.Advance(11 * time.Second)
		}
		turn = f.claimOf(k, 1, 2)
		f.push(k, 3)
		f.complete(turn)
		f.pushAgain(k, 1)
		turn = f.claimOf(k, 1, 3)
		f.reads(turn, "corrected again", "message 3")
		f.complete(turn)
		f.nothingDue()
		f.pushAgain(k, 1)
	})
	t.Run("deleted after the checkpoint it does not wait again", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		turn := f.claimOf(k, 1)
		f.try(f.Engine().Checkpoint(t.Context(), turn, []byte(`"plan"`)))
		if _, err := f.Engine().Amend(t.Context(), k, 1, func(m *tania.Message, _ bool) bool { m.Deleted = true; return true }); err != nil {
			t.Fatal(err)
		}
		f.complete(turn)
		f.nothingDue()
	})
	t.Run("of a buried turn it waits again too", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		turn := f.claimOf(k, 1)
		f.try(f.Engine().Checkpoint(t.Context(), turn, []byte(`"plan"`)))
		f.amends(k, 1, "corrected", true)
		f.try(f.Engine().Bury(t.Context(), turn, errTest))
		turn = f.claimOf(k, 1)
		f.reads(turn, "corrected")
		f.complete(turn)
	})
	t.Run("by a change that panics", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 4)
		if _, err := f.Engine().Amend(t.Context(), k, 4, func(*tania.Message, bool) bool { panic("bad change") }); err == nil {
			t.Error("a panic in the change is no error")
		}
		f.claimOf(k, 4)
	})
}

// isNewer asserts that a turn was told.
func (f *fixture) isNewer(t *queue.Turn) {
	f.Helper()
	select {
	case <-t.Newer:
	case <-time.After(patience):
		f.Fatalf("turn %s was not told", t.ID)
	}
}

func revisions(t *testing.T, h Harness) {
	k := key(1, 1)
	f := newFixture(t, h, options())
	revise := func(revision int, text string, fresh bool) {
		t.Helper()
		m := message(k, 7)
		m.Content, m.Revision = text, revision
		got, err := f.Engine().Push(t.Context(), m)
		f.try(err)
		if got.Duplicate == fresh {
			t.Fatalf("revision %d: duplicate %v", revision, got.Duplicate)
		}
	}
	f.push(k, 7)
	revise(1, "it waits as it was", false)
	f.complete(f.claimOf(k, 7))
	revise(1, "corrected", true)
	revise(1, "corrected", false)
	revise(2, "one of them waits", false)
	turn := f.claimOf(k, 7)
	f.reads(turn, "corrected")
	if turn.Messages[0].Revision != 1 {
		t.Errorf("revision %d", turn.Messages[0].Revision)
	}
	revise(1, "corrected", false)
	f.complete(turn)
	revise(1, "corrected", false)
	f.Crash()
	revise(1, "corrected", false)
	f.pushAgain(k, 7)
	f.Advance(24*time.Hour - time.Minute)
	revise(1, "corrected", false)
	revise(2, "corrected again", true)
	f.reads(f.claimOf(k, 7), "corrected again")
}
