package web_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"tania/internal/governor"
	"tania/internal/intake"
	"tania/internal/operator"
	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
	"tania/internal/web"
)

// TestAllDeadTurnsAreRetriedInTheBackground: the route answers before the work is done, and tells how far it is; somebody who writes
// meanwhile waits behind few.
func TestAllDeadTurnsAreRetriedInTheBackground(t *testing.T) {
	const all = 400
	engine, err := sqlitequeue.Open(t.Context(), filepath.Join(t.TempDir(), "tania.db"), queue.Options{Debounce: -1, DebounceMax: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = engine.Close() }()
	for n := range all {
		key := tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(n + 1)}
		if _, err := engine.Push(t.Context(), tania.Message{ID: tania.MessageID(n + 1), Key: key, Content: "hola"}); err != nil {
			t.Fatal(err)
		}
		turn, err := engine.Claim(t.Context())
		if err == nil {
			err = engine.Bury(t.Context(), turn, errors.New("away"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := web.New(web.Options{Engine: engine, Intake: intake.New(intake.Options{
		Engine:   engine,
		Governor: governor.New(governor.Options{}),
	}), Log: slog.New(slog.DiscardHandler), AdminToken: "t"})
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener, time.Second) }()
	q := operator.Remote("http://"+listener.Addr().String(), "t")
	var p operator.RetryAll
	err = operator.WithRetries(t.Context(), q, slog.New(slog.DiscardHandler), func(r operator.Retries) error {
		if p, err = r.Start(t.Context(), ""); err != nil || !p.Running || p.Of != all || p.Retried == all {
			t.Fatalf("%+v %v", p, err)
		}
		for done := 0; done < all; done++ {
			turn, err := engine.Claim(t.Context())
			if err == nil {
				err = engine.Complete(t.Context(), turn)
			}
			if err != nil {
				return err
			}
			if s, err := engine.Stats(t.Context()); err != nil || s.Waiting > 100 {
				t.Errorf("%d wait, %v", s.Waiting, err)
			}
		}
		for p.Running {
			if p, err = r.Progress(t.Context()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || p.Retried != all || p.Failed != 0 {
		t.Errorf("%+v %v", p, err)
	}
	end()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections()
}
