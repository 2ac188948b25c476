package sqlitequeue

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tania/internal/queue"
	"tania/internal/sqlitefile"
	"tania/internal/tania"
)

// filled is a closed file in which messages wait.
func filled(t *testing.T, messages int) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "q.db")
	e := openAt(t, path)
	pushAll(t, e, 1, messages)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func openAt(t *testing.T, path string) *Engine {
	t.Helper()
	e, err := Open(t.Context(), path, childOptions())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// edit changes a file's bytes from one place on.
func edit(t *testing.T, path string, at int, change func([]byte)) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	change(content[at:])
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// whereIs finds where a file has a text.
func whereIs(t *testing.T, path, text string) int {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(content, []byte(text))
	if at < 0 {
		t.Fatalf("%q is not in %s", text, path)
	}
	return at
}

// TestDamageDuringTheRun: a flipped bit in a message is put right and counted, more damage is told with the file and the page.
func TestDamageDuringTheRun(t *testing.T) {
	path := filled(t, 40)
	e := openAt(t, path)
	at := whereIs(t, path, "hola hola")
	edit(t, path, at, func(b []byte) { b[2] ^= 1 })
	for range 40 {
		turn, err := e.Claim(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if m := turn.Messages[0]; m.Content != childMessage(int(m.ID)).Content {
			t.Errorf("message %d is %q", m.ID, m.Content)
		}
	}
	s, err := e.Stats(t.Context())
	if err != nil || s.Repaired != 1 || s.RepairedAt.IsZero() {
		t.Errorf("%+v, %v, want 1 page put right", s, err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}

	e = openAt(t, path)
	edit(t, path, whereIs(t, path, "hola hola"), func(b []byte) { copy(b, "adiós") })
	for range 40 {
		if _, err = e.Claim(t.Context()); err != nil {
			break
		}
	}
	if !errors.Is(err, queue.ErrUnavailable) || !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) ||
		!strings.Contains(err.Error(), "first is page") {
		t.Errorf("%v, want ErrDamaged with the file and the page", err)
	}
}

// TestAFlippedBitIsPutRightForGood at the start, and counted once.
func TestAFlippedBitIsPutRightForGood(t *testing.T) {
	path := filled(t, 40)
	edit(t, path, whereIs(t, path, "hola hola"), func(b []byte) { b[2] ^= 1 })
	for start := range 3 {
		e := openAt(t, path)
		want := Left{}
		if start == 0 {
			want.Pages.Corrected = 1
		}
		if left := e.Left(); left != want {
			t.Errorf("start %d: %+v, want %+v", start, left, want)
		}
		if s, err := e.Stats(t.Context()); err != nil || s.Repaired != 1 || s.Lost != 0 || s.RepairedAt.IsZero() {
			t.Errorf("start %d: %+v, %v", start, s, err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got := drain(t, path); len(got) != 40 {
		t.Errorf("%d messages are left", len(got))
	}
}

// TestACopyOfAnotherProgram, whose pages carry no checksums, is opened, said and sealed.
func TestACopyOfAnotherProgram(t *testing.T) {
	path := filled(t, 40)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	_, err = db.Exec(fmt.Sprintf(`VACUUM INTO '%s'`, copied))
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	e := openAt(t, copied)
	if left := e.Left(); left.Pages.Unsealed < 5 || left.Pages.Corrected+left.Pages.Damaged > 0 || left.NotSealed != nil {
		t.Errorf("%+v", left)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = openAt(t, copied)
	if left := e.Left(); left != (Left{}) {
		t.Errorf("at the second start: %+v", left)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if got := drain(t, copied); len(got) != 40 {
		t.Errorf("%d messages are left", len(got))
	}
}

// TestACopyWhoseEndsAreLost: pages without a checksum are not taken for whole where SQLite sees that they are not.
func TestACopyWhoseEndsAreLost(t *testing.T) {
	path := filled(t, 40)
	page := whereIs(t, path, "hola hola") / sqlitefile.PageSize
	edit(t, path, (page+1)*sqlitefile.PageSize-512, func(b []byte) { clear(b[:512]) })
	e, err := Open(t.Context(), path, childOptions())
	if err == nil {
		_ = e.Close()
	}
	if !errors.Is(err, ErrDamaged) {
		t.Errorf("%v, want ErrDamaged", err)
	}
}

// TestAFileWithOtherPages, of an operator who changed their size, works without checksums, and that is said.
func TestAFileWithOtherPages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.db")
	if err := os.WriteFile(path, fileOf(t, 0), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`PRAGMA journal_mode = delete; PRAGMA page_size = 8192; VACUUM`)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	e := openAt(t, path)
	if left := e.Left(); left.NotSealed == nil || !strings.Contains(left.NotSealed.Error(), "8192") {
		t.Errorf("%+v", left)
	}
	if _, err := e.Push(t.Context(), tania.Message{ID: 1, Key: keyOf(1, 1)}); err != nil {
		t.Error(err)
	}
}
