package dispatcher

import (
	"testing"

	"tania/internal/tania"
)

// TestKeywordsAnswerOnlyTheirWholeQuestion gives an entry's answer where the message asks for it and for nothing else.
func TestKeywordsAnswerOnlyTheirWholeQuestion(t *testing.T) {
	d := New(Options{FAQ: []FAQ{
		{
			ID: "invoice", Keywords: []string{"factura", "facturación", "invoice", "nota fiscal"},
			About: []string{
				"¿Cómo pido mi factura de una compra?", "Envíe su RFC y la foto del ticket. No cobramos por ella.",
				"Send us your tax id and a photo of the receipt.",
			},
		},
		{
			ID: "parking", Keywords: []string{"estacionamiento", "parking", "estacionamento"},
			About: []string{"Hay estacionamiento gratis en el sótano, también para motos.", "Free parking in the basement."},
		},
		{
			ID: "hours", Keywords: []string{"horario", "hora abren", "opening hours", "que horas abrem"},
			About: []string{"De lunes a sábado de 9 a 19 h; el domingo cerramos."},
		},
		{ID: "shipping", Keywords: []string{"envío", "shipping", "frete"}},
		{ID: "free-shipping", Keywords: []string{"envío gratis"}},
		{ID: "gluten", Keywords: []string{"sin gluten"}},
	}})
	for text, want := range map[string]string{
		// Wholly the entry's question.
		"¿me pueden dar factura?":                      "invoice",
		"hola buenas tardes, necesito factura porfa":   "invoice",
		"¿cómo pido la factura de mi compra?":          "invoice",
		"factura":                                      "invoice",
		"gracias, ¿y hay estacionamiento?":             "parking",
		"¿el estacionamiento es gratis?":               "parking",
		"can you send me an invoice please":            "invoice",
		"vocês têm estacionamento?":                    "parking",
		"vocês têm estacionamento no sótano?":          "parking",
		"¿a qué hora abren el domingo?":                "hours",
		"oi, que horas vocês abrem?":                   "hours",
		"hola, soy Marta. Quisiera saber su horario":   "hours",
		"¿hacen envío gratis?":                         "free-shipping",
		"¿tienen algo sin gluten?":                     "gluten",
		"¿cuál es su horario?\nhola\n¿me dan horario?": "hours",
		// A negation, another question, a condition, another matter.
		"no quiero factura, quiero saber del estacionamiento": "",
		"no quiero factura":                                 "",
		"no invoice needed, where can I park?":              "",
		"não quero nota fiscal":                             "",
		"pan sin factura":                                   "",
		"¿dan factura y tienen estacionamiento?":            "",
		"¿cuál es su horario y cuánto cuesta el corte?":     "",
		"what are your opening hours? do you take dogs?":    "",
		"si pido factura, ¿sube el precio?":                 "",
		"mi factura tiene mal el nombre":                    "",
		"¿cuánto tarda el envío a Monterrey?":               "",
		"¿el horario cambia en Semana Santa?":               "",
		"el estacionamiento estaba lleno":                   "",
		"¿qué horario tiene el doctor Ruiz?":                "",
		"do you have parking for a bus?":                    "",
		"how much is shipping if I buy two?":                "",
		"o frete demora quanto pro Acre?":                   "",
		"¿hacen envío? y otra cosa: ¿el queso lleva cuajo?": "",
	} {
		c := d.Dispatch(text)
		route := tania.RouteFAQ
		if want == "" {
			route = tania.RouteModel
		}
		if c.Route != route || c.FAQ != want {
			t.Errorf("%q: %s %q (%s), want %s %q", text, c.Route, c.FAQ, c.Why, route, want)
		}
		if c.Why == "" {
			t.Errorf("%q: no reason", text)
		}
	}
}

// TestEmergenciesGoBeforeFAQAndGreeting hands over what must not wait, whatever else the message has.
func TestEmergenciesGoBeforeFAQAndGreeting(t *testing.T) {
	d := New(Options{FAQ: []FAQ{
		{ID: "oven", Keywords: []string{"horno", "oven", "forno"}},
		{ID: "syrup", Keywords: []string{"jarabe"}},
		{ID: "orders", Keywords: []string{"pedido"}},
	}})
	for text, want := range map[string]tania.Route{
		"hola buenas tardes, sale humo del horno":                   tania.RouteSensitive,
		"hi, my oven is sparking":                                   tania.RouteSensitive,
		"oi, tá saindo fumaça do forno":                             tania.RouteSensitive,
		"mi hijo no despierta después del jarabe":                   tania.RouteSensitive,
		"buenos días, cancela mi pedido":                            tania.RouteHandoff,
		"qué maravilla de servicio, tercer día esperando mi pedido": tania.RouteFrustration,
		"dá pra falar com gente de verdade?":                        tania.RouteHandoff,
		"pedido":                                                    tania.RouteFAQ,
		"¿el horno hace humo?":                                      tania.RouteModel,
		"¿tienen horno?":                                            tania.RouteFAQ,
	} {
		if c := d.Dispatch(text); c.Route != want {
			t.Errorf("%q: %s (%s), want %s", text, c.Route, c.Why, want)
		}
	}
}
