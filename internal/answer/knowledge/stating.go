package knowledge

import (
	"cmp"
	"slices"

	"tania/internal/language"
)

// fewestStated is how many words with a meaning a text must have for an entry to say the same.
const fewestStated = 2

// Stating gives the entries that say what a text says, best first and at most limit of them. A Hit's Score is the part of the text's words,
// by weight, that stand in the entry, and is at least least. An entry that has none of the text's numbers says something else, and a text
// with fewer than two words that carry meaning says too little.
func (x *Index) Stating(r *language.Reading, least float64, limit int) []Hit {
	q := x.ask(r)
	if len(q) < fewestStated {
		return nil
	}
	var hits []Hit
	for _, n := range x.candidates(q) {
		e := &x.entries[n]
		if s := q.statedIn(e.all); s >= least {
			hits = append(hits, Hit{FAQ: e.faq, Passage: e.passage, Score: s, entry: e})
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	return hits[:min(limit, len(hits))]
}

// statedIn is the part of the words, by weight, that stand in a bag; 0 where it has none of the numbers, or a single word.
func (q question) statedIn(b bag) float64 {
	var all, found float64
	shared, numbers, agreed := 0, 0, 0
	for _, w := range q {
		has := w.in(b)
		all += w.weight
		if has {
			found += w.weight * w.certainty
			shared++
		}
		if w.number != "" {
			numbers++
		}
		if w.number != "" && has {
			agreed++
		}
	}
	if shared < fewestStated || numbers > 0 && agreed == 0 {
		return 0
	}
	return found / all
}

// SaysLittle reports whether a text has too few words that carry meaning for Stating.
func SaysLittle(r *language.Reading) bool { return len(split(r)) < fewestStated }
