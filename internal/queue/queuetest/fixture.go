package queuetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/tania"
)

// patience is how long what must happen may take on a busy machine; moment is how long what must not happen is
// awaited. A right engine never fails by either.
const (
	patience = 30 * time.Second
	moment   = 2 * time.Millisecond
)

// options of most tests: no debounce, a lease of ten seconds, two attempts.
func options() queue.Options {
	return queue.Options{
		Debounce: -1, DebounceMax: -1, Lease: 10 * time.Second, MaxAttempts: 2,
		DedupFor: 24 * time.Hour, KeepFor: 48 * time.Hour, KeepDead: 72 * time.Hour,
	}
}

// fixture is a store with the steps that tests are made of; each fails the test when the engine refuses.
type fixture struct {
	testing.TB
	Store
}

func newFixture(t testing.TB, h Harness, o queue.Options) *fixture {
	t.Helper()
	f := &fixture{t, h.Open(t, o)}
	t.Cleanup(f.Remove)
	return f
}

func key(account, conversation int) tania.ConversationKey {
	return tania.ConversationKey{Account: tania.AccountID(account), Conversation: tania.ConversationID(conversation)}
}

func message(k tania.ConversationKey, id int) tania.Message {
	return tania.Message{ID: tania.MessageID(id), Key: k, Content: fmt.Sprintf("message %d", id), CanReply: true}
}

func (f *fixture) try(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// push stores messages of a conversation one after the other.
func (f *fixture) push(k tania.ConversationKey, ids ...int) {
	f.Helper()
	for _, id := range ids {
		got, err := f.Engine().Push(f.Context(), message(k, id))
		f.try(err)
		if got.Duplicate {
			f.Fatalf("message %d counts as a duplicate", id)
		}
	}
}

func (f *fixture) pushAgain(k tania.ConversationKey, id int) {
	f.Helper()
	got, err := f.Engine().Push(f.Context(), message(k, id))
	f.try(err)
	if !got.Duplicate {
		f.Fatalf("message %d counts as new", id)
	}
}

// claim takes the next turn, which must be there.
func (f *fixture) claim() *queue.Turn {
	f.Helper()
	ctx, done := context.WithTimeout(f.Context(), patience)
	defer done()
	t, err := f.Engine().Claim(ctx)
	f.try(err)
	return t
}

// claimOf takes the next turn, which must be that of k, with these messages.
func (f *fixture) claimOf(k tania.ConversationKey, ids ...int) *queue.Turn {
	f.Helper()
	t := f.claim()
	if t.Key != k {
		f.Fatalf("claimed %s, want %s", t.Key, k)
	}
	f.has(t, ids...)
	return t
}

func (f *fixture) has(t *queue.Turn, want ...int) {
	f.Helper()
	var got []int
	for _, m := range t.Messages {
		got = append(got, int(m.ID))
		if m.Key != t.Key {
			f.Errorf("message %d is of %s, its turn of %s", m.ID, m.Key, t.Key)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		f.Fatalf("messages of turn %s (-want +got):\n%s", t.ID, diff)
	}
}

// nothingDue asserts that no turn can be claimed.
func (f *fixture) nothingDue() {
	f.Helper()
	if s := f.stats(); s.Waiting != 0 && !s.Paused {
		f.Fatalf("%d conversations wait", s.Waiting)
	}
	ctx, done := context.WithTimeout(f.Context(), moment)
	defer done()
	if t, err := f.Engine().Claim(ctx); !errors.Is(err, context.DeadlineExceeded) {
		f.Fatalf("claimed %+v, %v", t, err)
	}
}

func (f *fixture) complete(t *queue.Turn) {
	f.Helper()
	f.try(f.Engine().Complete(f.Context(), t))
}

func (f *fixture) stats() queue.Stats {
	f.Helper()
	s, err := f.Engine().Stats(f.Context())
	f.try(err)
	return s
}

// refused asserts that every operation with the turn is refused.
func (f *fixture) refused(t *queue.Turn) {
	f.Helper()
	for op, run := range turnOperations(f.Context(), f.Engine(), t) {
		if err := run(); !errors.Is(err, queue.ErrLost) {
			f.Errorf("%s with an old token: %v, want ErrLost", op, err)
		}
	}
}

func turnOperations(ctx context.Context, e queue.Engine, t *queue.Turn) map[string]func() error {
	cause := errors.New("stale")
	return map[string]func() error{
		"Extend":     func() error { return e.Extend(ctx, t) },
		"Absorb":     func() error { _, err := e.Absorb(ctx, t); return err },
		"Checkpoint": func() error { return e.Checkpoint(ctx, t, []byte(`"stale"`)) },
		"Complete":   func() error { return e.Complete(ctx, t, tania.Record{Key: t.Key, Message: 1, Detail: "stale"}) },
		"Retry":      func() error { return e.Retry(ctx, t, 0, cause) },
		"Defer":      func() error { return e.Defer(ctx, t, 0) },
		"Release":    func() error { return e.Release(ctx, t) },
		"Bury":       func() error { return e.Bury(ctx, t, cause) },
		"Park":       func() error { return e.Park(ctx, t, time.Hour, []byte("stale")) },
		"Intend":     func() error { _, err := e.Intend(ctx, t, []byte("stale")); return err },
		"Settle":     func() error { return e.Settle(ctx, t, 1, []byte("stale")) },
		"Calls":      func() error { _, err := e.Calls(ctx, t); return err },
	}
}

func (f *fixture) isLost(t *queue.Turn) {
	f.Helper()
	select {
	case <-t.Lost:
	case <-time.After(patience):
		f.Error("Lost is not closed")
	}
}

func (f *fixture) isHeld(t *queue.Turn) {
	f.Helper()
	select {
	case <-t.Lost:
		f.Error("Lost is closed")
	default:
	}
	f.try(f.Engine().Extend(f.Context(), t))
}
