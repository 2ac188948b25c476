package knowledge

import (
	"math"
	"strings"

	"tania/internal/language"
)

// bm25 ranks texts by the features they share with a question (Robertson and Zaragoza, "The Probabilistic Relevance
// Framework: BM25 and Beyond", 2009). It is filled by add, then weigh, and read only afterwards.
type bm25 struct {
	postings map[string][]posting
	sizes    []float64
}

// posting is what a text's score gains by a feature; before weigh, how often the text has it.
type posting struct {
	text int
	gain float64
}

// BM25's constants: k1, how soon a feature that occurs again adds nothing, and b, how much a long text is held against it.
const (
	saturation = 1.2
	lengthNorm = 0.5
)

func newBM25() *bm25 { return &bm25{postings: map[string][]posting{}} }

// add takes the next text in.
func (r *bm25) add(features []string) {
	n := len(r.sizes)
	for f, times := range counted(features) {
		r.postings[f] = append(r.postings[f], posting{n, times})
	}
	r.sizes = append(r.sizes, float64(len(features)))
}

// weigh turns counts into gains, once all texts are in.
func (r *bm25) weigh() {
	texts, total := float64(len(r.sizes)), 0.0
	for _, size := range r.sizes {
		total += size
	}
	for _, found := range r.postings {
		n := float64(len(found))
		rarity := math.Log(1 + (texts-n+0.5)/(n+0.5))
		for i, p := range found {
			norm := saturation * (1 - lengthNorm + lengthNorm*r.sizes[p.text]*texts/total)
			found[i].gain = rarity * p.gain * (saturation + 1) / (p.gain + norm)
		}
	}
}

// score gives every text's score for a question. The features are added up in their order, so that it is the same each time.
func (r *bm25) score(question []string) []float64 {
	scores := make([]float64, len(r.sizes))
	seen := make(map[string]bool, len(question))
	for _, f := range question {
		if seen[f] {
			continue
		}
		seen[f] = true
		for _, p := range r.postings[f] {
			scores[p.text] += p.gain
		}
	}
	return scores
}

func counted(features []string) map[string]float64 {
	times := make(map[string]float64, len(features))
	for _, f := range features {
		times[f]++
	}
	return times
}

// Lengths of the word parts, in letters, the spaces around a word among them.
const (
	shortestPart = 3
	longestPart  = 5
)

// mostParts bounds the work on a pasted document.
const mostParts = 8000

// wordParts gives the runs of three to five letters of each word, with its bounds: what misspelled words, other forms of a word and
// relatives in another language still share.
func wordParts(r *language.Reading) []string {
	var parts []string
	for _, w := range r.Words() {
		letters := []rune(" " + w + " ")
		for size := shortestPart; size <= longestPart; size++ {
			for from := 0; from+size <= len(letters); from++ {
				parts = append(parts, string(letters[from:from+size]))
			}
		}
		if len(parts) > mostParts {
			break
		}
	}
	return parts
}

// senses gives the words of a text that carry meaning, as the concept they name or by their stems in the three languages.
func senses(r *language.Reading) []string {
	var found []string
	for i, w := range split(r) {
		if i == 4*mostWords {
			break
		}
		var before string
		for _, lang := range languages {
			if s := w.mark(w.stem(lang)); s != before && !strings.HasPrefix(before, "=") {
				found = append(found, s)
				before = s
			}
		}
	}
	return found
}

// subjects names the fields of related.txt that the words of a text belong to.
func subjects(r *language.Reading) []string {
	var found []string
	for i, w := range r.Words() {
		if i == 4*mostWords {
			break
		}
		found = append(found, related[w]...)
	}
	return found
}
