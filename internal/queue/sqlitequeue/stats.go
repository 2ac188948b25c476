package sqlitequeue

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// tally counts what Stats shows; what is new since the last commit is written with the next.
type tally struct {
	messages, duplicates, completed int64
	written                         [3]int64
}

func (t *tally) write(tx *tx) {
	for i, c := range []struct {
		name  string
		value int64
	}{{"messages", t.messages}, {"duplicates", t.duplicates}, {"completed", t.completed}} {
		if c.value != t.written[i] {
			tx.exec(tx.count, queueCounters+c.name, c.value-t.written[i])
			t.written[i] = c.value
		}
	}
}

// read takes the counts of the file.
func (t *tally) read(all map[string]int64) {
	t.messages, t.duplicates, t.completed = all[queueCounters+"messages"], all[queueCounters+"duplicates"], all[queueCounters+"completed"]
	t.written = [3]int64{t.messages, t.duplicates, t.completed}
}

// Stats implements queue.Queue.
func (e *Engine) Stats(ctx context.Context) (queue.Stats, error) {
	s := queue.Stats{Engine: "sqlite"}
	err := e.do(ctx, func(tx *tx) error {
		now := e.Clock.Now()
		e.schedule.Mature(now)
		lost := e.file.Lost()
		s = queue.Stats{
			Waiting: int64(e.schedule.Ready.Size), Active: int64(len(e.schedule.Active)),
			Delayed:   int64(len(e.schedule.Delayed) - len(e.schedule.Parked)),
			Parked:    int64(len(e.schedule.Parked)),
			Completed: e.tally.completed, Messages: e.tally.messages,
			Duplicates: e.tally.duplicates, Paused: e.paused, PausedBy: e.pausedBy, Engine: "sqlite",
			Repaired: lost.Pages, Lost: lost.Transactions, RepairedAt: lost.At,
		}
		if b := e.schedule.Ready.Oldest(); b != nil {
			s.OldestWaitingMS = max(now.Sub(b.Due).Milliseconds(), 0)
		}
		return nil
	})
	if err != nil {
		return s, err
	}
	err = e.read.One(ctx, `SELECT count(*), count(CASE WHEN died > ? THEN 1 END) FROM dead`, []any{nanos(e.Clock.Now().Add(-time.Hour))},
		&s.Failed, &s.FailedLastHour)
	if err != nil {
		return s, e.unavailable("stats", err)
	}
	err = e.read.One(ctx, `SELECT coalesce(sum(value), 0) FROM counters WHERE name = ?`, []any{queue.CounterNotKnown}, &s.NotKnown)
	if err != nil {
		return s, e.unavailable("stats", err)
	}
	return s, nil
}

// Backlog is what waits of a conversation.
type Backlog struct {
	Messages int64
	// Since is when the first of them came.
	Since time.Time
}

// Backlogs gives what waits or is being worked of each conversation.
func (e *Engine) Backlogs(ctx context.Context) (map[tania.ConversationKey]Backlog, error) {
	held := map[tania.ConversationKey]Backlog{}
	err := e.read.Each(ctx, `SELECT account, conversation, count(*), min(arrived) FROM messages
		WHERE body IS NOT NULL GROUP BY account, conversation`, nil, func(scan func(into ...any) error) error {
		var account, conversation, n, since int64
		err := scan(&account, &conversation, &n, &since)
		held[keyOf(account, conversation)] = Backlog{n, fromNanos(since)}
		return err
	})
	if err != nil {
		return nil, e.unavailable("held", err)
	}
	return held, nil
}

// pauseMark is the value of meta 'paused'.
type pauseMark struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Pause implements queue.Queue.
func (e *Engine) Pause(ctx context.Context, by string) (changed bool, err error) {
	mark, err := json.Marshal(pauseMark{by, e.Clock.Now()})
	if err != nil {
		return false, fmt.Errorf("sqlitequeue: pause: %w", err)
	}
	err = e.do(ctx, func(tx *tx) error {
		if changed = !e.paused; changed {
			tx.exec(tx.setMeta, "paused", string(mark))
			e.paused, e.pausedBy = true, by
		}
		return tx.err
	})
	return changed && err == nil, err
}

// Resume implements queue.Queue.
func (e *Engine) Resume(ctx context.Context, _ string) (changed bool, err error) {
	err = e.do(ctx, func(tx *tx) error {
		if changed = e.paused; changed {
			tx.exec(tx.dropMeta, "paused")
			e.paused, e.pausedBy = false, ""
		}
		return tx.err
	})
	return changed && err == nil, err
}
