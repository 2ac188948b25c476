package shareable

import (
	"testing"
	"time"

	"tania/internal/language"
	"tania/internal/tania"
)

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
		{
			"We open at nine. Is there anything else I can help you with?", tania.FromBot, time.Minute, "what are your opening hours downtown",
			false,
		},
		{"Abrimos às nove. Posso ajudar em algo mais?", tania.FromBot, time.Minute, "qual é o horário da loja do centro", false},
		{"Abrimos a las nueve.", tania.FromBot, time.Minute, question, false},
		{"Abrimos a las nueve.", tania.FromBot, time.Minute, "¿y los sábados?", true},
		{"¿Desea que le comunique con alguien?", tania.FromCustomer, time.Minute, question, false},
		{"¿Lo quiere? Se lo guardo hasta mañana a las seis.", tania.FromBot, time.Minute, question, false},
		{"¿Desea que le comunique con alguien?", tania.FromBot, 31 * time.Minute, question, false},
		{"¿Algo más?", tania.FromBot, 31 * time.Minute, question, false},
		{"¿Desea que le comunique con alguien?", tania.FromBot, 31 * time.Minute, "claro, por favor comuníqueme", false},
	} {
		r := Request{Text: c.text, History: []tania.Entry{
			{From: tania.FromBot, Text: "¿Cómo se llama?", At: now.Add(-time.Hour)},
			{From: c.from, Text: c.last, At: now.Add(-c.ago)},
		}}
		if got := continues(r, ruled(language.Read(r.Text)).Content, now); got != c.want {
			t.Errorf("%q after %q of the %s, %s ago: %v", c.text, c.last, c.from, c.ago, got)
		}
	}
	if continues(Request{Text: "horario"}, 1, now) {
		t.Error("a first message continues something")
	}
}

// TestWhatIsMoreThanItsTextIsOfOneCustomer: a picture, or a message that is quoted, is part of the question.
func TestWhatIsMoreThanItsTextIsOfOneCustomer(t *testing.T) {
	const question = "¿A qué hora abren los sábados?"
	for want, r := range map[Refusal]Request{
		"":                {Text: question},
		RefusalAttachment: {Text: question, Attachments: true},
		RefusalQuoted:     {Text: question, Quoted: true},
	} {
		if got := Turn(r, time.Now()); got != want {
			t.Errorf("%q with attachments %t, quoting %t: %q, want %q", r.Text, r.Attachments, r.Quoted, got, want)
		}
	}
}
