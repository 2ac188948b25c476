package sqlitequeue

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"tania/internal/queue"
	"tania/internal/tania"
)

// TestADamagedLogIsFoundAndCounted: what SQLite leaves out of a log because a bit of it flipped is counted, also after another start, and
// the log is kept as it was.
func TestADamagedLogIsFoundAndCounted(t *testing.T) {
	from, to := filepath.Join(t.TempDir(), "tania.db"), filepath.Join(t.TempDir(), "tania.db")
	open := func(path string) *Engine {
		t.Helper()
		e, err := Open(t.Context(), path, queue.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = e.Close() })
		return e
	}
	const messages = 6
	e := open(from)
	var ends [messages]int64 // of the log, after each message
	for i := range messages {
		if _, err := e.Push(t.Context(), tania.Message{
			ID:  tania.MessageID(i + 1),
			Key: tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(i + 1)}, Content: "hola",
		}); err != nil {
			t.Fatal(err)
		}
		log, err := os.Stat(from + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		ends[i] = log.Size()
	}
	if left := e.Left(); left != (Left{}) {
		t.Errorf("a file that is new had %+v left", left)
	}
	for _, end := range []string{"", "-wal"} {
		data, err := os.ReadFile(from + end)
		if err != nil {
			t.Fatal(err)
		}
		if end == "-wal" {
			data[ends[1]+100] ^= 4 // within what the third message wrote
		}
		if err := os.WriteFile(to+end, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	damaged, err := os.ReadFile(to + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	e = open(to)
	const lost = messages - 2 - 1 // the last may have been under way
	if left := e.Left(); left.Lost < lost || left.At != ends[1] {
		t.Errorf("found %+v, want at least %d transactions from byte %d on", left, lost, ends[1])
	}
	if kept, err := os.ReadFile(e.Left().Copy); err != nil || !bytes.Equal(kept, damaged) {
		t.Errorf("the log is not kept in %q: %v", e.Left().Copy, err)
	}
	first, err := e.Stats(t.Context())
	if err != nil || first.Lost != int64(e.Left().Lost) || first.RepairedAt.IsZero() || first.Waiting+first.Delayed != 2 {
		t.Errorf("%+v, %v", first, err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(to)
	if again, err := e.Stats(t.Context()); err != nil || again.Lost != first.Lost || !again.RepairedAt.Equal(first.RepairedAt) ||
		e.Left() != (Left{}) {
		t.Errorf("after another start: %+v, left %+v, %v", again, e.Left(), err)
	}
}
