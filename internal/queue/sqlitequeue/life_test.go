package sqlitequeue

import (
	"context"
	"errors"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// still is a clock that stands.
type still struct{ now time.Time }

func (s still) Now() time.Time { return s.now }

func (s still) AfterFunc(time.Duration, func()) func() bool { return func() bool { return true } }

// lifeAt is when the files in testdata were written, by their own account.
var lifeAt = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

func lifeOptions(at time.Time) queue.Options {
	return queue.Options{Debounce: -1, DebounceMax: -1, Lease: 10 * time.Second, MaxAttempts: 3, Clock: still{at}}
}

// life is what a store of each version holds: a message that was answered, one that is a dead letter, one that was tried and waits with a
// second behind it, one that a worker is about to answer, and two that nobody has claimed yet; a conversation, a counter, and a pause.
type life struct {
	t testing.TB
	e *Engine
}

func (l life) try(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l life) push(key tania.ConversationKey, id tania.MessageID) {
	l.t.Helper()
	_, err := l.e.Push(context.Background(), tania.Message{
		ID: id, Key: key, Content: "¿Dónde está mi pedido?",
		Contact: tania.Contact{ID: 7, Name: "Ana"},
	})
	l.try(err)
}

func (l life) claim(key tania.ConversationKey) *queue.Turn {
	l.t.Helper()
	turn, err := l.e.Claim(context.Background())
	l.try(err)
	if turn.Key != key {
		l.t.Fatalf("claimed %s, want %s", turn.Key, key)
	}
	return turn
}

func lifeRecord(key tania.ConversationKey, id tania.MessageID) tania.Record {
	return tania.Record{Key: key, Message: id, At: lifeAt, Content: "¿Dónde está mi pedido?", Outcome: "answered", Reply: "En camino."}
}

// live does it, and what only a later version can.
func (l life) live(later func(life)) {
	ctx := context.Background()
	l.push(keyOf(1, 1), 1)
	turn := l.claim(keyOf(1, 1))
	l.try(l.e.Complete(ctx, turn, lifeRecord(turn.Key, 1)))
	_, err := l.e.UpdateConversation(ctx, turn.Key, func(c *tania.Conversation) bool { c.Language = "es"; return true })
	l.try(err)

	l.push(keyOf(1, 2), 2)
	turn = l.claim(keyOf(1, 2))
	l.try(l.e.Checkpoint(ctx, turn, []byte(`"En camino."`)))
	l.try(l.e.Bury(ctx, turn, errors.New("the model is down"), lifeRecord(turn.Key, 2)))

	l.push(keyOf(1, 3), 3)
	l.try(l.e.Retry(ctx, l.claim(keyOf(1, 3)), time.Minute, errors.New("Chatwoot is down")))
	l.push(keyOf(1, 3), 4)

	l.push(keyOf(1, 4), 5)
	l.try(l.e.Checkpoint(ctx, l.claim(keyOf(1, 4)), []byte(`"Llega mañana."`)))

	later(l)

	l.push(keyOf(2, 1), 6)
	l.push(keyOf(2, 1), 7)
	l.try(l.e.Count(ctx, map[string]int64{"llm/calls": 3}))
	_, err = l.e.Pause(ctx, "ana")
	l.try(err)
}
