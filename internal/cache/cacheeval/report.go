package cacheeval

import (
	"maps"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"tania/internal/cache/same"
)

// Options of an evaluation.
type Options struct {
	// N is the most queries of a stream; Seed begins its order. Streams run with Seed and the one after it, and are added up.
	N    int
	Seed uint64
}

// Report is what `tania cache eval --json` prints.
type Report struct {
	NoRepeat  Streams             `json:"norepeat"`
	Zipf      Streams             `json:"zipf"`
	Guards    map[string]Guarded  `json:"guards"`
	Cacheable map[string]Admitted `json:"cacheable"`
	// Misses are the pairs and messages that went otherwise than labelled.
	Misses []Miss `json:"misses,omitempty"`
}

// Streams are the outcomes of a stream over all sets.
type Streams struct {
	Sets  map[string]Outcome `json:"sets"`
	Macro Macro              `json:"macro"`
}

// Macro are means over the sets; rates are fractions.
type Macro struct {
	HitRate   float64 `json:"hit_rate"`
	FalseRate float64 `json:"false_rate"`
	// SemanticFalseRate is of the semantic hits alone. AdmittedHitRate is of the queries that the gate admitted.
	SemanticFalseRate float64 `json:"semantic_false_rate"`
	AdmittedHitRate   float64 `json:"admitted_hit_rate"`
}

// seeds is how many orders of a stream are added up.
const seeds = 2

// Evaluate runs the protocol with a model.
func Evaluate(m *same.Model, d *Data, o Options) (Report, error) {
	report := Report{NoRepeat: Streams{Sets: map[string]Outcome{}}, Zipf: Streams{Sets: map[string]Outcome{}}}
	outcomes := make([][2]Outcome, len(d.Names))
	var group errgroup.Group
	group.SetLimit(runtime.NumCPU())
	for i, name := range d.Names {
		group.Go(func() error {
			for s := range uint64(seeds) {
				once, err := noRepeat(m, d.Streams[name], o.N, o.Seed+s, nil)
				if err != nil {
					return err
				}
				again, err := zipf(m, d.Streams[name], o.N, o.Seed+s)
				if err != nil {
					return err
				}
				outcomes[i][0].add(once)
				outcomes[i][1].add(again)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return report, err
	}
	for i, name := range d.Names {
		report.NoRepeat.Sets[name], report.Zipf.Sets[name] = outcomes[i][0], outcomes[i][1]
	}
	report.NoRepeat.average()
	report.Zipf.average()
	var pairs, messages []Miss
	var err error
	if report.Guards, pairs, err = guards(m, d.Pairs); err != nil {
		return report, err
	}
	report.Cacheable, messages = cacheable(d.Gate)
	report.Misses = append(pairs, messages...)
	return report, nil
}

func (s *Streams) average() {
	n := float64(max(1, len(s.Sets)))
	share := func(a, b int) float64 { return float64(a) / float64(max(1, b)) / n }
	// In one order, for sums depend on it.
	for _, name := range slices.Sorted(maps.Keys(s.Sets)) {
		o := s.Sets[name]
		s.Macro.HitRate += share(o.Hits, o.Queries)
		s.Macro.FalseRate += share(o.Wrong, o.Hits)
		s.Macro.SemanticFalseRate += share(o.SemanticWrong, o.SemanticHits)
		s.Macro.AdmittedHitRate += share(o.Hits, o.Queries-o.Refused)
	}
}
