package sqlitequeue

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
func (e *Engine) checkPages(ctx context.Context, conn *sql.Conn) error {
	// A page that a power cut tore is whole in the log, and there alone, until the log has been moved.
	if emptied, err := emptyLog(ctx, conn); err != nil || !emptied {
		return err
	}
	if !e.pages.Sealed() {
		return e.writeAnew(ctx, conn)
	}
	e.pages.Forget()
	within, stop := context.WithTimeout(ctx, scanFor)
	defer stop()
	scanned, err := e.pages.Scan(within)
	if err != nil {
		return err
	}
	e.left.Unscanned = scanned.Of - scanned.Pages
	if e.left.Pages = e.pages.Findings(); e.left.Pages == (sqlitefile.Findings{}) {
		return nil
	}
	return e.writeAnew(ctx, conn)
}

// emptyLog moves the log into the file. It reports false where another program, which reads the file, is in the way.
func emptyLog(ctx context.Context, conn *sql.Conn) (bool, error) {
	var busy, inLog, moved int
	err := conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &inLog, &moved)
	return busy == 0, err
}

// writeAnew seals all pages, and leaves damaged ones behind that hold nothing. Where it cannot, and nothing is damaged, Left says so, and
// the engine goes on.
func (e *Engine) writeAnew(ctx context.Context, conn *sql.Conn) error {
	err := e.rebuild(ctx, conn)
	switch found := e.pages.Findings(); {
	case err == nil:
		e.pages.Forget()
	case found.Damaged > 0 || errors.Is(err, ErrDamaged):
		return err
	default:
		e.left.NotSealed = err
	}
	return nil
}

func (e *Engine) rebuild(ctx context.Context, conn *sql.Conn) error {
	var size, count int64
	if err := conn.QueryRowContext(ctx, `SELECT page_size, page_count FROM pragma_page_size, pragma_page_count`).Scan(&size, &count); err != nil {
		return err
	}
	if size != sqlitefile.PageSize {
		return fmt.Errorf("its pages have %d bytes, not %d", size, sqlitefile.PageSize)
	}
	if e.left.Pages.Unsealed > 0 {
		if err := checkStructure(ctx, conn); err != nil {
			return err
		}
	}
	by := "memory"
	if size*count > inMemory {
		by = "file"
	}
	_, err := conn.ExecContext(ctx, `PRAGMA temp_store = `+by+`; VACUUM; PRAGMA temp_store = memory`)
	if err != nil {
		return err
	}
	_, err = emptyLog(ctx, conn)
	return err
}

// checkStructure has SQLite look for damage where no checksums are.
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

// diagnosed adds ErrDamaged to SQLite's ways of saying so, and which page it is.
func (e *Engine) diagnosed(err error) error {
	var found *sqlite.Error
	if !errors.As(err, &found) || errors.Is(err, ErrDamaged) {
		return err
	}
	switch code := found.Code(); {
	case code == sqlite3.SQLITE_IOERR_DATA:
		pages := e.pages.Findings()
		return fmt.Errorf("%w: of the pages of %s that were read, %d do not fit their checksums, the first is page %d: %w",
			ErrDamaged, e.path, pages.Damaged, pages.FirstDamaged, err)
	case code&0xff == sqlite3.SQLITE_CORRUPT, code&0xff == sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}
