package cacheeval_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/cache/cacheeval"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/language"
	"tania/internal/tania"
	"tania/internal/testsize"
)

// shop is a small bot's questions, several to one answer, and messages that must not be cached.
func shop() *cacheeval.Data {
	row := func(label, text string) cacheeval.Row {
		return cacheeval.Row{Language: tania.Spanish, Text: text, Label: label}
	}
	not := 0
	return &cacheeval.Data{
		Names: []string{"shop"},
		Streams: map[string][]cacheeval.Row{"shop": {
			row("hours", "¿A qué hora abren los domingos?"), row("hours", "¿Cuál es el horario de los domingos?"),
			row("invoice", "¿Cómo pido una factura?"),
			row("invoice", "¿Qué necesito para pedir una factura?"), row("return", "¿Cuántos días tengo para devolver una compra?"),
			row("parking", "¿Tienen estacionamiento para clientes?"),
			row("card", "¿Aceptan tarjetas de crédito?"), row("cash", "¿Puedo pagar en efectivo?"), row("delivery", "¿Hacen entregas a domicilio?"),
			row("delivery", "¿Entregan a domicilio en el centro?"),
		}},
		Gate: []cacheeval.Row{
			{Language: tania.Spanish, Text: "¿Dónde está mi pedido?", Cacheable: &not},
			{Language: tania.Spanish, Text: "¿y el otro?", Cacheable: &not},
		},
	}
}

func replay(t *testing.T, others float64) cacheeval.Replayed {
	t.Helper()
	m, err := same.ShippedModel()
	if err != nil {
		t.Fatal(err)
	}
	r, err := cacheeval.Replay(m, shop(), cacheeval.Day{
		Language: tania.Spanish, Messages: 1000, Seed: 3, Others: others, MaxEntries: 500,
		Prices: cacheeval.Prices{Prompt: 1000, Answer: 100, Judgement: 300, Input: 100, Output: 500},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReplayCountsEveryCall(t *testing.T) {
	r := replay(t, 0.5)
	calls := r.Answers + r.Verifications + r.Judgements
	got := map[string]int{
		"messages": r.Queries, "answered": r.Hits + r.Answers, "calls without": r.Without.Calls, "calls with": r.With.Calls,
		"tokens without": r.Without.Tokens, "tokens with": r.With.Tokens, "end of the curve, with": r.Calls[len(r.Calls)-1].With,
		"end of the curve, without": r.Calls[len(r.Calls)-1].Without,
	}
	want := map[string]int{
		"messages": 1000, "answered": 1000, "calls without": 1000, "calls with": calls, "tokens without": 1100 * 1000,
		"tokens with": 1100*(r.Answers+r.Verifications) + 301*r.Judgements, "end of the curve, with": calls, "end of the curve, without": 1000,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r.Refused < 400 || r.Refused > 600 {
		t.Errorf("%d of 1000 were refused; half of them must not be cached", r.Refused)
	}
}

// TestReplayForgets sees that answers expire in the course of the day: ten questions, asked all day, are answered again every few hours.
func TestReplayForgets(t *testing.T) {
	r := replay(t, 0)
	if r.Answers <= 20 || r.Hits < 700 {
		t.Errorf("%d answers were made and %d questions hit; want each of ten questions to be made anew several times, and most to hit",
			r.Answers, r.Hits)
	}
}

func TestReplayIsTheSameForTheSameSeed(t *testing.T) {
	if diff := cmp.Diff(replay(t, 0.3), replay(t, 0.3)); diff != "" {
		t.Error(diff)
	}
}

func TestQuestionsAreDifferentAndTheSameForTheSameSeed(t *testing.T) {
	many := testsize.Of(5000, 500)
	for _, lang := range []tania.Language{tania.Spanish, tania.English, tania.Portuguese} {
		list := cacheeval.Questions(lang, many, 7)
		seen := map[string]bool{}
		refused := 0
		for _, text := range list {
			seen[text] = true
			if shareable.Question(language.Read(text)) != "" {
				refused++
			}
		}
		if len(seen) != many || refused > many/5 {
			t.Errorf("%s: %d different questions of %d, %d refused by the gate", lang, len(seen), many, refused)
		}
		if diff := cmp.Diff(list, cacheeval.Questions(lang, many, 7)); diff != "" {
			t.Error(diff)
		}
	}
}
