package invariants

import (
	"context"
	"maps"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

func pause(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	t.Run("nothing new starts, what runs ends, what comes is kept, across a crash", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		running := f.ClaimOf(k, 1)
		changes(f, f.Engine().Pause, "ana", true)
		changes(f, f.Engine().Pause, "luis", false)
		f.Push(k, 2)
		f.Push(queuetest.Key(1, 2), 3)
		f.NothingDue()
		f.Complete(running)
		f.NothingDue()
		f.Crash()
		if s := f.Stats(); !s.Paused || s.PausedBy != "ana" || s.Waiting != 2 {
			t.Errorf("%+v", s)
		}
		f.NothingDue()
		changes(f, f.Engine().Resume, "ana", true)
		changes(f, f.Engine().Resume, "ana", false)
		f.Complete(f.Claim())
		f.Complete(f.Claim())
		f.Crash()
		if s := f.Stats(); s.Paused || s.PausedBy != "" || s.Completed != 3 {
			t.Errorf("%+v", s)
		}
	})
	t.Run("a claim that waits is woken by the end of the pause", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		changes(f, f.Engine().Pause, "ana", true)
		claimed := make(chan *queue.Turn)
		go func() {
			turn, err := f.Engine().Claim(t.Context())
			if err != nil {
				t.Error(err)
			}
			claimed <- turn
		}()
		f.Push(k, 1)
		if s := f.Stats(); s.Active != 0 || s.Waiting != 1 {
			t.Errorf("%+v", s)
		}
		changes(f, f.Engine().Resume, "ana", true)
		f.Complete(<-claimed)
	})
	t.Run("a lease that ends meanwhile is not given to another", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		f.ClaimOf(k, 1)
		changes(f, f.Engine().Pause, "ana", true)
		f.Advance(time.Minute)
		f.NothingDue()
		changes(f, f.Engine().Resume, "ana", true)
		f.ClaimOf(k, 1)
	})
}

func changes(f *queuetest.Fixture, set func(context.Context, string) (bool, error), by string, want bool) {
	f.Helper()
	got, err := set(f.Context(), by)
	f.Must(err)
	if got != want {
		f.Fatalf("changed %v, want %v", got, want)
	}
}

func fair(t *testing.T, h queuetest.Harness) {
	t.Run("a flood in one account does not delay another's single conversation", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		const flood = 300
		for n := 1; n <= flood; n++ {
			f.Push(queuetest.Key(1, n), n)
		}
		for n := range 20 {
			f.Complete(f.Claim())
			f.Push(queuetest.Key(2, n+1), n+1)
			before := 0
			for turn := f.Claim(); ; turn = f.Claim() {
				f.Complete(turn)
				if turn.Key.Account == 2 {
					break
				}
				if before++; before > 2 {
					t.Fatalf("%d turns of the flood came before the other account's", before)
				}
			}
		}
	})
	t.Run("accounts are served in turn", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		id := 0
		for account := 1; account <= 3; account++ {
			for n := 1; n <= 10; n++ {
				id++
				f.Push(queuetest.Key(account, n), id)
			}
		}
		served := map[tania.AccountID]int{}
		for range 15 {
			turn := f.Claim()
			served[turn.Key.Account]++
			f.Complete(turn)
		}
		for account, n := range served {
			if n < 4 || n > 6 {
				t.Errorf("account %d got %d of 15 turns: %v", account, n, served)
			}
		}
	})
	t.Run("a flood in one inbox does not delay another's single conversation", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		const flood = 300
		for n := 1; n <= flood; n++ {
			f.PushIn(11, queuetest.Key(1, n), n)
		}
		for n := flood + 1; n <= flood+20; n++ {
			f.Complete(f.Claim())
			f.PushIn(12, queuetest.Key(1, n), n)
			before := 0
			for turn := f.Claim(); ; turn = f.Claim() {
				f.Complete(turn)
				if turn.Messages[0].Inbox == 12 {
					break
				}
				if before++; before > 2 {
					t.Fatalf("%d turns of the flood came before the other inbox's", before)
				}
			}
		}
	})
	t.Run("inboxes of an account are served in turn, which leaves other accounts their share, across a crash", func(t *testing.T) {
		for _, crash := range []bool{false, true} {
			f := queuetest.NewFixture(t, h, queuetest.Options())
			id := 0
			for _, inbox := range []tania.InboxID{11, 12, 13, 21} {
				for range 12 {
					id++
					f.PushIn(inbox, queuetest.Key(int(inbox)/10, id), id)
				}
			}
			if crash {
				f.Crash()
			}
			served := map[tania.InboxID]int{}
			for range 24 {
				turn := f.Claim()
				served[turn.Messages[0].Inbox]++
				f.Complete(turn)
			}
			for _, inbox := range []tania.InboxID{11, 12, 13} {
				if n := served[inbox]; n < 3 || n > 5 || served[21] < 11 {
					t.Errorf("inbox %d got %d of 24 turns, after a crash: %v: %v", inbox, n, crash, served)
				}
			}
		}
	})
	t.Run("what comes from the dead letters or was given back is served in its inbox's turn", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		for n := 1; n <= 20; n++ {
			f.PushIn(11, queuetest.Key(1, n), n)
		}
		buried := f.PushIn(12, queuetest.Key(1, 30), 30)
		var turn *queue.Turn
		for turn = f.Claim(); turn.Key != buried; turn = f.Claim() {
			f.Must(f.Engine().Release(f.Context(), turn))
		}
		f.Must(f.Engine().Bury(f.Context(), turn, queuetest.ErrTest))
		f.Must(f.Engine().RetryDead(f.Context(), turn.ID))
		for n := 0; f.Claim().Key != buried; n++ {
			if n > 1 {
				t.Fatal("a flood comes before what comes from the dead letters")
			}
		}
	})
	t.Run("conversations of an account are served by when they were due, across a crash", func(t *testing.T) {
		for _, crash := range []bool{false, true} {
			f := queuetest.NewFixture(t, h, queuetest.Options())
			for n := 1; n <= 30; n++ {
				f.Push(queuetest.Key(1, n), n)
				f.Advance(10 * time.Millisecond)
			}
			if crash {
				f.Crash()
			}
			// A flood into one conversation is one turn.
			for id := 100; id < 150; id++ {
				f.Push(queuetest.Key(1, 30), id)
			}
			for n := 1; n <= 30; n++ {
				turn := f.Claim()
				if turn.Key != queuetest.Key(1, n) {
					t.Fatalf("crash %v: %s came at place %d", crash, turn.Key, n)
				}
				f.Complete(turn)
			}
		}
	})
	t.Run("a conversation that writes on while it waits does not go to the end of the line", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Debounced())
		f.Push(queuetest.Key(1, 1), 1)
		f.Advance(10 * time.Second)
		for n := 2; n <= 20; n++ {
			f.Push(queuetest.Key(1, n), n)
		}
		f.Advance(10 * time.Second)
		f.Push(queuetest.Key(1, 1), 100)
		f.ClaimOf(queuetest.Key(1, 1), 1, 100)
	})
}

func bounded(t *testing.T, h queuetest.Harness) {
	f := queuetest.NewFixture(t, h, queuetest.Options())
	e := f.Engine()
	empty := f.Leftovers()
	for n := 1; n <= 60; n++ {
		k := queuetest.Key(n%3+1, n)
		f.Push(k, n)
		turn := f.Claim()
		_, err := e.UpdateConversation(t.Context(), k, func(c *tania.Conversation) bool { c.Language = tania.Spanish; return true })
		f.Must(err)
		f.Must(e.Checkpoint(t.Context(), turn, []byte(`"plan"`)))
		record := tania.Record{Key: k, Message: tania.MessageID(n), At: f.Now()}
		switch n % 4 {
		case 0:
			f.Must(e.Bury(t.Context(), turn, queuetest.ErrTest, record))
		case 1:
			f.Must(e.Release(t.Context(), turn))
			f.Complete(f.Claim())
		default:
			f.Must(e.Complete(t.Context(), turn, record))
		}
	}
	if s := f.Stats(); s.Waiting != 0 || s.Active != 0 || s.Delayed != 0 {
		t.Errorf("%+v", s)
	}
	if maps.Equal(empty, f.Leftovers()) {
		t.Error("nothing was there to be purged: Leftovers does not look")
	}
	for range 80 {
		f.Advance(time.Hour)
	}
	for name, n := range f.Leftovers() {
		if n != empty[name] {
			t.Errorf("%d %s are left, %d were there at the start", n, name, empty[name])
		}
	}
	if s := f.Stats(); s.Completed != 45 || s.Messages != 60 || s.Failed != 0 {
		t.Errorf("%+v", s)
	}
}
