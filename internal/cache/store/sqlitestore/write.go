package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tania/internal/cache/store"
)

// maxBatch is how many changes share a commit at most: more would delay the first of them.
const maxBatch = 256

// change is one operation of a transaction. run writes, and gives what to tell of; its error goes to the caller, and undoes nothing of
// the other changes, so that it must not have written before.
type change struct {
	run   func(*tx) (store.Event, error)
	event store.Event
	err   error
	done  chan error
}

// do runs a change in the writing goroutine's next transaction. It returns after the commit, or when the caller's time is over: the
// change may happen then.
func (s *Store) do(ctx context.Context, run func(*tx) (store.Event, error)) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	c := &change{run: run, done: make(chan error, 1)}
	select {
	case s.changes <- c:
	case <-s.closed:
		return store.ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-s.ended:
		select {
		case err := <-c.done:
			return err
		default:
			return store.ErrClosed
		}
	}
}

// loop is the writing goroutine.
func (s *Store) loop() {
	defer close(s.ended)
	for {
		select {
		case c := <-s.changes:
			s.commit(s.gather(c))
		case <-s.closed:
			if rest := s.gather(); len(rest) > 0 {
				s.commit(rest)
			}
			return
		}
	}
}

// gather takes what else was submitted, while the last commit was made.
func (s *Store) gather(batch ...*change) []*change {
	for len(batch) < maxBatch {
		select {
		case c := <-s.changes:
			batch = append(batch, c)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch in one transaction. When a statement or the commit fails, none of it has happened.
func (s *Store) commit(batch []*change) {
	t := &tx{statements: s.write}
	for _, c := range batch {
		c.event, c.err = c.run(t)
	}
	s.committed.Lock()
	err := t.end()
	if err != nil {
		err = fmt.Errorf("sqlitestore: %w", err)
	}
	for _, c := range batch {
		if err == nil && c.err == nil && c.event.Kind != "" {
			s.log.Append(c.event)
		}
	}
	s.committed.Unlock()
	if t.erases && err == nil {
		s.erase()
	}
	for _, c := range batch {
		c.done <- errors.Join(c.err, err)
	}
}

// erase takes what was forgotten out of the log beside the file; deleted rows are overwritten (secure_delete).
func (s *Store) erase() {
	var busy, log, moved int
	if err := s.write.conn.QueryRowContext(context.Background(), `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &moved); err != nil ||
		busy != 0 {
		s.out.Warn("what was cleared from the cache stays in its log until that is written over", "error", err, "busy", busy)
	}
}

// statements are prepared on the writing connection.
type statements struct {
	conn *sql.Conn
	all  []*sql.Stmt

	begin, commit, rollback *sql.Stmt
	epoch, nextEpoch, rev   *sql.Stmt
	put, drop, dropAll      *sql.Stmt
	touch, learn            *sql.Stmt
}

func prepare(ctx context.Context, conn *sql.Conn) (*statements, error) {
	s := &statements{conn: conn}
	for stmt, query := range map[**sql.Stmt]string{
		&s.begin:     `BEGIN IMMEDIATE`,
		&s.commit:    `COMMIT`,
		&s.rollback:  `ROLLBACK`,
		&s.epoch:     `SELECT epoch FROM state`,
		&s.nextEpoch: `UPDATE state SET epoch = epoch + 1 RETURNING epoch`,
		&s.rev:       `SELECT coalesce(json_extract(body, '$.rev'), 0) FROM entries WHERE id = ?`,
		&s.put: `INSERT INTO entries (id, body, vector) VALUES (?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET body = excluded.body, vector = excluded.vector`,
		&s.drop:    `DELETE FROM entries WHERE id = ?`,
		&s.dropAll: `DELETE FROM entries`,
		&s.touch:   `UPDATE entries SET hits = hits + ?, used = max(used, ?) WHERE id = ?`,
		&s.learn:   `INSERT INTO learnt VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count`,
	} {
		prepared, err := conn.PrepareContext(ctx, query)
		if err != nil {
			return nil, fmt.Errorf("prepare %q: %w", query, errors.Join(err, s.closeAll()))
		}
		*stmt = prepared
		s.all = append(s.all, prepared)
	}
	return s, nil
}

func (s *statements) closeAll() error {
	var errs []error
	for _, stmt := range s.all {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(errs...)
}

// close moves the log into the database file and gives the connection back.
func (s *statements) close() error {
	// Nothing is lost when it fails: the log is read at the next start.
	_, _ = s.conn.ExecContext(context.Background(), `PRAGMA wal_checkpoint(TRUNCATE)`)
	return errors.Join(s.closeAll(), s.conn.Close())
}

// tx is the transaction of one batch. It begins with the first statement; after a statement has failed the others do nothing.
type tx struct {
	*statements
	begun bool
	err   error
	// erases is set by an Erase.
	erases bool
}

func (t *tx) start() bool {
	if t.err == nil && !t.begun {
		_, t.err = t.begin.Exec()
		t.begun = t.err == nil
	}
	return t.err == nil
}

// exec runs a statement that writes, and gives how many rows it changed.
func (t *tx) exec(stmt *sql.Stmt, args ...any) (rows int64) {
	if !t.start() {
		return 0
	}
	result, err := stmt.Exec(args...)
	if t.err = err; err != nil {
		return 0
	}
	rows, _ = result.RowsAffected() // this driver knows it at once and gives no error
	return rows
}

// number reads the number that a statement gives.
func (t *tx) number(stmt *sql.Stmt) (n int64) {
	if t.start() {
		t.err = stmt.QueryRow().Scan(&n)
	}
	return n
}

// revision is an entry's, -1 where there is none.
func (t *tx) revision(id string) (n int64) {
	if !t.start() {
		return 0
	}
	if err := t.rev.QueryRow(id).Scan(&n); errors.Is(err, sql.ErrNoRows) {
		return -1
	} else if err != nil {
		t.err = err
	}
	return n
}

// end commits, or rolls back when a statement failed.
func (t *tx) end() error {
	if t.err == nil && t.begun {
		_, t.err = t.commit.Exec()
	}
	if t.err != nil && t.begun {
		// SQLite may have rolled back by itself, which makes this one fail: there is nothing more to undo then.
		_, _ = t.rollback.Exec()
	}
	return t.err
}
