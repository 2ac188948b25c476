package sqlitequeue

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue/file"
	"tania/internal/tania"
)

// queueCounters is the prefix of the engine's own counters.
const queueCounters = "queue/"

// Conversation implements queue.Memory.
func (e *Engine) Conversation(ctx context.Context, key tania.ConversationKey) (tania.Conversation, error) {
	found, err := list[tania.Conversation](ctx, e, `SELECT body FROM conversations WHERE account = ? AND conversation = ?`,
		key.Account, key.Conversation)
	if len(found) == 0 {
		return tania.Conversation{Key: key}, err
	}
	return found[0], nil
}

// Conversations implements queue.Memory.
func (e *Engine) Conversations(ctx context.Context, keys []tania.ConversationKey) (map[tania.ConversationKey]tania.Conversation, error) {
	pairs := make([][2]int64, len(keys))
	for i, key := range keys {
		pairs[i] = [2]int64{int64(key.Account), int64(key.Conversation)}
	}
	wanted, _ := json.Marshal(pairs) // of numbers, which all can be written
	found, err := list[tania.Conversation](ctx, e, `SELECT c.body FROM json_each(?) AS wanted JOIN conversations AS c
		ON c.account = wanted.value ->> 0 AND c.conversation = wanted.value ->> 1`, string(wanted))
	known := make(map[tania.ConversationKey]tania.Conversation, len(found))
	for _, c := range found {
		known[c.Key] = c
	}
	return known, err
}

// UpdateConversation implements queue.Memory.
func (e *Engine) UpdateConversation(
	ctx context.Context, key tania.ConversationKey, change func(*tania.Conversation) bool,
) (tania.Conversation, error) {
	var c tania.Conversation
	err := e.do(ctx, func(tx *tx) error {
		var body []byte
		if tx.one(tx.conversation, []any{key.Account, key.Conversation}, &body) {
			if err := json.Unmarshal(body, &c); err != nil {
				return fmt.Errorf("sqlitequeue: conversation %s: %w", key, err)
			}
		}
		if tx.err != nil {
			return tx.err
		}
		c.Key = key // of one that is new
		changed := false
		if err := queue.Guard(func() { changed = change(&c) }); !changed {
			return err
		}
		c.Key = key
		body, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("sqlitequeue: conversation %s: %w", key, err)
		}
		tx.exec(tx.putConversation, key.Account, key.Conversation, nanos(e.Clock.Now()), body)
		return tx.err
	})
	return c, err
}

// SaveRecords implements queue.Memory.
func (e *Engine) SaveRecords(ctx context.Context, records ...tania.Record) error {
	rows, err := recordRows(records)
	if err != nil || len(rows) == 0 {
		return err
	}
	return e.do(ctx, func(tx *tx) error {
		rows.write(tx)
		return tx.err
	})
}

type recordRow struct {
	record tania.Record
	body   []byte
}

type rows []recordRow

// recordRows encodes records in the caller's goroutine.
func recordRows(records []tania.Record) (rows, error) {
	var list rows
	for _, r := range records {
		body, err := json.Marshal(r)
		if err != nil {
			return nil, fmt.Errorf("sqlitequeue: record of message %d: %w", r.Message, err)
		}
		list = append(list, recordRow{r, body})
	}
	return list, nil
}

func (r rows) write(tx *tx) {
	for _, row := range r {
		r := row.record
		tx.exec(tx.putRecord, r.Key.Account, r.Key.Conversation, r.Message, nanos(r.At), row.body, r.Missed() != "")
	}
}

// Records implements queue.Memory.
func (e *Engine) Records(ctx context.Context, key tania.ConversationKey) ([]tania.Record, error) {
	return list[tania.Record](ctx, e, `SELECT body FROM records WHERE account = ? AND conversation = ? ORDER BY message`,
		key.Account, key.Conversation)
}

// RecentRecords implements queue.Memory.
func (e *Engine) RecentRecords(ctx context.Context, limit int) ([]tania.Record, error) {
	return list[tania.Record](ctx, e, `SELECT body FROM records ORDER BY at DESC LIMIT ?`, max(limit, 0))
}

// RecordsBetween implements queue.Memory.
func (e *Engine) RecordsBetween(ctx context.Context, from, to time.Time, limit int) ([]tania.Record, error) {
	first, last := int64(math.MinInt64), int64(math.MaxInt64)
	if !from.IsZero() {
		first = nanos(from)
	}
	if !to.IsZero() {
		last = nanos(to)
	}
	return list[tania.Record](ctx, e, `SELECT body FROM records WHERE at >= ? AND at < ? ORDER BY at DESC LIMIT ?`, first, last, max(limit, 0))
}

// MissedRecords implements queue.Memory.
func (e *Engine) MissedRecords(ctx context.Context, limit int) ([]tania.Record, error) {
	found, err := list[tania.Record](ctx, e, `SELECT body FROM records WHERE missed = 1 ORDER BY at DESC LIMIT ?`, max(limit, 0))
	// What counts as missed may have been another when a record was stored.
	return slices.DeleteFunc(found, func(r tania.Record) bool { return r.Missed() == "" }), err
}

// Count implements queue.Memory.
func (e *Engine) Count(ctx context.Context, delta map[string]int64) error {
	for name := range delta {
		if strings.HasPrefix(name, queueCounters) {
			return fmt.Errorf("sqlitequeue: count: %q is the queue's own", name)
		}
	}
	return e.do(ctx, func(tx *tx) error {
		for name, n := range delta {
			tx.exec(tx.count, name, n)
		}
		return tx.err
	})
}

// Counters implements queue.Memory.
func (e *Engine) Counters(ctx context.Context) (map[string]int64, error) {
	all, err := counters(ctx, e.read)
	if err != nil {
		return nil, e.unavailable("counters", err)
	}
	for name := range all {
		if strings.HasPrefix(name, queueCounters) {
			delete(all, name)
		}
	}
	return all, nil
}

func counters(ctx context.Context, db file.Querier) (map[string]int64, error) {
	all := map[string]int64{}
	err := file.Each(ctx, db, `SELECT name, value FROM counters`, nil, func(scan func(into ...any) error) error {
		var name string
		var value int64
		err := scan(&name, &value)
		all[name] = value
		return err
	})
	return all, err
}
