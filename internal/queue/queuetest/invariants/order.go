package invariants

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

func oneAtATime(t *testing.T, h queuetest.Harness) {
	t.Run("messages behind a running turn wait for its end", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		k := queuetest.Key(1, 1)
		f.Push(k, 1)
		first := f.ClaimOf(k, 1)
		f.Push(k, 2)
		f.NothingDue()
		f.Complete(first)
		f.Refused(first)
		f.ClaimOf(k, 2)
	})
	t.Run("an expired lease goes to another worker, the old token is refused", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		k := queuetest.Key(1, 1)
		f.Push(k, 1)
		old := f.ClaimOf(k, 1)
		f.Advance(9 * time.Second)
		f.IsHeld(old)
		f.Advance(9 * time.Second)
		f.IsHeld(old)
		f.Advance(11 * time.Second)
		taken := f.ClaimOf(k, 1)
		f.IsLost(old)
		f.Refused(old)
		if taken.ID != old.ID || taken.Token <= old.Token || taken.Attempt != 2 {
			t.Errorf("turn %s attempt %d token %d follows %s with %d", taken.ID, taken.Attempt, taken.Token, old.ID, old.Token)
		}
		f.IsHeld(taken)
		f.Complete(taken)
		f.Refused(old)
		f.Refused(taken)
		if records, err := f.Engine().Records(t.Context(), k); err != nil || len(records) != 0 {
			t.Errorf("a refused Complete left %v, %v", records, err)
		}
	})
	t.Run("a worker that outlived a crash is refused", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		k := queuetest.Key(1, 1)
		f.Push(k, 1)
		old := f.ClaimOf(k, 1)
		f.Crash()
		f.Advance(10 * time.Second)
		taken := f.ClaimOf(k, 1)
		f.Refused(old)
		if taken.Token <= old.Token {
			t.Errorf("token %d follows %d", taken.Token, old.Token)
		}
		f.Complete(taken)
	})
	t.Run("with many workers and pushers", manyWorkers(h))
}

// manyWorkers has conversations worked while they grow, turns given back in every way, and counts who is at work where.
func manyWorkers(h queuetest.Harness) func(*testing.T) {
	return func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		const conversations, messages, workers = 12, 240, 8
		c := &crew{TB: t, engine: f.Engine(), newest: map[tania.ConversationKey]tania.MessageID{}, running: map[tania.ConversationKey]bool{}}
		ctx, stop := context.WithTimeout(t.Context(), queuetest.Patience)
		defer stop()
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				for n := w; ; n++ {
					turn, err := c.engine.Claim(ctx)
					if err != nil {
						return
					}
					c.begin(turn)
					if err := c.end(turn, n); err != nil {
						t.Error(err)
					}
					if c.answered.Load() == messages {
						stop()
					}
				}
			})
		}
		for n := 1; n <= conversations; n++ {
			wg.Go(func() {
				for id := n; id <= messages; id += conversations {
					if _, err := c.engine.Push(t.Context(), queuetest.Message(queuetest.Key(1, n), id)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if n := c.answered.Load(); n != messages {
			t.Errorf("%d of %d messages were answered", n, messages)
		}
	}
}

// crew watches workers: one per conversation, and no message after a later one.
type crew struct {
	testing.TB
	engine   queue.Engine
	answered atomic.Int64

	mu      sync.Mutex
	running map[tania.ConversationKey]bool
	newest  map[tania.ConversationKey]tania.MessageID
}

func (c *crew) begin(t *queue.Turn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running[t.Key] {
		c.Errorf("two turns of %s at once", t.Key)
	}
	c.running[t.Key] = true
}

// leave notes that the worker is about to let go: the engine may give the conversation to another before the call returns.
func (c *crew) leave(t *queue.Turn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running[t.Key] = false
}

func (c *crew) end(t *queue.Turn, n int) error {
	ctx := c.Context()
	switch {
	case n%5 == 1:
		c.leave(t)
		return c.engine.Release(ctx, t)
	case n%7 == 1:
		c.leave(t)
		return c.engine.Defer(ctx, t, 0)
	case n%3 == 1:
		if _, err := c.engine.Absorb(ctx, t); err != nil {
			return err
		}
	}
	c.mu.Lock()
	for _, m := range t.Messages {
		if m.ID <= c.newest[t.Key] {
			c.Errorf("message %d of %s after %d", m.ID, t.Key, c.newest[t.Key])
		}
		c.newest[t.Key] = m.ID
	}
	c.mu.Unlock()
	c.leave(t)
	if err := c.engine.Complete(ctx, t); err != nil {
		return err
	}
	c.answered.Add(int64(len(t.Messages)))
	return nil
}

func inOrder(t *testing.T, h queuetest.Harness) {
	t.Run("by id, in whatever order they came", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		k := queuetest.Key(1, 1)
		f.Push(k, 5, 3, 9, 1, 12, 10)
		f.ClaimOf(k, 1, 3, 5, 9, 10, 12)
	})
	t.Run("a late lower one sorts before those that wait", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		k := queuetest.Key(1, 1)
		f.Push(k, 5)
		first := f.ClaimOf(k, 5)
		f.Push(k, 9, 8, 2)
		f.Complete(first)
		f.ClaimOf(k, 2, 8, 9)
	})
	t.Run("before those of a turn that is tried again", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		k := queuetest.Key(1, 1)
		f.Push(k, 5)
		f.Must(f.Engine().Retry(t.Context(), f.ClaimOf(k, 5), time.Second, queuetest.ErrTest))
		f.Push(k, 6, 4)
		f.Advance(time.Second)
		f.ClaimOf(k, 4, 5, 6)
	})
	t.Run("after a crash", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		k := queuetest.Key(1, 1)
		f.Push(k, 5, 3)
		f.ClaimOf(k, 3, 5)
		f.Push(k, 4, 1)
		f.Crash()
		f.Advance(10 * time.Second)
		f.ClaimOf(k, 1, 3, 4, 5)
	})
	t.Run("up to the largest id that Chatwoot gives", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		k := queuetest.Key(1<<53-1, 1<<53-1)
		f.Push(k, 1<<53-1, 1<<53-2, 1<<31)
		f.ClaimOf(k, 1<<31, 1<<53-2, 1<<53-1)
	})
	t.Run("ids that are none are refused", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		for _, m := range []tania.Message{
			queuetest.Message(queuetest.Key(1, 1), 0), queuetest.Message(queuetest.Key(1, 1), -4),
			queuetest.Message(queuetest.Key(0, 1), 1), queuetest.Message(queuetest.Key(1, -1), 1),
		} {
			if _, err := f.Engine().Push(t.Context(), m); err == nil {
				t.Errorf("message %d of %s was taken", m.ID, m.Key)
			}
		}
	})
}
