package privacy_test

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tania/internal/privacy"
	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/scrub"
	"tania/internal/tania"
)

// TestWhatWasStoredBeforeItWasScrubbedIsShownScrubbed: on every way by which operators read a dead letter or a record.
func TestWhatWasStoredBeforeItWasScrubbedIsShownScrubbed(t *testing.T) {
	const token = "bot/token+of=17&letters"
	engine, err := sqlitequeue.Open(t.Context(), filepath.Join(t.TempDir(), "tania.db"), queue.Options{Debounce: -1, DebounceMax: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = engine.Close() }()
	key := tania.ConversationKey{Account: 1, Conversation: 7}
	if _, err := engine.Push(t.Context(), tania.Message{ID: 9, Key: key, Content: "hola", Received: time.Now()}); err != nil {
		t.Fatal(err)
	}
	turn, err := engine.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Checkpoint(t.Context(), turn, []byte(`{"record":{"error":"401 for `+token+`"}}`)); err != nil {
		t.Fatal(err)
	}
	park := func(turn *queue.Turn) {
		t.Helper()
		if err := engine.Park(t.Context(), turn, time.Hour, []byte("retry after 401 for "+token)); err != nil {
			t.Fatal(err)
		}
	}
	park(turn)
	if err := engine.Unpark(t.Context(), turn.ID, "ana", []byte("with "+token)); err != nil {
		t.Fatal(err)
	}
	if turn, err = engine.Claim(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Push(t.Context(), tania.Message{ID: 10, Key: tania.ConversationKey{Account: 1, Conversation: 8}}); err != nil {
		t.Fatal(err)
	}
	waits, err := engine.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	park(waits)
	call, err := engine.Intend(t.Context(), turn, []byte("GET /orders?token="+token))
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Settle(t.Context(), turn, call, []byte("401 for "+token)); err != nil {
		t.Fatal(err)
	}
	said := "401 Unauthorized: token " + token + " is not valid"
	record := tania.Record{Key: key, Message: 9, Turn: turn.ID, Error: said, Detail: said, Unchecked: []string{said}}
	record.Outcome = tania.OutcomeNotKnown
	if err := engine.Bury(t.Context(), turn, errors.New(said), record); err != nil {
		t.Fatal(err)
	}

	shown := privacy.Scrubbed(engine, scrub.New(token).Text)
	for name, read := range map[string]func(queue.Engine) (any, error){
		"the list of dead turns": func(e queue.Engine) (any, error) { return e.Dead(t.Context(), 0) },
		"a dead turn":            func(e queue.Engine) (any, error) { return e.DeadTurn(t.Context(), turn.ID) },
		"the records":            func(e queue.Engine) (any, error) { return e.Records(t.Context(), key) },
		"the records of a time":  func(e queue.Engine) (any, error) { return e.RecordsBetween(t.Context(), time.Time{}, time.Time{}, 10) },
		"the records of all":     func(e queue.Engine) (any, error) { return e.RecentRecords(t.Context(), 10) },
		"the records of misses": func(e queue.Engine) (any, error) {
			list, err := e.MissedRecords(t.Context(), 10)
			return list[0].Detail, err
		},
		"a dead turn's planned reply": func(e queue.Engine) (any, error) {
			d, err := e.DeadTurn(t.Context(), turn.ID)
			return string(d.Checkpoint), err
		},
		"what a dead turn was about to do": func(e queue.Engine) (any, error) {
			d, err := e.DeadTurn(t.Context(), turn.ID)
			return string(d.Calls[0].Intent), err
		},
		"what a dead turn was parked for": func(e queue.Engine) (any, error) {
			d, err := e.DeadTurn(t.Context(), turn.ID)
			return string(d.Parked.Why), err
		},
		"what was decided": func(e queue.Engine) (any, error) {
			d, err := e.DeadTurn(t.Context(), turn.ID)
			return string(d.Parked.Decision), err
		},
		"a parked turn": func(e queue.Engine) (any, error) {
			list, err := e.ParkedTurns(t.Context(), 0)
			return string(list[0].Why), err
		},
		"what came of it": func(e queue.Engine) (any, error) {
			d, err := e.DeadTurn(t.Context(), turn.ID)
			return string(d.Calls[0].Result), err
		},
	} {
		t.Run(name, func(t *testing.T) {
			text := func(e queue.Engine) string {
				value, err := read(e)
				if err != nil {
					t.Fatal(err)
				}
				body, err := json.Marshal(value)
				if err != nil {
					t.Fatal(err)
				}
				return strings.ReplaceAll(string(body), `\u0026`, "&")
			}
			if was := text(engine); !strings.Contains(was, token) {
				t.Fatalf("the store has no token: %s", was)
			}
			if now := text(shown); strings.Contains(now, token) || !strings.Contains(now, "(secret)") {
				t.Errorf("shown as %s", now)
			}
		})
	}
}
