package cache

import (
	"cmp"
	"context"
	"slices"

	"tania/internal/cache/store"
)

// evict makes room when there are more entries than may be: expired ones first, then those whose hits have saved least. A twentieth goes at
// once, so that it is not done for each new entry.
func (c *Cache) evict(ctx context.Context) {
	// One after the other, for each must see what the one before has removed.
	c.evicting.Lock()
	defer c.evicting.Unlock()
	c.mu.RLock()
	n := len(c.scopes)
	c.mu.RUnlock()
	if n <= c.MaxEntries {
		return
	}
	now := c.Now()
	list := c.entries()
	n = len(list) // a clear may have come meanwhile
	if n <= c.MaxEntries {
		return
	}
	c.mu.RLock()
	worth := make(map[string]float64, len(list))
	for _, e := range list {
		switch {
		case !now.Before(e.Expires):
			worth[e.ID] = -1
		case e.Warm:
			worth[e.ID] = float64(c.uses[e.ID].Hits+popular) * float64(1+e.Cost)
		default:
			worth[e.ID] = float64(c.uses[e.ID].Hits) * float64(1+e.Cost)
		}
	}
	c.mu.RUnlock()
	slices.SortFunc(list, func(a, b store.Entry) int {
		return cmp.Or(cmp.Compare(worth[a.ID], worth[b.ID]), a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	var out []string
	for _, e := range list[:min(len(list), n-c.MaxEntries+c.MaxEntries/20)] {
		out = append(out, e.ID)
	}
	if err := c.withdraw(ctx, out...); err != nil {
		c.Log.Warn("no room was made in the cache", "entries", len(out), "error", err)
		return
	}
	c.counts.add("evicted", int64(len(out)))
}
