package knowledge

import (
	"cmp"
	"slices"
)

// A passage gains by what is like it (the cluster hypothesis: what answers one question lies together, so that a passage whose likest are
// found well is likelier than one found as well that stands alone). Of so many passages each takes a part of its score from so many likest.
const (
	joined   = 50
	likest   = 5
	byLikest = 0.4
)

// join orders the first of the passages anew, each with its likest among them.
func (h *held) join(found []ranked) []ranked {
	n := min(joined, len(found))
	profiles := make([][]wanted, n)
	for i, r := range found[:n] {
		profiles[i] = h.profile(r.doc)
	}
	alike := make([][]likeness, n)
	for i := range n {
		for j := range i {
			if s := similarity(profiles[i], profiles[j]); s > 0 {
				alike[i], alike[j] = append(alike[i], likeness{s, found[j].score}), append(alike[j], likeness{s, found[i].score})
			}
		}
	}
	for i := range n {
		found[i].score = (1-byLikest)*found[i].score + byLikest*meanOfLikest(alike[i])
	}
	slices.SortFunc(found[:n], better)
	return found
}

// likeness is how like another passage is, from 0 to 1, and that one's score.
type likeness struct{ much, score float32 }

// meanOfLikest weighs scores by likeness.
func meanOfLikest(all []likeness) float32 {
	slices.SortFunc(all, func(a, b likeness) int { return cmp.Or(cmp.Compare(b.much, a.much), cmp.Compare(b.score, a.score)) })
	var sum, weights float32
	for _, l := range all[:min(likest, len(all))] {
		sum, weights = sum+l.much*l.score, weights+l.much
	}
	if weights == 0 {
		return 0
	}
	return sum / weights
}
