package grammar_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"tania/internal/language/grammar"
)

func compiled(t *testing.T, text string) *grammar.Grammar {
	t.Helper()
	g, err := grammar.Compile(fstest.MapFS{"rules.txt": {Data: []byte(text)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestPatterns(t *testing.T) {
	const words = "PET: cat dog bird*  -birdie ..*fish\nBIG = very large / PET&!dog tall\n"
	for pattern, texts := range map[string]map[string]bool{
		"cat":                 {"a cat": true, "a dog": false},
		"PET":                 {"birds": true, "birdie": false, "fish": false, "catfish": true},
		"cat|dog $":           {"a dog": true, "dog a": false},
		"^ cat":               {"cat a": true, "a cat": false},
		"cat !dog":            {"cat": true, "cat a": true, "cat dog": false},
		"<a cat":              {"a cat": true, "cat": false},
		"<!a cat":             {"cat": true, "a cat": false},
		"<<!_ cat":            {"a cat": true, "a a cat": false},
		"cat ..1 dog":         {"cat dog": true, "cat a dog": true, "cat a a dog": false},
		"cat ... dog":         {"cat a a a a dog": true, "dog cat": false},
		"cat a~ dog":          {"cat dog": true, "cat a a dog": true, "cat b dog": false},
		"BIG":                 {"very large": true, "cat tall": true, "dog tall": false},
		"PET&!dog":            {"cat": true, "dog": false},
		"cat if: has dog":     {"dog cat": true, "cat": false},
		"cat if: no dog":      {"dog cat": false, "cat": true},
		"cat if: earlier dog": {"dog cat": true, "cat dog": false},
		"cat if: here _ dog":  {"cat dog": true, "dog cat": false},
		"cat if: last dog":    {"cat dog": true, "dog cat": false},
		"cat if: words <= 1":  {"cat": true, "cat a": false},
		"cat if: not has dog": {"cat": true, "cat dog": false},
	} {
		g := compiled(t, words+"[b]\n+ "+pattern)
		for text, want := range texts {
			if got := g.Read(grammar.Text{Words: strings.Fields(text)}).Holds("b"); got != want {
				t.Errorf("%q holds for %q: %v", pattern, text, got)
			}
		}
	}
}

func TestTheFirstRuleThatFitsDecides(t *testing.T) {
	g := compiled(t, "[b]\n- cat a\n! stop\n+ cat\n+ ^ if: c\n[c]\n+ dog")
	for text, want := range map[string]bool{
		"cat": true, "cat a": false, "cat a cat": true, "stop cat": false, "cat stop": true, "a dog": true,
		"": false,
	} {
		if got := g.Read(grammar.Text{Words: strings.Fields(text)}).Holds("b"); got != want {
			t.Errorf("holds for %q: %v", text, got)
		}
	}
}

func TestSlipsAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"[b]\n+ PET":            "nothing defines PET",
		"[b]\n+ cat if: missed": "no block [missed]",
		"+ cat":                 "before any [block]",
		"[b]\nyes: cat":         "no rule stands before it",
		"[b]\n+ cat ..x":        "want ..1",
		"[b]\n+":                "empty pattern",
		"[b]\n+ a||b":           "empty alternative",
		"[b]\n+ a if: words <":  "want a number",
		"PET: -cat":             "no word with *",
		"what":                  "want NAME",
	} {
		_, err := grammar.Compile(fstest.MapFS{"rules.txt": {Data: []byte(text)}}, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
