package sqlitequeue

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Amend implements queue.Queue.
func (e *Engine) Amend(ctx context.Context, key tania.ConversationKey, id tania.MessageID, change func(*tania.Message, bool) bool) (found queue.Amended, err error) {
	err = e.do(ctx, func(tx *tx) error {
		found = queue.Amended{}
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
		if err := queue.Guard(func() { changed = change(&m, t != nil && t.checkpoint != nil) }); err != nil || !changed {
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
func (e *Engine) find(key tania.ConversationKey, id tania.MessageID) (seq int64, t *turn, ok bool) {
	b := e.schedule.mailboxes[key]
	if b == nil {
		return 0, nil, false
	}
	in := func(list []message) bool {
		at := slices.IndexFunc(list, func(m message) bool { return m.id == id })
		if at >= 0 {
			seq = list[at].seq
		}
		return at >= 0
	}
	if in(b.waiting) {
		return seq, nil, true
	}
	for _, t := range b.turns {
		if in(t.messages) {
			return seq, t, true
		}
	}
	return 0, nil, false
}

// amended tells the turn of a message that was changed.
func (e *Engine) amended(tx *tx, t *turn, seq int64, deleted bool) {
	switch {
	case t == nil:
	case t.checkpoint == nil && t.hold != nil:
		t.hold.amended = true
		signal(t.hold.newer)
	case t.checkpoint != nil && !deleted:
		if t.again == nil {
			t.again = map[int64]bool{}
		}
		t.again[seq] = true
		e.save(tx, t)
	}
}

// finish ends a turn's messages, but those that wait again.
func (e *Engine) finish(tx *tx, t *turn) {
	for _, m := range t.messages {
		if t.again[m.seq] {
			tx.exec(tx.setArrived, nanos(e.Clock.Now()), m.seq)
			continue
		}
		tx.exec(tx.endMessage, m.seq)
	}
}

// bringBack puts those of an ended turn's messages among the waiting ones that were changed after it had settled.
func (e *Engine) bringBack(t *turn) {
	for _, m := range t.messages {
		if t.again[m.seq] {
			t.box.add(m, e.Clock.Now())
		}
	}
}
