package same

import (
	"testing"

	"tania/internal/cache/reading"
	"tania/internal/tania"
)

// TestWhoDoesItToWhom: with the pronouns exchanged another thing is asked.
func TestWhoDoesItToWhom(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"i love you", "do you love me", true},
		{"i love you", "i love you so", false},
		{"am i old", "are you old", true},
		{"i am old", "am i old", false},
		{"can i pay", "can you pay", false},
		{"is it old", "are you old", false},
		{"is it old", "am i old", false},
		{"is it old", "is that old", false},
		{"i call you", "do i call", false},
		{"i tell you what you want", "you tell me what you want", true},
		{"i tell you what you want", "i tell you what i want", false},
	} {
		a, b := reading.Read(c.a, tania.English), reading.Read(c.b, tania.English)
		if there, back := exchanged(a, b), exchanged(b, a); there != c.want || back != c.want {
			t.Errorf("%q, %q: %v, and %v the other way, want %v", c.a, c.b, there, back, c.want)
		}
	}
}

// TestDirectionsOfQuestionsThatHaveLittleInCommon: where much is said in one of them alone, what goes
// from here to there must not come back.
func TestDirectionsOfQuestionsThatHaveLittleInCommon(t *testing.T) {
	for _, c := range []struct {
		lang tania.Language
		a, b string
		want bool
	}{
		{tania.Spanish, "¿Cuánto cuesta un envío urgente de Lima a Cusco?", "¿Llega mañana el paquete asegurado de Cusco a Lima?", true},
		{tania.Spanish, "¿Cuánto cuesta un envío urgente de Lima a Cusco?", "¿Llega mañana el paquete asegurado de Lima a Cusco?", false},
		{tania.English, "Which cheap coach goes to London?", "Does an early train arrive from London?", true},
		{tania.English, "Does an early train arrive from London?", "Which cheap coach goes to London?", true},
		{tania.English, "Which cheap coach goes to London?", "Does an early train go to London?", false},
		{tania.English, "Which cheap coach goes with London?", "Does an early train arrive from London?", false},
		// "a" and "de" may be of anything.
		{tania.Spanish, "¿Qué autobús barato va a Lima?", "¿Sale temprano algún tren rápido de Lima?", false},
		{tania.English, "Do you rent a cheap guest house nearby?", "May my house guest park overnight there?", true},
		{tania.English, "Do you rent a cheap guest house nearby?", "May my guest house park overnight there?", false},
		{tania.English, "Do you rent any cheap house nearby?", "May my house guest park overnight there?", false},
	} {
		a, b := reading.Read(c.a, c.lang), reading.Read(c.b, c.lang)
		m := Match(a, b)
		if unsaid(a, m.A)+unsaid(b, m.B) <= mostUnsaid {
			t.Errorf("%q, %q have much in common", c.a, c.b)
		}
		if got := otherOrder(a, b, m); got != c.want {
			t.Errorf("%q, %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
