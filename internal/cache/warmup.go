package cache

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/language"
)

// Warm is a question of bot.yaml's FAQ with its answer.
type Warm struct {
	// FAQ is the entry's id.
	FAQ              string
	Question, Answer string
	Category         store.Category
	// Knowledge is what it stands in; nil: it never changes.
	Knowledge shareable.Knowledge
}

// basis is that of the entry which is made of it.
func (w Warm) basis(read *language.Reading) string {
	if w.Knowledge == nil {
		return ""
	}
	return w.Knowledge.Basis(read, w.sources())
}

func (w Warm) sources() []string { return []string{"faq:" + w.FAQ} }

// warmth says until when an index has bot.yaml's FAQ, in an epoch and a version of the bot.
type warmth struct {
	epoch   uint64
	version string
	until   time.Time
}

// versionOf is a knowledge's, "" for one that never changes.
func versionOf(k shareable.Knowledge) string {
	if k == nil {
		return ""
	}
	return k.Version()
}

// warm puts bot.yaml's FAQ into an index that is used for the first time since the cache was cleared or the bot was replaced, and again
// before it expires. The entries have the same ids in every process.
func (c *Cache) warm(scope store.Scope, key, version string) {
	if c.FAQ == nil {
		return
	}
	epoch, now := c.epoch.Load(), c.Now()
	g := c.indexAt(key)
	if g == nil {
		c.mu.Lock()
		g = c.indexFor(key, scope)
		c.mu.Unlock()
	}
	have := g.warmed.Load()
	if have != nil && have.epoch == epoch && have.version == version && now.Before(have.until) {
		return
	}
	begun := &warmth{epoch, version, now.Add(longestWork)}
	if !g.warmed.CompareAndSwap(have, begun) {
		return
	}
	if !c.behind.start(laneFresh, func(ctx context.Context) {
		until, _, _, err := c.warmUp(ctx, scope, epoch)
		if err != nil {
			until = now.Add(deaf)
			c.Log.Debug("the cache was not warmed", "error", err)
		}
		g.warmed.CompareAndSwap(begun, &warmth{epoch, version, until})
	}) {
		g.warmed.CompareAndSwap(begun, nil)
	}
}

// coolsAt is when a warm entry is to be stored again: a little before it expires, unless people have doubted it.
func coolsAt(e store.Entry) time.Time {
	if e.State != store.StateActive {
		return e.Expires
	}
	return e.Expires.Add(-time.Duration(float64(e.Expires.Sub(e.Created)) * aheadBy))
}

// warmUp stores the questions of the FAQ that the gate admits, and counts them and those it refuses. It is due again at a time.
func (c *Cache) warmUp(ctx context.Context, scope store.Scope, epoch uint64) (due time.Time, stored, refused int, err error) {
	key := scope.Key()
	now := c.Now().UTC()
	due = now.Add(defaultLife[store.CategoryFAQ])
	soon := func(e store.Entry) {
		if at := coolsAt(e); at.Before(due) {
			due = at
		}
	}
	var entries []store.Entry
	clusters := map[string]string{}
	for _, w := range c.FAQ(scope) {
		read := language.Read(w.Question)
		if shareable.Question(read) != "" {
			refused++
			continue
		}
		basis := w.basis(read)
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s", key, w.FAQ, w.Question, basis))
		id := "faq-" + hex.EncodeToString(sum[:10])
		if clusters[w.FAQ] == "" {
			clusters[w.FAQ] = id
		}
		if g := c.indexAt(key); g != nil {
			g.RLock()
			have := g.Get(id)
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
			category = store.CategoryFAQ
		}
		entries = append(entries, store.Entry{
			ID: id, Cluster: clusters[w.FAQ], Scope: scope, Question: w.Question, Answer: w.Answer, Category: category,
			Sources: w.sources(), Made: versionOf(w.Knowledge), Basis: basis,
			Created: now, Expires: now.Add(c.life(category)), Warm: true, Vector: c.embedded(ctx, scope, w.Question).Pack(),
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

// Warmed counts what Warm did.
type Warmed struct {
	Scopes  int `json:"scopes"`
	Stored  int `json:"stored"`
	Refused int `json:"refused"`
}

// WarmUp puts bot.yaml's FAQ into scopes: those given, and all that have been used in this process.
func (c *Cache) WarmUp(ctx context.Context, scopes ...store.Scope) (Warmed, error) {
	for _, g := range c.scoped() {
		if !slices.Contains(scopes, g.scope) {
			scopes = append(scopes, g.scope)
		}
	}
	var w Warmed
	if c.FAQ == nil {
		return w, nil
	}
	for _, s := range scopes {
		_, stored, refused, err := c.warmUp(ctx, s, c.epoch.Load())
		if err != nil {
			return w, err
		}
		w.Scopes, w.Stored, w.Refused = w.Scopes+1, w.Stored+stored, w.Refused+refused
	}
	return w, nil
}
