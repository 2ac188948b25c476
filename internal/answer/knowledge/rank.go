package knowledge

import (
	"maps"
	"slices"
	"strings"

	"tania/internal/embedding"
	passages "tania/internal/knowledge"
	"tania/internal/language"
	"tania/internal/tania"
	"tania/internal/words"
)

// Rank orders all entries by how likely a text is about them, the likeliest first: unlike Search it leaves none out, so that a
// prompt with room for more than what shares a word with the question can be filled with the next best. Of many passages it gives the
// likeliest, more than any prompt holds. before is what was asked before the text, "" when nothing was: a follow-up ("¿y los domingos?")
// names its subject there. A Hit's Score is its rank's, which says nothing of whether the entry answers the text; Search's does. Of the
// first so many characters at least half are the FAQ's. meant is what the text means, by the model that made the vectors of Learn; none:
// words alone decide.
func (x *Index) Rank(r *language.Reading, before string, meant embedding.Vector) []Hit {
	asked := askedFor(r, before)
	return x.evenly(x.apart(x.fused(asked, meant), asked, meant))
}

// apart orders the entries of the FAQ among themselves, in the places that they have: beside thousands of passages, whose words weigh
// otherwise, they are told apart worse, and most of them not at all.
func (x *Index) apart(ranked []Hit, asked []passages.Text, meant embedding.Vector) []Hit {
	order := x.faqRanking.Rank(meant, asked...)
	for i, h := range ranked {
		if h.FAQ != nil {
			ranked[i], order = x.entries[order[0].Place].hit(), order[1:]
			ranked[i].Score = h.Score
		}
	}
	return ranked
}

// fused is what words and vectors say together.
func (x *Index) fused(asked []passages.Text, meant embedding.Vector) []Hit {
	found := x.ranking.Rank(meant, asked...)
	ranked, has := make([]Hit, 0, len(found)+len(x.faq)), make([]bool, len(x.faq))
	for _, f := range found {
		h := x.hitAt(f.Place)
		h.Score, h.like = f.Score, f.Like
		ranked = append(ranked, h)
		if f.Place < len(has) {
			has[f.Place] = true
		}
	}
	for place := range x.faq {
		if !has[place] {
			ranked = append(ranked, x.hitAt(place))
		}
	}
	return ranked
}

// evenly gives the FAQ at least half of the characters, for as long as it lasts: a team writes it for what is asked most, and thousands of
// pages that it has learned would leave no room for that. The best is first.
func (x *Index) evenly(ranked []Hit) []Hit {
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
		*from, mixed, all = (*from)[1:], append(mixed, h), all+x.sizeOf(h)
		if h.FAQ != nil {
			had += x.sizeOf(h)
		}
	}
	return mixed
}

// askedFor is a question, behind the one before it where there is one, with the concepts and fields that their words belong to.
func askedFor(r *language.Reading, before string) []passages.Text {
	asked := []passages.Text{{Text: r.Text, Marks: marksAsked(r)}}
	if before != "" {
		b := language.Read(before)
		asked = slices.Insert(asked, 0, passages.Text{Text: b.Text, Marks: marksAsked(b)})
	}
	return asked
}

// marksAsked are those of a question, which may be in any language.
func marksAsked(r *language.Reading) []string { return marks(r, words.Stem, 4*mostWords, languages...) }

// stemmer gives the stem of a word in a language, as words.Stem does.
type stemmer func(word string, lang tania.Language) string

// marks are what a text's words mean in the languages that it may be in: what is said in another language, or in other words, shares them
// ("dogs", "mascotas").
func marks(r *language.Reading, by stemmer, most int, spoken ...tania.Language) []string {
	return slices.Concat(stems(r, by, most), subjects(r, most), meant(r, by, most, spoken...))
}

// written is all that an entry says, as it is compared in Rank, with what so many of its words mean.
func (x *Index) written(e *entry, by stemmer, most int) passages.Text {
	heading, text := e.texts()
	return passages.Text{
		Heading: heading, Text: text, Marks: marks(language.Read(heading+"\n"+heading+"\n"+text), by, most, x.spokenIn(e)...),
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
