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
		moved, err := e.UpdateConversation(t.Context(), k, func(c *tania.Conversation) bool { c.Key = queuetest.Key(8, 9); return true })
		if err != nil || moved.Key != k {
			t.Errorf("%s, %v: a change took the memory to another conversation", moved.Key, err)
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
	t.Run("several conversations", func(t *testing.T) { several(t, h) })
	t.Run("the records of a time", func(t *testing.T) { between(t, h) })
	t.Run("what was missed is found by itself", func(t *testing.T) { missed(t, h) })
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

// missed: records of what the bot missed are found among any number of others, as long as they are kept.
func missed(t *testing.T, h queuetest.Harness) {
	f := queuetest.NewFixture(t, h, queuetest.Options())
	const contact = 77
	record := func(conversation, message int, o tania.Outcome) tania.Record {
		return tania.Record{
			Key: queuetest.Key(1, conversation), Message: tania.MessageID(message), Outcome: o,
			At: f.Now().Add(time.Duration(message) * time.Second),
		}
	}
	ids := func(limit int) []tania.MessageID {
		t.Helper()
		list, err := f.Engine().MissedRecords(t.Context(), limit)
		f.Must(err)
		ids := []tania.MessageID{}
		for _, r := range list {
			ids = append(ids, r.Message)
		}
		return ids
	}
	want := func(when string, got []tania.MessageID, want ...tania.MessageID) {
		t.Helper()
		if diff := cmp.Diff(append([]tania.MessageID{}, want...), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	corrected := record(2, 3, tania.OutcomeAnswered)
	corrected.Review.Corrected = f.Now()
	retried := record(3, 4, tania.OutcomeHandedOver)
	retried.Handoff = tania.HandoffModel
	f.Must(f.Engine().SaveRecords(t.Context(), record(1, 1, tania.OutcomeNotKnown), record(2, 2, tania.OutcomeAnswered), corrected, retried))
	for n := range 20 {
		f.Must(f.Engine().SaveRecords(t.Context(), record(4, 100+n, tania.OutcomeAnswered)))
	}
	f.Crash()
	want("all", ids(10), 4, 3, 1)
	want("the newest", ids(2), 4, 3)
	want("none", ids(0))
	f.Must(f.Engine().SaveRecords(t.Context(), record(3, 4, tania.OutcomeAnswered)))
	want("one was answered after all", ids(10), 3, 1)
	_, err := f.Engine().UpdateConversation(t.Context(), queuetest.Key(1, 2), func(c *tania.Conversation) bool {
		c.Contact.ID = contact
		return true
	})
	f.Must(err)
	_, err = f.Engine().Forget(t.Context(), 1, contact)
	f.Must(err)
	want("a contact was forgotten", ids(10), 1)
	f.Push(queuetest.Key(1, 5), 200)
	turn := f.ClaimOf(queuetest.Key(1, 5), 200)
	f.Must(f.Engine().Complete(t.Context(), turn, record(5, 200, tania.OutcomeNotKnown)))
	want("a turn ended", ids(10), 200, 1)
	f.Advance(31 * 24 * time.Hour)
	f.NothingLeft()
	want("when their time is over", ids(10))
}

// several: conversations are given together, those of which nothing is known are not.
func several(t *testing.T, h queuetest.Harness) {
	f := queuetest.NewFixture(t, h, queuetest.Options())
	keys := []tania.ConversationKey{queuetest.Key(1, 1), queuetest.Key(2, 1), queuetest.Key(1, 2), queuetest.Key(9, 9)}
	want := map[tania.ConversationKey]tania.Conversation{}
	for _, key := range keys[:3] {
		c, err := f.Engine().UpdateConversation(t.Context(), key, func(c *tania.Conversation) bool { c.Contact.Name = key.String(); return true })
		f.Must(err)
		want[key] = c
	}
	got, err := f.Engine().Conversations(t.Context(), keys)
	f.Must(err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if none, err := f.Engine().Conversations(t.Context(), nil); err != nil || len(none) != 0 {
		t.Errorf("of none: %v, %v", none, err)
	}
}

// between: the records of a time are those decided from its first moment until before its last, the newest first.
func between(t *testing.T, h queuetest.Harness) {
	f := queuetest.NewFixture(t, h, queuetest.Options())
	began := f.Now().Truncate(time.Second)
	for n := range 6 {
		f.Must(f.Engine().SaveRecords(t.Context(), tania.Record{
			Key: queuetest.Key(1+n%2, 1+n%3), Message: tania.MessageID(n), At: began.Add(time.Duration(n) * time.Second),
		}))
	}
	at := func(second int) time.Time { return began.Add(time.Duration(second) * time.Second) }
	for name, c := range map[string]struct {
		from, to time.Time
		limit    int
		want     []tania.MessageID
	}{
		"all":              {limit: 10, want: []tania.MessageID{5, 4, 3, 2, 1, 0}},
		"from one to one":  {from: at(1), to: at(4), limit: 10, want: []tania.MessageID{3, 2, 1}},
		"the newest":       {to: at(4), limit: 2, want: []tania.MessageID{3, 2}},
		"from one":         {from: at(4), limit: 10, want: []tania.MessageID{5, 4}},
		"none":             {from: at(9), limit: 10},
		"none are wanted":  {limit: 0},
		"an empty moment":  {from: at(2), to: at(2), limit: 10},
		"the wrong way on": {from: at(4), to: at(1), limit: 10},
	} {
		got, err := f.Engine().RecordsBetween(t.Context(), c.from, c.to, c.limit)
		f.Must(err)
		var ids []tania.MessageID
		for _, r := range got {
			ids = append(ids, r.Message)
		}
		if diff := cmp.Diff(c.want, ids); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
