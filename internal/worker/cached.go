package worker

import (
	"context"
	"slices"
	"time"

	"tania/internal/answer"
	"tania/internal/cache"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/tania"
)

// longestFlight is the longest that a turn waits for the answer to the same question that another turn is making.
const longestFlight = 10 * time.Second

// cachedOr answers from the cache, or has the answer made and kept.
func (r *run) cachedOr(ctx context.Context, q answer.Question) (*plan, error) {
	request := r.request(q)
	looking, done := r.step(ctx, "cache")
	seen := r.Cache.Look(looking, request)
	done()
	if !seen.Hit && seen.Refusal == "" {
		began := time.Now()
		most := min(longestFlight, r.ProcessingTimeout/3)
		if r.t.Attempt > 1 {
			// The answer that is being made may be the one that this turn began itself, in a process that has died since.
			most = 0
		}
		seen = r.Cache.Await(ctx, request, seen, most)
		if time.Since(began) > 10*time.Millisecond {
			r.stepped("cache_wait", began)
		}
	}
	if seen.Hit {
		return r.fromCache(seen), nil
	}
	if seen.Refusal != "" {
		r.record.CacheWhy = string(seen.Refusal)
		return r.answeredNow(ctx, q)
	}
	return r.forAll(ctx, q, request, seen)
}

// forAll has an answer made that all who ask the question may be given: from knowledge alone. Where that does not hold it, the conversation may, and what is
// answered then is this customer's.
func (r *run) forAll(ctx context.Context, q answer.Question, request shareable.Request, seen cache.Look) (*plan, error) {
	began := time.Now()
	a, err := r.answerStep(ctx, q.Alone())
	if err != nil {
		r.Cache.Abandon(seen)
		return r.unanswered(ctx, q, began, err)
	}
	// Who was forgotten meanwhile has lost the turn, and leaves no question behind.
	if lost := r.lease.extend(ctx); lost != nil || len(r.t.Newer) > 0 {
		// Nor is an answer kept for all that was made for a question which may have been corrected since.
		r.Cache.Abandon(seen)
	} else if why := r.Cache.Keep(request, seen, Made(a, true)); why != "" {
		r.record.CacheWhy = string(why)
	}
	if !a.Known && a.Handoff == nil && len(q.History) > 0 {
		paid := a.Usage
		if a, err = r.answerStep(ctx, q); err != nil {
			return r.unanswered(ctx, q, began, err)
		}
		a.Usage = paid.Add(a.Usage)
	}
	return r.planned(a), nil
}

// request is a turn as the cache needs it.
func (r *run) request(q answer.Question) shareable.Request {
	return shareable.Request{
		Scope: r.Scope(r.newest(), q.Language), Text: q.Text, History: q.History, Contact: q.Contact, Channel: q.Channel,
		Attachments: r.anyMessage(func(m *tania.Message) bool { return len(m.Attachments) > 0 }),
		// A quote that is not known any more is one too: what was answered to it is not what the text alone asks.
		Quoted: r.anyMessage(func(m *tania.Message) bool { return m.InReplyTo != 0 || m.Origin != nil }),
	}
}

// anyMessage reports whether one of the turn's messages that were not deleted is such.
func (r *run) anyMessage(such func(*tania.Message) bool) bool {
	return slices.ContainsFunc(r.t.Messages, func(m tania.Message) bool { return !m.Deleted && such(&m) })
}

// fromCache plans to say a cached answer.
func (r *run) fromCache(l cache.Look) *plan {
	r.record.Route, r.record.RouteWhy = tania.RouteCached, "answered before"
	r.record.CacheTier, r.record.CacheEntry, r.record.CacheScore, r.record.Sources = string(l.Tier), l.Entry, l.Score, l.Sources
	return r.say(l.Answer)
}

// Made is an answer as the cache judges it. alone says that it was made for Question.Alone.
func Made(a answer.Answer, alone bool) shareable.Made {
	return shareable.Made{
		Text: a.Text, Alone: alone, Known: a.Known, Sources: a.Sources, Handoff: a.Handoff != nil, Truncated: a.Truncated, Fallback: a.Fallback,
		Tokens: a.Usage.InputTokens + a.Usage.OutputTokens, Cost: a.Usage.Cost,
	}
}

// hit is the cached answer that this turn gives, nil if it gives none.
func (r *run) hit() *tania.CacheHit {
	if r.record.CacheEntry == "" || r.record.Route != tania.RouteCached {
		return nil
	}
	return &tania.CacheHit{Entry: r.record.CacheEntry, Question: r.text(), At: r.newest().Created}
}

// hearDoubts tells the cache when the customer was not content with the cached answer they were just given.
func (r *run) hearDoubts(memory *tania.Conversation, route tania.Route, text string) {
	last := memory.LastHit
	if r.newest().Revision > 0 {
		// Who corrects a question does not doubt its answer.
		return
	}
	if r.Cache == nil || last == nil || r.t.Attempt > 1 || r.trouble(memory) != nil || r.newest().Created.Sub(last.At) > cache.FeedbackWithin {
		return
	}
	switch {
	case route == tania.RouteHandoff || route == tania.RouteFrustration:
		r.Cache.Feedback(last.Entry, r.t.Key, cache.SignalHuman)
	case route == tania.RouteModel && same.Rephrases(last.Question, text, r.record.Language):
		r.Cache.Feedback(last.Entry, r.t.Key, cache.SignalRephrased)
	}
}
