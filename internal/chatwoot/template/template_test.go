package template

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"tania/internal/tania"
)

func read(t *testing.T, source string) map[Case]Several {
	t.Helper()
	var declared map[Case]Several
	if err := yaml.NewDecoder(strings.NewReader(source), yaml.Strict()).Decode(&declared); err != nil {
		t.Fatal(err)
	}
	return declared
}

const good = `
answer:
  - name: your_answer
    language: es_MX
    category: utility
    text: "Hola {name}, {business} responde: {answer}"
    params: {"1": "{name}", "2": "{business}", "3": "{answer}"}
  - name: your_answer
    language: pt_BR
    text: "Olá {name}: {answer}"
    params: {customer: "{name}", answer: "{answer}"}
handoff: {name: a_human, language: es, text: "Te atiende una persona."}
`

func TestATemplateIsFilledAsChatwootTakesIt(t *testing.T) {
	declared := read(t, good)
	if problems := Check(declared); len(problems) > 0 {
		t.Fatalf("%+v", problems)
	}
	spanish, ok := declared[Answer].For("es")
	if !ok || !spanish.Carries() {
		t.Fatalf("%+v", spanish)
	}
	m, text, ok := spanish.Fill(Values{Name: "Ana", Business: "La Casita", Answer: "Cuesta\n\n380     pesos."})
	if !ok || text != "Hola Ana, La Casita responde: Cuesta 380 pesos." {
		t.Errorf("%q, %v", text, ok)
	}
	body, err := json.Marshal(m)
	want := `{"name":"your_answer","category":"UTILITY","language":"es_MX","processed_params":{"body":{"1":"Ana","2":"La Casita","3":"Cuesta 380 pesos."}}}`
	if err != nil || string(body) != want {
		t.Errorf("%s; want %s", body, want)
	}
	if _, _, ok := spanish.Fill(Values{Name: "Ana", Answer: "Sí."}); ok {
		t.Error("a parameter is empty, and those behind it would take its place")
	}
	if _, _, ok := spanish.Fill(Values{Name: "Ana", Business: "La Casita", Answer: strings.Repeat("á", 1000)}); ok {
		t.Error("longer than WhatsApp takes")
	}
	plain, _ := declared[Handoff].For("en")
	if _, text, ok := plain.Fill(Values{}); !ok || text != "Te atiende una persona." || plain.Carries() {
		t.Errorf("%q, %v", text, ok)
	}
}

func TestATemplateIsInTheCustomersLanguageWhereThereIsOne(t *testing.T) {
	answers := read(t, good)[Answer]
	for language, want := range map[tania.Language]string{"pt": "pt_BR", "es": "es_MX", "en": "es_MX", "": "es_MX"} {
		if got, ok := answers.For(language); !ok || got.Language != want {
			t.Errorf("%q: %+v", language, got)
		}
	}
	if got, ok := (Several{}).For("es"); ok {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsWrongInTemplatesIsSaidAtItsPlace(t *testing.T) {
	const fine = "name: a\n  language: es\n  text: t\n"
	for source, want := range map[string]string{
		"reminder:\n  " + fine:                                                                            "reminder is no case in which a template is sent",
		"answer:\n  name: a b\n  language: es\n  text: t\n":                                               `answer.name "a b" is no template's name`,
		"answer:\n  name: a\n  language: spanish\n  text: t\n":                                            `answer.language "spanish" is no template's language`,
		"answer:\n  name: a\n  language: es\n":                                                            "answer.text has 0 characters",
		"answer:\n  " + fine + "  params: {\"10\": x}\n":                                                  `answer.params "10" is no parameter`,
		"answer:\n  " + fine + "  params: {\"1\": \"{nombre}\"}\n":                                        "answer.params.1 has {nombre}, which is not known",
		"handoff:\n  " + fine + "  params: {\"1\": \"{answer}\"}\n":                                       "handoff.params.1 has {answer}, which is not known",
		"answer:\n  - {name: a, language: es, text: t}\n  - {name: a, language: es, text: \"{x}\"}\n":     "answer[1].text has {x}, which is not known",
		"answer:\n  " + fine + "  params: {a: a, b: a, c: a, d: a, e: a, f: a, g: a, h: a, i: a, j: a}\n": "answer.params has 10 parameters",
	} {
		problems := Check(read(t, source))
		if len(problems) != 1 || problems[0].Path+" "+problems[0].Text != want || problems[0].Fix == "" {
			t.Errorf("%s: %+v; want %s", source, problems, want)
		}
	}
}

func TestAnUnknownKeyOfATemplateIsRefused(t *testing.T) {
	var declared map[Case]Several
	err := yaml.NewDecoder(strings.NewReader("answer: {nombre: a}"), yaml.Strict()).Decode(&declared)
	if err == nil || !strings.Contains(err.Error(), "nombre") {
		t.Errorf("%v", err)
	}
}

func TestWhatsAppAloneHasTemplates(t *testing.T) {
	for channel, want := range map[tania.Channel]bool{
		tania.ChannelWhatsApp: true, tania.ChannelTwilioWhatsApp: true, tania.ChannelTwilio: false, tania.ChannelFacebook: false,
	} {
		if On(channel) != want {
			t.Errorf("%s: %v", channel, !want)
		}
	}
}
