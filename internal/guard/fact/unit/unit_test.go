package unit_test

import (
	"strings"
	"testing"
	"unicode"

	"tania/internal/guard/fact/unit"
	"tania/internal/words"
)

// TestWordsNameUnits shows the unit of a word, and by which factor amounts of it are compared.
func TestWordsNameUnits(t *testing.T) {
	for word, want := range map[string]unit.Unit{
		"kg": {"gram", 1000}, "mg": {"gram", 0.001}, "tons": {"gram", 1e6}, "ml": {"litre", 0.001}, "millimeters": {"metre", 0.001},
		"ft": {"inch", 12}, "terabytes": {"byte", 1e12}, "horas": {unit.Second, 3600}, "hours": {unit.Second, 3600},
		"dia": {unit.Second, 86400}, "weeks": {unit.Second, 604800}, "anos": {unit.Month, 12}, "quarters": {unit.Month, 3},
		"%": {unit.Percent, 1}, "€": {"eur", 1}, "$": {"dollar", 1}, "pesos": {"peso", 1}, "centavos": {unit.Cent, 1},
		"hospedes": {"person", 1}, "ghz": {"hertz", 1e9},
		// "por" is half of "por ciento", which is read as two words.
		"por": {}, "/": {}, "": {}, "mesa": {},
	} {
		if got := unit.ByWord[word]; got != want {
			t.Errorf("%q counts %+v, want %+v", word, got, want)
		}
	}
}

// TestTheTablesAreFolded holds that every word can be found: texts are looked up without capitals and accents.
func TestTheTablesAreFolded(t *testing.T) {
	check := func(table, w string) {
		if words.Fold(w) != w {
			t.Errorf("%s has %q, which no folded text has", table, w)
		}
	}
	for w, u := range unit.ByWord {
		if !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) {
			check("ByWord", w)
		}
		if u.Base == "" || u.Factor <= 0 {
			t.Errorf("%q counts %+v", w, u)
		}
	}
	for w := range unit.Qualifiers {
		check("Qualifiers", w)
	}
	for w, kind := range unit.KindsOfDay {
		check("KindsOfDay", w)
		if kind != "work" && kind != "all" {
			t.Errorf("days that are %q are %q", w, kind)
		}
	}
	for w, currency := range unit.Nationals {
		check("Nationals", w)
		if !unit.Money[currency] {
			t.Errorf("what is %s is in %q, which is no currency", w, currency)
		}
	}
	currencies := map[string]bool{}
	for _, u := range unit.ByWord {
		currencies[u.Base] = true
	}
	for currency := range unit.Money {
		if !currencies[currency] {
			t.Errorf("no word stands for %s", currency)
		}
	}
}

// TestOneCurrency holds which currencies may be meant by one another's sign, whichever comes first.
func TestOneCurrency(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"mxn", "mxn"}: true, {"dollar", "usd"}: true, {"dollar", "mxn"}: true, {"dollar", "peso"}: true, {"peso", "ars"}: true,
		{"gbp", "pound"}: true, {"peso", "usd"}: false, {"mxn", "ars"}: false, {"dollar", "eur"}: false, {"usd", "mxn"}: false,
		{"eur", "pound"}: false, {"peso", "brl"}: false,
	} {
		if got, back := unit.OneCurrency(pair[0], pair[1]), unit.OneCurrency(pair[1], pair[0]); got != want || back != want {
			t.Errorf("%s may be %s: %v, and the other way %v; want %v", pair[0], pair[1], got, back, want)
		}
	}
}

// TestMeasured tells units that nothing else is taken for from what is merely counted.
func TestMeasured(t *testing.T) {
	for base, want := range map[string]bool{
		"eur": true, unit.Second: true, unit.Percent: true, "gram": true, "": false, "person": false, "night": false,
		"installment": false, "user": false, "point": false, unit.Noun + "mesa": false,
	} {
		if got := unit.Measured(base); got != want {
			t.Errorf("%q is measured: %v, want %v", base, got, want)
		}
	}
}

// TestKindsOfDayAndNations holds what tells working days from others, and one country's money from another's.
func TestKindsOfDayAndNations(t *testing.T) {
	for w, want := range map[string]string{
		"habiles": "work", "uteis": "work", "business": "work", "naturales": "all", "calendar": "all", "rojos": "",
	} {
		if got := unit.KindsOfDay[w]; got != want {
			t.Errorf("%s days are %q, want %q", w, got, want)
		}
		if want != "" && !unit.Qualifiers[w] {
			t.Errorf("%q cannot stand between a number and its days", w)
		}
	}
	for w, want := range map[string]string{"mexicanos": "mxn", "colombianos": "cop", "estadounidenses": "usd", "rojos": ""} {
		if got := unit.Nationals[w]; got != want {
			t.Errorf("what is %s is in %q, want %q", w, got, want)
		}
	}
}
