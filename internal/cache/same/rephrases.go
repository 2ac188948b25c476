package same

import (
	"tania/internal/cache/reading"
	"tania/internal/language"
	"tania/internal/tania"
)

// Rephrases reports whether a text asks again what another one asked: they share most of their words with a meaning, or are the same.
func Rephrases(before string, now *language.Reading, lang tania.Language) bool {
	a, b := reading.Read(before, lang), reading.Of(now, lang)
	if a.Exact == b.Exact {
		return true
	}
	m := Match(a, b)
	shared, all := 0, 0
	for i, w := range a.Words {
		if w.Function {
			continue
		}
		all++
		if m.A[i] >= 0 {
			shared++
		}
	}
	for j, w := range b.Words {
		if !w.Function && m.B[j] < 0 {
			all++
		}
	}
	return all > 0 && 2*shared >= all
}
