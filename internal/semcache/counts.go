package semcache

import (
	"maps"
	"sync"
)

// counts gathers what is counted, for one write a second.
type counts struct {
	mu      *sync.Mutex
	pending map[string]int64
	hits    map[string]int64
}

func newCounts() counts {
	return counts{mu: &sync.Mutex{}, pending: map[string]int64{}, hits: map[string]int64{}}
}

// prefix of the cache's counters among those of the engine.
const prefix = "cache/"

func (c *counts) add(name string, n int64) {
	if n == 0 {
		return
	}
	c.mu.Lock()
	c.pending[prefix+name] += n
	c.mu.Unlock()
}

func (c *counts) touch(id string) {
	c.mu.Lock()
	c.hits[id]++
	c.mu.Unlock()
}

// take gives what was gathered, and begins anew.
func (c *counts) take() (counters, hits map[string]int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	counters, hits = c.pending, c.hits
	c.pending, c.hits = map[string]int64{}, map[string]int64{}
	return counters, hits
}

// giveBack returns what could not be written.
func (c *counts) giveBack(counters, hits map[string]int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, n := range counters {
		c.pending[name] += n
	}
	for id, n := range hits {
		c.hits[id] += n
	}
}

// waiting gives what was not written yet.
func (c *counts) waiting() map[string]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.pending)
}
