package reading

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tokenise gives numbers, words and signs, several times faster than an expression could: every message passes here. Ordinals and dates stay
// in pieces, which only Read puts together.
func Tokenise(text string) []string {
	parts := make([]string, 0, 16)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsNumber(r):
			end := inner(text, i, unicode.IsNumber, ".,:")
			parts = append(parts, text[i:end])
			i = end
		case letter(r):
			end := inner(text, i, letter, "'’´`")
			parts = append(parts, text[i:end])
			i = end
		case strings.ContainsRune("%$€£#+", r):
			parts = append(parts, text[i:i+size])
			i += size
		default:
			i += size
		}
	}
	return parts
}

// inner gives the end of a run of runes of a kind, which single joining runes may interrupt.
func inner(text string, from int, kind func(rune) bool, joining string) int {
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

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }

// EndsIn reports whether a word has one of some endings, and at least so many bytes before it.
func EndsIn(w string, before int, endings ...string) bool {
	for _, e := range endings {
		if len(w) >= before+len(e) && strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}
