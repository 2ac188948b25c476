package knowledge

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tania/internal/bot"
	"tania/internal/embedding"
	"tania/internal/language"
	"tania/internal/tania"
	"tania/internal/words"
)

func entries(questions ...string) *Index {
	var faq []bot.FAQ
	for i, q := range questions {
		faq = append(faq, bot.FAQ{ID: fmt.Sprint(i), Questions: []string{q}, Answer: bot.Text{bot.AnyLanguage: "-"}})
	}
	return New(faq, nil, tania.Spanish)
}

func TestSameQuestionInOtherWords(t *testing.T) {
	for _, c := range []struct{ name, entry, text string }{
		{"accents and case", "¿Cuál es la política de devolución?", "CUAL ES LA POLITICA DE DEVOLUCION"},
		{"letters held down", "¿Tienen garantía?", "tienen garantiaaaaa???"},
		{"a plural", "¿Tienen descuento?", "hay descuentos"},
		{"a verb's form", "¿Puedo congelar la masa?", "la masa se congela?"},
		{"an English ending", "Do you repair bicycles?", "is bicycle repairing possible"},
		{"a Portuguese plural", "Vocês consertam bicicletas?", "consertam bicicleta?"},
		{"a letter too few", "¿Tienen estacionamiento?", "tienen estacionamento"},
		{"two letters exchanged", "¿Hacen facturas?", "hacen facutra"},
		{"a letter too many", "Do you have a warranty?", "do you have a warrranty"},
		{"a synonym", "¿Cuánto cuesta el envío?", "precio del flete"},
		{"another language", "¿Cuánto cuesta el envío?", "shipping cost"},
		{
			"politeness around it", "¿Tienen estacionamiento?",
			"Hola, buenas tardes, disculpe, quisiera saber si ustedes tienen estacionamiento, muchas gracias",
		},
		{"a decomposed accent", "¿Dan capacitación?", "capacitacio\u0301n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, ok := entries(c.entry, "¿Quién pintó los cuadros del comedor?").Best(language.Read(c.text), embedding.Vector{})
			if !ok || h.FAQ.ID != "0" {
				t.Errorf("got %+v, %v", h, ok)
			}
		})
	}
}

func TestOtherQuestionsAreNotTaken(t *testing.T) {
	for _, c := range []struct{ name, entry, text string }{
		{"another number", "¿Cuánto cuesta el plan de 20 GB?", "cuánto cuesta el plan de 50 GB"},
		{"15 is not 1.5", "¿Cuánto cuesta el paquete de 1.5 kg?", "cuánto cuesta el paquete de 15 kg"},
		{"with is not without", "¿Tienen pan sin gluten?", "¿tienen pan con gluten?"},
		{"one word of several", "¿Cuánto cuesta el envío a Puebla?", "envío"},
		{"another thing", "¿Venden bicicletas?", "¿venden motocicletas?"},
		{"a short word that looks alike", "¿Venden carne?", "¿venden carta?"},
		{"only words without meaning", "¿Qué es esto?", "¿y eso qué es?"},
		{"a link", "¿Tienen garantía?", "https://example.com/garantia"},
		{"a mail address", "¿Tienen garantía?", "garantia@example.com"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if h, ok := entries(c.entry, "¿Quién pintó los cuadros del comedor?").Best(language.Read(c.text), embedding.Vector{}); ok {
				t.Errorf("got %q with %.2f", h.FAQ.Questions, h.Score)
			}
		})
	}
}

func TestTwoEntriesThatFitEquallyAreAGuess(t *testing.T) {
	x := entries("¿Cuánto tarda el envío a Lima?", "¿Cuánto tarda el envío a Quito?")
	if h, ok := x.Best(language.Read("¿cuánto tarda el envío?"), embedding.Vector{}); ok {
		t.Errorf("guessed %q", h.FAQ.Questions)
	}
	if h, ok := x.Best(language.Read("¿cuánto tarda el envío a Quito?"), embedding.Vector{}); !ok || h.FAQ.ID != "1" {
		t.Errorf("got %+v, %v", h, ok)
	}
}

func TestExcerptIsWholeSentencesAroundTheBest(t *testing.T) {
	filler := strings.Repeat("Aquí se cuenta otra cosa larga que no viene al caso para nada. ", 12)
	x := New(nil, []bot.Passage{
		{Source: "a.md", Title: "Taller", Text: filler + "El taller de cerámica cuesta 650 pesos. Incluye el barro.\n\n" + filler},
		{Source: "b.md", Title: "Otro", Text: filler},
	}, tania.Spanish)
	h, ok := x.Best(language.Read("¿cuánto cuesta el taller de cerámica?"), embedding.Vector{})
	if !ok || h.Source() != "a.md" {
		t.Fatalf("got %+v, %v", h, ok)
	}
	if n := utf8.RuneCountInString(h.Excerpt); n > excerptRunes+20 ||
		!strings.HasPrefix(h.Excerpt, "El taller de cerámica cuesta 650 pesos. Incluye el barro.") || !strings.HasSuffix(h.Excerpt, ".") {
		t.Errorf("%d runes: %q", n, h.Excerpt)
	}
}

func TestSearchRanksAndLimits(t *testing.T) {
	x := entries("¿Cuánto cuesta el envío?", "¿Cuánto tarda el envío?", "¿Tienen garantía?")
	hits := x.Search(language.Read("costo del envío"), 2)
	if len(hits) != 2 || hits[0].FAQ.ID != "0" || hits[1].FAQ.ID != "1" || hits[0].Score <= hits[1].Score {
		t.Errorf("got %+v", hits)
	}
}

func TestNothingIsFoundInNothing(t *testing.T) {
	for _, x := range []*Index{New(nil, nil, tania.Spanish), New([]bot.FAQ{{ID: "x"}}, []bot.Passage{{Source: "y"}}, tania.Spanish)} {
		for _, text := range []string{"", "   ", "hola", "¿cuánto cuesta?", strings.Repeat("a", 100_000), "\xff\xfe", "'; DROP TABLE faq; --"} {
			if h, ok := x.Best(language.Read(text), embedding.Vector{}); ok {
				t.Errorf("found %+v", h)
			}
		}
	}
}

func TestSentences(t *testing.T) {
	text := "Uno. ¿Dos? Tres: 1.5 kg!\n- cuatro\n\n* cinco\n  \n"
	var got []string
	for _, s := range sentences(text) {
		got = append(got, strings.TrimSpace(text[s.from:s.to]))
	}
	want := []string{"Uno.", "¿Dos?", "Tres: 1.5 kg!", "- cuatro", "* cinco"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestListKeepsItsLines(t *testing.T) {
	text := "Talleres de cerámica:\n- lunes, torno\n- martes, esmalte"
	h, ok := New(nil, []bot.Passage{{Source: "a", Title: "Talleres", Text: text}},
		tania.Spanish).Best(language.Read("¿qué talleres de cerámica hay?"), embedding.Vector{})
	if !ok || h.Excerpt != text {
		t.Errorf("got %q, %v", h.Excerpt, ok)
	}
}

func TestWrappedLinesAreOneParagraph(t *testing.T) {
	text := "El pan de centeno se puede\r\ncongelar un mes.\n\nOtro párrafo.\n1. uno\n- dos"
	h, ok := New(nil, []bot.Passage{{Source: "a", Title: "Pan", Text: text}},
		tania.Spanish).Best(language.Read("¿puedo congelar el pan de centeno?"), embedding.Vector{})
	want := "El pan de centeno se puede congelar un mes.\n\nOtro párrafo.\n1. uno\n- dos"
	if !ok || h.Excerpt != want {
		t.Errorf("got %q, %v", h.Excerpt, ok)
	}
}

func TestFollowUpBringsOnlyWhatTheEntryHas(t *testing.T) {
	x := New([]bot.FAQ{{
		ID: "hours", Questions: []string{"¿A qué hora abren?"},
		Answer: bot.Text{tania.Spanish: "De 9 a 19 h; los domingos cerramos."},
	}}, nil, tania.Spanish)
	for text, want := range map[string]bool{"¿y los domingos?": true, "¿y venden pizzas?": false, "¿y los feriados?": false, "¿y eso?": true} {
		if _, ok := x.Following("¿a qué hora abren?", language.Read(text)); ok != want {
			t.Errorf("%q: %v, want %v", text, ok, want)
		}
	}
}

func TestSameBotGivesTheSameIndex(t *testing.T) {
	a, questions := bakery(t)
	for range 5 {
		b, _ := bakery(t)
		for _, q := range questions {
			x, okX := a.Best(language.Read(q[1]), embedding.Vector{})
			y, okY := b.Best(language.Read(q[1]), embedding.Vector{})
			if okX != okY || x.Score != y.Score || okX && x.Source() != y.Source() {
				t.Fatalf("%q: %+v, %+v", q[1], x, y)
			}
		}
	}
}

func TestStemsOfPortuguese(t *testing.T) {
	for _, group := range []string{
		"entrega entregas entregam entregar", "promocao promocoes", "especial especiais", "cupom cupons",
		"consertar conserta consertam consertando",
	} {
		stems := map[string]bool{}
		for _, w := range strings.Fields(group) {
			stems[words.Stem(w, tania.Portuguese)] = true
		}
		if len(stems) != 1 {
			t.Errorf("%s: %v", group, stems)
		}
	}
}

func TestContractionsAskWhatTheirWordsDo(t *testing.T) {
	x := New(nil, nil, tania.English)
	for short, full := range map[string]string{
		"wheres my parcel": "where is my parcel", "where’s my parcel": "where is my parcel", "i don't have it": "i do not have it",
		"xq no llega": "porque no llega", "vcs entregam?": "voces entregam?", "u ship 2 rings": "you ship 2 rings",
	} {
		if d := cmp.Diff(split(language.Read(full)), split(language.Read(short)), cmp.AllowUnexported(word{})); d != "" {
			t.Errorf("%q: %s", short, d)
		}
	}
	if q := x.ask(language.Read("dont, can't, vc, porfa")); len(q) != 0 {
		t.Errorf("words that only ask are %d terms", len(q))
	}
}

func TestWhatTellsNoLanguageIsInTheBots(t *testing.T) {
	x := New(nil, nil, tania.Portuguese)
	for _, c := range []struct {
		texts []string
		want  tania.Language
	}{
		{[]string{"Los perros son bienvenidos en la terraza"}, tania.Spanish},
		{[]string{"The rye loaf is made without milk"}, tania.English},
		{[]string{"Contact Call Center"}, tania.English},
		{[]string{"12-34", "Where is it?"}, tania.English},
		{[]string{"12345", "99"}, tania.Portuguese},
		{nil, tania.Portuguese},
	} {
		if got := x.languageOf(c.texts...); got != c.want {
			t.Errorf("%q: %s", c.texts, got)
		}
	}
}

func FuzzBest(f *testing.F) {
	x, questions := bakery(f)
	for _, q := range questions {
		f.Add(q[1])
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, sureA := x.Best(language.Read(text), embedding.Vector{})
		b, sureB := x.Best(language.Read(text), embedding.Vector{})
		if sureA != sureB || a.Score != b.Score || a.Excerpt != b.Excerpt {
			t.Errorf("%q is answered in two ways", text)
		}
		if sureA && (a.Score <= 0 || a.Score > 1.0001) {
			t.Errorf("%q: score %f", text, a.Score)
		}
	})
}

// large has a thousand passages of five sentences from a vocabulary of a few thousand words.
func large() *Index {
	var passages []bot.Passage
	for i := range 1000 {
		var s strings.Builder
		for j := range 5 {
			fmt.Fprintf(&s, "El artículo%d del catalogo%d se guarda en almacen%d con entrega%d y cuesta poco. ", i, (i*7+j)%900, (i*13)%700,
				(i*3+j)%800)
		}
		passages = append(passages, bot.Passage{Source: fmt.Sprint(i), Title: fmt.Sprintf("Catálogo%d", i), Text: s.String()})
	}
	return New(nil, passages, tania.Spanish)
}

func BenchmarkBestOfThousandPassages(b *testing.B) {
	x := large()
	for b.Loop() {
		x.Best(language.Read("hola, ¿cuánto cuesta el artículo del catalogo77 que se guarda en almacén?"), embedding.Vector{})
	}
}

func BenchmarkBuildThousandPassages(b *testing.B) {
	for b.Loop() {
		large()
	}
}
