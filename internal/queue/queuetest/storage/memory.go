package storage

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

func memory(t *testing.T, h queuetest.Harness) {
	k := queuetest.Key(1, 1)
	t.Run("conversations are changed atomically and durably", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		e := f.Engine()
		if c, err := e.Conversation(t.Context(), k); err != nil || !cmp.Equal(c, tania.Conversation{Key: k}) {
			t.Errorf("%+v, %v", c, err)
		}
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if _, err := e.UpdateConversation(context.Background(), k, func(c *tania.Conversation) bool {
					c.Takeover = &tania.Takeover{By: func() tania.UserID {
						if c.Takeover == nil {
							return 1
						}
						return c.Takeover.By + 1
					}()}
					return true
				}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		unchanged, err := e.UpdateConversation(t.Context(), k, func(c *tania.Conversation) bool { c.Language = "xx"; return false })
		f.Must(err)
		if unchanged.Takeover == nil || unchanged.Takeover.By != 50 {
			t.Errorf("%+v", unchanged.Takeover)
		}
		if _, err := e.UpdateConversation(t.Context(), k, func(*tania.Conversation) bool { panic("bad change") }); err == nil {
			t.Error("a panic in the change is no error")
		}
		f.Crash()
		c, err := f.Engine().Conversation(t.Context(), k)
		if err != nil || c.Takeover == nil || c.Takeover.By != 50 || c.Language != "" || c.Key != k {
			t.Errorf("%+v, %v", c, err)
		}
	})
	t.Run("records come by message id, a later one replaces", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		e := f.Engine()
		record := func(id int, o tania.Outcome) tania.Record {
			return tania.Record{Key: k, Message: tania.MessageID(id), At: f.Now(), Outcome: o}
		}
		f.Must(e.SaveRecords(t.Context()))
		f.Must(e.SaveRecords(t.Context(), record(9, tania.OutcomeSilent), record(3, tania.OutcomeWaiting)))
		f.Must(e.SaveRecords(t.Context(), record(3, tania.OutcomeAnswered)))
		f.Crash()
		got, err := f.Engine().Records(t.Context(), k)
		if diff := cmp.Diff([]tania.Record{record(3, tania.OutcomeAnswered), record(9, tania.OutcomeSilent)}, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
	t.Run("what was not known is among the stats", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		for range 2 {
			f.Must(f.Engine().Count(t.Context(), map[string]int64{queue.CounterNotKnown: 1, "other": 5}))
		}
		f.Crash()
		if s, err := f.Engine().Stats(t.Context()); err != nil || s.NotKnown != 2 {
			t.Errorf("%d turns, %v; want 2", s.NotKnown, err)
		}
	})
	t.Run("the newest records of all conversations come first", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		for n := range 6 {
			f.Must(f.Engine().SaveRecords(t.Context(), tania.Record{
				Key: queuetest.Key(1, 1+n%3), Message: tania.MessageID(10 - n), At: f.Now().Add(time.Duration(n) * time.Second),
			}))
		}
		got, err := f.Engine().RecentRecords(t.Context(), 4)
		f.Must(err)
		var ids []tania.MessageID
		for _, r := range got {
			ids = append(ids, r.Message)
		}
		if diff := cmp.Diff([]tania.MessageID{5, 6, 7, 8}, ids); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if none, err := f.Engine().RecentRecords(t.Context(), 0); err != nil || len(none) != 0 {
			t.Errorf("%v, %v", none, err)
		}
	})
	t.Run("counters add up", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		var wg sync.WaitGroup
		for n := range 20 {
			wg.Go(func() {
				if err := f.Engine().Count(context.Background(), map[string]int64{"llm/calls": 1, fmt.Sprint("n/", n%2): int64(n)}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		f.Crash()
		f.Advance(100 * time.Hour)
		got, err := f.Engine().Counters(t.Context())
		if diff := cmp.Diff(map[string]int64{"llm/calls": 20, "n/0": 90, "n/1": 100}, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}
