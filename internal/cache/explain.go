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
)

// Explanation shows what a look-up would do with a question, and why.
type Explanation struct {
	Question string            `json:"question"`
	Scope    store.Scope       `json:"scope"`
	ScopeKey string            `json:"scope_key"`
	Exact    string            `json:"exact"`
	Refusal  shareable.Refusal `json:"refusal,omitempty"`
	Hit      bool              `json:"hit"`
	Tier     index.Tier        `json:"tier,omitempty"`
	Entry    string            `json:"entry,omitempty"`
	Answer   string            `json:"answer,omitempty"`
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
	Entry    string    `json:"entry"`
	Question string    `json:"question"`
	Answer   string    `json:"answer"`
	Cluster  string    `json:"cluster"`
	Like     float64   `json:"like"`
	Veto     same.Veto `json:"veto,omitempty"`
}

// Explain looks a question up as a customer's first message, counts nothing, and shows everything.
func (c *Cache) Explain(ctx context.Context, scope store.Scope, question string) Explanation {
	began := time.Now()
	x := Explanation{Question: question, Scope: scope, ScopeKey: scope.Key(), Candidates: []Candidate{}}
	r := shareable.Request{Scope: scope, Text: question}
	if len(question) <= shareable.LongestQuestion {
		r.Reading = c.Read(question)
	}
	x.Refusal = c.refuses(r)
	if r.Reading == nil {
		return x
	}
	q := reading.Of(r.Reading, scope.Language)
	x.Exact = q.Exact
	g := c.indexAt(x.ScopeKey)
	if g == nil {
		return x
	}
	known := c.knowledge(scope)
	s := g.seen(q, embedding.Vector{}, c.Now(), known)
	if !s.Hit && c.Embed != nil {
		// As Look does, but without its hurry.
		s = g.seen(q, c.embedded(ctx, scope, question), c.Now(), known)
	}
	g.RLock()
	defer g.RUnlock()
	x.Hit, x.Tier, x.Score, x.Threshold = s.Hit && x.Refusal == "", s.Tier, s.Score, same.Sigmoid(g.Threshold())
	if s.Entry != nil {
		x.Entry, x.Answer = s.Entry.ID, s.Entry.Answer
	}
	for i, f := range s.Features {
		x.Features = append(x.Features, Feature{same.FeatureNames[i], f, c.Model.Weight(i)})
	}
	for _, n := range s.Compared {
		x.Candidates = append(x.Candidates, Candidate{n.Entry.ID, n.Entry.Question, n.Entry.Answer, n.Entry.Group.ID, n.Like, n.Veto})
	}
	x.Micros = time.Since(began).Microseconds()
	return x
}
