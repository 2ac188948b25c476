package queuetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Refused asserts that every operation with the turn is refused.
func (f *Fixture) Refused(t *queue.Turn) {
	f.Helper()
	for op, run := range TurnOperations(f.Context(), f.Engine(), t) {
		if err := run(); !errors.Is(err, queue.ErrLost) {
			f.Errorf("%s with an old token: %v, want ErrLost", op, err)
		}
	}
}

// RefusedAs asserts that one operation with the turn is refused.
func (f *Fixture) RefusedAs(t *queue.Turn, op string) {
	f.Helper()
	if err := TurnOperations(f.Context(), f.Engine(), t)[op](); !errors.Is(err, queue.ErrLost) {
		f.Errorf("%s with an old token: %v, want ErrLost", op, err)
	}
}

// TurnOperations are all that the holder of a turn can do with it, by name.
func TurnOperations(ctx context.Context, e queue.Engine, t *queue.Turn) map[string]func() error {
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

// IsLost asserts that the holder of a turn learns that it has lost it.
func (f *Fixture) IsLost(t *queue.Turn) {
	f.Helper()
	select {
	case <-t.Lost:
	case <-time.After(Patience):
		f.Error("Lost is not closed")
	}
}

// IsHeld asserts that a turn is still its holder's.
func (f *Fixture) IsHeld(t *queue.Turn) {
	f.Helper()
	select {
	case <-t.Lost:
		f.Error("Lost is closed")
	default:
	}
	f.Must(f.Engine().Extend(f.Context(), t))
}

// HasNewer asserts that the holder of a turn learns of newer messages.
func (f *Fixture) HasNewer(t *queue.Turn) {
	f.Helper()
	select {
	case <-t.Newer:
	case <-time.After(Patience):
		f.Fatalf("turn %s was not told", t.ID)
	}
}

// Absorbs takes newer messages into a turn: whether there were any, and which it has then.
func (f *Fixture) Absorbs(t *queue.Turn, want bool, ids ...int) {
	f.Helper()
	got, err := f.Engine().Absorb(f.Context(), t)
	f.Must(err)
	if got != want {
		f.Fatalf("absorbed %v, want %v", got, want)
	}
	f.Has(t, ids...)
}

// Release gives a turn back.
func (f *Fixture) Release(t *queue.Turn) {
	f.Helper()
	f.Must(f.Engine().Release(f.Context(), t))
}

// Dead is a turn among the dead letters.
func (f *Fixture) Dead(id tania.TurnID) queue.DeadTurn {
	f.Helper()
	d, err := f.Engine().DeadTurn(f.Context(), id)
	f.Must(err)
	return d
}

// Intends begins an entry, which must get this number.
func (f *Fixture) Intends(t *queue.Turn, number int, intent string) {
	f.Helper()
	got, err := f.Engine().Intend(f.Context(), t, []byte(intent))
	f.Must(err)
	if got != number {
		f.Fatalf("entry %d is %q, want %d", got, intent, number)
	}
}

// HasCalls asserts what a turn's journal says.
func (f *Fixture) HasCalls(t *queue.Turn, want ...string) {
	f.Helper()
	list, err := f.Engine().Calls(f.Context(), t)
	f.Must(err)
	if diff := cmp.Diff(want, inWords(list)); diff != "" {
		f.Fatalf("journal of turn %s (-want +got):\n%s", t.ID, diff)
	}
}

func inWords(list []queue.Call) (words []string) {
	for _, c := range list {
		result := string(c.Result)
		if !c.Settled {
			result += "?"
		}
		words = append(words, fmt.Sprintf("%d %s: %s", c.Number, strings.ToValidUTF8(string(c.Intent), "�"), result))
	}
	return words
}

// Contents are the texts of messages.
func Contents(messages []tania.Message) (list []string) {
	for _, m := range messages {
		list = append(list, m.Content)
	}
	return list
}
