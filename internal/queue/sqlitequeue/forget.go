package sqlitequeue

import (
	"context"
	"errors"
	"fmt"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Forget implements queue.Engine. The file is written again without what was erased, which takes about a second for each 80 MB of
// it, and what else is written waits for that.
func (e *Engine) Forget(
	ctx context.Context, account tania.AccountID, contact tania.ContactID, also ...func(context.Context) error,
) (queue.Forgotten, error) {
	if account <= 0 || contact <= 0 {
		return queue.Forgotten{}, fmt.Errorf("sqlitequeue: forget: contact %d of account %d: ids are positive", contact, account)
	}
	is := func(key tania.ConversationKey, c tania.Contact) bool {
		return key.Account == account && c.ID == contact
	}
	keys, err := e.conversationsOf(ctx, func(m *tania.Message) bool { return is(m.Key, m.Contact) }, is)
	if err != nil {
		return queue.Forgotten{}, err
	}
	if err := e.dropContact(ctx, account, contact); err != nil {
		return queue.Forgotten{}, err
	}
	var all queue.Forgotten
	erased, err := e.erase(ctx, keys)
	for _, f := range erased {
		all.Add(f)
	}
	for _, erase := range also { // from other files than this one
		if err == nil {
			err = erase(ctx)
		}
	}
	return all, err
}

// ForgetMessages erases the conversations in which of finds a message that waits, and says how many messages of each. Where none waits, an
// earlier one may still be in the file's unused parts or in the log: they are emptied all the same.
func (e *Engine) ForgetMessages(ctx context.Context, of func(*tania.Message) bool) (map[tania.ConversationKey]int64, error) {
	keys, err := e.conversationsOf(ctx, of, func(tania.ConversationKey, tania.Contact) bool { return false })
	if err != nil {
		return nil, err
	}
	erased, err := e.erase(ctx, keys)
	messages := map[tania.ConversationKey]int64{}
	for key, f := range erased {
		messages[key] = f.Messages
	}
	return messages, err
}

// ofContact is what says whose a conversation is.
type ofContact struct {
	Key     tania.ConversationKey `json:"key"`
	Contact tania.Contact         `json:"contact"`
}

// conversationsOf looks for a contact in all that is stored.
func (e *Engine) conversationsOf(
	ctx context.Context, of func(*tania.Message) bool, is func(tania.ConversationKey, tania.Contact) bool,
) (map[tania.ConversationKey]bool, error) {
	keys := map[tania.ConversationKey]bool{}
	err := errors.Join(
		each(ctx, e, `SELECT body FROM conversations`, nil, func(c *ofContact) {
			if is(c.Key, c.Contact) {
				keys[c.Key] = true
			}
		}),
		each(ctx, e, `SELECT body FROM messages WHERE body IS NOT NULL`, nil, func(m *tania.Message) {
			if of(m) {
				keys[m.Key] = true
			}
		}),
		each(ctx, e, `SELECT body FROM dead`, nil, func(d *queue.DeadTurn) {
			for i := range d.Messages {
				if of(&d.Messages[i]) {
					keys[d.Key] = true
				}
			}
		}))
	return keys, err
}

// erase removes conversations, and then what is left of them in the file's unused parts and in the log. With an error that comes after the
// commit it gives what was erased too.
func (e *Engine) erase(
	ctx context.Context, keys map[tania.ConversationKey]bool,
) (erased map[tania.ConversationKey]queue.Forgotten, err error) {
	committed := false
	rewrite := func() error {
		committed = true
		return e.rewrite()
	}
	erased = map[tania.ConversationKey]queue.Forgotten{}
	err = e.submit(ctx, &op{done: make(chan error, 1), after: rewrite, run: func(tx *tx) error {
		for key := range keys {
			erased[key] = e.eraseOne(tx, key)
		}
		return tx.err
	}})
	if !committed {
		erased = nil
	}
	return erased, err
}

func (e *Engine) eraseOne(tx *tx, key tania.ConversationKey) (f queue.Forgotten) {
	if b := e.schedule.Mailboxes[key]; b != nil {
		for _, t := range b.Turns {
			e.letGo(tx, t)
		}
		b.Turns, b.Waiting = nil, nil
		e.place(b)
	}
	for _, d := range []struct {
		stmt  string
		count *int64
	}{
		{`UPDATE messages SET body = NULL WHERE account = ? AND conversation = ? AND body IS NOT NULL`, &f.Messages},
		{`DELETE FROM calls WHERE turn IN (SELECT id FROM turns WHERE account = ? AND conversation = ?)`, nil},
		{`DELETE FROM turns WHERE account = ? AND conversation = ?`, nil},
		{`DELETE FROM dead WHERE json_extract(CAST(body AS TEXT), '$.key.account') = ? AND json_extract(CAST(body AS TEXT), '$.key.conversation') = ?`, &f.DeadTurns},
		{`DELETE FROM records WHERE account = ? AND conversation = ?`, &f.Records},
		{`DELETE FROM conversations WHERE account = ? AND conversation = ?`, nil},
	} {
		if !tx.start() {
			return f
		}
		result, err := tx.conn.ExecContext(context.Background(), d.stmt, key.Account, key.Conversation)
		if err != nil {
			tx.err = err
			return f
		}
		if n, _ := result.RowsAffected(); d.count != nil {
			*d.count += n
		}
	}
	f.Conversations = 1
	return f
}

// rewrite makes the file again from what counts in it, and empties the log. Deleting alone would leave copies of rows in pages that
// SQLite moved them from.
func (e *Engine) rewrite() error {
	ctx := context.Background()
	if _, err := e.write.conn.ExecContext(ctx, `VACUUM`); err != nil {
		return e.unavailable("forget", err)
	}
	var busy, log, moved int
	// Readers of a moment ago may still need the log; the connection waits for them, within its busy_timeout.
	if err := e.write.conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &moved); err != nil {
		return e.unavailable("forget", err)
	}
	if busy != 0 {
		return fmt.Errorf("sqlitequeue: forget: %w: the log is being read; repeat it", queue.ErrUnavailable)
	}
	return nil
}
