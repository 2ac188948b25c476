package words

import (
	"strings"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/spanish"

	"tania/internal/tania"
)

// Stem takes the endings off a folded word. Of a language it does not know it takes those of Spanish.
func Stem(folded string, lang tania.Language) string {
	switch lang {
	case tania.English:
		return english.Stem(folded, false)
	case tania.Portuguese:
		return stemPortuguese(folded)
	default:
		return stemSpanish(folded)
	}
}

// stemSpanish gives the accent back that folding took from "devolución", without which Snowball does not see its ending.
func stemSpanish(folded string) string {
	for _, end := range []string{"cion", "sion"} {
		if head, ok := strings.CutSuffix(folded, end); ok {
			return Fold(spanish.Stem(head+end[:2]+"ón", false))
		}
	}
	return Fold(spanish.Stem(folded, false))
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
