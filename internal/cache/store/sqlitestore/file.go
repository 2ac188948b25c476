package sqlitestore

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tania/internal/sqlitefile"
)

//go:embed schema.sql
var schema string

// schemaVersion is the file's user_version. A file of a later version is set aside.
const schemaVersion = 3

// migrations lead from each version to the next, the first from version 1.
var migrations = [schemaVersion - 1]string{
	`ALTER TABLE entries ADD COLUMN used INTEGER NOT NULL DEFAULT 0`,
	``, // pages carry checksums, which earlier versions of Tania would make wrong
}

// connect opens the file, with a new schema where it is empty, and looks whether it is whole.
func (s *Store) connect(ctx context.Context) (err error) {
	pragmas := "?_pragma=journal_mode(wal)&_pragma=synchronous(normal)&_pragma=busy_timeout(1000)&_pragma=temp_store(memory)&_pragma=secure_delete(on)&_pragma=journal_size_limit(8388608)"
	if s.pages, err = sqlitefile.New(""); err != nil {
		return err
	}
	vfs := "&vfs=" + s.pages.Name()
	if s.writer, err = sql.Open("sqlite", s.path+pragmas+vfs); err != nil {
		return err
	}
	s.writer.SetMaxOpenConns(1)
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return err
	}
	if err := migrate(ctx, conn); err != nil {
		return errors.Join(err, conn.Close())
	}
	if err := s.seal(ctx, conn); err != nil {
		return errors.Join(err, conn.Close())
	}
	if s.write, err = prepare(ctx, conn); err != nil {
		return errors.Join(err, conn.Close())
	}
	if s.readers, err = sql.Open("sqlite", s.path+"?_pragma=query_only(true)&_pragma=busy_timeout(1000)"+vfs); err != nil {
		return err
	}
	s.readers.SetMaxOpenConns(2)
	return s.readers.PingContext(ctx)
}

// seal rewrites a file of an earlier version, whose pages carry no checksums.
func (s *Store) seal(ctx context.Context, conn *sql.Conn) error {
	if s.pages.Sealed() {
		return nil
	}
	_, err := conn.ExecContext(ctx, `VACUUM; PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

func migrate(ctx context.Context, conn *sql.Conn) error {
	var found string
	if err := conn.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("%w: %s", errDamaged, found)
	}
	var version int
	if err := conn.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	switch {
	case version > 0 && version < schemaVersion:
		_, err := conn.ExecContext(ctx, fmt.Sprintf("BEGIN IMMEDIATE; %s; PRAGMA user_version = %d; COMMIT",
			strings.Join(migrations[version-1:], "; "), schemaVersion))
		return err
	case version == schemaVersion:
		// That it can be written is known only when it is.
		_, err := conn.ExecContext(ctx, `UPDATE state SET epoch = epoch`)
		return err
	case version == 0:
		// The epoch is a time, so that none comes again in a file that is started over.
		_, err := conn.ExecContext(ctx, fmt.Sprintf("BEGIN IMMEDIATE; %s; INSERT INTO state VALUES (%d); PRAGMA user_version = %d; COMMIT",
			schema, time.Now().UnixMilli(), schemaVersion))
		return err
	}
	return fmt.Errorf("%w: it has schema %d", errDamaged, version)
}

// errDamaged means that the file is not one that this version of Tania wrote, or no longer.
var errDamaged = errors.New("not a whole cache")

// hopeless reports whether a file will not get better by itself: anything but a full disk or memory, or somebody else at work.
func hopeless(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return true
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT:
		return false
	}
	return true
}

// beginAnew sets the file aside and makes an empty one.
func (s *Store) beginAnew(ctx context.Context, cause error) error {
	_ = s.disconnect()
	s.readers, s.write, s.writer, s.pages = nil, nil, nil, nil
	aside := s.path + ".damaged"
	if err := os.RemoveAll(aside); err != nil {
		return errors.Join(cause, err)
	}
	if err := os.Rename(s.path, aside); err != nil && !errors.Is(err, os.ErrNotExist) {
		return errors.Join(cause, err)
	}
	for _, part := range []string{"-wal", "-shm"} { // those of the file that is gone
		if err := os.RemoveAll(s.path + part); err != nil {
			return errors.Join(cause, err)
		}
	}
	s.out.Warn("the cache's file cannot be used; it is set aside, and the cache begins empty", "file", s.path, "aside", aside, "error", cause)
	return s.connect(ctx)
}

// disconnect closes what connect opened.
func (s *Store) disconnect() error {
	var errs []error
	if s.readers != nil {
		errs = append(errs, s.readers.Close())
	}
	if s.write != nil {
		errs = append(errs, s.write.close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.Close())
	}
	if s.pages != nil {
		s.pages.Close()
	}
	return errors.Join(errs...)
}
