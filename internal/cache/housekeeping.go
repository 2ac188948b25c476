package cache

import (
	"context"
	"time"

	"tania/internal/cache/store"
)

// Intervals of the housekeeping.
const (
	writeEvery = time.Second
	sweepEvery = time.Minute
)

// housekeeping writes what was counted and removes what has expired, until ctx ends.
func (c *Cache) housekeeping(ctx context.Context) {
	write, sweep := time.NewTicker(writeEvery), time.NewTicker(sweepEvery)
	defer write.Stop()
	defer sweep.Stop()
	for {
		select {
		case <-write.C:
			c.Flush(ctx)
		case <-sweep.C:
			c.sweep(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// lastFlush writes what was counted until the end.
func (c *Cache) lastFlush(ctx context.Context) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer done()
	c.Flush(ctx)
}

// Flush writes what was counted since the last time. It is done every second by Run.
func (c *Cache) Flush(ctx context.Context) {
	counters, uses := c.counts.take()
	switch {
	case len(counters) == 0:
	case c.Count == nil: // they stay here
		c.counts.giveBack(counters, nil)
	default:
		if err := c.Count(ctx, counters); err != nil {
			c.counts.giveBack(counters, nil)
		}
	}
	if len(uses) > 0 {
		if err := c.Store.Touch(ctx, uses); err != nil {
			c.counts.giveBack(nil, uses)
		}
	}
}

// sweep removes expired entries. Every process does: to remove what is gone costs nothing.
func (c *Cache) sweep(ctx context.Context) {
	now := c.Now()
	var gone []string
	for _, e := range c.entries() {
		if !now.Before(e.Expires) {
			gone = append(gone, e.ID)
		}
	}
	c.remove(ctx, gone...)
}

// entries gives all, in no order.
func (c *Cache) entries() []store.Entry {
	c.mu.RLock()
	defer c.mu.RUnlock()
	list := make([]store.Entry, 0, len(c.scopes))
	for _, g := range c.indexes {
		g.RLock()
		for e := range g.All() {
			list = append(list, e.Entry)
		}
		g.RUnlock()
	}
	return list
}

// remove removes entries everywhere; here too when the store tells of it.
func (c *Cache) remove(ctx context.Context, ids ...string) {
	if len(ids) == 0 {
		return
	}
	if err := c.Store.Drop(ctx, ids...); err != nil {
		c.Log.Warn("entries were not removed from the cache", "entries", len(ids), "error", err)
	}
}
