package operator_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/operator"
	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
)

func open(t *testing.T, path string) *sqlitequeue.Engine {
	t.Helper()
	e, err := sqlitequeue.Open(t.Context(), path, queue.Options{Debounce: -1, DebounceMax: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// bury makes dead letters, each of a conversation of its own.
func bury(t *testing.T, e *sqlitequeue.Engine, from, n int) {
	t.Helper()
	for i := from; i < from+n; i++ {
		key := tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(i)}
		if _, err := e.Push(t.Context(), tania.Message{ID: tania.MessageID(i), Key: key, Content: "hola"}); err != nil {
			t.Fatal(err)
		}
		turn, err := e.Claim(t.Context())
		if err == nil {
			err = e.Bury(t.Context(), turn, errors.New("Chatwoot was away"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func waiting(t *testing.T, e queue.Engine) queue.Stats {
	t.Helper()
	s, err := e.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestARetryOfAllIsPacedAndGoesOnAfterARestart: no more are put back than a hundred ahead of who writes now, and what a process that ended
// left undone the next one does, without what died meanwhile.
func TestARetryOfAllIsPacedAndGoesOnAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const all = 300
		path := filepath.Join(t.TempDir(), "tania.db")
		e := open(t, path)
		bury(t, e, 1, all)
		r := operator.NewRetrier(e, slog.New(slog.DiscardHandler))
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- r.Run(ctx) }()
		synctest.Wait()
		p, err := r.Start(t.Context(), "ana")
		if err != nil || !p.Running || p.Of != all || p.By != "ana" {
			t.Fatalf("%+v %v", p, err)
		}
		time.Sleep(time.Minute)
		if s := waiting(t, e); s.Waiting == 0 || s.Waiting > 100 {
			t.Errorf("%d wait, with nobody at work", s.Waiting)
		}
		if again, err := r.Start(t.Context(), "luis"); err != nil || again.By != "ana" || again.Retried == 0 {
			t.Errorf("a second start: %+v %v", again, err)
		}
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}

		e = open(t, path)
		next := operator.NewRetrier(e, slog.New(slog.DiscardHandler))
		ctx, end = context.WithCancel(t.Context())
		defer end()
		go func() { ended <- next.Run(ctx) }()
		for n := range all {
			turn, err := e.Claim(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 { // it dies again, and must not come back
				err = e.Bury(t.Context(), turn, errors.New("again"))
			} else {
				err = e.Complete(t.Context(), turn)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute)
		p, err = next.Progress(t.Context())
		if err != nil || p.Running || p.Retried != all || p.Failed != 0 || p.Ended.IsZero() {
			t.Errorf("%+v %v", p, err)
		}
		if s := waiting(t, e); s.Failed != 1 || s.Waiting != 0 {
			t.Errorf("%+v: the turn that died again is retried again", s)
		}
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestNothingToRetry is said at once.
func TestNothingToRetry(t *testing.T) {
	e := open(t, filepath.Join(t.TempDir(), "tania.db"))
	if p, err := operator.NewRetrier(e, slog.New(slog.DiscardHandler)).Start(t.Context(), "ana"); err != nil || p.Running || p.Of != 0 {
		t.Errorf("%s %v", fmt.Sprint(p), err)
	}
}
