package semcache

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/oklog/ulid/v2"

	"tania/internal/words"
)

// Made is an answer that was made for a question that the cache did not have.
type Made struct {
	Text string
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
	RefusalQuarantined  Refusal = "answer_quarantined"
)

var (
	apology      = regexp.MustCompile(`\b(?:lo siento|lo sentimos|lamento|lamentamos|(?:pido|pedimos|mil) disculpas|disculp\w* (?:por|la|las|los|el|que|pero)|perdon\w* (?:por|la|las|los|el|que|pero)|sorry (?:for|about|that|to|we|i|but)|apologi[sz]e|apologies|unfortunately|desculp\w* (?:por|pel[ao]s?|o|a|mas)|sinto muito|sentimos muito|lamentavelmente|lamentablemente|infelizmente|por desgracia|desafortunadamente)\b`)
	quotation    = regexp.MustCompile(`«[^»]*»|“[^”]*”|"[^"]*"`)
	anythingElse = regexp.MustCompile(`\b(?:algo mas|otra cosa|something else|anything else|algo mais|outra coisa|mas ayuda|more help|help you further|ayudar(?:te|le)? en algo|que mas)\b`)
	longDigits   = regexp.MustCompile(`\d(?:[ \-.()]?\d){5,}`)
)

// keeps says why an answer must not be stored, "" if it may.
func keeps(r Request, m Made) Refusal {
	switch {
	case strings.TrimSpace(m.Text) == "":
		return RefusalEmpty
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

// tellsOf says that an answer names the customer or something that only the conversation could tell: a name, an address, a number of theirs.
func tellsOf(r Request, answer string) bool {
	if mailAddress.MatchString(answer) && r.Contact.Email != "" && strings.Contains(strings.ToLower(answer), strings.ToLower(r.Contact.Email)) {
		return true
	}
	said := tokens.FindAllString(words.Fold(answer), -1)
	for _, part := range tokens.FindAllString(words.Fold(r.Contact.Name), -1) {
		if len(part) >= 3 && slices.Contains(said, part) {
			return true
		}
	}
	digits := func(s string) string {
		return strings.Map(func(d rune) rune {
			if unicode.IsDigit(d) {
				return d
			}
			return -1
		}, s)
	}
	theirs := digits(r.Contact.Phone) + " " + digits(r.Contact.Identifier)
	for _, e := range r.History {
		if e.From == "customer" {
			for _, n := range longDigits.FindAllString(e.Text, -1) {
				theirs += " " + digits(n)
			}
		}
	}
	for _, n := range longDigits.FindAllString(answer, -1) {
		if d := digits(n); len(d) >= 6 && strings.Contains(theirs, d) {
			return true
		}
	}
	return false
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
	if !c.behind.start(func(ctx context.Context) { c.keep(ctx, r, l, m) }) {
		c.Abandon(l)
	}
	return ""
}

// Abandon says that no answer will be kept, so that whoever waits for it asks the model.
func (c *Cache) Abandon(l Look) {
	if !l.leads {
		return
	}
	key := questionKey(l.shelf, l.question.Exact)
	c.behind.start(func(ctx context.Context) {
		if err := c.Store.Unlead(ctx, key, c.holder); err != nil {
			c.Log.Debug("the lead was not given back", "error", err)
		}
	})
}

// quarantined says that nothing is stored for the very question.
func (c *Cache) quarantined(l Look) bool {
	g := c.at(l.shelf)
	if g == nil {
		return false
	}
	g.RLock()
	defer g.RUnlock()
	e := g.exact[l.question.Exact]
	return e != nil && e.State == StateQuarantined && c.Now().Before(e.Expires)
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
		case <-ctx.Done():
		}
	}
	entries, replaced := c.place(l, &e, said)
	switch err := c.Store.Put(ctx, l.epoch, entries...); {
	case err == nil:
		c.apply(Event{Kind: EventPut, Epoch: l.epoch, Entries: entries})
		c.counts.add("stored", 1)
		if replaced != "" {
			c.remove(ctx, replaced)
		}
		c.evict(ctx)
	case errors.Is(err, ErrEpoch):
		c.counts.add("refusals/cleared_meanwhile", 1)
	default:
		c.counts.add("failures/put", 1)
		c.Log.Warn("an answer was not cached", "error", err)
	}
}

// place finds the cluster of a new entry, and gives it with the entries that change clusters because of it, and the one that it replaces: the
// same question's, whose answer had expired or was doubted.
func (c *Cache) place(l Look, e *Entry, said verdict) (entries []Entry, replaced string) {
	e.Cluster = e.ID
	g := c.at(l.shelf)
	if g == nil {
		return []Entry{*e}, ""
	}
	g.RLock()
	defer g.RUnlock()
	if old := g.exact[l.question.Exact]; old != nil {
		replaced = old.ID
	}
	own, others := g.clusterOf(e.Answer)
	switch {
	case own != nil:
		e.Cluster = own.id
		for _, o := range others {
			for _, p := range o.phrases {
				moved := p.Entry
				moved.Cluster, moved.Vector = own.id, p.vector.pack()
				entries = append(entries, moved)
			}
		}
	case said == equal && g.clusters[l.cluster] != nil:
		e.Cluster = l.cluster
	}
	if e.Cluster != e.ID {
		c.counts.add("aliases", 1)
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
