// Package file is the embedded engine's SQLite file: who has it, its connections, its schema, and what damage an earlier process or the
// disk left in it. What is in its tables is the engine's business.
package file

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"

	"tania/internal/queue"
	"tania/internal/sqlitefile"
)

// Errors of Open that a person must fix.
var (
	// ErrInUse means that another process has the file.
	ErrInUse = errors.New("sqlitequeue: the data directory is in use by another Tania process; stop it, or set another TANIA_DATA_DIR")
	// ErrDamaged means that the file cannot be read as a database, or not whole.
	ErrDamaged = errors.New("sqlitequeue: the database is damaged or is no SQLite file; restore it from a backup, or move it away to begin with an empty one")
	// ErrNewer means that a later version of Tania wrote the file.
	ErrNewer = errors.New("sqlitequeue: the database was written by a newer version of Tania; run that version, restore a backup from before the update, or set another TANIA_DATA_DIR")
)

// File is an open file, which no other process has.
type File struct {
	// Writer is the one connection that writes; Readers are for everybody.
	Writer  *sql.Conn
	Readers *sql.DB
	// Left is what an earlier process left.
	Left Left
	// Opens counts how often the file was opened, this time included.
	Opens uint64

	path  string
	vfs   string
	clock queue.Clock
	lock  *flock.Flock
	// pages seals the pages of the file, and checks them as they are read.
	pages *sqlitefile.Layer
	db    *sql.DB // of Writer
	lost  Lost
	// corrected counts pages with a flipped bit that were read since the start.
	corrected int
}

// Open opens or creates the file, takes its lock, and brings it up to the newest schema. vfs is the name by which SQLite knows the disk,
// the system's where it is empty; the lock is always on the system's.
func Open(ctx context.Context, vfs, path string, clock queue.Clock) (*File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil { //nolint:gosec // the operator names it
		return nil, fmt.Errorf("sqlitequeue: open: %w", err)
	}
	lock := flock.New(path + ".lock")
	if locked, err := lock.TryLock(); err != nil {
		return nil, fmt.Errorf("sqlitequeue: lock %s: %w", lock.Path(), err)
	} else if !locked {
		return nil, fmt.Errorf("%w (%s)", ErrInUse, lock.Path())
	}
	f := &File{path: path, vfs: vfs, clock: clock, lock: lock}
	if err := f.connect(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("sqlitequeue: open %s: %w", path, f.Diagnosed(err)), f.Close())
	}
	return f, nil
}

// connect opens the connections, brings the schema up and looks for damage.
func (f *File) connect(ctx context.Context) (err error) {
	if err := f.examine(); err != nil {
		return err
	}
	if f.pages, err = sqlitefile.New(f.vfs); err != nil {
		return err
	}
	if f.db, err = f.database("journal_mode(wal)", "synchronous(full)", "busy_timeout(5000)", "temp_store(memory)"); err != nil {
		return err
	}
	if f.Writer, err = f.db.Conn(ctx); err != nil {
		return err
	}
	if err := migrate(ctx, f.Writer); err != nil {
		return err
	}
	if err := f.checkPages(ctx); err != nil {
		return err
	}
	if f.Readers, err = f.database("query_only(true)", "busy_timeout(5000)"); err != nil {
		return err
	}
	f.Readers.SetMaxOpenConns(4)
	f.Readers.SetMaxIdleConns(f.Readers.Stats().MaxOpenConnections) // all of them stay
	return errors.Join(f.countOpening(ctx), f.countLost(ctx))
}

// database makes connections to the file, each with these pragmas set.
func (f *File) database(pragmas ...string) (*sql.DB, error) {
	return sql.Open("sqlite", f.path+"?_pragma="+strings.Join(pragmas, "&_pragma=")+"&vfs="+f.pages.Name())
}

func (f *File) countOpening(ctx context.Context) error {
	var value string
	err := f.Writer.QueryRowContext(ctx, `INSERT INTO meta VALUES ('opens', '1')
		ON CONFLICT DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) RETURNING value`).Scan(&value)
	if err != nil {
		return err
	}
	f.Opens, err = strconv.ParseUint(value, 10, 31)
	return err
}

// Close moves the log into the file, which makes the next start fast and the file alone a backup, and gives the file free. A statement that
// is still open would keep its connection open in this process.
func (f *File) Close() error {
	var errs []error
	if f.Readers != nil {
		errs = append(errs, f.Readers.Close())
	}
	if f.Writer != nil {
		// Nothing is lost when it fails: the log is read at the next start.
		_, _ = f.Writer.ExecContext(context.Background(), `PRAGMA wal_checkpoint(TRUNCATE)`)
		errs = append(errs, f.Writer.Close())
	}
	if f.db != nil {
		errs = append(errs, f.db.Close())
	}
	if f.pages != nil {
		f.pages.Close()
	}
	return errors.Join(append(errs, f.lock.Unlock())...)
}
