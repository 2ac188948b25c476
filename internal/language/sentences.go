package language

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences gives the sentences of a text, one after another, each with the space behind it: together they are the text. One ends at a full
// stop, a question or exclamation mark or an ellipsis that space follows, with the quotes and brackets that close there, and at the end of
// a line. "3.5" goes on.
func Sentences(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for text != "" {
			end := sentenceEnd(text)
			if !yield(text[:end]) {
				return
			}
			text = text[end:]
		}
	}
}

// Statements gives what the sentences of a text say, one after another, where a quotation and what follows an opening mark ("Claro, ¿algo
// más?") stand apart, without the marks.
func Statements(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for sentence := range Sentences(text) {
			for part := range strings.FieldsFuncSeq(sentence, partsStatements) {
				if strings.TrimSpace(part) != "" && !yield(part) {
					return
				}
			}
		}
	}
}

func partsStatements(r rune) bool { return strings.ContainsRune(`¿¡«»“”"`, r) }

// Finished reports whether a sentence ends with a mark, and was not broken off.
func Finished(sentence string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(strings.TrimRightFunc(sentence, unicode.IsSpace), closing))
	return strings.ContainsRune(ending, last)
}

const (
	ending  = ".!?…"
	closing = `"'»”’)]`
)

// sentenceEnd gives where the first sentence of a text ends, the space behind it included.
func sentenceEnd(text string) int {
	ended, said := false, false
	for i, r := range text {
		switch {
		case unicode.IsSpace(r):
			if said && (ended || r == '\n') {
				return spaceEnd(text, i)
			}
		case strings.ContainsRune(ending, r):
			ended, said = true, true
		case ended && strings.ContainsRune(closing, r):
		default:
			ended, said = false, true
		}
	}
	return len(text)
}

// spaceEnd gives where the space that begins at a place of a text ends.
func spaceEnd(text string, from int) int {
	for i, r := range text[from:] {
		if !unicode.IsSpace(r) {
			return from + i
		}
	}
	return len(text)
}
