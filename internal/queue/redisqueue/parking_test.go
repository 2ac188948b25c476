package redisqueue

import (
	"errors"
	"testing"
	"time"

	"tania/internal/queue"
)

// TestATurnThatWasClaimedIsNotParkedByARepair: what a lost mailbox is rebuilt from tells whether a turn still holds its place.
func TestATurnThatWasClaimedIsNotParkedByARepair(t *testing.T) {
	s := newStore(t, queue.Options{Debounce: -1, DebounceMax: -1})
	t.Cleanup(s.Remove)
	d := &damage{store: s, t: t}
	push(t, d.e, key(1, 8), 80)
	turn := claim(t, d.e)
	try(t, d.e.Park(t.Context(), turn, time.Hour, []byte("may it?")))
	try(t, d.e.Unpark(t.Context(), turn.ID, "ana", []byte("yes")))
	try(t, d.e.Retry(t.Context(), claim(t, d.e), time.Hour, errors.New("later")))
	d.lose("b")
	d.repaired()
	if s, err := d.e.Stats(t.Context()); err != nil || s.Parked != 0 || s.Delayed != 1 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestAMarkThatAnEarlierVersionLeftGoes: it moves a parked mailbox without knowing of the mark.
func TestAMarkThatAnEarlierVersionLeftGoes(t *testing.T) {
	s := newStore(t, queue.Options{Debounce: -1, DebounceMax: -1})
	t.Cleanup(s.Remove)
	s.eval(`redis.call('ZADD', KEYS[1], ARGV[1], '1:1')`, s.e.bases[0]+":p", micros(s.Now().Add(time.Minute)))
	if stats, err := s.e.Stats(t.Context()); err != nil || stats.Parked != 1 {
		t.Fatalf("%+v, %v", stats, err)
	}
	s.Advance(time.Minute)
	if stats, err := s.e.Stats(t.Context()); err != nil || stats.Parked != 0 || stats.Delayed != 0 {
		t.Errorf("%+v, %v", stats, err)
	}
}
