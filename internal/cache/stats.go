package cache

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"tania/internal/cache/same"
	"tania/internal/cache/store"
)

// Stats are the cache's group of /chatwoot/stats. The counts are of all processes, since the start of the store.
type Stats struct {
	Enabled bool `json:"enabled"`
	// Away reports whether the store cannot be reached, so that every question is a miss.
	Away bool `json:"away"`
	// HitRate is of the questions that the gate admitted, in percent, as the specification has it.
	HitRate      float64 `json:"hitRate"`
	Hits         int64   `json:"hits"`
	ExactHits    int64   `json:"exactHits"`
	SemanticHits int64   `json:"semanticHits"`
	Misses       int64   `json:"misses"`
	// Refusals and Vetoes are by reason.
	Refusals map[string]int64 `json:"refusals"`
	Vetoes   map[string]int64 `json:"vetoes"`
	Stored   int64            `json:"stored"`
	Aliases  int64            `json:"aliases"`
	Evicted  int64            `json:"evicted"`
	// WrongHits is the share of wrong answers among semantic hits, estimated from those that were verified.
	WrongHits same.Interval `json:"wrongHits"`
	Verified  int64         `json:"verified"`
	// Judgements counts the model calls that compared two answers, Verifications those that made an answer to verify one.
	Judgements    int64            `json:"judgements"`
	Verifications int64            `json:"verifications"`
	Feedback      map[string]int64 `json:"feedback"`
	Failures      map[string]int64 `json:"failures"`
	Entries       int              `json:"entries"`
	ByCategory    map[string]int   `json:"byCategory"`
	Doubted       int              `json:"doubted"`
	// Raised names the scopes whose threshold stands above the model's, in log odds.
	Raised map[string]float64 `json:"raised"`
	// SavedTokens and SavedUSD are what the hits would have cost.
	SavedTokens int64   `json:"savedTokens"`
	SavedUSD    float64 `json:"savedUsd"`
	// MedianAgeSeconds is of the entries.
	MedianAgeSeconds float64 `json:"medianAgeSeconds"`
	Epoch            uint64  `json:"epoch"`
}

// Stats counts.
func (c *Cache) Stats(ctx context.Context) (Stats, error) {
	counters := map[string]int64{}
	if c.Counters != nil {
		all, err := c.Counters(ctx)
		if err != nil {
			return Stats{}, err
		}
		maps.Copy(counters, all)
	}
	for name, n := range c.counts.waiting() {
		counters[name] += n
	}
	n := func(name string) int64 { return counters[prefix+name] }
	group := func(name string) map[string]int64 {
		m := map[string]int64{}
		for key, n := range counters {
			if rest, ok := strings.CutPrefix(key, prefix+name+"/"); ok {
				m[rest] = n
			}
		}
		return m
	}
	s := Stats{
		Enabled: true, Away: c.away(), ExactHits: n("hits/exact"), SemanticHits: n("hits/semantic"), Misses: n("misses"),
		Refusals: group("refusals"), Vetoes: group("vetoes"),
		Stored: n("stored"), Aliases: n("aliases"), Evicted: n("evicted"), Verified: n("verified/right") + n("verified/wrong"),
		Judgements:    n("judgements"),
		Verifications: n("verifications"), Feedback: group("feedback"), Failures: group("failures"), SavedTokens: n("saved/tokens"),
		SavedUSD:   float64(n("saved/cost_micro_usd")) / 1e6,
		ByCategory: map[string]int{}, Raised: map[string]float64{}, Epoch: c.epoch.Load(),
	}
	s.Hits = s.ExactHits + s.SemanticHits
	if looked := s.Hits + s.Misses; looked > 0 {
		s.HitRate = 100 * float64(s.Hits) / float64(looked)
	}
	s.WrongHits = same.WrongShare(float64(n("verified/right")), float64(n("verified/wrong")))
	now := c.Now()
	var ages []time.Duration
	for _, e := range c.entries() {
		s.Entries++
		s.ByCategory[string(e.Category)]++
		if e.State != store.StateActive {
			s.Doubted++
		}
		ages = append(ages, now.Sub(e.Created))
	}
	if len(ages) > 0 {
		slices.Sort(ages)
		s.MedianAgeSeconds = ages[len(ages)/2].Seconds()
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	for key, g := range c.indexes {
		g.RLock()
		if raised := g.AboveModel(); raised > 0 {
			s.Raised[key] = raised
		}
		g.RUnlock()
	}
	return s, nil
}

// Counted gives what this process alone has counted since its start, by the names of the shared counters without their prefix, and how many
// entries there are.
func (c *Cache) Counted() (counts map[string]int64, entries int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.counts.all(), len(c.scopes)
}

// Totals are the few figures that are looked at all the time.
type Totals struct {
	Hits, Misses int64
	// SavedCost is in micro-USD.
	SavedCost int64
	Entries   int
}

// Totals counts over all processes; while the store is away it counts what this process knows.
func (c *Cache) Totals(ctx context.Context) Totals {
	own, entries := c.Counted()
	counters := map[string]int64{}
	for name, n := range own {
		counters[prefix+name] = n
	}
	if c.Counters != nil {
		if all, err := c.Counters(ctx); err == nil {
			counters = all
		}
	}
	return Totals{
		Hits: counters[prefix+"hits/exact"] + counters[prefix+"hits/semantic"], Misses: counters[prefix+"misses"],
		SavedCost: counters[prefix+"saved/cost_micro_usd"], Entries: entries,
	}
}
