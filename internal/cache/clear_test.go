package cache_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/cache"
	"tania/internal/cache/index"
	"tania/internal/cache/store"
)

func TestClearReachesAnAnswerThatIsBeingMadeElsewhere(t *testing.T) {
	here, there := two(t, cache.Options{})
	tell(t, here, returns, back)
	settle(t, here, there)
	serves(t, there, returns, back)
	being := misses(t, here, hours)
	began := time.Now()
	if n, err := there.Clear(t.Context()); err != nil || n != 1 {
		t.Fatalf("cleared %d, %v", n, err)
	}
	misses(t, there, returns)
	eventually(t, "the other process has heard of it", time.Second-time.Since(began), func() bool { return here.Epoch() == there.Epoch() })
	misses(t, here, returns)
	here.Keep(asked(hours), being, made(opens))
	settle(t, here, there)
	for _, c := range []*cache.Cache{here, there} {
		misses(t, c, hours)
		if n := len(c.Entries()); n != 0 {
			t.Errorf("%d entries of the epoch before are served", n)
		}
	}
	if n := stats(t, here).Refusals["cleared_meanwhile"]; n != 1 {
		t.Errorf("%d answers were refused as cleared meanwhile, want 1", n)
	}
	// What is asked from now on is of the new epoch.
	tell(t, here, hours, opens)
	settle(t, here, there)
	serves(t, there, hours, opens)
}

// storeKeeps is what a store has, as a cache of a new process sees it.
func storeKeeps(t *testing.T, c *cache.Cache, store store.Store) map[string]index.State {
	t.Helper()
	settle(t, c)
	fresh := start(t, cache.Options{Store: store})
	if fresh.Epoch() != c.Epoch() {
		t.Errorf("epoch %d, in the store %d", c.Epoch(), fresh.Epoch())
	}
	return fresh.States()
}

func TestTwoProcessesThatDoAllAtOnceEndUpWithTheSame(t *testing.T) {
	name := newName()
	open := func() store.Store { return redisStore(t, server.URL(), name) }
	here, there := start(t, cache.Options{Store: open(), MaxEntries: 30}), start(t, cache.Options{Store: open(), MaxEntries: 30})
	things := []string{
		"zapatos", "camisas", "relojes", "lámparas", "bicicletas", "guitarras", "mochilas", "cuadernos", "paraguas",
		"sombreros", "alfombras", "espejos",
	}
	answers := []string{opens, back, reset, "Ofrecemos garantía de dos años."}
	const rounds, workers, each = 8, 4, 12
	for round := range rounds {
		var wg sync.WaitGroup
		for w := range workers {
			c := []*cache.Cache{here, there}[w%2]
			rnd := rand.New(rand.NewPCG(uint64(round), uint64(w)))
			wg.Go(func() {
				for i := range each {
					text := fmt.Sprintf("¿Qué garantía tienen los %s de %s?", things[rnd.IntN(len(things))], things[rnd.IntN(len(things))])
					l := c.Look(context.Background(), asked(text))
					switch {
					case l.Hit && rnd.IntN(4) == 0:
						c.Feedback(l.Entry, conversation(rnd.IntN(3)), cache.SignalRephrased)
					case l.Hit && rnd.IntN(4) == 0:
						if _, err := c.Invalidate(context.Background(), cache.Selection{ID: l.Entry}); err != nil {
							t.Error(err)
						}
					case !l.Hit:
						c.Keep(asked(text), l, made(answers[rnd.IntN(len(answers))]))
					}
					if w < 2 && i == each/2 && round%2 == 0 {
						if _, err := c.Clear(context.Background()); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		settle(t, here, there)
		if diff := cmp.Diff(here.States(), there.States()); diff != "" {
			t.Fatalf("round %d: the processes differ (-here +there):\n%s", round, diff)
		}
	}
	if diff := cmp.Diff(here.States(), storeKeeps(t, here, open())); diff != "" {
		t.Errorf("the store differs (-here +store):\n%s", diff)
	}
	if n := len(here.Entries()); n == 0 || n > 30 {
		t.Errorf("%d entries, want some and at most 30", n)
	}
}

// What is over the limit may be cleared by somebody else while room is made for it.
func TestNothingIsLeftToEvictAfterAClear(t *testing.T) {
	name := newName()
	roomy := start(t, cache.Options{Store: redisStore(t, server.URL(), name), MaxEntries: 30})
	var clear atomic.Bool
	var narrow *cache.Cache
	narrow = start(t, cache.Options{Store: redisStore(t, server.URL(), name), MaxEntries: 1, Now: func() time.Time {
		if clear.CompareAndSwap(true, false) { // evict has counted, and has not looked at the entries
			if _, err := narrow.Clear(context.Background()); err != nil {
				t.Error(err)
			}
		}
		return time.Now()
	}})
	for question, answer := range map[string]string{hours: opens, returns: back, password: reset} {
		tell(t, roomy, question, answer)
	}
	settle(t, roomy, narrow)
	if n := len(narrow.Entries()); n != 3 {
		t.Fatalf("%d entries, want 3", n)
	}
	clear.Store(true)
	narrow.Evict(context.Background())
	if n := len(narrow.Entries()); n != 0 || clear.Load() {
		t.Errorf("%d entries after the clear, which was made: %v", n, !clear.Load())
	}
}
