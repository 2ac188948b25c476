package bot

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"tania/examples"
	"tania/internal/setting"
	"tania/internal/tania"
)

func botOf(t *testing.T, yaml string, files ...string) (*Bot, error) {
	t.Helper()
	fsys := fstest.MapFS{"bot.yaml": {Data: []byte(yaml)}}
	for i := 0; i+1 < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return LoadFS(fsys, "bot.yaml")
}

func TestTheDefaultBotHasEveryTextInThreeLanguages(t *testing.T) {
	b := Default()
	for place, text := range b.texts() {
		for _, l := range []tania.Language{tania.Spanish, tania.English, tania.Portuguese} {
			if (*place)[l] == "" || (*place)[l] != text[l] {
				t.Errorf("%q in %s", *place, l)
			}
		}
	}
	if !strings.Contains(b.Greeting[tania.English], "virtual assistant") {
		t.Error("the greeting does not say that it is not a human")
	}
}

func TestTheExampleBotIsComplete(t *testing.T) {
	b, err := LoadFS(examples.FS, examples.Bot)
	if err != nil {
		t.Fatal(err)
	}
	if len(b.FAQ) < 12 || len(b.Knowledge) < 15 || b.Business != "Panadería La Espiga" || len(b.Prices) == 0 {
		t.Errorf("%d FAQ, %d passages, %q", len(b.FAQ), len(b.Knowledge), b.Business)
	}
	for _, q := range b.FAQ {
		for _, l := range b.Languages {
			if q.Answer[l] == "" {
				t.Errorf("%s has no answer in %s", q.ID, l)
			}
		}
		if len(q.Keywords) < 3 {
			t.Errorf("%s has %d keywords", q.ID, len(q.Keywords))
		}
	}
	onDisk, err := Load(filepath.Join("..", "..", "examples", "bot.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b, onDisk); diff != "" {
		t.Errorf("embedded and on disk differ: %s", diff)
	}
}

func TestABotIsReadWhole(t *testing.T) {
	b, err := botOf(t, `
name: Ana
business: Shop
language: en
languages: [en, fr]
persona: |
  Kind.
texts:
  greeting: Hello!
  thanks: {en: Any time., fr: De rien.}
  farewell: {default: Bye.}
  ask_back: {es: ¿Cuál?}
ask_back: false
faq:
  - questions: ["¿Cuánto cuesta el envío?", how much]
    keywords: [envío, " ", 24 horas]
    answer: "5"
  - questions: ["Cuanto cuesta el ENVIO"]
    answer: {es: seis}
    category: transient
  - id: own
    questions: [為什麼]
    answer: x
  - questions: [為什麼]
    answer: x
knowledge:
  - {title: Note, text: "Own text."}
  - text: Untitled.
sensitive: [lawsuit]
handoff_words: [boss]
frustration_words: [again]
unknown_limit: 3
prices: {m-1.5: {input: 0.1, output: 2}}
`)
	if err != nil {
		t.Fatal(err)
	}
	builtin := Default()
	want := &Bot{
		Name: "Ana", Business: "Shop", Language: "en", Languages: []tania.Language{"en", "fr"}, Persona: "Kind.",
		FAQ: []FAQ{
			{
				ID: "cuanto-cuesta-el-envio", Questions: []string{"¿Cuánto cuesta el envío?", "how much"}, Keywords: []string{"envío", "24 horas"},
				Answer: Text{"": "5"}, Category: "faq",
			},
			{ID: "cuanto-cuesta-el-envio-2", Questions: []string{"Cuanto cuesta el ENVIO"}, Answer: Text{"es": "seis"}, Category: "transient"},
			{ID: "own", Questions: []string{"為什麼"}, Answer: Text{"": "x"}, Category: "faq"},
			{ID: "faq", Questions: []string{"為什麼"}, Answer: Text{"": "x"}, Category: "faq"},
		},
		Greeting: Text{"": "Hello!"},
		Thanks:   Text{"es": builtin.Thanks["es"], "en": "Any time.", "pt": builtin.Thanks["pt"], "fr": "De rien."},
		Farewell: Text{"": "Bye."},
		Handoff:  builtin.Handoff, OfferHuman: builtin.OfferHuman, Apology: builtin.Apology, Unknown: builtin.Unknown, Late: builtin.Late,
		AskBack: Text{"es": "¿Cuál?", "en": builtin.AskBack["en"], "pt": builtin.AskBack["pt"]}, NoneOfThese: builtin.NoneOfThese,
		PickOne:     Text{"es": "¿Cuál?", "en": builtin.PickOne["en"], "pt": builtin.PickOne["pt"]},
		RateLimited: builtin.RateLimited, OutsideHours: builtin.OutsideHours, Attachment: builtin.Attachment, TooLong: builtin.TooLong,
		Approval:  builtin.Approval,
		Knowledge: []Passage{{Source: "bot.yaml#Note", Title: "Note", Text: "Own text."}, {Source: "bot.yaml", Text: "Untitled."}},
		Sensitive: []string{"lawsuit"}, HandoffWords: []string{"boss"}, FrustrationWords: []string{"again"}, UnknownLimit: 3,
		SumsUp: true, Recalls: true,
		Prices: map[string]Price{"m-1.5": {0.1, 2}}, Version: b.Version,
	}
	if diff := cmp.Diff(want, b); diff != "" {
		t.Error(diff)
	}
}

func TestTheGreetingNamesTheBusiness(t *testing.T) {
	b, err := botOf(t, "name: Ana\nbusiness: Shop\nlanguage: pt\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Greeting["en"]; !strings.Contains(got, "Ana") || !strings.Contains(got, "Shop") {
		t.Errorf("%q", got)
	}
	if diff := cmp.Diff([]tania.Language{"pt", "es", "en"}, b.Languages); diff != "" {
		t.Error(diff)
	}
}

func TestAWrongBotYAMLShowsThePlaceAndTheMend(t *testing.T) {
	long := strings.Repeat("x", maxText+1)
	for _, x := range []struct {
		name, yaml string
		want       []string
	}{
		{"unknown key", "nmae: Ana\n", []string{"bot.yaml:1:1", `unknown key "nmae"`, "did you mean name?", "> "}},
		{"unknown key far from any", "colour: red\n", []string{"examples/bot.yaml shows all keys"}},
		{"key at the wrong level", "greeting: hi\n", []string{"greeting belongs under texts"}},
		{"key twice", "name: a\nname: b\n", []string{"bot.yaml:2:1", "name"}},
		{"text for a list", "name: a\nlanguages: es\n", []string{"bot.yaml:2:12", "write a list"}},
		{"list for a text", "name: [a]\n", []string{"bot.yaml:1:", "write a text"}},
		{"text for keys", "texts: hello\n", []string{"write keys with values"}},
		{"text for a number", "prices: {m: {input: cheap}}\n", []string{"write a number"}},
		{"tab", "texts:\n\tgreeting: hi\n", []string{"bot.yaml:2:", "indent with spaces"}},
		{"not closed", "name: \"a\n", []string{"bot.yaml:1:", "close the quotation marks"}},
		{"colon in a text", "texts:\n  greeting: Hola: soy Carmen\n", []string{"bot.yaml:2:", "put a text with a colon into quotation marks"}},
		{"quotation marks in a text", "texts:\n  greeting: \"Hola \"Ana\" bien\"\n", []string{"bot.yaml:2:", "quotation marks once"}},
		{"a placeholder first", "texts:\n  greeting: {name}, hola\n", []string{"bot.yaml:2:", "\"{name}, hello\""}},
		{"a reserved sign first", "name: @Carmen\n", []string{"bot.yaml:1:", "put the text into quotation marks"}},
		{"list not closed", "faq:\n- questions: [a, b\n  answer: x\n", []string{"close the list"}},
		{"empty", "# nothing\n", []string{"is empty"}},
		{"two documents", "name: a\n---\nname: b\n", []string{"more than one YAML document"}},
		{"language name", "language: español\n", []string{"bot.yaml:1:11", "two small letters"}},
		{"language not among them", "language: pt\nlanguages: [es]\n", []string{`"pt" is not among the languages`}},
		{"text in a strange language", "texts: {greeting: {pt-BR: Oi}}\n", []string{"greeting.pt-BR is not a language"}},
		{"empty text", "texts: {greeting: {es: ' '}}\n", []string{"texts.greeting.es is empty"}},
		{"long text", "texts: {greeting: " + long + "}\n", []string{"longer than 4000 characters"}},
		{"FAQ without question", "faq: [{answer: a}]\n", []string{"faq[0].questions has no question"}},
		{"FAQ without answer", "faq: [{questions: [a]}]\n", []string{"faq[0].answer has no answer"}},
		{
			"FAQ id twice", "faq:\n- {id: a, questions: [q], answer: a}\n- {id: a, questions: [q], answer: a}\n",
			[]string{"bot.yaml:3:8", "id of an earlier entry"},
		},
		{"FAQ id with a space", "faq: [{id: a b, questions: [q], answer: a}]\n", []string{`"a b" is not an id`}},
		{"category", "faq: [{questions: [q], answer: a, category: forever}]\n", []string{"faq, general, transient"}},
		{
			"keyword of two entries", "faq:\n- {questions: [q], answer: a, keywords: [Envío]}\n- {questions: [r], answer: a, keywords: [envio]}\n",
			[]string{"bot.yaml:3:42", "keyword of the entry q too"},
		},
		{"negative price", "prices: {m: {input: -1}}\n", []string{"no price for m"}},
		{"knowledge outside", "knowledge: [../secrets.md]\n", []string{"bot.yaml:1:13", "not beside or below bot.yaml"}},
		{"knowledge absolute", "knowledge: [/etc/passwd]\n", []string{"not beside or below bot.yaml"}},
		{"knowledge missing", "knowledge: [none/*.md]\n", []string{"names no file that is there"}},
		{"knowledge pattern", "knowledge: ['[x']\n", []string{"is not a pattern"}},
		{"knowledge not text", "knowledge: [binary.md]\n", []string{"is not text in UTF-8"}},
		{"knowledge too large", "knowledge: [huge.md]\n", []string{"huge.md is larger than 512 KiB"}},
		{"passage without text", "knowledge: [{title: a}]\n", []string{"knowledge[0] has no text"}},
		{"passage with a wrong key", "knowledge: [{titel: a, text: b}]\n", []string{"did you mean title?"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, err := botOf(t, x.yaml, "binary.md", "\x7fELF\x02\x01\xff\x00", "huge.md", strings.Repeat("x", maxKnowledgeFile+1))
			problems, ok := errors.AsType[setting.Problems](err)
			if !ok || len(problems) != 1 {
				t.Fatalf("want one problem, got %v", err)
			}
			if strings.Contains(err.Error(), "compare it with examples/bot.yaml") {
				t.Errorf("%v\nsays nothing of what to write", err)
			}
			for _, part := range append(x.want, "fix: ") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%v\nwant %q in it", err, part)
				}
			}
		})
	}
}

func TestTheVersionChangesWithTextsAndKnowledgeOnly(t *testing.T) {
	const yaml = "name: a\nknowledge: [k.md]\n"
	versions := map[string]string{}
	for name, x := range map[string][2]string{
		"first": {yaml, "# T\nx"}, "comment": {yaml + "# c\n", "# T\nx"}, "name": {"name: b\nknowledge: [k.md]\n", "# T\nx"},
		"knowledge": {yaml, "# T\ny"},
	} {
		b, err := botOf(t, x[0], "k.md", x[1])
		if err != nil {
			t.Fatal(err)
		}
		versions[name] = b.Version
	}
	if v := versions["first"]; len(v) != 16 || versions["comment"] != v || versions["name"] == v || versions["knowledge"] == v {
		t.Errorf("%v", versions)
	}
}

// TestTheShapeChangesWithWhatShapesEveryAnswer and with nothing else.
func TestTheShapeChangesWithWhatShapesEveryAnswer(t *testing.T) {
	const yaml = "name: a\nknowledge: [k.md]\n"
	shape := func(more, knowledge string) string {
		t.Helper()
		b, err := botOf(t, yaml+more, "k.md", knowledge)
		if err != nil {
			t.Fatal(err)
		}
		return b.Shape()
	}
	first := shape("", "# T\nx")
	for _, more := range []string{
		"persona: curt\n", "business: b\n", "language: en\n", "languages: [es]\n", "ask_back: false\n", "forbidden: [cheap]\n",
	} {
		if shape(more, "# T\nx") == first {
			t.Errorf("%q leaves the shape as it is", more)
		}
	}
	for _, more := range []string{
		"faq: [{questions: [q], answer: a}]\n", "texts: {greeting: hi, unknown: no, handoff: wait, apology: sorry}\n", "unknown_limit: 3\n",
		"prices: {m: {input: 1, output: 2}}\n", "sensitive: [a lawyer]\n", "citations: source\n",
	} {
		if shape(more, "# T\nx") != first {
			t.Errorf("%q changes the shape", more)
		}
	}
	if shape("", "# T\ny") != first {
		t.Error("knowledge changes the shape")
	}
}

func TestAMissingBotIsTheFileSystemsError(t *testing.T) {
	if _, err := Load(filepath.Join(t.TempDir(), "bot.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if _, err := Load(t.TempDir()); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory: %v", err)
	}
}
