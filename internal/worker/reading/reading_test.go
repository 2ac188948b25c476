package reading

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
	"tania/internal/worker/quiet"
)

// ears hear what is said in audio, and nothing in what cannot be heard.
type ears struct {
	heard    int
	language tania.Language
	// meanwhile is done while they listen.
	meanwhile func()
}

var errNoise = errors.New("noise")

// Reads implements Media.
func (e *ears) Reads(a tania.Attachment) bool { return a.Type == "audio" && a.Transcript == "" }

// Read implements Media.
func (e *ears) Read(_ context.Context, a tania.Attachment, language tania.Language) (tania.Attachment, error) {
	e.heard++
	e.language = language
	if e.meanwhile != nil {
		e.meanwhile()
	}
	if a.URL == "noise" {
		return a, errNoise
	}
	a.Transcript, a.Own = "said in "+a.URL, true
	return a, nil
}

// claimed is the turn of a message with files, in a store of its own.
func claimed(t *testing.T, files ...tania.Attachment) (queue.Engine, *queue.Turn) {
	t.Helper()
	e, err := sqlitequeue.Open(t.Context(), filepath.Join(t.TempDir(), "tania.db"), queue.Options{Debounce: -1, DebounceMax: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	m := tania.Message{ID: 1, Key: tania.ConversationKey{Account: 1, Conversation: 2}, Attachments: files}
	if _, err := e.Push(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	turn, err := e.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return e, turn
}

func audio(url string) tania.Attachment { return tania.Attachment{Type: "audio", URL: url} }

// TestWhatIsReadIsPutIntoTheStore, in one restart that no newer message is to blame for, and once.
func TestWhatIsReadIsPutIntoTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, turn := claimed(t, audio("a"), tania.Attachment{Type: "location"}, audio("noise"), audio("b"))
		hears := &ears{}
		a := &Attempt{Media: hears, Store: e, Turn: turn, Language: tania.Spanish}
		if unread, err := a.Read(t.Context(), slog.New(slog.DiscardHandler)); !errors.Is(err, quiet.ErrNewer) || unread != nil {
			t.Fatalf("%q, %v, want a turn that reads otherwise", unread, err)
		}
		if a.Restarts() != 1 || hears.heard != 3 || hears.language != tania.Spanish {
			t.Errorf("%d restarts, %d files heard in %q", a.Restarts(), hears.heard, hears.language)
		}
		select {
		case <-turn.Newer:
			t.Error("the signal of what was read is left, and makes the model start over")
		default:
		}
		if more, err := e.Absorb(t.Context(), turn); err != nil || !more {
			t.Fatalf("absorbed: %t, %v", more, err)
		}
		files := turn.Messages[0].Attachments
		if files[0].Transcript != "said in a" || files[2].Transcript != "" || files[3].Transcript != "said in b" {
			t.Errorf("the store has %+v", files)
		}
		unread, err := a.Read(t.Context(), slog.New(slog.DiscardHandler))
		if err != nil || len(unread) != 1 || unread[0] != errNoise.Error() {
			t.Errorf("unread %q, %v, want why the one was not", unread, err)
		}
		if hears.heard != 3 || a.Restarts() != 1 {
			t.Errorf("%d files heard, %d restarts: what could not be read was tried again", hears.heard, a.Restarts())
		}
	})
}

// TestWhatIsNotRead: nothing without media, of what was deleted, and beyond the bound; and the end of a turn is its error.
func TestWhatIsNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, turn := claimed(t, audio("a"))
		log := slog.New(slog.DiscardHandler)
		without := &Attempt{Store: e, Turn: turn}
		if unread, err := without.Read(t.Context(), log); unread != nil || err != nil {
			t.Errorf("without media: %q, %v", unread, err)
		}
		ended, end := context.WithCancel(t.Context())
		end()
		stopped := &Attempt{Media: &ears{}, Store: e, Turn: turn}
		if _, err := stopped.Read(ended, log); !errors.Is(err, context.Canceled) {
			t.Errorf("an ended turn: %v", err)
		}
		turn.Messages[0].Deleted = true
		hears := &ears{}
		if unread, err := (&Attempt{Media: hears, Store: e, Turn: turn}).Read(t.Context(), log); unread != nil || err != nil || hears.heard > 0 {
			t.Errorf("a deleted message: %q, %v, %d heard", unread, err, hears.heard)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		var files []tania.Attachment
		for range mostFiles + 2 {
			files = append(files, audio("noise"))
		}
		e, turn := claimed(t, files...)
		hears := &ears{}
		unread, err := (&Attempt{Media: hears, Store: e, Turn: turn}).Read(t.Context(), slog.New(slog.DiscardHandler))
		if err != nil || len(unread) != mostFiles+2 || hears.heard != mostFiles {
			t.Errorf("%d of %d files heard, %d unread, %v", hears.heard, len(files), len(unread), err)
		}
	})
}

// TestChatwootsOwnTranscriptCounts where it comes while the file is read.
func TestChatwootsOwnTranscriptCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, turn := claimed(t, audio("a"))
		m := turn.Messages[0]
		hears := &ears{meanwhile: func() {
			if _, err := e.Amend(t.Context(), m.Key, m.ID, func(now *tania.Message, _ bool) bool {
				now.Attachments[0].Transcript = "told by Chatwoot"
				return true
			}); err != nil {
				t.Error(err)
			}
		}}
		began := time.Now()
		unread, err := (&Attempt{Media: hears, Store: e, Turn: turn}).Read(t.Context(), slog.New(slog.DiscardHandler))
		if err != nil || len(unread) != 1 || time.Since(began) != 0 {
			t.Errorf("%q, %v after %s, want why ours was not taken, at once", unread, err, time.Since(began))
		}
		if _, err := e.Absorb(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
		if got := turn.Messages[0].Attachments[0]; got.Transcript != "told by Chatwoot" || got.Own {
			t.Errorf("the store has %+v", got)
		}
	})
}
