package cacheeval

import (
	"math/rand/v2"

	"tania/internal/semcache"
	"tania/internal/tania"
)

// Outcome counts a stream's look-ups.
type Outcome struct {
	// Refused counts queries that the gate refused; they count as misses.
	Refused       int `json:"refused"`
	Queries       int `json:"queries"`
	Hits          int `json:"hits"`
	Wrong         int `json:"wrong"`
	ExactHits     int `json:"exact_hits"`
	SemanticHits  int `json:"semantic_hits"`
	SemanticWrong int `json:"semantic_wrong"`
}

// Comparison is what a look-up compared, and whether the entry had the right answer.
type Comparison struct {
	Features []float64
	Right    bool
}

// NoRepeat looks up to n texts of a set once each, in an order by seed.
func NoRepeat(m *semcache.Model, rows []Row, n int, seed uint64, each func(Comparison)) Outcome {
	rnd := rand.New(rand.NewPCG(seed, 1))
	order := rnd.Perm(len(rows))
	if len(order) > n {
		order = order[:n]
	}
	queries := make([]Row, len(order))
	for i, at := range order {
		queries[i] = rows[at]
	}
	return stream(m, rows, queries, rnd, each)
}

// Zipf looks n disturbed texts up that are drawn with repetition, the first ones most often.
func Zipf(m *semcache.Model, rows []Row, n int, seed uint64) Outcome {
	rnd := rand.New(rand.NewPCG(seed, 2))
	return stream(m, rows, zipf(rows, n, rnd), rnd, nil)
}

// stream looks queries up, one after the other, each language on its shelf.
func stream(m *semcache.Model, rows, queries []Row, rnd *rand.Rand, each func(Comparison)) (o Outcome) {
	model := newStub(rows, rnd)
	shelves := map[tania.Language]*semcache.Shelf{}
	labels := map[string]string{}
	for _, r := range queries {
		o.Queries++
		if semcache.Gate(r.Text) != "" {
			o.Refused++
			continue
		}
		shelf := shelves[r.Language]
		if shelf == nil {
			shelf = semcache.NewShelf(m)
			shelves[r.Language] = shelf
		}
		q := semcache.Read(r.Text, r.Language)
		seen := shelf.Look(q)
		right := labels[seen.Answer] == r.Label
		if each != nil && seen.Features != nil {
			each(Comparison{seen.Features, right})
		}
		if !seen.Hit {
			answer := model.answer(r)
			if labels[answer] == "" {
				labels[answer] = r.Label
			}
			shelf.Keep(q, answer, seen)
			continue
		}
		o.Hits++
		if seen.Tier == semcache.TierExact {
			o.ExactHits++
		} else {
			o.SemanticHits++
		}
		if !right {
			o.Wrong++
			if seen.Tier == semcache.TierSemantic {
				o.SemanticWrong++
			}
		}
	}
	return o
}
