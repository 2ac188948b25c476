package queuetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/tania"
)

func givingBack(t *testing.T, h Harness) {
	k := key(1, 1)
	t.Run("a retry is due after its delay and counts", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		turn := f.claimOf(k, 1)
		record := tania.Record{Key: k, Message: 1, At: f.Now(), Outcome: tania.OutcomeRetrying}
		f.try(f.Engine().Retry(t.Context(), turn, 5*time.Second, errTest, record))
		f.isLost(turn)
		f.refused(turn)
		f.Advance(4 * time.Second)
		f.nothingDue()
		f.Crash()
		f.nothingDue()
		f.Advance(time.Second)
		if again := f.claimOf(k, 1); again.Attempt != 2 || again.Deferred != 0 {
			t.Errorf("attempt %d, deferred %d", again.Attempt, again.Deferred)
		}
		if records, err := f.Engine().Records(t.Context(), k); err != nil || len(records) != 1 {
			t.Errorf("%v, %v", records, err)
		}
	})
	t.Run("a retry without a cause is a failure all the same", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		f.try(f.Engine().Retry(t.Context(), f.claimOf(k, 1), 0, nil))
		turn := f.claimOf(k, 1)
		f.try(f.Engine().Bury(t.Context(), turn, nil))
		if d := f.dead(turn.ID); len(d.History) != 2 || d.Error == "" {
			t.Errorf("%+v", d)
		}
	})
	t.Run("a deferral does not count, and joiners do not make it due earlier", func(t *testing.T) {
		f := newFixture(t, h, options())
		f.push(k, 1)
		for n := 1; n <= 4; n++ {
			turn := f.claim()
			if turn.Attempt != 1 || turn.Deferred != n-1 || len(turn.Messages) != n {
				t.Errorf("attempt %d, deferred %d, %d messages", turn.Attempt, turn.Deferred, len(turn.Messages))
			}
			f.try(f.Engine().Defer(t.Context(), turn, time.Minute))
			f.refused(turn)
			f.push(k, n+1)
			f.Advance(59 * time.Second)
			f.nothingDue()
			f.Advance(time.Second)
		}
		f.claimOf(k, 1, 2, 3, 4, 5)
	})
}

func memory(t *testing.T, h Harness) {
	k := key(1, 1)
	t.Run("conversations are changed atomically and durably", func(t *testing.T) {
		f := newFixture(t, h, options())
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
		f.try(err)
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
		f := newFixture(t, h, options())
		e := f.Engine()
		record := func(id int, o tania.Outcome) tania.Record {
			return tania.Record{Key: k, Message: tania.MessageID(id), At: f.Now(), Outcome: o}
		}
		f.try(e.SaveRecords(t.Context()))
		f.try(e.SaveRecords(t.Context(), record(9, tania.OutcomeSilent), record(3, tania.OutcomeWaiting)))
		f.try(e.SaveRecords(t.Context(), record(3, tania.OutcomeAnswered)))
		f.Crash()
		got, err := f.Engine().Records(t.Context(), k)
		if diff := cmp.Diff([]tania.Record{record(3, tania.OutcomeAnswered), record(9, tania.OutcomeSilent)}, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
	t.Run("what was not known is among the stats", func(t *testing.T) {
		f := newFixture(t, h, options())
		for range 2 {
			f.try(f.Engine().Count(t.Context(), map[string]int64{queue.CounterNotKnown: 1, "other": 5}))
		}
		f.Crash()
		if s, err := f.Engine().Stats(t.Context()); err != nil || s.NotKnown != 2 {
			t.Errorf("%d turns, %v; want 2", s.NotKnown, err)
		}
	})
	t.Run("the newest records of all conversations come first", func(t *testing.T) {
		f := newFixture(t, h, options())
		for n := range 6 {
			f.try(f.Engine().SaveRecords(t.Context(), tania.Record{
				Key: key(1, 1+n%3), Message: tania.MessageID(10 - n), At: f.Now().Add(time.Duration(n) * time.Second),
			}))
		}
		got, err := f.Engine().RecentRecords(t.Context(), 4)
		f.try(err)
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
		f := newFixture(t, h, options())
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

func closing(t *testing.T, h Harness) {
	f := newFixture(t, h, options())
	e := f.Engine()
	f.try(e.Ready(t.Context()))
	f.push(key(1, 1), 1)
	turn := f.claim()
	ended := make(chan error)
	for range 5 {
		go func() {
			_, err := e.Claim(t.Context())
			ended <- err
		}()
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := <-ended; !errors.Is(err, queue.ErrClosed) {
			t.Errorf("a blocked claim ended with %v", err)
		}
	}
	ctx := t.Context()
	ops := turnOperations(ctx, e, turn)
	ops["Push"] = func() error { _, err := e.Push(ctx, message(key(1, 1), 2)); return err }
	ops["Claim"] = func() error { _, err := e.Claim(ctx); return err }
	ops["Ready"] = func() error { return e.Ready(ctx) }
	ops["Stats"] = func() error {
		s, err := e.Stats(ctx)
		if s.Engine == "" {
			t.Error("Stats does not name the engine when the store does not answer")
		}
		return err
	}
	ops["Dead"] = func() error { _, err := e.Dead(ctx, 0); return err }
	ops["DeadTurn"] = func() error { _, err := e.DeadTurn(ctx, "x"); return err }
	ops["Unpark"] = func() error { return e.Unpark(ctx, "x", "ana", nil) }
	ops["ParkedTurns"] = func() error { _, err := e.ParkedTurns(ctx, 0); return err }
	ops["PublishBot"] = func() error {
		_, err := e.PublishBot(ctx, 0, queue.BotVersion{Bot: "shop", Content: []byte("x")})
		return err
	}
	ops["BotVersion"] = func() error { _, err := e.BotVersion(ctx, "shop", 0); return err }
	ops["BotVersions"] = func() error { _, err := e.BotVersions(ctx, "shop"); return err }
	ops["BotNames"] = func() error { _, err := e.BotNames(ctx); return err }
	ops["AwaitBot"] = func() error { _, err := e.AwaitBot(ctx, "shop", 0); return err }
	ops["Records"] = func() error { _, err := e.Records(ctx, key(1, 1)); return err }
	ops["Counters"] = func() error { _, err := e.Counters(ctx); return err }
	ops["Conversation"] = func() error { _, err := e.Conversation(ctx, key(1, 1)); return err }
	ops["Count"] = func() error { return e.Count(ctx, map[string]int64{"n": 1}) }
	for op, run := range ops {
		if err := run(); !errors.Is(err, queue.ErrClosed) {
			t.Errorf("%s after Close: %v, want ErrClosed", op, err)
		}
	}
	if err := e.Close(); err != nil {
		t.Errorf("the second Close: %v", err)
	}
}
