package sqlitequeue

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/queue/queuetest/conformance"
)

func TestMain(m *testing.M) {
	if work := os.Getenv(childEnv); work != "" {
		os.Exit(child(work))
	}
	goleak.VerifyTestMain(m)
}

func TestConformance(t *testing.T) {
	conformance.Test(t, queuetest.Harness{
		Open: func(t testing.TB, o queue.Options) queuetest.Store { return newStore(t, o) }, FreedAtOpen: true,
	})
}

// store is a queuetest.Store. Its crash opens a copy of the files as they are while the engine is still open, which is
// what a killed process leaves.
type store struct {
	t     testing.TB
	o     queue.Options
	clock *queuetest.Clock
	dir   string
	e     *Engine
}

func newStore(t testing.TB, o queue.Options) *store {
	t.Helper()
	s := &store{t: t, clock: &queuetest.Clock{}}
	o.Clock = s.clock
	s.o = o
	s.open(s.newDir())
	return s
}

func (s *store) newDir() string {
	dir, err := os.MkdirTemp("", "sqlitequeue-*")
	if err != nil {
		s.t.Fatal(err)
	}
	return dir
}

func (s *store) open(dir string) {
	s.t.Helper()
	e, err := Open(context.Background(), filepath.Join(dir, "q.db"), s.o)
	if err != nil {
		s.t.Fatal(err)
	}
	s.dir, s.e = dir, e
}

func (s *store) Engine() queue.Engine { return s.e }
func (s *store) Now() time.Time       { return s.clock.Now() }

func (s *store) Crash() {
	s.t.Helper()
	old, oldDir, dir := s.e, s.dir, s.newDir()
	copyStore(s.t, oldDir, dir)
	s.open(dir)
	_ = old.Close()
	_ = os.RemoveAll(oldDir)
}

func (s *store) Advance(d time.Duration) {
	s.t.Helper()
	s.clock.Advance(d)
	// The writing goroutine looks at the time with every commit.
	if err := s.e.Ready(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *store) Remove() {
	_ = s.e.Close()
	_ = os.RemoveAll(s.dir)
}

func (s *store) Leftovers() map[string]int {
	s.t.Helper()
	left := map[string]int{}
	err := s.e.do(context.Background(), func(*tx) error {
		left["mailboxes"], left["accounts"] = len(s.e.schedule.Mailboxes), s.e.schedule.Ready.Lines.Len()
		left["active turns"], left["holds"] = len(s.e.schedule.Active), len(s.e.held)
		left["delayed"], left["parked"], left["waiters"] = len(s.e.schedule.Delayed), len(s.e.schedule.Parked), len(s.e.waiters)
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, table := range []string{"messages", "turns", "calls", "dead", "conversations", "records"} {
		left[table] = count(s.t, s.e.file.Readers, `SELECT count(*) FROM `+table)
	}
	return left
}

func count(t testing.TB, db *sql.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// copyStore copies a database and its log, as they are on disk now.
func copyStore(t testing.TB, from, to string) {
	t.Helper()
	for _, name := range []string{"q.db", "q.db-wal"} {
		in, err := os.Open(filepath.Join(from, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		out, err := os.Create(filepath.Join(to, name))
		if err == nil {
			_, err = io.Copy(out, in)
			err = errors.Join(err, out.Close(), in.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
