package sqlitequeue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

var errSeen = errors.New("sqlitequeue: message seen before")

// Push implements queue.Queue.
func (e *Engine) Push(ctx context.Context, m tania.Message) (queue.Receipt, error) {
	if m.ID <= 0 || m.Key.Account <= 0 || m.Key.Conversation <= 0 {
		return queue.Receipt{}, fmt.Errorf("sqlitequeue: push: message %d of conversation %s: ids are positive", m.ID, m.Key)
	}
	body, err := json.Marshal(m)
	if err != nil {
		return queue.Receipt{}, fmt.Errorf("sqlitequeue: push: %w", err)
	}
	err = e.do(ctx, func(tx *tx) error { return e.push(tx, m.Key, m.ID, body) })
	if errors.Is(err, errSeen) {
		return queue.Receipt{Duplicate: true}, nil
	}
	return queue.Receipt{}, err
}

func (e *Engine) push(tx *tx, key tania.ConversationKey, id tania.MessageID, body []byte) error {
	now := e.Clock.Now()
	seq, inserted := tx.insert(key, id, now, body)
	by := now.Add(-e.DedupFor)
	if e.DedupFor == 0 {
		by = time.Time{}
	}
	if !inserted && e.forget(tx, key.Account, id, by) {
		seq, inserted = tx.insert(key, id, now, body)
	}
	if tx.err != nil {
		return tx.err
	}
	if !inserted {
		e.tally.duplicates++
		return errSeen
	}
	e.tally.messages++
	b := e.schedule.box(key)
	b.add(message{id, seq}, now)
	if t := b.current(); t == nil {
		e.place(b)
	} else if t.hold != nil {
		signal(t.hold.newer)
	}
	return nil
}

// forget drops the dedup mark of a message that is done and arrived by the given time; the zero time is any, for the clock may have been
// set back since.
func (e *Engine) forget(tx *tx, account tania.AccountID, id tania.MessageID, by time.Time) bool {
	var seq, arrived int64
	var done bool
	if !tx.one(tx.findMessage, []any{account, id}, &seq, &arrived, &done) || !done || !by.IsZero() && arrived > nanos(by) {
		return false
	}
	tx.exec(tx.dropMessage, seq)
	return tx.err == nil
}

func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

func (e *Engine) place(b *mailbox) {
	e.schedule.place(b, e.Clock.Now(), e.Debounce, e.DebounceMax)
}

// Amend implements queue.Queue.
func (e *Engine) Amend(ctx context.Context, key tania.ConversationKey, id tania.MessageID, change func(*tania.Message)) (amended bool, err error) {
	err = e.do(ctx, func(tx *tx) error {
		amended = false
		seq, ok := e.unclaimed(key, id)
		if !ok {
			return nil
		}
		var body []byte
		if !tx.one(tx.messageBody, []any{seq}, &body) {
			return tx.err
		}
		var m tania.Message
		if err := json.Unmarshal(body, &m); err != nil {
			return fmt.Errorf("sqlitequeue: amend: %w", err)
		}
		if err := queue.Guard(func() { change(&m) }); err != nil {
			return err
		}
		// The ids are the message's name, not its text.
		m.Key, m.ID = key, id
		if body, err = json.Marshal(m); err != nil {
			return fmt.Errorf("sqlitequeue: amend: %w", err)
		}
		tx.exec(tx.setMessageBody, body, seq)
		amended = tx.err == nil
		return tx.err
	})
	return amended && err == nil, err
}

// unclaimed finds a message that no worker holds and that is in no checkpointed turn.
func (e *Engine) unclaimed(key tania.ConversationKey, id tania.MessageID) (seq int64, ok bool) {
	b := e.schedule.mailboxes[key]
	if b == nil {
		return 0, false
	}
	for _, m := range b.waiting {
		if m.id == id {
			return m.seq, true
		}
	}
	for _, t := range b.turns {
		if t.hold != nil || t.checkpoint != nil {
			continue
		}
		for _, m := range t.messages {
			if m.id == id {
				return m.seq, true
			}
		}
	}
	return 0, false
}
