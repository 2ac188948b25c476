package same

import (
	"strings"
	"testing"

	"tania/internal/cache/reading"
	"tania/internal/tania"
)

// TestOneWordMayBeTheOtherMistyped: as fingers and ears err, and where the word is long enough that it is no other one.
func TestOneWordMayBeTheOtherMistyped(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
		why  string
	}{
		{"taza", "tasa", true, "a letter that sounds the same"},
		{"voy", "boy", false, "three letters are too few"},
		{"salon", "salin", false, "a letter that sounds otherwise"},
		{"ventana", "vestido", false, "two words"},
		{"redito", "credito", false, "another beginning"},
		{"queso", "keso", true, "four letters that sound the same"},
		{"hola", "holaaa", true, "drawn out"},
		{"hola", "holaaaa", false, "drawn out too far to be sure"},
		{"pedido", "pedidoo", true, "of one that is easily mistaken"},
		{"pedido", "perdido", false, "both are words of the language"},
		{"macrocredito", "microcredito", false, "another prefix"},
		{"direxion", "direccion", false, "eight letters, of which two differ"},
		{"direxiones", "direcciones", true, "ten letters, of whose sounds one differs"},
		{"dirersion", "direccioon", true, "nine letters, of whose sounds one differs"},
		{"vestido", "vestudo", true, "one of seven letters"},
		{"camisa", "camusa", false, "one of six letters"},
		{"1500", "1050", false, "a number is what it is"},
		{strings.Repeat("ab", 14) + "c", strings.Repeat("ab", 14) + "cd", true, "thirty letters"},
		{strings.Repeat("ab", 14) + "cd", strings.Repeat("ab", 14) + "cde", false, "more letters than a word has"},
	} {
		x, y := &reading.Word{Text: c.a}, &reading.Word{Text: c.b}
		if there, back := misspelt(x, y), misspelt(y, x); there != c.want || back != c.want {
			t.Errorf("%s and %s: %v, and %v the other way (%s)", c.a, c.b, there, back, c.why)
		}
	}
}

// TestNamesAndFactsAreNotGuessedAt: names that only sound alike are two, and a word that is a fact or says how something is asked
// is what it is.
func TestNamesAndFactsAreNotGuessedAt(t *testing.T) {
	side := func(text string, group, side uint16) reading.Word {
		return reading.Word{Text: text, Poles: []reading.Pole{{Group: group, Side: side}}}
	}
	for _, c := range []struct {
		x, y reading.Word
		want bool
		why  string
	}{
		{reading.Word{Text: "cueva", Name: true}, reading.Word{Text: "kueba", Name: true}, false, "two names"},
		{reading.Word{Text: "cueva", Name: true}, reading.Word{Text: "kueba"}, true, "a name and a word"},
		{reading.Word{Text: "cueva"}, reading.Word{Text: "kueba"}, true, "two words"},
		{reading.Word{Text: "ruiz", Name: true}, reading.Word{Text: "ruis", Name: true}, true, "two names, but one letter sounds the same"},
		{reading.Word{Text: "tarda", Function: true}, reading.Word{Text: "trada"}, false, "a function word"},
		{reading.Word{Text: "tarda"}, reading.Word{Text: "trada", Fact: true}, false, "a fact"},
		{side("tarda", 3, 1), side("trada", 3, 2), false, "opposites"},
		{side("tarda", 3, 1), side("trada", 3, 3), true, "on one side of an opposite"},
		{side("tarda", 3, 1), side("trada", 4, 2), true, "of two opposites"},
	} {
		if there, back := misspelt(&c.x, &c.y), misspelt(&c.y, &c.x); there != c.want || back != c.want {
			t.Errorf("%s and %s: %v, and %v the other way (%s)", c.x.Text, c.y.Text, there, back, c.why)
		}
	}
}

// TestWordsArePairedOnce: what is the same finds each other before what is only like it, each once.
func TestWordsArePairedOnce(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want []int
	}{
		{"precio de lamparas", "precio de lampara", []int{0, 1, 2}},
		{"lampara lampara", "lampara", []int{0, -1}},
		{"lampara", "lampara lampara", []int{0}},
		{"lamparas lampara", "lampara lamparas", []int{1, 0}},
		{"tarda trada", "trada tarda", []int{1, 0}},
		{"llevar 1 maleta", "llevar una maleta", []int{0, 1, 2}},
		{"llevar una maleta", "llevar 1 maleta", []int{0, 1, 2}},
		{"llevar 1 maleta", "llevar 2 maletas", []int{0, -1, 2}},
		{"llevar una maleta", "llevar 2 maletas", []int{0, -1, 2}},
		{"llevar dos maletas", "llevar una maleta", []int{0, -1, 2}},
		{"lampara", "ventana", []int{-1}},
	} {
		a, b := reading.Read(c.a, tania.Spanish), reading.Read(c.b, tania.Spanish)
		m := Match(a, b)
		if !sameInts(m.A, c.want) {
			t.Errorf("%q, %q: %v, want %v", c.a, c.b, m.A, c.want)
		}
		for i, j := range m.A {
			if j >= 0 && m.B[j] != i {
				t.Errorf("%q, %q: %v here and %v there", c.a, c.b, m.A, m.B)
			}
		}
	}
}

func sameInts(a, b []int) bool {
	for i := range a {
		if len(a) != len(b) || a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

func TestAPrefixMakesAnotherWord(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"incorrecto", "correcto", true},
		{"prepago", "pospago", true},
		{"descargar", "recargar", true},
		{"sobrecargar", "recargar", true},
		{"macrocredito", "microcredito", true},
		{"inutil", "util", true}, // the rest has four letters
		{"desuso", "uso", false}, // it has three
		{"emigrar", "inmigrar", true},
		{"correcto", "correcto", false},
		{"correcto", "directo", false},
		{"bicarbonato", "carbonato", true},
		{"zcorrecto", "correcto", false},
		{"zcorrecto", "incorrecto", false},
		{"uso", "pospago", false},
	} {
		if there, back := prefixed(c.a, c.b), prefixed(c.b, c.a); there != c.want || back != c.want {
			t.Errorf("%s, %s: %v, and %v the other way, want %v", c.a, c.b, there, back, c.want)
		}
	}
}

func TestTheFirstSound(t *testing.T) {
	for word, want := range map[string]byte{
		"casa": 'k', "queso": 'k', "kilo": 'k', "vaca": 'b', "baca": 'b', "wifi": 'b', "zona": 's', "sopa": 's',
		"gente": 'g', "jefe": 'g', "yo": 'l', "lo": 'l', "hola": 'o', "hi": 'i', "h": 'h', "mesa": 'm',
	} {
		if got := firstSound(word); got != want {
			t.Errorf("%q begins with %c, want %c", word, got, want)
		}
	}
}
