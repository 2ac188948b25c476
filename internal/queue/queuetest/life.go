package queuetest

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/tania"
)

func nothingLost(t *testing.T, h Harness) {
	k := key(1, 1)
	t.Run("a worker that dies loses its lease, not the messages", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1, 2)
		f.claimOf(k, 1, 2)
		f.push(k, 3)
		f.Advance(10 * time.Second)
		turn := f.claimOf(k, 1, 2, 3)
		if turn.Attempt != 2 {
			t.Errorf("attempt %d, a death counts as one", turn.Attempt)
		}
	})
	t.Run("a process that dies loses nothing", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1, 2)
		f.push(key(1, 2), 3)
		first := f.claimOf(k, 1, 2)
		f.Crash()
		f.Advance(10 * time.Second)
		turn, other := f.claim(), f.claim()
		if turn.Key != k {
			turn, other = other, turn
		}
		f.has(turn, 1, 2)
		f.has(other, 3)
		if turn.Attempt != 2 || turn.ID != first.ID || other.Attempt != 1 {
			t.Errorf("turn %s, attempt %d after %s; the other's attempt %d", turn.ID, turn.Attempt, first.ID, other.Attempt)
		}
	})
	t.Run("a graceful stop gives turns back at once", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		first := f.claimOf(k, 1)
		f.try(f.Engine().Release(t.Context(), first))
		f.refused(first)
		if turn := f.claimOf(k, 1); turn.Attempt != 1 || turn.ID != first.ID {
			t.Errorf("turn %s, attempt %d after %s", turn.ID, turn.Attempt, first.ID)
		}
	})
	t.Run("a claim whose caller has gone takes no turn along", func(t *testing.T) {
		f := newFixture(t, h, options())
		for n := 1; n <= 50; n++ {
			ctx, leave := context.WithCancel(t.Context())
			claimed := make(chan *queue.Turn)
			go func() {
				turn, _ := f.Engine().Claim(ctx)
				claimed <- turn
			}()
			go leave()
			f.push(k, n)
			turn := <-claimed
			if turn == nil {
				turn = f.claimOf(k, n)
			}
			f.has(turn, n)
			if turn.Attempt != 1 {
				t.Fatalf("attempt %d", turn.Attempt)
			}
			f.complete(turn)
		}
	})
}

func answeredOnce(t *testing.T, h Harness) {
	k := key(1, 1)
	plan := []byte(`{"parts":["Sí, enviamos a todo México."]}`)
	for name, dies := range map[string]func(*fixture, *queue.Turn){
		"a lease that ends": func(f *fixture, _ *queue.Turn) { f.Advance(10 * time.Second) },
		"a crash":           func(f *fixture, _ *queue.Turn) { f.Crash(); f.Advance(10 * time.Second) },
		"a retry": func(f *fixture, turn *queue.Turn) {
			f.try(f.Engine().Retry(f.Context(), turn, time.Second, errTest))
			f.Advance(time.Second)
		},
		"a release": func(f *fixture, turn *queue.Turn) { f.try(f.Engine().Release(f.Context(), turn)) },
		"a deferral": func(f *fixture, turn *queue.Turn) {
			f.try(f.Engine().Defer(f.Context(), turn, time.Second))
			f.Advance(time.Second)
		},
	} {
		t.Run("the checkpoint and its messages outlive "+name, func(t *testing.T) {
			f := newFixture(t, h, options())
			f.push(k, 1, 2)
			first := f.claimOf(k, 1, 2)
			if first.Checkpoint != nil {
				t.Errorf("a new turn has the checkpoint %q", first.Checkpoint)
			}
			f.try(f.Engine().Checkpoint(t.Context(), first, []byte(`"draft"`)))
			f.try(f.Engine().Checkpoint(t.Context(), first, plan))
			f.push(k, 3)
			dies(f, first)
			again := f.claimOf(k, 1, 2)
			if again.ID != first.ID || !bytes.Equal(again.Checkpoint, plan) {
				t.Errorf("turn %s with %q after %s", again.ID, again.Checkpoint, first.ID)
			}
			f.complete(again)
			next := f.claimOf(k, 3)
			if next.ID == first.ID || next.Checkpoint != nil {
				t.Errorf("turn %s with %q follows", next.ID, next.Checkpoint)
			}
		})
	}
	t.Run("without a checkpoint, what came meanwhile joins", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		first := f.claimOf(k, 1)
		f.try(f.Engine().Retry(t.Context(), first, time.Minute, errTest))
		f.push(k, 2)
		f.nothingDue()
		f.Advance(time.Minute)
		if again := f.claimOf(k, 1, 2); again.ID != first.ID || again.Attempt != 2 {
			t.Errorf("turn %s, attempt %d after %s", again.ID, again.Attempt, first.ID)
		}
	})
	t.Run("a turn's records are stored with its end", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		turn := f.claimOf(k, 1)
		want := tania.Record{Key: k, Message: 1, Turn: turn.ID, At: f.Now(), Outcome: tania.OutcomeAnswered, Reason: tania.Proceed}
		f.try(f.Engine().Complete(t.Context(), turn, want))
		f.Crash()
		got, err := f.Engine().Records(t.Context(), k)
		if diff := cmp.Diff([]tania.Record{want}, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		f.nothingDue()
	})
}

func poison(t *testing.T, h Harness) {
	k := key(1, 1)
	t.Run("a buried turn keeps its messages, error and history, and the conversation goes on", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1, 2)
		turn := f.claimOf(k, 1, 2)
		f.try(f.Engine().Retry(t.Context(), turn, 0, errors.New("first")))
		turn = f.claimOf(k, 1, 2)
		f.try(f.Engine().Checkpoint(t.Context(), turn, []byte(`"plan"`)))
		f.push(k, 3)
		f.try(f.Engine().Bury(t.Context(), turn, errors.New("second"), tania.Record{Key: k, Message: 1, At: f.Now(), Outcome: tania.OutcomeFailed}))
		f.isLost(turn)
		f.refused(turn)
		f.complete(f.claimOf(k, 3))
		f.Crash()
		dead := f.dead(turn.ID)
		want := queue.DeadTurn{
			ID: turn.ID, Key: k, Messages: []tania.Message{message(k, 1), message(k, 2)}, Error: "second", Checkpoint: []byte(`"plan"`),
			History: []queue.Failure{{Attempt: 1, Error: "first"}, {Attempt: 2, Error: "second"}},
		}
		if dead.Died.IsZero() || dead.History[1].At.IsZero() {
			t.Errorf("died %v, failed %v", dead.Died, dead.History[1].At)
		}
		dead.Died = time.Time{}
		for i := range dead.History {
			dead.History[i].At = time.Time{}
		}
		if diff := cmp.Diff(want, dead); diff != "" {
			t.Errorf("dead turn (-want +got):\n%s", diff)
		}
		if records, err := f.Engine().Records(t.Context(), k); err != nil || len(records) != 1 {
			t.Errorf("%v, %v", records, err)
		}
	})
	t.Run("a turn that no worker survives is offered once more to be given up, then buried", func(t *testing.T) {
		for name, dies := range map[string]func(*fixture){
			"leases end":    func(f *fixture) { f.Advance(10 * time.Second) },
			"processes die": func(f *fixture) { f.Crash(); f.Advance(10 * time.Second) },
		} {
			t.Run(name, func(t *testing.T) {
				f := newFixture(t, h, options())
				f.push(k, 1)
				var turn *queue.Turn
				for attempt := 1; attempt <= 3; attempt++ {
					if turn = f.claimOf(k, 1); turn.Attempt != attempt {
						t.Fatalf("attempt %d, want %d", turn.Attempt, attempt)
					}
					dies(f)
				}
				f.nothingDue()
				if dead := f.dead(turn.ID); len(dead.History) != 3 || dead.Error == "" {
					t.Errorf("%+v", dead)
				}
				f.push(k, 2)
				f.complete(f.claimOf(k, 2))
			})
		}
	})
	t.Run("a retried one waits again, due at once, its attempts forgotten", func(t *testing.T) {
		f := newFixture(t, h, debounced())
		f.push(k, 2, 3)
		f.Advance(2 * time.Second)
		turn := f.claimOf(k, 2, 3)
		f.try(f.Engine().Bury(t.Context(), turn, errTest))
		f.push(k, 4, 1)
		f.try(f.Engine().RetryDead(t.Context(), turn.ID))
		again := f.claimOf(k, 1, 2, 3, 4)
		if again.ID != turn.ID || again.Attempt != 1 || again.Token <= turn.Token {
			t.Errorf("turn %s, attempt %d, token %d after %s, %d", again.ID, again.Attempt, again.Token, turn.ID, turn.Token)
		}
		if s := f.stats(); s.Failed != 0 {
			t.Errorf("%+v", s)
		}
		f.complete(again)
		f.pushAgain(k, 2)
	})
	t.Run("retried ones of a conversation go one after the other, the oldest first, across a crash", func(t *testing.T) {
		f := newFixture(t, h, options())
		var ids []tania.TurnID
		for n := 1; n <= 3; n++ {
			f.push(k, n)
			turn := f.claimOf(k, n)
			f.try(f.Engine().Checkpoint(t.Context(), turn, []byte(`1`)))
			if n < 3 {
				f.try(f.Engine().Bury(t.Context(), turn, errTest))
				ids = append(ids, turn.ID)
				f.Advance(time.Second)
				continue
			}
			f.try(f.Engine().RetryDead(t.Context(), ids[1]))
			f.try(f.Engine().RetryDead(t.Context(), ids[0]))
			f.nothingDue()
			f.try(f.Engine().Retry(t.Context(), turn, time.Hour, errTest))
		}
		f.complete(f.claimOf(k, 1))
		f.Crash()
		f.complete(f.claimOf(k, 2))
		f.nothingDue()
		f.Advance(time.Hour)
		f.complete(f.claimOf(k, 3))
	})
	t.Run("a dead message that was delivered again after DedupFor is not there twice", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		turn := f.claimOf(k, 1)
		f.try(f.Engine().Bury(t.Context(), turn, errTest))
		f.Advance(25 * time.Hour)
		f.push(k, 1)
		f.try(f.Engine().RetryDead(t.Context(), turn.ID))
		f.complete(f.claimOf(k, 1))
		f.nothingDue()
		f.Crash()
		f.nothingDue()
	})
	t.Run("dead turns are listed newest first, discarded, and kept for KeepDead", func(t *testing.T) {
		f := newFixture(t, h, options())
		e := f.Engine()
		var ids []tania.TurnID
		for n := 1; n <= 3; n++ {
			f.push(key(1, n), n)
			turn := f.claim()
			f.try(e.Bury(t.Context(), turn, errTest))
			ids = append(ids, turn.ID)
			f.Advance(40 * time.Minute)
		}
		if s := f.stats(); s.Failed != 3 || s.FailedLastHour != 1 {
			t.Errorf("%+v", s)
		}
		listed, err := e.Dead(t.Context(), 2)
		if err != nil || len(listed) != 2 || listed[0].ID != ids[2] || listed[1].ID != ids[1] {
			t.Errorf("%v, %v", listed, err)
		}
		f.try(e.DiscardDead(t.Context(), ids[1]))
		for op, err := range map[string]error{
			"DiscardDead": e.DiscardDead(t.Context(), ids[1]),
			"RetryDead":   e.RetryDead(t.Context(), ids[1]),
			"DeadTurn":    func() error { _, err := e.DeadTurn(t.Context(), "nobody"); return err }(),
		} {
			if !errors.Is(err, queue.ErrNotFound) {
				t.Errorf("%s: %v, want ErrNotFound", op, err)
			}
		}
		f.Advance(72 * time.Hour)
		if listed, err := e.Dead(t.Context(), 0); err != nil || len(listed) != 0 {
			t.Errorf("%v, %v", listed, err)
		}
	})
}

func (f *fixture) dead(id tania.TurnID) queue.DeadTurn {
	f.Helper()
	d, err := f.Engine().DeadTurn(f.Context(), id)
	f.try(err)
	return d
}
