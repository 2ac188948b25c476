package sqlitequeue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue/schedule"
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
	err = e.do(ctx, func(tx *tx) error { return e.push(tx, &m, body) })
	if errors.Is(err, errSeen) {
		return queue.Receipt{Duplicate: true}, nil
	}
	return queue.Receipt{}, err
}

func (e *Engine) push(tx *tx, m *tania.Message, body []byte) error {
	now := e.Clock.Now()
	by := now.Add(-e.DedupFor)
	if e.DedupFor == 0 || m.Revision > 0 {
		by = time.Time{}
	}
	var seq int64
	inserted, noted := false, e.noted(tx, m)
	if !noted {
		seq, inserted = tx.insert(m.Key, m.ID, now, body)
	}
	if !inserted && !noted && e.forget(tx, m.Key.Account, m.ID, by) {
		seq, inserted = tx.insert(m.Key, m.ID, now, body)
	}
	if inserted && m.Revision > 0 {
		tx.exec(tx.insertMessage, m.Key.Account, m.Key.Conversation, noteOf(m), nanos(now), nil)
	}
	if tx.err != nil {
		return tx.err
	}
	if !inserted {
		e.tally.duplicates++
		return errSeen
	}
	e.tally.messages++
	b := e.schedule.Box(m.Key)
	b.Inbox = m.Inbox
	b.Add(schedule.Ref{ID: m.ID, Seq: seq}, now)
	if t := b.Current(); t == nil {
		e.place(b)
	} else if t.Hold != nil {
		signal(t.Hold.Newer)
	}
	return nil
}

// mostRevisions is how many revisions of a message are told apart.
const mostRevisions = 256

// noteOf is the id under which a revision of a message is remembered: a done message of its own, with an id that no message has.
func noteOf(m *tania.Message) tania.MessageID {
	return -(m.ID*mostRevisions + tania.MessageID(m.Revision%mostRevisions))
}

// noted reports whether a revision came before.
func (e *Engine) noted(tx *tx, m *tania.Message) bool {
	var seq, arrived int64
	var done bool
	return m.Revision > 0 && tx.one(tx.findMessage, []any{m.Key.Account, noteOf(m)}, &seq, &arrived, &done)
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

func (e *Engine) place(b *schedule.Mailbox) {
	e.schedule.Place(b, e.Clock.Now(), e.Debounce, e.DebounceMax)
}
