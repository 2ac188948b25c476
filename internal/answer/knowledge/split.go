package knowledge

import (
	"strings"
	"unicode"

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
	// A number keeps its point or comma, so that 1.5 is not 15.
	tokens = lazyregexp.New(`\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}]+`)
	urls   = lazyregexp.New(`https?://\S+|www\.\S+|\S+@\S+\.\S+`)
	// wrapped is a line break of the file alone, not of a list, a table or a paragraph, nor one forced by two spaces.
	wrapped   = lazyregexp.New(`([^\s|])\n([^\s\-*•+#|>\d])`)
	breaks    = lazyregexp.New(`\n\s*`)
	sentenceT = lazyregexp.New(`[.!?…]+["'»”)]*\s+`)
)

// split gives the words of a text that carry meaning.
func split(text string) []word {
	var told []word
	negate := false
	folded := " " + strings.Join(tokens.FindAllString(words.Fold(urls.ReplaceAllString(text, " ")), -1), " ") + " "
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

// sentences gives the parts of a text between line breaks and ends of sentences.
func sentences(text string) []span {
	var all []span
	from := 0
	end := func(to int) {
		if strings.TrimSpace(text[from:to]) != "" {
			all = append(all, span{from, to})
		}
		from = to
	}
	for from < len(text) {
		line := len(text)
		if at := breaks.FindStringIndex(text[from:]); at != nil {
			line = from + at[1]
		}
		for from < line {
			at := sentenceT.FindStringIndex(text[from:line])
			if at == nil {
				break
			}
			end(from + at[1])
		}
		end(line)
	}
	return all
}
