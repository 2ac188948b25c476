package knowledge

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"
)

// Lengths of the parts by which words are alike, in letters, the spaces around a word among them.
const (
	shortestPart = 3
	longestPart  = 5
)

// A word that looks like one that was asked for counts by the square of how much it does, from leastAlike on, the mostAlike likest of them.
const (
	leastAlike = 0.2
	mostAlike  = 12
	// mostSharing bounds the work where thousands of words have a part, such as a catalogue's numbers: words are compared by their rarest
	// parts, so many occurrences of them.
	mostSharing = 4000
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

// countParts is how many partsOf gives of a word in which none comes twice.
func countParts(word string) int {
	letters, count := utf8.RuneCountInString(word)+2, 0
	for size := shortestPart; size <= longestPart; size++ {
		count += max(0, letters-size+1)
	}
	return count
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

// alike gives the terms that look like a word, the likest first, each with what it counts, 1 for the word itself. Name gives a term's word.
// What two words share is set against all parts of both; those of the other are taken to be as rare as the word's own.
func (s *spelling) alike(word string, name func(uint32) string) []wanted {
	parts := partsOf(word)
	var own float32
	for _, part := range parts {
		own += s.rarity(part)
	}
	var found []wanted
	for term, shared := range s.shared(parts) {
		both := own * (1 + float32(countParts(name(term)))/float32(len(parts)))
		if much := min(1, 2*shared/both); much >= leastAlike {
			found = append(found, wanted{term, much * much})
		}
	}
	slices.SortFunc(found, heavier)
	return found[:min(mostAlike, len(found))]
}

// shared gives the terms that have some of the parts, with the weight of those.
func (s *spelling) shared(parts []string) map[uint32]float32 {
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b string) int { return cmp.Compare(len(s.parts[a]), len(s.parts[b])) })
	weights, left := map[uint32]float32{}, mostSharing
	for _, part := range parts {
		if left -= len(s.parts[part]); left < 0 {
			break
		}
		weight := s.rarity(part)
		for _, term := range s.parts[part] {
			weights[term] += weight
		}
	}
	return weights
}
