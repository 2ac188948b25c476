package sqlitequeue

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue/file"
	"tania/internal/sqlitefile"
	"tania/internal/sqlitetest"
	"tania/internal/tania"
	"tania/internal/testsize"
)

// update has TestEveryVersionHasAFile write the newest version's file, if it is missing. Those of earlier versions were written by the
// code of their time: 0 by b4b0404, 1 by 32d1f50, 2 by 1d078cb.
var update = flag.Bool("update", false, "write the file of the newest schema that is missing in testdata")

func newestVersion(t testing.TB) int {
	t.Helper()
	version, err := file.Newest()
	if err != nil {
		t.Fatal(err)
	}
	return version
}

func versionFile(version int) string {
	return filepath.Join("testdata", fmt.Sprintf("schema-%d.db.gz", version))
}

// TestEveryVersionHasAFile: whoever adds a rung leaves a file for those who come after.
func TestEveryVersionHasAFile(t *testing.T) {
	for version := range newestVersion(t) + 1 {
		_, err := os.Stat(versionFile(version))
		if errors.Is(err, fs.ErrNotExist) && *update && version == newestVersion(t) {
			writeLife(t, versionFile(version))
			continue
		}
		if err != nil {
			t.Errorf("%v; go test ./internal/queue/sqlitequeue -run TestEveryVersionHasAFile -update writes the newest", err)
		}
	}
}

// writeLife writes what a process that is killed leaves of a life.
func writeLife(t *testing.T, name string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "q.db")
	e, err := Open(t.Context(), path, lifeOptions(lifeAt))
	if err != nil {
		t.Fatal(err)
	}
	life{t, e}.live(later)
	pragma(t, e, "wal_checkpoint(TRUNCATE)")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err = z.Write(content)
	if err := errors.Join(err, z.Close(), os.WriteFile(name, packed.Bytes(), 0o600), e.Close()); err != nil {
		t.Fatal(err)
	}
}

// fileOf is a version's file as its process left it.
func fileOf(t testing.TB, version int) []byte {
	t.Helper()
	packed, err := os.ReadFile(versionFile(version))
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// later is what a store of version 2 and later can hold besides: what a contact said of being written to, a message that was changed
// when its answer was about to be sent, which waits again when that is done, since version 3 what its turn did outside,
// since version 4 a turn that waits for a word, and since version 5 a bot.
func later(l life) {
	ctx := context.Background()
	_, err := l.e.UpdateContact(ctx, 1, 7, func(c *tania.ContactMemory) bool {
		return c.Hear(tania.ChannelSMS, tania.Consent{Out: true, Word: "STOP", Message: 1, At: lifeAt})
	})
	l.try(err)
	l.push(keyOf(1, 5), 8)
	turn := l.claim(keyOf(1, 5))
	number, err := l.e.Intend(ctx, turn, []byte("refund"))
	l.try(err)
	l.try(l.e.Settle(ctx, turn, number, []byte("refunded")))
	l.try(l.e.Checkpoint(ctx, turn, []byte(`"Ya salió."`)))
	_, err = l.e.Amend(ctx, turn.Key, 8, func(m *tania.Message, _ bool) bool { m.Content = "¿Y mi factura?"; return true })
	l.try(err)
	l.push(keyOf(1, 6), 9)
	l.try(l.e.Park(ctx, l.claim(keyOf(1, 6)), time.Hour, []byte("may it?")))
	_, err = l.e.PublishBot(ctx, 0, queue.BotVersion{Bot: "shop", By: "ana", Content: []byte("tone: warm")})
	l.try(err)
}

// TestAFileOfEveryVersionOpensAndLosesNothing, and a second time as the newest version.
func TestAFileOfEveryVersionOpensAndLosesNothing(t *testing.T) {
	for version := range newestVersion(t) + 1 {
		t.Run(fmt.Sprint("schema ", version), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "q.db")
			if err := os.WriteFile(path, fileOf(t, version), 0o600); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				e, err := Open(t.Context(), path, lifeOptions(lifeAt.Add(2*time.Minute)))
				if err != nil {
					t.Fatal(err)
				}
				if got := count(t, e.file.Readers, `PRAGMA user_version`); got != newestVersion(t) {
					t.Errorf("it has schema %d now, want %d", got, newestVersion(t))
				}
				if err := e.Close(); err != nil {
					t.Fatal(err)
				}
			}
			e, err := Open(t.Context(), path, lifeOptions(lifeAt.Add(2*time.Minute)))
			if err != nil {
				t.Fatal(err)
			}
			checkLife(life{t, e}, version)
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// checkLife holds a store to what live did, and works it off.
func checkLife(l life, version int) {
	l.t.Helper()
	ctx := context.Background()
	l.remembers(version)
	changed, err := l.e.Resume(ctx, "ana")
	if err != nil || !changed {
		l.t.Errorf("the pause is lost, %v", err)
	}
	want := map[tania.ConversationKey]string{
		keyOf(1, 3): `[3 4] attempt 2 ""`,
		keyOf(1, 4): `[5] attempt 2 "\"Llega mañana.\""`,
		keyOf(2, 1): `[6 7] attempt 1 ""`,
	}
	if version >= 2 {
		want[keyOf(1, 5)] = `[8] attempt 2 "\"Ya salió.\""`
	}
	if version >= 3 {
		want[keyOf(1, 5)] += ", refund: refunded"
	}
	l.workOff(want)
	if version >= 2 {
		l.workOff(map[tania.ConversationKey]string{keyOf(1, 5): `[8] attempt 1 ""`})
	}
	parked, err := l.e.ParkedTurns(ctx, 0)
	if err != nil || (len(parked) == 1) != (version >= 4) {
		l.t.Fatalf("parked turns %+v, %v", parked, err)
	}
	for _, p := range parked {
		l.try(l.e.Unpark(ctx, p.ID, "ana", []byte("yes")))
		l.workOff(map[tania.ConversationKey]string{keyOf(1, 6): `[9] attempt 1 "", may it? yes`})
	}
	dead, err := l.e.Dead(ctx, 0)
	if err != nil || len(dead) != 1 || dead[0].Error != "the model is down" || len(dead[0].History) != 1 {
		l.t.Fatalf("dead turns %+v, %v", dead, err)
	}
	l.try(l.e.RetryDead(ctx, dead[0].ID))
	l.workOff(map[tania.ConversationKey]string{keyOf(1, 2): `[2] attempt 1 "\"En camino.\""`})
	if integrity := ""; l.e.file.Readers.QueryRow(`PRAGMA integrity_check`).Scan(&integrity) != nil || integrity != "ok" {
		l.t.Errorf("integrity check: %s", integrity)
	}
}

// remembers checks what is no work.
func (l life) remembers(version int) {
	l.t.Helper()
	ctx := context.Background()
	if c, err := l.e.Conversation(ctx, keyOf(1, 1)); err != nil || c.Language != "es" {
		l.t.Errorf("conversation %+v, %v", c, err)
	}
	for id := tania.MessageID(1); id <= 2; id++ {
		key := keyOf(1, int64(id))
		got, err := l.e.Records(ctx, key)
		if diff := cmp.Diff([]tania.Record{lifeRecord(key, id)}, got); err != nil || diff != "" {
			l.t.Errorf("records of %s, %v (-want +got):\n%s", key, err, diff)
		}
		if again, err := l.e.Push(ctx, tania.Message{ID: id, Key: key}); err != nil || !again.Duplicate {
			l.t.Errorf("message %d, which is done, counts as new, %v", id, err)
		}
	}
	if all, err := l.e.Counters(ctx); err != nil || all["llm/calls"] != 3 {
		l.t.Errorf("counters %v, %v", all, err)
	}
	if s, err := l.e.Stats(ctx); err != nil || s.PausedBy != "ana" || s.Completed != 1 || s.Failed != 1 || s.Messages < 7 {
		l.t.Errorf("stats %+v, %v", s, err)
	}
	if v, err := l.e.BotVersion(ctx, "shop", 0); (err == nil) != (version >= 5) || string(v.Content) != "tone: warm" && err == nil {
		l.t.Errorf("bot %+v, %v", v, err)
	}
	if c, err := l.e.Contact(ctx, 1, 7); err != nil || c.Consent[tania.ChannelSMS].Out != (version >= 2) {
		l.t.Errorf("contact %+v, %v", c, err)
	}
}

// workOff claims and completes all that waits, which must be this.
func (l life) workOff(want map[tania.ConversationKey]string) {
	l.t.Helper()
	got := map[tania.ConversationKey]string{}
	var turns []*queue.Turn
	for range want {
		s, err := l.e.Stats(context.Background())
		l.try(err)
		if s.Waiting == 0 {
			break
		}
		turn, err := l.e.Claim(context.Background())
		l.try(err)
		turns = append(turns, turn)
		var ids []tania.MessageID
		for _, m := range turn.Messages {
			ids = append(ids, m.ID)
			if m.Content == "" || m.Contact.Name != "Ana" {
				l.t.Errorf("message %+v", m)
			}
		}
		got[turn.Key] = fmt.Sprintf("%d attempt %d %q", ids, turn.Attempt, turn.Checkpoint)
		calls, err := l.e.Calls(context.Background(), turn)
		l.try(err)
		if turn.Parked != nil {
			got[turn.Key] += fmt.Sprintf(", %s %s", turn.Parked.Why, turn.Parked.Decision)
		}
		for _, c := range calls {
			got[turn.Key] += fmt.Sprintf(", %s: %s", c.Intent, c.Result)
		}
	}
	for _, turn := range turns {
		l.try(l.e.Complete(context.Background(), turn))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		l.t.Errorf("turns (-want +got):\n%s", diff)
	}
}

// TestAKillWhileAFileIsBroughtUpLeavesAWholeVersion: at every write (testsize) a process is killed, and the power cut. What is left has the
// tables of the version that it names, and loses nothing.
func TestAKillWhileAFileIsBroughtUpLeavesAWholeVersion(t *testing.T) {
	every := testsize.Of(1, 9) // not an even number, or it would be kills alone
	total := 0
	for version := range newestVersion(t) {
		schemas := schemasFrom(t, version)
		r := rand.New(rand.NewPCG(uint64(version), 0))
		disk := sqlitetest.NewDisk()
		disk.Put("q.db", fileOf(t, version))
		var left []*sqlitetest.Disk
		disk.OnWrite(func(int) { left = append(left, disk.Copy(), disk.PowerCut(r)) })
		e, err := OpenOn(t.Context(), disk.VFS(), filepath.Join(t.TempDir(), "q.db"), lifeOptions(lifeAt.Add(2*time.Minute)))
		if err != nil {
			t.Fatal(err)
		}
		disk.OnWrite(nil)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		disk.Close()
		passed := map[int]bool{}
		for n := 0; n < len(left); n += every {
			d := left[n]
			at := fmt.Sprintf("from schema %d, disk %d of %d", version, n, len(left))
			found, schema := whatIsOn(t, d)
			if passed[found] = true; schema != schemas[found] {
				t.Fatalf("%s: it says schema %d, and has\n%s", at, found, cmp.Diff(schemas[found], schema))
			}
			e, err := OpenOn(t.Context(), d.VFS(), filepath.Join(t.TempDir(), "q.db"), lifeOptions(lifeAt.Add(2*time.Minute)))
			if err != nil {
				t.Fatalf("%s: %v", at, err)
			}
			checkLife(life{t, e}, version)
			if err := e.Close(); err != nil || t.Failed() {
				t.Fatalf("%s, %v", at, err)
			}
			d.Close()
			total++
		}
		for at := version; at <= newestVersion(t); at++ {
			if every == 1 && !passed[at] {
				t.Errorf("from schema %d: no kill left schema %d", version, at)
			}
		}
	}
	t.Logf("%d disks", total)
}

// TestWhatWasMissedBeforeIsFound: records of a version that did not tell which are misses are told apart when the file is brought up.
func TestWhatWasMissedBeforeIsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.db")
	if err := os.WriteFile(path, fileOf(t, 5), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for id, body := range map[int]string{
		901: `{"message":901,"outcome":"not_known"}`, 902: `{"message":902,"outcome":"answered"}`, 903: `damaged`,
	} {
		if _, err := db.Exec(`INSERT INTO records VALUES (1, 9, ?, ?, ?)`, id, lifeAt.UnixNano(), []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	e, err := Open(t.Context(), path, lifeOptions(lifeAt.Add(2*time.Minute)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	missed, err := e.MissedRecords(t.Context(), 10)
	if err != nil || len(missed) != 1 || missed[0].Message != 901 {
		t.Errorf("%+v, %v", missed, err)
	}
}

// schemasFrom gives the tables of each version that a file of an earlier one passes through.
func schemasFrom(t *testing.T, version int) map[int]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "q.db")
	if err := os.WriteFile(path, fileOf(t, version), 0o600); err != nil {
		t.Fatal(err)
	}
	pages, err := sqlitefile.New("") // pages carry checksums from version 6 on
	if err != nil {
		t.Fatal(err)
	}
	defer pages.Close()
	db, err := sql.Open("sqlite", path+"?vfs="+pages.Name())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	schemas := map[int]string{version: tables(t, conn)}
	for at := version + 1; at <= newestVersion(t); at++ {
		if err := file.Climb(t.Context(), conn, at); err != nil {
			t.Fatal(err)
		}
		schemas[at] = tables(t, conn)
	}
	return schemas
}

func whatIsOn(t *testing.T, d *sqlitetest.Disk) (version int, schema string) {
	t.Helper()
	// On a copy: reading recovers the log, which writes.
	d = d.Copy()
	defer d.Close()
	db, err := sql.Open("sqlite", "q.db?vfs="+d.VFS())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	return count(t, db, `PRAGMA user_version`), tables(t, conn)
}

// tables is the schema as the file has it.
func tables(t *testing.T, conn *sql.Conn) string {
	t.Helper()
	var all string
	if err := conn.QueryRowContext(t.Context(),
		`SELECT coalesce(group_concat(sql, char(10)), '') FROM (SELECT sql FROM sqlite_master ORDER BY name)`).Scan(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestAFileOfANewerVersionIsLeftAlone, with a message that says what to do.
func TestAFileOfANewerVersionIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.db")
	if err := os.WriteFile(path, fileOf(t, newestVersion(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	pages, err := sqlitefile.New("")
	if err != nil {
		t.Fatal(err)
	}
	defer pages.Close()
	db, err := sql.Open("sqlite", path+"?vfs="+pages.Name())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(fmt.Sprintf("PRAGMA user_version = %d; PRAGMA wal_checkpoint(TRUNCATE)", newestVersion(t)+1)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), path, lifeOptions(lifeAt))
	if !errors.Is(err, ErrNewer) {
		t.Fatalf("%v, want ErrNewer", err)
	}
	for _, word := range []string{path, "run that version", "TANIA_DATA_DIR", fmt.Sprint("schema ", newestVersion(t)+1)} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed, %v", err)
	}
}
