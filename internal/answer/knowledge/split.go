package knowledge

import (
	"strings"
	"unicode"

	"tania/internal/answer/knowledge/synonyms"
	"tania/internal/language"
	"tania/internal/lazyregexp"
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

// wrapped is a line break of the file alone, not of a list, a table or a paragraph, nor one forced by two spaces.
var wrapped = lazyregexp.New(`([^\s|])\n([^\s\-*•+#|>\d])`)

// split gives the words of a text that carry meaning.
func split(r *language.Reading) []word {
	var told []word
	negate := false
	folded := " " + strings.Join(r.Words(), " ") + " "
	for _, t := range strings.Fields(synonyms.Replace(folded)) {
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
