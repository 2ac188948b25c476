package redisqueue

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tania/internal/queue/queuetest"
	"tania/internal/redistest"
)

// TestStatsAreOfAllPartitions: sums, the longest wait, the last repair, and the pause of the first.
func TestStatsAreOfAllPartitions(t *testing.T) {
	own, clock := redistest.Start(t), &queuetest.Clock{}
	e, err := open(t.Context(), Options{Options: plain(), Redis: connection(t, own), Name: name(), Partitions: 2}, clock)
	try(t, err)
	t.Cleanup(func() { _ = e.Close() })
	in := [2]int{}
	for n := 1; in[0] == 0 || in[1] == 0; n++ {
		p := e.Partition(key(1, n))
		if in[p] == 0 {
			in[p] = n
		}
	}
	for _, first := range []int{0, 1} { // which of them waits longer, and was repaired later
		push(t, e, key(1, in[first]), in[first])
		clock.Advance(3 * time.Second)
		push(t, e, key(1, in[1-first]), in[1-first])
		clock.Advance(2 * time.Second)
		own.Do(t, "HSET", e.bases[first]+":n", "repaired", "2", "lost", "1", "repaired_at", "200")
		own.Do(t, "HSET", e.bases[1-first]+":n", "repaired", "3", "lost", "4", "repaired_at", "100")
		s, err := e.Stats(t.Context())
		if err != nil || s.Waiting != 2 || s.OldestWaitingMS != 5000 {
			t.Errorf("%+v, %v", s, err)
		}
		if s.Repaired != 5 || s.Lost != 5 || !s.RepairedAt.Equal(fromMicros(200)) {
			t.Errorf("repaired: %+v", s)
		}
		for range 2 {
			try(t, e.Complete(t.Context(), claim(t, e)))
		}
		own.Do(t, "DEL", e.bases[0]+":seen", e.bases[1]+":seen") // each may come again
	}
	own.Do(t, "SET", e.bases[1]+":paused", "ana")
	if s, err := e.Stats(t.Context()); err != nil || s.Paused || s.PausedBy != "" {
		t.Errorf("%+v, %v: the first partition's mark counts", s, err)
	}
	own.Do(t, "SET", e.bases[0]+":paused", "eva")
	own.Do(t, "DEL", e.bases[0]+":n", e.bases[1]+":n")
	if s, err := e.Stats(t.Context()); err != nil || !s.Paused || s.PausedBy != "eva" || !s.RepairedAt.IsZero() {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestAPurgeGoesOnUntilNothingIsLeft of all that has outlived its time, more than goes in one script.
func TestAPurgeGoesOnUntilNothingIsLeft(t *testing.T) {
	s := newStore(t, plain())
	t.Cleanup(s.Remove)
	s.eval(`for n = 1, 1300 do redis.call('ZADD', KEYS[1], 1, '1:' .. n) end`, s.e.bases[0]+":seen")
	try(t, s.e.purge(t.Context()))
	if n, err := admin.Do(t.Context(), admin.B().Zcard().Key(s.e.bases[0]+":seen").Build()).AsInt64(); err != nil || n != 0 {
		t.Errorf("%d are left, %v", n, err)
	}
}

// TestARepairIsSaidOnce with its partition, and what is whole is not.
func TestARepairIsSaidOnce(t *testing.T) {
	s := newStore(t, plain())
	t.Cleanup(s.Remove)
	var said bytes.Buffer
	s.e.log = slog.New(slog.NewTextHandler(&said, nil))
	push(t, s.e, key(1, 1), 1)
	try(t, s.e.check(t.Context()))
	if said.Len() > 0 {
		t.Errorf("said of what is whole: %s", said.String())
	}
	d := &damage{store: s, t: t}
	d.lose("b")
	for range 2 {
		try(t, s.e.check(t.Context()))
	}
	if lines := strings.Count(said.String(), "\n"); lines != 1 || !strings.Contains(said.String(), "partition=0 entries=1") {
		t.Errorf("said of one repair: %s", said.String())
	}
}

// TestAUserWhoMayNotWriteStopsTheStart: no waiting will help.
func TestAUserWhoMayNotWriteStopsTheStart(t *testing.T) {
	own := redistest.Start(t)
	own.Do(t, "ACL", "SETUSER", "default", "-set")
	e, err := Open(t.Context(), Options{Options: plain(), Redis: connection(t, own), Name: name()})
	if err == nil {
		_ = e.Close()
		t.Error("it starts")
	} else if !strings.Contains(err.Error(), "NOPERM") {
		t.Errorf("%v, want Redis's own words", err)
	}
}
