package file

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

// metaLost is the name in meta of what was lost or put right.
const metaLost = "lost"

// Lost is what was ever lost or put right with damage to the file.
type Lost struct {
	// Transactions were lost with damaged logs: at least so many.
	Transactions int64 `json:"transactions"`
	// Pages counts those with a flipped bit that was put right.
	Pages int64 `json:"pages,omitzero"`
	// At is when either was last found.
	At time.Time `json:"at"`
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

// examine looks at the log before SQLite recovers it, which says nothing of what it leaves out. A log with which something was lost is
// copied: SQLite writes it from its beginning again. Logs on a disk of a test are not looked at.
func (f *File) examine() (err error) {
	if f.vfs != "" {
		return nil
	}
	log := f.path + "-wal"
	if f.Left.Finding, err = wal.ExamineFile(log); err != nil || f.Left.Lost == 0 {
		return err
	}
	f.Left.Copy = fmt.Sprintf("%s.damaged-%d", log, f.clock.Now().Unix())
	return copyFile(log, f.Left.Copy)
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
func (f *File) countLost(ctx context.Context) error {
	var value string
	switch err := f.Writer.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = ?`, metaLost).Scan(&value); {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	default:
		if err := json.Unmarshal([]byte(value), &f.lost); err != nil {
			return fmt.Errorf("meta %s: %w", metaLost, err)
		}
	}
	if f.Left.Lost == 0 && f.Left.Pages.Corrected == 0 {
		return nil
	}
	f.lost.Transactions, f.lost.Pages = f.lost.Transactions+int64(f.Left.Lost), f.lost.Pages+int64(f.Left.Pages.Corrected)
	f.lost.At = f.clock.Now()
	mark, err := json.Marshal(f.lost)
	if err != nil {
		return err
	}
	_, err = f.Writer.ExecContext(ctx, `INSERT OR REPLACE INTO meta VALUES (?, ?)`, metaLost, string(mark))
	return err
}

// Lost gives what was lost or put right, also since the start: such pages are put right in the file at the next start, if they are not
// written before. It is for one goroutine.
func (f *File) Lost() Lost {
	if n := f.pages.Findings().Corrected; n != f.corrected {
		f.corrected, f.lost.At = n, f.clock.Now()
	}
	all := f.lost
	all.Pages += int64(f.corrected)
	return all
}
