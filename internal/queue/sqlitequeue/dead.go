package sqlitequeue

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue/schedule"
	"tania/internal/tania"
)

// Dead implements queue.Queue.
func (e *Engine) Dead(ctx context.Context, limit int) ([]queue.DeadTurn, error) {
	if limit <= 0 {
		limit = -1
	}
	return list[queue.DeadTurn](ctx, e, `SELECT body FROM dead ORDER BY died DESC, id DESC LIMIT ?`, limit)
}

// DeadTurn implements queue.Queue.
func (e *Engine) DeadTurn(ctx context.Context, id tania.TurnID) (queue.DeadTurn, error) {
	found, err := list[queue.DeadTurn](ctx, e, `SELECT body FROM dead WHERE id = ?`, string(id))
	if err == nil && len(found) == 0 {
		err = queue.ErrNotFound
	}
	if err != nil {
		return queue.DeadTurn{}, err
	}
	return found[0], nil
}

// RetryDead implements queue.Queue.
func (e *Engine) RetryDead(ctx context.Context, id tania.TurnID) error {
	return e.do(ctx, func(tx *tx) error {
		var body []byte
		if !tx.one(tx.deadBody, []any{string(id)}, &body) {
			return queue.ErrNotFound
		}
		var dead queue.DeadTurn
		if err := json.Unmarshal(body, &dead); err != nil {
			return fmt.Errorf("sqlitequeue: dead turn %s: %w", id, err)
		}
		now := e.Clock.Now()
		b := e.schedule.Box(dead.Key)
		t := &schedule.Turn{ID: id, Box: b, Due: now, Checkpoint: dead.Checkpoint}
		if dead.Parked != nil {
			t.Parked = &schedule.Parking{Parked: *dead.Parked}
		}
		for _, m := range dead.Messages {
			b.Inbox = m.Inbox
			text, err := json.Marshal(m)
			if err != nil {
				return fmt.Errorf("sqlitequeue: dead turn %s: %w", id, err)
			}
			// It may have been delivered again after DedupFor, and wait already.
			e.forget(tx, m.Key.Account, m.ID, time.Time{})
			if seq, inserted := tx.insert(m.Key, m.ID, now, text); inserted {
				t.Messages = schedule.Insert(t.Messages, schedule.Ref{ID: m.ID, Seq: seq})
			}
		}
		tx.exec(tx.dropDead, string(id))
		if len(t.Messages) > 0 {
			tx.restoreCalls(t, dead.Calls)
			e.save(tx, t)
			b.Join(t)
		}
		e.place(b)
		return tx.err
	})
}

// DiscardDead implements queue.Queue.
func (e *Engine) DiscardDead(ctx context.Context, id tania.TurnID) error {
	return e.do(ctx, func(tx *tx) error {
		result := tx.exec(tx.dropDead, string(id))
		if tx.err != nil {
			return tx.err
		}
		if n, _ := result.RowsAffected(); n == 0 {
			return queue.ErrNotFound
		}
		return nil
	})
}

// list reads rows of one JSON column.
func list[T any](ctx context.Context, e *Engine, query string, args ...any) (found []T, err error) {
	if err := each(ctx, e, query, args, func(one *T) { found = append(found, *one) }); err != nil {
		return nil, err
	}
	return found, nil
}

// each gives the rows of one JSON column in turn.
func each[T any](ctx context.Context, e *Engine, query string, args []any, take func(*T)) error {
	var unread error
	err := e.read.Each(ctx, query, args, func(scan func(into ...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return err
		}
		var one T
		if unread = json.Unmarshal(body, &one); unread == nil {
			take(&one)
		}
		return unread
	})
	switch {
	case unread != nil:
		return fmt.Errorf("sqlitequeue: read: %w", unread)
	case err != nil:
		return e.unavailable("read", err)
	}
	return nil
}
