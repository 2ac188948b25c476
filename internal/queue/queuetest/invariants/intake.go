package invariants

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

func durable(t *testing.T, h queuetest.Harness) {
	f := queuetest.NewFixture(t, h, queuetest.Options())
	const pushers, each = 8, 25
	var wg sync.WaitGroup
	for p := range pushers {
		wg.Go(func() {
			for n := range each {
				if _, err := f.Engine().Push(context.Background(), queuetest.Message(queuetest.Key(1, p+1), p*each+n+1)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	f.Crash()
	seen := map[tania.MessageID]int{}
	for range pushers {
		turn := f.Claim()
		for _, m := range turn.Messages {
			seen[m.ID]++
		}
		f.Complete(turn)
	}
	f.NothingDue()
	for id := 1; id <= pushers*each; id++ {
		if seen[tania.MessageID(id)] != 1 {
			t.Errorf("message %d was there %d times after the crash", id, seen[tania.MessageID(id)])
		}
	}
}

func onceIn(t *testing.T, h queuetest.Harness) {
	t.Run("by many at once", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		var fresh atomic.Int64
		var wg sync.WaitGroup
		for range 16 {
			ids := rand.Perm(20)
			wg.Go(func() {
				for _, id := range ids {
					got, err := f.Engine().Push(context.Background(), queuetest.Message(queuetest.Key(1, 1), id+1))
					if err != nil {
						t.Error(err)
					}
					if !got.Duplicate {
						fresh.Add(1)
					}
				}
			})
		}
		wg.Wait()
		if s := f.Stats(); fresh.Load() != 20 || s.Messages != 20 || s.Duplicates != 300 {
			t.Errorf("%d were new, stats count %d messages and %d duplicates", fresh.Load(), s.Messages, s.Duplicates)
		}
		if n := len(f.Claim().Messages); n != 20 {
			t.Errorf("the turn has %d messages", n)
		}
	})
	t.Run("while it waits, runs, is retried, is answered and after a crash", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		k := queuetest.Key(1, 1)
		f.Push(k, 7)
		f.PushAgain(k, 7)
		turn := f.ClaimOf(k, 7)
		f.PushAgain(k, 7)
		f.Must(f.Engine().Retry(t.Context(), turn, time.Minute, queuetest.ErrTest))
		f.PushAgain(k, 7)
		f.Advance(time.Minute)
		f.Complete(f.ClaimOf(k, 7))
		f.PushAgain(k, 7)
		f.Crash()
		f.PushAgain(k, 7)
		f.NothingDue()
	})
	t.Run("while it is dead", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		k := queuetest.Key(1, 1)
		f.Push(k, 7)
		f.Must(f.Engine().Bury(t.Context(), f.ClaimOf(k, 7), queuetest.ErrTest))
		f.PushAgain(k, 7)
		f.NothingDue()
	})
	t.Run("for DedupFor and no longer", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		k := queuetest.Key(1, 1)
		f.Push(k, 7)
		f.Complete(f.ClaimOf(k, 7))
		f.Advance(24*time.Hour - time.Second)
		f.PushAgain(k, 7)
		f.Advance(2 * time.Second)
		f.Push(k, 7)
		f.Complete(f.ClaimOf(k, 7))
		f.PushAgain(k, 7)
	})
	t.Run("but an unanswered one is a duplicate at any age", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		k := queuetest.Key(1, 1)
		f.Push(k, 7)
		f.Advance(30 * time.Hour)
		f.PushAgain(k, 7)
		f.Complete(f.ClaimOf(k, 7))
	})
	t.Run("in each account by itself", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.Push(queuetest.Key(1, 1), 7)
		f.Push(queuetest.Key(2, 1), 7)
		if s := f.Stats(); s.Waiting != 2 || s.Duplicates != 0 {
			t.Errorf("%+v", s)
		}
	})
}
