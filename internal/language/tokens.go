package language

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// signs are the tokens that are no words.
const signs = "%$€£#+"

// Tokens gives the words, the numbers and the signs of amounts (% $ € £ # +) of a text. A number keeps the points, commas and colons
// between its figures, so that 1.5 is not 15; a word the apostrophes between its letters.
func Tokens(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 0; i < len(text); {
			r, size := utf8.DecodeRuneInString(text[i:])
			end := i + size
			switch {
			case unicode.IsNumber(r):
				end = runEnd(text, i, unicode.IsNumber, ".,:")
			case isLetter(r):
				end = runEnd(text, i, isLetter, apostrophes)
			case !strings.ContainsRune(signs, r):
				i = end
				continue
			}
			if !yield(text[i:end]) {
				return
			}
			i = end
		}
	}
}

// runEnd gives the end of a run of runes of a kind, which single joining runes may interrupt.
func runEnd(text string, from int, kind func(rune) bool, joining string) int {
	end := from
	for i := from; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case kind(r):
			i += size
			end = i
		case i == end && strings.ContainsRune(joining, r):
			i += size
		default:
			return end
		}
	}
	return end
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }
