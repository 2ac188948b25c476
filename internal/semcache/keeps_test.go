package semcache

import (
	"testing"
	"time"

	"tania/internal/tania"
)

func TestAnswersThatAreNotKept(t *testing.T) {
	anas := Request{
		Contact: tania.Contact{Name: "Ana de los Ángeles Ruíz", Email: "ana.ruiz@correo.es", Phone: "+34 612 345 678", Identifier: "cliente-77123"},
		History: []tania.Entry{
			{From: tania.FromCustomer, Text: "Hola, mi pedido es el 48213 y mi otro correo ana2@casa.es"},
			{From: tania.FromHuman, Text: "Su guía n.º MX-9921 ya salió."},
			{From: tania.FromCustomer, Text: "El código es AB12-9"},
			{From: tania.FromBot, Text: "El plan cuesta 1500 pesos; escriba a tienda@correo.es"},
		},
	}
	known := func(text string) Made { return Made{Text: text, Alone: true, Known: true} }
	with := func(m Made, change func(*Made)) Made { change(&m); return m }
	for _, c := range []struct {
		what string
		made Made
		want Refusal
	}{
		{"a plain answer", known("Abrimos de nueve a seis. Escriba a tienda@correo.es o llame al 900 123 456."), ""},
		{"with words of her name that are the language's", known("Los envíos de la tienda llegan el lunes."), ""},
		{"with a price that the bot told her", known("El plan cuesta 1500 pesos."), ""},
		{"empty", known(" \n"), RefusalEmpty},
		{"handoff", with(known("Le comunico."), func(m *Made) { m.Handoff = true }), RefusalHandoff},
		{"truncated", with(known("Para cambiar"), func(m *Made) { m.Truncated = true }), RefusalTruncated},
		{"fallback", with(known("Estamos ocupados."), func(m *Made) { m.Fallback = true }), RefusalFallback},
		{"tools", with(known("Quedan tres."), func(m *Made) { m.Tools = true }), RefusalTools},
		{"unknown", Made{Text: "No tengo ese dato.", Alone: true}, RefusalUnknown},
		{"made with a conversation", Made{Text: "El envío es gratis.", Known: true}, RefusalContext},
		{"offer", with(known("¿Desea que le comunique?"), func(m *Made) { m.OfferHuman = true }), RefusalOffer},
		{"apology es", known("Lo siento, no tenemos ese modelo."), RefusalApology},
		{"apology en", known("I'm sorry, but we don't have that."), RefusalApology},
		{"apology pt", known("Infelizmente não temos esse modelo."), RefusalApology},
		{"regret en", known("Unfortunately we are closed."), RefusalApology},
		{"sorry pt", known("Desculpe pelo transtorno."), RefusalApology},
		{"name es", known("Claro, Ana: abrimos a las nueve."), RefusalCustomerData},
		{"name en", known("Sure, Mrs. RUIZ, we open at nine."), RefusalCustomerData},
		{"name pt", known("Bom dia, Ana! Abrimos às nove."), RefusalCustomerData},
		{"e-mail", known("Le escribimos a Ana.Ruiz@correo.es."), RefusalCustomerData},
		{"e-mail of the conversation", known("Le escribimos a ANA2@casa.es."), RefusalCustomerData},
		{"phone", known("Le llamamos al 612345678."), RefusalCustomerData},
		{"phone with separators", known("We will call (+34) 612-345-678."), RefusalCustomerData},
		{"phone with another prefix", known("Ligamos para 0034 612 345 678."), RefusalCustomerData},
		{"order number es", known("Su pedido 48213 llega el martes."), RefusalCustomerData},
		{"order number en", known("Order #48213 arrives on Tuesday."), RefusalCustomerData},
		{"order number pt", known("O pedido 48213 chega na terça."), RefusalCustomerData},
		{"number that an agent told", known("La guía MX9921 se entrega hoy."), RefusalCustomerData},
		{"code", known("Con el código ab12-9 tiene un descuento."), RefusalCustomerData},
		{"identifier", known("Su número es cliente-77123."), RefusalCustomerData},
	} {
		if got := keeps(anas, c.made); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	if got := keeps(Request{}, known("Claro, Ana: su pedido 48213 llega hoy a ana.ruiz@correo.es.")); got != "" {
		t.Errorf("what no conversation tells of is refused for %q", got)
	}
}

func TestWhatContinuesAConversation(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	const question = "¿Cuál es el horario de la tienda?"
	for _, c := range []struct {
		last string
		from tania.Author
		ago  time.Duration
		text string
		want bool
	}{
		{"No tengo ese dato. ¿Desea que le comunique con alguien?", tania.FromBot, time.Minute, "claro, por favor comuníqueme", true},
		{"No tengo ese dato. ¿Desea que le comunique con alguien?", tania.FromBot, time.Minute, question, true},
		{"¿Me dice su ciudad, por favor?", tania.FromHuman, time.Minute, question, true},
		{"Would you like me to connect you?", tania.FromBot, time.Minute, "what are your opening hours downtown", true},
		{"Posso transferir você para um atendente?", tania.FromBot, time.Minute, "qual é o horário da loja", true},
		{"Abrimos a las nueve. ¿Algo más?", tania.FromBot, time.Minute, question, false},
		{"¿Algo más?", tania.FromBot, time.Minute, question, false},
		{"Abrimos a las nueve. ¿Hay otra cosa en que pueda ayudarle? 😊", tania.FromBot, time.Minute, question, false},
		{"We open at nine. Is there anything else I can help you with?", tania.FromBot, time.Minute, "what are your opening hours downtown", false},
		{"Abrimos às nove. Posso ajudar em algo mais?", tania.FromBot, time.Minute, "qual é o horário da loja do centro", false},
		{"Abrimos a las nueve.", tania.FromBot, time.Minute, question, false},
		{"Abrimos a las nueve.", tania.FromBot, time.Minute, "¿y los sábados?", true},
		{"¿Desea que le comunique con alguien?", tania.FromCustomer, time.Minute, question, false},
		{"¿Lo quiere? Se lo guardo hasta mañana a las seis.", tania.FromBot, time.Minute, question, false},
		{"¿Desea que le comunique con alguien?", tania.FromBot, 31 * time.Minute, question, false},
		{"¿Algo más?", tania.FromBot, 31 * time.Minute, question, false},
		{"¿Desea que le comunique con alguien?", tania.FromBot, 31 * time.Minute, "claro, por favor comuníqueme", false},
	} {
		r := Request{Text: c.text, History: []tania.Entry{{From: tania.FromBot, Text: "¿Cómo se llama?", At: now.Add(-time.Hour)}, {From: c.from, Text: c.last, At: now.Add(-c.ago)}}}
		if got := continues(r, now); got != c.want {
			t.Errorf("%q after %q of the %s, %s ago: %v", c.text, c.last, c.from, c.ago, got)
		}
	}
	if continues(Request{Text: "horario"}, now) {
		t.Error("a first message continues something")
	}
}

func TestVectors(t *testing.T) {
	a, b := quantise([]float32{1, -2, 3, 0}), quantise([]float32{1, -2, 3, 0})
	if got := a.cosine(b); got < 0.999 {
		t.Errorf("the same are %v alike", got)
	}
	if got := a.cosine(quantise([]float32{-1, 2, -3, 0})); got > -0.999 {
		t.Errorf("the opposite are %v alike", got)
	}
	for _, other := range []vector{{}, quantise(nil), quantise([]float32{0, 0}), quantise([]float32{1, 2, 3})} {
		if a.cosine(other) != 0 || other.cosine(a) != 0 {
			t.Errorf("%v is comparable", other)
		}
	}
	if got := unpack(a.pack()); got.cosine(a) < 0.999 || len(got.pack()) != 4 {
		t.Errorf("%v comes back as %v", a, got)
	}
}
