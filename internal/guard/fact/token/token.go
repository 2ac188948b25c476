// Package token cuts a text into words, numbers and signs, and finds the links and e-mail addresses in it. No I/O.
package token

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tania/internal/words"
)

// Sort is what a token is.
type Sort uint8

// The sorts.
const (
	Word Sort = iota + 1
	Figures
	Sign
)

// Token is a word, a number or a sign of a text. The last one of a text has no sort.
type Token struct {
	Sort Sort
	// Raw is as it was written, Low in small letters without accents.
	Raw, Low string
	// At and End are where it begins and ends in the text, in bytes.
	At, End int
	// Spaced reports whether space stands before it, First whether it begins a line.
	Spaced, First bool
}

// Ahead is how many tokens of no sort follow the last one of a text, so that readers may look as far ahead.
const Ahead = 12

// Cut gives the tokens of a text without those of its addresses, which are given apart.
func Cut(text string) (tokens []Token, found []Address) {
	tokens = make([]Token, 0, len(text)/5+2)
	found = addressesOf(text)
	next, spaced, first := 0, true, true
	for i := 0; i < len(text); {
		if next < len(found) && i == found[next].At {
			tokens = append(tokens, Token{Sort: Sign, Raw: "@", Low: "@", At: i, End: found[next].End, Spaced: spaced, First: first})
			i, spaced, first = found[next].End, false, false
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
			tokens = append(tokens, Token{Sort: Figures, Raw: text[i:end], Low: asciiDigits(text[i:end]), At: i, End: end})
		case unicode.IsLetter(r):
			end = wordEnd(text, i)
			tokens = append(tokens, Token{Sort: Word, Raw: text[i:end], Low: words.Fold(text[i:end]), At: i, End: end})
		case unicode.IsMark(r) || r == '\u200d' || r == '*' || r == '_' && spaced:
			i = end // emphasis, and what belongs to the character before
			continue
		default:
			tokens = append(tokens, Token{Sort: Sign, Raw: text[i:end], Low: text[i:end], At: i, End: end})
		}
		tokens[len(tokens)-1].Spaced, tokens[len(tokens)-1].First = spaced, first
		i, spaced, first = end, false, false
	}
	for range Ahead {
		tokens = append(tokens, Token{At: len(text), End: len(text), Spaced: true, First: true})
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

// Digits are the figures of a text.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// Capital reports whether a word begins with a capital letter.
func (t Token) Capital() bool {
	r, _ := utf8.DecodeRuneInString(t.Raw)
	return t.Sort == Word && unicode.IsUpper(r)
}

// Shouted reports whether a word is in capitals alone.
func (t Token) Shouted() bool {
	return t.Sort == Word && utf8.RuneCountInString(t.Raw) > 1 && strings.ToUpper(t.Raw) == t.Raw
}
