package answer

import (
	"cmp"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/language"
	"tania/internal/tania"
)

func TestABareRefusalIsNoAnswer(t *testing.T) {
	b := shop()
	b.Unknown = bot.Text{bot.AnyLanguage: "Eso no lo sé."}
	b.Knowledge = append(b.Knowledge, bot.Passage{Source: "contact", Text: "55 1234 5678, hola@lumen.mx"})
	answer := func(text string) Answer {
		t.Helper()
		a := New(Options{Bot: b, Responder: reciter{func(string) string { return text }}})
		got, err := a.Answer(t.Context(), Question{Route: tania.RouteModel, Text: "hm?", Language: cmp.Or(language.Detect(text), tania.Spanish)})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for _, text := range []string{
		"Lo siento, no puedo ayudar con eso.",
		"Lo siento, pero no puedo ayudarte con esa solicitud. ¿Hay algo más en lo que pueda ayudarte?",
		"No puedo responder a esa pregunta.", "Disculpa, no puedo hacer eso.",
		"Como modelo de lenguaje, no puedo ayudarle con eso.",
		"I can't assist with that request.", "I'm sorry, but I can't help with that.",
		"I’m sorry, but I cannot assist with that. Is there anything else I can help you with?",
		"Sorry, I am unable to answer that question.", "As an AI language model, I cannot fulfill this request.",
		"**I'm sorry.** I can't continue with this conversation.",
		"Desculpe, não posso ajudar com isso.",
		"Sinto muito, mas não consigo ajudar com esse assunto. Posso ajudar em algo mais?",
		"Infelizmente, não posso atender a essa solicitação.",
	} {
		if got := answer(text); got.Known || got.Text != "Eso no lo sé." {
			t.Errorf("%q is answered: %+v", text, got)
		}
	}
	for _, text := range []string{
		"No puedo ayudarte con eso, pero en la tienda de Roma sí lo hacen.",
		"No puedo ayudarte con devoluciones de otras tiendas.",
		"I can't help with that by phone; write to hola@lumen.mx.", "Lo siento. Cerramos los domingos.",
		"I can't assist with that request. Please call 55 1234 5678.",
		"Não posso ajudar com isso antes das nove.", "Lo siento, no.", "Sorry, we do not deliver there.",
		"No puede pagar con eso.", "You cannot pay with that.",
		"Não é possível fazer isso pelo site.", "¡Lo siento!",
	} {
		if got := answer(text); !got.Known || got.Text != text {
			t.Errorf("%q is no answer: %+v", text, got)
		}
	}
}

func TestARefusalBesideAHandoffStaysAHandoff(t *testing.T) {
	a := answererOf(shop(), &recorder{response: llm.Response{
		Text: "Lo siento, no puedo ayudar con eso.", Known: true, Handoff: &llm.Handoff{Reason: "x"},
	}})
	got, err := a.Answer(t.Context(), Question{Route: tania.RouteModel, Text: "hm?", Language: tania.Spanish})
	if err != nil || got.Handoff == nil || got.Text != "Lo siento, no puedo ayudar con eso." {
		t.Errorf("%+v, %v", got, err)
	}
}
