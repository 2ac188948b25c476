package knowledge

import "slices"

// Weights of what a close look finds, the best passage's words being 1: words that stand beside each other in query and passage, and
// words of the query in titles and headings.
const (
	byPairs    = 0.4
	byHeadings = 0.2
)

// pair is two terms, one right after the other.
type pair [2]uint32

// closeLook compares single passages with a query.
type closeLook struct {
	held  *held
	pairs map[pair]float32
	// first tells quickly that no pair begins with a word, by the remainder of its number.
	first [1024]bool
	asked map[uint32]float32
}

// closeLook prepares for a text, whose pairs of words weigh as much as both together, and for what is asked with what came before.
func (h *held) closeLook(text []string, asked []wanted) *closeLook {
	look := &closeLook{held: h, pairs: map[pair]float32{}, asked: make(map[uint32]float32, len(asked))}
	for i := 1; i < len(text) && i <= mostTerms; i++ {
		a, okA := h.terms[text[i-1]]
		b, okB := h.terms[text[i]]
		if okA && okB {
			look.pairs[pair{a, b}] = h.rarity(a) + h.rarity(b)
			look.first[a%uint32(len(look.first))] = true
		}
	}
	for _, w := range asked {
		look.asked[w.term] = w.weight * h.rarity(w.term)
	}
	return look
}

// refine orders candidates anew, the best of which comes first.
func (l *closeLook) refine(found []ranked) []ranked {
	if len(found) == 0 {
		return nil
	}
	shared, titled := make([]float32, len(found)), make([]float32, len(found))
	for i, r := range found {
		d := &l.held.docs[r.doc]
		shared[i], titled[i] = l.sharedPairs(d.words), l.inHeading(d.words[:d.heading])
	}
	perScore, perPair, perTitle := 1/found[0].score, share(byPairs, shared), share(byHeadings, titled)
	refined := make([]ranked, len(found))
	for i, r := range found {
		refined[i] = ranked{doc: r.doc, score: r.score*perScore + shared[i]*perPair + titled[i]*perTitle}
	}
	slices.SortFunc(refined, better)
	return refined
}

// share is the factor by which the greatest of some weights becomes the one given.
func share(weight float32, of []float32) float32 {
	if most := slices.Max(of); most > 0 {
		return weight / most
	}
	return 0
}

func (l *closeLook) sharedPairs(words []uint32) float32 {
	var sum float32
	var seen []pair
	for i := 1; i < len(words); i++ {
		if !l.first[words[i-1]%uint32(len(l.first))] {
			continue
		}
		p := pair{words[i-1], words[i]}
		if weight, ok := l.pairs[p]; ok && !slices.Contains(seen, p) {
			sum, seen = sum+weight, append(seen, p)
		}
	}
	return sum
}

// headingWords is how many words of a heading count half: a long one says less with each.
const headingWords = 4

func (l *closeLook) inHeading(words []uint32) float32 {
	var sum float32
	for i, w := range words {
		if !slices.Contains(words[:i], w) {
			sum += l.asked[w]
		}
	}
	return sum / float32(headingWords+len(words))
}

// What the best passages found lend to the query (Rocchio's feedback, without anybody who judges): so many passages lend so many of their
// words, which together weigh so much of what the query's own do.
const (
	lenders      = 10
	lentWords    = 15
	lentWeight   = 0.3
	longestLent  = 400
	tellingTerms = 40
)

// related gives the terms that the best passages have in common with each other, so that a passage is found that says it in
// other words.
func (h *held) related(asked []wanted, found []ranked) []wanted {
	sums := map[uint32]float32{}
	for _, r := range found[:min(lenders, len(found))] {
		for _, w := range h.profile(r.doc) {
			sums[w.term] += w.weight * r.score
		}
	}
	lent := make([]wanted, 0, len(sums))
	for term, sum := range sums {
		lent = append(lent, wanted{term, sum})
	}
	slices.SortFunc(lent, heavier)
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
