package answer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tania/internal/answer/knowledge"
	"tania/internal/answer/llm"
	"tania/internal/answer/offline"
	"tania/internal/bot"
	"tania/internal/embedding"
	"tania/internal/language"
	"tania/internal/tania"
)

// guarantees is a bot that gives two guarantees, and asks which one is meant.
func guarantees() *bot.Bot {
	b := shop()
	b.AsksBack = true
	b.Unknown = bot.Text{tania.Spanish: "Eso no lo sé."}
	b.FAQ = append(b.FAQ,
		bot.FAQ{
			ID: "repairs", Questions: []string{"¿Las reparaciones tienen garantía?", "Do repairs have a guarantee?"},
			Answer: bot.Text{tania.Spanish: "Treinta días.", tania.English: "Thirty days."},
		},
		bot.FAQ{
			ID: "bicycles", Questions: []string{"¿Las bicicletas tienen garantía?", "Do bicycles have a guarantee?"},
			Answer: bot.Text{tania.Spanish: "Dos años."},
		})
	return b
}

// TestAsksBackWhatIsMeant: offline and with a model, where two entries say as much of a short question; the model is not called for that.
func TestAsksBackWhatIsMeant(t *testing.T) {
	b := guarantees()
	silent := &recorder{}
	for name, a := range map[string]*Answerer{
		"offline": New(Options{Bot: b, Responder: offline.New(offline.Options{Bot: b})}),
		"a model": New(Options{Bot: b, Responder: silent, Translates: true}),
	} {
		for lang, c := range map[tania.Language][2]string{
			tania.Spanish: {"garantía", "¿Se refiere a una de estas? Responda con el número:\n1. %s\n2. %s\n3. Ninguna de estas"},
			tania.English: {"guarantee", "Do you mean one of these? Reply with the number:\n1. %s\n2. %s\n3. None of these"},
		} {
			got, err := a.Answer(t.Context(), Question{Text: c[0], Route: tania.RouteModel, Language: lang})
			if err != nil || got.Known || len(got.Choices) != 2 || got.Text != fmt.Sprintf(c[1], got.Choices[0].Title, got.Choices[1].Title) {
				t.Fatalf("%s, %s: %+v, %v", name, lang, got, err)
			}
			for _, choice := range got.Choices {
				i := slices.IndexFunc(b.FAQ, func(f bot.FAQ) bool { return "faq:"+f.ID == choice.Source })
				if i < 2 || !slices.Contains(b.FAQ[i].Questions, choice.Title) || language.Detect(choice.Title) != lang {
					t.Errorf("%s, %s: the choice %+v", name, lang, choice)
				}
			}
		}
	}
	if len(silent.prompts) > 0 {
		t.Errorf("the model was asked %d times", len(silent.prompts))
	}
}

// TestAsksBackOnceAndNotOfEverybody has questions that are no ground for one back.
func TestAsksBackOnceAndNotOfEverybody(t *testing.T) {
	asked := []tania.AskedBack{{Turn: "earlier", Choices: []tania.Choice{{Source: "faq:bicycles", Title: "¿Las bicicletas tienen garantía?"}}}}
	for name, c := range map[string]struct {
		q      Question
		change func(*bot.Bot)
	}{
		"asked before":  {Question{Text: "garantía", AskedBack: asked}, nil},
		"switched off":  {Question{Text: "garantía"}, func(b *bot.Bot) { b.AsksBack = false }},
		"annoyed":       {Question{Text: "garantía", OfferHuman: true}, nil},
		"of nothing":    {Question{Text: "¿cuánto?"}, nil},
		"of none known": {Question{Text: "¿quién ganó el partido?"}, nil},
		"chose none":    {Question{Text: "ninguna", Chosen: &Chosen{Question: "garantía"}}, nil},
	} {
		b := guarantees()
		if c.change != nil {
			c.change(b)
		}
		c.q.Route, c.q.Language = tania.RouteModel, tania.Spanish
		got, err := New(Options{Bot: b, Responder: offline.New(offline.Options{Bot: b})}).Answer(t.Context(), c.q)
		if err != nil || got.Known || len(got.Choices) > 0 || got.Text != "Eso no lo sé." {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestAModelThatDoesNotKnowIsDoubtedByWhatTheBotHas, and believed else, also where it refuses.
func TestAModelThatDoesNotKnowIsDoubtedByWhatTheBotHas(t *testing.T) {
	for _, c := range []struct {
		text, said string
		asks       bool
	}{
		{"¿qué garantía tienen las bicicletas que venden?", "[unknown] No lo sé.", true},
		{"¿la garantía cubre los rayones de una bicicleta rentada por mi primo en Lima?", "[unknown] No lo sé.", false},
		{"¿venden motocicletas eléctricas importadas?", "[unknown] No lo sé.", false},
		{"¿qué garantía tienen las bicicletas que venden?", "[unknown] La de las bicicletas es de dos años [4]. De otras no lo sé.", false},
		{"¿qué garantía tienen las bicicletas que venden?", "Dos años [4].", false},
		{"¿qué garantía tienen las bicicletas que venden?", "Lo siento, no puedo ayudar con eso.", false},
	} {
		m := &recorder{response: llm.Response{Text: c.said, Known: true, Usage: tania.Usage{Calls: 1}}}
		got, err := New(Options{Bot: guarantees(), Responder: m, Translates: true}).
			Answer(t.Context(), Question{Text: c.text, Route: tania.RouteModel, Language: tania.Spanish})
		if err != nil || len(got.Choices) > 0 != c.asks || got.Usage.Calls != 1 {
			t.Errorf("%q, %q: %+v, %v; want a question back: %t", c.text, c.said, got, err, c.asks)
		}
	}
}

// TestAnswersWhatWasChosen from what is written, or by the model where that has to be put in other words.
func TestAnswersWhatWasChosen(t *testing.T) {
	chose := func(sources ...string) *Chosen {
		c := &Chosen{Question: "¿cuánto tarda?"}
		for _, s := range sources {
			c.Choices = append(c.Choices, tania.Choice{Source: s, Title: "title of " + s})
		}
		return c
	}
	const shipping = "knowledge/shipping.md#Tiempos"
	for _, c := range []struct {
		name, want string
		online     bool
		lang       tania.Language
		chosen     *Chosen
	}{
		{"an entry", "Dos años.", false, tania.Spanish, chose("faq:bicycles")},
		{"an entry beside a model", "Dos años.", true, tania.Spanish, chose("faq:bicycles")},
		{"an entry to be translated", "by the model", true, tania.English, chose("faq:bicycles")},
		{"two", "Treinta días.\n\nDos años.", true, tania.Spanish, chose("faq:repairs", "faq:bicycles")},
		{"with a name in it", "De 9 a 19 h en Casa Lumen.", true, tania.Spanish, chose("faq:hours")},
		{"a passage", "El envío a Lima tarda tres días.", false, tania.Spanish, chose(shipping)},
		{"a passage beside a model", "by the model", true, tania.Spanish, chose(shipping)},
		{"none", "Eso no lo sé.", true, tania.Spanish, chose()},
	} {
		b := guarantees()
		m := &recorder{response: llm.Response{Text: "by the model", Known: true, Usage: tania.Usage{Calls: 1}}}
		var responder llm.Responder = offline.New(offline.Options{Bot: b})
		if c.online {
			responder = m
		}
		got, err := New(Options{Bot: b, Responder: responder, Translates: c.online}).
			Answer(t.Context(), Question{Text: "2", Route: tania.RouteModel, Language: c.lang, Chosen: c.chosen})
		if err != nil || got.Text != c.want || got.Known != (len(c.chosen.Choices) > 0) || len(got.Choices) > 0 {
			t.Errorf("%s: %+v, %v; want %q", c.name, got, err, c.want)
		}
		if c.want == "by the model" && !(len(m.prompts) == 1 && strings.Contains(m.prompts[0].About, "¿cuánto tarda?\n-> title of")) {
			t.Errorf("%s: the model was given %+v", c.name, m.prompts)
		}
		away, ok := New(Options{Bot: b, Responder: m, Translates: true}).
			WithoutModel(t.Context(), Question{Text: "2", Language: c.lang, Chosen: c.chosen})
		if !ok || away.Text == "by the model" || !away.Fallback {
			t.Errorf("%s, without a model: %+v, %t", c.name, away, ok)
		}
	}
}

// TestChoicesHaveNames of a line each, in the customer's language, none twice.
func TestChoicesHaveNames(t *testing.T) {
	b := &bot.Bot{AsksBack: true, Language: tania.Spanish, Knowledge: []bot.Passage{
		{Source: "a", Title: "Envíos › Costo", Text: "El envío de muebles cuesta 90."},
		{Source: "b", Title: "envíos › costo", Text: "El envío de muebles a Lima cuesta 190."},
		{Source: "c", Text: "El envío de muebles sin título."},
		{Source: "d", Title: strings.Repeat("largo ", 40), Text: "El envío de muebles y demás."},
	}}
	a := New(Options{Bot: b, Responder: &recorder{}})
	choices := a.choices(a.index.Search(language.Read("envío de muebles"), 4), tania.Spanish)
	if len(choices) != 2 || len([]rune(choices[0].Title+choices[1].Title)) > 2*longestChoice {
		t.Errorf("%+v", choices)
	}
}

// sameMatter makes vectors of texts by the matter that they are about: one of guarantees of repairs, of bicycles, of anything else.
type sameMatter struct{}

func (sameMatter) Known(text string) (embedding.Vector, bool) {
	numbers := make([]float32, 16)
	at := 2 + len(text)%14
	for i, words := range [][]string{{"reparaciones", "repairs", "Treinta", "blorp"}, {"bicicletas", "bicycles", "Dos años"}} {
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) }) {
			at = i
		}
	}
	numbers[at] = 1
	return embedding.Quantise(numbers), true
}

func (m sameMatter) All(_ context.Context, texts []string) (made []embedding.Vector, _ error) {
	for _, text := range texts {
		v, _ := m.Known(text)
		made = append(made, v)
	}
	return made, nil
}

// TestWhatIsMeantIsOffered has a customer ask in words that no entry has.
func TestWhatIsMeantIsOffered(t *testing.T) {
	b := guarantees()
	for i := range 20 {
		b.FAQ = append(b.FAQ, bot.FAQ{
			ID: fmt.Sprint("shelf", i), Questions: []string{fmt.Sprintf("¿Qué hay en el estante %s?", strings.Repeat("x", i+3))},
			Answer: bot.Text{tania.Spanish: fmt.Sprintf("Cajas %s.", strings.Repeat("z", i+3))},
		})
	}
	meaning := func(_ context.Context, text string) embedding.Vector {
		v, _ := sameMatter{}.Known(text)
		return v
	}
	for _, learned := range []bool{false, true} {
		index := knowledge.New(b.FAQ, b.Knowledge, b.Language)
		o := offline.New(offline.Options{Bot: b, Index: index, Meaning: meaning})
		a := New(Options{Bot: b, Index: index, Responder: o, Meaning: meaning})
		if learned {
			if err := a.Learn(t.Context(), sameMatter{}); err != nil {
				t.Fatal(err)
			}
		}
		got, err := a.Answer(t.Context(), Question{Text: "xyloph blorp qwerty", Route: tania.RouteModel, Language: tania.Spanish})
		offered := slices.ContainsFunc(got.Choices, func(c tania.Choice) bool { return c.Source == "faq:repairs" })
		if err != nil || got.Known || offered != learned {
			t.Errorf("learned %t: %+v, %v", learned, got, err)
		}
	}
}
