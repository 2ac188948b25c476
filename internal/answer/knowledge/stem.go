package knowledge

import (
	"strings"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/spanish"

	"tania/internal/tania"
)

// stem is the word's concept if it has one, else its stem in a language.
func (w word) stem(lang tania.Language) string {
	if w.number {
		return w.text
	}
	if c, ok := concepts[w.text]; ok {
		return c
	}
	switch lang {
	case tania.English:
		return english.Stem(w.text, false)
	case tania.Portuguese:
		return stemPortuguese(w.text)
	default:
		return stemSpanish(w.text)
	}
}

// stemSpanish gives the accent back that folding took from "devolución", without which Snowball does not see its ending.
func stemSpanish(folded string) string {
	for _, end := range []string{"cion", "sion"} {
		if head, ok := strings.CutSuffix(folded, end); ok {
			return fold(spanish.Stem(head+end[:2]+"ón", false))
		}
	}
	return fold(spanish.Stem(folded, false))
}

var (
	portuguesePlurals = []struct{ plural, singular string }{
		{"coes", "cao"},
		{"soes", "sao"},
		{"oes", "ao"},
		{"aes", "ao"},
		{"ais", "al"},
		{"eis", "el"},
		{"ois", "ol"},
		{"ns", "m"},
		{"res", "r"},
		{"zes", "z"},
		{"s", ""},
	}
	portugueseEndings = []string{
		"amento", "imento", "mente", "avam", "aram", "ando", "endo", "indo", "ados", "adas",
		"ado", "ada", "ido", "ida", "ou", "ei", "iu", "ar", "er", "ir", "am", "em", "a", "e", "o",
	}
)

// stemPortuguese takes off plurals and the commonest endings of a folded word, and leaves at least three letters.
func stemPortuguese(folded string) string {
	for _, p := range portuguesePlurals {
		if head, ok := strings.CutSuffix(folded, p.plural); ok && len(head) >= 3 {
			folded = head + p.singular
			break
		}
	}
	for _, end := range portugueseEndings {
		if head, ok := strings.CutSuffix(folded, end); ok && len(head) >= 3 {
			return head
		}
	}
	return folded
}
