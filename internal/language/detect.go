// Package language reads what customers write in Spanish, English and Portuguese. Texts come in, in any writing; it does no I/O.
package language

import (
	"math"

	"tania/internal/tania"
)

// detected are the languages that are told apart, in the order of the table's columns.
var detected = [...]tania.Language{tania.Spanish, tania.English, tania.Portuguese}

// likely are the odds between a language and the next from which Detect names it.
const likely = 2

// Detect tells which of the three languages a text is written in, or "" where the text does not tell: "ok", "123", an address, a name,
// another script. One word is enough where it belongs to one of the languages alone.
func Detect(text string) tania.Language {
	best, lead := lean(text)
	if lead < math.Log(likely) {
		return ""
	}
	return best
}

// lean gives the likeliest language of a text, and by how much it leads the next, as the logarithm of the odds between the two: 0 for a
// text that says nothing.
func lean(text string) (best tania.Language, lead float64) {
	var sum [len(detected)]int
	r := partReaders.Get().(*partReader)
	for _, part := range r.partsOf(text) {
		table.addTo(&sum, part)
	}
	partReaders.Put(r)
	first, second := 0, 1
	if sum[1] > sum[0] {
		first, second = 1, 0
	}
	switch {
	case sum[2] > sum[first]:
		first, second = 2, first
	case sum[2] > sum[second]:
		second = 2
	}
	return detected[first], float64(sum[first]-sum[second]) * unit
}
