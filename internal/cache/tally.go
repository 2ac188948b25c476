package cache

import (
	"maps"
	"sync"
	"time"

	"tania/internal/cache/store"
)

// tally gathers what is counted, for one write a second.
type tally struct {
	mu      *sync.Mutex
	pending map[string]int64
	// totals are of this process since its start.
	totals map[string]int64
	uses   map[string]store.Use
}

func newTally() tally {
	return tally{mu: &sync.Mutex{}, pending: map[string]int64{}, totals: map[string]int64{}, uses: map[string]store.Use{}}
}

// prefix of the cache's counters among those of the engine.
const prefix = "cache/"

func (c *tally) add(name string, n int64) {
	if n == 0 {
		return
	}
	c.mu.Lock()
	c.pending[prefix+name] += n
	c.totals[name] += n
	c.mu.Unlock()
}

func (c *tally) touch(id string, at time.Time) {
	c.mu.Lock()
	c.uses[id] = c.uses[id].Add(store.Use{Hits: 1, Used: at})
	c.mu.Unlock()
}

// take gives what was gathered, and starts over.
func (c *tally) take() (counters map[string]int64, uses map[string]store.Use) {
	c.mu.Lock()
	defer c.mu.Unlock()
	counters, uses = c.pending, c.uses
	c.pending, c.uses = map[string]int64{}, map[string]store.Use{}
	return counters, uses
}

// giveBack returns what could not be written.
func (c *tally) giveBack(counters map[string]int64, uses map[string]store.Use) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, n := range counters {
		c.pending[name] += n
	}
	for id, u := range uses {
		c.uses[id] = c.uses[id].Add(u)
	}
}

// waiting gives what was not written yet.
func (c *tally) waiting() map[string]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.pending)
}

// all gives what this process has counted since its start.
func (c *tally) all() map[string]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.totals)
}
