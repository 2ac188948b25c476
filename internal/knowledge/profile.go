package knowledge

import (
	"math"
	"slices"
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

// similarity is the cosine of two profiles.
func similarity(a, b []wanted) float32 {
	var sum float32
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].term < b[j].term:
			i++
		case a[i].term > b[j].term:
			j++
		default:
			sum += a[i].weight * b[j].weight
			i, j = i+1, j+1
		}
	}
	return sum
}
