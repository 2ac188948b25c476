// Package words holds what is known of words in Spanish, English and Portuguese: folding, stems, and how far two are apart. Texts come in,
// in any writing.
package words

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold makes lower case, drops accents and shortens letters held down: "¡HOLAAA, Envíos!" becomes "¡hola, envios!".
func Fold(text string) string {
	folded := make([]rune, 0, len(text))
	for _, r := range text {
		if base, ok := Base(r); ok {
			r = rune(base)
		} else if !foldsAlone(r) {
			folded = unaccented(text)
			break
		}
		folded = append(folded, unicode.ToLower(r))
	}
	return string(folded[:shortened(folded)])
}

// foldsAlone reports whether a character is its own base whatever stands around it.
func foldsAlone(r rune) bool { return r < utf8.RuneSelf || r == '¿' || r == '¡' }

// unaccented gives the characters of a text in lower case without accents, as Unicode decomposes them.
func unaccented(text string) []rune {
	folded := make([]rune, 0, len(text))
	for _, r := range norm.NFKD.String(text) {
		if !unicode.Is(unicode.Mn, r) {
			folded = append(folded, unicode.ToLower(r))
		}
	}
	return folded
}

// shortened leaves one of each letter that is held down, three times or more, and gives how many characters are left.
func shortened(folded []rune) int {
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
	return len(short)
}
