package knowledge

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// pair is two terms, one right after the other.
type pair [2]uint32

// pairs gives those of a text, with what they weigh: as much as both words together.
func (h *held) pairs(text []string) map[pair]float32 {
	found := map[pair]float32{}
	for i := 1; i < len(text) && i <= mostTerms; i++ {
		a, okA := h.terms[text[i-1]]
		b, okB := h.terms[text[i]]
		if okA && okB {
			found[pair{a, b}] = h.rarity(a) + h.rarity(b)
		}
	}
	return found
}

// firstWords tells quickly that no pair begins with a word, by the remainder of its number.
type firstWords [1024]bool

// refine orders candidates anew: by their score, and by the pairs of words that they share with the text.
func (h *held) refine(found []ranked, pairs map[pair]float32) []ranked {
	if len(found) == 0 {
		return nil
	}
	best, mostShared := found[0].score, float32(0)
	shared := make([]float32, len(found))
	first := &firstWords{}
	for p := range pairs {
		first[p[0]%uint32(len(first))] = true
	}
	for i, r := range found {
		shared[i] = sharedPairs(h.docs[r.doc].words, pairs, first)
		mostShared = max(mostShared, shared[i])
	}
	refined := make([]ranked, len(found))
	for i, r := range found {
		r.score /= best
		if mostShared > 0 {
			r.score += byPairs * shared[i] / mostShared
		}
		refined[i] = r
	}
	slices.SortStableFunc(refined, better)
	return refined
}

func sharedPairs(words []uint32, pairs map[pair]float32, first *firstWords) float32 {
	var sum float32
	var seen []pair
	for i := 1; i < len(words); i++ {
		if !first[words[i-1]%uint32(len(first))] {
			continue
		}
		p := pair{words[i-1], words[i]}
		if weight, ok := pairs[p]; ok && !slices.Contains(seen, p) {
			sum, seen = sum+weight, append(seen, p)
		}
	}
	return sum
}

// What the best passages found lend to the query (Rocchio's feedback, without anybody who judges): so many passages lend so many of their
// words, which together weigh so much of what the query's own do.
const (
	lenders     = 10
	lentWords   = 15
	lentWeight  = 0.3
	longestLent = 400
)

// related gives the terms that the best passages have in common with each other, so that a passage is found that says it in
// other words.
func (h *held) related(asked []wanted, found []ranked) []wanted {
	sums := map[uint32]float32{}
	for _, r := range found[:min(lenders, len(found))] {
		for term, weight := range h.profile(&h.docs[r.doc]) {
			sums[term] += weight * r.score
		}
	}
	lent := make([]wanted, 0, len(sums))
	for term, sum := range sums {
		lent = append(lent, wanted{term, sum})
	}
	slices.SortFunc(lent, func(a, b wanted) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.term, b.term))
	})
	lent = lent[:min(lentWords, len(lent))]
	var own, all float32
	for _, w := range asked {
		own += w.weight
	}
	for _, w := range lent {
		all += w.weight
	}
	for i := range lent {
		lent[i].weight *= lentWeight * own / all
	}
	return lent
}

// profile is what a passage is about: its terms, weighed, as a vector of length 1.
func (h *held) profile(d *document) map[uint32]float32 {
	weights := map[uint32]float32{}
	for _, w := range d.words[:min(longestLent, len(d.words))] {
		weights[w]++
	}
	var squares float64
	for _, term := range slices.Sorted(maps.Keys(weights)) {
		w := (1 + math.Log(float64(weights[term]))) * float64(h.rarity(term))
		weights[term] = float32(w)
		squares += w * w
	}
	for term := range weights {
		weights[term] /= float32(math.Sqrt(squares))
	}
	return weights
}
