package cache

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"tania/internal/cache/index"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
)

// Keep takes the answer that was made for a question which Look did not find. It does not wait for the store, and reports why the answer is
// not kept, "" if it will be. Every Look that is no hit is followed by Keep or Abandon.
func (c *Cache) Keep(r shareable.Request, l Look, m shareable.Candidate) shareable.Refusal {
	why := c.Refuses(r, l, m)
	if why != "" && l.Refusal == "" {
		c.counts.add("refusals/"+string(why), 1)
	}
	if why != "" {
		c.Abandon(l)
		return why
	}
	if !c.behind.start(laneKeep, func(ctx context.Context) { c.keep(ctx, r, l, m) }) {
		c.counts.add("refusals/"+string(shareable.RefusalBusy), 1)
		c.Abandon(l)
		return shareable.RefusalBusy
	}
	return ""
}

// Refuses reports why an answer to a question that Look or Peek did not find is not kept, "" if it may be.
func (c *Cache) Refuses(r shareable.Request, l Look, m shareable.Candidate) shareable.Refusal {
	if l.Refusal != "" {
		return l.Refusal
	}
	if why := shareable.Answer(r, m); why != "" {
		return why
	}
	if c.quarantined(l) {
		return shareable.RefusalQuarantined
	}
	return ""
}

// Abandon says that no answer will be kept, so that whoever waits for it asks the model.
func (c *Cache) Abandon(l Look) {
	if l.lead == "" {
		return
	}
	key := questionKey(l.scopeKey, l.question.Exact)
	unlead := func(ctx context.Context) {
		if err := c.Store.Unlead(ctx, key, l.lead); err != nil {
			c.Log.Debug("the lead was not given back", "error", err)
		}
	}
	if c.behind.start(laneStore, unlead) {
		return
	}
	// At the end of the process, too, others are not left waiting.
	ctx, done := context.WithTimeout(context.Background(), c.Patience)
	defer done()
	unlead(ctx)
}

// quarantined reports whether nothing is stored for the very question.
func (c *Cache) quarantined(l Look) bool {
	g := c.indexAt(l.scopeKey)
	if g == nil {
		return false
	}
	g.RLock()
	defer g.RUnlock()
	return index.Quarantined(g.WithText(l.question.Exact), c.Now())
}

// keep judges the answer beside the nearest one, and stores it.
func (c *Cache) keep(ctx context.Context, r shareable.Request, l Look, m shareable.Candidate) {
	defer c.Abandon(l)
	said := same.Unknown
	if l.Features != nil {
		if said = c.judged(ctx, l, r.Text, m.Text); said != same.Unknown {
			c.learn(ctx, l.scopeKey, l.evidence, false, said == same.Equal)
		}
	}
	c.store(ctx, r, l, m, said)
}

// store puts an answer in, as an alias where it says what another one does.
func (c *Cache) store(ctx context.Context, r shareable.Request, l Look, m shareable.Candidate, said same.Verdict) {
	now := c.Now().UTC()
	category := m.Category
	if category == "" {
		category = categorise(l.read, m)
	}
	e := store.Entry{
		ID: ulid.Make().String(), Scope: r.Scope, Question: r.Text, Answer: m.Text, Category: category, Sources: m.Sources,
		Created: now, Expires: now.Add(c.life(category)), Tokens: m.Tokens, Cost: m.Cost, Vector: l.vector.Pack(),
	}
	if m.Knowledge != nil {
		e.Made, e.Basis = m.Knowledge.Version(), m.Knowledge.Basis(l.read, e.Sources)
	}
	if l.later != nil {
		select {
		case v := <-l.later:
			e.Vector = v.Pack()
		case <-time.After(latest):
		case <-ctx.Done():
		}
	}
	// The store tells this process of the entry too, which then need not read it again.
	c.readings.Store(e.ID, l.question)
	defer c.readings.Delete(e.ID)
	entries, replaced := c.place(l, &e, said)
	if len(entries) == 0 {
		c.counts.add("refusals/"+string(shareable.RefusalQuarantined), 1)
		return
	}
	err := c.publish(ctx, l.epoch, entries...)
	if errors.Is(err, store.ErrChanged) {
		// The clusters are made one when the next phrasing comes.
		err = c.publish(ctx, l.epoch, e)
	}
	switch {
	case err == nil:
		c.counts.add("stored", 1)
		if e.Cluster != e.ID {
			c.counts.add("aliases", 1)
		}
		c.remove(ctx, replaced...)
		c.evict(ctx)
	case errors.Is(err, store.ErrEpoch):
		c.counts.add("refusals/cleared_meanwhile", 1)
	default:
		c.counts.add("failures/put", 1)
		c.Log.Warn("an answer was not cached", "error", err)
	}
}

// latest is how long an answer that is to be stored waits for the embedding of its question.
const latest = 5 * time.Second

// place finds the cluster of a new entry, and gives it with the entries that change clusters because of it, and those that it replaces: the
// same question's, whose answer had expired or was doubted. None are given when the question or the answer is in quarantine, in whatever
// words.
func (c *Cache) place(l Look, e *store.Entry, said same.Verdict) (entries []store.Entry, replaced []string) {
	e.Cluster = e.ID
	g := c.indexAt(l.scopeKey)
	if g == nil {
		return []store.Entry{*e}, nil
	}
	g.RLock()
	defer g.RUnlock()
	if index.Quarantined(g.WithText(l.question.Exact), e.Created) {
		return nil, nil
	}
	for _, old := range g.WithText(l.question.Exact) {
		replaced = append(replaced, old.ID)
	}
	own, others := g.ClusterOf(e.Answer)
	if own == nil && said == same.Equal {
		own = g.ClusterByID(l.cluster)
	}
	if own == nil {
		return []store.Entry{*e}, replaced
	}
	e.Cluster = own.ID
	if index.Quarantined(own.Phrases, e.Created) {
		return nil, nil
	}
	for _, o := range others {
		if index.Quarantined(o.Phrases, e.Created) {
			return nil, nil
		}
		for _, p := range o.Phrases {
			if slices.Contains(replaced, p.ID) {
				continue
			}
			moved := p.Entry
			moved.Cluster, moved.Vector, moved.Rev = own.ID, p.Embedding.Pack(), moved.Rev+1
			entries = append(entries, moved)
		}
	}
	return append(entries, *e), replaced
}

// worthJudging is the score of a comparison from which the model is asked whether two answers say the same: below, neither verdict would
// change what is served.
const worthJudging = 0.2

// judged compares an answer with that of the entry which a look-up compared with: by their text, and by the model where there is one and
// the text does not show that they are the same.
func (c *Cache) judged(ctx context.Context, l Look, question, fresh string) same.Verdict {
	g := c.indexAt(l.scopeKey)
	if g == nil {
		return same.Unknown
	}
	g.RLock()
	said := g.CompareAnswers(l.Near, fresh)
	g.RUnlock()
	if said == same.Equal || c.Judge == nil {
		return said
	}
	if l.Score < worthJudging {
		return same.Unknown
	}
	c.counts.add("judgements", 1)
	equal, err := c.Judge(ctx, question, l.Near, fresh)
	switch {
	case err != nil:
		c.counts.add("failures/judge", 1)
		return same.Unknown
	case equal:
		return same.Equal
	}
	return same.Different
}

// learn takes a judgement in, here and everywhere.
func (c *Cache) learn(ctx context.Context, scope string, e same.Evidence, checked, right bool) {
	if err := c.Store.Learn(ctx, scope, same.Judgement(e, checked, right)); err != nil {
		c.Log.Debug("a judgement was not kept", "error", err)
	}
}
