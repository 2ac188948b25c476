package sqlitequeue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"tania/internal/queue/sqlitequeue/wal"
	"tania/internal/sqlitefile"
)

// metaLost is the name in meta of what was lost with damaged logs.
const metaLost = "lost"

// lostMark is its value.
type lostMark struct {
	Transactions int64 `json:"transactions"`
	// Pages counts those with a flipped bit that was put right.
	Pages int64     `json:"pages,omitzero"`
	At    time.Time `json:"at"`
}

// Left is what Open found in the files that an earlier process left.
type Left struct {
	// Finding is of the log; Copy is where the log was copied to if transactions were lost with it.
	wal.Finding
	Copy string
	// Pages are those of the file that were not whole. Nothing is lost with them: Open fails where something is.
	Pages sqlitefile.Findings
	// Unscanned counts pages that there was no time to look at; they are checked when they are read.
	Unscanned int64
	// NotSealed is why the file could not be written anew with checksums, nil if it has them.
	NotSealed error
}

// Left gives what Open found.
func (e *Engine) Left() Left { return e.left }

// examine looks at the log before SQLite recovers it, which says nothing of what it leaves out. A log with which something was lost is copied:
// SQLite writes it from its beginning again. Logs on a disk of a test are not looked at.
func (e *Engine) examine() (err error) {
	if e.vfs != "" {
		return nil
	}
	log := e.path + "-wal"
	if e.left.Finding, err = wal.ExamineFile(log); err != nil || e.left.Lost == 0 {
		return err
	}
	e.left.Copy = fmt.Sprintf("%s.damaged-%d", log, e.Clock.Now().Unix())
	return copyFile(log, e.left.Copy)
}

func copyFile(from, to string) error {
	source, err := os.Open(from) //nolint:gosec // the operator names the database
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // beside it
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Sync(), target.Close())
}

// countLost adds what was lost with the log and put right in the file to what was before, for Stats.
func (e *Engine) countLost(ctx context.Context, conn *sql.Conn) error {
	var value string
	switch err := conn.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = ?`, metaLost).Scan(&value); {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	default:
		if err := json.Unmarshal([]byte(value), &e.lost); err != nil {
			return fmt.Errorf("meta %s: %w", metaLost, err)
		}
	}
	if e.left.Lost+e.left.Pages.Corrected == 0 {
		return nil
	}
	e.lost.Transactions, e.lost.Pages = e.lost.Transactions+int64(e.left.Lost), e.lost.Pages+int64(e.left.Pages.Corrected)
	e.lost.At = e.Clock.Now()
	mark, err := json.Marshal(e.lost)
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `INSERT OR REPLACE INTO meta VALUES (?, ?)`, metaLost, string(mark))
	return err
}

// countCorrected looks whether pages had a flipped bit that were read since the start. They are put right in the file at the next start, if
// they are not written before.
func (e *Engine) countCorrected(now time.Time) {
	if n := e.pages.Findings().Corrected; n != e.corrected {
		e.corrected, e.lost.At = n, now
	}
}
