// Package spelling takes words with typing errors for those of a vocabulary.
package spelling

import (
	"iter"
	"math"
	"slices"
	"sync"

	"tania/internal/tania"
	"tania/internal/words"
)

// Vocabulary knows the words of an index, to correct those of a question that are not in it. It is safe for concurrent use.
type Vocabulary struct {
	mutex sync.RWMutex
	words map[string]int
	list  []string
	grams map[string][]int
}

// New gives one without words.
func New() *Vocabulary {
	return &Vocabulary{words: map[string]int{}, grams: map[string][]int{}}
}

// Add takes a word in that is long enough to be corrected to.
func (v *Vocabulary) Add(word string) {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	if _, ok := v.words[word]; ok || len(word) < shortestTypo {
		return
	}
	n := len(v.list)
	v.words[word] = n
	v.list = append(v.list, word)
	for _, g := range bigrams(word) {
		v.grams[g] = append(v.grams[g], n)
	}
}

// Words shorter than this are not corrected; a letter in place of another is forgiven only in words of the longer length,
// since "carne" is no typing error of "carta". From twoErrors letters on two errors are forgiven.
const (
	shortestTypo = 5
	substitution = 6
	twoErrors    = 9
)

// Correct gives the one word that the given one may be a typing error of; false when there is none or it is not clear which.
func (v *Vocabulary) Correct(word string) (string, bool) {
	if len(word) < shortestTypo {
		return "", false
	}
	v.mutex.RLock()
	defer v.mutex.RUnlock()
	best, found, sure := twoErrors, "", false
	for n, count := range v.shared(bigrams(word)) {
		have := v.list[n]
		if have[0] != word[0] || max(len(have), len(word))-min(len(have), len(word)) > 2 || 2*count < min(len(word), len(have))-1 {
			continue
		}
		d := words.Distance(word, have, 2)
		switch {
		case d > allowed(word, have) || d > best:
		case d < best:
			best, found, sure = d, have, true
		case d == best && words.Stem(have, tania.Portuguese) != words.Stem(found, tania.Portuguese):
			sure = false
		case d == best:
			found = min(found, have)
		}
	}
	return found, sure
}

// Words of the least length are similar that have so much of their pairs of letters in common (Dice's coefficient).
const (
	shortestSimilar = 4
	muchAlike       = 0.6
)

// Similar gives the words that are written much like the given one: other endings, several errors, a part of a compound.
func (v *Vocabulary) Similar(word string) []string {
	if len(word) < shortestSimilar {
		return nil
	}
	v.mutex.RLock()
	defer v.mutex.RUnlock()
	var found []string
	grams := bigrams(word)
	for n, both := range v.shared(grams) {
		if 2*float64(both) >= muchAlike*float64(len(grams)+len(bigrams(v.list[n]))) {
			found = append(found, v.list[n])
		}
	}
	return found
}

// shared gives the words that have some of the pairs of letters, by number, and how many of them.
func (v *Vocabulary) shared(grams []string) iter.Seq2[int, int] {
	counts := make([]uint8, len(v.list))
	for _, g := range grams[:min(len(grams), math.MaxUint8)] {
		for _, n := range v.grams[g] {
			counts[n]++
		}
	}
	return func(yield func(int, int) bool) {
		for n, count := range counts {
			if count > 0 && !yield(n, int(count)) {
				return
			}
		}
	}
}

func allowed(a, b string) int {
	switch {
	case min(len(a), len(b)) >= twoErrors:
		return 2
	case max(len(a), len(b)) >= substitution:
		return 1
	}
	if slip, _ := words.SlipBetween(a, b); slip == words.Replaced {
		return 0
	}
	return 1
}

func bigrams(word string) []string {
	padded := "^" + word + "$"
	grams := make([]string, 0, len(padded))
	for i := 0; i+2 <= len(padded); i++ {
		if g := padded[i : i+2]; !slices.Contains(grams, g) {
			grams = append(grams, g)
		}
	}
	return grams
}
