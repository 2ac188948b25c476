package semcache

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"tania/internal/words"
)

// Listed is an entry with its hits, as operators see it.
type Listed struct {
	Entry
	Hits int64 `json:"hits"`
}

// ErrSelection means that a selection says nothing that can be understood.
var ErrSelection = errors.New("semcache: selection")

// ErrUnknown means that there is no such entry.
var ErrUnknown = errors.New("semcache: no such entry")

// List gives the entries, those with most hits first, at most limit (0: all).
func (c *Cache) List(limit int) []Listed {
	entries := c.entries()
	list := make([]Listed, len(entries))
	c.mu.RLock()
	for i, e := range entries {
		list[i] = Listed{e, c.hits[e.ID]}
	}
	c.mu.RUnlock()
	slices.SortFunc(list, func(a, b Listed) int {
		return cmp.Or(cmp.Compare(b.Hits, a.Hits), b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID))
	})
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return list
}

// Shown is an entry with the other phrasings of its answer.
type Shown struct {
	Listed
	Aliases []Listed `json:"aliases"`
}

// Show gives one entry.
func (c *Cache) Show(id string) (Shown, error) {
	var s Shown
	found := false
	for _, e := range c.List(0) {
		if e.ID == id {
			s.Listed, found = e, true
		}
	}
	if !found {
		return s, ErrUnknown
	}
	s.Aliases = []Listed{}
	for _, e := range c.List(0) {
		if e.Cluster == s.Cluster && e.ID != id {
			s.Aliases = append(s.Aliases, e)
		}
	}
	return s, nil
}

// Clear forgets all entries, in every process, also those being made now. It gives how many there were.
func (c *Cache) Clear(ctx context.Context) (int, error) {
	epoch, cleared, err := c.Store.Clear(ctx)
	if err != nil {
		return 0, err
	}
	c.apply(Event{Kind: EventClear, Epoch: epoch})
	return cleared, nil
}

// Erase is Clear, after which nothing that was forgotten can be read in the store either: for a contact who is to be forgotten.
func (c *Cache) Erase(ctx context.Context) error {
	epoch, _, err := c.Store.Erase(ctx)
	if err == nil {
		c.apply(Event{Kind: EventClear, Epoch: epoch})
	}
	return err
}

// Selection says which entries are meant: those to which all that is set applies. An empty one means none.
type Selection struct {
	ID string `json:"id,omitempty"`
	// Pattern is for the question, folded, with * and ?.
	Pattern  string   `json:"pattern,omitempty"`
	Category Category `json:"category,omitempty"`
	// Scope is a scope's key.
	Scope string `json:"scope,omitempty"`
}

// Invalidate removes entries, and gives how many.
func (c *Cache) Invalidate(ctx context.Context, s Selection) (int, error) {
	if s == (Selection{}) {
		return 0, fmt.Errorf("%w: say which entries: an id, a pattern, a category or a scope", ErrSelection)
	}
	pattern := words.Fold(s.Pattern)
	if _, err := path.Match(pattern, ""); err != nil {
		return 0, fmt.Errorf("%w: pattern: want a text with * and ?, and [ ] closed", ErrSelection)
	}
	var ids []string
	for _, e := range c.entries() {
		if s.ID != "" && e.ID != s.ID || s.Category != "" && e.Category != s.Category || s.Scope != "" && e.Scope.Key() != s.Scope {
			continue
		}
		if pattern != "" {
			// A slash is a letter like others here.
			question := strings.ReplaceAll(words.Fold(e.Question), "/", " ")
			if ok, _ := path.Match(strings.ReplaceAll(pattern, "/", " "), question); !ok {
				continue
			}
		}
		ids = append(ids, e.ID)
	}
	if len(ids) == 0 {
		return 0, nil
	}
	if err := c.withdraw(ctx, ids...); err != nil {
		return 0, err
	}
	return len(ids), nil
}

// ScopeCount is a scope with how many entries it has.
type ScopeCount struct {
	Scope
	Key     string `json:"key"`
	Entries int    `json:"entries"`
}

// Scopes gives the scopes that are used, those with most entries first.
func (c *Cache) Scopes() []ScopeCount {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var list []ScopeCount
	for key, g := range c.shelves {
		if g.scope == (Scope{}) {
			continue
		}
		g.RLock()
		list = append(list, ScopeCount{g.scope, key, len(g.byID)})
		g.RUnlock()
	}
	slices.SortFunc(list, func(a, b ScopeCount) int { return cmp.Or(cmp.Compare(b.Entries, a.Entries), cmp.Compare(a.Key, b.Key)) })
	return list
}

// Warmed counts what Warm did.
type Warmed struct {
	Scopes  int `json:"scopes"`
	Stored  int `json:"stored"`
	Refused int `json:"refused"`
}

// WarmUp puts bot.yaml's FAQ into scopes: those given, and all that have been used in this process.
func (c *Cache) WarmUp(ctx context.Context, scopes ...Scope) (Warmed, error) {
	c.mu.RLock()
	for _, g := range c.shelves {
		if g.scope != (Scope{}) && !slices.Contains(scopes, g.scope) {
			scopes = append(scopes, g.scope)
		}
	}
	c.mu.RUnlock()
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

// Explanation shows what a look-up would do with a question, and why.
type Explanation struct {
	Question string  `json:"question"`
	Scope    Scope   `json:"scope"`
	ScopeKey string  `json:"scope_key"`
	Exact    string  `json:"exact"`
	Refusal  Refusal `json:"refusal,omitempty"`
	Hit      bool    `json:"hit"`
	Tier     Tier    `json:"tier,omitempty"`
	Entry    string  `json:"entry,omitempty"`
	Answer   string  `json:"answer,omitempty"`
	// Score is a probability; Threshold is the least one of a hit.
	Score     float64 `json:"score"`
	Threshold float64 `json:"threshold"`
	// Features and their Weights make the score; what is large decided.
	Features   []Feature   `json:"features,omitempty"`
	Candidates []Candidate `json:"candidates"`
	// Micros is how long the look took.
	Micros int64 `json:"micros"`
}

// Feature is one part of a score.
type Feature struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Weight float64 `json:"weight"`
}

// Candidate is an entry that was compared.
type Candidate struct {
	Entry    string  `json:"entry"`
	Question string  `json:"question"`
	Answer   string  `json:"answer"`
	Cluster  string  `json:"cluster"`
	Like     float64 `json:"like"`
	Veto     Veto    `json:"veto,omitempty"`
}

// Explain looks a question up as a customer's first message, counts nothing, and shows everything.
func (c *Cache) Explain(ctx context.Context, scope Scope, question string) Explanation {
	began := time.Now()
	x := Explanation{Question: question, Scope: scope, ScopeKey: scope.Key(), Candidates: []Candidate{}}
	x.Refusal = c.refuses(Request{Scope: scope, Text: question})
	if len(question) > longest {
		return x
	}
	q := Read(question, scope.Language)
	x.Exact = q.Exact
	g := c.at(x.ScopeKey)
	if g == nil {
		return x
	}
	s := g.seen(q, vector{}, c.Now())
	if !s.hit && c.Embed != nil {
		// As Look does, but without its hurry.
		s = g.seen(q, c.embedded(ctx, question), c.Now())
	}
	g.RLock()
	defer g.RUnlock()
	x.Hit, x.Tier, x.Score, x.Threshold = s.hit && x.Refusal == "", s.tier, s.score, sigmoid(g.threshold())
	if s.entry != nil {
		x.Entry, x.Answer = s.entry.ID, s.entry.Answer
	}
	for i, f := range s.features {
		x.Features = append(x.Features, Feature{featureNames[i], f, c.Model.ordered[i]})
	}
	for _, n := range s.compared {
		x.Candidates = append(x.Candidates, Candidate{n.entry.ID, n.entry.Question, n.entry.Answer, n.entry.cluster.id, n.like, n.veto})
	}
	x.Micros = time.Since(began).Microseconds()
	return x
}
