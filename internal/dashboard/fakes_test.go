package dashboard_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"tania/internal/cache/store"
	"tania/internal/dashboard/pages"
)

// fakeCache is no semantic cache: a map with whole questions, to show that the page does with a Cache what it says.
type fakeCache struct {
	mu           sync.Mutex
	entries      []store.Entry
	hits, misses int64
}

func newFakeCache() *fakeCache {
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	entry := func(id, q, a string, hits int64) store.Entry {
		return store.Entry{
			ID: id, Question: q, Answer: a, Scope: store.Scope{Language: "es"}, Category: "faq",
			Use: store.Use{Hits: hits, Used: at}, Created: at, Expires: at.Add(24 * time.Hour),
		}
	}
	return &fakeCache{hits: 12, misses: 30, entries: []store.Entry{
		entry("e1", "¿a qué hora abren?", "Abrimos a las 7.", 9), entry("e2", "¿tienen pastel de tres leches?", "Sí, todos los días.", 3),
	}}
}

func (c *fakeCache) Stats() pages.CacheStats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return pages.CacheStats{Entries: int64(len(c.entries)), Hits: c.hits, Misses: c.misses, Saved: 4200}
}

func (c *fakeCache) List(_ context.Context, filter string, limit int) (found []store.Entry, total int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.entries {
		if strings.Contains(e.Question+e.Answer, filter) {
			found = append(found, e)
		}
	}
	return found[:min(limit, len(found))], len(found), nil
}

func (c *fakeCache) Explain(_ context.Context, question string) (pages.CacheExplanation, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := pages.CacheExplanation{
		Normalised: strings.ToLower(question), Threshold: 0.9, Why: "no entry is near enough",
		Checks: []pages.CacheCheck{{Name: "language", Passed: true}, {Name: "personal", Passed: false, Detail: "<b>mi pedido</b>"}},
	}
	if i := slices.IndexFunc(c.entries, func(x store.Entry) bool { return strings.EqualFold(x.Question, question) }); i >= 0 {
		e.Hit, e.Tier, e.Why, e.Score, e.Entry = true, "exact", "the same question", 1, &c.entries[i]
	}
	return e, nil
}

func (c *fakeCache) Invalidate(_ context.Context, id string) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := len(c.entries)
	c.entries = slices.DeleteFunc(c.entries, func(e store.Entry) bool { return e.ID == id })
	return len(c.entries) < before, nil
}

func (c *fakeCache) Clear(context.Context) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.entries)
	c.entries = nil
	return n, nil
}

// fakeAlerts are alerts as the watch would list them.
type fakeAlerts []pages.Alert

func (f fakeAlerts) List() []pages.Alert { return f }
