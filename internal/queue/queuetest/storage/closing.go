package storage

import (
	"errors"
	"testing"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
)

func closing(t *testing.T, h queuetest.Harness) {
	f := queuetest.NewFixture(t, h, queuetest.Options())
	e := f.Engine()
	f.Must(e.Ready(t.Context()))
	f.Push(queuetest.Key(1, 1), 1)
	turn := f.Claim()
	ended := make(chan error)
	for range 5 {
		go func() {
			_, err := e.Claim(t.Context())
			ended <- err
		}()
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := <-ended; !errors.Is(err, queue.ErrClosed) {
			t.Errorf("a blocked claim ended with %v", err)
		}
	}
	ctx := t.Context()
	ops := queuetest.TurnOperations(ctx, e, turn)
	ops["Push"] = func() error { _, err := e.Push(ctx, queuetest.Message(queuetest.Key(1, 1), 2)); return err }
	ops["Claim"] = func() error { _, err := e.Claim(ctx); return err }
	ops["Ready"] = func() error { return e.Ready(ctx) }
	ops["Stats"] = func() error {
		s, err := e.Stats(ctx)
		if s.Engine == "" {
			t.Error("Stats does not name the engine when the store does not answer")
		}
		return err
	}
	ops["Dead"] = func() error { _, err := e.Dead(ctx, 0); return err }
	ops["DeadTurn"] = func() error { _, err := e.DeadTurn(ctx, "x"); return err }
	ops["Unpark"] = func() error { return e.Unpark(ctx, "x", "ana", nil) }
	ops["ParkedTurns"] = func() error { _, err := e.ParkedTurns(ctx, 0); return err }
	ops["PublishBot"] = func() error {
		_, err := e.PublishBot(ctx, 0, queue.BotVersion{Bot: "shop", Content: []byte("x")})
		return err
	}
	ops["BotVersion"] = func() error { _, err := e.BotVersion(ctx, "shop", 0); return err }
	ops["BotVersions"] = func() error { _, err := e.BotVersions(ctx, "shop"); return err }
	ops["BotNames"] = func() error { _, err := e.BotNames(ctx); return err }
	ops["AwaitBot"] = func() error { _, err := e.AwaitBot(ctx, "shop", 0); return err }
	ops["Records"] = func() error { _, err := e.Records(ctx, queuetest.Key(1, 1)); return err }
	ops["Counters"] = func() error { _, err := e.Counters(ctx); return err }
	ops["Conversation"] = func() error { _, err := e.Conversation(ctx, queuetest.Key(1, 1)); return err }
	ops["Count"] = func() error { return e.Count(ctx, map[string]int64{"n": 1}) }
	for op, run := range ops {
		if err := run(); !errors.Is(err, queue.ErrClosed) {
			t.Errorf("%s after Close: %v, want ErrClosed", op, err)
		}
	}
	if err := e.Close(); err != nil {
		t.Errorf("the second Close: %v", err)
	}
}
