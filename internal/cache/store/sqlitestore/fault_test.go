package sqlitestore

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/cache/store"
	"tania/internal/cache/store/storetest"
	"tania/internal/logtest"
	"tania/internal/sqlitefile"
)

// logged collects what is logged.
type logged struct{ logtest.Buffer }

func (l *logged) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func load(t *testing.T, s *Store) store.Snapshot {
	t.Helper()
	all, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// fill puts n entries, hits and counts into a store and closes it.
func fill(t *testing.T, path string, n int) store.Snapshot {
	t.Helper()
	s := open(t, path, nil)
	if err := errors.Join(
		s.Put(t.Context(), load(t, s).Epoch, storetest.Entries(n)...),
		s.Touch(t.Context(), map[string]store.Use{"e000001": {Hits: 7, Used: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}}),
		s.Learn(t.Context(), "s", map[string]int64{"right": 3}),
	); err != nil {
		t.Fatal(err)
	}
	all := load(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWhatIsKeptIsThereAfterAStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	want := fill(t, path, 100)
	s := open(t, path, nil)
	got := load(t, s)
	if got.At == want.At {
		t.Error("a position of the process before is good in this one")
	}
	if err := s.Follow(t.Context(), want.At, nil); !errors.Is(err, store.ErrBehind) {
		t.Errorf("following from there: %v, want ErrBehind", err)
	}
	want.At = got.At
	if diff := cmp.Diff(want, got, cmp.Comparer(bytes.Equal)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	epoch, _, err := s.Clear(t.Context())
	if err != nil || s.Close() != nil {
		t.Fatal(err)
	}
	if again := load(t, open(t, path, nil)); again.Epoch != epoch || len(again.Entries) != 0 {
		t.Errorf("epoch %d, want %d; %d entries", again.Epoch, epoch, len(again.Entries))
	}
}

func TestADamagedFileIsSetAside(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, path string){
		"no database":         bytesOf(func([]byte) []byte { return bytes.Repeat([]byte("not a database. "), 512) }),
		"pages overwritten":   bytesOf(func(b []byte) []byte { return append(b[:8192:8192], bytes.Repeat([]byte{0xA5}, len(b)-8192)...) }),
		"half of it missing":  bytesOf(func(b []byte) []byte { return b[:len(b)/8192*4096] }),
		"its header is zeros": bytesOf(func(b []byte) []byte { return append(make([]byte, 100), b[100:]...) }),
		"a later version":     statement(fmt.Sprint("PRAGMA user_version = ", schemaVersion+1)),
		"a table is gone":     statement("DROP TABLE learnt"),
		"a directory": func(t *testing.T, path string) {
			if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cache.db")
			for range 2 { // the second one comes in the place of the first
				before := fill(t, path, 300)
				damage(t, path)
				var l logged
				s := open(t, path, l.logger())
				all := load(t, s)
				if len(all.Entries) != 0 || all.Epoch <= before.Epoch {
					t.Errorf("%d entries, epoch %d after %d", len(all.Entries), all.Epoch, before.Epoch)
				}
				if err := s.Put(t.Context(), all.Epoch, storetest.NewEntry("new")); err != nil {
					t.Error(err)
				}
				if !strings.Contains(l.String(), "set aside") || !strings.Contains(l.String(), path+".damaged") {
					t.Errorf("the log says %q", l.String())
				}
				if _, err := os.Stat(path + ".damaged"); err != nil {
					t.Error(err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				next := open(t, path, nil)
				if all := load(t, next); len(all.Entries) != 1 {
					t.Errorf("%d entries at the next start", len(all.Entries))
				}
				if err := next.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func bytesOf(how func([]byte) []byte) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		t.Helper()
		whole, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, how(whole), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func statement(query string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		t.Helper()
		pages, err := sqlitefile.New("")
		if err != nil {
			t.Fatal(err)
		}
		defer pages.Close()
		db, err := sql.Open("sqlite", path+"?vfs="+pages.Name())
		if err == nil {
			_, err = db.Exec(query)
		}
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAFlippedBitChangesNoAnswer: it is put right. With two in a page the file is set aside.
func TestAFlippedBitChangesNoAnswer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	before := fill(t, path, 30)
	answer := []byte(before.Entries[0].Answer)
	flip := func(places ...int) {
		t.Helper()
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		at := bytes.Index(content, answer)
		for _, place := range places {
			content[at+place] ^= 1
		}
		if err := os.WriteFile(path, content, 0o600); err != nil || at < 0 {
			t.Fatal(at, err)
		}
	}
	flip(1)
	s := open(t, path, nil)
	if diff := cmp.Diff(before.Entries, load(t, s).Entries, cmp.Comparer(bytes.Equal)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	flip(0, 2)
	var l logged
	if all := load(t, open(t, path, l.logger())); len(all.Entries) != 0 || !strings.Contains(l.String(), "set aside") {
		t.Errorf("%d entries; the log says %q", len(all.Entries), l.String())
	}
}

func TestAnEntryThatCannotBeReadIsPassedOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	fill(t, path, 3)
	statement("UPDATE entries SET body = '{' WHERE id = 'e000001'")(t, path)
	var l logged
	if all := load(t, open(t, path, l.logger())); len(all.Entries) != 2 || !strings.Contains(l.String(), "e000001") {
		t.Errorf("%d entries; the log says %q", len(all.Entries), l.String())
	}
}

// pragma sets something on the writing connection.
func pragma(t *testing.T, s *Store, setting string) {
	t.Helper()
	if err := s.do(t.Context(), func(x *tx) (e store.Event, err error) {
		_, err = x.conn.ExecContext(context.Background(), "PRAGMA "+setting)
		return e, err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestAFileThatCannotBeWrittenChangesNothing: reading goes on, writing fails and nobody is told of what did not happen.
func TestAFileThatCannotBeWrittenChangesNothing(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "cache.db"), nil)
	before := load(t, s)
	if err := s.Put(t.Context(), before.Epoch, storetest.Entries(50)...); err != nil {
		t.Fatal(err)
	}
	for _, harm := range []struct{ begin, end string }{
		{"query_only = true", "query_only = false"},
		{"max_page_count = 1", "max_page_count = 1000000"}, // as a full disk
	} {
		before = load(t, s)
		pragma(t, s, harm.begin)
		failures := 0
		for i := range 200 {
			if err := s.Put(t.Context(), before.Epoch, storetest.NewEntry(fmt.Sprint("more", i))); err != nil {
				if errors.Is(err, store.ErrEpoch) {
					t.Fatal(err)
				}
				failures++
			}
		}
		if failures < 100 {
			t.Errorf("%s: %d of 200 puts failed", harm.begin, failures)
		}
		after := load(t, s)
		if stored := len(after.Entries) - len(before.Entries); stored != 200-failures {
			t.Errorf("%s: %d entries are new, %d puts succeeded", harm.begin, stored, 200-failures)
		}
		pragma(t, s, harm.end)
		told := 0
		ctx, done := context.WithCancel(t.Context())
		if err := s.Follow(ctx, before.At, func(events []store.Event, at store.Position) {
			if told += len(events); at == after.At {
				done()
			}
		}); !errors.Is(err, context.Canceled) || told != 200-failures {
			t.Errorf("%s: told of %d, %v", harm.begin, told, err)
		}
		if err := s.Put(t.Context(), before.Epoch, storetest.NewEntry("again")); err != nil {
			t.Error(err)
		}
	}
}

// childPath tells the test program to be a process that may not write there.
const childPath = "TANIA_TEST_CACHE"

// child opens a store as a process without rights, and says how that went.
func child() int {
	s, err := Open(context.Background(), os.Getenv(childPath), Options{Log: slog.New(slog.NewTextHandler(os.Stdout, nil))})
	if err != nil {
		fmt.Println("refused:", err)
		return 0
	}
	all, err := s.Load(context.Background())
	if err == nil {
		err = s.Put(context.Background(), all.Epoch, storetest.NewEntry("child"))
	}
	fmt.Println("opened:", len(all.Entries), err, s.Close())
	return 0
}

// TestAReadOnlyFile is opened by a process without rights: it is set aside where that is allowed, else Open fails and says so.
func TestAReadOnlyFile(t *testing.T) {
	for name, test := range map[string]struct {
		dir  os.FileMode
		want string
	}{
		"in a directory that may be written": {0o777, "opened: 0 <nil> <nil>"},
		"in one that may not":                {0o555, "refused: sqlitestore:"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, err := os.MkdirTemp("", "tania-cache-*")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = errors.Join(os.Chmod(dir, 0o700), os.RemoveAll(dir)) })
			path := filepath.Join(dir, "cache.db")
			fill(t, path, 10)
			if err := errors.Join(os.Chmod(path, 0o444), os.Remove(path+".lock"), os.Chmod(dir, test.dir)); err != nil {
				t.Fatal(err)
			}
			ctx, done := context.WithTimeout(t.Context(), time.Minute)
			defer done()
			cmd := exec.CommandContext(ctx, "/proc/self/exe")
			cmd.Env = append(os.Environ(), childPath+"="+path)
			if os.Geteuid() == 0 { // who may do everything
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
			}
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), test.want) {
				t.Errorf("%v, %s", err, out)
			}
		})
	}
}

func TestASecondProcessIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s := open(t, path, nil)
	if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), path) {
		t.Errorf("%v, want ErrInUse with the path", err)
	}
	if err := s.Put(t.Context(), load(t, s).Epoch, storetest.NewEntry("a")); err != nil {
		t.Error("the refused one harmed it:", err)
	}
}
