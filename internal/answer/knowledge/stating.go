package knowledge

import (
	"cmp"
	"slices"

	"tania/internal/language"
)

// fewestStated is how many words with a meaning a text must have for an entry to say the same.
const fewestStated = 2

// Stating gives those among some entries that say what a text says, best first. A Hit's Score is the part of the text's words, by weight,
// that stand in the entry, and is at least least. An entry that has none of the text's numbers says something else, and a text with fewer
// than two words that carry meaning says too little.
func (x *Index) Stating(r *language.Reading, least float64, among []Hit) []Hit {
	q := x.ask(r)
	if len(q) < fewestStated {
		return nil
	}
	var hits []Hit
	for _, e := range x.entriesOf(among) {
		if s := q.statedIn(e.all); s >= least {
			h := e.hit()
			h.Score = s
			hits = append(hits, h)
		}
	}
	slices.SortFunc(hits, better)
	return hits
}

// Judged gives those among some entries that share words with a text, best first, as Search does of all.
func (x *Index) Judged(r *language.Reading, among []Hit) []Hit {
	q := x.ask(r)
	var hits []Hit
	for _, e := range x.entriesOf(among) {
		if h := e.judge(q); h.Score > 0 {
			hits = append(hits, h)
		}
	}
	slices.SortFunc(hits, better)
	return hits
}

// better orders hits by their scores, and those alike as bot.yaml has them.
func better(a, b Hit) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.place, b.place))
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
