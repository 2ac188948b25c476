package semcache

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"tania/internal/lazyregexp"
	"tania/internal/words"
)

// Made is an answer that was made for a question that the cache did not have.
type Made struct {
	Text string
	// Alone says that it was made from knowledge alone, for Request.Alone: without a conversation, and for nobody by name.
	Alone bool
	// Known is false when the answer says that the bot does not know.
	Known   bool
	Sources []string
	// Handoff, Truncated, Fallback and Tools say how it was made; OfferHuman that it ends with the offer of a human.
	Handoff, Truncated, Fallback, Tools, OfferHuman bool
	// Category is bot.yaml's, empty: the rules decide.
	Category Category
	// Tokens and Cost are what it took; Cost in micro-USD.
	Tokens int64
	Cost   int64
}

// The refusals of answers.
const (
	RefusalHandoff      Refusal = "answer_handoff"
	RefusalTruncated    Refusal = "answer_truncated"
	RefusalFallback     Refusal = "answer_fallback"
	RefusalTools        Refusal = "answer_tools"
	RefusalUnknown      Refusal = "answer_unknown"
	RefusalApology      Refusal = "answer_apology"
	RefusalOffer        Refusal = "answer_offer"
	RefusalCustomerData Refusal = "answer_customer_data"
	RefusalEmpty        Refusal = "answer_empty"
	RefusalContext      Refusal = "answer_context" // made with a conversation or for a contact
	RefusalQuarantined  Refusal = "answer_quarantined"
	RefusalBusy         Refusal = "busy" // too much waits to be stored already
)

var (
	apology      = lazyregexp.New(`\b(?:lo siento|lo sentimos|lamento|lamentamos|(?:pido|pedimos|mil) disculpas|disculp\w*,? (?:por|la|las|los|el|que|pero)|perdon\w*,? (?:por|la|las|los|el|que|pero)|(?:i|we)(?: am| are|['’]m|['’]re) (?:very |so |really )?sorry|sorry,? (?:for|about|that|to|we|i|but)|apologi[sz]e|apologies|unfortunately|desculp\w*,? (?:por|pel[ao]s?|o|a|mas)|sinto muito|sentimos muito|lamentavelmente|lamentablemente|infelizmente|por desgracia|desafortunadamente)\b`)
	quotation    = lazyregexp.New(`«[^»]*»|“[^”]*”|"[^"]*"`)
	anythingElse = lazyregexp.New(`\b(?:algo mas|otra cosa|something else|anything else|algo mais|outra coisa|mas ayuda|more help|help you further|ayudar(?:te|le)? en algo|que mas)\b`)
)

// keeps says why an answer must not be stored, "" if it may.
func keeps(r Request, m Made) Refusal {
	switch {
	case strings.TrimSpace(m.Text) == "":
		return RefusalEmpty
	case !m.Alone:
		return RefusalContext
	case m.Handoff:
		return RefusalHandoff
	case m.Truncated:
		return RefusalTruncated
	case m.Fallback:
		return RefusalFallback
	case m.Tools:
		return RefusalTools
	case !m.Known:
		return RefusalUnknown
	case m.OfferHuman:
		return RefusalOffer
	case apology.MatchString(words.Fold(quotation.ReplaceAllString(m.Text, " "))):
		return RefusalApology
	case tellsOf(r, m.Text):
		return RefusalCustomerData
	}
	return ""
}

// Keep takes the answer that was made for a question which Look did not find. It does not wait for the store, and reports why the answer is not kept, "" if
// it will be. Every Look that is no hit is followed by Keep or Abandon.
func (c *Cache) Keep(r Request, l Look, m Made) Refusal {
	why := l.Refusal
	if why == "" {
		if why = keeps(r, m); why == "" && c.quarantined(l) {
			why = RefusalQuarantined
		}
		if why != "" {
			c.counts.add("refusals/"+string(why), 1)
		}
	}
	if why != "" {
		c.Abandon(l)
		return why
	}
	if !c.behind.start(laneKeep, func(ctx context.Context) { c.keep(ctx, r, l, m) }) {
		c.counts.add("refusals/"+string(RefusalBusy), 1)
		c.Abandon(l)
		return RefusalBusy
	}
	return ""
}

// Abandon says that no answer will be kept, so that whoever waits for it asks the model.
func (c *Cache) Abandon(l Look) {
	if l.lead == "" {
		return
	}
	key := questionKey(l.shelf, l.question.Exact)
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

// quarantined says that nothing is stored for the very question.
func (c *Cache) quarantined(l Look) bool {
	g := c.at(l.shelf)
	if g == nil {
		return false
	}
	g.RLock()
	defer g.RUnlock()
	return quarantined(g.exact[l.question.Exact], c.Now())
}

// keep judges the answer beside the nearest one, and stores it.
func (c *Cache) keep(ctx context.Context, r Request, l Look, m Made) {
	defer c.Abandon(l)
	said := unknown
	if l.Features != nil {
		if said = c.judged(ctx, l, r.Text, m.Text); said != unknown {
			c.learn(ctx, l.shelf, l.evidence, false, said == equal)
		}
	}
	c.store(ctx, r, l, m, said)
}

// store puts an answer in, as an alias where it says what another one does.
func (c *Cache) store(ctx context.Context, r Request, l Look, m Made, said verdict) {
	now := c.Now().UTC()
	category := m.Category
	if category == "" {
		category = categorise(r.Text, m)
	}
	e := Entry{
		ID: ulid.Make().String(), Scope: r.Scope, Question: r.Text, Answer: m.Text, Category: category, Sources: m.Sources,
		Created: now, Expires: now.Add(c.life(category)), Tokens: m.Tokens, Cost: m.Cost, Vector: l.vector.pack(),
	}
	if l.later != nil {
		select {
		case v := <-l.later:
			e.Vector = v.pack()
		case <-time.After(latest):
		case <-ctx.Done():
		}
	}
	entries, replaced := c.place(l, &e, said)
	if len(entries) == 0 {
		c.counts.add("refusals/"+string(RefusalQuarantined), 1)
		return
	}
	err := c.publish(ctx, l.epoch, entries...)
	if errors.Is(err, ErrChanged) {
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
	case errors.Is(err, ErrEpoch):
		c.counts.add("refusals/cleared_meanwhile", 1)
	default:
		c.counts.add("failures/put", 1)
		c.Log.Warn("an answer was not cached", "error", err)
	}
}

// latest is how long an answer that is to be stored waits for the embedding of its question.
const latest = 5 * time.Second

// place finds the cluster of a new entry, and gives it with the entries that change clusters because of it, and those that it replaces: the
// same question's, whose answer had expired or was doubted. None are given when the question or the answer is in quarantine, in whatever words.
func (c *Cache) place(l Look, e *Entry, said verdict) (entries []Entry, replaced []string) {
	e.Cluster = e.ID
	g := c.at(l.shelf)
	if g == nil {
		return []Entry{*e}, nil
	}
	g.RLock()
	defer g.RUnlock()
	if quarantined(g.exact[l.question.Exact], e.Created) {
		return nil, nil
	}
	for _, old := range g.exact[l.question.Exact] {
		replaced = append(replaced, old.ID)
	}
	own, others := g.clusterOf(e.Answer)
	if own == nil && said == equal {
		own = g.clusters[l.cluster]
	}
	if own == nil {
		return []Entry{*e}, replaced
	}
	e.Cluster = own.id
	if quarantined(own.phrases, e.Created) {
		return nil, nil
	}
	for _, o := range others {
		if quarantined(o.phrases, e.Created) {
			return nil, nil
		}
		for _, p := range o.phrases {
			if slices.Contains(replaced, p.ID) {
				continue
			}
			moved := p.Entry
			moved.Cluster, moved.Vector, moved.Rev = own.id, p.vector.pack(), moved.Rev+1
			entries = append(entries, moved)
		}
	}
	return append(entries, *e), replaced
}

// worthJudging is the score of a comparison from which the model is asked whether two answers say the same: below, neither verdict would change
// what is served.
const worthJudging = 0.2

// judged compares an answer with that of the entry which a look-up compared with: by their text, and by the model where there is one and the text
// does not show that they are the same.
func (c *Cache) judged(ctx context.Context, l Look, question, fresh string) verdict {
	g := c.at(l.shelf)
	if g == nil {
		return unknown
	}
	g.RLock()
	said := g.judge.compare(l.Near, fresh)
	g.RUnlock()
	if said == equal || c.Judge == nil {
		return said
	}
	if l.Score < worthJudging {
		return unknown
	}
	c.counts.add("judgements", 1)
	same, err := c.Judge(ctx, question, l.Near, fresh)
	switch {
	case err != nil:
		c.counts.add("failures/judge", 1)
		return unknown
	case same:
		return equal
	}
	return different
}

// learn takes a judgement in, here and everywhere.
func (c *Cache) learn(ctx context.Context, shelf string, e evidence, checked, right bool) {
	if err := c.Store.Learn(ctx, shelf, judgement(e, checked, right)); err != nil {
		c.Log.Debug("a judgement was not kept", "error", err)
	}
}
