package sqlitequeue

import (
	"context"
	"errors"
	"testing"
	"time"

	"tania/internal/queue"
)

// TestTheClockIsSetBack has an earlier process's clock be ahead.
func TestTheClockIsSetBack(t *testing.T) {
	for _, debounce := range []time.Duration{-1, time.Second} {
		t.Run(debounce.String(), func(t *testing.T) {
			s := newStore(t, queue.Options{Debounce: debounce, DebounceMax: debounce, DedupFor: -1})
			t.Cleanup(s.Remove)
			claim := func(id int) *queue.Turn {
				t.Helper()
				s.Advance(max(debounce, 0))
				ctx, done := context.WithTimeout(t.Context(), 20*time.Second)
				defer done()
				turn, err := s.e.Claim(ctx)
				if err != nil {
					t.Fatalf("message %d: %v", id, err)
				}
				if len(turn.Messages) != 1 || turn.Messages[0].ID != childMessage(id).ID {
					t.Fatalf("%+v, want message %d", turn.Messages, id)
				}
				return turn
			}
			pushAll(t, s.e, 1, 1)
			if err := s.e.Complete(t.Context(), claim(1)); err != nil {
				t.Fatal(err)
			}
			pushAll(t, s.e, 2, 2)
			s.clock.Advance(-2 * time.Minute)
			s.Crash()
			// What waited is due no later than if it came now.
			if err := s.e.Complete(t.Context(), claim(2)); err != nil {
				t.Fatal(err)
			}
			// Where no message is remembered, one that is done can come again.
			r, err := s.e.Push(t.Context(), childMessage(1))
			if err != nil || r.Duplicate {
				t.Fatalf("%+v, %v", r, err)
			}
			// A dead letter can be tried again.
			if err := s.e.Bury(t.Context(), claim(1), errors.New("test")); err != nil {
				t.Fatal(err)
			}
			s.clock.Advance(-2 * time.Minute)
			s.Crash()
			dead, err := s.e.Dead(t.Context(), 0)
			if err != nil || len(dead) != 1 {
				t.Fatalf("%d dead turns, %v", len(dead), err)
			}
			if err := s.e.RetryDead(t.Context(), dead[0].ID); err != nil {
				t.Fatal(err)
			}
			claim(1)
		})
	}
}
