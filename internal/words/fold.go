// Package words holds what is known of words in Spanish, English and Portuguese: folding, stems, and how far two are apart. Texts come in,
// in any writing.
package words

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold makes lower case, drops accents and shortens letters held down: "¡HOLAAA, Envíos!" becomes "¡hola, envios!".
func Fold(text string) string {
	folded := make([]rune, 0, len(text))
	for _, r := range norm.NFKD.String(text) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		folded = append(folded, unicode.ToLower(r))
	}
	short := folded[:0]
	for i := 0; i < len(folded); {
		held := i + 1
		for held < len(folded) && folded[held] == folded[i] {
			held++
		}
		keep := held - i
		if keep > 2 && unicode.IsLetter(folded[i]) {
			keep = 1
		}
		for range keep {
			short = append(short, folded[i])
		}
		i = held
	}
	return string(short)
}
