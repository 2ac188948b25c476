package knowledge

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// profiles keep what was worked out of each passage until the index changes.
type profiles []atomic.Pointer[[]wanted]

// longestProfile bounds how much of a passage is looked at, in words.
const longestProfile = 400

// profile is what a passage is about: its terms in their order, weighed, as a vector of length 1.
func (h *held) profile(doc uint32) []wanted {
	if known := h.profiles[doc].Load(); known != nil {
		return *known
	}
	words := h.docs[doc].words
	made := h.weighed(words[:min(longestProfile, len(words))])
	h.profiles[doc].Store(&made)
	return made
}

func (h *held) weighed(words []uint32) []wanted {
	words = slices.Clone(words)
	slices.Sort(words)
	about := make([]wanted, 0, len(words))
	var squares float64
	for from := 0; from < len(words); {
		to := from + 1
		for to < len(words) && words[to] == words[from] {
			to++
		}
		w := (1 + math.Log(float64(to-from))) * float64(h.rarity(words[from]))
		about = append(about, wanted{words[from], float32(w)})
		squares += w * w
		from = to
	}
	for i := range about {
		about[i].weight /= float32(math.Sqrt(squares))
	}
	return slices.Clip(about)
}

// weights is a profile by the numbers of terms: most are zero.
type weights []float32

// lent keeps weights, all zero, from one search to the next.
var lent sync.Pool

// lend gives weights, all zero, for all terms of the index.
func (h *held) lend() weights {
	if w, ok := lent.Get().(*weights); ok && len(*w) >= len(h.postings) {
		return *w
	}
	return make(weights, len(h.postings))
}

func (h *held) giveBack(w weights) { lent.Put(&w) }

func (w weights) set(profile []wanted) {
	for _, p := range profile {
		w[p.term] = p.weight
	}
}

func (w weights) unset(profile []wanted) {
	for _, p := range profile {
		w[p.term] = 0
	}
}

// product is the cosine of what was set and a profile.
func (w weights) product(profile []wanted) float32 {
	var sum float32
	for _, p := range profile {
		sum += w[p.term] * p.weight
	}
	return sum
}
