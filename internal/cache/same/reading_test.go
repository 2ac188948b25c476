package same

import (
	"testing"

	"tania/internal/cache/reading"
	"tania/internal/tania"
)

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"¿Cuánto cuesta enviar 5 kg de Lima a Cusco?", "I can't log in", "treinta y seis mil millones y medio",
		"05/03/2024 24/7 1/2", "9:30 am, 3rd", "q's 007 01,234", "\xff\xfe", "a'aa",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		reading.Read(text, "")
		for _, lang := range []tania.Language{tania.Spanish, tania.English, tania.Portuguese} {
			q := reading.Read(text, lang)
			FindVeto(q, q, Match(q, q))
			if len(q.Exact) > 500 {
				continue
			}
			// What is written out can once more be a date with an ordinal ("0th" before "/07"), but reading comes to an end.
			last, again := "", q.Exact
			for n := 0; n < 3 && again != last; n++ {
				last, again = again, reading.Read(again, lang).Exact
			}
			if again != last {
				t.Errorf("%s: Read(%q) is %q, and still changes when it is read again", lang, text, q.Exact)
			}
		}
	})
}
