package same

import (
	"testing"

	"tania/internal/language"
	"tania/internal/tania"
)

func TestWhatIsAskedAgainInOtherWords(t *testing.T) {
	const hours, returns = "¿Cuál es el horario de la tienda?", "¿Cómo devuelvo un producto?"
	for _, c := range []struct {
		before, now string
		lang        tania.Language
		want        bool
	}{
		{hours, "¿Cuál es el horario?", tania.Spanish, true},
		{hours, "el horario de su tienda, por favor", tania.Spanish, true},
		{hours, hours, tania.Spanish, true},
		{hours, returns, tania.Spanish, false},
		{hours, "gracias", tania.Spanish, false},
		{"horario tienda", "horario museo", tania.Spanish, false}, // one word of three
		{"horario tienda museo", "horario tienda bar", tania.Spanish, true},
		{"horario", "tienda horario", tania.Spanish, true}, // one word of two
		{"horario", "tienda museo horario", tania.Spanish, false},
		{"tienda museo horario", "horario", tania.Spanish, false},
		{"¿de la?", "¿con el?", tania.Spanish, false}, // no word with a meaning is shared where there is none
		{"What are your opening hours?", "opening hours please", tania.English, true},
		{"What are your opening hours?", "Do you ship to Peru?", tania.English, false},
		{"Qual é o horário da loja?", "horário da loja", tania.Portuguese, true},
		{"", "", tania.Spanish, true},
	} {
		if got := Rephrases(c.before, language.Read(c.now), c.lang); got != c.want {
			t.Errorf("%q, then %q: %v, want %v", c.before, c.now, got, c.want)
		}
	}
}
