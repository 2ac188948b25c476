package knowledge

import (
	"strings"

	"tania/internal/language"
)

// stems gives the words of a text that carry meaning, as the concept they name or by their stems in the three languages.
func stems(r *language.Reading, by stemmer, most int) []string {
	var found []string
	for i, w := range split(r) {
		if i == most {
			break
		}
		var before string
		for _, lang := range languages {
			if s := w.mark(w.stemmed(lang, by)); s != before && !strings.HasPrefix(before, "=") {
				found = append(found, s)
				before = s
			}
		}
	}
	return found
}

// subjects names the fields of related.txt that the words of a text belong to.
func subjects(r *language.Reading, most int) []string {
	var found []string
	for i, w := range r.Words() {
		if i == most {
			break
		}
		found = append(found, related[w]...)
	}
	return found
}
