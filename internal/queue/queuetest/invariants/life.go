package invariants

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

func nothingLost(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	t.Run("a worker that dies loses its lease, not the messages", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1, 2)
		f.ClaimOf(k, 1, 2)
		f.Push(k, 3)
		f.Advance(10 * time.Second)
		turn := f.ClaimOf(k, 1, 2, 3)
		if turn.Attempt != 2 {
			t.Errorf("attempt %d, a death counts as one", turn.Attempt)
		}
	})
	t.Run("a process that dies loses nothing", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1, 2)
		f.Push(queuetest.Key(1, 2), 3)
		first := f.ClaimOf(k, 1, 2)
		f.Crash()
		f.Advance(10 * time.Second)
		turn, other := f.Claim(), f.Claim()
		if turn.Key != k {
			turn, other = other, turn
		}
		f.Has(turn, 1, 2)
		f.Has(other, 3)
		if turn.Attempt != 2 || turn.ID != first.ID || other.Attempt != 1 {
			t.Errorf("turn %s, attempt %d after %s; the other's attempt %d", turn.ID, turn.Attempt, first.ID, other.Attempt)
		}
	})
	t.Run("a graceful stop gives turns back at once", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		first := f.ClaimOf(k, 1)
		f.Must(f.Engine().Release(t.Context(), first))
		f.Refused(first)
		if turn := f.ClaimOf(k, 1); turn.Attempt != 1 || turn.ID != first.ID {
			t.Errorf("turn %s, attempt %d after %s", turn.ID, turn.Attempt, first.ID)
		}
	})
	t.Run("a claim whose caller has gone takes no turn along", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		for n := 1; n <= 50; n++ {
			ctx, leave := context.WithCancel(t.Context())
			claimed := make(chan *queue.Turn)
			go func() {
				turn, _ := f.Engine().Claim(ctx)
				claimed <- turn
			}()
			go leave()
			f.Push(k, n)
			turn := <-claimed
			if turn == nil {
				turn = f.ClaimOf(k, n)
			}
			f.Has(turn, n)
			if turn.Attempt != 1 {
				t.Fatalf("attempt %d", turn.Attempt)
			}
			f.Complete(turn)
		}
	})
}

func answeredOnce(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	plan := []byte(`{"parts":["Sí, enviamos a todo México."]}`)
	for name, dies := range map[string]func(*queuetest.Fixture, *queue.Turn){
		"a lease that ends": func(f *queuetest.Fixture, _ *queue.Turn) { f.Advance(10 * time.Second) },
		"a crash":           func(f *queuetest.Fixture, _ *queue.Turn) { f.Crash(); f.Advance(10 * time.Second) },
		"a retry": func(f *queuetest.Fixture, turn *queue.Turn) {
			f.Must(f.Engine().Retry(f.Context(), turn, time.Second, queuetest.ErrTest))
			f.Advance(time.Second)
		},
		"a release": func(f *queuetest.Fixture, turn *queue.Turn) { f.Must(f.Engine().Release(f.Context(), turn)) },
		"a deferral": func(f *queuetest.Fixture, turn *queue.Turn) {
			f.Must(f.Engine().Defer(f.Context(), turn, time.Second))
			f.Advance(time.Second)
		},
	} {
		t.Run("the checkpoint and its messages outlive "+name, func(t *testing.T) {
			f := queuetest.NewFixture(t, h, queuetest.Options())
			f.Push(k, 1, 2)
			first := f.ClaimOf(k, 1, 2)
			if first.Checkpoint != nil {
				t.Errorf("a new turn has the checkpoint %q", first.Checkpoint)
			}
			f.Must(f.Engine().Checkpoint(t.Context(), first, []byte(`"draft"`)))
			f.Must(f.Engine().Checkpoint(t.Context(), first, plan))
			f.Push(k, 3)
			dies(f, first)
			again := f.ClaimOf(k, 1, 2)
			if again.ID != first.ID || !bytes.Equal(again.Checkpoint, plan) {
				t.Errorf("turn %s with %q after %s", again.ID, again.Checkpoint, first.ID)
			}
			f.Complete(again)
			next := f.ClaimOf(k, 3)
			if next.ID == first.ID || next.Checkpoint != nil {
				t.Errorf("turn %s with %q follows", next.ID, next.Checkpoint)
			}
		})
	}
	t.Run("without a checkpoint, what came meanwhile joins", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		first := f.ClaimOf(k, 1)
		f.Must(f.Engine().Retry(t.Context(), first, time.Minute, queuetest.ErrTest))
		f.Push(k, 2)
		f.NothingDue()
		f.Advance(time.Minute)
		if again := f.ClaimOf(k, 1, 2); again.ID != first.ID || again.Attempt != 2 {
			t.Errorf("turn %s, attempt %d after %s", again.ID, again.Attempt, first.ID)
		}
	})
	t.Run("a turn's records are stored with its end", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.ClaimOf(k, 1)
		want := tania.Record{Key: k, Message: 1, Turn: turn.ID, At: f.Now(), Outcome: tania.OutcomeAnswered, Reason: tania.Proceed}
		f.Must(f.Engine().Complete(t.Context(), turn, want))
		f.Crash()
		got, err := f.Engine().Records(t.Context(), k)
		if diff := cmp.Diff([]tania.Record{want}, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		f.NothingDue()
	})
}

func poison(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	t.Run("a buried turn keeps its messages, error and history, and the conversation goes on", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1, 2)
		turn := f.ClaimOf(k, 1, 2)
		f.Must(f.Engine().Retry(t.Context(), turn, 0, errors.New("first")))
		turn = f.ClaimOf(k, 1, 2)
		f.Must(f.Engine().Checkpoint(t.Context(), turn, []byte(`"plan"`)))
		f.Push(k, 3)
		f.Must(f.Engine().Bury(t.Context(), turn, errors.New("second"),
			tania.Record{Key: k, Message: 1, At: f.Now(), Outcome: tania.OutcomeFailed}))
		f.IsLost(turn)
		f.Refused(turn)
		f.Complete(f.ClaimOf(k, 3))
		f.Crash()
		dead := f.Dead(turn.ID)
		want := queue.DeadTurn{
			ID: turn.ID, Key: k, Messages: []tania.Message{queuetest.Message(k, 1), queuetest.Message(k, 2)}, Error: "second",
			Checkpoint: []byte(`"plan"`),
			History:    []queue.Failure{{Attempt: 1, Error: "first"}, {Attempt: 2, Error: "second"}},
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
		for name, dies := range map[string]func(*queuetest.Fixture){
			"leases end":    func(f *queuetest.Fixture) { f.Advance(10 * time.Second) },
			"processes die": func(f *queuetest.Fixture) { f.Crash(); f.Advance(10 * time.Second) },
		} {
			t.Run(name, func(t *testing.T) {
				f := queuetest.NewFixture(t, h, queuetest.Options())
				f.Push(k, 1)
				var turn *queue.Turn
				for attempt := 1; attempt <= 3; attempt++ {
					if turn = f.ClaimOf(k, 1); turn.Attempt != attempt {
						t.Fatalf("attempt %d, want %d", turn.Attempt, attempt)
					}
					dies(f)
				}
				f.NothingDue()
				if dead := f.Dead(turn.ID); len(dead.History) != 3 || dead.Error == "" {
					t.Errorf("%+v", dead)
				}
				f.Push(k, 2)
				f.Complete(f.ClaimOf(k, 2))
			})
		}
	})
	t.Run("a retried one waits again, due at once, its attempts forgotten", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Debounced())
		f.Push(k, 2, 3)
		f.Advance(2 * time.Second)
		turn := f.ClaimOf(k, 2, 3)
		f.Must(f.Engine().Bury(t.Context(), turn, queuetest.ErrTest))
		f.Push(k, 4, 1)
		f.Must(f.Engine().RetryDead(t.Context(), turn.ID))
		again := f.ClaimOf(k, 1, 2, 3, 4)
		if again.ID != turn.ID || again.Attempt != 1 || again.Token <= turn.Token {
			t.Errorf("turn %s, attempt %d, token %d after %s, %d", again.ID, again.Attempt, again.Token, turn.ID, turn.Token)
		}
		if s := f.Stats(); s.Failed != 0 {
			t.Errorf("%+v", s)
		}
		f.Complete(again)
		f.PushAgain(k, 2)
	})
	t.Run("retried ones of a conversation go one after the other, the oldest first, across a crash", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		var ids []tania.TurnID
		for n := 1; n <= 3; n++ {
			f.Push(k, n)
			turn := f.ClaimOf(k, n)
			f.Must(f.Engine().Checkpoint(t.Context(), turn, []byte(`1`)))
			if n < 3 {
				f.Must(f.Engine().Bury(t.Context(), turn, queuetest.ErrTest))
				ids = append(ids, turn.ID)
				f.Advance(time.Second)
				continue
			}
			f.Must(f.Engine().RetryDead(t.Context(), ids[1]))
			f.Must(f.Engine().RetryDead(t.Context(), ids[0]))
			f.NothingDue()
			f.Must(f.Engine().Retry(t.Context(), turn, time.Hour, queuetest.ErrTest))
		}
		f.Complete(f.ClaimOf(k, 1))
		f.Crash()
		f.Complete(f.ClaimOf(k, 2))
		f.NothingDue()
		f.Advance(time.Hour)
		f.Complete(f.ClaimOf(k, 3))
	})
	t.Run("a dead message that was delivered again after DedupFor is not there twice", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.ClaimOf(k, 1)
		f.Must(f.Engine().Bury(t.Context(), turn, queuetest.ErrTest))
		f.Advance(25 * time.Hour)
		f.Push(k, 1)
		f.Must(f.Engine().RetryDead(t.Context(), turn.ID))
		f.Complete(f.ClaimOf(k, 1))
		f.NothingDue()
		f.Crash()
		f.NothingDue()
	})
	t.Run("dead turns are listed newest first, discarded, and kept for KeepDead", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		e := f.Engine()
		var ids []tania.TurnID
		for n := 1; n <= 3; n++ {
			f.Push(queuetest.Key(1, n), n)
			turn := f.Claim()
			f.Must(e.Bury(t.Context(), turn, queuetest.ErrTest))
			ids = append(ids, turn.ID)
			f.Advance(40 * time.Minute)
		}
		if s := f.Stats(); s.Failed != 3 || s.FailedLastHour != 1 {
			t.Errorf("%+v", s)
		}
		listed, err := e.Dead(t.Context(), 2)
		if err != nil || len(listed) != 2 || listed[0].ID != ids[2] || listed[1].ID != ids[1] {
			t.Errorf("%v, %v", listed, err)
		}
		f.Must(e.DiscardDead(t.Context(), ids[1]))
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
