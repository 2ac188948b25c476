package shareable

import (
	"testing"

	"tania/internal/tania"
)

func TestAnswersThatAreNotKept(t *testing.T) {
	anas := Request{
		Contact: tania.Contact{
			Name: "Ana de los Ángeles Ruíz", Email: "ana.ruiz@correo.es", Phone: "+34 612 345 678",
			Identifier: "cliente-77123",
		},
		History: []tania.Entry{
			{From: tania.FromCustomer, Text: "Hola, mi pedido es el 48213 y mis otros correos ana2@casa.es y luna77@casa.es."},
			{From: tania.FromHuman, Text: "Su guía n.º MX-9921 ya salió."},
			{From: tania.FromCustomer, Text: "El código es AB12-9"},
			{From: tania.FromBot, Text: "El plan cuesta 1500 pesos; escriba a tienda@correo.es"},
		},
	}
	known := func(text string) Candidate { return Candidate{Text: text, Alone: true, Known: true} }
	with := func(m Candidate, change func(*Candidate)) Candidate { change(&m); return m }
	for _, c := range []struct {
		what string
		made Candidate
		want Refusal
	}{
		{"a plain answer", known("Abrimos de nueve a seis. Escriba a tienda@correo.es o llame al 900 123 456."), ""},
		{"with words of her name that are the language's", known("Los envíos de la tienda llegan el lunes."), ""},
		{"with a price that the bot told her", known("El plan cuesta 1500 pesos."), ""},
		{"empty", known(" \n"), RefusalEmpty},
		{"handoff", with(known("Le comunico."), func(m *Candidate) { m.Handoff = true }), RefusalHandoff},
		{"truncated", with(known("Para cambiar"), func(m *Candidate) { m.Truncated = true }), RefusalTruncated},
		{"fallback", with(known("Estamos ocupados."), func(m *Candidate) { m.Fallback = true }), RefusalFallback},
		{"tools", with(known("Quedan tres."), func(m *Candidate) { m.Tools = true }), RefusalTools},
		{"unknown", Candidate{Text: "No tengo ese dato.", Alone: true}, RefusalUnknown},
		{"made with a conversation", Candidate{Text: "El envío es gratis.", Known: true}, RefusalContext},
		{"offer", with(known("¿Desea que le comunique?"), func(m *Candidate) { m.OfferHuman = true }), RefusalOffer},
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
		{"e-mail without a name", Candidate{Text: "Le escribimos a luna77@casa.es.", Alone: true, Known: true}, RefusalCustomerData},
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
		if got := Answer(anas, c.made); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	if got := Answer(Request{}, known("Claro, Ana: su pedido 48213 llega hoy a ana.ruiz@correo.es.")); got != "" {
		t.Errorf("what no conversation tells of is refused for %q", got)
	}
}

func TestAnAnswerWithTheCustomersAddressIsNotKept(t *testing.T) {
	for _, c := range []struct {
		who    tania.Contact
		answer string
		want   Refusal
	}{
		{tania.Contact{Name: "Ana Ruiz", Email: " Sol.y.Luna@Correo.es "}, "Le escribimos a sol.y.luna@correo.es.", RefusalCustomerData},
		{tania.Contact{Name: "Ana Ruiz", Identifier: "taller-sur@correo.es"}, "Le escribimos a taller-sur@correo.es.", RefusalCustomerData},
		{tania.Contact{Name: "Ana Ruiz", Email: "sol.y.luna@correo.es"}, "Escriba a tienda@correo.es.", ""},
		{tania.Contact{Name: "Ana Ruiz", Identifier: "garantia"}, "La garantia dura un mes.", ""},
	} {
		if got := Answer(Request{Contact: c.who}, Candidate{Text: c.answer, Alone: true, Known: true}); got != c.want {
			t.Errorf("%q to %+v: %q, want %q", c.answer, c.who, got, c.want)
		}
	}
}
