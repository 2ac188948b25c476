package sqlitefile

import (
	"database/sql"
	"errors"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"modernc.org/sqlite"

	"tania/internal/testsize"
)

const rows = 300

// open opens a database on a layer; the system's file system where it is nil.
func open(t testing.TB, path string, l *Layer) *sql.DB {
	t.Helper()
	name := path + "?_pragma=journal_mode(wal)&_pragma=synchronous(off)"
	if l != nil {
		name += "&vfs=" + l.Name()
	}
	db, err := sql.Open("sqlite", name)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	return db
}

func newLayer(t *testing.T) *Layer {
	t.Helper()
	l, err := New("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

func execute(t testing.TB, db *sql.DB, statements string) {
	t.Helper()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
}

func body(n int) string { return strings.Repeat(fmt.Sprint("text ", n, " "), 40+n%7*200) }

func fill(t *testing.T, db *sql.DB) {
	t.Helper()
	execute(t, db, `CREATE TABLE texts (n INTEGER PRIMARY KEY, body TEXT); CREATE INDEX by_body ON texts (substr(body, 1, 30)); BEGIN`)
	for n := range rows {
		if _, err := db.Exec(`INSERT INTO texts VALUES (?, ?)`, n, body(n)); err != nil {
			t.Fatal(err)
		}
	}
	execute(t, db, `COMMIT`)
}

var errSilent = errors.New("silently wrong")

// readAll gives an error where a row is not there or is not right.
func readAll(db *sql.DB) error {
	for n := range rows {
		var got string
		switch err := db.QueryRow(`SELECT body FROM texts WHERE n = ?`, n).Scan(&got); {
		case errors.Is(err, sql.ErrNoRows), err == nil && got != body(n):
			return fmt.Errorf("row %d: %w", n, errSilent)
		case err != nil:
			return err
		}
	}
	return nil
}

// sealedFile is a database that was written through a layer and closed.
func sealedFile(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	db := open(t, path, newLayer(t))
	fill(t, db)
	if err := errors.Join(readAll(db), db.Close()); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// reread opens a content on a new layer and reads all of it.
func reread(t *testing.T, content []byte) (Findings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := New("")
	if err != nil {
		t.Fatal(err)
	}
	db := open(t, path, l)
	err = readAll(db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Findings(), err
}

func TestEveryPageIsSealed(t *testing.T) {
	content := sealedFile(t)
	for number := int64(1); number*PageSize <= int64(len(content)); number++ {
		if v := Check(content[(number-1)*PageSize:number*PageSize], number); v != Whole {
			t.Errorf("page %d: verdict %d", number, v)
		}
	}
	if found, err := reread(t, content); found != (Findings{}) || err != nil {
		t.Errorf("found %+v, %v", found, err)
	}
}

// TestAFlippedBitIsPutRight, wherever it is: in each byte of the header, and anywhere else.
func TestAFlippedBitIsPutRight(t *testing.T) {
	content := sealedFile(t)
	r := rand.New(rand.NewPCG(1, 0))
	places := make([]int, 0, testsize.Of(150, 15))
	for at := range cap(places) * 2 / 3 {
		places = append(places, at*8+r.IntN(8))
	}
	for len(places) < cap(places) {
		places = append(places, r.IntN(len(content)*8))
	}
	for _, bit := range places {
		flipped := slices.Clone(content)
		flipped[bit/8] ^= 1 << (bit % 8)
		found, err := reread(t, flipped)
		if err != nil || found.Damaged+found.Unsealed > 0 {
			t.Errorf("byte %d, bit %d: %+v, %v", bit/8, bit%8, found, err)
		}
	}
}

// TestMoreDamageIsRefused: what SQLite gets is right, or an error, whatever happened to some bytes of a page or to the file's end.
func TestMoreDamageIsRefused(t *testing.T) {
	content := sealedFile(t)
	r := rand.New(rand.NewPCG(2, 0))
	damages := testsize.Of(80, 8)
	refused := 0
	for n := range damages {
		damaged := slices.Clone(content)
		switch from := r.IntN(len(content)); n % 4 {
		case 0:
			damaged = damaged[:from]
		case 1:
			for range 2 {
				damaged[from] ^= 1 << r.IntN(8)
				from = min(from+1, len(content)-1)
			}
		case 2:
			for at := from / 512 * 512; at < from/512*512+512; at++ {
				damaged[at] = byte(r.Uint32())
			}
		case 3: // a page of elsewhere
			from = from / PageSize * PageSize
			copy(damaged[from:from+PageSize], content[len(content)-PageSize:])
		}
		_, err := reread(t, damaged)
		if errors.Is(err, errSilent) {
			t.Errorf("damage %d: %v", n, err)
		}
		if err != nil {
			refused++
		}
	}
	if refused < damages/2 {
		t.Errorf("only %d of %d were refused", refused, damages)
	}
}

func TestScanFindsWhatNobodyReads(t *testing.T) {
	content := sealedFile(t)
	pages := int64(len(content) / PageSize)
	content[2*PageSize+5] ^= 8
	copy(content[4*PageSize:], "xxxxxxxxxxxx")
	clear(content[6*PageSize-sealSize : 6*PageSize])
	path := filepath.Join(t.TempDir(), "a.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	l := newLayer(t)
	db := open(t, path, l)
	defer func() { _ = db.Close() }()
	execute(t, db, `SELECT 1 FROM sqlite_schema`)
	scanned, err := l.Scan(t.Context())
	if want := (Scanned{pages, pages}); scanned != want || err != nil {
		t.Errorf("scanned %+v, %v, want %+v", scanned, err, want)
	}
	if found, want := l.Findings(), (Findings{Corrected: 1, Unsealed: 1, Damaged: 1, FirstDamaged: 5}); found != want {
		t.Errorf("found %+v, want %+v", found, want)
	}
	if l.Forget(); l.Findings() != (Findings{}) {
		t.Error("the findings are not forgotten")
	}
}

// TestVacuumSeals a file that was made without the layer, and heals one with a flipped bit.
func TestVacuumSeals(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	db := open(t, path, nil)
	fill(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	l := newLayer(t)
	db = open(t, path, l)
	if err := readAll(db); err != nil || l.Sealed() {
		t.Fatalf("%v, sealed: %t", err, l.Sealed())
	}
	execute(t, db, `VACUUM; PRAGMA wal_checkpoint(TRUNCATE)`)
	if _, err := l.Scan(t.Context()); err != nil || !l.Sealed() || l.Findings() != (Findings{}) {
		t.Errorf("%v, sealed: %t, found %+v", err, l.Sealed(), l.Findings())
	}
	if err := errors.Join(readAll(db), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestWithoutTheLayerAFileIsReadAndNotWritten: SQLite's own programs read it and copy it, and the copy is good for the layer.
func TestWithoutTheLayerAFileIsReadAndNotWritten(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a.db")
	l := newLayer(t)
	live := open(t, path, l)
	fill(t, live)
	// some pages are in the log, some in the file
	execute(t, live, `PRAGMA wal_checkpoint(TRUNCATE); UPDATE texts SET body = body WHERE n % 3 = 0`)
	other := open(t, path, nil)
	if err := readAll(other); err != nil {
		t.Error(err)
	}
	if _, err := other.Exec(`DELETE FROM texts`); err == nil || !strings.Contains(err.Error(), "readonly") {
		t.Errorf("writing without the layer: %v", err)
	}
	copied := filepath.Join(folder, "copy.db")
	execute(t, other, fmt.Sprintf(`VACUUM INTO '%s'`, copied))
	backup := filepath.Join(folder, "backup.db")
	saveBackup(t, other, backup)
	if err := errors.Join(other.Close(), live.Close()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, copied, backup} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found, err := reread(t, content)
		if err != nil || found.Damaged+found.Corrected > 0 || name == path && found.Unsealed > 0 {
			t.Errorf("%s: %+v, %v", filepath.Base(name), found, err)
		}
	}
}

// TestALogAnotherProgramMoved into the file of a killed process leaves pages without a checksum: they are read, and said.
func TestALogAnotherProgramMoved(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a.db")
	live := open(t, path, newLayer(t))
	fill(t, live)
	for _, end := range []string{"", "-wal"} {
		content, err := os.ReadFile(path + end)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, "b.db"+end), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	other := open(t, filepath.Join(folder, "b.db"), nil)
	if err := errors.Join(readAll(other), other.Close(), live.Close()); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(folder, "b.db"))
	if err != nil {
		t.Fatal(err)
	}
	if found, err := reread(t, content); err != nil || found.Unsealed == 0 || found.Damaged+found.Corrected > 0 {
		t.Errorf("%+v, %v", found, err)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte("hola"), uint16(3), uint16(0), int64(2))
	f.Fuzz(func(t *testing.T, content []byte, bit, second uint16, number int64) {
		page := make([]byte, PageSize)
		copy(page[:sealAt], content)
		seal(page, number)
		whole := slices.Clone(page)
		if Check(page, number) != Whole {
			t.Fatal("a page that was just sealed is not whole")
		}
		flip := func(bit uint16) { page[bit%PageSize] ^= 1 << (bit / PageSize % 8) }
		if flip(bit); number == 1 && slices.ContainsFunc(bookkeeping,
			func(b [2]int) bool { return int(bit%PageSize) >= b[0] && int(bit%PageSize) < b[1] }) {
			return
		}
		if verdict := Check(page, number); verdict != Corrected && bits.OnesCount64(storedSum(whole)) > 1 || !slices.Equal(page, whole) {
			t.Errorf("one flipped bit: verdict %d", verdict)
		}
		if number == 1 || bit%PageSize == second%PageSize {
			return
		}
		flip(bit)
		flip(second)
		if verdict := Check(page, number); verdict != Damaged {
			t.Errorf("two flipped bits: verdict %d", verdict)
		}
	})
}

// saveBackup is what ".backup" of SQLite's shell does.
func saveBackup(t *testing.T, db *sql.DB, path string) {
	t.Helper()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.Raw(func(c any) error {
		backup, err := c.(interface {
			NewBackup(path string) (*sqlite.Backup, error)
		}).NewBackup(path)
		if err != nil {
			return err
		}
		_, err = backup.Step(-1)
		return errors.Join(err, backup.Finish())
	}); err != nil {
		t.Fatal(err)
	}
}
