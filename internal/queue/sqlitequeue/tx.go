package sqlitequeue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tania/internal/queue/sqlitequeue/schedule"
	"tania/internal/tania"
)

// statements are prepared on the writing connection.
type statements struct {
	conn *sql.Conn
	all  []*sql.Stmt

	begin, commit, rollback                 *sql.Stmt
	insertMessage, findMessage, dropMessage *sql.Stmt
	messageBody, setMessageBody, endMessage *sql.Stmt
	setArrived                              *sql.Stmt
	putTurn, setCheckpoint, dropTurn        *sql.Stmt
	putDead, deadBody, dropDead             *sql.Stmt
	putCall, settleCall, dropCalls          *sql.Stmt
	conversation, putConversation           *sql.Stmt
	contact, putContact                     *sql.Stmt
	putRecord                               *sql.Stmt
	count, setMeta, getMeta, dropMeta       *sql.Stmt
}

func prepare(ctx context.Context, conn *sql.Conn) (*statements, error) {
	s := &statements{conn: conn}
	for stmt, query := range map[**sql.Stmt]string{
		&s.begin:    `BEGIN IMMEDIATE`,
		&s.commit:   `COMMIT`,
		&s.rollback: `ROLLBACK`,

		&s.insertMessage:  `INSERT INTO messages (account, conversation, id, arrived, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		&s.findMessage:    `SELECT seq, arrived, body IS NULL FROM messages WHERE account = ? AND id = ?`,
		&s.dropMessage:    `DELETE FROM messages WHERE seq = ?`,
		&s.messageBody:    `SELECT body FROM messages WHERE seq = ?`,
		&s.setMessageBody: `UPDATE messages SET body = ? WHERE seq = ?`,
		&s.endMessage:     `UPDATE messages SET body = NULL WHERE seq = ?`,
		&s.setArrived:     `UPDATE messages SET arrived = ? WHERE seq = ?`,

		&s.putTurn: `INSERT INTO turns (id, account, conversation, seqs, attempt, token, restarts, deferred, due, failures, checkpoint, parked)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET seqs = excluded.seqs, attempt = excluded.attempt, token = excluded.token,
			restarts = excluded.restarts, deferred = excluded.deferred, due = excluded.due, failures = excluded.failures, parked = excluded.parked`,
		&s.setCheckpoint: `UPDATE turns SET checkpoint = ? WHERE id = ?`,
		&s.dropTurn:      `DELETE FROM turns WHERE id = ?`,

		&s.putDead:  `INSERT OR REPLACE INTO dead (id, died, body) VALUES (?, ?, ?)`,
		&s.deadBody: `SELECT body FROM dead WHERE id = ?`,
		&s.dropDead: `DELETE FROM dead WHERE id = ?`,

		&s.putCall:    `INSERT INTO calls (turn, number, intent, result) VALUES (?, ?, ?, ?)`,
		&s.settleCall: `UPDATE calls SET result = ? WHERE turn = ? AND number = ?`,
		&s.dropCalls:  `DELETE FROM calls WHERE turn = ?`,

		&s.conversation:    `SELECT body FROM conversations WHERE account = ? AND conversation = ?`,
		&s.putConversation: `INSERT OR REPLACE INTO conversations (account, conversation, updated, body) VALUES (?, ?, ?, ?)`,
		&s.contact:         `SELECT body FROM contacts WHERE account = ? AND contact = ?`,
		&s.putContact:      `INSERT OR REPLACE INTO contacts (account, contact, body) VALUES (?, ?, ?)`,
		&s.putRecord:       `INSERT OR REPLACE INTO records (account, conversation, message, at, body, missed) VALUES (?, ?, ?, ?, ?, ?)`,
		&s.count:           `INSERT INTO counters VALUES (?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value`,
		&s.setMeta:         `INSERT OR REPLACE INTO meta VALUES (?, ?)`,
		&s.getMeta:         `SELECT value FROM meta WHERE name = ?`,
		&s.dropMeta:        `DELETE FROM meta WHERE name = ?`,
	} {
		prepared, err := conn.PrepareContext(ctx, query)
		if err != nil {
			return nil, fmt.Errorf("prepare %q: %w", query, err)
		}
		*stmt = prepared
		s.all = append(s.all, prepared)
	}
	return s, nil
}

func (s *statements) close() error {
	var errs []error
	for _, stmt := range s.all {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(errs...)
}

// tx is the transaction of one batch. It begins with the first statement; after a statement has failed the others do nothing, every
// operation of the batch gets its error, and the schedule is read again: what operations do to it after that counts for nothing.
type tx struct {
	*statements
	begun bool
	err   error
	// ended are the claims that end with this transaction.
	ended []*schedule.Hold
}

func (t *tx) start() bool {
	if t.err == nil && !t.begun {
		_, t.err = t.begin.Exec()
		t.begun = t.err == nil
	}
	return t.err == nil
}

// exec runs a statement that writes.
func (t *tx) exec(stmt *sql.Stmt, args ...any) sql.Result {
	if !t.start() {
		return nil
	}
	var result sql.Result
	result, t.err = stmt.Exec(args...)
	return result
}

// one reads a row; it reports false when there is none.
func (t *tx) one(stmt *sql.Stmt, args []any, into ...any) bool {
	if !t.start() {
		return false
	}
	err := stmt.QueryRow(args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false
	}
	t.err = err
	return err == nil
}

// insert stores a message; it reports false when its id is there already.
func (t *tx) insert(key tania.ConversationKey, id tania.MessageID, arrived time.Time, body []byte) (seq int64, inserted bool) {
	result := t.exec(t.insertMessage, key.Account, key.Conversation, id, nanos(arrived), body)
	if t.err != nil {
		return 0, false
	}
	// This driver knows both numbers at once and gives no errors for them.
	rows, _ := result.RowsAffected()
	seq, _ = result.LastInsertId()
	return seq, rows > 0
}

// texts reads messages; what could be read comes with an error too.
func (t *tx) texts(refs []schedule.Ref) (list []tania.Message, err error) {
	for _, ref := range refs {
		var body []byte
		if !t.one(t.messageBody, []any{ref.Seq}, &body) {
			err = errors.Join(err, t.err)
			continue
		}
		var m tania.Message
		if bad := json.Unmarshal(body, &m); bad != nil {
			err = errors.Join(err, fmt.Errorf("sqlitequeue: message %d: %w", ref.ID, bad))
			continue
		}
		list = append(list, m)
	}
	return list, err
}

// end commits, or rolls back when a statement failed.
func (t *tx) end() error {
	if t.err == nil && t.begun {
		_, t.err = t.commit.Exec()
	}
	if t.err != nil {
		// Where nothing has begun, or SQLite has rolled back by itself, this fails: there is nothing to undo then.
		_, _ = t.rollback.Exec()
	}
	return t.err
}
