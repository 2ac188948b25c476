package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tania/internal/cache/store"
)

func testHeartbeats(t *testing.T, r *rig) {
	r.put(r.here, NewEntry("a"))
	at := r.load(r.there).At
	f := r.follow(r.there, at)
	began := f.heartbeat().when
	const n = 5
	for range n {
		c := f.heartbeat()
		r.same("the position", c.at, at)
	}
	// On a busy machine one may be late, but not all of them.
	if took := time.Since(began); took > n*store.Heartbeat+time.Second {
		t.Errorf("%d heartbeats took %s", n, took)
	}
	// A stream of events needs no heartbeats, and what is heard tells where it is.
	r.must(r.here.Drop(t.Context(), "a"))
	_, last := f.events(1)
	r.same("the position", last.at, r.load(r.here).At)
}

func testPositions(t *testing.T, r *rig) {
	r.must(r.here.Learn(t.Context(), "s0", map[string]int64{"n": 1}))
	var all []store.Event
	var places []store.Position
	f := r.follow(r.there, "") // the beginning
	for _, scope := range []string{"s1", "s2", "s3"} {
		events, last := f.events(1)
		all, places = append(all, events...), append(places, last.at)
		r.must(r.here.Learn(t.Context(), scope, map[string]int64{"n": 1}))
	}
	events, last := f.events(1)
	all, places = append(all, events...), append(places, last.at)
	for i, place := range places {
		f := r.follow(r.here, place) // a position is good with any handle
		got, _ := f.events(len(all) - i - 1)
		r.same("behind the position", got, all[i+1:])
		if c := f.heartbeat(); c.at != places[len(places)-1] {
			t.Errorf("it is at %s, want %s", c.at, places[len(places)-1])
		}
		f.stop()
		f.endsWith(context.Canceled)
	}
}

func testBehind(t *testing.T, r *rig) {
	old := r.load(r.here).At
	keen := r.follow(r.there, old)
	keen.heartbeat()
	for range r.Overflow {
		r.must(r.here.Learn(t.Context(), "s", map[string]int64{"n": 1}))
		keen.events(1) // who keeps up loses nothing
	}
	for _, place := range []store.Position{old, ""} {
		r.follow(r.there, place).endsWith(store.ErrBehind)
	}
	all := r.load(r.there)
	r.same("learnt", all.Learnt["s"]["n"], int64(r.Overflow))
	f := r.follow(r.there, all.At)
	r.must(r.here.Drop(t.Context(), "nothing"))
	r.put(r.here, NewEntry("a"))
	f.events(1)
}

func testCancel(t *testing.T, r *rig) {
	at := r.load(r.there).At
	f, other := r.follow(r.there, at), r.follow(r.there, at)
	f.heartbeat()
	f.stop()
	began := time.Now()
	f.endsWith(context.Canceled)
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %s", took)
	}
	r.put(r.here, NewEntry("a"))
	other.events(1) // the others go on
	// In the midst of what is called.
	ctx, stop := context.WithCancel(t.Context())
	if err := r.there.Follow(ctx, at, func([]store.Event, store.Position) { stop() }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want Canceled", err)
	}
}

// calls are all operations of a store.
func calls(s store.Store) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Load": func(ctx context.Context) error { _, err := s.Load(ctx); return err },
		"Follow": func(ctx context.Context) error {
			ctx, stop := context.WithCancel(ctx)
			defer stop()
			heard := false
			err := s.Follow(ctx, "", func([]store.Event, store.Position) {
				heard = true
				stop()
			})
			if heard {
				return nil
			}
			return err
		},
		"Put":    func(ctx context.Context) error { return s.Put(ctx, 1, NewEntry("a")) },
		"Drop":   func(ctx context.Context) error { return s.Drop(ctx, "a") },
		"Clear":  func(ctx context.Context) error { _, _, err := s.Clear(ctx); return err },
		"Learn":  func(ctx context.Context) error { return s.Learn(ctx, "s", map[string]int64{"n": 1}) },
		"Touch":  func(ctx context.Context) error { return s.Touch(ctx, hits(map[string]int64{"a": 1})) },
		"Uses":   func(ctx context.Context) error { _, err := s.Uses(ctx); return err },
		"Lead":   func(ctx context.Context) error { _, err := s.Lead(ctx, "q", "h", time.Hour); return err },
		"Unlead": func(ctx context.Context) error { return s.Unlead(ctx, "q", "h") },
	}
}

// Calls does every operation of a store once, all at a time, and gives how each ended and how long it took. Following ends when it
// hears something.
func Calls(ctx context.Context, s store.Store, each func(name string, took time.Duration, err error)) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	for name, do := range calls(s) {
		wg.Go(func() {
			began := time.Now()
			err := do(ctx)
			took := time.Since(began)
			mu.Lock()
			defer mu.Unlock()
			each(name, took, err)
		})
	}
	wg.Wait()
}

func testEnded(t *testing.T, r *rig) {
	r.put(r.here, NewEntry("kept"))
	before := r.load(r.here)
	ended, end := context.WithCancel(t.Context())
	end()
	Calls(ended, r.here, func(name string, _ time.Duration, err error) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want Canceled", name, err)
		}
	})
	r.same("the store", r.load(r.there), before)
}

func testClose(t *testing.T, r *rig) {
	before := goleak.IgnoreCurrent()
	s := r.Open(t)
	all, err := s.Load(t.Context())
	r.must(err)
	f, other := r.follow(s, all.At), r.follow(s, all.At)
	f.heartbeat()
	other.heartbeat()
	began := time.Now()
	r.must(s.Close())
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("Close took %s", took)
	}
	f.endsWith(store.ErrClosed)
	other.endsWith(store.ErrClosed)
	Calls(t.Context(), s, func(name string, _ time.Duration, err error) {
		if !errors.Is(err, store.ErrClosed) {
			t.Errorf("%s after Close: %v, want ErrClosed", name, err)
		}
	})
	r.must(s.Close())
	f.stop()
	other.stop()
	// A client of a Redis Cluster keeps the connections of a topology that is gone for five seconds more, and ends by itself.
	goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("github.com/redis/rueidis.(*clusterClient)._refresh.func2"))
}
