package reply

import (
	"context"
	"errors"

	"tania/internal/answer"
	"tania/internal/cache"
	"tania/internal/cache/shareable"
	"tania/internal/tania"
)

// cachedOr answers from the cache, or has the answer made and kept.
func (d *decision) cachedOr(ctx context.Context, q answer.Question, record tania.Record) (Plan, error) {
	request := d.request(q)
	seen := d.look(ctx, request)
	if seen.Hit {
		return d.fromCache(record, seen), nil
	}
	if seen.Refusal != "" {
		record.CacheWhy = string(seen.Refusal)
		return d.answeredNow(ctx, q, record)
	}
	return d.forAll(ctx, q, record, request, seen)
}

// look looks a question up, and waits where another turn is making its answer.
func (d *decision) look(ctx context.Context, request shareable.Request) cache.Look {
	looking, done := d.step(ctx, "cache")
	seen := d.Cache.Look(looking, request)
	done()
	if seen.Hit || seen.Refusal != "" {
		return seen
	}
	most := d.Flight
	if d.Attempt > 1 {
		// The answer that is being made may be the one that this turn began itself, in a process that has died since.
		most = 0
	}
	began := d.Clock()
	seen = d.Cache.Await(ctx, request, seen, most)
	if seen.Waited {
		d.took("cache_wait", began)
	}
	return seen
}

// forAll has an answer made that all who ask the question may be given: from knowledge alone. Where that does not hold it, the conversation
// may, and what is answered then is this customer's.
func (d *decision) forAll(
	ctx context.Context, q answer.Question, record tania.Record, request shareable.Request, seen cache.Look,
) (Plan, error) {
	a, err := d.ask(ctx, q.Alone())
	if errors.Is(err, answer.ErrToolWanted) {
		d.Cache.Settle(ctx, request, seen, nil)
		record.CacheWhy = string(shareable.RefusalTools)
		p, err := d.answeredNow(ctx, q, record)
		p.Record.Usage = a.Usage.Add(p.Record.Usage)
		return p, err
	}
	if err != nil {
		d.Cache.Settle(ctx, request, seen, nil)
		return d.unanswered(ctx, q, record, err)
	}
	if a.Personal {
		d.Cache.Settle(ctx, request, seen, nil)
		record.CacheWhy = string(shareable.RefusalCustomerData)
		return d.planned(record, a), nil
	}
	made := d.madeForAll(a)
	record.CacheWhy = string(d.Cache.Settle(ctx, request, seen, &made))
	if !a.Known && a.Handoff == nil {
		q, record = d.recalling(ctx, q, record)
	}
	if !a.Known && a.Handoff == nil && len(q.History)+len(q.Earlier) > 0 {
		paid := a.Usage
		if a, err = d.ask(ctx, q); err != nil {
			return d.unanswered(ctx, q, record, err)
		}
		a.Usage = paid.Add(a.Usage)
	}
	return d.planned(record, a), nil
}

// request is a question as the cache needs it.
func (d *decision) request(q answer.Question) shareable.Request {
	return shareable.Request{
		Scope: d.Scope(*d.newest(), q.Language), Knowledge: d.Knowledge,
		Text: q.Text, Reading: q.Reading, History: q.History, Contact: q.Contact, Channel: q.Channel,
		Attachments: d.anyMessage(func(m *tania.Message) bool { return len(m.Attachments) > 0 }),
		// A quote that is not known any more is one too: what was answered to it is not what the text alone asks.
		Quoted: d.anyMessage(func(m *tania.Message) bool { return m.InReplyTo != 0 || m.Origin != nil }),
	}
}

// fromCache plans to say a cached answer.
func (d *decision) fromCache(record tania.Record, l cache.Look) Plan {
	record.Outcome, record.Route, record.RouteWhy = tania.OutcomeAnswered, tania.RouteCached, "answered before"
	record.CacheTier, record.CacheEntry, record.CacheScore, record.Sources = string(l.Tier), l.Entry, l.Score, l.Sources
	return d.answering(record, l.Answer)
}

// madeForAll is an answer to Question.Alone as the cache judges it.
func (d *decision) madeForAll(a answer.Answer) shareable.Candidate {
	return shareable.Candidate{
		Text: a.Text, Alone: true, Known: a.Known, Sources: a.Sources, Knowledge: d.Knowledge, Handoff: a.Handoff != nil,
		Truncated: a.Truncated, Fallback: a.Fallback,
		Tokens: a.Usage.InputTokens + a.Usage.OutputTokens, Cost: a.Usage.Cost,
	}
}
