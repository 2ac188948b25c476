package knowledge

import (
	"slices"
	"strings"

	"tania/internal/language"
)

// touches is the part of a text's words, by their importance, or of what they mean that an entry has at least which could be about it. It
// is lower than where an entry answers: who asks wants to miss none.
const touches = 0.2

// Touching gives the entries that could be about a text, in their order: those that have some of its words, in whatever place and as
// synonyms too, or words that mean some of what its own mean, or a word of a field that it names. Whether an entry does depends on the two
// of them alone, but for typing errors, which are corrected to the words of all entries.
func (x *Index) Touching(r *language.Reading) []Hit {
	q := x.ask(r)
	var found []int
	if x.shelf != nil {
		found = x.shelf.partly(q)
	} else {
		found = slices.DeleteFunc(x.candidates(q), func(n int) bool { return q.partIn(x.entries[n].all) < touches })
	}
	for _, f := range subjects(r, 4*mostWords) {
		found = append(found, x.meaning(f)...)
	}
	senses, shared := meanings(r, languages...), map[int]int{}
	for _, s := range senses {
		for _, n := range x.meaning(s) {
			if shared[n]++; float64(shared[n]) >= touches*float64(len(senses)) {
				found = append(found, n)
			}
		}
	}
	slices.Sort(found)
	var hits []Hit
	for _, n := range slices.Compact(found) {
		hits = append(hits, x.hitAt(n))
	}
	return hits
}

// partIn is the part of the question's words, by their importance alone, that stand in a bag.
func (q question) partIn(b bag) float64 {
	var all, held float64
	for _, w := range q {
		all += w.importance()
		if w.in(b) {
			held += w.importance()
		}
	}
	return held / max(all, 1e-9)
}

// importance is the word's, whatever the index has.
func (a queryTerm) importance() float64 {
	if a.weak {
		return weakness
	}
	return 1
}

// addMeant notes the fields and the senses among what an entry's words mean.
func (x *Index) addMeant(n int, marks []string) {
	for _, m := range marks {
		named := strings.HasPrefix(m, fieldMark) || strings.HasPrefix(m, senseMark)
		if in := x.meant[m]; named && (len(in) == 0 || in[len(in)-1] != n) {
			x.meant[m] = append(in, n)
		}
	}
}
