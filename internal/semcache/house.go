package semcache

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

// Intervals of the housekeeping.
const (
	writeEvery = time.Second
	sweepEvery = time.Minute
)

// keepHouse writes what was counted and removes what has expired, until ctx ends.
func (c *Cache) keepHouse(ctx context.Context) {
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
			closing, done := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			c.Flush(closing)
			done()
			return
		}
	}
}

// Flush writes what was counted since the last time. It is done every second by Run.
func (c *Cache) Flush(ctx context.Context) {
	counters, hits := c.counts.take()
	if len(counters) > 0 && c.Count != nil {
		if err := c.Count(ctx, counters); err != nil {
			c.counts.giveBack(counters, nil)
		}
	}
	if len(hits) > 0 {
		if err := c.Store.Touch(ctx, hits); err != nil {
			c.counts.giveBack(nil, hits)
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
func (c *Cache) entries() []Entry {
	c.mu.RLock()
	defer c.mu.RUnlock()
	list := make([]Entry, 0, len(c.scopes))
	for _, g := range c.shelves {
		g.RLock()
		for _, e := range g.byID {
			list = append(list, e.Entry)
		}
		g.RUnlock()
	}
	return list
}

// remove removes entries, here and everywhere.
func (c *Cache) remove(ctx context.Context, ids ...string) {
	if len(ids) == 0 {
		return
	}
	if err := c.Store.Drop(ctx, ids...); err != nil {
		c.Log.Warn("entries were not removed from the cache", "entries", len(ids), "error", err)
	}
	c.apply(Event{Kind: EventDrop, IDs: ids})
}

// evict makes room when there are more entries than may be: expired ones first, then those whose hits have saved least. A twentieth goes at once, so that it is
// not done for each new entry.
func (c *Cache) evict(ctx context.Context) {
	c.mu.RLock()
	n := len(c.scopes)
	c.mu.RUnlock()
	if n <= c.MaxEntries {
		return
	}
	now := c.Now()
	list := c.entries()
	c.mu.RLock()
	worth := make(map[string]float64, len(list))
	for _, e := range list {
		switch {
		case !now.Before(e.Expires):
			worth[e.ID] = -1
		case e.Warm:
			worth[e.ID] = float64(c.hits[e.ID]+popular) * float64(1+e.Cost)
		default:
			worth[e.ID] = float64(c.hits[e.ID]) * float64(1+e.Cost)
		}
	}
	c.mu.RUnlock()
	slices.SortFunc(list, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(worth[a.ID], worth[b.ID]), a.Created.Compare(b.Created))
	})
	var out []string
	for _, e := range list[:min(len(list), n-c.MaxEntries+c.MaxEntries/20)] {
		out = append(out, e.ID)
	}
	c.counts.add("evicted", int64(len(out)))
	c.remove(ctx, out...)
}

// Warm is a question of bot.yaml's FAQ with its answer.
type Warm struct {
	// FAQ is the entry's id.
	FAQ              string
	Question, Answer string
	Category         Category
}

// warm puts bot.yaml's FAQ on a shelf that is used for the first time since the cache was cleared. The entries have the same ids in
// every process.
func (c *Cache) warm(scope Scope, key string) {
	if c.FAQ == nil {
		return
	}
	epoch := c.epoch.Load()
	g := c.at(key)
	if g == nil {
		c.mu.Lock()
		g = c.shelf(key, scope)
		c.mu.Unlock()
	}
	if g.warmed.Swap(epoch+1) == epoch+1 {
		return
	}
	c.behind.start(func(ctx context.Context) {
		if _, _, err := c.warmUp(ctx, scope, epoch); err != nil {
			g.warmed.Store(0)
			c.Log.Debug("the cache was not warmed", "error", err)
		}
	})
}

// warmUp stores the questions of the FAQ that the gate admits, and counts them and those it refuses.
func (c *Cache) warmUp(ctx context.Context, scope Scope, epoch uint64) (stored, refused int, err error) {
	key := scope.Key()
	now := c.Now().UTC()
	var entries []Entry
	clusters := map[string]string{}
	for _, w := range c.FAQ(scope.Language) {
		if Gate(w.Question) != "" {
			refused++
			continue
		}
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s", key, w.FAQ, w.Question))
		id := "faq-" + hex.EncodeToString(sum[:10])
		if clusters[w.FAQ] == "" {
			clusters[w.FAQ] = id
		}
		if g := c.at(key); g != nil {
			g.RLock()
			have := g.byID[id]
			fresh := have != nil && now.Before(have.Expires)
			g.RUnlock()
			if fresh {
				continue
			}
		}
		category := w.Category
		if category == "" {
			category = CategoryFAQ
		}
		entries = append(entries, Entry{
			ID: id, Cluster: clusters[w.FAQ], Scope: scope, Question: w.Question, Answer: w.Answer, Category: category, Sources: []string{"faq:" + w.FAQ},
			Created: now, Expires: now.Add(c.life(category)), Warm: true, Vector: c.embedded(ctx, w.Question).pack(),
		})
	}
	if len(entries) == 0 {
		return 0, refused, nil
	}
	if err := c.Store.Put(ctx, epoch, entries...); err != nil {
		return 0, refused, err
	}
	c.apply(Event{Kind: EventPut, Epoch: epoch, Entries: entries})
	return len(entries), refused, nil
}
