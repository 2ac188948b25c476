package file

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tania/internal/queue"
)

func open(t *testing.T, path string) *File {
	t.Helper()
	f, err := Open(t.Context(), "", path, queue.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func execute(t *testing.T, f *File, statement string, args ...any) {
	t.Helper()
	if _, err := f.Writer.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

func closed(t *testing.T, f *File) {
	t.Helper()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestAFileBelongsToOneProcess, and each opening is counted.
func TestAFileBelongsToOneProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "made", "q.db")
	for opens := range uint64(3) {
		f := open(t, path)
		if f.Opens != opens+1 || f.Left != (Left{}) || f.Lost() != (Lost{}) {
			t.Errorf("opening %d: counted as %d, left %+v, lost %+v", opens+1, f.Opens, f.Left, f.Lost())
		}
		if _, err := Open(t.Context(), "", path, queue.SystemClock{}); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), path) {
			t.Errorf("a second opening: %v", err)
		}
		if _, err := f.Readers.ExecContext(t.Context(), `DELETE FROM meta`); err == nil {
			t.Error("a reader can write")
		}
		system := f.pages.Name()
		closed(t, f)
		if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a log is left: %v", err)
		}
		db, err := sql.Open("sqlite", path+"?vfs="+system)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(db.PingContext(t.Context()), db.Close()); err == nil || !strings.Contains(err.Error(), "vfs") {
			t.Errorf("SQLite still knows the layer: %v", err)
		}
	}
}

// TestOpeningsAreCountedAsFarAsTokensGo: each takes the next 2³² of them, in the 63 bits of SQLite's numbers.
func TestOpeningsAreCountedAsFarAsTokensGo(t *testing.T) {
	for before, fits := range map[uint64]bool{41: true, 1<<31 - 2: true, 1<<31 - 1: false} {
		path := filepath.Join(t.TempDir(), "q.db")
		f := open(t, path)
		execute(t, f, `UPDATE meta SET value = ? WHERE name = 'opens'`, fmt.Sprint(before))
		closed(t, f)
		f, err := Open(t.Context(), "", path, queue.SystemClock{})
		if (err == nil) != fits || fits && f.Opens != before+1 {
			t.Errorf("after %d openings: %+v, %v", before, f, err)
		}
		if err == nil {
			closed(t, f)
		}
	}
}

// TestFourReadAtATime, by connections that stay.
func TestFourReadAtATime(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "q.db"))
	defer closed(t, f)
	var reading []*sql.Conn
	for range 4 {
		conn, err := f.Readers.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		reading = append(reading, conn)
	}
	ended, end := context.WithCancel(t.Context())
	fifth := make(chan error)
	go func() {
		conn, err := f.Readers.Conn(ended)
		if err == nil {
			err = conn.Close()
		}
		fifth <- err
	}()
	for f.Readers.Stats().WaitCount == 0 && f.Readers.Stats().InUse < 5 {
		runtime.Gosched()
	}
	end()
	if err := <-fifth; !errors.Is(err, context.Canceled) {
		t.Errorf("a fifth reads too: %v", err)
	}
	for _, conn := range reading {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := f.Readers.Stats().Idle; n != 4 {
		t.Errorf("%d connections stay", n)
	}
}

// TestTheVersionSaysWhoMayOpen: the newest after each opening, and none that is not known.
func TestTheVersionSaysWhoMayOpen(t *testing.T) {
	newest, err := Newest()
	if err != nil {
		t.Fatal(err)
	}
	for version, want := range map[int]error{newest: nil, newest + 1: ErrNewer, -1: ErrDamaged} {
		path := filepath.Join(t.TempDir(), "q.db")
		f := open(t, path)
		var found int
		if err := f.Writer.QueryRowContext(t.Context(), `PRAGMA user_version`).Scan(&found); err != nil || found != newest {
			t.Errorf("version %d, %v, want %d", found, err, newest)
		}
		execute(t, f, fmt.Sprint(`PRAGMA user_version = `, version))
		closed(t, f)
		f, err := Open(t.Context(), "", path, queue.SystemClock{})
		if !errors.Is(err, want) {
			t.Errorf("of version %d: %v, want %v", version, err, want)
		}
		if err == nil {
			closed(t, f)
		}
	}
}

// TestWhatTheDiskDid: one flipped bit is put right and remembered, more damage refused.
func TestWhatTheDiskDid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.db")
	f := open(t, path)
	text := strings.Repeat("hola ", 50)
	execute(t, f, `INSERT INTO meta VALUES ('text', ?)`, text)
	closed(t, f)
	damage := func(change string) {
		t.Helper()
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		at := bytes.Index(content, []byte(text))
		copy(content[at:], change)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	damage("i") // one bit from "h"
	for opening := range 2 {
		f = open(t, path)
		var found string
		if err := f.Readers.QueryRowContext(t.Context(), `SELECT value FROM meta WHERE name = 'text'`).Scan(&found); err != nil || found != text {
			t.Errorf("found %q, %v", found, err)
		}
		if lost := f.Lost(); lost.Pages != 1 || lost.Transactions != 0 || lost.At.IsZero() || f.Left.Pages.Corrected != 1-opening {
			t.Errorf("opening %d: lost %+v, left %+v", opening, lost, f.Left)
		}
		closed(t, f)
	}
	damage("adiós")
	if _, err := Open(t.Context(), "", path, queue.SystemClock{}); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "page") {
		t.Errorf("%v, want ErrDamaged", err)
	}
	if f := open(t, filepath.Join(t.TempDir(), "q.db")); f.Close() != nil {
		t.Error("a file that was never written to does not close")
	}
}

// killed gives the path of a copy of what a process leaves that is killed with the file open.
func killed(t *testing.T, path string) string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "q.db")
	for _, part := range []string{"", "-wal"} {
		content, err := os.ReadFile(path + part)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied+part, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return copied
}

// TestALogWithDamageIsCopied before SQLite writes over it: whoever looks into it later finds what the process left.
func TestALogWithDamageIsCopied(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.db")
	f := open(t, path)
	defer closed(t, f)
	for _, name := range []string{"one", "two", "three"} {
		execute(t, f, `INSERT INTO meta VALUES (?, ?)`, name, strings.Repeat(name, 1000))
	}
	left := killed(t, path)
	log, err := os.ReadFile(left + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	log[bytes.Index(log, []byte("twotwotwo"))+5] ^= 0x55
	if err := os.WriteFile(left+"-wal", log, 0o600); err != nil {
		t.Fatal(err)
	}
	again := open(t, left)
	defer closed(t, again)
	if again.Left.Lost == 0 || again.Left.Copy == "" {
		t.Fatalf("left %+v, want something lost, and the log copied", again.Left)
	}
	if lost := again.Lost(); lost.Transactions != int64(again.Left.Lost) || lost.Pages != 0 || lost.At.IsZero() {
		t.Errorf("lost %+v, left %+v", lost, again.Left)
	}
	if copied, err := os.ReadFile(again.Left.Copy); err != nil || !bytes.Equal(copied, log) {
		t.Errorf("the copy has %d bytes (%v), want the %d of the log", len(copied), err, len(log))
	}
}
