package semcache

import (
	"math"
	"slices"
)

// featureNames are those of a comparison, in the model's order.
var featureNames = []string{
	"one", "gram cosine", "term cosine", "gram cosine²", "term cosine²", "unmatched here", "unmatched there", "both unmatched", "rarest here", "rarest there",
	"other asking word", "shortness", "rival", "lead", "support", "misspelt", "same content", "votes", "top similarity mean", "function unmatched", "few entries", "cluster coverage", "cluster margin", "novel word",
}

// compare describes how sure it is that the best of a cluster asks what q asks.
func (x *index) compare(q *Question, best near, m *matching, found []near, rival float64) []float64 {
	e := best.entry.question
	rare := x.weightOf(0)
	unmatched := func(q *Question, weights []float64, pairs []int) (share, most, function float64) {
		total := 0.0
		for i, w := range q.words {
			total += weights[i]
			if pairs[i] < 0 {
				share += weights[i]
				if w.function {
					function++
				} else {
					most = max(most, weights[i]/rare)
				}
			}
		}
		return share / max(total, 0.1), most, function
	}
	weights := x.wordWeights(q)
	uq, rq, fq := unmatched(q, weights, m.a)
	ue, re, fe := unmatched(e, x.wordWeights(e), m.b)
	wrong, content := 0.0, 1.0
	for i, j := range m.a {
		switch {
		case j < 0 && !q.words[i].function:
			content = 0
		case j >= 0 && q.words[i].stem != e.words[j].stem:
			wrong++
		}
	}
	for j, i := range m.b {
		if i < 0 && !e.words[j].function {
			content = 0
		}
	}
	coverage, margin, novel := x.standing(q, weights, best.entry.cluster, found)
	same, votes, all := 0.0, 0.0, 0.0
	for i, n := range found {
		if i < 8 {
			all += n.like * n.like
			if n.entry.cluster == best.entry.cluster {
				votes += n.like * n.like
				same++
			}
		}
	}
	return []float64{
		1, best.cosine, best.termCosine, best.cosine * best.cosine, best.termCosine * best.termCosine, uq, ue, min(uq, ue), rq, re,
		differs(askingOf(q), askingOf(e)), 1 / float64(len(q.words)+1), rival, best.like - rival, same / 8,
		min(wrong, 2) / 2, content, votes / max(all, 1e-9), all / 8, min(fq+fe, 6) / 6, 1 / math.Sqrt(float64(x.live)+1), coverage, margin, novel,
	}
}

// standing says how well a cluster's phrasings together cover the question's words, how far ahead of the next cluster that puts it, and how
// much of the question nobody has said before.
func (x *index) standing(q *Question, weights []float64, own *cluster, found []near) (coverage, margin, novel float64) {
	total := 0.1
	for i, w := range q.words {
		total += weights[i]
		if !w.function && x.terms.count(w.id) == 0 {
			novel += weights[i]
		}
	}
	covered := func(c *cluster) (sum float64) {
		for i, w := range q.words {
			if n := c.count(w.id); n > 0 {
				sum += weights[i] * (1 - 1/float64(n+1)) * 2
			}
		}
		return sum / total / 2
	}
	coverage = covered(own)
	rival := 0.0
	for i, n := range found {
		c := n.entry.cluster
		if c == own || slices.ContainsFunc(found[:i], func(o near) bool { return o.entry.cluster == c }) {
			continue
		}
		rival = max(rival, covered(c))
	}
	return coverage, coverage - rival, novel / total
}

// wordWeights are those of a question's words, in their order.
func (x *index) wordWeights(q *Question) []float64 {
	list := make([]float64, len(q.words))
	for i, w := range q.words {
		list[i] = x.weightOf(x.terms.count(w.id))
		if w.function {
			list[i] /= 3
		}
	}
	return list
}

func askingOf(q *Question) string {
	for _, w := range q.words {
		if sense := asking[w.text]; sense != "" {
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

// acting are the pronouns of who does and who is done to.
var acting = func() map[string]string {
	m := map[string]string{}
	for person, list := range map[string]map[string]bool{"1": set(`i me yo mi eu mim`), "2": set(`you tu ti te usted voce vos`)} {
		for w := range list {
			m[w] = person
		}
	}
	return m
}()
