package shareable

import (
	"strings"
	"testing"
	"time"

	"tania/internal/cache/reading"
	"tania/internal/tania"
	"tania/internal/words"
)

// TestWhatNamesSomebodyOrSomethingOfTheirs: each with what is like it and names nobody.
func TestWhatNamesSomebodyOrSomethingOfTheirs(t *testing.T) {
	for text, want := range map[string]bool{
		"¿me escriben a ana@tienda.es?": true, "¿qué significa @ en el menú?": false,
		"mi localizador QWERTY no aparece": true, "¿ESTÁ MI RESERVA QWERTY?": false,
		"¿cómo cancelo una reserva?": false, "¿venden QWERTY?": false,
		"ana arroba gmail punto com": true, "¿puedo entrar con gmail?": false, "¿el enlace dice punto com?": false,
		"mi correo es anagomez": true, "mi correo es incorrecto": false, "mi direccion es equivocada": false, "my password is wrong": false,
		"mi hija pequeña es Lucía": true, "MI HIJA PEQUEÑA ES LUCÍA": false, "mi hija pequeña es alta": false, "mi código postal es a7": true,
		"esta tienda es Zara": false, "me llamo ana": true, "¿cómo se llama la tienda?": false, "¿qué nombre tiene el plan?": false,
		"buenas, soy Marta": true, "soy marta": true, "buenas, soy marta": false, "soy cliente": false, "soy registrado en la web": false,
		"¿se habla X en la tienda?": false, "¿se habla Catalán allí?": true, "this is The question": false, "nombre: ana": true,
	} {
		if got := identifying(text, words.Fold(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	word := "" // a word of the language that is no kind of customer
	for w := range reading.FunctionWords {
		if !kinds[w] && !participle(w) && len(w) > 1 && (word == "" || w < word) {
			word = w
		}
	}
	if introduces("soy " + word + " ahí") {
		t.Errorf("%q is taken for a name", word)
	}
}

// TestFiguresOfAPersonOrARecord, beside those of money, measures, years and models.
func TestFiguresOfAPersonOrARecord(t *testing.T) {
	for text, want := range map[string]bool{
		"12500": true, "12500 casas": true, "12500 pesos": false, "12500 pesos?": false, "$ 12500": false, "€12500": false, "£12500": false,
		"12.500": false, "12,500": false, "1.250.000": false, "12345678 pesos": true, "2024-2025": false, "2024-2099": false, "2124-2125": true,
		// Codes: three figures, or three changes between letters and figures.
		"ab999": true, "ab99c": false, "a1bc2": true, "a0bc2": true, "a9bc2": true, "ab0c": false, "ab0cd": false, "ab-1c": false, "ab1-2": true,
		"a12bc": false, "5000mah": false,
	} {
		if got := numbered(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestParticiples(t *testing.T) {
	for w, want := range map[string]bool{
		"lado": false, "lados": false, "usado": true, "usados": true, "vivida": true, "inscritas": true, "marta": false, "ando": false,
	} {
		if got := participle(w); got != want {
			t.Errorf("%q: %v", w, got)
		}
	}
}

// TestTheTextsOwnReasonComesFirst: before the conversation's, and each at its limit.
func TestTheTextsOwnReasonComesFirst(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	asked := func(text string, ago time.Duration) Request {
		return Request{Text: text, History: []tania.Entry{{From: tania.FromBot, Text: "¿Me dice su ciudad?", At: now.Add(-ago)}}}
	}
	const question = "¿Cuál es el horario de la tienda?"
	long := question + strings.Repeat(" ", LongestQuestion-len(question))
	for name, c := range map[string]struct {
		request Request
		want    Refusal
	}{
		"a follow-up":                  {asked(question, time.Minute), RefusalFollowUp},
		"a follow-up at the last time": {asked(question, recent), RefusalFollowUp},
		"too late for one":             {asked(question, recent+1), ""},
		"a number of theirs":           {asked("¿dónde está mi pedido 12345?", time.Minute), RefusalIdentifying},
		"as long as may be":            {Request{Text: long}, ""},
		"longer":                       {Request{Text: long + " "}, RefusalTooLong},
	} {
		if got := Turn(c.request, now); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if got := Question(c.request.read()); c.request.History == nil && got != c.want {
			t.Errorf("%s, as a question alone: %q, want %q", name, got, c.want)
		}
	}
}

// TestWhatEndsAsking: with a question mark at the end or little behind it, and not for something else.
func TestWhatEndsAsking(t *testing.T) {
	for text, want := range map[string]bool{
		"?": true, "": false, "Abrimos a las nueve.": false, "¿Me dice su ciudad?" + strings.Repeat(" ", 30): true,
		"¿Me dice su ciudad?" + strings.Repeat("x", 19): true, "¿Me dice su ciudad?" + strings.Repeat("x", 20): false,
		"¿Algo más? No. ¿Me dice su ciudad?": true, "Algo más?": false, "Abrimos. ¿Algo más?": false,
	} {
		if got := endsAsking(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestHowShortACustomersNumberMayBe that is looked for in an answer, and a name.
func TestHowShortACustomersNumberMayBe(t *testing.T) {
	wrote := func(text string) Request {
		return Request{History: []tania.Entry{{From: tania.FromCustomer, Text: text}}}
	}
	for name, c := range map[string]struct {
		request Request
		answer  string
		want    bool
	}{
		"six digits":          {wrote("el 123456"), "Es el 12 34 56.", true},
		"five":                {wrote("el 12345"), "Es el 12 34 5.", false},
		"a code of four":      {wrote("es a12b"), "Su código es A12B.", true},
		"a code of three":     {wrote("es a1b"), "La talla es A1B.", false},
		"an address, first":   {wrote("ana@a.mx o bea@b.mx"), "Escribimos a ana@a.mx", true},
		"an address, second":  {wrote("ana@a.mx o bea@b.mx"), "Escribimos a bea@b.mx", true},
		"another's":           {wrote("ana@a.mx o bea@b.mx"), "Escribimos a eva@c.mx", false},
		"a name":              {Request{Contact: tania.Contact{Name: "Ana de Los Ríos"}}, "Claro, Ana.", true},
		"a part of two":       {Request{Contact: tania.Contact{Name: "Xu Li"}}, "Claro, xu.", false},
		"a word of the words": {Request{Contact: tania.Contact{Name: "Ana de Los Ríos"}}, "Los martes abrimos.", false},
	} {
		if got := holdsCustomerData(c.request, c.answer); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestALineBreakIsASpace: who writes in lines says the same.
func TestALineBreakIsASpace(t *testing.T) {
	for _, text := range []string{"mi correo es\nanagomez", "hola\nmi\ncorreo\tes\nanagomez", "mi hija pequeña es\nLucía", "hi, im\nMaria"} {
		if !identifying(text, words.Fold(text)) {
			t.Errorf("%q names nobody", text)
		}
	}
}
