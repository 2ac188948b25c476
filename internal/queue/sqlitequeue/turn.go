package sqlitequeue

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// hold runs an operation on a turn that its caller still has; an old token is refused with ErrLost.
func (e *Engine) hold(ctx context.Context, view *queue.Turn, run func(*tx, *turn) error) error {
	return e.do(ctx, func(tx *tx) error {
		b := e.schedule.mailboxes[view.Key]
		if b == nil || b.current() == nil {
			return queue.ErrLost
		}
		t := b.current()
		if t.id != view.ID || t.hold == nil || t.hold.token != view.Token {
			return queue.ErrLost
		}
		if now := e.Clock.Now(); !t.hold.lease.After(now) {
			e.expire(tx, t, now)
			return queue.ErrLost
		}
		if err := run(tx, t); err != nil {
			return err
		}
		return tx.err
	})
}

// Extend implements queue.Queue. A lease is not written: it ends with the process, and the file's lock tells of that.
func (e *Engine) Extend(ctx context.Context, view *queue.Turn) error {
	return e.hold(ctx, view, func(_ *tx, t *turn) error {
		t.hold.lease = e.Clock.Now().Add(e.Lease)
		return nil
	})
}

// Absorb implements queue.Queue.
func (e *Engine) Absorb(ctx context.Context, view *queue.Turn) (bool, error) {
	var known, more []tania.Message
	err := e.hold(ctx, view, func(tx *tx, t *turn) (err error) {
		known, more = slices.Clip(view.Messages), nil
		amended := t.hold.amended
		if t.checkpoint != nil || len(t.box.waiting) == 0 && !amended {
			return nil
		}
		read := t.box.waiting
		if amended {
			known, read = nil, slices.Concat(t.messages, read)
		}
		if more, err = tx.texts(read); err != nil {
			return err
		}
		t.hold.amended = false
		t.box.take(t)
		t.restarts++
		e.save(tx, t)
		return nil
	})
	if err != nil || len(more) == 0 {
		return false, err
	}
	view.Messages = append(known, more...)
	slices.SortFunc(view.Messages, func(x, y tania.Message) int { return cmp.Compare(x.ID, y.ID) })
	view.Restarts++
	return true, nil
}

// Checkpoint implements queue.Queue.
func (e *Engine) Checkpoint(ctx context.Context, view *queue.Turn, data []byte) error {
	kept := append([]byte{}, data...)
	err := e.hold(ctx, view, func(tx *tx, t *turn) error {
		if t.hold.amended {
			return queue.ErrAmended
		}
		t.checkpoint = kept
		tx.exec(tx.setCheckpoint, kept, string(t.id))
		return nil
	})
	if err == nil {
		view.Checkpoint = kept
	}
	return err
}

// Complete implements queue.Queue.
func (e *Engine) Complete(ctx context.Context, view *queue.Turn, records ...tania.Record) error {
	rows, err := recordRows(records)
	if err != nil {
		return err
	}
	return e.hold(ctx, view, func(tx *tx, t *turn) error {
		if t.hold.amended {
			return queue.ErrAmended
		}
		e.finish(tx, t)
		tx.exec(tx.dropTurn, string(t.id))
		tx.dropCallsOf(t)
		rows.write(tx)
		if tx.err == nil {
			e.tally.completed++
			e.leave(tx, t)
		}
		return nil
	})
}

// leave takes an ended turn out of the schedule.
func (e *Engine) leave(tx *tx, t *turn) {
	e.letGo(tx, t)
	t.box.part(t)
	e.bringBack(t)
	e.place(t.box)
}

// Retry implements queue.Queue.
func (e *Engine) Retry(ctx context.Context, view *queue.Turn, after time.Duration, cause error, records ...tania.Record) error {
	why := reason(cause)
	return e.giveBack(ctx, view, records, func(t *turn, now time.Time) time.Time {
		t.failures = append(t.failures, queue.Failure{At: now, Attempt: t.attempt, Error: why})
		return now.Add(after)
	})
}

// Defer implements queue.Queue.
func (e *Engine) Defer(ctx context.Context, view *queue.Turn, after time.Duration, records ...tania.Record) error {
	return e.giveBack(ctx, view, records, func(t *turn, now time.Time) time.Time {
		t.deferred++
		t.attempt--
		return now.Add(after)
	})
}

// Release implements queue.Queue.
func (e *Engine) Release(ctx context.Context, view *queue.Turn) error {
	return e.giveBack(ctx, view, nil, func(t *turn, now time.Time) time.Time {
		t.attempt--
		return now
	})
}

// reason is a failure in words.
func reason(cause error) string {
	if cause == nil {
		return "no cause was given"
	}
	return cause.Error()
}

func (e *Engine) giveBack(ctx context.Context, view *queue.Turn, records []tania.Record, change func(*turn, time.Time) time.Time) error {
	rows, err := recordRows(records)
	if err != nil {
		return err
	}
	return e.hold(ctx, view, func(tx *tx, t *turn) error {
		due := change(t, e.Clock.Now())
		rows.write(tx)
		e.yield(tx, t, due)
		return nil
	})
}

// Bury implements queue.Queue.
func (e *Engine) Bury(ctx context.Context, view *queue.Turn, cause error, records ...tania.Record) error {
	rows, err := recordRows(records)
	if err != nil {
		return err
	}
	why := reason(cause)
	return e.hold(ctx, view, func(tx *tx, t *turn) error {
		now := e.Clock.Now()
		t.failures = append(t.failures, queue.Failure{At: now, Attempt: t.attempt, Error: why})
		rows.write(tx)
		e.bury(tx, t, now)
		return nil
	})
}

// bury moves a turn and its messages to the dead letters. Its last failure is what it died of.
func (e *Engine) bury(tx *tx, t *turn, now time.Time) {
	dead := queue.DeadTurn{
		ID: t.id, Key: t.box.key, Error: t.failures[len(t.failures)-1].Error, History: t.failures, Died: now, Checkpoint: t.checkpoint,
		Calls: tx.callsOf(t), Parked: t.parked.view(),
	}
	var err error
	if dead.Messages, err = tx.texts(t.messages); err != nil {
		// A text that cannot be read must not keep its conversation from going on.
		dead.History = append(dead.History, queue.Failure{At: now, Attempt: t.attempt, Error: err.Error()})
	}
	e.finish(tx, t)
	body, err := json.Marshal(dead)
	if err != nil && tx.err == nil {
		tx.err = fmt.Errorf("sqlitequeue: bury: %w", err)
	}
	tx.exec(tx.putDead, string(t.id), nanos(now), body)
	tx.exec(tx.dropTurn, string(t.id))
	tx.dropCallsOf(t)
	if tx.err == nil {
		e.leave(tx, t)
	}
}
