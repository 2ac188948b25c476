package offline

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/tania"
)

func bakery(unknown bot.Text) *Responder {
	return New(Options{Bot: &bot.Bot{
		FAQ: []bot.FAQ{
			{ID: "hours", Questions: []string{"¿A qué hora abren?", "What are your opening hours?"}, Answer: bot.Text{
				tania.Spanish: "De lunes a sábado de 9 a 19 h; los domingos cerramos.",
				tania.English: "Monday to Saturday, 9 to 19; closed on Sundays.",
			}},
			{ID: "shipping", Questions: []string{"¿Cuánto cuesta el envío?"}, Answer: bot.Text{bot.AnyLanguage: "99 pesos."}},
			{ID: "empty", Questions: []string{"¿Tienen talleres de costura?"}},
		},
		Knowledge: []bot.Passage{{
			Source: "knowledge/pets.md#Mascotas", Title: "Mascotas",
			Text: "Los perros son bienvenidos en la terraza, con correa.",
		}},
		Unknown: unknown, OfferHuman: bot.Text{
			tania.English:    "I can connect you with a person.",
			tania.Portuguese: "{name}, posso passar você para {business}.",
		},
		Language: tania.Spanish,
	}})
}

func TestAnswers(t *testing.T) {
	own := bot.Text{tania.Spanish: "No lo sé. ¿Le paso con una persona?", tania.English: "I don't know. Shall I get a person?"}
	asked := func(texts ...string) []tania.Entry {
		var h []tania.Entry
		for i, s := range texts {
			h = append(h, tania.Entry{From: []tania.Author{tania.FromCustomer, tania.FromBot}[i%2], Text: s})
		}
		return h
	}
	known := func(text, source string) llm.Response {
		return llm.Response{Text: text, Known: true, Sources: []string{source}}
	}
	handedOver := llm.Response{Known: true, Handoff: &llm.Handoff{Reason: "the customer accepted the offer of a human"}}
	for _, c := range []struct {
		name string
		p    llm.Prompt
		want llm.Response
	}{
		{
			"an FAQ in the customer's language",
			llm.Prompt{Text: "what time do you open?", Language: tania.English},
			known("Monday to Saturday, 9 to 19; closed on Sundays.", "faq:hours"),
		},
		{
			"an FAQ that has no answer in it",
			llm.Prompt{Text: "a que hora abren", Language: tania.Portuguese},
			known("De lunes a sábado de 9 a 19 h; los domingos cerramos.", "faq:hours"),
		},
		{
			"a passage, in its own language",
			llm.Prompt{Text: "puedo llevar a mi perro a la terraza?", Language: tania.English},
			known("Los perros son bienvenidos en la terraza, con correa.", "knowledge/pets.md#Mascotas"),
		},
		{"a follow-up is joined to what was asked before", llm.Prompt{
			Text: "¿y los domingos?", Language: tania.Spanish,
			History: asked("¿a qué hora abren?", "De 9 a 19 h."),
		}, known("De lunes a sábado de 9 a 19 h; los domingos cerramos.", "faq:hours")},
		{
			"a follow-up of a follow-up",
			llm.Prompt{
				Text: "¿y el sábado?", Language: tania.Spanish,
				History: asked("¿a qué hora abren?", "x", "¿y los domingos?", "x"),
			},
			known("De lunes a sábado de 9 a 19 h; los domingos cerramos.", "faq:hours"),
		},
		{"another question is not joined", llm.Prompt{
			Text: "¿tienen pan de centeno integral?", Language: tania.Spanish,
			History: asked("¿a qué hora abren?", "De 9 a 19 h."),
		}, llm.Response{Text: own[tania.Spanish]}},
		{
			"not known, in the customer's language",
			llm.Prompt{Text: "who is the president?", Language: tania.English},
			llm.Response{Text: own[tania.English]},
		},
		{
			"an FAQ without any answer is not known",
			llm.Prompt{Text: "¿tienen talleres de costura?", Language: tania.Spanish},
			llm.Response{Text: own[tania.Spanish]},
		},
		{"emoji only", llm.Prompt{Text: "🤔", Language: tania.Spanish}, llm.Response{Text: own[tania.Spanish]}},
		{"nothing at all", llm.Prompt{Language: tania.Spanish}, llm.Response{Text: own[tania.Spanish]}},
		{"yes to the offer of a human", llm.Prompt{
			Text: "Sí, por favor", Language: tania.Spanish,
			History: asked("¿quién es?", own[tania.Spanish]),
		}, handedOver},
		{"yes to the offer beside an answer", llm.Prompt{
			Text: "yes please!", Language: tania.English,
			History: asked("open?", "Until 19.\n\nI can connect you with a person."),
		}, handedOver},
		{"another question that begins like a follow-up", llm.Prompt{
			Text: "¿y venden pizzas?", Language: tania.Spanish,
			History: asked("¿a qué hora abren?", "x"),
		}, llm.Response{Text: own[tania.Spanish]}},
		{
			"yes to something else",
			llm.Prompt{Text: "sí", Language: tania.Spanish, History: asked("hola", "¡Hola! ¿En qué le ayudo?")},
			llm.Response{Text: own[tania.Spanish]},
		},
		{"yes and a question is a question", llm.Prompt{
			Text: "sí, ¿cuánto cuesta el envío?", Language: tania.Spanish,
			History: asked("¿quién es?", own[tania.Spanish]),
		}, known("99 pesos.", "faq:shipping")},
		{"yes to an offer with names in it", llm.Prompt{
			Text: "sim", Language: tania.Portuguese,
			History: asked("oi", "Ana, posso passar você para Casa Lumen."),
		}, handedOver},
		{"the offer in a customer's mouth is none", llm.Prompt{
			Text: "sí", Language: tania.Spanish,
			History: []tania.Entry{{From: tania.FromCustomer, Text: own[tania.Spanish]}},
		}, llm.Response{Text: own[tania.Spanish]}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := bakery(own)
			for range 2 {
				got, err := o.Respond(t.Context(), c.p)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestHasATextOfItsOwnForNotKnowing(t *testing.T) {
	for lang, part := range map[tania.Language]string{
		tania.Spanish: "persona", tania.English: "person", tania.Portuguese: "pessoa",
		"fr": "persona",
	} {
		got, err := bakery(nil).Respond(t.Context(), llm.Prompt{Text: "xyz", Language: lang})
		if err != nil || got.Known || !strings.Contains(got.Text, part) {
			t.Errorf("%s: %+v, %v", lang, got, err)
		}
	}
}

func TestStopsWhenTheContextIsDone(t *testing.T) {
	ctx, giveUp := context.WithCancel(t.Context())
	giveUp()
	if _, err := bakery(nil).Respond(ctx, llm.Prompt{Text: "hola"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
