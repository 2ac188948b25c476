package channels

import "tania/internal/lazyregexp"

// Links and numbers are worthless in two halves.
var (
	linkSpan = lazyregexp.New(`!?\[[^\]\n]*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)` + // Markdown
		`|(?i:[a-z][a-z0-9+.-]*://|www\.|mailto:|tel:)[^\s<>"]+` +
		`|[\w.+-]+@[\w-]+(?:\.[\w-]+)+` +
		`|(?i:(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>"]*)?)`)
	// numberSpan is a phone number, an amount with its currency, a date or a time: figures with what groups them between them.
	numberSpan = lazyregexp.New(`(?:[A-Z]{0,3}\p{Sc}` + gap + `?|\b[A-Z]{3}` + gap + `)?` +
		`[+(]{0,2}\d+(?:(?:` + gap + `?[()/–-]` + gap + `?|[.,:'’*x]|` + gap + `){1,2}\d+)*` +
		`(?:` + gap + `?(?:[%‰°]|\p{Sc}|[A-Z]{3}\b))?`)
)

// gap is a space within a number.
const gap = `[ \t\x{a0}\x{2007}\x{2009}\x{202f}]`

const (
	// longestNumber bounds what is taken for one number, in bytes: a row of them is none.
	longestNumber = 40
	// longestLink is how far behind a part's end a link that begins before it is looked for.
	longestLink = 2048
)

// inner marks the places up to an end that are inside a link or a number.
func inner(text string, end int) []bool {
	text = text[:min(len(text), end+longestLink)]
	marks := make([]bool, end+1)
	for _, m := range linkSpan.FindAllStringIndex(text, -1) {
		mark(marks, m)
	}
	for _, m := range numberSpan.FindAllStringIndex(text, -1) {
		if m[1]-m[0] <= longestNumber {
			mark(marks, m)
		}
	}
	return marks
}

func mark(marks []bool, span []int) {
	for i := span[0] + 1; i < min(span[1], len(marks)); i++ {
		marks[i] = true
	}
}
