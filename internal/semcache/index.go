package semcache

import (
	"cmp"
	"math"
	"slices"
)

// index finds the entries whose questions are like one, by their terms and grams. It may be read by several goroutines at once, and
// changed by one alone.
type index struct {
	// entries have a hole where one was removed.
	entries []*entry
	live    int
	terms   postings
	grams   postings
}

// entry is a phrasing of a question that has been answered.
type entry struct {
	Entry
	question *Question
	cluster  *cluster
	vector   vector
	at       int32
}

// postings are the places of a feature's entries.
type postings map[feature][]int32

func newIndex() *index { return &index{terms: postings{}, grams: postings{}} }

func (x *index) add(e *entry) {
	e.at = int32(len(x.entries)) //nolint:gosec // bounded by CACHE_MAX_ENTRIES
	x.entries = append(x.entries, e)
	x.live++
	for _, f := range e.question.terms {
		x.terms[f] = append(x.terms[f], e.at)
	}
	for _, f := range e.question.grams {
		x.grams[f] = append(x.grams[f], e.at)
	}
}

func (x *index) remove(e *entry) {
	x.entries[e.at] = nil
	x.live--
	x.terms.remove(e.question.terms, e.at)
	x.grams.remove(e.question.grams, e.at)
	if len(x.entries) > 64 && x.live < len(x.entries)/2 {
		x.compact()
	}
}

func (p postings) remove(features []feature, at int32) {
	for _, f := range features {
		list := p[f]
		if i, ok := slices.BinarySearch(list, at); ok {
			list = slices.Delete(list, i, i+1)
		}
		if len(list) == 0 {
			delete(p, f)
		} else {
			p[f] = list
		}
	}
}

// compact closes the holes.
func (x *index) compact() {
	old := x.entries
	*x = *newIndex()
	for _, e := range old {
		if e != nil {
			x.add(e)
		}
	}
}

// weight is the inverse document frequency of a feature, online: what nobody used before weighs most.
func (x *index) weight(p postings, f feature) float64 {
	return 0.2 + math.Log((float64(x.live)+2)/(float64(len(p[f]))+1))
}

// candidates is how many entries are compared word by word.
const candidates = 24

// near is an entry that is like a question.
type near struct {
	entry *entry
	// cosine is of grams, termCosine of terms; like is their mean. meaning is the cosine of the embeddings, 0 without them.
	cosine, termCosine, like, meaning float64
}

// weights gives a question's squared weights, in the order of its features.
func (x *index) weights(p postings, features []feature) []float64 {
	list := make([]float64, len(features))
	for i, f := range features {
		w := x.weight(p, f)
		list[i] = w * w
	}
	return list
}

// nearest gives the entries most like q, the most alike first; also counts the ones of more, which were found by other means.
func (x *index) nearest(q *Question, more []*entry) []near {
	if x.live == 0 {
		return nil
	}
	scores := make([]float32, len(x.entries))
	var touched []int32
	common := max(64, x.live/8)
	gather := func(p postings, features []feature, weights []float64) {
		for i, f := range features {
			list := p[f]
			if len(list) > common {
				continue
			}
			w := float32(weights[i])
			for _, at := range list {
				if scores[at] == 0 {
					touched = append(touched, at)
				}
				scores[at] += w
			}
		}
	}
	terms, grams := x.weights(x.terms, q.terms), x.weights(x.grams, q.grams)
	gather(x.terms, q.terms, terms)
	gather(x.grams, q.grams, grams)
	for _, at := range touched {
		scores[at] /= float32(math.Sqrt(float64(len(x.entries[at].question.grams) + 8)))
	}
	best := top(touched, scores, candidates)
	found := make([]near, 0, len(best)+len(more))
	for _, at := range best {
		found = append(found, near{entry: x.entries[at]})
	}
	for _, e := range more {
		if !slices.Contains(best, e.at) {
			found = append(found, near{entry: e})
		}
	}
	for i := range found {
		n := &found[i]
		n.cosine = x.cosine(x.grams, q.grams, grams, n.entry.question.grams)
		n.termCosine = x.cosine(x.terms, q.terms, terms, n.entry.question.terms)
		n.like = (n.cosine + n.termCosine) / 2
	}
	slices.SortStableFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.entry.at, b.entry.at))
	})
	return found
}

// top gives the places with the n highest scores, in the order of scores.
func top(touched []int32, scores []float32, n int) []int32 {
	better := func(a, b int32) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b)) }
	best := make([]int32, 0, n+1)
	for _, at := range touched {
		if len(best) == n && better(at, best[n-1]) > 0 {
			continue
		}
		i, _ := slices.BinarySearchFunc(best, at, better)
		best = slices.Insert(best, i, at)
		if len(best) > n {
			best = best[:n]
		}
	}
	return best
}

// cosine is of a, whose squared weights are known, and b.
func (x *index) cosine(p postings, a []feature, weights []float64, b []feature) float64 {
	var dot, na, nb float64
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case j == len(b) || i < len(a) && a[i] < b[j]:
			na += weights[i]
			i++
		case i == len(a) || b[j] < a[i]:
			w := x.weight(p, b[j])
			nb += w * w
			j++
		default:
			w := weights[i]
			dot, na, nb = dot+w, na+w, nb+w
			i++
			j++
		}
	}
	if na == 0 || nb == 0 {
		return 0
	}
	return dot / math.Sqrt(na*nb)
}
