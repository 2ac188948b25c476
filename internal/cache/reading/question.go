// Package reading reads a customer's message for the cache: its words, the exact text that equal questions share, and the facts in it
// (numbers, dates, negations, opposites) that must be the same for two questions to have one answer.
package reading

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tania/internal/language"
	"tania/internal/tania"
	"tania/internal/words"
)

// Question is a message as the cache reads it.
type Question struct {
	Language tania.Language
	// Exact is the text without case, accents, punctuation, courtesy and ways to write a number: equal texts ask the same.
	Exact string

	Words []Word
	// Terms and grams are sorted and unique: stems, and pieces of two to four letters.
	Terms, Grams []Feature
	Facts        Facts
}

// Feature is a hash of a term or gram.
type Feature uint32

// Word is one that is left when courtesy is gone.
type Word struct {
	Text, Stem string
	ID         Feature
	// Function words say how something is asked, not what about.
	Function bool
	// Role is what the small word before it makes of it.
	Role role
	// Negated words stand behind a negation (1), "sin" (2) or "solo" (4).
	Negated uint8
	// Poles are the sides of opposites that it is on.
	Poles []Pole
	// Fact words count in facts, and some of them are times.
	Fact, IsTime bool
	// Name words are written with a capital where nothing but a name has one.
	Name bool
}

// MostWords bounds what is read of a text.
const MostWords = 64

// Read reads a text in a language.
func Read(text string, lang tania.Language) *Question { return Of(language.Read(text), lang) }

// Of makes a question of a text that was read, in a language. Of a long text it takes the beginning.
func Of(r *language.Reading, lang tania.Language) *Question {
	if len(r.Text) > 16*MostWords {
		r = language.Read(r.Text[:16*MostWords])
	}
	text, all := r.Text, r.Compounds()
	all = all[:min(len(all), 4*MostWords)]
	q := &Question{Language: lang}
	t := tablesFor(lang, r.Language())
	parts := WithoutCourtesy(withDatesSpelledOut(SpellOut(all, t), t))
	if len(parts) > MostWords {
		parts = parts[:MostWords]
	}
	q.Exact = strings.Join(parts, " ")
	names := namesIn(text)
	q.Words = make([]Word, 0, len(parts))
	q.Terms = make([]Feature, 0, len(parts))
	q.Grams = make([]Feature, 0, 3*len(q.Exact))
	for _, p := range parts {
		w := Word{Text: p, Stem: p, Function: FunctionWords[p], Name: names[p]}
		if !IsNumber(p) {
			w.Stem = words.Stem(p, lang)
		}
		w.ID = Hash(w.Stem)
		q.Words = append(q.Words, w)
		q.Terms = append(q.Terms, w.ID)
		padded := "_" + p + "_"
		for n := 2; n <= 4; n++ {
			for i := 0; i+n <= len(padded); i++ {
				q.Grams = append(q.Grams, Hash(padded[i:i+n]))
			}
		}
	}
	q.Facts = factsOf(q.Words, parts, t)
	q.Facts.Language, q.Facts.Tables = r.LanguageAt(surely), t
	assignRoles(q.Words, t)
	q.Terms, q.Grams = unique(q.Terms), unique(q.Grams)
	return q
}

// namesIn gives the folded words that have a capital inside a sentence, unless most words of the text have one.
func namesIn(text string) map[string]bool {
	if last := strings.LastIndexFunc(text, unicode.IsUpper); last <= len("¿") {
		return nil // Nothing but the first letter is one.
	}
	var names map[string]bool
	capitals, all := 0, 0
	spans := language.Compounds(text)
	for _, span := range spans[:min(len(spans), 4*MostWords)] {
		token := text[span.Begin:span.End]
		first, size := utf8.DecodeRuneInString(token)
		if !unicode.IsLetter(first) {
			continue
		}
		before := strings.TrimRight(text[:span.Begin], " \t")
		begins := before == "" || strings.ContainsAny(before[len(before)-1:], ".!?\n:;,") || strings.HasSuffix(before, "¿") ||
			strings.HasSuffix(before, "¡")
		all++
		if !unicode.IsUpper(first) {
			continue
		}
		capitals++
		if begins || size == len(token) {
			continue
		}
		if names == nil {
			names = map[string]bool{}
		}
		names[words.Fold(token)] = true
	}
	if all < 2 || capitals*2 > all+1 {
		return nil
	}
	return names
}

func unique(f []Feature) []Feature {
	slices.Sort(f)
	return slices.Compact(f)
}

// Hash makes a feature of a term or gram.
func Hash(s string) Feature {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return Feature(h)
}
