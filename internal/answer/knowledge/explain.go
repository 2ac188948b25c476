package knowledge

import (
	"cmp"
	"slices"

	"tania/internal/embedding"
	"tania/internal/language"
)

// Explained is how an entry stands to a text, for those who want to know why it was found, or not.
type Explained struct {
	Hit
	// Place is the entry's in the order of Rank, from 1: those first are before the model. ByWords is its place where words alone decide. One
	// that Rank does not give has the place behind all of those.
	Place, ByWords int
	// Share is from 0 to 1: how much of what the text asks the entry has; Likely how likely it is the answer, 0 where others came first.
	Share, Likely float64
	// Has are the words of the text that the entry has, or others that mean the same; Lacks are those that it has not. Words that say nothing
	// of what is asked are in neither.
	Has, Lacks []string
}

// Explain gives the first entries in the order of Rank, at most limit, and that of a source behind them where it is not among them.
func (x *Index) Explain(r *language.Reading, meant embedding.Vector, limit int, also string) []Explained {
	byWords := map[int]int{}
	for i, h := range x.Rank(r, "", embedding.Vector{}) {
		byWords[h.place] = i + 1
	}
	likely := map[int]float64{}
	for _, h := range x.Weigh(r, "", meant, x.size()) {
		likely[h.place] = h.Score
	}
	var all []Explained
	explain := func(h Hit, place int) {
		e := x.entryOf(h)
		one := Explained{Hit: h, Place: place, ByWords: cmp.Or(byWords[h.place], place), Share: e.judge(x.ask(r)).Score, Likely: likely[h.place]}
		one.Has, one.Lacks = x.wordsOf(e, r)
		all = append(all, one)
	}
	ranked := x.Rank(r, "", meant)
	for i, h := range ranked {
		if i < limit || also != "" && h.Source() == also {
			explain(h, i+1)
		}
	}
	if h, ok := x.Entry(also, r); also != "" && ok && !slices.ContainsFunc(ranked, h.same) {
		explain(h, len(ranked)+1)
	}
	return all
}

// wordsOf are the words of a text that an entry has, and those that it lacks.
func (x *Index) wordsOf(e *entry, r *language.Reading) (has, lacks []string) {
	for _, w := range split(r) {
		if len(has)+len(lacks) == mostWords {
			break
		}
		asked := x.wordAsked(w)
		switch {
		case asked.weak, slices.Contains(has, w.text), slices.Contains(lacks, w.text):
		case asked.placeIn(e, x.spokenOf(e)) != nowhere:
			has = append(has, w.text)
		default:
			lacks = append(lacks, w.text)
		}
	}
	return has, lacks
}
