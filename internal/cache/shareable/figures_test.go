package shareable

import (
	"strings"
	"testing"
	"time"

	"tania/internal/language"
	"tania/internal/tania"
)

func TestFiguresOfAPersonAPlaceOrARecord(t *testing.T) {
	for text, want := range map[string]bool{
		"tengo ab000":                     true, // three figures, noughts too
		"tengo la pieza a1b2c":            true, // figures and letters by turns
		"la norma a1b2":                   false,
		"un disco de 500gb":               false, // a measure
		"el modelo x200":                  false,
		"el iphone15":                     false,
		"mi numero es 55 1234 5678":       true,
		"entre 2019 - 2024":               false,
		"cuesta 12.500 pesos":             false,
		"cuesta $ 125000":                 false,
		"la cuenta 125000":                true,
		"pedido 4567":                     true,
		"vivo en la calle rosas 12":       true,
		"naci el 3 de mayo":               true,
		"la tarjeta que termina en 45":    true,
		"the shop at 12 old market road?": true,
		"la pieza ab12cd":                 false,
		"la pieza ab-12-cd":               false,
		"abren a las 9":                   false,
	} {
		if got := numbered(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestWhoIntroducesThemselves(t *testing.T) {
	for text, want := range map[string]bool{
		"Soy Ana, ¿a qué hora abren?": true,
		"soy ana":                     true,  // with nothing before it
		"ya soy ana":                  false, // without a capital it may be anything
		"soy estudiante":              false, // a kind of customer
		"soy casado, ¿qué necesito?":  false, // a participle
		"soy de Lima":                 false,
		"SOY NUEVO":                   false,
		"nombre: ana":                 true,
		"this is Ana":                 true,
		"this is urgent":              false,
		"habla Ana":                   true,
	} {
		if got := introduces(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// TestTheEndsOfClauses: also those that only Unicode has, its separators of lines and of paragraphs.
func TestTheEndsOfClauses(t *testing.T) {
	for text, want := range map[string]bool{
		".": true, "¿": true, "\n": true, "—": true, "\u2028": true, "\u2029": true, "a": false,
		" ": false, "'": false, "-": false,
	} {
		if r := []rune(text)[0]; endsClause(r) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

func TestTheLongestQuestionThatIsShared(t *testing.T) {
	const question = "¿Cuál es el horario de la tienda? "
	whole := strings.Repeat(question, LongestQuestion/len(question))
	for fill, want := range map[int]bool{0: false, LongestQuestion - len(whole): false, LongestQuestion - len(whole) + 1: true} {
		text := whole + strings.Repeat(" ", fill)
		if got := Turn(Request{Text: text}, time.Now()) == RefusalTooLong; got != want {
			t.Errorf("%d bytes are too long: %v, want %v", len(text), got, want)
		}
	}
}

func TestAnInfinitiveIsKnownWithItsPronoun(t *testing.T) {
	text := ruled(language.Read("x"))
	for word, want := range map[string]bool{
		"pagar": true, "pagarme": true, "pagarse": true, "comer": true, "pedir": true, "pago": false,
		"mar": false, "usar": true, "leer": true, "ver": true,
	} {
		if got := infinitive(text, word); got != want {
			t.Errorf("%q: %v", word, got)
		}
	}
}

// TestWhoAsksToBeToldMayNameTheThingAlone: "muéstrame los precios" asks, "hola, los precios" does not.
func TestWhoAsksToBeToldMayNameTheThingAlone(t *testing.T) {
	for courtesy, want := range map[string]bool{"muestrame": true, "quiero saber": true, "hola buenas": false, "por favor": false} {
		all := append(strings.Fields(courtesy), "los", "precios")
		if got := asksToBeTold(all, all[len(all)-2:]); got != want {
			t.Errorf("%q: %v", courtesy, got)
		}
	}
	if asksToBeTold([]string{"muestrame"}, []string{"muestrame"}) {
		t.Error("what is no courtesy counts")
	}
}

// TestATurnIsSharedUnlessItContinuesAConversation: the text's own reason comes first.
func TestATurnIsSharedUnlessItContinuesAConversation(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	history := []tania.Entry{{From: tania.FromBot, Text: "Abrimos a las nueve.", At: now.Add(-time.Minute)}}
	for _, c := range []struct {
		text    string
		history []tania.Entry
		want    Refusal
	}{
		{"¿Cuál es el horario de la tienda?", nil, ""},
		{"¿Cuál es el horario de la tienda?", history, ""},
		{"¿Y el horario de los sábados?", history, RefusalFollowUp},
		{"¿Dónde está mi pedido 4567?", nil, RefusalIdentifying},
	} {
		if got := Turn(Request{Text: c.text, History: c.history}, now); got != c.want {
			t.Errorf("%q after %d messages: %q, want %q", c.text, len(c.history), got, c.want)
		}
	}
	alone := Request{Text: "a", History: history, Contact: tania.Contact{ID: 3}}.Alone()
	if len(alone.History) > 0 || alone.Contact.ID != 0 || alone.Text != "a" {
		t.Errorf("alone it is %+v", alone)
	}
}
