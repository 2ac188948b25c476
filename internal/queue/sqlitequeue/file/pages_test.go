package file

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/queue"
	"tania/internal/sqlitefile"
	"tania/internal/sqlitetest"
)

// what is in a file that nothing reads at its opening.
const (
	rows = 40
	row  = "hola hola "
)

func fill(t *testing.T, f *File) {
	t.Helper()
	for n := range rows {
		execute(t, f, `INSERT INTO contacts VALUES (1, ?, ?)`, n+1, fmt.Appendf(nil, "%02d %s", n, strings.Repeat(row, 60)))
	}
}

// filled is a closed file.
func filled(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "q.db")
	f := open(t, path)
	fill(t, f)
	closed(t, f)
	return path
}

// whole reads all rows.
func whole(t *testing.T, f *File) error {
	t.Helper()
	n := 0
	err := Each(t.Context(), f.Readers, `SELECT body FROM contacts ORDER BY contact`, nil, func(scan func(into ...any) error) error {
		var body string
		err := scan(&body)
		if want := fmt.Sprintf("%02d %s", n, strings.Repeat(row, 60)); err == nil && body != want {
			t.Errorf("row %d is %q", n, body)
		}
		n++
		return err
	})
	if err == nil && n != rows {
		t.Errorf("%d rows, want %d", n, rows)
	}
	return err
}

// edit changes the bytes of a file around a row, which at tells from its content; 0 is the row's own place.
func edit(t *testing.T, path string, row int, change func(content []byte, at int)) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(content, fmt.Appendf(nil, "%02d hola hola", row))
	if at < 0 {
		t.Fatalf("row %d is not in the file", row)
	}
	change(content, at)
	f, err := os.OpenFile(path, os.O_WRONLY, 0) // SQLite has it open: it stays the same file
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func flip(content []byte, at int) { content[at+5] ^= 1 }

func scratch(content []byte, at int) { copy(content[at+3:], "adiós") }

// cutEnd loses the end of the row's page, and with it the checksum.
func cutEnd(content []byte, at int) {
	end := (at/sqlitefile.PageSize + 1) * sqlitefile.PageSize
	clear(content[end-1000 : end])
}

// without gives a copy of a file that another program made: its pages carry no checksums.
func without(t *testing.T, path, pragma string) (copied string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	copied = filepath.Join(t.TempDir(), "copy.db")
	_, err = db.ExecContext(t.Context(), fmt.Sprintf(`%s; VACUUM INTO '%s'`, pragma, copied))
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return copied
}

// refused has a file be damaged, and another process not wait for it.
func refused(t *testing.T, path string) {
	t.Helper()
	for range 2 {
		f, err := Open(t.Context(), "", path, queue.SystemClock{})
		if err == nil {
			closed(t, f)
		}
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) {
			t.Errorf("%v, want ErrDamaged with the path", err)
		}
	}
}

// TestDamageThatIsReadLater: a flipped bit is put right and counted when it is read, more damage is told with its page.
func TestDamageThatIsReadLater(t *testing.T) {
	path := filled(t)
	f := open(t, path)
	f.Readers.SetMaxIdleConns(0) // each connection has pages of its own in memory
	for n, row := range []int{3, 35} {
		edit(t, path, row, flip)
		began := time.Now()
		if err := whole(t, f); err != nil {
			t.Error(err)
		}
		for range 2 {
			if lost := f.Lost(); lost.Pages != int64(n+1) || lost.Transactions != 0 || lost.At.Before(began) {
				t.Errorf("%+v, want %d pages put right", lost, n+1)
			}
		}
		at := f.Lost().At
		if again := f.Lost().At; !again.Equal(at) {
			t.Errorf("found again at %s, was found at %s", again, at)
		}
	}
	edit(t, path, 20, scratch)
	err := f.Diagnosed(whole(t, f))
	if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "first is page") {
		t.Errorf("%v, want ErrDamaged with the file and the page", err)
	}
	if again := f.Diagnosed(err); fmt.Sprint(again) != fmt.Sprint(err) {
		t.Errorf("said twice: %v", again)
	}
	closed(t, f)
	refused(t, path)
}

// TestAFlippedBitIsPutRightInTheFile at the next start, before anything is written there.
func TestAFlippedBitIsPutRightInTheFile(t *testing.T) {
	path := filled(t)
	edit(t, path, 7, flip)
	f := open(t, path)
	defer closed(t, f)
	if f.Left.Pages != (sqlitefile.Findings{Corrected: 1}) || f.pages.Findings() != (sqlitefile.Findings{}) || f.Lost().Pages != 1 {
		t.Errorf("left %+v, found %+v, lost %+v", f.Left, f.pages.Findings(), f.Lost())
	}
	if err := whole(t, f); err != nil {
		t.Error(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(content, []byte("07 hola hola")) {
		t.Error("the file has the flipped bit")
	}
}

// TestPagesWithoutChecksums are sealed where SQLite finds nothing wrong with them.
func TestPagesWithoutChecksums(t *testing.T) {
	copied := without(t, filled(t), "")
	for opening := range 2 {
		f := open(t, copied)
		if found := f.Left.Pages; found.Corrected+found.Damaged > 0 || (found.Unsealed > 5) != (opening == 0) || f.Left.NotSealed != nil {
			t.Errorf("opening %d: left %+v", opening, f.Left)
		}
		if err := whole(t, f); err != nil {
			t.Error(err)
		}
		closed(t, f)
	}
	t.Run("one whose end is lost", func(t *testing.T) {
		path := filled(t)
		edit(t, path, 7, cutEnd)
		refused(t, path)
	})
	t.Run("none was ever sealed, and one is damaged", func(t *testing.T) {
		path := without(t, filled(t), "PRAGMA reserve_bytes = 0")
		edit(t, path, 7, func(content []byte, at int) { clear(content[at/sqlitefile.PageSize*sqlitefile.PageSize:][:200]) })
		refused(t, path)
	})
}

// TestPagesOfAnotherSize are not sealed, which is said, and what is wrong with them SQLite says.
func TestPagesOfAnotherSize(t *testing.T) {
	path := without(t, filled(t), "PRAGMA page_size = 8192")
	f := open(t, path)
	if err := f.Left.NotSealed; err == nil || !strings.Contains(err.Error(), "8192") {
		t.Errorf("left %+v", f.Left)
	}
	if err := whole(t, f); err != nil {
		t.Error(err)
	}
	closed(t, f)
	edit(t, path, 7, func(content []byte, at int) { clear(content[at/8192*8192:][:200]) })
	f = open(t, path)
	defer closed(t, f)
	if err := f.Diagnosed(whole(t, f)); !errors.Is(err, ErrDamaged) {
		t.Errorf("%v, want ErrDamaged", err)
	}
	if err := f.Diagnosed(os.ErrClosed); !errors.Is(err, os.ErrClosed) || errors.Is(err, ErrDamaged) {
		t.Errorf("%v is no damage", err)
	}
}

// TestWhatIsNoDatabase is damaged, and left as it is.
func TestWhatIsNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.db")
	text := bytes.Repeat([]byte("not a database. "), 512)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, path)
	if content, err := os.ReadFile(path); err != nil || !bytes.Equal(content, text) {
		t.Errorf("%d bytes are left, %v", len(content), err)
	}
}

// onDisk opens a file on a disk, which has to succeed.
func onDisk(t *testing.T, disk *sqlitetest.Disk) *File {
	t.Helper()
	f, err := Open(t.Context(), disk.VFS(), filepath.Join(t.TempDir(), "q.db"), queue.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestALogThatCannotBeMovedStopsTheStart: what is in it is not in the file, whose pages are not looked at then.
func TestALogThatCannotBeMovedStopsTheStart(t *testing.T) {
	disk := sqlitetest.NewDisk()
	defer disk.Close()
	f := onDisk(t, disk)
	fill(t, f)
	left := disk.Copy() // with its log, as a killed process leaves it
	defer left.Close()
	closed(t, f)
	left.Fail(func(a sqlitetest.Access, name string) bool { return a == sqlitetest.Write && name == "q.db" })
	f, err := Open(t.Context(), left.VFS(), filepath.Join(t.TempDir(), "q.db"), queue.SystemClock{})
	if err == nil {
		t.Error("a start whose disk takes no writes succeeds")
		closed(t, f)
	}
	left.Fail(nil)
	f = onDisk(t, left)
	defer closed(t, f)
	if err := whole(t, f); err != nil {
		t.Error(err)
	}
}

// TestAStartLooksAtPagesForSomeTimeOnly: what it does not get to is counted.
func TestAStartLooksAtPagesForSomeTimeOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := sqlitetest.NewDisk()
		defer disk.Close()
		f := onDisk(t, disk)
		const pages, atOnce = 30 * 64, 64
		execute(t, f, `INSERT INTO contacts VALUES (1, 1, zeroblob(?))`, pages*sqlitefile.PageSize)
		closed(t, f)
		began := time.Now()
		disk.Fail(func(a sqlitetest.Access, name string) bool {
			if a == sqlitetest.Read && name == "q.db" && time.Since(began) < time.Minute {
				time.Sleep(time.Second)
			}
			return false
		})
		f = onDisk(t, disk)
		defer closed(t, f)
		if n := f.Left.Unscanned; n < pages-11*atOnce || n > pages-8*atOnce {
			t.Errorf("%d of some %d pages were not looked at, want all but those of ten seconds", n, pages)
		}
	})
}

// TestAPageThatAPowerCutTore is whole in the log: it is not damaged, also where it is the first, which is read before the log.
func TestAPageThatAPowerCutTore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.db")
	f := open(t, path)
	fill(t, f)
	left := killed(t, path)
	closed(t, f)
	content, err := os.ReadFile(left)
	if err != nil {
		t.Fatal(err)
	}
	copy(content[2000:], "torn from its checksum")
	if err := os.WriteFile(left, content, 0o600); err != nil {
		t.Fatal(err)
	}
	f = open(t, left)
	defer closed(t, f)
	if f.Left != (Left{}) || f.Lost() != (Lost{}) {
		t.Errorf("left %+v, lost %+v", f.Left, f.Lost())
	}
	if err := whole(t, f); err != nil {
		t.Error(err)
	}
}

// TestAReaderInTheWay: while another program reads an older state, what is in the log is not in the file, and pages are not looked at.
func TestAReaderInTheWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filled(t)
		other, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		reading, err := other.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := errors.Join(reading.Close(), other.Close()); err != nil {
				t.Error(err)
			}
		}()
		f := open(t, path)
		if _, err := reading.ExecContext(t.Context(), `BEGIN; SELECT count(*) FROM contacts`); err != nil {
			t.Fatal(err)
		}
		execute(t, f, `UPDATE contacts SET body = CAST(body || 'x' AS BLOB)`)
		execute(t, f, `UPDATE contacts SET body = substr(body, 1, length(body) - 1)`)
		closed(t, f)
		edit(t, path, 7, scratch) // as a page that was being moved when the power failed
		f = open(t, path)
		if f.Left.Pages != (sqlitefile.Findings{}) || f.Left.Unscanned != 0 {
			t.Errorf("left %+v", f.Left)
		}
		if err := whole(t, f); err != nil {
			t.Error(err)
		}
		closed(t, f)
	})
}

// TestADamagedPageThatHoldsNothing is left behind, or the start fails: it is not gone on with.
func TestADamagedPageThatHoldsNothing(t *testing.T) {
	disk := sqlitetest.NewDisk()
	defer disk.Close()
	f := onDisk(t, disk)
	fill(t, f)
	execute(t, f, `DELETE FROM contacts`)
	closed(t, f)
	disk.Edit("q.db", func(content []byte) []byte {
		scratch(content, bytes.LastIndex(content, []byte("hola hola")))
		return content
	})
	failed := false
	disk.Fail(func(a sqlitetest.Access, _ string) bool {
		fails := a == sqlitetest.Write && !failed
		failed = failed || fails
		return fails
	})
	if f, err := Open(t.Context(), disk.VFS(), filepath.Join(t.TempDir(), "q.db"), queue.SystemClock{}); err == nil || !failed {
		t.Errorf("a damaged page stays in the file: %+v", f.Left)
		closed(t, f)
	}
	for opening := range 2 {
		f := onDisk(t, disk)
		if found := f.Left.Pages; found.Damaged != 1-opening || f.Left.NotSealed != nil {
			t.Errorf("opening %d: left %+v", opening, f.Left)
		}
		closed(t, f)
	}
}
