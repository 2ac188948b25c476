package knowledge

import (
	"math"
	"slices"
)

// Lengths of the parts by which words are alike, in letters, the spaces around a word among them.
const (
	shortestPart = 3
	longestPart  = 5
)

// A word that looks like one that was asked for counts by the square of how much it does, from leastAlike on, the mostAlike likest of them.
const (
	leastAlike = 0.25
	mostAlike  = 12
)

// spelling finds words that look like another one: misspelled ("horaio"), of its family ("inscribirme", "inscripción"), or its
// relatives in another language.
type spelling struct {
	// parts have the terms with a part, sizes the weight of all of a term's parts.
	parts map[string][]uint32
	count int
}

func newSpelling() *spelling { return &spelling{parts: map[string][]uint32{}} }

// partsOf gives the runs of three to five letters of a word, with its bounds, each once.
func partsOf(word string) []string {
	letters := []rune(" " + word + " ")
	var parts []string
	for size := shortestPart; size <= longestPart; size++ {
		for from := 0; from+size <= len(letters); from++ {
			if part := string(letters[from : from+size]); !slices.Contains(parts, part) {
				parts = append(parts, part)
			}
		}
	}
	return parts
}

func (s *spelling) add(word string, term uint32) {
	s.count++
	for _, part := range partsOf(word) {
		s.parts[part] = append(s.parts[part], term)
	}
}

// rarity is a part's weight: the fewer words have it, the more it says.
func (s *spelling) rarity(part string) float32 {
	n, have := float64(s.count), float64(len(s.parts[part]))
	return float32(math.Log(1 + (n-have+0.5)/(have+0.5)))
}

func (s *spelling) size(word string) (sum float32) {
	for _, part := range partsOf(word) {
		sum += s.rarity(part)
	}
	return sum
}

// alike gives the terms that look like a word, the likest first, each with what it counts, 1 for the word itself. Name gives a term's word.
func (s *spelling) alike(word string, name func(uint32) string) []wanted {
	shared := map[uint32]float32{}
	var own float32
	for _, part := range partsOf(word) {
		weight := s.rarity(part)
		own += weight
		for _, term := range s.parts[part] {
			shared[term] += weight
		}
	}
	var found []wanted
	for term, weight := range shared {
		if 2*weight < leastAlike*(own+weight) { // the other word's own parts can only lessen it
			continue
		}
		if much := 2 * weight / (own + s.size(name(term))); much >= leastAlike {
			found = append(found, wanted{term, much * much})
		}
	}
	slices.SortFunc(found, heavier)
	return found[:min(mostAlike, len(found))]
}
