package queuetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/tania"
)

func journal(t *testing.T, h Harness) {
	k := key(1, 1)
	t.Run("what was done is read by every later attempt, and ends with the turn", func(t *testing.T) {
		o := options()
		o.MaxAttempts = 5
		f := newFixture(t, h, o)
		f.push(k, 1)
		turn := f.claim()
		f.calls(turn)
		f.intends(turn, 1, "refund 7")
		f.try(f.Engine().Settle(t.Context(), turn, 1, []byte("done")))
		f.intends(turn, 2, "mail")
		f.try(f.Engine().Retry(t.Context(), turn, 0, errTest))
		for _, lose := range []func(*queue.Turn){
			func(turn *queue.Turn) { f.try(f.Engine().Release(t.Context(), turn)) },
			func(turn *queue.Turn) { f.try(f.Engine().Defer(t.Context(), turn, 0)) },
			func(turn *queue.Turn) { f.try(f.Engine().Checkpoint(t.Context(), turn, []byte("1"))); f.release(turn) },
			func(*queue.Turn) { f.Advance(10 * time.Second) },
			func(*queue.Turn) { f.Crash(); f.Advance(10 * time.Second) },
		} {
			turn = f.claim()
			f.calls(turn, "1 refund 7: done", "2 mail: ?")
			lose(turn)
		}
		turn = f.claim()
		f.try(f.Engine().Settle(t.Context(), turn, 2, nil))
		f.intends(turn, 3, "note")
		f.calls(turn, "1 refund 7: done", "2 mail: ", "3 note: ?")
		f.complete(turn)
		f.push(k, 2)
		f.calls(f.claimOf(k, 2))
	})
	t.Run("a restart for newer messages keeps what was done", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		turn := f.claim()
		f.intends(turn, 1, "refund 7")
		f.push(k, 2)
		if more, err := f.Engine().Absorb(t.Context(), turn); err != nil || !more {
			t.Fatal(more, err)
		}
		f.intends(turn, 2, "mail")
		f.calls(turn, "1 refund 7: ?", "2 mail: ?")
	})
	t.Run("nothing is begun on an older text, and what was begun can be settled", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		turn := f.claim()
		f.intends(turn, 1, "refund 7")
		_, err := f.Engine().Amend(t.Context(), k, 1, func(m *tania.Message, _ bool) bool { m.Content = "no, wait"; return true })
		f.try(err)
		if n, err := f.Engine().Intend(t.Context(), turn, []byte("mail")); !errors.Is(err, queue.ErrAmended) || n != 0 {
			t.Errorf("entry %d, %v, want ErrAmended", n, err)
		}
		f.try(f.Engine().Settle(t.Context(), turn, 1, []byte("done")))
		_, err = f.Engine().Absorb(t.Context(), turn)
		f.try(err)
		f.intends(turn, 2, "mail")
		f.calls(turn, "1 refund 7: done", "2 mail: ?")
	})
	t.Run("only what was begun is settled, and the last result counts", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		turn := f.claim()
		f.intends(turn, 1, "refund 7")
		for _, number := range []int{-1, 0, 2} {
			if err := f.Engine().Settle(t.Context(), turn, number, []byte("x")); !errors.Is(err, queue.ErrNotFound) {
				t.Errorf("entry %d is settled: %v", number, err)
			}
		}
		f.try(f.Engine().Settle(t.Context(), turn, 1, []byte("unclear")))
		f.try(f.Engine().Settle(t.Context(), turn, 1, []byte("done")))
		f.calls(turn, "1 refund 7: done")
	})
	t.Run("a worker that lost the turn writes nothing", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		old := f.claim()
		f.intends(old, 1, "refund 7")
		f.Advance(10 * time.Second)
		turn := f.claim()
		f.refused(old)
		f.calls(turn, "1 refund 7: ?")
	})
	t.Run("a dead turn keeps its journal, and has it again when it is retried", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		turn := f.claim()
		f.intends(turn, 1, "refund 7")
		f.try(f.Engine().Settle(t.Context(), turn, 1, []byte{0, 255}))
		f.intends(turn, 2, "mail")
		f.try(f.Engine().Bury(t.Context(), turn, errTest))
		want := []queue.Call{{Number: 1, Intent: []byte("refund 7"), Settled: true, Result: []byte{0, 255}}, {Number: 2, Intent: []byte("mail")}}
		if diff := cmp.Diff(want, f.dead(turn.ID).Calls); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		f.Crash()
		f.try(f.Engine().RetryDead(t.Context(), turn.ID))
		again := f.claim()
		if got, err := f.Engine().Calls(t.Context(), again); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("%+v, %v", got, err)
		}
		f.intends(again, 3, "note")
		f.complete(again)
	})
	t.Run("two turns of a conversation have journals of their own", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		turn := f.claim()
		f.intends(turn, 1, "refund 7")
		f.try(f.Engine().Bury(t.Context(), turn, errTest))
		f.push(k, 2)
		second := f.claimOf(k, 2)
		f.try(f.Engine().RetryDead(t.Context(), turn.ID))
		f.calls(second)
		f.intends(second, 1, "mail")
		f.complete(second)
		f.calls(f.claimOf(k, 1), "1 refund 7: ?")
	})
	t.Run("nothing is left of it", func(t *testing.T) {
		f := newFixture(t, h, options())
		for id, end := range []func(*queue.Turn){
			f.complete,
			func(turn *queue.Turn) {
				f.try(f.Engine().Bury(t.Context(), turn, errTest))
				f.try(f.Engine().DiscardDead(t.Context(), turn.ID))
			},
			func(turn *queue.Turn) { f.try(f.Engine().Bury(t.Context(), turn, errTest)) },
		} {
			f.push(k, id+1)
			turn := f.claim()
			f.intends(turn, 1, "refund 7")
			end(turn)
		}
		f.Advance(100 * time.Hour)
		for what, n := range f.Leftovers() {
			if n != 0 {
				t.Errorf("%d %s are left", n, what)
			}
		}
	})
}

func (f *fixture) release(t *queue.Turn) {
	f.Helper()
	f.try(f.Engine().Release(f.Context(), t))
}

// intends begins an entry, which must get this number.
func (f *fixture) intends(t *queue.Turn, number int, intent string) {
	f.Helper()
	got, err := f.Engine().Intend(f.Context(), t, []byte(intent))
	f.try(err)
	if got != number {
		f.Fatalf("entry %d is %q, want %d", got, intent, number)
	}
}

// calls asserts what a turn's journal says.
func (f *fixture) calls(t *queue.Turn, want ...string) {
	f.Helper()
	list, err := f.Engine().Calls(f.Context(), t)
	f.try(err)
	if diff := cmp.Diff(want, inWords(list)); diff != "" {
		f.Fatalf("journal of turn %s (-want +got):\n%s", t.ID, diff)
	}
}

func inWords(list []queue.Call) (words []string) {
	for _, c := range list {
		result := string(c.Result)
		if !c.Settled {
			result += "?"
		}
		words = append(words, fmt.Sprintf("%d %s: %s", c.Number, strings.ToValidUTF8(string(c.Intent), "�"), result))
	}
	return words
}
