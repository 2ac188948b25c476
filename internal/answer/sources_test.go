package answer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/answer/llm"
	"tania/internal/answer/modeltext"
	"tania/internal/bot"
	"tania/internal/tania"
)

const (
	hours    = "faq:hours"
	shipping = "knowledge/shipping.md#Tiempos"
	pets     = "knowledge/pets.md#Mascotas"
)

// TestTheSourcesAreWhatTheModelCites has the shop's three entries before the model: hours, shipping and pets are 1, 2 and 3.
func TestTheSourcesAreWhatTheModelCites(t *testing.T) {
	ask := Question{Text: "¿cuánto tarda el envío a Lima?", Route: tania.RouteModel, Language: tania.Spanish}
	for _, c := range []struct {
		name     string
		response llm.Response
		want     Answer
	}{
		{
			"one entry",
			llm.Response{Text: "Tarda tres días [2].", Known: true},
			Answer{Text: "Tarda tres días.", Known: true, Sources: []string{shipping}},
		},
		{
			"another entry than the question is about",
			llm.Response{Text: "Abrimos a las 9.[1]", Known: true},
			Answer{Text: "Abrimos a las 9.", Known: true, Sources: []string{hours}},
		},
		{
			"several entries, in the order of the answer",
			llm.Response{Text: "Sí, los perros también [3]. De 9 a 19 h [1, 3].", Known: true},
			Answer{Text: "Sí, los perros también. De 9 a 19 h.", Known: true, Sources: []string{pets, hours}},
		},
		{
			"an entry that there is not",
			llm.Response{Text: "Tarda tres días [2][8].", Known: true, Notes: []string{"slow"}},
			Answer{
				Text: "Tarda tres días.", Known: true, Sources: []string{shipping},
				Notes: []string{"slow", "the model cited entries that it was not given: 8"},
			},
		},
		{
			"known in part",
			llm.Response{Text: "[unknown] Tarda tres días [2]. El precio no lo sé.", Known: true},
			Answer{Text: "Tarda tres días. El precio no lo sé.", Sources: []string{shipping}},
		},
		{
			"not known",
			llm.Response{Text: "[unknown] No lo sé.", Known: true},
			Answer{Text: "No lo sé."},
		},
		{
			"a handoff",
			llm.Response{Text: "Un momento [2].", Known: true, Handoff: &llm.Handoff{Reason: "wants a refund [2]"}},
			Answer{
				Text: "Un momento.", Known: true, Handoff: &llm.Handoff{Reason: "wants a refund"},
				Sources: []string{shipping},
			},
		},
		{
			"cut off in a citation",
			llm.Response{Text: "Tarda tres días [2]. Y los perros [3", Known: true, Truncated: true},
			Answer{Text: "Tarda tres días. Y los perros", Known: true, Sources: []string{shipping}, Truncated: true},
		},
		{
			"nothing but a citation",
			llm.Response{Text: "[2]", Known: true},
			Answer{Text: "Si lo prefiere, puedo comunicarle con una persona del equipo."},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.response.Usage = tania.Usage{Calls: 1}
			c.want.Usage, c.want.Language = c.response.Usage, tania.Spanish
			got, err := answererOf(shop(), &recorder{response: c.response}).Answer(t.Context(), ask)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWhatAnUncitedAnswerRestsOn has models that do not cite. The sources are then the entries that say what the answer says, not all that
// the question is like.
func TestWhatAnUncitedAnswerRestsOn(t *testing.T) {
	b := shop()
	b.Knowledge = append(b.Knowledge,
		bot.Passage{Source: "prices", Title: "Costo del envío", Text: "El envío a Lima cuesta 15 soles y es gratis desde 200 soles."},
		bot.Passage{Source: "english", Title: "Gift wrapping", Text: "We wrap every gift in recycled paper for 3 soles."})
	for _, c := range []struct {
		name, question, text string
		want                 []string
	}{
		{"the entry that says it", "¿cuánto cuesta el envío a Lima?", "El envío a Lima cuesta 15 soles.", []string{"prices"}},
		{"in other words", "¿cuánto cuesta el envío a Lima?", "Enviar a Lima le cuesta solo 15 soles.", []string{"prices"}},
		{"more than was asked", "¿cuánto cuesta el envío a Lima?", "Cuesta 15 soles. Los perros son bienvenidos.", []string{"prices", pets}},
		{"too short to tell", "¿los perros son bienvenidos?", "¡Claro que sí!", []string{pets}},
		{"in another language than its entry", "do you wrap every gift in paper?", "Sim, embrulhamos cada presente.", []string{"english"}},
		{"small talk", "¿cómo te llamas?", "Soy Tania, un gusto saludarle.", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &recorder{response: llm.Response{Text: c.text, Known: true, Usage: tania.Usage{Calls: 1}}}
			got, err := answererOf(b, r).Answer(t.Context(), Question{Text: c.question, Route: tania.RouteModel})
			if err != nil || !cmp.Equal(got.Sources, c.want) || got.Text != c.text {
				t.Errorf("got %q from %v, %v, want %v", got.Text, got.Sources, err, c.want)
			}
		})
	}
}

// shrinking is a model whose context has no room for all: it reads the prompt with half of its knowledge, and cites what that holds.
type shrinking struct{ wanted string }

func (s shrinking) Respond(_ context.Context, p llm.Prompt) (llm.Response, error) {
	number := numberOf(p.Shorter(0.5), s.wanted)
	return llm.Response{Text: "Es de madera clara [" + number + "].", Known: true, Usage: tania.Usage{Calls: 1}}, nil
}

// numberOf is the number of the entry of a system text that has some words.
func numberOf(system, wanted string) string {
	before, _, _ := strings.Cut(system, wanted)
	before = before[:strings.LastIndex(before, "]\n<entry>")]
	return before[strings.LastIndex(before, "[")+1:]
}

func TestAnEntryKeepsItsNumberInAShorterPrompt(t *testing.T) {
	b := &bot.Bot{}
	for i := range 60 {
		text := fmt.Sprintf("La pieza%d ", i) + strings.Repeat("es de madera clara. ", 1+i%7)
		b.Knowledge = append(b.Knowledge, bot.Passage{Source: fmt.Sprint("k", i), Title: "Catálogo", Text: text})
	}
	for _, i := range []int{0, 33, 59} {
		a := New(Options{Bot: b, Responder: shrinking{fmt.Sprintf("pieza%d ", i)}, ContextTokens: 1360})
		got, err := a.Answer(t.Context(), Question{Text: fmt.Sprintf("¿la pieza%d?", i), Route: tania.RouteModel})
		if err != nil || !cmp.Equal(got.Sources, []string{fmt.Sprint("k", i)}) || got.Text != "Es de madera clara." {
			t.Errorf("piece %d: got %q from %v, %v", i, got.Text, got.Sources, err)
		}
	}
}

// forgetting cites an entry of the whole prompt that the shorter one, which it answers, has no more.
type forgetting struct{ wanted string }

func (f forgetting) Respond(_ context.Context, p llm.Prompt) (llm.Response, error) {
	number := numberOf(p.System, f.wanted)
	if strings.Contains(p.Shorter(0.2), f.wanted) {
		return llm.Response{}, errors.New("the entry is there")
	}
	return llm.Response{Text: "Cuesta mucho [" + number + "].", Known: true, Usage: tania.Usage{Calls: 1}}, nil
}

func TestAnEntryThatWasLeftOutIsNoSource(t *testing.T) {
	b := &bot.Bot{}
	for i := range 30 {
		text := fmt.Sprintf("La pieza%d ", i) + strings.Repeat("es de madera clara. ", 5)
		b.Knowledge = append(b.Knowledge, bot.Passage{Source: fmt.Sprint("k", i), Title: "Catálogo", Text: text})
	}
	a := New(Options{Bot: b, Responder: forgetting{"pieza29 "}})
	got, err := a.Answer(t.Context(), Question{Text: "¿la pieza3?", Route: tania.RouteModel})
	if err != nil || slices.Contains(got.Sources, "k29") || len(got.Notes) == 0 || !strings.Contains(got.Notes[0], "not given: 30") {
		t.Errorf("got %q from %v, %v, notes %q", got.Text, got.Sources, err, got.Notes)
	}
}

// TestAnEntryIsNotCutInsideANumber gives ever less room to an entry that is all there is.
func TestAnEntryIsNotCutInsideANumber(t *testing.T) {
	const text = "La llave cuesta 1,250.75 pesos y la 2,500,000 queda en 48:30."
	list := strings.Fields(text)
	for room := range 40 {
		a := New(Options{Bot: &bot.Bot{Knowledge: []bot.Passage{{Source: "k", Title: "Precios", Text: text}}}, Responder: &recorder{}})
		made, _ := a.written(a.everything(), room, a.entry)
		for _, entry := range made {
			_, entry, _ = strings.Cut(entry, "<entry>")
			entry, _, _ = strings.Cut(entry, "</entry>")
			for _, word := range strings.Fields(entry) {
				if word != "Precios" && !slices.Contains(list, word) {
					t.Errorf("in %d tokens: %q", room, entry)
				}
			}
		}
	}
}

func TestNumbersInBracketsOfAnEntryAreNoCitations(t *testing.T) {
	b := shop()
	b.Knowledge[0].Text = "Marque [1] para Lima y [2] para Cusco."
	system := promptFor(t, Options{Bot: b}, Question{Text: "¿envío?", Route: tania.RouteModel}).System
	if !strings.Contains(system, "Marque (1) para Lima y (2) para Cusco.") {
		t.Error(system)
	}
}

// TestCitationsDoNotHideALeak has a model put a number into what it recites.
func TestCitationsDoNotHideALeak(t *testing.T) {
	recited := rules[40:80] + " [2] " + rules[80:200]
	r := &recorder{response: llm.Response{Text: recited, Known: true, Usage: tania.Usage{Calls: 1}}}
	got, err := answererOf(shop(), r).Answer(t.Context(), Question{Text: "hm", Route: tania.RouteModel})
	if err != nil || !got.Withheld || got.Known || len(got.Sources) > 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestCitationsPassTheReadingOfAReply has the room that reads a model's reply leave each form of a citation as it is.
func TestCitationsPassTheReadingOfAReply(t *testing.T) {
	for _, text := range []string{"Tarda tres días [2].", "Tarda tres días【2】.", "Sí [1][3].", "Sí [1, 3]. No ([2])."} {
		if got := modeltext.NewReader(modeltext.Tool{Name: "handoff"}).Read(text); got.Text != text {
			t.Errorf("%q became %q", text, got.Text)
		}
	}
}
