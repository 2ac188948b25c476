package knowledge

import (
	"slices"

	"tania/internal/lazyregexp"
)

// What a text has where it gives a price, a length of time, or the hour.
var (
	givesPrice = lazyregexp.New(`(?i)\d[\d.,]* ?(?:pesos|soles|euros|reais|d[oó]lar\w*|dollars|[€%]|usd|mxn)|[$€] ?\d|gratis|gr[aá]tis|\bfree\b|si?e?[nm] cu?o?st[oe]`)
	givesSpan  = lazyregexp.New(`(?i)(?:\d+|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|one|two|three|um|uma|dois|duas) ` +
		`(?:a \S+ )?(?:d[ií]as?|horas?|semanas?|m[eê]s(?:es)?|minut[oe]s?|a[nñ]os?|anos?|days?|hours?|weeks?|months?|years?|noches?|nights?|noites?)|` +
		`mismo d[ií]a|same day|mesmo dia`)
	givesHour = lazyregexp.New(`(?i)\d{1,2}:\d\d|\bde \d+ a \d+\b|\d ?[ap]\.?m\b|\d ?h\b`)
)

// kinds are the concepts that ask for one of them.
var kinds = [3]struct {
	concept string
	gives   *lazyregexp.Regexp
}{{"=price", givesPrice}, {"=duration", givesSpan}, {"=schedule", givesHour}}

func given(text string) (gives [3]bool) {
	for i, k := range kinds {
		gives[i] = k.gives.MatchString(text)
	}
	return gives
}

// kinds tells for a price, a length of time and an hour whether an entry gives what is asked for: 1 where it does, -1 where it does not, 0
// where it is not asked for.
func (s *scene) kinds(sp *spoken) (told [3]float64) {
	for i, k := range kinds {
		t, ok := s.index.term(k.concept)
		if ok && slices.ContainsFunc(s.asked, func(a askedWord) bool { return slices.Contains(a.terms, t) }) {
			told[i] = 2*truth(sp.gives[i]) - 1
		}
	}
	return told
}
