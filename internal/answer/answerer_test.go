package answer

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"tania/internal/answer/llm"
	"tania/internal/answer/offline"
	"tania/internal/bot"
	"tania/internal/tania"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "write the golden files")

// recorder is a responder that gives one response and keeps the prompts.
type recorder struct {
	response llm.Response
	err      error
	prompts  []llm.Prompt
}

func (r *recorder) Respond(_ context.Context, p llm.Prompt) (llm.Response, error) {
	r.prompts = append(r.prompts, p)
	return r.response, r.err
}

func shop() *bot.Bot {
	return &bot.Bot{
		Name: "Tania", Business: "Casa Lumen", Language: tania.Spanish,
		Languages:  []tania.Language{tania.Spanish, tania.English, tania.Portuguese},
		Persona:    "Speak warmly and use 'usted'.",
		Greeting:   bot.Text{tania.Spanish: "¡Hola {name}! Soy {bot} de {business}.", tania.English: "Hi {name}, I'm {bot}."},
		Thanks:     bot.Text{bot.AnyLanguage: "🙏 {name}"},
		OfferHuman: bot.Text{tania.Spanish: "¿Le paso con una persona?"},
		FAQ: []bot.FAQ{
			{
				ID: "hours", Questions: []string{"¿A qué hora abren?"}, Keywords: []string{"horario"},
				Answer: bot.Text{tania.Spanish: "De 9 a 19 h en {business}.", tania.English: "From 9 to 19."},
			},
			{ID: "silent", Questions: []string{"¿Hay?"}},
		},
		Knowledge: []bot.Passage{
			{Source: "knowledge/shipping.md#Tiempos", Title: "Tiempos de envío", Text: "El envío a Lima tarda tres días."},
			{Source: "knowledge/pets.md#Mascotas", Title: "Mascotas", Text: "Los perros son bienvenidos."},
		},
	}
}

func answererOf(b *bot.Bot, r llm.Responder) *Answerer {
	return New(Options{Bot: b, Responder: r, Now: func() time.Time { return time.Date(2026, 3, 4, 23, 30, 0, 0, time.UTC) }})
}

func TestQuickRepliesAndFAQ(t *testing.T) {
	ana := tania.Contact{Name: "Ana López"}
	for _, c := range []struct {
		name string
		q    Question
		want Answer
	}{
		{
			"a greeting by name",
			Question{Route: tania.RouteGreeting, Language: tania.Spanish, Contact: ana},
			Answer{Text: "¡Hola Ana! Soy Tania de Casa Lumen.", Language: tania.Spanish, Known: true},
		},
		{"a greeting of someone unnamed", Question{
			Route: tania.RouteGreeting, Language: tania.English,
			Contact: tania.Contact{Name: "quiet-river-512"},
		}, Answer{Text: "Hi, I'm Tania.", Language: tania.English, Known: true}},
		{
			"a language without a text takes the bot's",
			Question{Route: tania.RouteGreeting, Language: tania.Portuguese, Contact: ana},
			Answer{Text: "¡Hola Ana! Soy Tania de Casa Lumen.", Language: tania.Portuguese, Known: true},
		},
		{
			"a language that cannot be told is the bot's",
			Question{Route: tania.RouteGreeting},
			Answer{Text: "¡Hola! Soy Tania de Casa Lumen.", Language: tania.Spanish, Known: true},
		},
		{
			"a language that the bot does not answer in is the bot's",
			Question{Route: tania.RouteGreeting, Language: "fr"},
			Answer{Text: "¡Hola! Soy Tania de Casa Lumen.", Language: tania.Spanish, Known: true},
		},
		{
			"a region is not needed",
			Question{Route: tania.RouteGreeting, Language: "en_US"},
			Answer{Text: "Hi, I'm Tania.", Language: tania.English, Known: true},
		},
		{
			"thanks in one text for all",
			Question{Route: tania.RouteThanks, Language: tania.English},
			Answer{Text: "🙏", Language: tania.English, Known: true},
		},
		{
			"a farewell that bot.yaml does not have",
			Question{Route: tania.RouteFarewell, Language: tania.Portuguese},
			Answer{Text: "Obrigado por escrever! Tenha um bom dia.", Language: tania.Portuguese, Known: true},
		},
		{
			"an FAQ",
			Question{Route: tania.RouteFAQ, FAQ: "hours", Language: tania.Spanish},
			Answer{Text: "De 9 a 19 h en Casa Lumen.", Language: tania.Spanish, Known: true, Sources: []string{"faq:hours"}},
		},
		{
			"an FAQ with the offer of a human",
			Question{Route: tania.RouteFAQ, FAQ: "hours", Language: tania.English, OfferHuman: true},
			Answer{Text: "From 9 to 19.\n\n¿Le paso con una persona?", Language: tania.English, Known: true, Sources: []string{"faq:hours"}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &recorder{}
			got, err := answererOf(shop(), r).Answer(t.Context(), c.q)
			if err != nil || len(r.prompts) != 0 {
				t.Fatalf("%v, the responder was asked %d times", err, len(r.prompts))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAnFAQInAnotherLanguageGoesThroughTheModel has a model put the answer into the customer's language; without one it is said as it is
// written.
func TestAnFAQInAnotherLanguageGoesThroughTheModel(t *testing.T) {
	b := &bot.Bot{
		Language: tania.Spanish, Languages: []tania.Language{tania.Spanish, tania.English, tania.Portuguese},
		FAQ: []bot.FAQ{
			{ID: "hours", Keywords: []string{"horario", "hours"}, Answer: bot.Text{bot.AnyLanguage: "De 9 a 19 h."}},
			{ID: "dogs", Keywords: []string{"dogs"}, Answer: bot.Text{tania.Spanish: "Sí, con correa.", tania.English: "Yes, on a leash."}},
		},
	}
	for _, c := range []struct {
		name, faq  string
		lang       tania.Language
		translates bool
		want       string
		asked      int
	}{
		{"a text for all languages is in the bot's", "hours", tania.Spanish, true, "De 9 a 19 h.", 0},
		{"a text for all languages, to a customer of another", "hours", tania.English, true, "From 9 to 19.", 1},
		{"without a model it is said as it is", "hours", tania.English, false, "De 9 a 19 h.", 0},
		{"a text in the customer's language", "dogs", tania.English, true, "Yes, on a leash.", 0},
		{"no text in the customer's language", "dogs", tania.Portuguese, true, "From 9 to 19.", 1},
		{"a language that the bot does not answer in", "dogs", "fr", true, "Sí, con correa.", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &recorder{response: llm.Response{Text: "From 9 to 19.", Known: true}}
			got, err := New(Options{Bot: b, Responder: r, Translates: c.translates}).Answer(t.Context(), Question{
				Text: "hours?", Route: tania.RouteFAQ, FAQ: c.faq, Language: c.lang,
			})
			if err != nil || got.Text != c.want || len(r.prompts) != c.asked {
				t.Fatalf("%q, asked %d times, %v; want %q, %d", got.Text, len(r.prompts), err, c.want, c.asked)
			}
			if c.asked > 0 && !strings.Contains(r.prompts[0].System, b.FAQ[0].Answer[bot.AnyLanguage]) {
				t.Error("the model was not given the answer")
			}
		})
	}
}

func TestNoReplyIsEverEmptyOrUnfilled(t *testing.T) {
	bots := map[string]*bot.Bot{
		"nothing set": {},
		"blank texts": {
			Greeting: bot.Text{tania.Spanish: "  "}, Thanks: bot.Text{tania.English: "\n"},
			OfferHuman: bot.Text{bot.AnyLanguage: " "},
		},
		"only names": {Greeting: bot.Text{bot.AnyLanguage: "{bot}, {business}"}},
	}
	for name, b := range bots {
		for _, route := range []tania.Route{tania.RouteGreeting, tania.RouteThanks, tania.RouteFarewell} {
			for _, lang := range []tania.Language{"", tania.Spanish, tania.English, tania.Portuguese, "fr"} {
				got, err := answererOf(b, &recorder{}).Answer(t.Context(), Question{Route: route, Language: lang, OfferHuman: true})
				if err != nil || strings.TrimSpace(got.Text) == "" || strings.ContainsAny(got.Text, "{}") || strings.Contains(got.Text, ", !") ||
					got.Language == "" {
					t.Errorf("%s, %s in %q: %+v, %v", name, route, lang, got, err)
				}
			}
		}
	}
}

func TestPlaceholdersWithoutAName(t *testing.T) {
	a := answererOf(&bot.Bot{}, nil)
	for text, want := range map[string]string{
		"¡Hola {name}!":               "¡Hola!",
		"¡Hola, {name}! ¿Qué tal?":    "¡Hola! ¿Qué tal?",
		"{name}, ¡bienvenida!":        "¡bienvenida!",
		"{name}: qué gusto":           "Qué gusto",
		"Hola {name}, soy {bot}.":     "Hola, soy el asistente virtual.",
		"Escribe a {business}.":       "Escribe a nuestro equipo.",
		"{name}":                      "",
		"Llaves {raras} y {name} ya.": "Llaves {raras} y ya.",
	} {
		if got := a.fill(text, tania.Contact{Name: "+52 55 1234"}, tania.Spanish); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestFirstNames(t *testing.T) {
	for full, want := range map[string]string{
		"Ana López": "Ana", "maria jose": "Maria", "JOSÉ PÉREZ": "José", "Dr. Juan Ruiz": "Juan", "Sra. Ñusta": "Ñusta",
		"Jean-Luc Picard": "Jean-Luc",
		"O'Neil":          "O'Neil", "🌸 Lucía 🌸": "Lucía", "李 明": "", "李明": "李明", "McDonald": "McDonald",
		"quiet-river-512": "", "silent-moon": "", "+52 1 55 1234 5678": "", "ana@example.com": "", "user_77": "", "Cliente": "", "Visitor": "",
		"": "", "   ": "",
		"🙂": "", "J": "", "http://x": "", "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaa": "", "{name}": "", "La Tienda": "", "xXDARKxX": "", "null": "",
		"WhatsApp": "",
	} {
		if got := firstName(full); got != want {
			t.Errorf("%q: got %q, want %q", full, got, want)
		}
	}
}

func TestModelAnswers(t *testing.T) {
	usage := tania.Usage{Model: "m", Calls: 1, InputTokens: 9, OutputTokens: 2, Cost: 3}
	for _, c := range []struct {
		name     string
		response llm.Response
		q        Question
		want     Answer
	}{
		{
			"an answer names what it is about",
			llm.Response{Text: "Tres días.", Known: true, Usage: usage},
			Question{Text: "¿cuánto tarda el envío a Lima?"},
			Answer{Text: "Tres días.", Known: true, Usage: usage, Sources: []string{"knowledge/shipping.md#Tiempos"}},
		},
		{
			"the mark of not knowing is not for the customer",
			llm.Response{Text: "[unknown] No tengo ese dato.", Known: true, Usage: usage},
			Question{Text: "¿envío a Marte?"},
			Answer{Text: "No tengo ese dato.", Usage: usage},
		},
		{
			"the mark alone becomes a text",
			llm.Response{Text: "[unknown]", Known: true, Usage: usage},
			Question{Text: "?"},
			Answer{Text: "Si lo prefiere, puedo comunicarle con una persona del equipo.", Usage: usage},
		},
		{
			"handoff",
			llm.Response{Handoff: &llm.Handoff{Reason: "refund"}, Known: true, Usage: usage},
			Question{Text: "mi envío a Lima", OfferHuman: true},
			Answer{Handoff: &llm.Handoff{Reason: "refund"}, Known: true, Usage: usage},
		},
		{
			"the offer of a human",
			llm.Response{Text: "Sí.", Known: true, Truncated: true, Fallback: true, Usage: usage},
			Question{Text: "hm", OfferHuman: true},
			Answer{Text: "Sí.\n\n¿Le paso con una persona?", Known: true, Truncated: true, Fallback: true, Usage: usage},
		},
		{
			"the offer is not made twice",
			llm.Response{Text: "No sé. ¿Le paso con una persona?", Known: true, Usage: usage},
			Question{Text: "hm", OfferHuman: true},
			Answer{Text: "No sé. ¿Le paso con una persona?", Known: true, Usage: usage},
		},
		{
			"not knowing offers a human already",
			llm.Response{Text: "No sé. ¿Una persona?"},
			Question{Text: "hm", OfferHuman: true},
			Answer{Text: "No sé. ¿Una persona?"},
		},
		{
			"the responder's own sources",
			llm.Response{Text: "Sí.", Known: true, Sources: []string{"faq:x"}},
			Question{Text: "hm"},
			Answer{Text: "Sí.", Known: true, Sources: []string{"faq:x"}},
		},
		{
			"an FAQ that is gone",
			llm.Response{Text: "Sí.", Known: true},
			Question{Text: "hm", Route: tania.RouteFAQ, FAQ: "gone"},
			Answer{Text: "Sí.", Known: true},
		},
		{
			"an FAQ without an answer",
			llm.Response{Text: "Sí.", Known: true},
			Question{Text: "hm", Route: tania.RouteFAQ, FAQ: "silent"},
			Answer{Text: "Sí.", Known: true},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := shop()
			if c.q.Route == "" {
				c.q.Route = tania.RouteModel
			}
			got, err := answererOf(b, &recorder{response: c.response}).Answer(t.Context(), c.q)
			if err != nil {
				t.Fatal(err)
			}
			c.want.Language = tania.Spanish
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestErrorsKeepTheirKindAndTheirCost(t *testing.T) {
	for _, want := range []error{llm.ErrBudget, llm.ErrUnavailable, context.Canceled} {
		r := &recorder{response: llm.Response{Usage: tania.Usage{Calls: 2, Cost: 7}}, err: want}
		got, err := answererOf(shop(), r).Answer(t.Context(), Question{Route: tania.RouteModel, Text: "hm"})
		if !errors.Is(err, want) || got.Usage.Cost != 7 || got.Text != "" {
			t.Errorf("got %+v, %v, want %v", got, err, want)
		}
	}
	if _, err := answererOf(shop(), &recorder{response: llm.Response{Known: true}}).Answer(t.Context(), Question{Text: "hm"}); err == nil {
		t.Error("a response without text is no error")
	}
}

func TestARefusalIsAnsweredHonestly(t *testing.T) {
	b := shop()
	b.Unknown = bot.Text{tania.Spanish: "{name}, eso no lo sé. ¿Le comunico con {business}?"}
	r := &recorder{response: llm.Response{Usage: tania.Usage{Calls: 1, Cost: 3}}, err: llm.ErrRefused}
	got, err := answererOf(b, r).Answer(t.Context(), Question{Route: tania.RouteModel, Text: "hm", Contact: tania.Contact{Name: "Ana Ruiz"}})
	if err != nil || got.Text != "Ana, eso no lo sé. ¿Le comunico con "+b.Business+"?" || got.Known || got.Usage.Cost != 3 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestOfflineBehindTheSameInterface(t *testing.T) {
	b := shop()
	offline := offline.New(offline.Options{Bot: b})
	a := answererOf(b, offline)
	got, err := a.Answer(t.Context(), Question{Route: tania.RouteModel, Text: "a que hora abren hoy?", Language: tania.Spanish})
	if err != nil || got.Text != "De 9 a 19 h en Casa Lumen." || !got.Known || got.Usage.Calls != 0 ||
		!cmp.Equal(got.Sources, []string{"faq:hours"}) {
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = a.Answer(t.Context(), Question{
		Route: tania.RouteModel, Text: "¿quién ganó el mundial?", Language: tania.Spanish,
		OfferHuman: true,
	})
	if err != nil || got.Known || len(got.Sources) != 0 || strings.Count(got.Text, "persona") != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
}

// golden compares a text with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got+"\n"); diff != "" {
		t.Error(diff)
	}
}
