package knowledge

import "slices"

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
	alike := make([]nearest, n)
	weights := h.lend()
	for i := range n {
		weights.set(profiles[i])
		for j := range i {
			much := weights.product(profiles[j])
			alike[i].offer(likeness{much, found[j].score})
			alike[j].offer(likeness{much, found[i].score})
		}
		weights.unset(profiles[i])
	}
	h.giveBack(weights)
	for i := range n {
		found[i].score = (1-byLikest)*found[i].score + byLikest*alike[i].mean()
	}
	slices.SortFunc(found[:n], better)
	return found
}

// likeness is how like another passage is, from 0 to 1, and that one's score.
type likeness struct{ much, score float32 }

// nearest are the likest passages seen, the likest first.
type nearest [likest]likeness

// offer takes a passage in where it is liker than one that is there.
func (n *nearest) offer(l likeness) {
	if l.much <= n[likest-1].much {
		return
	}
	at := likest - 1
	for ; at > 0 && n[at-1].much < l.much; at-- {
		n[at] = n[at-1]
	}
	n[at] = l
}

// mean is that of their scores, weighed by likeness.
func (n *nearest) mean() float32 {
	var sum, weights float32
	for _, l := range n {
		sum, weights = sum+l.much*l.score, weights+l.much
	}
	if weights == 0 {
		return 0
	}
	return sum / weights
}
