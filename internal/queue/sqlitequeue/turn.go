package sqlitequeue

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue/schedule"
	"tania/internal/tania"
)

// hold runs an operation on a turn that its caller still has; an old token is refused with ErrLost.
func (e *Engine) hold(ctx context.Context, view *queue.Turn, run func(*tx, *schedule.Turn) error) error {
	return e.do(ctx, func(tx *tx) error {
		b := e.schedule.Mailboxes[view.Key]
		if b == nil || b.Current() == nil {
			return queue.ErrLost
		}
		t := b.Current()
		if t.Hold == nil || t.Hold.Token != view.Token {
			return queue.ErrLost
		}
		if now := e.Clock.Now(); !t.Hold.Lease.After(now) {
			e.expire(tx, t, now)
			return queue.ErrLost
		}
		return run(tx, t)
	})
}

// Extend implements queue.Queue. A lease is not written: it ends with the process, and the file's lock tells of that.
func (e *Engine) Extend(ctx context.Context, view *queue.Turn) error {
	return e.hold(ctx, view, func(_ *tx, t *schedule.Turn) error {
		t.Hold.Lease = e.Clock.Now().Add(e.Lease)
		return nil
	})
}

// Absorb implements queue.Queue.
func (e *Engine) Absorb(ctx context.Context, view *queue.Turn) (bool, error) {
	known, more := slices.Clip(view.Messages), []tania.Message(nil)
	err := e.hold(ctx, view, func(tx *tx, t *schedule.Turn) (err error) {
		amended := t.Hold.Amended
		if t.Checkpoint != nil || len(t.Box.Waiting) == 0 && !amended {
			return nil
		}
		read := t.Box.Waiting
		if amended {
			known, read = nil, slices.Concat(t.Messages, read)
		}
		if more, err = tx.texts(read); err != nil {
			return err
		}
		t.Hold.Amended = false
		t.Box.Take(t)
		t.Restarts++
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
	err := e.hold(ctx, view, func(tx *tx, t *schedule.Turn) error {
		if t.Hold.Amended {
			return queue.ErrAmended
		}
		t.Checkpoint = kept
		tx.exec(tx.setCheckpoint, kept, string(t.ID))
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
	return e.hold(ctx, view, func(tx *tx, t *schedule.Turn) error {
		if t.Hold.Amended {
			return queue.ErrAmended
		}
		e.finish(tx, t)
		tx.exec(tx.dropTurn, string(t.ID))
		tx.dropCallsOf(t)
		rows.write(tx)
		e.tally.completed++
		e.leave(tx, t)
		return nil
	})
}

// leave takes an ended turn out of the schedule.
func (e *Engine) leave(tx *tx, t *schedule.Turn) {
	e.letGo(tx, t)
	t.Box.Part(t)
	e.bringBack(t)
	e.place(t.Box)
}

// Retry implements queue.Queue.
func (e *Engine) Retry(ctx context.Context, view *queue.Turn, after time.Duration, cause error, records ...tania.Record) error {
	why := reason(cause)
	return e.giveBack(ctx, view, records, func(t *schedule.Turn, now time.Time) time.Time {
		t.Failures = append(t.Failures, queue.Failure{At: now, Attempt: t.Attempt, Error: why})
		return now.Add(after)
	})
}

// Defer implements queue.Queue.
func (e *Engine) Defer(ctx context.Context, view *queue.Turn, after time.Duration, records ...tania.Record) error {
	return e.giveBack(ctx, view, records, func(t *schedule.Turn, now time.Time) time.Time {
		t.Deferred++
		t.Attempt--
		return now.Add(after)
	})
}

// Release implements queue.Queue.
func (e *Engine) Release(ctx context.Context, view *queue.Turn) error {
	return e.giveBack(ctx, view, nil, func(t *schedule.Turn, now time.Time) time.Time {
		t.Attempt--
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

func (e *Engine) giveBack(
	ctx context.Context, view *queue.Turn, records []tania.Record, change func(*schedule.Turn, time.Time) time.Time,
) error {
	rows, err := recordRows(records)
	if err != nil {
		return err
	}
	return e.hold(ctx, view, func(tx *tx, t *schedule.Turn) error {
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
	return e.hold(ctx, view, func(tx *tx, t *schedule.Turn) error {
		now := e.Clock.Now()
		t.Failures = append(t.Failures, queue.Failure{At: now, Attempt: t.Attempt, Error: why})
		rows.write(tx)
		e.bury(tx, t, now)
		return nil
	})
}

// bury moves a turn and its messages to the dead letters. Its last failure is what it died of.
func (e *Engine) bury(tx *tx, t *schedule.Turn, now time.Time) {
	dead := queue.DeadTurn{
		ID: t.ID, Key: t.Box.Key, Error: t.Failures[len(t.Failures)-1].Error, History: t.Failures, Died: now, Checkpoint: t.Checkpoint,
		Calls: tx.callsOf(t), Parked: t.Parked.View(),
	}
	var err error
	if dead.Messages, err = tx.texts(t.Messages); err != nil {
		// A text that cannot be read must not keep its conversation from going on.
		dead.History = append(dead.History, queue.Failure{At: now, Attempt: t.Attempt, Error: err.Error()})
	}
	e.finish(tx, t)
	body, _ := json.Marshal(dead) // of what was read from JSON
	tx.exec(tx.putDead, string(t.ID), nanos(now), body)
	tx.exec(tx.dropTurn, string(t.ID))
	tx.dropCallsOf(t)
	e.leave(tx, t)
}
