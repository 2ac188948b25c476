package turns

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

func parking(t *testing.T, h queuetest.Harness) {
	t.Run("Word", func(t *testing.T) { parkingWord(t, h) })
	t.Run("Place", func(t *testing.T) { parkingPlace(t, h) })
	t.Run("Ends", func(t *testing.T) { parkingEnds(t, h) })
}

// parkingWord is what wakes a parked turn, and what it finds then.
func parkingWord(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	t.Run("a turn waits for a word, and finds it", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.Claim()
		f.Must(f.Engine().Checkpoint(t.Context(), turn, []byte("plan")))
		f.Intends(turn, 1, "refund 7")
		record := tania.Record{Key: k, Message: 1, At: f.Now(), Outcome: tania.OutcomeWaiting}
		f.Must(f.Engine().Park(t.Context(), turn, time.Hour, []byte("refund?"), record))
		f.IsLost(turn)
		f.Refused(turn)
		f.Advance(59 * time.Minute)
		f.NothingDue()
		if s := f.Stats(); s.Parked != 1 || s.Delayed+s.Waiting+s.Active != 0 {
			t.Errorf("%+v", s)
		}
		parked(f, turn.ID)
		f.Must(f.Engine().Unpark(t.Context(), turn.ID, "ana", []byte("yes")))
		if s := f.Stats(); s.Parked != 0 || s.Waiting != 1 {
			t.Errorf("%+v", s)
		}
		parked(f)
		again := f.ClaimOf(k, 1)
		if again.ID != turn.ID || again.Attempt != 1 || again.Deferred != 0 || string(again.Checkpoint) != "plan" || !again.Due.Equal(f.Now()) {
			t.Errorf("%+v", again)
		}
		want := &queue.Parked{
			Why: []byte("refund?"), Since: f.Now().Add(-59 * time.Minute), Until: f.Now().Add(time.Minute),
			Decided: f.Now(), By: "ana", Decision: []byte("yes"),
		}
		if diff := cmp.Diff(want, again.Parked); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		f.HasCalls(again, "1 refund 7: ?")
		if records, err := f.Engine().Records(t.Context(), k); err != nil || len(records) != 1 {
			t.Errorf("%v, %v", records, err)
		}
	})
	t.Run("without a word it is due when its patience ends", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		turn := park(f, k, 1, time.Hour)
		f.Advance(time.Hour)
		if err := f.Engine().Unpark(t.Context(), turn.ID, "ana", []byte("yes")); !errors.Is(err, queue.ErrNotFound) {
			t.Errorf("a word came too late and was taken: %v", err)
		}
		again := f.ClaimOf(k, 1)
		if again.Parked == nil || !again.Parked.Decided.IsZero() || !again.Parked.Until.Equal(f.Now()) {
			t.Errorf("%+v", again.Parked)
		}
	})
	t.Run("a claim that waits is woken by a word, and by the end of patience", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		first := park(f, k, 1, time.Hour)
		second := park(f, queuetest.Key(2, 1), 2, time.Minute)
		woken := make(chan *queue.Turn)
		for range 2 {
			go func() {
				turn, err := f.Engine().Claim(t.Context())
				if err != nil {
					t.Error(err)
				}
				woken <- turn
			}()
		}
		f.Must(f.Engine().Unpark(t.Context(), first.ID, "ana", nil))
		turn := <-woken
		if turn == nil || turn.ID != first.ID {
			t.Fatalf("%+v", turn)
		}
		f.Complete(turn)
		f.Advance(time.Minute)
		if turn := <-woken; turn == nil || turn.ID != second.ID {
			t.Fatalf("%+v", turn)
		}
	})
	t.Run("the first word counts, and only for a turn that waits for one", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		turn := park(f, k, 1, time.Hour)
		f.Must(f.Engine().Unpark(t.Context(), turn.ID, "ana", []byte("yes")))
		unpark := func(when string, id tania.TurnID) {
			t.Helper()
			if err := f.Engine().Unpark(t.Context(), id, "eva", []byte("no")); !errors.Is(err, queue.ErrNotFound) {
				t.Errorf("%s: %v, want ErrNotFound", when, err)
			}
		}
		unpark("decided", turn.ID)
		unpark("unknown", "nobody")
		again := f.Claim()
		unpark("running", turn.ID)
		if string(again.Parked.Decision) != "yes" || again.Parked.By != "ana" {
			t.Errorf("%+v", again.Parked)
		}
		f.Release(again)
		unpark("given back", turn.ID)
		f.Complete(f.Claim())
		unpark("completed", turn.ID)
	})
	t.Run("it may be parked again, and attempts are not used up", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		turn := park(f, k, 1, time.Hour)
		for n := range 5 {
			f.Must(f.Engine().Unpark(t.Context(), turn.ID, "ana", fmt.Append(nil, n)))
			again := f.Claim()
			if again.Attempt != 1 || string(again.Parked.Decision) != fmt.Sprint(n) {
				t.Errorf("attempt %d, %+v", again.Attempt, again.Parked)
			}
			f.Must(f.Engine().Park(t.Context(), again, time.Minute, fmt.Append(nil, "again ", n)))
		}
		f.Advance(time.Minute)
		last := f.Claim()
		want := &queue.Parked{Why: []byte("again 4"), Since: f.Now().Add(-time.Minute), Until: f.Now()}
		if diff := cmp.Diff(want, last.Parked); diff != "" {
			t.Errorf("an earlier word is left (-want +got):\n%s", diff)
		}
	})
	t.Run("nothing is asked about an older text", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.Claim()
		_, err := f.Engine().Amend(t.Context(), k, 1, func(m *tania.Message, _ bool) bool { m.Content = "no, wait"; return true })
		f.Must(err)
		if err := f.Engine().Park(t.Context(), turn, time.Hour, nil); !errors.Is(err, queue.ErrAmended) {
			t.Errorf("%v, want ErrAmended", err)
		}
		f.IsHeld(turn)
	})
	t.Run("a pause holds it back", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		turn := park(f, k, 1, time.Hour)
		_, err := f.Engine().Pause(t.Context(), "ana")
		f.Must(err)
		f.Must(f.Engine().Unpark(t.Context(), turn.ID, "ana", nil))
		f.NothingDue()
		_, err = f.Engine().Resume(t.Context(), "ana")
		f.Must(err)
		f.ClaimOf(k, 1)
	})
}

// parkingPlace is what a parked turn means for the rest of its conversation.
func parkingPlace(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	t.Run("messages that arrive wake nobody and join it", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		turn := park(f, k, 2, time.Hour)
		f.Push(k, 1, 3)
		f.NothingDue()
		if s := f.Stats(); s.Parked != 1 || s.Delayed != 0 {
			t.Errorf("%+v", s)
		}
		f.Push(queuetest.Key(1, 2), 4)
		f.Complete(f.ClaimOf(queuetest.Key(1, 2), 4))
		f.Must(f.Engine().Unpark(t.Context(), turn.ID, "ana", nil))
		f.ClaimOf(k, 1, 2, 3)
	})
	t.Run("with a checkpoint they form the next turn", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.Claim()
		f.Must(f.Engine().Checkpoint(t.Context(), turn, []byte("plan")))
		f.Must(f.Engine().Park(t.Context(), turn, time.Hour, nil))
		f.Push(k, 2)
		f.NothingDue()
		f.Must(f.Engine().Unpark(t.Context(), turn.ID, "ana", nil))
		f.Complete(f.ClaimOf(k, 1))
		f.ClaimOf(k, 2)
	})
	t.Run("an older turn from the dead letters waits behind it, also when it was decided", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		older, turn := parkBehind(f, k)
		f.Must(f.Engine().RetryDead(t.Context(), older.ID))
		f.NothingDue()
		f.Crash()
		f.NothingDue()
		f.Must(f.Engine().Unpark(t.Context(), turn.ID, "ana", nil))
		f.Complete(f.ClaimOf(k, 2))
		f.ClaimOf(k, 1)
	})
	t.Run("once claimed it holds its place no longer, and waits as any other", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		older, turn := parkBehind(f, k)
		f.Must(f.Engine().Unpark(t.Context(), turn.ID, "ana", nil))
		f.Must(f.Engine().Retry(t.Context(), f.ClaimOf(k, 2), time.Minute, queuetest.ErrTest))
		if s := f.Stats(); s.Parked != 0 || s.Delayed != 1 {
			t.Errorf("%+v", s)
		}
		parked(f)
		f.Must(f.Engine().RetryDead(t.Context(), older.ID))
		f.Complete(f.ClaimOf(k, 1))
		f.Advance(time.Minute)
		f.ClaimOf(k, 2)
	})
	t.Run("the list begins with whose patience ends first", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		late := park(f, queuetest.Key(1, 1), 1, 3*time.Hour)
		soon := park(f, queuetest.Key(2, 1), 2, time.Hour)
		then := park(f, queuetest.Key(1, 2), 3, 2*time.Hour)
		parked(f, soon.ID, then.ID, late.ID)
		two, err := f.Engine().ParkedTurns(t.Context(), 2)
		if err != nil || len(two) != 2 || two[0].ID != soon.ID || two[1].ID != then.ID {
			t.Errorf("%+v, %v", two, err)
		}
		if m := two[0].Messages; len(m) != 1 || m[0].ID != 2 || string(two[0].Why) != "may it?" || two[0].Key != queuetest.Key(2, 1) {
			t.Errorf("%+v", two[0])
		}
		f.Advance(time.Hour)
		parked(f, then.ID, late.ID)
	})
}

// parkingEnds is how a parked turn outlives crashes and deaths, and what erases it.
func parkingEnds(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	t.Run("a restart forgets neither that it waits nor the word", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		turn := park(f, k, 1, time.Hour)
		f.Crash()
		f.NothingDue()
		parked(f, turn.ID)
		f.Must(f.Engine().Unpark(t.Context(), turn.ID, "ana", []byte("yes")))
		f.Crash()
		again := f.ClaimOf(k, 1)
		if string(again.Parked.Decision) != "yes" {
			t.Errorf("%+v", again.Parked)
		}
		f.Crash() // and so does the death of the worker that had read it
		f.Advance(10 * time.Second)
		if again = f.ClaimOf(k, 1); again.Attempt != 2 || string(again.Parked.Decision) != "yes" {
			t.Errorf("attempt %d, %+v", again.Attempt, again.Parked)
		}
	})
	t.Run("a dead turn keeps the word", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		turn := park(f, k, 1, time.Hour)
		f.Must(f.Engine().Unpark(t.Context(), turn.ID, "ana", []byte("yes")))
		again := f.Claim()
		f.Must(f.Engine().Bury(t.Context(), again, queuetest.ErrTest))
		if diff := cmp.Diff(again.Parked, f.Dead(turn.ID).Parked); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		f.Must(f.Engine().RetryDead(t.Context(), turn.ID))
		if s := f.Stats(); s.Parked != 0 || s.Waiting != 1 {
			t.Errorf("%+v", s)
		}
		if diff := cmp.Diff(again.Parked, f.Claim().Parked); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
	t.Run("forgetting the contact erases it", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.PushOf(k, 1, 7)
		turn := f.Claim()
		f.Must(f.Engine().Park(t.Context(), turn, time.Hour, []byte("Ana wants her money back")))
		got, err := f.Engine().Forget(t.Context(), 1, 7)
		if err != nil || got.Messages != 1 {
			t.Errorf("%+v, %v", got, err)
		}
		parked(f)
		if err := f.Engine().Unpark(t.Context(), turn.ID, "ana", nil); !errors.Is(err, queue.ErrNotFound) {
			t.Errorf("a turn that was forgotten was given a word: %v", err)
		}
		if s := f.Stats(); s.Parked+s.Delayed+s.Waiting != 0 {
			t.Errorf("%+v", s)
		}
		f.Advance(2 * time.Hour)
		f.NothingDue()
	})
	t.Run("nothing is left of it", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		decided := park(f, k, 1, time.Hour)
		park(f, queuetest.Key(1, 2), 2, time.Minute)
		f.Must(f.Engine().Unpark(t.Context(), decided.ID, "ana", nil))
		f.Advance(time.Minute)
		f.Complete(f.Claim())
		f.Complete(f.Claim())
		f.Advance(100 * time.Hour)
		f.NothingLeft()
	})
}

// park has a message come and its turn parked.
func park(f *queuetest.Fixture, k tania.ConversationKey, id int, patience time.Duration) *queue.Turn {
	f.Helper()
	f.Push(k, id)
	turn := f.ClaimOf(k, id)
	f.Must(f.Engine().Park(f.Context(), turn, patience, []byte("may it?")))
	return turn
}

// parkBehind has a turn of message 1 die, and that of message 2 parked.
func parkBehind(f *queuetest.Fixture, k tania.ConversationKey) (older, parked *queue.Turn) {
	f.Helper()
	f.Push(k, 1)
	older = f.Claim()
	f.Must(f.Engine().Bury(f.Context(), older, queuetest.ErrTest))
	f.Advance(time.Second)
	return older, park(f, k, 2, time.Hour)
}

// parked asserts which turns wait for a word.
func parked(f *queuetest.Fixture, want ...tania.TurnID) {
	f.Helper()
	list, err := f.Engine().ParkedTurns(f.Context(), 0)
	f.Must(err)
	var got []tania.TurnID
	for _, p := range list {
		got = append(got, p.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		f.Fatalf("parked turns (-want +got):\n%s", diff)
	}
}
