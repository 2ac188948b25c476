package sqlitequeue

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/tania"
)

// breaks has each statement of one kind on one table fail until mend is called, as a statement does that the disk has no room for.
func breaks(t *testing.T, e *Engine, kind, table string) (mend func()) {
	t.Helper()
	statement(t, e, fmt.Sprintf(`CREATE TEMP TRIGGER broken BEFORE %s ON main.%s BEGIN SELECT RAISE(ABORT, 'broken'); END`, kind, table))
	return func() {
		t.Helper()
		statement(t, e, `DROP TRIGGER broken`)
	}
}

func statement(t *testing.T, e *Engine, text string) {
	t.Helper()
	err := e.submit(t.Context(), &op{
		done: make(chan error, 1), run: func(*tx) error { return nil },
		after: func() error { _, err := e.write.conn.ExecContext(t.Context(), text); return err },
	})
	if err != nil {
		t.Fatal(err)
	}
}

// lived is a step of a store's life, which may be taken again when it fails.
type lived struct {
	name string
	do   func() error
}

// livedThrough are steps that run every statement that writes.
func livedThrough(s *store) []lived {
	var turn, other *queue.Turn
	ctx := s.t.Context()
	claim := func(into **queue.Turn) func() error {
		return func() (err error) { *into, err = s.e.Claim(ctx); return err }
	}
	push := func(id, conversation, revision int) func() error {
		return func() error {
			_, err := s.e.Push(ctx, tania.Message{
				ID: tania.MessageID(id), Key: keyOf(1, int64(conversation)), Revision: revision,
				Content: "hola", Contact: tania.Contact{ID: 5},
			})
			return err
		}
	}
	record := func(id int) tania.Record {
		return tania.Record{Key: turn.Key, Message: tania.MessageID(id), At: s.Now()}
	}
	cause := errors.New("test")
	return []lived{
		{"push", push(1, 1, 0)},
		{"push of a revision", push(2, 2, 1)},
		{"push of a duplicate", push(1, 1, 0)},
		{"claim", claim(&turn)},
		{"claim of another", claim(&other)},
		{"push behind", push(3, 1, 0)},
		{"absorb", func() error { _, err := s.e.Absorb(ctx, turn); return err }},
		{"intend", func() error { _, err := s.e.Intend(ctx, turn, []byte("refund")); return err }},
		{"settle", func() error { return s.e.Settle(ctx, turn, 1, []byte("refunded")) }},
		{"calls", func() error { _, err := s.e.Calls(ctx, turn); return err }},
		{"checkpoint", func() error { return s.e.Checkpoint(ctx, turn, []byte("plan")) }},
		{"amend", func() error {
			_, err := s.e.Amend(ctx, turn.Key, 3, func(m *tania.Message, _ bool) bool { m.Content = "adiós"; return true })
			return err
		}},
		{"bury", func() error { return s.e.Bury(ctx, turn, cause, record(1)) }},
		{"retry of a dead letter", func() error { return s.e.RetryDead(ctx, turn.ID) }},
		{"claim of what was dead", claim(&turn)},
		{"retry", func() error { return s.e.Retry(ctx, turn, 0, cause, record(1)) }},
		{"claim again", claim(&turn)},
		{"defer", func() error { return s.e.Defer(ctx, turn, 0, record(1)) }},
		{"claim of what was deferred", claim(&turn)},
		{"release", func() error { return s.e.Release(ctx, turn) }},
		{"claim of what was released", claim(&turn)},
		{"park", func() error { return s.e.Park(ctx, turn, time.Hour, []byte("may it?"), record(1)) }},
		{"unpark", func() error { return s.e.Unpark(ctx, turn.ID, "ana", []byte("yes")) }},
		{"claim of what was decided", claim(&turn)},
		{"complete", func() error { return s.e.Complete(ctx, turn, record(1), record(3)) }},
		{"bury the other", func() error { return s.e.Bury(ctx, other, cause) }},
		{"discard", func() error { return s.e.DiscardDead(ctx, other.ID) }},
		{"conversation", func() error {
			_, err := s.e.UpdateConversation(ctx, keyOf(1, 1), func(c *tania.Conversation) bool { c.Contact.ID = 5; return true })
			return err
		}},
		{"contact", func() error {
			_, err := s.e.UpdateContact(ctx, 1, 5, func(c *tania.ContactMemory) bool {
				return c.Hear(tania.ChannelSMS, tania.Consent{Out: true, Word: "STOP", Message: 1, At: s.Now()})
			})
			return err
		}},
		{"records", func() error { return s.e.SaveRecords(ctx, record(9)) }},
		{"count", func() error { return s.e.Count(ctx, map[string]int64{"calls": 3}) }},
		{"note", func() error {
			if _, err := s.e.HoldNote(ctx, "note", "ana", time.Hour); err != nil {
				return err
			}
			written, err := s.e.WriteNote(ctx, "note", "ana", []byte("text"))
			if written != (err == nil) {
				s.t.Errorf("a note is written: %v, %v", written, err)
			}
			return err
		}},
		{"pause", func() error {
			changed, err := s.e.Pause(ctx, "ana")
			if changed != (err == nil) {
				s.t.Errorf("paused: %v, %v", changed, err)
			}
			return err
		}},
		{"resume", func() error {
			changed, err := s.e.Resume(ctx, "ana")
			if changed != (err == nil) {
				s.t.Errorf("resumed: %v, %v", changed, err)
			}
			return err
		}},
		{"publish", func() error {
			v, err := s.e.PublishBot(ctx, 0, queue.BotVersion{Bot: "shop", By: "ana", Content: []byte("x")})
			if (v.Number == 1) != (err == nil) {
				s.t.Errorf("published %+v, %v", v, err)
			}
			return err
		}},
		{"publish another", func() error {
			_, err := s.e.PublishBot(ctx, 1, queue.BotVersion{Bot: "shop", By: "ana", Content: []byte("y"), Replaces: []int{1}})
			return err
		}},
		{"push of what is forgotten", push(7, 7, 0)},
		{"ready", func() error { return s.e.Ready(ctx) }},
	}
}

// ended is what is left of a life.
func ended(t *testing.T, s *store) map[string]any {
	t.Helper()
	left := map[string]any{}
	for what, n := range s.Leftovers() {
		left[what] = n
	}
	stats, err := s.e.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	left["stats"] = stats
	for _, table := range []string{"messages", "records", "conversations", "contacts", "meta", "counters", "bots", "dead"} {
		left["rows of "+table] = count(t, s.e.file.Readers, `SELECT count(*) FROM `+table)
	}
	return left
}

// TestAStatementThatFailsChangesNothing: of each kind and table in turn, at every step of a store's life. The step fails as a whole, can be
// taken again, and what comes of it all is what comes of a life without failures, in memory and on disk.
func TestAStatementThatFailsChangesNothing(t *testing.T) {
	live := func(t *testing.T, kind, table string) (failed int, left map[string]any) {
		s := newStore(t, queue.Options{Debounce: -1, DebounceMax: -1, Lease: time.Hour, MaxAttempts: 9})
		t.Cleanup(s.Remove)
		for _, step := range livedThrough(s) {
			if kind != "" {
				mend := breaks(t, s.e, kind, table)
				err := step.do()
				mend()
				if err == nil {
					continue
				}
				if failed++; !errors.Is(err, queue.ErrUnavailable) || !strings.Contains(err.Error(), "broken") {
					t.Errorf("%s: %v, want ErrUnavailable with the cause", step.name, err)
				}
			}
			if err := step.do(); err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
		}
		inMemory := ended(t, s)
		s.Crash()
		if diff := cmp.Diff(inMemory, ended(t, s)); diff != "" {
			t.Errorf("in memory (-) and on disk (+): %s", diff)
		}
		return failed, inMemory
	}
	_, want := live(t, "", "")
	for _, kind := range []string{"INSERT", "UPDATE", "DELETE"} {
		for _, table := range []string{
			"messages", "turns", "calls", "dead", "conversations", "contacts", "records", "counters", "meta", "bots",
		} {
			t.Run(kind+" "+table, func(t *testing.T) {
				failed, left := live(t, kind, table)
				if failed == 0 && kind == "INSERT" {
					t.Error("no step has such a statement")
				}
				if diff := cmp.Diff(want, left); diff != "" {
					t.Errorf("with %d failures: %s", failed, diff)
				}
			})
		}
	}
}
