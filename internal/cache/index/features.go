package index

import (
	"math"
	"slices"

	"tania/internal/cache/reading"
	"tania/internal/cache/same"
)

// compare describes how sure it is that the best of a cluster asks what q asks.
func (x *finder) compare(q *reading.Question, best near, m *same.Matching, found []near, rival float64) []float64 {
	e := best.Entry.question
	rare := x.weightOf(0)
	unmatched := func(q *reading.Question, weights []float64, pairs []int) (share, most, function float64) {
		total := 0.0
		for i, w := range q.Words {
			total += weights[i]
			if pairs[i] < 0 {
				share += weights[i]
				if w.Function {
					function++
				} else {
					most = max(most, weights[i]/rare)
				}
			}
		}
		return share / max(total, 0.1), most, function
	}
	weights := x.wordWeights(q)
	uq, rq, fq := unmatched(q, weights, m.A)
	ue, re, fe := unmatched(e, x.wordWeights(e), m.B)
	wrong, content := 0.0, 1.0
	for i, j := range m.A {
		switch {
		case j < 0 && !q.Words[i].Function:
			content = 0
		case j >= 0 && q.Words[i].Stem != e.Words[j].Stem:
			wrong++
		}
	}
	for j, i := range m.B {
		if i < 0 && !e.Words[j].Function {
			content = 0
		}
	}
	coverage, margin, novel := x.standing(q, weights, best.Entry.Group, found)
	same, votes, all := 0.0, 0.0, 0.0
	for i, n := range found {
		if i < 8 {
			all += n.Like * n.Like
			if n.Entry.Group == best.Entry.Group {
				votes += n.Like * n.Like
				same++
			}
		}
	}
	return []float64{
		1, best.cosine, best.termCosine, best.cosine * best.cosine, best.termCosine * best.termCosine, uq, ue, min(uq, ue), rq, re,
		differs(askingOf(q), askingOf(e)), 1 / float64(len(q.Words)+1), rival, best.Like - rival, same / 8,
		min(wrong, 2) / 2, content, votes / max(all, 1e-9), all / 8, min(fq+fe, 6) / 6, 1 / math.Sqrt(float64(x.live)+1), coverage, margin, novel,
	}
}

// standing says how well a cluster's phrasings together cover the question's words, how far ahead of the next cluster that puts it, and how
// much of the question nobody has said before.
func (x *finder) standing(q *reading.Question, weights []float64, own *Cluster, found []near) (coverage, margin, novel float64) {
	total := 0.1
	for i, w := range q.Words {
		total += weights[i]
		if !w.Function && x.terms.count(w.ID) == 0 {
			novel += weights[i]
		}
	}
	covered := func(c *Cluster) (sum float64) {
		for i, w := range q.Words {
			if n := c.count(w.ID); n > 0 {
				sum += weights[i] * (1 - 1/float64(n+1)) * 2
			}
		}
		return sum / total / 2
	}
	coverage = covered(own)
	rival := 0.0
	for i, n := range found {
		c := n.Entry.Group
		if c == own || slices.ContainsFunc(found[:i], func(o near) bool { return o.Entry.Group == c }) {
			continue
		}
		rival = max(rival, covered(c))
	}
	return coverage, coverage - rival, novel / total
}

// wordWeights are those of a question's words, in their order.
func (x *finder) wordWeights(q *reading.Question) []float64 {
	list := make([]float64, len(q.Words))
	for i, w := range q.Words {
		list[i] = x.weightOf(x.terms.count(w.ID))
		if w.Function {
			list[i] /= 3
		}
	}
	return list
}

func askingOf(q *reading.Question) string {
	for _, w := range q.Words {
		if sense := reading.Asking[w.Text]; sense != "" {
			return sense
		}
	}
	return ""
}

func differs(a, b string) float64 {
	switch {
	case a == b:
		return 0
	case a == "" || b == "":
		return 0.5
	}
	return 1
}
