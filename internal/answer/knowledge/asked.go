package knowledge

import (
	"maps"
	"math"
	"slices"

	"tania/internal/answer/knowledge/aspect"
	"tania/internal/language"
)

// askedWord is a word of a question with all that it may stand for in an entry.
type askedWord struct {
	queryTerm
	// senses are what it means, fields those of related.txt that it belongs to.
	senses, fields []string
	// similar are terms of the index that are written much like it.
	similar map[int]bool
	// opposite are those of the word with "without" before it, or of the one without that.
	opposite []int
	// stemmed is the word as the bot's language stems it.
	stemmed string
}

// askedWords reads a question. What was asked before it counts half; "nuevas" is then no weak word, since it is what the question is about.
func (x *Index) askedWords(r *language.Reading, before string) []askedWord {
	asked := x.wordsAsked(r)
	if before == "" {
		return asked
	}
	for i := range asked {
		if asked[i].weak {
			asked[i].weight /= weakness
		}
	}
	for _, a := range x.wordsAsked(language.Read(before)) {
		a.weight *= beforehand
		asked = append(asked, a)
	}
	return asked
}

// beforehand is what a word counts that was said in the question before.
const beforehand = 0.5

func (x *Index) wordsAsked(r *language.Reading) []askedWord {
	var asked []askedWord
	seen := map[string]bool{}
	for _, w := range split(r) {
		if len(asked) == mostWords {
			break
		}
		if !seen[w.text] {
			seen[w.text] = true
			asked = append(asked, x.wordAsked(w))
		}
	}
	return asked
}

func (x *Index) wordAsked(w word) askedWord {
	a := askedWord{queryTerm: queryTerm{terms: x.lookUp(w), certainty: 1, weak: importance(w.text) < 1}}
	a.stemmed = w.stem(x.language)
	a.opposite = x.lookUp(word{text: w.text, negated: !w.negated})
	if w.number {
		a.number = w.text
	} else {
		text := w.text
		a.senses = sensesOf(text)
		if len(a.terms)+len(a.senses) == 0 {
			if corrected, ok := x.words.Correct(text); ok {
				text = corrected
			} else if corrected, ok := everyday().Correct(text); ok {
				text = corrected
			}
			if text != w.text {
				a.certainty = typoCertainty
				a.terms, a.senses = x.lookUp(word{text: text, negated: w.negated}), sensesOf(text)
			}
		}
		a.fields, a.similar = related[text], map[int]bool{}
		for _, like := range x.words.Similar(text) {
			for _, t := range x.lookUp(word{text: like, negated: w.negated}) {
				a.similar[t] = true
			}
		}
	}
	a.weight = x.weightAsked(a, importance(w.text))
	return a
}

// weightAsked is a word's by how rare it is, or its rarest sense where no entry has the word.
func (x *Index) weightAsked(a askedWord, importance float64) float64 {
	switch {
	case len(a.terms) > 0:
		return x.weightOf(a.terms[len(a.terms)-1])
	case len(a.senses) == 0:
		return x.rare * importance
	}
	least := math.MaxInt
	for _, s := range a.senses {
		least = min(least, x.countSensed(s))
	}
	return importance * (1 + math.Log(float64(x.size()+1)/float64(least+1)))
}

// place is where an entry has a word of a question, the most telling first: the word itself, what means the same and what is written much
// alike, each in what the entry is called and in the rest of it; then a word of the same field anywhere.
type place int

const (
	inName place = iota
	meantInName
	likeInName
	inRest
	meantInRest
	likeInRest
	inField
	nowhere
)

// spoken is what the words of an entry mean: those of its name, all of them, and the fields that they belong to.
type spoken struct {
	name, all, fields map[string]bool
	// called are the terms of its name, in one order, so that sums over them are the same each time.
	called []int
	// gives tells which of kinds it gives.
	gives [3]bool
	// aspects are those that its questions ask for.
	aspects aspect.Set
}

// spokenOf reads an entry when it is first asked for: a question is compared with few of them.
func (x *Index) spokenOf(e *entry) *spoken {
	if s := e.means.Load(); s != nil {
		return s
	}
	heading, text := e.texts()
	name, all, langs := language.Read(heading), language.Read(heading+"\n"+text), x.spokenIn(e)
	s := &spoken{
		name: map[string]bool{}, all: map[string]bool{}, fields: map[string]bool{}, called: slices.Sorted(maps.Keys(e.close)),
		gives: given(heading + "\n" + text), aspects: aspect.Of(name.Words()),
	}
	for _, m := range meanings(name, langs...) {
		s.name[m] = true
	}
	for _, m := range meanings(all, langs...) {
		s.all[m] = true
	}
	for _, f := range subjects(all, 4*mostWords) {
		s.fields[f] = true
	}
	e.means.Store(s)
	return s
}

func (a *askedWord) placeIn(e *entry, s *spoken) place {
	switch {
	case a.in(e.close):
		return inName
	case overlap(a.senses, s.name):
		return meantInName
	case a.likeIn(e.close):
		return likeInName
	case a.in(e.far):
		return inRest
	case overlap(a.senses, s.all):
		return meantInRest
	case a.likeIn(e.far):
		return likeInRest
	case overlap(a.fields, s.fields):
		return inField
	}
	return nowhere
}

func (a *askedWord) likeIn(b bag) bool {
	for t := range a.similar {
		if b[t] {
			return true
		}
	}
	return false
}

func overlap(of []string, in map[string]bool) bool {
	return slices.ContainsFunc(of, func(s string) bool { return in[s] })
}

// opposes reports whether an entry speaks of a word without it, or the other way round: "sin gluten" does not answer "con gluten".
func (a *askedWord) opposes(e *entry) bool {
	return !a.in(e.all) && slices.ContainsFunc(a.opposite, func(t int) bool { return e.all[t] })
}

// thing reports whether a word says what is asked about, and not only what of it: its price, its time, its place.
func (a *askedWord) thing() bool {
	return !a.weak && a.number == "" && !slices.Contains(whatOfIt, a.stemmed)
}

var whatOfIt = []string{"=price", "=duration", "=schedule", "=location", "=free"}
