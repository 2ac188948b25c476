package language

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSentencesAreCutWhereTheyEnd(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                  nil,
		"Abrimos a las 9":                   {"Abrimos a las 9"},
		"Abrimos a las 9. Cerramos a las 5": {"Abrimos a las 9. ", "Cerramos a las 5"},
		"Cuesta 3.5 al mes. ¿Algo más?":     {"Cuesta 3.5 al mes. ", "¿Algo más?"},
		"He said “no.” Then he left.":       {"He said “no.” ", "Then he left."},
		`Dijo "¡ya!" y se fue.`:             {`Dijo "¡ya!" `, "y se fue."},
		"uno\ndos\n\n tres. ":               {"uno\n", "dos\n\n ", "tres. "},
		"Well... ok!!! bye":                 {"Well... ", "ok!!! ", "bye"},
		"\n\n a":                            {"\n\n a"},
		"mira tienda.com/a.html hoy":        {"mira tienda.com/a.html hoy"},
	} {
		got := slices.Collect(Sentences(text))
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q: %s", text, d)
		}
		for range Sentences(text) {
			break // a reader may stop at any
		}
	}
}

func TestStatementsPartQuotationsAndWhatIsAsked(t *testing.T) {
	for text, want := range map[string][]string{
		"":                      nil,
		"¿?":                    {"?"},
		"Claro, ¿algo más? Sí.": {"Claro, ", "algo más? ", "Sí."},
		"Sobre «la tarjeta»: abrimos. Pase hoy.": {"Sobre ", "la tarjeta", ": abrimos. ", "Pase hoy."},
		"Dijo \"ya\" y “no”\nfin":                {"Dijo ", "ya", " y ", "no", "fin"},
	} {
		if d := cmp.Diff(want, slices.Collect(Statements(text))); d != "" {
			t.Errorf("%q: %s", text, d)
		}
		for range Statements(text) {
			break // a reader may stop at any
		}
	}
}

func TestFinishedSentencesEndWithAMark(t *testing.T) {
	for text, want := range map[string]bool{
		"Abrimos.": true, "¿Sí? ": true, "“No.”\n": true, "(Cerrado.)": true, "y entonces…": true,
		"": false, "Abrimos": false, "Abrimos (hoy)": false, "a las 9,": false,
	} {
		if got := Finished(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func FuzzSentencesAreTheText(f *testing.F) {
	for _, text := range []string{"", "a. b", "...", "\n", "«a.» b", "\xff. x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := strings.Join(slices.Collect(Sentences(text)), ""); got != text {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func TestTokensAreWordsNumbersAndSigns(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "",
		"¿Cuesta $1.500,50 o 20%?":   "Cuesta|$|1.500,50|o|20|%",
		"don't, it’s 12:30. ok":      "don't|it’s|12:30|ok",
		"'quoted' a''b 5. 6":         "quoted|a|b|5|6",
		"m2 2nd n\u0303andu\u0301 №": "m|2|2|nd|n\u0303andu\u0301",
		"#12 +34 & @ _ 👍 ½ \xff€":    "#|12|+|34|½|€",
	} {
		if got := strings.Join(slices.Collect(Tokens(text)), "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
