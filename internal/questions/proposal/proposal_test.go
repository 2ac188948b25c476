package proposal_test

import (
	"strings"
	"testing"

	"tania/internal/questions/proposal"
	"tania/internal/tania"
)

func conversation(said ...string) *tania.Conversation {
	c := &tania.Conversation{
		Contact:  tania.Contact{Name: "Ana María Torres de la Cruz", Phone: "+57 310 555 1234", Email: "ana@example.com"},
		Language: tania.Spanish,
	}
	from := map[byte]tania.Author{'C': tania.FromCustomer, 'B': tania.FromBot, 'H': tania.FromHuman}
	for i, s := range said {
		e := tania.Entry{ID: tania.MessageID(i + 1), From: from[s[0]], Text: s[2:]}
		if e.From == tania.FromHuman {
			e.Name = "Luis Peña"
		}
		c.History = append(c.History, e)
	}
	return c
}

func TestWhatAHumanAnsweredIsProposed(t *testing.T) {
	for name, c := range map[string]struct {
		said    []string
		message tania.MessageID
		want    string
	}{
		"the answer, without the greeting": {
			[]string{
				"C:¿Envían a Leticia?", "B:No lo sé", "H:Hola Ana, buenas tardes", "H:Hola Ana, sí enviamos, tarda cinco días.", "C:gracias",
				"H:con gusto, Ana",
			},
			1, "Sí enviamos, tarda cinco días.",
		},
		"in several messages": {
			[]string{"C:¿Envían a Leticia?", "H:Sí enviamos.", "H:Cuesta 120.000 pesos.", "H:¿Algo más en que ayudarte?"},
			1, "Sí enviamos.\nCuesta 120.000 pesos.",
		},
		"after the human asked back": {
			[]string{
				"C:¿Cuánto cuesta el envío?", "H:¿A qué ciudad?", "C:Leticia", "H:A Leticia cuesta 90 pesos y tarda cinco días", "C:¿y abren hoy?",
				"H:Abrimos hasta las ocho de la noche, también los domingos y festivos del año",
			},
			1, "A Leticia cuesta 90 pesos y tarda cinco días",
		},
		"of the question that is meant": {
			[]string{"C:¿Cuánto cuesta el envío?", "H:Cuesta noventa pesos a toda la ciudad", "C:¿abren hoy?", "H:Hasta las ocho"},
			3, "Hasta las ocho",
		},
		"a link first is written as it is": {
			[]string{"C:¿Cómo envían?", "H:Hola Ana, https://tienda.com/envios explica los tiempos"},
			1, "https://tienda.com/envios explica los tiempos",
		},
		"nobody answered":           {[]string{"H:Buen día a todos", "C:¿Abren?", "B:No lo sé"}, 2, ""},
		"only courtesy":             {[]string{"C:¿Abren?", "H:Hola, con gusto"}, 1, ""},
		"a message that is unknown": {[]string{"C:¿Abren?", "H:Hasta las ocho"}, 7, ""},
	} {
		if got := proposal.Answer(conversation(c.said...), c.message, tania.Spanish, nil); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestPersonalDataIsReplaced(t *testing.T) {
	c := conversation("C:soy Ana, mi pedido es AB-99812 y pagué 45300", "H:Hola")
	persons := proposal.Of(c, nil)
	for text, want := range map[string]string{
		"Claro, señora Ana Torres, le ayuda Luis.":                  "Claro, señora [nombre], le ayuda [nombre].",
		"claro ANA, doña maria":                                     "claro [nombre], doña [nombre]",
		"Le atiende Carlos Restrepo del área de ventas":             "Le atiende [nombre] del área de ventas",
		"Escriba a luis.pena+x@tienda.com.co, o a @luis_tienda.":    "Escriba a [correo], o a [correo]",
		"Llame al +57 (1) 555-12 34 o al 3105551234.":               "Llame al [teléfono] o al [teléfono].",
		"Su pedido número 12345 sale hoy":                           "Su pedido número [número] sale hoy",
		"Tu pedido #A-778 y la factura N° 5567":                     "Tu pedido #[número] y la factura N° [número]",
		"Es el AB99812, ya sale":                                    "Es el [número], ya sale",
		"La guía es 900123456":                                      "La guía es [número]",
		"El código TRK0098812 sirve":                                "El código [número] sirve",
		"Cuesta $120000, o 1.250.000, o 35000 pesos con 500 megas":  "Cuesta $120000, o 1.250.000, o 35000 pesos con 500 megas",
		"Los 45300 pesos que pagó":                                  "Los [número] pesos que pagó",
		"Abrimos de 8:00 a 20:00 desde 2024, sala 12":               "Abrimos de 8:00 a 20:00 desde 2024, sala 12",
		"Mire https://tienda.com/envios y www.tienda.com/p/8891234": "Mire https://tienda.com/envios y [enlace]",
		"https://tienda.com/track?id=ana":                           "[enlace]",
		"Es Https://tienda.com/clientes/Torres/ficha, mire":         "Es [enlace], mire",
		"Banana y mañana de la semana":                              "Banana y mañana de la semana",
	} {
		if got := persons.Replace(text, tania.Spanish); got != want {
			t.Errorf("%q became\n%q, want\n%q", text, got, want)
		}
		if got := persons.Replace(text, tania.Spanish); proposal.Marked(got) != (got != text) {
			t.Errorf("%q is marked: %v", got, proposal.Marked(got))
		}
	}
	for l, want := range map[tania.Language]string{tania.English: "[name]", tania.Portuguese: "[nome]", "fr": "[name]"} {
		if got := persons.Replace("Ana", l); got != want {
			t.Errorf("%s: %q", l, got)
		}
	}
}

// FuzzReplace: whatever stands before, what the customer is known by does not stay.
func FuzzReplace(f *testing.F) {
	for _, text := range []string{"Hola", "$", "pedido", "https://x.com/a", "12345 67", "me llamo", "a@", "+"} {
		f.Add(text)
	}
	persons := proposal.Of(conversation("C:soy Ana"), nil)
	f.Fuzz(func(t *testing.T, text string) {
		got := persons.Replace(text+"\n Torres , ana@example.com , +57 310 555 1234 .", tania.Spanish)
		for _, known := range []string{"Torres", "ana@example.com", "310 555"} {
			if strings.Contains(got, known) && !strings.Contains(text, known) {
				t.Errorf("%q is in %q", known, got)
			}
		}
	})
}
