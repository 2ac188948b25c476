package knowledge

import (
	"cmp"
	"math"
	"slices"
)

// Query is what is asked for.
type Query struct {
	Text string
	// Before is what the customer wrote earlier in the conversation, the oldest first: a follow-up ("and on Sundays?") has its subject
	// there.
	Before []string
	// Shown are the ids of passages that the conversation has found before, which are not found again: the conversation has them.
	Shown []string
}

// Hit is a passage that was found.
type Hit struct {
	Passage Passage
	// Score orders the hits of one query. Those of two queries cannot be compared.
	Score float64
}

// Constants of BM25: how soon a word that occurs again adds nothing, and how much a long text is held against it. They are the
// textbook's; the others were chosen with all 45 queries of a set, so that what they reach on it is no proof for another.
const (
	saturation = 1.2
	lengthNorm = 0.75
	// fading is what is left of a word's weight from one message to the next.
	fading = 0.8
	// mostTerms bounds the work on a pasted document: those count that are rarest.
	mostTerms = 64
	// byPairs is the weight of words that stand beside each other in query and passage, the best passage's words being 1.
	byPairs = 0.2
	// candidates are as many passages as are looked at closely.
	candidates = 300
)

// wanted is a term of a query.
type wanted struct {
	term   uint32
	weight float32
}

// Search gives the passages that a query is about, the likeliest first, at most limit of them.
func (x *Index) Search(q Query, limit int) ([]Hit, error) {
	texts := make([][]string, 0, len(q.Before)+1)
	for _, text := range append(slices.Clip(q.Before), q.Text) {
		texts = append(texts, terms(text))
	}
	x.mutex.RLock()
	defer x.mutex.RUnlock()
	ranked := x.held.rank(texts, q.Shown)
	hits := make([]Hit, 0, limit)
	for _, r := range ranked[:min(limit, len(ranked))] {
		p, err := x.read(&x.held.docs[r.doc])
		if err != nil {
			return nil, err
		}
		hits = append(hits, Hit{Passage: p, Score: float64(r.score)})
	}
	return hits, nil
}

// ranked is a passage and how likely it is what is asked for.
type ranked struct {
	doc   uint32
	score float32
}

// rank orders passages by the words of the last text and, less, of those before it.
func (h *held) rank(texts [][]string, shown []string) []ranked {
	scores := make([]float32, len(h.docs))
	asked := h.asked(texts)
	h.score(asked, scores)
	pairs := h.pairs(texts[len(texts)-1])
	first := h.refine(h.best(scores, candidates, nil), pairs)
	h.score(h.related(asked, first), scores)
	hidden := map[uint32]bool{}
	for _, id := range shown {
		if n, ok := h.byID[id]; ok {
			hidden[n] = true
		}
	}
	return h.refine(h.best(scores, candidates, hidden), pairs)
}

// asked adds the words of all texts up, those of earlier ones faded.
func (h *held) asked(texts [][]string) []wanted {
	var found []wanted
	at := map[uint32]int{}
	for _, text := range texts {
		for i := range found {
			found[i].weight *= fading
		}
		for _, word := range text {
			term, ok := h.terms[word]
			if !ok {
				continue
			}
			i, ok := at[term]
			if !ok {
				i = len(found)
				at[term], found = i, append(found, wanted{term: term})
			}
			found[i].weight++
		}
	}
	slices.SortStableFunc(found, func(a, b wanted) int {
		return cmp.Compare(b.weight*h.rarity(b.term), a.weight*h.rarity(a.term))
	})
	return found[:min(mostTerms, len(found))]
}

// rarity is a term's weight: the fewer passages have it, the more it says.
func (h *held) rarity(term uint32) float32 {
	n, have := float64(len(h.docs)), float64(len(h.postings[term]))
	return float32(math.Log(1 + (n-have+0.5)/(have+0.5)))
}

// score adds to each passage's score what the terms are worth in it.
func (h *held) score(asked []wanted, scores []float32) {
	mean := float32(h.length) / float32(max(1, len(h.byID)))
	perWord := float32(saturation) * lengthNorm / max(1, mean)
	for _, w := range asked {
		gain := w.weight * h.rarity(w.term) * (saturation + 1)
		for _, p := range h.postings[w.term] {
			n := p.doc()
			norm := saturation*(1-lengthNorm) + perWord*float32(len(h.docs[n].words))
			scores[n] += gain * p.times() / (p.times() + norm)
		}
	}
}

// best gives as many of the best as are wanted, the best first, without what is hidden.
func (h *held) best(scores []float32, most int, hidden map[uint32]bool) []ranked {
	found := make([]ranked, 0, 2*most)
	var least float32
	for n, s := range scores {
		if s <= least || h.docs[n].gone || hidden[uint32(n)] {
			continue
		}
		if found = append(found, ranked{uint32(n), s}); len(found) == cap(found) {
			slices.SortStableFunc(found, better)
			found = found[:most]
			least = found[most-1].score
		}
	}
	slices.SortStableFunc(found, better)
	return found[:min(most, len(found))]
}

func better(a, b ranked) int { return cmp.Compare(b.score, a.score) }
