package answer

import (
	"slices"
	"strings"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/language"
	"tania/internal/tania"
)

// TestAClaimOfNothingIsNotKnown has models that cite nothing and claim something of the business in words alone.
func TestAClaimOfNothingIsNotKnown(t *testing.T) {
	history := []tania.Entry{
		{From: tania.FromCustomer, Text: "¿Tienen barbería?"},
		{From: tania.FromHuman, Text: "Mañana le prestamos una silla de ruedas."},
	}
	for _, c := range []struct {
		said bool
		text string
	}{
		// What the knowledge says, also in other words or another language, and what a colleague or the persona says.
		{true, "Sí, tenemos alberca."},
		{true, "Sí, contamos con piscina."},
		{true, "Yes, we have a swimming pool."},
		{true, "Sim, temos piscina com seis raias."},
		{true, "Sí, le prestamos la silla de ruedas mañana."},
		{true, "Claro, en el Gimnasio Norte abrimos los sábados."},
		{true, "We open on Saturdays too."},
		// Small talk, and what is said of the conversation.
		{true, "¡Claro! ¿Qué más le gustaría saber?"},
		{true, "Lamentamos mucho lo que pasó con su mochila."},
		{true, "We hope to see you soon, have a wonderful evening!"},
		{true, "No tenemos esa información sobre estacionamiento."},
		{true, "Sí, soy un asistente virtual."},
		{true, "Podemos ayudarle con gusto."},
		// What is nowhere, also where the customer said it.
		{false, "Sí, tenemos barbería y peluquería."},
		{false, "Yes, we have a barber shop."},
		{false, "Sim, oferecemos estacionamento coberto."},
		{false, "Ofrecemos clases de buceo para embarazadas."},
		{false, "We ship supplements worldwide."},
		{false, "¡Por supuesto! Aceptamos mascotas y bicicletas."},
	} {
		saidOrWithheld(t, "¿tienen barbería?", history, c.text, c.said)
	}
}

// TestAClaimBesideASourceIsNoted has a model cite the hours, and claim something else beside them.
func TestAClaimBesideASourceIsNoted(t *testing.T) {
	for text, noted := range map[string]bool{
		"Abrimos de 9 a 19 h [1]. Sí, tenemos barbería y peluquería.": true,
		"From 9 to 19 [1]. We ship supplements worldwide.":            true,
		"Abrimos de 9 a 19 h [1].":                                    false,
		"Sí, los perros son bienvenidos [3].":                         false,
		"Yes, dogs are welcome [3].":                                  false,
		"El envío a Lima tarda tres días [2]. Podemos ayudarle más.":  false,
	} {
		r := &recorder{response: llm.Response{Text: text, Known: true, Usage: tania.Usage{Calls: 1}}}
		q := Question{Text: "¿a qué hora abren?", Route: tania.RouteModel, Language: language.Detect(text)}
		got, err := answererOf(shop(), r).Answer(t.Context(), q)
		has := slices.ContainsFunc(got.Notes, func(n string) bool { return strings.Contains(n, "speaks of") })
		if err != nil || !got.Known || len(got.Sources) == 0 || has != noted {
			t.Errorf("%q: known %t, from %v, notes %q, %v; want a note: %t", text, got.Known, got.Sources, got.Notes, err, noted)
		}
	}
}
