package pii

import (
	"strings"

	"tania/internal/pii/postal"
	"tania/internal/words"
)

// addresses finds postal addresses, in the text as it was written: their words need their capitals and accents.
func addresses(t *reading) {
	at := 0
	for _, place := range postal.Find(t.text, false) {
		from := t.indexOf(place.Start, at)
		to := t.indexOf(place.End, from)
		if at = to; from < to {
			t.take(Address, from, to, strings.Join(strings.Fields(words.Fold(t.text[place.Start:place.End])), " "))
		}
	}
}

// indexOf is the place in low of a place in the text, which is no earlier one than from.
func (t *reading) indexOf(place, from int) int {
	for from < len(t.start) && t.start[from] < place {
		from++
	}
	return from
}
