package sqlitequeue

import (
	"context"
	"encoding/json"
	"fmt"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Contact implements queue.Memory.
func (e *Engine) Contact(ctx context.Context, account tania.AccountID, contact tania.ContactID) (m tania.ContactMemory, err error) {
	found, err := list[tania.ContactMemory](ctx, e, `SELECT body FROM contacts WHERE account = ? AND contact = ?`, account, contact)
	if len(found) > 0 {
		m = found[0]
	}
	return m, err
}

// UpdateContact implements queue.Memory.
func (e *Engine) UpdateContact(
	ctx context.Context, account tania.AccountID, contact tania.ContactID, change func(*tania.ContactMemory) bool,
) (m tania.ContactMemory, err error) {
	err = e.do(ctx, func(tx *tx) error {
		var body []byte
		if tx.one(tx.contact, []any{account, contact}, &body) {
			if err := json.Unmarshal(body, &m); err != nil {
				return fmt.Errorf("sqlitequeue: contact %d: %w", contact, err)
			}
		}
		if tx.err != nil {
			return tx.err
		}
		changed := false
		if err := queue.Guard(func() { changed = change(&m) }); !changed {
			return err
		}
		if body, err = json.Marshal(m); err != nil {
			return fmt.Errorf("sqlitequeue: contact %d: %w", contact, err)
		}
		tx.exec(tx.putContact, account, contact, body)
		return tx.err
	})
	return m, err
}

// dropContact forgets what is known of a contact; erase rewrites the file after it.
func (e *Engine) dropContact(ctx context.Context, account tania.AccountID, contact tania.ContactID) error {
	return e.do(ctx, func(tx *tx) error {
		if !tx.start() {
			return tx.err
		}
		_, err := tx.conn.ExecContext(context.Background(), `DELETE FROM contacts WHERE account = ? AND contact = ?`, account, contact)
		return err
	})
}
