package wal

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	_ "modernc.org/sqlite"
)

// transactions are how many a log of these tests holds, of one to three pages each.
const transactions = 12

// died is a database as a process left it that died: the file, and a log with all that was written.
func died(t *testing.T) (db, log []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	d := opened(t, path)
	d.SetMaxOpenConns(1)
	for _, statement := range []string{
		"PRAGMA journal_mode=wal", "PRAGMA wal_autocheckpoint=0",
		"CREATE TABLE a (n INTEGER PRIMARY KEY, b BLOB)", "PRAGMA wal_checkpoint(TRUNCATE)",
	} {
		if _, err := d.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	for n := 1; n <= transactions; n++ {
		if _, err := d.Exec("INSERT INTO a VALUES (?, zeroblob(?))", n, n%3*3000); err != nil {
			t.Fatal(err)
		}
	}
	return read(t, path), read(t, path+"-wal")
}

func opened(t *testing.T, path string) *sql.DB {
	t.Helper()
	d, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// recovered is how many of the transactions SQLite finds.
func recovered(t *testing.T, dir string, db, log []byte) (n int) {
	t.Helper()
	path := filepath.Join(dir, "b.db")
	for name, data := range map[string][]byte{path: db, path + "-wal": log} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_ = os.Remove(path + "-shm")
	d, err := sql.Open("sqlite", path+"?_pragma=synchronous(off)") // what it writes on closing is thrown away
	if err != nil {
		t.Fatal(err)
	}
	err = d.QueryRow("SELECT count(*) FROM a").Scan(&n)
	if err := errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
	return n
}

func examine(t *testing.T, log []byte) Finding {
	t.Helper()
	f, err := Examine(bytes.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestFlippedBits: what SQLite does not recover is found, and as many as were lost but one, which may have been under way.
func TestFlippedBits(t *testing.T) {
	db, whole := died(t)
	if f := examine(t, whole); f != (Finding{}) || recovered(t, t.TempDir(), db, whole) != transactions {
		t.Fatalf("a sound log: %+v", f)
	}
	dir, random, lossy := t.TempDir(), rand.New(rand.NewPCG(1, 2)), 0
	for range 500 {
		log := bytes.Clone(whole)
		bit := random.IntN(len(log) * 8)
		if random.IntN(8) == 0 {
			bit = random.IntN(headerSize * 8) // seldom hit, and all depends on it
		}
		log[bit/8] ^= 1 << (bit % 8)
		f, missing := examine(t, log), transactions-recovered(t, dir, db, log)
		if missing > 0 {
			lossy++
		}
		if f.Lost != max(missing-1, 0) && !inCommit(bit/8) || (f.Torn || f.Lost > 0) != (missing > 0) {
			t.Errorf("bit %d of byte %d: %d transactions are missing, found %+v", bit%8, bit/8, missing, f)
		}
	}
	if lossy < 400 {
		t.Errorf("only %d of 500 bits made SQLite lose anything", lossy)
	}
}

// inCommit reports whether a byte says which frames end a transaction: one more or fewer seems lost then.
func inCommit(at int) bool {
	in := (at - headerSize) % (frameSize + usualPage)
	return at >= headerSize && in >= 4 && in < 16
}

// TestCutLogs: a log that ends early is torn where that is within a transaction. One that ends where a transaction does cannot be known.
func TestCutLogs(t *testing.T) {
	_, whole := died(t)
	ends := map[int]bool{0: true}
	for at := headerSize; at < len(whole); at += frameSize + usualPage {
		if !bytes.Equal(whole[at+4:at+8], []byte{0, 0, 0, 0}) {
			ends[at+frameSize+usualPage] = true
		}
	}
	ends[headerSize] = true
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 500 {
		cut := random.IntN(len(whole))
		if i%2 == 0 {
			cut = headerSize + (cut/(frameSize+usualPage))*(frameSize+usualPage)
		}
		if f := examine(t, whole[:cut]); f.Torn == ends[cut] || f.Lost > 0 {
			t.Errorf("cut after %d bytes: %+v", cut, f)
		}
	}
}

// TestAnEarlierRoundIsNoDamage: after a checkpoint the log is written from its beginning over the frames of the round before.
func TestAnEarlierRoundIsNoDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	d := opened(t, path)
	d.SetMaxOpenConns(1)
	run := func(statement string, values ...any) {
		t.Helper()
		if _, err := d.Exec(statement, values...); err != nil {
			t.Fatal(err)
		}
	}
	run("PRAGMA journal_mode=wal")
	run("CREATE TABLE a (n INTEGER PRIMARY KEY, b BLOB)")
	for n := range 20 {
		run("INSERT INTO a VALUES (?, zeroblob(3000))", n)
	}
	run("PRAGMA wal_checkpoint(RESTART)")
	for n := range 3 {
		run("INSERT INTO a VALUES (?, zeroblob(3000))", 100+n)
		if f := examine(t, read(t, path+"-wal")); f != (Finding{}) {
			t.Errorf("%d transactions into the second round: %+v", n+1, f)
		}
	}
	log := read(t, path+"-wal")
	log[headerSize+frameSize+100] ^= 1
	if f := examine(t, log); f.Lost != 2 || f.At != headerSize {
		t.Errorf("the first of three transactions of the second round is damaged: %+v", f)
	}
}

func TestNoLog(t *testing.T) {
	if f, err := ExamineFile(filepath.Join(t.TempDir(), "none")); err != nil || f != (Finding{}) {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := ExamineFile(t.TempDir()); err == nil {
		t.Error("a directory is examined")
	}
	want := fmt.Errorf("no disk")
	if _, err := Examine(iotest.ErrReader(want)); !errors.Is(err, want) {
		t.Errorf("%v", err)
	}
}
