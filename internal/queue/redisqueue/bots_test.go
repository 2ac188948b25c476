package redisqueue

import (
	"context"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/redistest"
)

// awaited gives what a process learns when another version than known is current.
func awaited(t *testing.T, e *Engine, known int) <-chan queue.BotVersion {
	t.Helper()
	got := make(chan queue.BotVersion, 1)
	ctx, done := context.WithTimeout(t.Context(), patience)
	t.Cleanup(done)
	go func() {
		v, err := e.AwaitBot(ctx, "shop", known)
		if err != nil {
			t.Error(err)
		}
		got <- v
	}()
	return got
}

func publish(t *testing.T, e *Engine, after int) {
	t.Helper()
	if _, err := e.PublishBot(t.Context(), after, queue.BotVersion{Bot: "shop", By: "ana", Content: []byte("tone: warm")}); err != nil {
		t.Fatal(err)
	}
}

// TestEveryProcessLearnsOfAVersion that another one published, one that Redis could not tell too, and across an outage.
func TestEveryProcessLearnsOfAVersion(t *testing.T) {
	s := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	n := name()
	one, other := process(t, s, n, nil), process(t, s, n, nil)
	got := awaited(t, other, 0)
	told := other.botsTold()
	publish(t, one, 0)
	select {
	case <-told:
	case <-time.After(patience):
		t.Error("the other process was not told")
	}
	if v := <-got; v.Number != 1 {
		t.Fatalf("%+v", v)
	}

	// Nobody is told of this one: as if the connection had been down.
	got = awaited(t, other, 1)
	for _, command := range [][]string{
		{"HSET", base(n, 0) + ":V:shop", "2", "tone: brief"},
		{"HSET", base(n, 0) + ":v:shop", "2", `1000000 {"by":"eva"}`},
		{"HSET", base(n, 0) + ":bots", "shop", "2"},
	} {
		s.Do(t, command...)
	}
	if v := <-got; v.Number != 2 || v.By != "eva" || string(v.Content) != "tone: brief" {
		t.Fatalf("%+v", v)
	}

	got = awaited(t, other, 2)
	s.Kill()
	if err := s.Launch(); err != nil {
		t.Fatal(err)
	}
	later := process(t, s, n, nil)
	publish(t, later, 2)
	if v := <-got; v.Number != 3 {
		t.Fatalf("%+v", v)
	}
}
