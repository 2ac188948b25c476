package fact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tania/internal/words"
)

// sort is what a token is.
type sort uint8

const (
	word sort = iota + 1
	figures
	sign
)

// token is a word, a number or a sign of a text. The last one of a text has no sort.
type token struct {
	sort sort
	// raw is as it was written, low in small letters without accents.
	raw, low string
	at, end  int
	// spaced reports whether space stands before it, first whether it begins a line.
	spaced, first bool
}

// ahead is how many tokens of no sort follow the last one of a text, so that readers may look as far ahead.
const ahead = 12

// cut gives the tokens of a text without those of its addresses, which are given apart.
func cut(text string) (tokens []token, found []address) {
	tokens = make([]token, 0, len(text)/5+2)
	found = addressesOf(text)
	next, spaced, first := 0, true, true
	for i := 0; i < len(text); {
		if next < len(found) && i == found[next].at {
			tokens = append(tokens, token{sort: sign, raw: "@", low: "@", at: i, end: found[next].end, spaced: spaced, first: first})
			i, spaced, first = found[next].end, false, false
			next++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		end := i + size
		switch {
		case unicode.IsSpace(r):
			spaced, first, i = true, first || r == '\n', end
			continue
		case unicode.IsDigit(r):
			end = figuresEnd(text, i)
			tokens = append(tokens, token{sort: figures, raw: text[i:end], low: asciiDigits(text[i:end]), at: i, end: end})
		case unicode.IsLetter(r):
			end = wordEnd(text, i)
			tokens = append(tokens, token{sort: word, raw: text[i:end], low: words.Fold(text[i:end]), at: i, end: end})
		case unicode.IsMark(r) || r == '\u200d' || r == '*' || r == '_' && spaced:
			i = end // emphasis, and what belongs to the character before
			continue
		default:
			tokens = append(tokens, token{sort: sign, raw: text[i:end], low: text[i:end], at: i, end: end})
		}
		tokens[len(tokens)-1].spaced, tokens[len(tokens)-1].first = spaced, first
		i, spaced, first = end, false, false
	}
	for range ahead {
		tokens = append(tokens, token{at: len(text), end: len(text), spaced: true, first: true})
	}
	return tokens, found
}

// figuresEnd is where a number ends: figures, and single points, commas and apostrophes between them.
func figuresEnd(text string, from int) int {
	end := from
	for i := from; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsDigit(r):
			i += size
			end = i
		case i == end && strings.ContainsRune(".,'", r):
			i += size
		default:
			return end
		}
	}
	return end
}

func wordEnd(text string, from int) int {
	end := from
	for i := from; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r):
			i += size
			end = i
		case i == end && (r == '\'' || r == '’'):
			i += size
		default:
			return end
		}
	}
	return end
}

// asciiDigits writes the figures of any script as 0 to 9.
func asciiDigits(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return strings.Map(asciiDigit, s)
		}
	}
	return s
}

func asciiDigit(r rune) rune {
	if r < utf8.RuneSelf || !unicode.IsDigit(r) {
		return r
	}
	zero := r
	for unicode.IsDigit(zero-1) && r-zero < 9 {
		zero--
	}
	return '0' + (r - zero)
}

// digitsOf are the figures of a text.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// capital reports whether a word begins with a capital letter.
func capital(t token) bool {
	r, _ := utf8.DecodeRuneInString(t.raw)
	return t.sort == word && unicode.IsUpper(r)
}

// shouted reports whether a word is in capitals alone.
func shouted(t token) bool {
	return t.sort == word && utf8.RuneCountInString(t.raw) > 1 && strings.ToUpper(t.raw) == t.raw
}
