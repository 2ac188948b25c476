package semcache

import "math"

// featureNames are those of a comparison, in the model's order.
var featureNames = []string{
	"one", "gram cosine", "term cosine", "gram cosine²", "term cosine²", "unmatched here", "unmatched there", "both unmatched", "rarest here", "rarest there",
	"other asking word", "shortness", "rival", "lead", "support", "misspelt", "same content", "votes", "top similarity mean", "function unmatched", "few entries", "cluster coverage", "cluster margin", "novel word",
}

// compare describes how sure it is that the best of a cluster asks what q asks.
func (x *index) compare(q *Question, best near, m *matching, found []near, rival float64) []float64 {
	e := best.entry.question
	total := func(q *Question) (t float64) {
		for _, w := range q.words {
			t += x.wordWeight(w)
		}
		return t
	}
	rare := math.Log(float64(x.live)+2) + 0.2
	unmatched := func(q *Question, pairs []int) (sum, most, function float64) {
		for i, w := range q.words {
			if pairs[i] < 0 {
				weight := x.wordWeight(w)
				sum += weight
				if w.function {
					function++
				} else {
					most = max(most, weight/rare)
				}
			}
		}
		return sum, most, function
	}
	uq, rq, fq := unmatched(q, m.a)
	ue, re, fe := unmatched(e, m.b)
	uq, ue = uq/max(total(q), 0.1), ue/max(total(e), 0.1)
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
	coverage, margin, novel := x.standing(q, best.entry.cluster, found)
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
func (x *index) standing(q *Question, own *cluster, found []near) (coverage, margin, novel float64) {
	total := 0.1
	for _, w := range q.words {
		total += x.wordWeight(w)
		if len(x.terms[w.id]) == 0 && !w.function {
			novel += x.wordWeight(w)
		}
	}
	covered := func(c *cluster) (sum float64) {
		for _, w := range q.words {
			if n := c.terms[w.id]; n > 0 {
				sum += x.wordWeight(w) * (1 - 1/float64(n+1)) * 2
			}
		}
		return sum / total / 2
	}
	coverage = covered(own)
	rival := 0.0
	seen := map[*cluster]bool{own: true}
	for _, n := range found {
		if c := n.entry.cluster; !seen[c] {
			seen[c] = true
			rival = max(rival, covered(c))
		}
	}
	return coverage, coverage - rival, novel / total
}

func (x *index) wordWeight(w word) float64 {
	weight := x.weight(x.terms, w.id)
	if w.function {
		weight /= 3
	}
	return weight
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
