package semcache

import (
	"cmp"
	"math"
	"slices"
)

// index finds the entries whose questions are like one. It is of one scope, and not safe for use by several goroutines.
type index struct {
	entries []*entry
	terms   postings
	grams   postings
}

// entry is a phrasing of a question that has been answered.
type entry struct {
	question *Question
	cluster  *cluster
	at       int32
}

// cluster is an answer with the phrasings it was given for.
type cluster struct {
	id      int
	answer  string
	phrases []*entry
	// terms counts the phrasings that have a term.
	terms map[feature]int
}

func (c *cluster) add(e *entry) {
	c.phrases = append(c.phrases, e)
	if c.terms == nil {
		c.terms = make(map[feature]int, len(e.question.terms))
	}
	for _, t := range e.question.terms {
		c.terms[t]++
	}
}

type postings map[feature][]int32

func newIndex() *index { return &index{terms: postings{}, grams: postings{}} }

func (x *index) add(e *entry) {
	e.at = int32(len(x.entries)) //nolint:gosec // bounded by CACHE_MAX_ENTRIES
	x.entries = append(x.entries, e)
	for _, f := range e.question.terms {
		x.terms[f] = append(x.terms[f], e.at)
	}
	for _, f := range e.question.grams {
		x.grams[f] = append(x.grams[f], e.at)
	}
}

// weight is the inverse document frequency of a feature, online: what nobody used before weighs most.
func (x *index) weight(p postings, f feature) float64 {
	n := float64(len(x.entries))
	return 0.2 + math.Log((n+2)/(float64(len(p[f]))+1))
}

// candidates is how many entries are compared word by word.
const candidates = 24

// near is an entry that is like a question.
type near struct {
	entry *entry
	// cosine is of grams, termCosine of terms; like is their mean.
	cosine, termCosine, like float64
}

// nearest gives the entries most like q, the most alike first.
func (x *index) nearest(q *Question) []near {
	if len(x.entries) == 0 {
		return nil
	}
	scores := make([]float32, len(x.entries))
	var touched []int32
	common := max(64, len(x.entries)/8)
	gather := func(p postings, features []feature) {
		for _, f := range features {
			list := p[f]
			if len(list) > common {
				continue
			}
			w := x.weight(p, f)
			for _, at := range list {
				if scores[at] == 0 {
					touched = append(touched, at)
				}
				scores[at] += float32(w * w)
			}
		}
	}
	gather(x.terms, q.terms)
	gather(x.grams, q.grams)
	for _, at := range touched {
		scores[at] /= float32(math.Sqrt(float64(len(x.entries[at].question.grams) + 8)))
	}
	slices.SortFunc(touched, func(a, b int32) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b)) })
	if len(touched) > candidates {
		touched = touched[:candidates]
	}
	found := make([]near, 0, len(touched))
	for _, at := range touched {
		n := near{entry: x.entries[at]}
		n.cosine = x.cosine(x.grams, q.grams, n.entry.question.grams)
		n.termCosine = x.cosine(x.terms, q.terms, n.entry.question.terms)
		n.like = (n.cosine + n.termCosine) / 2
		found = append(found, n)
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(b.like, a.like) })
	return found
}

func (x *index) cosine(p postings, a, b []feature) float64 {
	var dot, na, nb float64
	square := func(f feature) float64 { w := x.weight(p, f); return w * w }
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case j == len(b) || i < len(a) && a[i] < b[j]:
			na += square(a[i])
			i++
		case i == len(a) || b[j] < a[i]:
			nb += square(b[j])
			j++
		default:
			w := square(a[i])
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
