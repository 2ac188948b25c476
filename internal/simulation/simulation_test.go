package simulation

import (
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"

	"tania/internal/sqlitetest"
	"tania/internal/testsize"
)

// The environment of make simulate: how many seeds, the first of them, and whether to see the log.
const (
	envSeeds = "TANIA_SEEDS"
	envFirst = "TANIA_FIRST_SEED"
	envLog   = "TANIA_LOG" // not empty: what Tania logs goes to the terminal
)

var seeds = testsize.Of(10_000, 40) // by default

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		return otherwise
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// TestNothingIsLostInAnyCity runs a city for each seed: customers write, agents step in, Chatwoot and the model go away, webhooks come
// twice and late, answers are lost, and Tania is killed or loses its power at any call and any write.
func TestNothingIsLostInAnyCity(t *testing.T) {
	count, first := number(t, envSeeds, seeds), number(t, envFirst, 1)
	dir, image := ground(t)
	// A city leaves little that is worth keeping, and a collection costs as much as some of its turns.
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	var mu sync.Mutex
	var all verdict
	deaths, failed := 0, false
	next := make(chan uint64)
	var cities sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		cities.Go(func() {
			for seed := range next {
				v, died := run(t, seed, image, dir)
				mu.Lock()
				all.add(v)
				deaths += died
				failed = failed || len(v.faults) > 0
				mu.Unlock()
				for _, fault := range v.faults {
					t.Errorf("seed %d (alone: make simulate FIRST=%[1]d SEEDS=1): %s", seed, fault)
				}
			}
		})
	}
	for seed := uint64(first); seed < uint64(first+count); seed++ {
		mu.Lock()
		stop := failed
		mu.Unlock()
		if stop {
			break
		}
		next <- seed
	}
	close(next)
	cities.Wait()
	t.Logf("%d cities, %d deaths, %d messages accepted, %d answered once, %d twice in the window", all.cities, deaths, all.accepted, all.answered, all.twice)
}

// ground is what cities are built on: a folder for their locks, and the disk that each begins with.
func ground(t *testing.T) (dir string, image *sqlitetest.Disk) {
	t.Helper()
	dir = locks(t)
	image, err := formatted(t.Context(), filepath.Join(dir, "tania.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(image.Close)
	return dir, image
}

// TestCitiesThatWereOnceMisjudged lives those again of which it was said that the bot spoke after a human, where it had left the agents a
// note, and that it had answered twice, where the window that remains excuses it. The order of goroutines is not the seed's: each city
// lives a few times.
func TestCitiesThatWereOnceMisjudged(t *testing.T) {
	dir, image := ground(t)
	for _, seed := range []uint64{1371, 22233, 26293, 29381} {
		for range 5 {
			v, _ := run(t, seed, image, dir)
			for _, fault := range v.faults {
				t.Errorf("seed %d: %s", seed, fault)
			}
		}
	}
}

// locks is a folder for the files that only lock; in memory where the machine has such.
func locks(t *testing.T) string {
	t.Helper()
	const inMemory = "/dev/shm"
	if _, err := os.Stat(inMemory); err != nil {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(inMemory, "tania-simulation-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// run lives a city's life.
func run(t *testing.T, seed uint64, image *sqlitetest.Disk, dir string) (v verdict, deaths int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		logger := slog.New(slog.DiscardHandler)
		if os.Getenv(envLog) != "" {
			logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
		}
		c := newCity(t, seed, image, dir, logger)
		defer c.close()
		c.live()
		if err := c.idle(t.Context()); err != nil {
			v.faults = append(v.faults, err.Error())
			return
		}
		v, deaths = c.verdict(), c.started-1
	})
	return v, deaths
}
