// Package tokens estimates how many tokens models make of texts. Texts come in; no model is asked, and no tokenizer is loaded: each model
// has its own.
package tokens

import (
	"unicode"
	"unicode/utf8"
)

// What parts of a text count, in tenths of a token. They were set with testdata, for tokenizers of 100,000 tokens and more: cl100k, llama3.
const (
	whole = 10
	// A word of Latin letters is a token, and one more for each so many letters beyond the first so many; an accent may part it.
	wordLetters = 42 // tenths of a letter
	accent      = 6
	// digits are how many a token has at most, in most tokenizers of this size three, in many fewer.
	digits = 2
	// repeated is what each further sign of a row of the same counts.
	repeated = 3
	// symbol is what signs outside ASCII count: emoji are several tokens each.
	symbol = 25
	letter = 13 // of a script that is not listed
)

// scripts are what a letter of one counts.
var scripts = []struct {
	of    *unicode.RangeTable
	worth int
}{
	{unicode.Han, 12},
	{unicode.Hiragana, 10},
	{unicode.Katakana, 10},
	{unicode.Hangul, 13},
	{unicode.Cyrillic, 6},
	{unicode.Arabic, 9},
	{unicode.Greek, 10},
}

// Count estimates the tokens of a text. For Spanish, English, Portuguese, code and scripts of the East it is seldom less than nine tenths
// of what models of today make, and for models with a vocabulary of 32,000 tokens it may be a third too low.
func Count(text string) int {
	tenths := 0
	each(text, func(_, worth int) bool {
		tenths += worth
		return true
	})
	return (tenths + whole - 1) / whole
}

// Cut gives the beginning of a text that has so many tokens at most.
func Cut(text string, most int) string {
	left, end := most*whole, 0
	each(text, func(to, worth int) bool {
		if left -= worth; left < 0 {
			return false
		}
		end = to
		return true
	})
	return text[:end]
}

// each tells of a text's words, rows and signs where they end, in bytes, and what they count, until told to stop.
func each(text string, more func(to, worth int) bool) {
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		to, worth := at+size, 0
		switch {
		case latin(r):
			to, worth = word(text, at)
		case unicode.IsDigit(r):
			n := 0
			to, n = row(text, at, unicode.IsDigit)
			worth = whole * ((n + digits - 1) / digits)
		case unicode.IsSpace(r):
			to, worth = space(text, at)
		case r < utf8.RuneSelf:
			n := 0
			to, n = row(text, at, func(next rune) bool { return next == r })
			worth = whole + repeated*(n-1)
		default:
			worth = sign(r)
		}
		if !more(to, worth) {
			return
		}
		at = to
	}
}

// latin are letters of words as they are in Latin scripts, with or without an accent.
func latin(r rune) bool {
	if r < utf8.RuneSelf {
		lower := r | 0x20
		return lower >= 'a' && lower <= 'z'
	}
	return unicode.Is(unicode.Latin, r)
}

func row(text string, from int, is func(rune) bool) (to, count int) {
	for to = from; to < len(text); count++ {
		r, size := utf8.DecodeRuneInString(text[to:])
		if !is(r) {
			break
		}
		to += size
	}
	return to, count
}

// longestWord is where a word that does not end is cut in two, so that Cut can.
const longestWord = 40

func word(text string, from int) (to, worth int) {
	letters, accents := 0, 0
	for to = from; to < len(text) && letters < longestWord; letters++ {
		r, size := utf8.DecodeRuneInString(text[to:])
		if !latin(r) {
			break
		}
		if r >= utf8.RuneSelf {
			accents++
		}
		to += size
	}
	return to, whole + max(0, whole*(10*letters-wordLetters)/wordLetters) + accent*accents
}

// space is a row of spaces: one before a word belongs to the word's token.
func space(text string, from int) (to, worth int) {
	lines := false
	to, count := row(text, from, func(r rune) bool {
		lines = lines || r == '\n'
		return unicode.IsSpace(r)
	})
	if count == 1 && !lines {
		return to, 0
	}
	return to, whole
}

func sign(r rune) int {
	for _, s := range scripts {
		if unicode.Is(s.of, r) {
			return s.worth
		}
	}
	if unicode.IsLetter(r) || unicode.IsMark(r) {
		return letter
	}
	if unicode.IsPunct(r) {
		return whole
	}
	return symbol
}
