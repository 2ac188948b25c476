package worker

import (
	"context"

	"tania/internal/cache"
	"tania/internal/cache/shareable"
	"tania/internal/tania"
)

// recall is the cache as a turn asks it: what is made for all is kept.
type recall struct {
	*cache.Cache
	run *run
}

// Doubt implements reply.Cache.
func (c recall) Doubt(entry string, from tania.ConversationKey, s cache.Signal) {
	c.Feedback(entry, from, s)
}

// Settle implements reply.Cache.
func (c recall) Settle(ctx context.Context, request shareable.Request, seen cache.Look, made *shareable.Candidate) shareable.Refusal {
	if made == nil {
		c.Abandon(seen)
		return ""
	}
	// Who was forgotten meanwhile has lost the turn, and leaves no question behind.
	if lost := c.run.lease.Extend(ctx); lost != nil || len(c.run.t.Newer) > 0 || c.run.overlooked.Load() {
		// Nor is an answer kept for all that was made for a question which may have been corrected since.
		c.Abandon(seen)
		return ""
	}
	return c.Keep(request, seen, *made)
}
