package semcache

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tania/internal/tania"
	"tania/internal/words"
)

// Request is a turn as the cache needs it. The governor has let it pass.
type Request struct {
	Scope Scope
	// Text is all of the turn; Attachments says that there is more than text.
	Text        string
	Attachments bool
	// Quoted says that the customer answers a message by quoting it, or comes from an advertisement or a story: the text alone is
	// not all of the question.
	Quoted bool
	// History is what was said before, the newest last.
	History []tania.Entry
	// Contact is who asks: an answer that names them is not stored.
	Contact tania.Contact
	Channel tania.Channel
}

// Alone is the request as anybody's: without what was said before, and without who asks. An answer that is kept is made for it.
func (r Request) Alone() Request {
	r.History, r.Contact = nil, tania.Contact{}
	return r
}

// Look is what a look-up found, and what Keep needs afterwards.
type Look struct {
	// Hit says that Answer may be given; Entry and Tier name it.
	Hit     bool
	Tier    Tier
	Entry   string
	Answer  string
	Sources []string
	// Score is the probability that the nearest answer answers the question, by the model and what was learnt in the scope.
	Score float64
	// Refusal is why the question was not looked up; Veto why the entry that is most alike was not considered.
	Refusal Refusal
	Veto    Veto

	// Near is the answer that a semantic look-up compared with, and Features how; the model was trained on them.
	Near     string
	Features []float64

	question *Question
	shelf    string
	epoch    uint64
	// cluster is of the entry compared with.
	cluster  string
	evidence evidence
	vector   vector
	// later gives the embedding that came too late for the look-up; nil if there is none to wait for.
	later <-chan vector
	// lead names this turn as the one for whose answer others may be waiting; empty: it is not.
	lead string
}

// Refusals that are not the text's.
const (
	RefusalAttachment Refusal = "attachment"
	RefusalQuoted     Refusal = "quoted"
	RefusalAway       Refusal = "store_away"
	RefusalColleague  Refusal = "colleague" // a human of the team has spoken in the conversation
)

// Look looks a turn up. It never fails, and takes no longer than Patience: what cannot be told by then is a miss.
func (c *Cache) Look(ctx context.Context, r Request) Look {
	l := c.look(ctx, r)
	switch {
	case l.Hit:
		c.counts.add("hits/"+string(l.Tier), 1)
		c.touched(l)
	case l.Refusal != "":
		c.counts.add("refusals/"+string(l.Refusal), 1)
	default:
		c.counts.add("misses", 1)
		if l.Veto != "" {
			c.counts.add("vetoes/"+string(l.Veto), 1)
		}
	}
	if l.Hit && l.Tier == TierSemantic && c.chance() < c.Verify {
		c.verify(r, l)
	}
	return l
}

func (c *Cache) chance() float64 {
	c.random.Lock()
	defer c.random.Unlock()
	return c.Rand.Float64()
}

func (c *Cache) look(ctx context.Context, r Request) Look {
	l := Look{Refusal: c.refuses(r), epoch: c.epoch.Load()}
	if l.Refusal != "" {
		return l
	}
	l.shelf = r.Scope.Key()
	l.question = Read(r.Text, r.Scope.Language)
	c.warm(r.Scope, l.shelf)
	c.search(&l)
	if l.Hit || c.Embed == nil {
		return l
	}
	if l.vector, l.later = c.embed(ctx, r.Text); l.vector.bytes != nil {
		c.search(&l)
	}
	return l
}

// refuses is the gate, with what only the turn knows.
func (c *Cache) refuses(r Request) Refusal {
	switch {
	case c.away():
		return RefusalAway
	case r.Attachments:
		return RefusalAttachment
	case r.Quoted:
		return RefusalQuoted
	case slices.ContainsFunc(r.History, func(e tania.Entry) bool { return e.From == tania.FromHuman }):
		// What they granted holds for this customer: neither is it everybody's, nor is everybody's answer this customer's.
		return RefusalColleague
	}
	if why := Gate(r.Text); why != "" {
		return why
	}
	if continues(r, c.Now()) {
		return RefusalFollowUp
	}
	return ""
}

// recent is how old the last words may be for a conversation to be still about them.
const recent = 30 * time.Minute

// continues says that a text that could be understood alone is more likely an answer, or goes on about what was just said: the bot or an agent has
// asked something, or there are few words.
func continues(r Request, now time.Time) bool {
	if len(r.History) == 0 {
		return false
	}
	last := r.History[len(r.History)-1]
	if now.Sub(last.At) > recent {
		return false
	}
	if last.From != tania.FromCustomer && endsAsking(last.Text) {
		return true
	}
	return len(hear(r.Text, words.Fold(r.Text)).content) < fewWords
}

// fewWords is how many words with a meaning a text must have to stand alone in a running conversation.
const fewWords = 2

// endsAsking says that a text ends with a question that wants something of the customer; "Anything else?" does not.
func endsAsking(text string) bool {
	text = strings.TrimSpace(text)
	at := strings.LastIndexAny(text, "?")
	if at < 0 || utf8.RuneCountInString(text[at:]) > 20 {
		return false
	}
	begin := 0
	if i := strings.LastIndexAny(text[:at], ".!?¿\n"); i >= 0 {
		_, size := utf8.DecodeRuneInString(text[i:])
		begin = i + size
	}
	return !anythingElse.MatchString(words.Fold(text[begin:at]))
}

// search looks at the shelf.
func (c *Cache) search(l *Look) {
	g := c.at(l.shelf)
	if g == nil {
		return
	}
	g.RLock()
	defer g.RUnlock()
	s := g.look(l.question, l.vector, c.Now())
	l.Hit, l.Tier, l.Score, l.Veto, l.evidence, l.Features = s.hit, s.tier, s.score, s.veto, s.evidence, s.features
	if s.entry == nil {
		return
	}
	l.cluster, l.Near = s.entry.cluster.id, s.entry.Answer
	if s.hit {
		l.Entry, l.Answer, l.Sources = s.entry.ID, s.entry.Answer, s.entry.Sources
	}
}

// embed gives a text's embedding if it comes within Patience. One that comes later is for Keep.
func (c *Cache) embed(ctx context.Context, text string) (vector, <-chan vector) {
	made := make(chan vector, 1)
	if !c.behind.start(laneEmbed, func(ctx context.Context) { made <- c.embedded(ctx, text) }) {
		return vector{}, nil
	}
	timer := time.NewTimer(c.Patience)
	defer timer.Stop()
	select {
	case v := <-made:
		return v, nil
	case <-timer.C:
		c.counts.add("embedding/late", 1)
	case <-ctx.Done():
	}
	return vector{}, made
}

// embedded is an embedding, however long it takes; none where it fails.
func (c *Cache) embedded(ctx context.Context, text string) vector {
	if c.Embed == nil {
		return vector{}
	}
	embedding, err := c.Embed(ctx, text)
	if err != nil {
		c.counts.add("embedding/failed", 1)
		return vector{}
	}
	return quantise(embedding)
}

// touched counts a hit for its entry, and what it saved.
func (c *Cache) touched(l Look) {
	c.mu.Lock()
	g := c.shelves[c.scopes[l.Entry]]
	if g != nil {
		c.hits[l.Entry]++
	}
	c.mu.Unlock()
	if g == nil {
		return
	}
	g.RLock()
	e := g.byID[l.Entry]
	var entry Entry
	if e != nil {
		entry = e.Entry
	}
	g.RUnlock()
	if e == nil {
		return
	}
	c.counts.touch(l.Entry)
	c.counts.add("saved/tokens", entry.Tokens)
	c.counts.add("saved/cost_micro_usd", entry.Cost)
	c.refreshAhead(entry)
}
