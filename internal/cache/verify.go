package cache

import (
	"context"
	"time"

	"tania/internal/cache/reading"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/embedding"
)

// verify answers the question of a semantic hit again, when nobody waits, and compares. Where the answers differ the question gets its own.
func (c *Cache) verify(r shareable.Request, l Look) {
	if c.Fresh == nil {
		return
	}
	c.behind.start(laneFresh, func(ctx context.Context) {
		c.counts.add("verifications", 1)
		made, err := c.Fresh(ctx, r.Alone())
		if err != nil || shareable.Answer(r, made) != "" {
			c.counts.add("verifications_failed", 1)
			return
		}
		said := c.judged(ctx, l, r.Text, made.Text)
		if said == same.Unknown {
			return
		}
		c.counts.add("verified/"+map[bool]string{true: "right", false: "wrong"}[said == same.Equal], 1)
		c.learn(ctx, l.scopeKey, l.evidence, true, said == same.Equal)
		if said != same.Equal {
			c.Log.Warn("a semantic hit was wrong", "entry", l.Entry, "score", l.Score)
		}
		// The phrasing has an answer of its own now, whatever it was like.
		c.store(ctx, r, l, made, said)
	})
}

const (
	// popular is how many hits an FAQ's answer must have had to be refreshed before it expires.
	popular = 5
	// aheadBy is the last part of its life in which it is.
	aheadBy = 0.1
)

// refreshAhead answers a popular question of the FAQ again when its answer is about to expire, in one process.
func (c *Cache) refreshAhead(e store.Entry) {
	left, life := e.Expires.Sub(c.Now()), e.Expires.Sub(e.Created)
	if c.Fresh == nil || e.Category != store.CategoryFAQ || e.Warm || left > time.Duration(float64(life)*aheadBy) {
		return
	}
	c.mu.RLock()
	hits := c.uses[e.ID].Hits
	c.mu.RUnlock()
	if hits < popular {
		return
	}
	epoch := c.epoch.Load()
	c.behind.start(laneFresh, func(ctx context.Context) {
		if mine, err := c.Store.Lead(ctx, "refresh/"+e.ID, c.holder, longestWork); err != nil || !mine {
			return
		}
		r := shareable.Request{Scope: e.Scope, Text: e.Question}
		made, err := c.Fresh(ctx, r)
		if err != nil || shareable.Answer(r, made) != "" {
			return
		}
		c.counts.add("refreshed", 1)
		read := c.Read(e.Question)
		l := Look{
			read: read, question: reading.Of(read, e.Scope.Language), scopeKey: e.Scope.Key(), epoch: epoch,
			vector: embedding.Unpack(e.Vector),
		}
		c.store(ctx, r, l, made, same.Unknown)
	})
}
