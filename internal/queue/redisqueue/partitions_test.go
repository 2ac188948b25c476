package redisqueue

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tania/internal/redistest"
	"tania/internal/tania"
)

// TestAQueueStaysInItsPartitions: a process with another number of partitions does not start on a queue, and does nothing to it when Redis
// is there only later.
func TestAQueueStaysInItsPartitions(t *testing.T) {
	s := redistest.Start(t)
	with := func(partitions int) Options {
		return Options{Options: plain(), Name: "parted", Partitions: partitions, Redis: connection(t, s)}
	}
	opened := func(partitions int) *Engine {
		t.Helper()
		e, err := Open(t.Context(), with(partitions))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = e.Close() })
		return e
	}
	push(t, opened(2), key(1, 1), 1)
	push(t, opened(2), key(1, 2), 2)
	for _, other := range []int{1, 3} {
		if e, err := Open(t.Context(), with(other)); !errors.Is(err, errPartitions) {
			t.Errorf("%d: %v", other, err)
			if err == nil {
				_ = e.Close()
			}
		} else if !strings.Contains(err.Error(), "begun with 2") {
			t.Errorf("%v does not say what it was begun with", err)
		}
	}
	if found, err := Inspect(t.Context(), connection(t, s), "parted"); err != nil || found.Partitions != 2 {
		t.Errorf("%+v, %v", found, err)
	}
	if found, err := Inspect(t.Context(), connection(t, s), "another"); err != nil || found.Partitions != 0 {
		t.Errorf("%+v, %v", found, err)
	}

	// Redis is away at the start, and there later.
	if err := s.Freeze(); err != nil {
		t.Fatal(err)
	}
	late := opened(3)
	if err := s.Thaw(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the number to be noticed", func() bool { return errors.Is(late.Ready(t.Context()), errPartitions) })
	if _, err := late.Push(t.Context(), tania.Message{ID: 3, Key: key(1, 3)}); !errors.Is(err, errPartitions) {
		t.Errorf("a message was taken: %v", err)
	}

	// As docs/capacity.md says.
	if got := s.Do(t, "DEL", "{parted:0}:partitions"); got != "1" {
		t.Fatalf("%q keys were removed", got)
	}
	eventually(t, "the new number to be taken", func() bool { return late.Ready(t.Context()) == nil })
	if _, err := Open(t.Context(), with(2)); !errors.Is(err, errPartitions) {
		t.Errorf("the number before: %v", err)
	}
}

// TestRedisThatTakesNoWritesIsNotAnotherNumber: a replica may not note the number, and is not refused for it.
func TestRedisThatTakesNoWritesIsNotAnotherNumber(t *testing.T) {
	s := redistest.Start(t, "--min-replicas-to-write", "1")
	e, err := Open(t.Context(), Options{Options: plain(), Name: "unnoted", Partitions: 2, Redis: connection(t, s)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	if err := e.Ready(t.Context()); err == nil || errors.Is(err, errPartitions) {
		t.Errorf("%v", err)
	}
}

// TestDeadLettersOfAllPartitionsAreOneList, those that died last at its head, also where there are two partitions and a limit.
func TestDeadLettersOfAllPartitionsAreOneList(t *testing.T) {
	e := process(t, redistest.Start(t), name(), func(o *Options) { o.Partitions = 2 })
	var died []tania.TurnID
	bases := map[string]bool{}
	for n := range 8 {
		k := key(1, n+1)
		bases[e.base(k)] = true
		push(t, e, k, n+1)
		turn := claim(t, e)
		if err := e.Bury(t.Context(), turn, errors.New("test")); err != nil {
			t.Fatal(err)
		}
		died = append(died, turn.ID)
	}
	if len(bases) != 2 {
		t.Fatalf("the conversations are in %d partitions", len(bases))
	}
	slices.Reverse(died)
	for limit, want := range map[int][]tania.TurnID{0: died, 3: died[:3], 100: died} {
		dead, err := e.Dead(t.Context(), limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []tania.TurnID
		for _, d := range dead {
			got = append(got, d.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("at most %d: %v, want %v", limit, got, want)
		}
	}
}
