package cache

import (
	"context"
	"time"

	"tania/internal/cache/index"
	"tania/internal/cache/store"
)

// States gives those of all indexes that have entries.
func (c *Cache) States() map[string]index.State {
	c.mu.RLock()
	defer c.mu.RUnlock()
	all := map[string]index.State{}
	for key, g := range c.indexes {
		g.RLock()
		if g.Size() > 0 {
			all[key] = g.State()
		}
		g.RUnlock()
	}
	return all
}

// CatchUp waits until all that the store tells of by now was taken in.
func (c *Cache) CatchUp(ctx context.Context) error { return c.catchUp(ctx) }

// Entries gives the entries in the indexes, by id.
func (c *Cache) Entries() map[string]store.Entry {
	all := map[string]store.Entry{}
	for _, e := range c.entries() {
		all[e.ID] = e
	}
	return all
}

// Epoch is the one that the indexes are of.
func (c *Cache) Epoch() uint64 { return c.epoch.Load() }

// Sweep removes what has expired.
func (c *Cache) Sweep(ctx context.Context) { c.sweep(ctx) }

// Raised is how much a scope's threshold stands above the model's.
func (c *Cache) Raised(s store.Scope) float64 {
	g := c.indexAt(s.Key())
	if g == nil {
		return 0
	}
	g.RLock()
	defer g.RUnlock()
	return g.AboveModel()
}

// LifeOf gives a life with its jitter.
func (c *Cache) LifeOf(category store.Category) time.Duration { return c.life(category) }

// Leads reports whether others may wait for a turn's answer.
func Leads(l Look) bool { return l.lead != "" }

// Waiting counts the turns that wait for an answer that is being made elsewhere.
func (c *Cache) Waiting() int { return int(c.counts.waiting()[prefix+"waited"]) }

// Evict makes room.
func (c *Cache) Evict(ctx context.Context) { c.evict(ctx) }
