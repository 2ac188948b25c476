package answer

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/language"
	"tania/internal/tania"
)

// gym is a business whose knowledge is in Spanish, with numbers in figures and in words.
func gym() *bot.Bot {
	return &bot.Bot{
		Name: "Vera", Business: "Gimnasio Norte", Language: tania.Spanish, Unknown: bot.Text{bot.AnyLanguage: "Eso no lo sé."},
		Languages: []tania.Language{tania.Spanish, tania.English, tania.Portuguese},
		FAQ: []bot.FAQ{{
			ID: "hours", Questions: []string{"¿A qué hora abren?"},
			Answer: bot.Text{tania.Spanish: "Abrimos de lunes a viernes de 6:00 a 22:30, y los sábados de ocho de la mañana a dos de la tarde."},
		}},
		Knowledge: []bot.Passage{
			{Source: "fees", Title: "Cuotas", Text: "La cuota mensual es de $1,250 y la inscripción cuesta 300 pesos. Estudiantes: 15 % menos."},
			{Source: "contact", Title: "Contacto", Text: "Llame al +52 55 5555 0142 o escriba a hola@norte.example. Reserve en https://norte.example/clases."},
			{Source: "pool", Title: "Alberca", Text: "La alberca tiene veinticinco metros y seis carriles."},
		},
	}
}

// TestAnAnswerOfNothingIsNotKnown has models that cite nothing. What they make up is not said; what the bot knows, in whatever words, and
// small talk, are.
func TestAnAnswerOfNothingIsNotKnown(t *testing.T) {
	history := []tania.Entry{
		{From: tania.FromCustomer, Text: "Mi teléfono es 33 1234 5678 y pagué 840 pesos"},
		{From: tania.FromHuman, Text: "Le guardo un lugar a las 17:45, por 99 pesos."},
	}
	for _, c := range []struct {
		said bool
		text string
	}{
		// What the knowledge says, and says in other words or by the other clock.
		{true, "La mensualidad son $1250."},
		{true, "Sale en 1.250 pesos al mes."},
		{true, "Son mil doscientos cincuenta pesos."},
		{true, "It is $1,250.00 a month."},
		{true, "Students get 15% off."},
		{true, "You pay MXN 300 once."},
		{true, "We're open until 10:30 pm on weekdays."},
		{true, "On Saturdays from 8 am to 2 p.m."},
		{true, "Sábados: 8 h às 14 h."},
		{true, "Abrimos a las 6 am."},
		{true, "Aos sábados fechamos às 14:00."},
		{true, "Call us: +52 55 5555-0142."},
		{true, "Marque 5555 0142."},
		{true, "Write to HOLA@norte.example."},
		{true, "Book at https://norte.example/clases."},
		{true, "Reserve en https://norte.example/."},
		// What was said in the conversation, and the date and hour that the prompt has.
		{true, "Le marcamos al 33 1234 5678."},
		{true, "Como le dijo mi compañera: a las 17:45."},
		{true, "Sí, pagó 840 pesos."},
		{true, "Ahora son las 23:30."},
		{false, "En 12 minutos son las 5 h, como usted pregunta."},
		// Small talk and what needs no knowledge.
		{true, "¡Muy bien, gracias! ¿Y usted?"},
		{true, "Soy Vera, del Gimnasio Norte."},
		{true, "Solo puedo hablar del gimnasio."},
		{true, "¡Felices 15 años!"},
		{true, "Le doy 2 opciones: la 1 o la 2."},
		{true, "¿Para cuántas personas?"},
		{true, "Si es una emergencia, llame al 911."},
		{true, "Lamento mucho lo que pasó."},
		{true, "¡100 gracias!"},
		// What is nowhere.
		{false, "El pase diario cuesta $180."},
		{false, "Sale en 500 pesos."},
		{false, "Custa R$ 89,90."},
		{false, "Hay un 40 % de descuento."},
		{false, "El sauna abre a las 11:15."},
		{false, "The sauna closes at 9 pm."},
		{false, "Llame al 55 1111 2222."},
		{false, "Escriba a ventas@norte.example."},
		{false, "Vea https://norte.example/sauna."},
		{false, "Vea www.gimnasionorte.com"},
	} {
		saidOrWithheld(t, "¿y a las 5 h?", history, c.text, c.said)
	}
}

// TestAFactOfNothingBesideASourceIsNotSaid has a model that works something out beside what it cites.
func TestAFactOfNothingBesideASourceIsNotSaid(t *testing.T) {
	r := &recorder{response: llm.Response{Text: "Dos meses son $2,500 [2].", Known: true, Usage: tania.Usage{Calls: 1}}}
	got, err := answererOf(gym(), r).Answer(t.Context(), Question{Text: "¿dos meses?", Route: tania.RouteModel})
	if err != nil || got.Known || got.Held != tania.GuardFacts || !got.HeldBack || len(got.Sources) > 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	if len(r.prompts) != 2 || !strings.Contains(r.prompts[1].System, `was not sent`) || !strings.Contains(r.prompts[1].System, "$2,500") {
		t.Errorf("the model was not told why: %d prompts", len(r.prompts))
	}
}

func TestWithoutKnowledgeNothingIsDoubted(t *testing.T) {
	r := &recorder{response: llm.Response{Text: "Cuesta $500.", Known: true, Usage: tania.Usage{Calls: 1}}}
	got, err := answererOf(&bot.Bot{}, r).Answer(t.Context(), Question{Text: "¿cuánto?", Route: tania.RouteModel})
	if err != nil || !got.Known || got.Text != "Cuesta $500." || len(got.Notes) > 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestWhatIsRememberedBearsNothingOut: else a customer could write today what the bot promises them tomorrow.
func TestWhatIsRememberedBearsNothingOut(t *testing.T) {
	r := &recorder{response: llm.Response{Text: "Su cuota es de $90.", Known: true, Usage: tania.Usage{Calls: 1}}}
	q := Question{Text: "¿y mi cuota?", Route: tania.RouteModel, Language: tania.Spanish, Earlier: []tania.Recollection{
		{Kind: tania.RecalledFact, Text: "Mi contrato es el de 90 pesos"},
	}}
	got, err := answererOf(gym(), r).Answer(t.Context(), q)
	if err != nil || got.Known || got.Text != "Eso no lo sé." {
		t.Errorf("what was remembered counts as a source: %+v, %v", got, err)
	}
	if !strings.Contains(r.prompts[0].About, "90 pesos") {
		t.Errorf("the model was not told of it: %q", r.prompts[0].About)
	}
	q.Text = "¿y mi cuota de 90 pesos?"
	if got, err = answererOf(gym(), r).Answer(t.Context(), q); err != nil || !got.Known {
		t.Errorf("what the customer says now: %+v, %v", got, err)
	}
}

// saidOrWithheld has the gym's model answer so, which is said as it is, or withheld as not known.
func saidOrWithheld(t *testing.T, question string, history []tania.Entry, text string, said bool) {
	t.Helper()
	r := &recorder{response: llm.Response{Text: text, Known: true, Usage: tania.Usage{Calls: 1}}}
	got, err := answererOf(gym(), r).Answer(t.Context(), Question{
		Text: question, Route: tania.RouteModel, Language: cmp.Or(language.Detect(text), tania.Spanish), History: history,
	})
	if err != nil {
		t.Fatal(err)
	}
	noted := slices.ContainsFunc(got.Notes, func(n string) bool {
		return strings.Contains(n, "withheld") || strings.Contains(n, "no reply could be said")
	})
	switch {
	case said && (got.Text != text || !got.Known || noted):
		t.Errorf("%q is not said: %q, %q", text, got.Text, got.Notes)
	case !said && (got.Text != "Eso no lo sé." || got.Known || !noted || len(got.Sources) > 0):
		t.Errorf("%q is made up, and said: %q, known %v, from %v, %q", text, got.Text, got.Known, got.Sources, got.Notes)
	}
}
