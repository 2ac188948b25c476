package shareable

import (
	"slices"
	"strings"
	"testing"

	"tania/internal/cache/reading"
	"tania/internal/language"
	"tania/internal/language/grammar"
	"tania/internal/words"
)

// readExample reads an example as its rule's block is asked: the rules of instructs.txt read a clause, the others a message without its
// courtesy.
func readExample(r *grammar.Rule, text string) *grammar.Text {
	folded := words.Fold(text)
	if strings.HasPrefix(r.Where, "instructs") {
		return rules().Read(grammar.Text{
			Words: reading.Canonical(slices.Collect(language.Tokens(folded)), language.Detect(text)), Accented: accented(text),
			Fitted: map[*grammar.Rule]bool{},
		})
	}
	t := ruled(language.Read(text))
	t.Fitted = map[*grammar.Rule]bool{}
	return t
}

// TestEachRuleOfTheGateDoesWhatItsExamplesSay holds every rule to the examples beside it: a "+" decides its "yes", and its block does not
// hold for its "no"; an exception fits its "no", and the block does not hold. No rule is without one, so none can be there that does
// nothing.
func TestEachRuleOfTheGateDoesWhatItsExamplesSay(t *testing.T) {
	for _, b := range rules().Blocks() {
		for _, r := range b.Rules {
			if r.Holds() && len(r.Yes) == 0 || !r.Holds() && len(r.No) == 0 {
				t.Errorf("%s: %q has no example that it decides", r.Where, r.Source)
			}
			for _, text := range r.Yes {
				checkYes(t, b, r, text)
			}
			for _, text := range r.No {
				checkNo(t, b, r, text)
			}
		}
	}
}

func checkYes(t *testing.T, b *grammar.Block, r *grammar.Rule, text string) {
	read := readExample(r, text)
	switch holds, by := read.Holds(b.Name), read.By(b.Name); {
	case !holds:
		t.Errorf("%s: [%s] does not hold for %q", r.Where, b.Name, text)
	case by != r:
		t.Errorf("%s: %q is decided by %s, %q", r.Where, text, by.Where, by.Source)
	}
}

func checkNo(t *testing.T, b *grammar.Block, r *grammar.Rule, text string) {
	read := readExample(r, text)
	if read.Holds(b.Name) {
		t.Errorf("%s: [%s] holds for %q", r.Where, b.Name, text)
	}
	if !r.Holds() && !read.Fitted[r] {
		t.Errorf("%s: %q does not fit %q", r.Where, r.Source, text)
	}
}

// TestTheGateHasCounterexamples keeps most rules beside a message that is like its example and not so.
func TestTheGateHasCounterexamples(t *testing.T) {
	all, with := 0, 0
	for _, b := range rules().Blocks() {
		for _, r := range b.Rules {
			all++
			if len(r.No) > 0 {
				with++
			}
		}
	}
	if 4*with < 3*all {
		t.Errorf("%d of %d rules have a counterexample, want three of four", with, all)
	}
}
