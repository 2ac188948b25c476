package offline

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/tania"
)

// asked is a labelled question: what answers it, "-" for nothing.
type asked struct{ source, text string }

// labelled are a bakery and what its customers ask, as the thresholds were set with them.
func labelled(t *testing.T) (*Responder, []asked) {
	t.Helper()
	b := &bot.Bot{Language: tania.Spanish, Unknown: bot.Text{bot.AnyLanguage: "Eso no lo sé."}}
	known, err := os.ReadFile("../knowledge/testdata/bot.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(known, b); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile("../knowledge/testdata/questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []asked
	for line := range strings.Lines(string(list)) {
		source, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if source != "-" && !strings.HasPrefix(source, "knowledge/") {
			source = "faq:" + source
		}
		all = append(all, asked{source, strings.Trim(text, "¿? ")})
	}
	return New(Options{Bot: b}), all
}

// TestTwoQuestionsInOneMessage pairs questions that are answered alone with each other, and with those that have no answer. Each question
// is paired with a few further on in the list.
func TestTwoQuestionsInOneMessage(t *testing.T) {
	o, all := labelled(t)
	respond := func(text string) llm.Response {
		r, err := o.Respond(t.Context(), llm.Prompt{Text: text, Language: tania.Spanish})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	var sure, unknown []asked
	for _, q := range all {
		switch r := respond(q.text + "?"); {
		case r.Known && slices.Equal(r.Sources, []string{q.source}):
			sure = append(sure, q)
		case q.source == "-" && !r.Known && len(q.text) > 8:
			unknown = append(unknown, q)
		}
	}
	if len(sure) < 60 || len(unknown) < 10 {
		t.Fatalf("%d questions are answered alone, %d have no answer", len(sure), len(unknown))
	}
	both, pairs := 0, 0
	for i, q := range sure {
		for _, step := range []int{7, 19, 31} {
			other := sure[(i+step)%len(sure)]
			if other.source == q.source {
				continue
			}
			pairs++
			r := respond(q.text + "? " + other.text + "?")
			if r.Known && slices.Equal(r.Sources, []string{q.source, other.source}) {
				both++
			}
			wrong := slices.ContainsFunc(r.Sources, func(s string) bool { return s != q.source && s != other.source })
			if wrong || r.Known && len(r.Sources) < 2 {
				t.Errorf("%q and %q: known %v, from %v", q.text, other.text, r.Known, r.Sources)
			}
		}
	}
	partly, mixed := 0, 0
	for i, q := range sure {
		other := unknown[i%len(unknown)]
		mixed++
		r := respond(q.text + "? " + other.text + "?")
		if !r.Known && slices.Equal(r.Sources, []string{q.source}) && strings.HasSuffix(r.Text, "»: Eso no lo sé.") {
			partly++
		}
	}
	t.Logf("%d of %d pairs are both answered; %d of %d are answered in part", both, pairs, partly, mixed)
	if both < pairs*95/100 || partly < mixed*80/100 {
		t.Errorf("%d of %d pairs are both answered, want 95 %%; %d of %d are answered in part, want 80 %%", both, pairs, partly, mixed)
	}
}
