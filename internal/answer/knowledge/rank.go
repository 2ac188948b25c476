package knowledge

import (
	"maps"
	"slices"
	"strings"

	"tania/internal/embedding"
	passages "tania/internal/knowledge"
	"tania/internal/language"
	"tania/internal/tania"
)

// Rank orders all entries by how likely a text is about them, the likeliest first: unlike Search it leaves none out, so that a
// prompt with room for more than what shares a word with the question can be filled with the next best. before is what was asked before the
// text, "" when nothing was: a follow-up ("¿y los domingos?") names its subject there. A Hit's Score is its rank's, which says nothing of
// whether the entry answers the text; Search's does. Of the first so many characters at least half are the FAQ's. meant is what the text
// means, by the model that made the vectors of Learn; none: words alone decide.
func (x *Index) Rank(r *language.Reading, before string, meant embedding.Vector) []Hit {
	asked := askedFor(r, before)
	return evenly(x.apart(x.fused(asked, meant), asked, meant))
}

// apart orders the entries of the FAQ among themselves, in the places that they have: beside thousands of passages, whose words weigh
// otherwise, they are told apart worse, and most of them not at all.
func (x *Index) apart(ranked []Hit, asked []passages.Text, meant embedding.Vector) []Hit {
	order := x.faqRanking.Rank(meant, asked...)
	for i, h := range ranked {
		if h.FAQ != nil {
			e := &x.entries[order[0].Place]
			ranked[i], order = Hit{FAQ: e.faq, Score: h.Score, entry: e}, order[1:]
		}
	}
	return ranked
}

// fused is what words and vectors say together.
func (x *Index) fused(asked []passages.Text, meant embedding.Vector) []Hit {
	ranked := make([]Hit, 0, len(x.entries))
	for _, found := range x.ranking.Rank(meant, asked...) {
		e := &x.entries[found.Place]
		ranked = append(ranked, Hit{FAQ: e.faq, Passage: e.passage, Score: found.Score, entry: e})
	}
	return ranked
}

// evenly gives the FAQ at least half of the characters, for as long as it lasts: a team writes it for what is asked most, and thousands of
// pages that it has learned would leave no room for that. The best is first.
func evenly(ranked []Hit) []Hit {
	var faq, passages []int
	for i, h := range ranked {
		if h.FAQ != nil {
			faq = append(faq, i)
		} else {
			passages = append(passages, i)
		}
	}
	mixed := make([]Hit, 0, len(ranked))
	var had, all int
	for len(mixed) < len(ranked) {
		from := &faq
		if len(faq) == 0 || len(passages) > 0 && passages[0] < faq[0] && (len(mixed) == 0 || 2*had >= all) {
			from = &passages
		}
		h := ranked[(*from)[0]]
		*from, mixed, all = (*from)[1:], append(mixed, h), all+h.entry.size
		if h.FAQ != nil {
			had += h.entry.size
		}
	}
	return mixed
}

// askedFor is a question, behind the one before it where there is one, with the concepts and fields that their words belong to.
func askedFor(r *language.Reading, before string) []passages.Text {
	asked := []passages.Text{{Text: r.Text, Marks: marks(r, languages...)}}
	if before != "" {
		b := language.Read(before)
		asked = slices.Insert(asked, 0, passages.Text{Text: b.Text, Marks: marks(b, languages...)})
	}
	return asked
}

// marks are what a text's words mean in the languages that it may be in: what is said in another language, or in other words, shares them
// ("dogs", "mascotas").
func marks(r *language.Reading, spoken ...tania.Language) []string {
	return slices.Concat(stems(r), subjects(r), meanings(r, spoken...))
}

// written is all that an entry says, as it is compared in Rank.
func (x *Index) written(e *entry) passages.Text {
	heading, text := e.texts()
	return passages.Text{
		Heading: heading, Text: text, Marks: marks(language.Read(heading+"\n"+heading+"\n"+text), x.spokenIn(e)...),
	}
}

// texts gives what an entry is called, and what it says.
func (e *entry) texts() (heading, text string) {
	if e.passage != nil {
		return e.passage.Title, e.passage.Text
	}
	for _, lang := range slices.Sorted(maps.Keys(e.faq.Answer)) {
		text += e.faq.Answer[lang] + "\n"
	}
	return strings.Join(slices.Concat(e.faq.Questions, e.faq.Keywords), "\n"), text
}

// spokenIn are the languages of an entry: those of an FAQ's answers, else the one that its text tells.
func (x *Index) spokenIn(e *entry) []tania.Language {
	if e.passage != nil {
		return []tania.Language{x.languageOf(e.passage.Title + "\n" + e.passage.Text)}
	}
	var spoken []tania.Language
	for _, lang := range languages {
		if _, ok := e.faq.Answer[lang]; ok {
			spoken = append(spoken, lang)
		}
	}
	if len(spoken) == 0 {
		spoken = append(spoken, x.languageOf(strings.Join(slices.Concat(e.faq.Questions, e.faq.Keywords), "\n")))
	}
	return spoken
}
