package turns

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

func journal(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	t.Run("what was done is read by every later attempt, and ends with the turn", func(t *testing.T) {
		o := queuetest.Options()
		o.MaxAttempts = 5
		f := queuetest.NewFixture(t, h, o)
		f.Push(k, 1)
		turn := f.Claim()
		f.HasCalls(turn)
		f.Intends(turn, 1, "refund 7")
		f.Must(f.Engine().Settle(t.Context(), turn, 1, []byte("done")))
		f.Intends(turn, 2, "mail")
		f.Must(f.Engine().Retry(t.Context(), turn, 0, queuetest.ErrTest))
		for _, lose := range []func(*queue.Turn){
			func(turn *queue.Turn) { f.Must(f.Engine().Release(t.Context(), turn)) },
			func(turn *queue.Turn) { f.Must(f.Engine().Defer(t.Context(), turn, 0)) },
			func(turn *queue.Turn) { f.Must(f.Engine().Checkpoint(t.Context(), turn, []byte("1"))); f.Release(turn) },
			func(*queue.Turn) { f.Advance(10 * time.Second) },
			func(*queue.Turn) { f.Crash(); f.Advance(10 * time.Second) },
		} {
			turn = f.Claim()
			f.HasCalls(turn, "1 refund 7: done", "2 mail: ?")
			lose(turn)
		}
		turn = f.Claim()
		f.Must(f.Engine().Settle(t.Context(), turn, 2, nil))
		f.Intends(turn, 3, "note")
		f.HasCalls(turn, "1 refund 7: done", "2 mail: ", "3 note: ?")
		f.Complete(turn)
		f.Push(k, 2)
		f.HasCalls(f.ClaimOf(k, 2))
	})
	t.Run("a restart for newer messages keeps what was done", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.Claim()
		f.Intends(turn, 1, "refund 7")
		f.Push(k, 2)
		if more, err := f.Engine().Absorb(t.Context(), turn); err != nil || !more {
			t.Fatal(more, err)
		}
		f.Intends(turn, 2, "mail")
		f.HasCalls(turn, "1 refund 7: ?", "2 mail: ?")
	})
	t.Run("nothing is begun on an older text, and what was begun can be settled", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.Claim()
		f.Intends(turn, 1, "refund 7")
		_, err := f.Engine().Amend(t.Context(), k, 1, func(m *tania.Message, _ bool) bool { m.Content = "no, wait"; return true })
		f.Must(err)
		if n, err := f.Engine().Intend(t.Context(), turn, []byte("mail")); !errors.Is(err, queue.ErrAmended) || n != 0 {
			t.Errorf("entry %d, %v, want ErrAmended", n, err)
		}
		f.Must(f.Engine().Settle(t.Context(), turn, 1, []byte("done")))
		_, err = f.Engine().Absorb(t.Context(), turn)
		f.Must(err)
		f.Intends(turn, 2, "mail")
		f.HasCalls(turn, "1 refund 7: done", "2 mail: ?")
	})
	t.Run("only what was begun is settled, and the last result counts", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.Claim()
		f.Intends(turn, 1, "refund 7")
		for _, number := range []int{-1, 0, 2} {
			if err := f.Engine().Settle(t.Context(), turn, number, []byte("x")); !errors.Is(err, queue.ErrNotFound) {
				t.Errorf("entry %d is settled: %v", number, err)
			}
		}
		f.Must(f.Engine().Settle(t.Context(), turn, 1, []byte("unclear")))
		f.Must(f.Engine().Settle(t.Context(), turn, 1, []byte("done")))
		f.HasCalls(turn, "1 refund 7: done")
	})
	t.Run("a worker that lost the turn writes nothing", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		old := f.Claim()
		f.Intends(old, 1, "refund 7")
		f.Advance(10 * time.Second)
		turn := f.Claim()
		f.Refused(old)
		f.HasCalls(turn, "1 refund 7: ?")
	})
	t.Run("a dead turn keeps its journal, and has it again when it is retried", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.Claim()
		f.Intends(turn, 1, "refund 7")
		f.Must(f.Engine().Settle(t.Context(), turn, 1, []byte{0, 255}))
		f.Intends(turn, 2, "mail")
		f.Must(f.Engine().Bury(t.Context(), turn, queuetest.ErrTest))
		want := []queue.Call{{Number: 1, Intent: []byte("refund 7"), Settled: true, Result: []byte{0, 255}}, {Number: 2, Intent: []byte("mail")}}
		if diff := cmp.Diff(want, f.Dead(turn.ID).Calls); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		f.Crash()
		f.Must(f.Engine().RetryDead(t.Context(), turn.ID))
		again := f.Claim()
		if got, err := f.Engine().Calls(t.Context(), again); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("%+v, %v", got, err)
		}
		f.Intends(again, 3, "note")
		f.Complete(again)
	})
	t.Run("two turns of a conversation have journals of their own", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(k, 1)
		turn := f.Claim()
		f.Intends(turn, 1, "refund 7")
		f.Must(f.Engine().Bury(t.Context(), turn, queuetest.ErrTest))
		f.Push(k, 2)
		second := f.ClaimOf(k, 2)
		f.Must(f.Engine().RetryDead(t.Context(), turn.ID))
		f.HasCalls(second)
		f.Intends(second, 1, "mail")
		f.Complete(second)
		f.HasCalls(f.ClaimOf(k, 1), "1 refund 7: ?")
	})
	t.Run("nothing is left of it", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		for id, end := range []func(*queue.Turn){
			f.Complete,
			func(turn *queue.Turn) {
				f.Must(f.Engine().Bury(t.Context(), turn, queuetest.ErrTest))
				f.Must(f.Engine().DiscardDead(t.Context(), turn.ID))
			},
			func(turn *queue.Turn) { f.Must(f.Engine().Bury(t.Context(), turn, queuetest.ErrTest)) },
		} {
			f.Push(k, id+1)
			turn := f.Claim()
			f.Intends(turn, 1, "refund 7")
			end(turn)
		}
		f.Advance(100 * time.Hour)
		f.NothingLeft()
	})
}
