// Package semcache answers a question that was answered before, in other words too, and knows when it must not. Questions that the governor
// let pass come in, with the answers that were given to them.
package semcache

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tania/internal/lazyregexp"
	"tania/internal/tania"
	"tania/internal/words"
)

// Question is a message as the cache reads it.
type Question struct {
	Language tania.Language
	// Exact is the text without case, accents, punctuation, courtesy and ways to write a number: equal texts ask the same.
	Exact string

	words []word
	// terms and grams are sorted and unique: stems, and pieces of two to four letters.
	terms, grams []feature
	facts        facts
}

// feature is a hash of a term or gram.
type feature uint32

// word is one that is left when courtesy is gone.
type word struct {
	text, stem string
	id         feature
	// function words say how something is asked, not what about.
	function bool
	// role is what the small word before it makes of it.
	role role
	// negated words stand behind a negation (1), "sin" (2) or "solo" (4).
	negated uint8
	// poles are the sides of opposites that it is on.
	poles []pole
	// fact words count in facts, moments among them are times.
	fact, moment bool
	// name words are written with a capital where nothing but a name has one.
	name bool
}

// mostWords bounds what is read of a text.
const mostWords = 64

var tokens = lazyregexp.New(`[0-9]+(?:(?:st|nd|rd|th|er|ro|ra|do|da|to|ta|mo|ma|vo|va|no|na|o|a)\b|(?:[.,:/][0-9]+)*)|\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}]+(?:['’´` + "`" + `][\p{L}\p{M}]+)*|[%$€£#+]`)

// Read reads a message in a language.
func Read(text string, lang tania.Language) *Question {
	if len(text) > 16*mostWords {
		text = text[:16*mostWords]
	}
	q := &Question{Language: lang}
	all := tokens.FindAllString(words.Fold(text), 4*mostWords)
	t, own := tongueOf(all, text, lang)
	parts := withoutCourtesy(calendared(spelled(all, t), t))
	if len(parts) > mostWords {
		parts = parts[:mostWords]
	}
	q.Exact = strings.Join(parts, " ")
	names := namesIn(text)
	q.words = make([]word, 0, len(parts))
	q.terms = make([]feature, 0, len(parts))
	q.grams = make([]feature, 0, 3*len(q.Exact))
	for _, p := range parts {
		w := word{text: p, stem: p, function: functionWords[p], name: names[p]}
		if !isNumber(p) {
			w.stem = words.Stem(p, lang)
		}
		w.id = hash(w.stem)
		q.words = append(q.words, w)
		q.terms = append(q.terms, w.id)
		padded := "_" + p + "_"
		for n := 2; n <= 4; n++ {
			for i := 0; i+n <= len(padded); i++ {
				q.grams = append(q.grams, hash(padded[i:i+n]))
			}
		}
	}
	q.facts = factsOf(q.words, parts, t)
	q.facts.own, q.facts.tongue = own, t
	assignRoles(q.words, t)
	q.terms, q.grams = unique(q.terms), unique(q.grams)
	return q
}

// namesIn gives the folded words that have a capital inside a sentence, unless most words of the text have one.
func namesIn(text string) map[string]bool {
	if last := strings.LastIndexFunc(text, unicode.IsUpper); last <= len("¿") {
		return nil // Nothing but the first letter is one.
	}
	var names map[string]bool
	capitals, all := 0, 0
	for _, at := range tokens.FindAllStringIndex(text, 4*mostWords) {
		token := text[at[0]:at[1]]
		first, size := utf8.DecodeRuneInString(token)
		if !unicode.IsLetter(first) {
			continue
		}
		before := strings.TrimRight(text[:at[0]], " \t")
		begins := before == "" || strings.ContainsAny(before[len(before)-1:], ".!?\n:;,") || strings.HasSuffix(before, "¿") || strings.HasSuffix(before, "¡")
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

func unique(f []feature) []feature {
	slices.Sort(f)
	return slices.Compact(f)
}

func hash(s string) feature {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return feature(h)
}
