package knowledge

import (
	"cmp"
	"slices"
	"strings"

	"tania/internal/language"
)

// What the ways to compare a text with an entry count in its rank, and what the question before the one asked does. Each way's score is
// how much rarer than by chance is what is shared, so that they add up as they are: a word has some twenty parts, and counts as much by
// all of them as by itself. Set with half of testdata/club-questions.tsv: parts of words find what is misspelled or of the same family
// ("amex", "inscribirme"), words and their synonyms what is said in another language, and subjects what has no word in common ("dogs",
// "mascotas").
const (
	byParts   = 0.05
	byWords   = 1.0
	bySubject = 1.0
	byBefore  = 0.4
)

// Rank orders all entries by how likely a text is about them, the likeliest first: unlike Search it leaves none out, so that a
// prompt with room for more than what shares a word with the question can be filled with the next best. before is what was asked before the
// text, "" when nothing was: a follow-up ("¿y los domingos?") names its subject there. A Hit's Score is its rank's, which says nothing of
// whether the entry answers the text; Search's does.
func (x *Index) Rank(r *language.Reading, before string) []Hit {
	ranks := x.closeness(r)
	if before != "" {
		for n, s := range x.closeness(language.Read(before)) {
			ranks[n] += byBefore * s
		}
	}
	ranked := make([]Hit, len(x.entries))
	for n := range x.entries {
		ranked[n] = Hit{FAQ: x.entries[n].faq, Passage: x.entries[n].passage, Score: ranks[n], entry: &x.entries[n]}
	}
	slices.SortStableFunc(ranked, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	return ranked
}

// closeness gives each entry a number from 0 to 1, 1 for the closest.
func (x *Index) closeness(r *language.Reading) []float64 {
	total := make([]float64, len(x.entries))
	for _, way := range []struct {
		weight float64
		scores []float64
	}{
		{byParts, x.parts.score(wordParts(r))},
		{byWords, x.senses.score(senses(r))},
		{bySubject, x.subjects.score(subjects(r))},
	} {
		for n, s := range way.scores {
			total[n] += way.weight * s
		}
	}
	if most := slices.Max(append(total, 0)); most > 0 {
		for n := range total {
			total[n] /= most
		}
	}
	return total
}

// written is all that an entry says, as it is compared in Rank.
func (e *entry) written() string {
	if e.passage != nil {
		return e.passage.Title + "\n" + e.passage.Title + "\n" + e.passage.Text
	}
	lines := slices.Concat(e.faq.Questions, e.faq.Questions, e.faq.Keywords)
	for _, answer := range e.faq.Answer {
		lines = append(lines, answer)
	}
	return strings.Join(lines, "\n")
}
