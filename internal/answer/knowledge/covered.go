package knowledge

import (
	"slices"

	"tania/internal/language"
)

// Covered is how much of a text, by the weight of its words, stands in the entry of some that has most of it, or something that means the
// same.
func (x *Index) Covered(r *language.Reading, hits []Hit) (most float64) {
	words := x.wordsAsked(r)
	for _, e := range x.entriesOf(hits) {
		var all, stands float64
		for _, w := range words {
			all += w.weight
			if w.placeIn(e, x.spokenOf(e)) < inField {
				stands += w.weight
			}
		}
		most = max(most, stands/max(all, 1e-9))
	}
	return most
}

// Strange reports whether a word of a text stands in none of some entries, nor anything that means the same, nor in another text. Days are
// not strange to an entry that gives hours: "9 a 19 h, lunes a sábado" has something of Sundays.
func (x *Index) Strange(r *language.Reading, hits []Hit, besides *language.Reading) bool {
	other := map[string]bool{}
	for _, w := range split(besides) {
		other[w.stem(x.language)] = true
	}
	entries := x.entriesOf(hits)
	schedule, hours := x.term("=schedule")
	return slices.ContainsFunc(x.wordsAsked(r), func(w askedWord) bool {
		stands := func(e *entry) bool {
			return w.placeIn(e, x.spokenOf(e)) < inField || slices.Contains(days, w.stemmed) && hours && e.all[schedule]
		}
		return !w.weak && w.number == "" && !other[w.stemmed] && !slices.ContainsFunc(entries, stands)
	})
}

var days = []string{"=monday", "=tuesday", "=wednesday", "=thursday", "=friday", "=saturday", "=sunday", "=weekend", "=holiday"}

// entriesOf are those of hits, also of such as were not found in the index.
func (x *Index) entriesOf(hits []Hit) (list []*entry) {
	for _, h := range hits {
		if e := x.entryOf(h); e != nil {
			list = append(list, e)
		}
	}
	return list
}
