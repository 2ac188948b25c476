package sqlitequeue

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue/schedule"
	"tania/internal/tania"
)

// Amend implements queue.Queue.
func (e *Engine) Amend(
	ctx context.Context, key tania.ConversationKey, id tania.MessageID, change func(*tania.Message, bool) bool,
) (found queue.Amended, err error) {
	err = e.do(ctx, func(tx *tx) error {
		seq, t, ok := e.find(key, id)
		if !ok {
			return nil
		}
		found.Known = true
		var body []byte
		if !tx.one(tx.messageBody, []any{seq}, &body) {
			return tx.err
		}
		var m tania.Message
		if err := json.Unmarshal(body, &m); err != nil {
			return fmt.Errorf("sqlitequeue: amend: %w", err)
		}
		changed := false
		if err := queue.Guard(func() { changed = change(&m, t != nil && t.Checkpoint != nil) }); !changed {
			return err
		}
		// The ids are the message's name, not its text.
		m.Key, m.ID = key, id
		if body, err = json.Marshal(m); err != nil {
			return fmt.Errorf("sqlitequeue: amend: %w", err)
		}
		tx.exec(tx.setMessageBody, body, seq)
		e.amended(tx, t, seq, m.Deleted)
		found.Changed = tx.err == nil
		return tx.err
	})
	if err != nil {
		found = queue.Amended{}
	}
	return found, err
}

// find finds a message that is not done, and its turn if it is in one.
func (e *Engine) find(key tania.ConversationKey, id tania.MessageID) (seq int64, t *schedule.Turn, ok bool) {
	b := e.schedule.Mailboxes[key]
	if b == nil {
		return 0, nil, false
	}
	in := func(list []schedule.Ref) bool {
		at := slices.IndexFunc(list, func(m schedule.Ref) bool { return m.ID == id })
		if at >= 0 {
			seq = list[at].Seq
		}
		return at >= 0
	}
	if in(b.Waiting) {
		return seq, nil, true
	}
	for _, t := range b.Turns {
		if in(t.Messages) {
			return seq, t, true
		}
	}
	return 0, nil, false
}

// amended tells the turn of a message that was changed.
func (e *Engine) amended(tx *tx, t *schedule.Turn, seq int64, deleted bool) {
	switch {
	case t == nil:
	case t.Checkpoint == nil && t.Hold != nil:
		t.Hold.Amended = true
		signal(t.Hold.Newer)
	case t.Checkpoint != nil && !deleted:
		t.ComesAgain(seq)
		e.save(tx, t)
	}
}

// finish ends a turn's messages, but those that wait again.
func (e *Engine) finish(tx *tx, t *schedule.Turn) {
	for _, m := range t.Messages {
		if t.Again[m.Seq] {
			tx.exec(tx.setArrived, nanos(e.Clock.Now()), m.Seq)
			continue
		}
		tx.exec(tx.endMessage, m.Seq)
	}
}

// bringBack puts those of an ended turn's messages among the waiting ones that were changed after it had settled.
func (e *Engine) bringBack(t *schedule.Turn) {
	for _, m := range t.Messages {
		if t.Again[m.Seq] {
			t.Box.Add(m, e.Clock.Now())
		}
	}
}
