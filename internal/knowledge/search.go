package knowledge

import (
	"cmp"
	"math"
	"slices"

	"tania/internal/embedding"
)

// Query is what is asked for.
type Query struct {
	Text string
	// Before is what the customer wrote earlier in the conversation, the oldest first: a follow-up ("and on Sundays?") has its subject
	// there.
	Before []string
	// Shown are the ids of passages that the conversation has found before, which are not found again: the conversation has them.
	Shown []string
	// Vector is what Text means, by the model that made the vectors of Learn; none: words alone decide.
	Vector embedding.Vector
}

// Hit is a passage that was found.
type Hit struct {
	Passage Passage
	// Score orders the hits of one query. Those of two queries cannot be compared.
	Score float64
}

// Constants of BM25: how soon a word that occurs again adds nothing, and how much a long text is held against it. They are the
// textbook's; the others were chosen among a few round values with the set of recall/testdata. A prototype that
// chose in five folds, without the fold that is measured, found 0.617 of what is needed among the first 10 and 0.738 among the first 20, by
// a sentence alone.
const (
	saturation = 1.2
	lengthNorm = 0.75
	// fading is what is left of a word's weight from one message to the next.
	fading = 0.8
	// inflected is the weight of another form of a word that was asked for ("charges", "charged").
	inflected = 0.5
	// byMarks is the weight of a mark, set with half of the questions that answer/knowledge has of a club.
	byMarks = 1.5
	// mostTerms bounds the work on a pasted document: those count that are rarest.
	mostTerms = 64
	// mostPostings bounds the work on words that nearly all of many passages have, which say the least: so many occurrences are counted.
	mostPostings = 100_000
	// mostMarked bounds it on marks, of which a few say what much of all is about.
	mostMarked = 200_000
	// candidates are as many passages as are looked at closely, and leading as many to find those that lend their words.
	candidates = 200
	leading    = 60
)

// wanted is a term of a query, or of what a passage is about.
type wanted struct {
	term   uint32
	weight float32
}

// Search gives the passages that a query is about, the likeliest first, at most limit of them.
func (x *Index) Search(q Query, limit int) ([]Hit, error) {
	texts := make([]spoken, 0, len(q.Before)+1)
	for _, text := range append(slices.Clip(q.Before), q.Text) {
		texts = append(texts, spoken{words: terms(text)})
	}
	x.mutex.RLock()
	defer x.mutex.RUnlock()
	ranked := x.held.rank(texts, nil, q.Shown, q.Vector)
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
	// like is by how many standard deviations it means the same more than others do, as far as vectors are believed.
	like float32
}

// spoken is what was said: its words, and marks of what they are about.
type spoken struct{ words, marks []string }

// rank orders passages by the words of the last text and, less, of those before it, and by what the last one means: those of a view, nil
// for all.
func (h *held) rank(texts []spoken, in *View, shown []string, meant embedding.Vector) []ranked {
	scores := make([]float32, len(h.docs))
	asked := h.asked(texts)
	left := h.score(asked, scores, mostPostings)
	h.scoreMarks(texts, scores)
	in.only(scores)
	look := h.closeLook(texts[len(texts)-1].words, asked)
	first := look.refine(h.best(scores, leading, nil))
	h.score(h.related(asked, first), scores, left)
	in.only(scores)
	hidden := map[uint32]bool{}
	for _, id := range shown {
		if n, ok := h.byID[id]; ok {
			hidden[n] = true
		}
	}
	doubt := h.doubt(texts[len(texts)-1].words, slices.Max(append(scores, 0)))
	return h.join(h.fuse(look.refine(h.best(scores, candidates, hidden)), doubt, meant, func(doc uint32) bool {
		return !h.gone[doc] && !hidden[doc] && in.has(doc)
	}))
}

// asked adds the words of all texts up, those of earlier ones faded, and their other forms.
func (h *held) asked(texts []spoken) []wanted {
	weights := map[uint32]float32{}
	var order []uint32
	for _, text := range texts {
		for term := range weights {
			weights[term] *= fading
		}
		for _, word := range text.words {
			own, known := h.terms[word]
			for _, like := range h.like(word) {
				if _, ok := weights[like.term]; !ok {
					order = append(order, like.term)
				}
				if known && like.term == own {
					weights[own]++
				} else {
					weights[like.term] = max(weights[like.term], like.weight)
				}
			}
		}
	}
	gains := make([]wanted, len(order))
	for i, term := range order {
		gains[i] = wanted{term, weights[term] * h.rarity(term)}
	}
	slices.SortFunc(gains, heavier)
	found := gains[:min(mostTerms, len(gains))]
	for i, g := range found {
		found[i].weight = weights[g.term]
	}
	return found
}

// like gives the terms that a word is taken for: its forms and, where no passage has it, what looks like it.
func (h *held) like(word string) []wanted {
	var found []wanted
	for _, form := range h.forms[singular(word)] {
		found = append(found, wanted{form, inflected})
	}
	if len(found) == 0 {
		return h.spelling.alike(word, func(term uint32) string { return h.names[term] })
	}
	return found
}

// rarity is a term's weight: the fewer passages have it, the more it says.
func (h *held) rarity(term uint32) float32 { return h.rarityOf(h.postings[term]) }

func (h *held) rarityOf(postings []posting) float32 {
	n, have := float64(len(h.docs)), float64(len(postings))
	return float32(math.Log(1 + (n-have+0.5)/(have+0.5)))
}

// score adds to each passage's score what the terms are worth in it, within a number of occurrences, of which it gives those left.
func (h *held) score(asked []wanted, scores []float32, left int) int {
	for _, w := range asked {
		if postings := h.postings[w.term]; len(postings) <= left {
			left -= len(postings)
			h.gain(postings, w.weight, scores)
		}
	}
	return left
}

// gain adds to the scores of passages what it is worth that they have something, times a weight.
func (h *held) gain(postings []posting, weight float32, scores []float32) {
	mean := float32(h.length) / float32(max(1, len(h.byID)))
	perWord := float32(saturation) * lengthNorm / max(1, mean)
	weight *= h.rarityOf(postings) * (saturation + 1)
	for _, p := range postings {
		n := p.doc()
		norm := saturation*(1-lengthNorm) + perWord*h.sizes[n]
		scores[n] += weight * p.times() / (p.times() + norm)
	}
}

// scoreMarks adds to each passage's score what the marks of the texts are worth in it, those of earlier texts faded, the rarest first and
// within a number of occurrences.
func (h *held) scoreMarks(texts []spoken, scores []float32) {
	type worth struct {
		of     []posting
		weight float32
	}
	var all []worth
	weight := float32(byMarks)
	for _, text := range slices.Backward(texts) {
		for i, mark := range text.marks {
			if of := h.having(mark); len(of) > 0 && !slices.Contains(text.marks[:i], mark) {
				all = append(all, worth{of, weight})
			}
		}
		weight *= fading
	}
	slices.SortStableFunc(all, func(a, b worth) int { return cmp.Compare(len(a.of), len(b.of)) })
	left := mostMarked
	for _, w := range all {
		if left -= len(w.of); left < 0 {
			break
		}
		h.gain(w.of, w.weight, scores)
	}
}

// steps divide the scores, from none to the greatest, to find without sorting which passages are among the best.
const steps = 1024

// best gives as many of the best as are wanted, the best first, without what is hidden.
func (h *held) best(scores []float32, most int, hidden map[uint32]bool) []ranked {
	greatest := float32(0)
	for _, s := range scores {
		greatest = max(greatest, s)
	}
	perStep := (steps - 1) / max(greatest, math.SmallestNonzeroFloat32)
	var have [steps]int
	for n, s := range scores {
		if s > 0 && !h.gone[n] {
			have[int(s*perStep)]++
		}
	}
	least, wanted := steps, most+len(hidden)
	for least > 0 && wanted > 0 {
		least--
		wanted -= have[least]
	}
	found := make([]ranked, 0, 2*most)
	for n, s := range scores {
		if s > 0 && int(s*perStep) >= least && !h.gone[n] && !hidden[uint32(n)] {
			found = append(found, ranked{doc: uint32(n), score: s})
		}
	}
	slices.SortFunc(found, better)
	return found[:min(most, len(found))]
}

func better(a, b ranked) int {
	switch {
	case a.score > b.score:
		return -1
	case a.score < b.score:
		return 1
	}
	return cmp.Compare(a.doc, b.doc)
}

func heavier(a, b wanted) int {
	return better(ranked{doc: a.term, score: a.weight}, ranked{doc: b.term, score: b.weight})
}
