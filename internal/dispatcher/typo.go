package dispatcher

import (
	"cmp"
	"slices"

	"tania/internal/words"
)

// A word is corrected from five letters on, by one error; from nine on, by two. Errors are a letter too many, one too few,
// a wrong one, or two neighbours exchanged.
const (
	shortestTypo = 5
	twoErrors    = 9
	longestTypo  = 20
)

// typoIndex finds the words that a word may be a typing error of: each word is entered under itself and under itself
// without one letter. Two words with one error between them meet there. A key is 32 bits of a hash, in order; two that
// happen to be the same only have one more word compared.
type typoIndex struct {
	words []string
	keys  []typoKey
}

type typoKey struct {
	hash uint32
	word uint16
}

func (x *typoIndex) add(word string) {
	if len(word) < shortestTypo {
		return
	}
	at := uint16(len(x.words)) //nolint:gosec // a few thousand
	x.words = append(x.words, word)
	x.keys = append(x.keys, typoKey{hashWithout(word, len(word)), at})
	for i := range len(word) {
		x.keys = append(x.keys, typoKey{hashWithout(word, i), at})
	}
}

// sort makes the index ready for use.
func (x *typoIndex) sort() {
	slices.SortFunc(x.keys, func(a, b typoKey) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.word, b.word)) })
	x.keys = slices.Clip(slices.Compact(x.keys))
}

// hashWithout is FNV-1a over a word without the byte at a place.
func hashWithout(word string, place int) uint32 {
	h := uint32(2166136261)
	for i := range len(word) {
		if i != place {
			h = (h ^ uint32(word[i])) * 16777619
		}
	}
	return h
}

// correct gives the word that is meant; false when there is none.
func (x *typoIndex) correct(word string) (string, bool) {
	if len(word) < shortestTypo || len(word) > longestTypo {
		return "", false
	}
	best, found := twoErrors, ""
	try := func(hash uint32) {
		at, _ := slices.BinarySearchFunc(x.keys, hash, func(k typoKey, h uint32) int { return cmp.Compare(k.hash, h) })
		for ; at < len(x.keys) && x.keys[at].hash == hash; at++ {
			have := x.words[x.keys[at].word]
			allowed := 1
			if min(len(word), len(have)) >= twoErrors {
				allowed = 2
			}
			if d := words.Distance(word, have, allowed); d <= allowed && (d < best || d == best && have < found) {
				best, found = d, have
			}
		}
	}
	for place := range len(word) + 1 {
		try(hashWithout(word, place))
	}
	return found, found != ""
}
