package queuetest

import (
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

func debounced() queue.Options {
	o := options()
	o.Debounce, o.DebounceMax = 2*time.Second, 5*time.Second
	return o
}

func coalesced(t *testing.T, h Harness) {
	k := key(1, 1)
	t.Run("a burst is one turn, due after the quiet time", func(t *testing.T) {
		f := newFixture(t, h, debounced())
		f.push(k, 1)
		f.Advance(1500 * time.Millisecond)
		f.push(k, 2)
		f.Advance(1900 * time.Millisecond)
		f.nothingDue()
		if s := f.stats(); s.Delayed != 1 || s.Active != 0 {
			t.Errorf("%+v", s)
		}
		f.Advance(100 * time.Millisecond)
		turn := f.claimOf(k, 1, 2)
		if got := f.Now().Sub(turn.Due); got < 0 || got > 10*time.Millisecond {
			t.Errorf("due %v before now", got)
		}
	})
	t.Run("a burst holds a turn back no longer than DebounceMax", func(t *testing.T) {
		f := newFixture(t, h, debounced())
		for id := 1; id <= 5; id++ {
			f.push(k, id)
			f.Advance(time.Second)
		}
		f.claimOf(k, 1, 2, 3, 4, 5)
	})
	t.Run("a duplicate does not extend the quiet time", func(t *testing.T) {
		f := newFixture(t, h, debounced())
		f.push(k, 1)
		f.Advance(1500 * time.Millisecond)
		f.pushAgain(k, 1)
		f.Advance(500 * time.Millisecond)
		f.claimOf(k, 1)
	})
	t.Run("a crash does not begin the quiet time anew", func(t *testing.T) {
		f := newFixture(t, h, debounced())
		f.push(k, 1)
		f.Advance(1500 * time.Millisecond)
		f.Crash()
		f.nothingDue()
		f.Advance(500 * time.Millisecond)
		f.claimOf(k, 1)
	})
	t.Run("messages behind a running turn form the next, after their own quiet time", func(t *testing.T) {
		f := newFixture(t, h, debounced())
		f.push(k, 1)
		f.Advance(2 * time.Second)
		turn := f.claimOf(k, 1)
		f.push(k, 2)
		f.complete(turn)
		f.nothingDue()
		f.Advance(2 * time.Second)
		f.claimOf(k, 2)
	})
	t.Run("messages behind a running turn are told and absorbed", func(t *testing.T) {
		f := newFixture(t, h, debounced())
		f.push(k, 4)
		f.Advance(2 * time.Second)
		turn := f.claimOf(k, 4)
		f.absorbs(turn, false, 4)
		f.push(k, 5, 2)
		f.told(turn)
		f.absorbs(turn, true, 2, 4, 5)
		f.push(k, 6)
		f.absorbs(turn, true, 2, 4, 5, 6)
		f.absorbs(turn, false, 2, 4, 5, 6)
		if turn.Restarts != 2 {
			t.Errorf("%d restarts", turn.Restarts)
		}
		f.Crash()
		f.Advance(10 * time.Second)
		again := f.claimOf(k, 2, 4, 5, 6)
		if again.Restarts != 2 {
			t.Errorf("%d restarts after the crash", again.Restarts)
		}
		f.complete(again)
		f.nothingDue()
	})
	t.Run("a burst that is long is one turn too, whole and in order, after a crash", func(t *testing.T) {
		f := newFixture(t, h, debounced())
		var ids []int
		for id := 1; id <= 100; id++ {
			ids = append(ids, id)
		}
		f.push(k, ids[50:]...)
		f.push(k, ids[:50]...)
		f.pushAgain(k, 90)
		f.Crash()
		amended, err := f.Engine().Amend(t.Context(), k, 33, func(m *tania.Message, _ bool) bool { m.Content = "corrected"; return true })
		f.try(err)
		f.Advance(2 * time.Second)
		turn := f.claimOf(k, ids...)
		if !amended.Changed || turn.Messages[32].Content != "corrected" {
			t.Errorf("amended %+v: %q", amended, turn.Messages[32].Content)
		}
		var behind []int
		for id := 101; id <= 200; id++ {
			behind = append(behind, id)
		}
		f.push(k, behind...)
		f.try(f.Engine().Retry(t.Context(), turn, 0, nil))
		f.Crash()
		again := f.claimOf(k, append(ids, behind...)...)
		f.push(k, 201)
		f.complete(again)
		f.Advance(2 * time.Second)
		f.complete(f.claimOf(k, 201))
		f.Advance(25 * time.Hour)
		for what, n := range f.Leftovers() {
			if n != 0 {
				t.Errorf("%d %s are left", n, what)
			}
		}
	})
	t.Run("a long burst is forgotten whole", func(t *testing.T) {
		f := newFixture(t, h, debounced())
		for id := 1; id <= 100; id++ {
			m := message(k, id)
			m.Contact.ID = 77
			_, err := f.Engine().Push(t.Context(), m)
			f.try(err)
		}
		got, err := f.Engine().Forget(t.Context(), k.Account, 77)
		f.try(err)
		if got.Messages != 100 {
			t.Errorf("%+v", got)
		}
		f.Advance(25 * time.Hour)
		f.nothingDue()
		for what, n := range f.Leftovers() {
			if n != 0 {
				t.Errorf("%d %s are left", n, what)
			}
		}
	})
	t.Run("once a reply is checkpointed, what comes is for the next turn", func(t *testing.T) {
		f := newFixture(t, h, debounced())
		f.push(k, 1)
		f.Advance(2 * time.Second)
		turn := f.claimOf(k, 1)
		f.try(f.Engine().Checkpoint(t.Context(), turn, []byte(`"hello"`)))
		f.push(k, 2)
		f.told(turn)
		f.absorbs(turn, false, 1)
		f.complete(turn)
		f.Advance(2 * time.Second)
		f.claimOf(k, 2)
	})
}

func (f *fixture) told(t *queue.Turn) {
	f.Helper()
	select {
	case <-t.Newer:
	case <-time.After(patience):
		f.Fatal("Newer tells nothing")
	}
}

func (f *fixture) absorbs(t *queue.Turn, want bool, ids ...int) {
	f.Helper()
	got, err := f.Engine().Absorb(f.Context(), t)
	f.try(err)
	if got != want {
		f.Fatalf("absorbed %v, want %v", got, want)
	}
	f.has(t, ids...)
}
