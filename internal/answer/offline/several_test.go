package offline

import (
	"strings"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/tania"
)

// TestDealsWithEveryQuestion answers the questions of a message, says which it cannot, and answers nothing that is not wanted.
func TestDealsWithEveryQuestion(t *testing.T) {
	const invoice, parking, hours = "Envíe su RFC y la foto del ticket.", "Hay estacionamiento gratis en el sótano.", "De 9 a 19 h."
	bot := &bot.Bot{
		Language: tania.Spanish, Unknown: bot.Text{tania.Spanish: "Eso no lo sé."},
		FAQ: []bot.FAQ{
			{ID: "invoice", Keywords: []string{"factura"}, Questions: []string{"¿Cómo pido mi factura?"}, Answer: bot.Text{tania.Spanish: invoice}},
			{
				ID: "parking", Keywords: []string{"estacionamiento"}, Questions: []string{"¿Tienen estacionamiento?"},
				Answer: bot.Text{tania.Spanish: parking},
			},
			{ID: "hours", Keywords: []string{"horario"}, Questions: []string{"¿Cuál es su horario?"}, Answer: bot.Text{tania.Spanish: hours}},
		},
	}
	o := New(Options{Bot: bot})
	for text, want := range map[string]string{
		"¿cuál es su horario? ¿tienen estacionamiento?":         hours + "\n\n" + parking,
		"hola, ¿cuál es su horario y tienen estacionamiento?":   hours + "\n\n" + parking,
		"¿cuál es su horario?":                                  hours,
		"¿cuál es su horario?\n¿tienen estacionamiento?":        hours + "\n\n" + parking,
		"cuál es su horario\ntienen estacionamiento":            hours + "\n\n" + parking,
		"hola\ncuál es su horario\ny tienen estacionamiento":    hours + "\n\n" + parking,
		"voy en coche y con prisa, ¿tienen estacionamiento?":    parking,
		"compré unas botas, ¿aceptan perros?":                   "Eso no lo sé.",
		"no quiero factura, quiero saber del estacionamiento":   parking,
		"no quiero factura":                                     "Eso no lo sé.",
		"¿aceptan perros? ¿dan clases de yoga?":                 "Eso no lo sé.",
		"quiero cancelar. ¿cuál es su horario?":                 "Eso no lo sé.",
		"¿cuál es su horario? no quiero factura":                hours,
		"¿cuál es su horario? ¿aceptan perros?":                 hours + "\n\nSobre «aceptan perros»: Eso no lo sé.",
		"¿cuál es su horario y cuánto cuesta el corte de pelo?": hours + "\n\nSobre «cuánto cuesta el corte de pelo»: Eso no lo sé.",
		"¿tienen estacionamiento? ¿aceptan perros o gatos? ¿y cuál es su horario? ¿dan yoga?": parking + "\n\n" + hours +
			"\n\nSobre «aceptan perros o gatos; dan yoga»: Eso no lo sé.",
	} {
		r, err := o.Respond(t.Context(), llm.Prompt{Text: text, Language: tania.Spanish})
		if err != nil || r.Text != want || r.Known == strings.Contains(want, "Eso no lo sé.") {
			t.Errorf("%q: %q, known %t, %v; want %q", text, r.Text, r.Known, err, want)
		}
	}
}
