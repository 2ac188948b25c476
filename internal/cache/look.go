package cache

import (
	"context"
	"time"

	"tania/internal/cache/index"
	"tania/internal/cache/reading"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/embedding"
	"tania/internal/language"
)

// Look is what a look-up found, and what Keep needs afterwards.
type Look struct {
	// Hit reports whether Answer may be given; Entry and Tier name it.
	Hit     bool
	Tier    index.Tier
	Entry   string
	Answer  string
	Sources []string
	// Score is the probability that the nearest answer answers the question, by the model and what was learnt in the scope.
	Score float64
	// Refusal is why the question was not looked up; Veto why the entry that is most alike was not considered.
	Refusal shareable.Refusal
	Veto    same.Veto
	// Waited reports whether another turn was making the answer and this one waited for it.
	Waited bool

	// Near is the answer that a semantic look-up compared with, and Features how; the model was trained on them.
	Near     string
	Features []float64

	// knowledge is the bot's that asks; nil: it never changes.
	knowledge shareable.Knowledge
	// read is the turn's text as it was read, and question what the cache makes of it; Keep takes them on.
	read     *language.Reading
	question *reading.Question
	scopeKey string
	epoch    uint64
	// cluster is of the entry compared with.
	cluster  string
	evidence same.Evidence
	vector   embedding.Vector
	// later gives the embedding that came too late for the look-up; nil if there is none to wait for.
	later <-chan embedding.Vector
	// lead names this turn as the one for whose answer others may be waiting; empty: it is not.
	lead string
}

// Look looks a turn up. It never fails, and takes no longer than Patience: what cannot be told by then is a miss.
func (c *Cache) Look(ctx context.Context, r shareable.Request) Look {
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
	if l.Hit && l.Tier == index.TierSemantic && c.chance() < c.Verify {
		c.verify(r, l)
	}
	return l
}

func (c *Cache) chance() float64 {
	c.random.Lock()
	defer c.random.Unlock()
	return c.Rand.Float64()
}

// Peek looks a turn up without its hurry, and leaves nothing behind: nothing is counted, warmed, refreshed or verified, and no answer is
// waited for.
func (c *Cache) Peek(ctx context.Context, r shareable.Request) Look {
	l := c.begin(r)
	if l.Refusal != "" {
		return l
	}
	c.search(&l)
	if l.Hit || c.Embed == nil {
		return l
	}
	if l.vector = c.embedded(ctx, r.Scope, r.Text); !l.vector.Empty() {
		c.search(&l)
	}
	return l
}

// begin reads a turn's question, unless it is refused.
func (c *Cache) begin(r shareable.Request) Look {
	if r.Reading == nil && len(r.Text) <= shareable.LongestQuestion {
		r.Reading = c.Read(r.Text)
	}
	l := Look{Refusal: c.refuses(r), epoch: c.epoch.Load(), read: r.Reading, knowledge: r.Knowledge}
	if l.Refusal == "" {
		l.scopeKey = r.Scope.Key()
		l.question = reading.Of(l.read, r.Scope.Language)
	}
	return l
}

func (c *Cache) look(ctx context.Context, r shareable.Request) Look {
	l := c.begin(r)
	if l.Refusal != "" {
		return l
	}
	c.warm(r.Scope, l.scopeKey, versionOf(r.Knowledge))
	c.search(&l)
	if l.Hit || c.Embed == nil {
		return l
	}
	if l.vector, l.later = c.embed(ctx, r); !l.vector.Empty() {
		c.search(&l)
	}
	return l
}

// refuses reports why a turn is not looked up, "" if it is.
func (c *Cache) refuses(r shareable.Request) shareable.Refusal {
	if c.away() {
		return shareable.RefusalAway
	}
	return shareable.Turn(r, c.Now())
}

// search looks a question up in the index.
func (c *Cache) search(l *Look) {
	g := c.indexAt(l.scopeKey)
	if g == nil {
		return
	}
	g.RLock()
	defer g.RUnlock()
	s := g.Search(l.question, l.vector, c.Now(), l.knowledge)
	l.Hit, l.Tier, l.Score, l.Veto, l.evidence, l.Features = s.Hit, s.Tier, s.Score, s.Veto, s.Evidence, s.Features
	if s.Entry == nil {
		return
	}
	l.cluster, l.Near = s.Entry.Group.ID, s.Entry.Answer
	if s.Hit {
		l.Entry, l.Answer, l.Sources = s.Entry.ID, s.Entry.Answer, s.Entry.Sources
	}
}

// embed gives a question's embedding if it comes within Patience. One that comes later is for Keep.
func (c *Cache) embed(ctx context.Context, r shareable.Request) (embedding.Vector, <-chan embedding.Vector) {
	made := make(chan embedding.Vector, 1)
	if !c.behind.start(laneEmbed, func(ctx context.Context) { made <- c.embedded(ctx, r.Scope, r.Text) }) {
		return embedding.Vector{}, nil
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
	return embedding.Vector{}, made
}

// embedded is an embedding, however long it takes; none where it fails.
func (c *Cache) embedded(ctx context.Context, scope store.Scope, text string) embedding.Vector {
	if c.Embed == nil {
		return embedding.Vector{}
	}
	v, err := c.Embed(ctx, scope, text)
	if err != nil {
		c.counts.add("embedding/failed", 1)
		return embedding.Vector{}
	}
	return v
}

// touched counts a hit for its entry, and what it saved.
func (c *Cache) touched(l Look) {
	now := c.Now().UTC()
	c.mu.Lock()
	g := c.indexes[c.scopes[l.Entry]]
	if g != nil {
		c.uses[l.Entry] = c.uses[l.Entry].Add(store.Use{Hits: 1, Used: now})
	}
	c.mu.Unlock()
	if g == nil {
		return
	}
	g.RLock()
	e := g.Get(l.Entry)
	var entry store.Entry
	if e != nil {
		entry = e.Entry
	}
	g.RUnlock()
	if e == nil {
		return
	}
	c.counts.touch(l.Entry, now)
	c.counts.add("saved/tokens", entry.Tokens)
	c.counts.add("saved/cost_micro_usd", entry.Cost)
	c.refreshAhead(entry)
}
