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
	counters, hits := c.counts.take()
	switch {
	case len(counters) == 0:
	case c.Count == nil: // they stay here
		c.counts.giveBack(counters, nil)
	default:
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

// remove removes entries everywhere; here too when the store tells of it.
func (c *Cache) remove(ctx context.Context, ids ...string) {
	if len(ids) == 0 {
		return
	}
	if err := c.Store.Drop(ctx, ids...); err != nil {
		c.Log.Warn("entries were not removed from the cache", "entries", len(ids), "error", err)
	}
}

// evict makes room when there are more entries than may be: expired ones first, then those whose hits have saved least. A twentieth goes at once, so that it is
// not done for each new entry.
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
			worth[e.ID] = float64(c.hits[e.ID]+popular) * float64(1+e.Cost)
		default:
			worth[e.ID] = float64(c.hits[e.ID]) * float64(1+e.Cost)
		}
	}
	c.mu.RUnlock()
	slices.SortFunc(list, func(a, b Entry) int {
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

// Warm is a question of bot.yaml's FAQ with its answer.
type Warm struct {
	// FAQ is the entry's id.
	FAQ              string
	Question, Answer string
	Category         Category
}

// warmth says until when a shelf has bot.yaml's FAQ, in an epoch.
type warmth struct {
	epoch uint64
	until time.Time
}

// warm puts bot.yaml's FAQ on a shelf that is used for the first time since the cache was cleared, and again before it expires. The entries have the
// same ids in every process.
func (c *Cache) warm(scope Scope, key string) {
	if c.FAQ == nil {
		return
	}
	epoch, now := c.epoch.Load(), c.Now()
	g := c.at(key)
	if g == nil {
		c.mu.Lock()
		g = c.shelf(key, scope)
		c.mu.Unlock()
	}
	have := g.warmed.Load()
	if have != nil && have.epoch == epoch && now.Before(have.until) {
		return
	}
	begun := &warmth{epoch, now.Add(longestWork)}
	if !g.warmed.CompareAndSwap(have, begun) {
		return
	}
	if !c.behind.start(laneFresh, func(ctx context.Context) {
		until, _, _, err := c.warmUp(ctx, scope, epoch)
		if err != nil {
			until = now.Add(deaf)
			c.Log.Debug("the cache was not warmed", "error", err)
		}
		g.warmed.CompareAndSwap(begun, &warmth{epoch, until})
	}) {
		g.warmed.CompareAndSwap(begun, nil)
	}
}

// coolsAt is when a warm entry is to be stored anew: a little before it expires, unless people have doubted it.
func coolsAt(e Entry) time.Time {
	if e.State != StateActive {
		return e.Expires
	}
	return e.Expires.Add(-time.Duration(float64(e.Expires.Sub(e.Created)) * aheadBy))
}

// warmUp stores the questions of the FAQ that the gate admits, and counts them and those it refuses. It is due again at a time.
func (c *Cache) warmUp(ctx context.Context, scope Scope, epoch uint64) (due time.Time, stored, refused int, err error) {
	key := scope.Key()
	now := c.Now().UTC()
	due = now.Add(defaultLife[CategoryFAQ])
	soon := func(e Entry) {
		if at := coolsAt(e); at.Before(due) {
			due = at
		}
	}
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
			fresh := have != nil && now.Before(coolsAt(have.Entry))
			if fresh {
				soon(have.Entry)
			}
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
		return due, 0, refused, nil
	}
	for _, e := range entries {
		soon(e)
	}
	if err := c.publish(ctx, epoch, entries...); err != nil {
		return due, 0, refused, err
	}
	return due, len(entries), refused, nil
}
