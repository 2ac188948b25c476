package knowledge

import (
	"iter"
	"slices"
	"strings"
	"unicode"

	"tania/internal/language"
	"tania/internal/lazyregexp"
	"tania/internal/words"
)

// word is a folded word of a text that carries meaning.
type word struct {
	text string
	// negated is set for what follows "sin", "without", "sem" at once: "sin gluten" is not "gluten".
	negated bool
	number  bool
}

// mark tells a negated term from the plain one.
func (w word) mark(term string) string {
	if w.negated {
		return "!" + term
	}
	return term
}

var (
	urls = lazyregexp.New(`https?://\S+|www\.\S+|\S+@\S+\.\S+`)
	// wrapped is a line break of the file alone, not of a list, a table or a paragraph, nor one forced by two spaces.
	wrapped = lazyregexp.New(`([^\s|])\n([^\s\-*•+#|>\d])`)
)

// wordsOf gives the words and numbers of a text, folded, contractions written out, but for those of its links and addresses.
func wordsOf(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for token := range language.Tokens(words.Fold(urls.ReplaceAllString(text, " "))) {
			for _, word := range language.Expand(straight.Replace(token)) {
				if !strings.Contains(signs, word) && !yield(word) {
					return
				}
			}
		}
	}
}

// signs are tokens that are no words; straight makes all apostrophes one.
const signs = "%$€£#+"

var straight = strings.NewReplacer("’", "'", "´", "'", "`", "'")

// split gives the words of a text that carry meaning.
func split(text string) []word {
	var told []word
	negate := false
	folded := " " + strings.Join(slices.Collect(wordsOf(text)), " ") + " "
	for _, t := range strings.Fields(phrases.Replace(phrases.Replace(folded))) {
		switch {
		case negations[t]:
			negate = true
			continue
		case isNumber(t):
			told = append(told, word{text: strings.ReplaceAll(t, ",", "."), number: true})
		case stopwords[t] || len([]rune(t)) == 1:
		default:
			told = append(told, word{text: t, negated: negate})
		}
		negate = false
	}
	return told
}

func isNumber(t string) bool { return t != "" && unicode.IsNumber([]rune(t)[0]) }

func unwrapped(text string) string {
	return wrapped.ReplaceAllString(strings.ReplaceAll(text, "\r\n", "\n"), "$1 $2")
}

// span is a part of a text, in bytes.
type span struct{ from, to int }

// sentences gives the parts of a text that are a sentence each.
func sentences(text string) (all []span) {
	from := 0
	for s := range language.Sentences(text) {
		if strings.TrimSpace(s) != "" {
			all = append(all, span{from, from + len(s)})
		}
		from += len(s)
	}
	return all
}
