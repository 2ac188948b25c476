package file

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tania/internal/sqlitefile"
)

const (
	// scanFor is how long a start looks at the file's pages at most: what it does not get to is checked when it is read.
	scanFor = 10 * time.Second
	// inMemory is how large a file may be, in bytes, to be written anew by way of memory; a larger one goes by way of a temporary file.
	inMemory = 64 << 20
)

// checkPages looks at all pages, and writes a file anew in which one was not whole, or whose pages carry no checksums yet. It fails where
// something is lost with a page.
func (f *File) checkPages(ctx context.Context) error {
	// A page that a power cut tore is whole in the log, and there alone, until the log has been moved.
	if emptied, err := emptyLog(ctx, f.Writer); err != nil || !emptied {
		return err
	}
	if !f.pages.Sealed() {
		return f.writeAnew(ctx)
	}
	f.pages.Forget() // the first page was looked at before that
	within, stop := context.WithTimeout(ctx, scanFor)
	defer stop()
	scanned, err := f.pages.Scan(within)
	if err != nil {
		return err
	}
	f.Left.Unscanned = scanned.Of - scanned.Pages
	if f.Left.Pages = f.pages.Findings(); f.Left.Pages == (sqlitefile.Findings{}) {
		return nil
	}
	return f.writeAnew(ctx)
}

// emptyLog moves the log into the file. It reports false where another program, which reads the file, is in the way.
func emptyLog(ctx context.Context, conn *sql.Conn) (bool, error) {
	var busy, inLog, moved int
	err := conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &inLog, &moved)
	return busy == 0, err
}

// writeAnew seals all pages, and leaves damaged ones behind that hold nothing. Where it cannot, and nothing is damaged, Left says so, and
// the engine goes on.
func (f *File) writeAnew(ctx context.Context) error {
	err := f.rebuild(ctx)
	switch found := f.pages.Findings(); {
	case err == nil:
		f.pages.Forget()
	case found.Damaged > 0 || errors.Is(err, ErrDamaged):
		return err
	default:
		f.Left.NotSealed = err
	}
	return nil
}

func (f *File) rebuild(ctx context.Context) error {
	var size, count int64
	if err := f.Writer.QueryRowContext(ctx, `SELECT page_size, page_count FROM pragma_page_size, pragma_page_count`).Scan(&size,
		&count); err != nil {
		return err
	}
	if size != sqlitefile.PageSize {
		return fmt.Errorf("its pages have %d bytes, not %d", size, sqlitefile.PageSize)
	}
	if err := checkStructure(ctx, f.Writer); err != nil {
		return err
	}
	by := "memory"
	if size*count > inMemory {
		by = "file"
	}
	_, err := f.Writer.ExecContext(ctx, `PRAGMA temp_store = `+by+`; VACUUM; PRAGMA temp_store = memory`)
	if err != nil {
		return err
	}
	_, err = emptyLog(ctx, f.Writer)
	return err
}

// checkStructure has SQLite look for damage that checksums would make good for whole.
func checkStructure(ctx context.Context, conn *sql.Conn) error {
	var found string
	if err := conn.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, found)
	}
	return nil
}

// Diagnosed adds ErrDamaged to SQLite's ways of saying so, and which page it is.
func (f *File) Diagnosed(err error) error {
	var found *sqlite.Error
	if !errors.As(err, &found) || errors.Is(err, ErrDamaged) {
		return err
	}
	switch code := found.Code(); {
	case code == sqlite3.SQLITE_IOERR_DATA:
		pages := f.pages.Findings()
		return fmt.Errorf("%w: of the pages of %s that were read, %d do not fit their checksums, the first is page %d: %w",
			ErrDamaged, f.path, pages.Damaged, pages.FirstDamaged, err)
	case code&0xff == sqlite3.SQLITE_CORRUPT, code&0xff == sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}
