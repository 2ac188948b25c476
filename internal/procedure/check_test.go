package procedure_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tania/internal/bot"
)

// TestWhatIsWrongIsSaidWithItsLineAndFix before a customer meets it.
func TestWhatIsWrongIsSaidWithItsLineAndFix(t *testing.T) {
	const head = `
tools:
  look: {description: Looks., risk: read, parameters: {properties: {id: {type: string}}, required: [id]},
  	http: {url: "https://shop.example/{id}"}}
procedures:
  p:
    about: A matter.
    start: [do it]
    steps:
`
	const end = "      - {name: done, end: answer, text: Done.}\n"
	for name, c := range map[string]struct{ steps, want string }{
		"a step that is not there": {
			"      - {slot: a, ask: A?, next: don}\n" + end,
			"procedures.p.steps[0].next \"don\" is no step; fix: did you mean done?",
		},
		"a loop": {
			"      - {slot: a, ask: A?}\n      - {slot: b, ask: B?, next: a}\n" + end,
			"leads back to a, a loop without an exit; fix: write a later step",
		},
		"a step never reached": {
			"      - {slot: a, ask: A?, next: done}\n      - {slot: b, ask: B?}\n" + end,
			"steps[1] (b) is never reached",
		},
		"no end": {
			"      - {slot: a, ask: A?}\n",
			"steps[0] is the last step, and does not end the procedure; fix: add a step with end:",
		},
		"an end on a condition": {
			"      - {slot: a, ask: A?}\n      - {end: answer, text: Done., when: slots.a == \"x\"}\n",
			"steps[1] is the last step, and does not end",
		},
		"used before it is filled": {
			"      - {slot: a, ask: \"A of {b}?\"}\n      - {slot: b, ask: B?}\n" + end,
			"steps[0].ask uses b, which is not filled before; fix: move the step",
		},
		"a slot that is not there": {
			"      - {slot: name_, ask: A?}\n      - {slot: b, ask: B?, when: slots.nam_ == \"x\"}\n" + end,
			"names slots.nam_, which is no slot of the procedure; fix: did you mean slots.name_?",
		},
		"a condition before": {
			"      - {slot: a, ask: A?, when: slots.b == \"x\"}\n      - {slot: b, ask: B?}\n" + end,
			"steps[0].when uses b, which is not filled before",
		},
		"a tool that is not there": {
			"      - {slot: a, ask: A?}\n      - {tool: lok, arguments: {id: \"{a}\"}}\n" + end,
			"steps[1].tool \"lok\" is no tool; fix: did you mean look?",
		},
		"an argument too few": {
			"      - {slot: a, ask: A?}\n      - {tool: look}\n" + end,
			"steps[1].arguments lack id, which look needs; fix: write id:",
		},
		"an argument too many": {
			"      - {slot: a, ask: A?}\n      - {tool: look, arguments: {id: x, no: y}}\n" + end,
			"steps[1].arguments.no is no parameter of look; fix: write one of id",
		},
		"a result before it is": {
			"      - {slot: a, ask: A?, when: not results.look.ok}\n      - {tool: look, arguments: {id: \"{a}\"}}\n" + end,
			"uses results.look, which no step before gives",
		},
		"a field of nothing": {
			"      - {slot: a, ask: \"{look.x}?\"}\n" + end,
			"has {look.x}, and no tool's step look before gives anything",
		},
		"two things at once": {
			"      - {slot: a, ask: A?, tool: look}\n" + end,
			"steps[0] does several things at once; fix: write one of slot",
		},
		"nothing":     {"      - {text: Hello.}\n" + end, "steps[0] does nothing"},
		"no question": {"      - {slot: a}\n" + end, "steps[0].ask is missing"},
		"sent back for ever": {
			"      - {slot: a, ask: A?}\n      - {again: [a], text: Once more.}\n" + end,
			"steps[1].when is missing: customers would be sent back for ever",
		},
		"sent back to nothing": {
			"      - {slot: a, ask: A?}\n      - {again: [b], text: More., when: slots.a == \"x\"}\n" + end,
			"steps[1].again[0] uses b, which is no slot",
		},
		"a type that is not": {
			"      - {slot: a, ask: A?, type: datum}\n" + end,
			"steps[0].type is \"datum\"; fix: write one of text, date",
		},
		"a choice of one": {
			"      - {slot: a, ask: A?, type: choice, options: [{id: x, title: X}]}\n" + end,
			"steps[0].options are 1; fix: write 2 to 20",
		},
		"an option twice": {
			"      - {slot: a, ask: A?, type: choice, options: [{id: x, title: X}, {id: x, title: Y}]}\n" + end,
			"options[1].id \"x\" cannot be an option's id",
		},
		"a pattern of nothing": {
			"      - {slot: a, ask: A?, type: pattern, pattern: '\\d*'}\n" + end,
			"steps[0].pattern \"\\\\d*\" is no pattern of something",
		},
		"a bound of another type": {
			"      - {slot: a, ask: A?, type: date, min: soon}\n" + end,
			"steps[0].min \"soon\" is none for type: date; fix: write today, +30d",
		},
		"a bound of a text": {
			"      - {slot: a, ask: A?, max: 3}\n" + end,
			"steps[0].max \"3\" is none for type: text; fix: leave it out",
		},
		"a check that says nothing": {
			"      - {slot: a, ask: A?, check: [{if: slots.a == \"x\"}]}\n" + end,
			"steps[0].check[0].say is missing",
		},
		"a condition that is none": {
			"      - {slot: a, ask: A?, when: slots}\n      - {slot: b, ask: B?, when: \"1 + 1\"}\n" + end,
			"steps[1].when is neither true nor false",
		},
		"the same name": {
			"      - {slot: a, ask: A?}\n      - {slot: a, ask: B?}\n" + end,
			"steps[1] has the name \"a\", as an earlier step",
		},
		"an end that is none": {
			"      - {slot: a, ask: A?}\n      - {end: later, text: T.}\n",
			"steps[1].end is \"later\"; fix: write answer, handoff or resolved",
		},
		"an end that says nothing": {
			"      - {slot: a, ask: A?}\n      - {end: answer}\n",
			"steps[1].text is missing",
		},
		"failed without a tool": {
			"      - {slot: a, ask: A?, failed: done}\n" + end,
			"steps[0].failed stands beside no tool",
		},
		"an unknown key": {"      - {slot: a, asks: A?}\n" + end, "unknown key \"asks\""},
		"a language that is none": {
			"      - {slot: a, ask: {spanish: A?}}\n" + end,
			"steps[0].ask.spanish is not a language",
		},
		"a procedure without a word": {"", "procedures.p.steps are 0"},
	} {
		path := filepath.Join(t.TempDir(), "bot.yaml")
		if err := os.WriteFile(path, []byte(head+c.steps), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := bot.Load(path)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "bot.yaml:") {
			t.Errorf("%s: %v\nwant %s", name, err, c.want)
		}
	}
}

// TestAWholeFileOfProceduresLoads: what the guide points to.
func TestAWholeFileOfProceduresLoads(t *testing.T) {
	b, err := bot.Load("testdata/bot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Procedures) != 4 || len(b.Warnings) != 0 {
		t.Errorf("%d procedures, warnings %v", len(b.Procedures), b.Warnings)
	}
	for _, p := range b.Procedures {
		for _, text := range p.Texts() {
			if len(text) > 0 && (text[es] == "" || text[en] == "" || text[pt] == "") {
				t.Errorf("%s: %v is not in all languages", p.Name, text)
			}
		}
	}
	other, err := bot.Load("testdata/bot.yaml")
	if err != nil || other.Version != b.Version || other.Shape() == bot.Default().Shape() {
		t.Errorf("version %s and %s (%v)", b.Version, other.Version, err)
	}
}
