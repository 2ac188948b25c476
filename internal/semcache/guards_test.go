package semcache

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"tania/internal/dispatcher"
	"tania/internal/tania"
)

// pair is a line of testdata/guards.jsonl, which is written for this project and free of rights (CC0).
type pair struct {
	Lang     string `json:"lang"`
	Category string `json:"category"`
	A        string `json:"a"`
	B        string `json:"b"`
	Same     int    `json:"same"`
}

func pairs(t *testing.T) (all []pair) {
	t.Helper()
	f, err := os.Open("testdata/guards.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var p pair
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// fitted is the shipped model, or one fitted to the development data while none is shipped.
func fitted(t *testing.T) *Model {
	t.Helper()
	m, err := ShippedModel()
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Weights) > 0 {
		return m
	}
	b, err := os.ReadFile("testdata/fitted.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, m); err != nil {
		t.Fatal(err)
	}
	if err := m.order(); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestShelfServesNoAnswerToAQuestionThatDiffersInAFact stores the answer to a pair's first question and looks the second up.
func TestShelfServesNoAnswerToAQuestionThatDiffersInAFact(t *testing.T) {
	m := fitted(t)
	type count struct{ pairs, served int }
	different, same := map[string]count{}, map[string]count{}
	for _, p := range pairs(t) {
		langA, langB := tania.Language(p.Lang), tania.Language(p.Lang)
		if p.Lang == "xx" {
			langA, langB = dispatcher.DetectLanguage(p.A), dispatcher.DetectLanguage(p.B)
		}
		s := NewShelf(m)
		first := Read(p.A, langA)
		s.Keep(first, "An answer.", s.Look(first))
		second := Read(p.B, langB)
		if p.Category == "language" && first.Exact == second.Exact {
			continue // A text that is written the same in two languages has no language.
		}
		served := s.Look(second).Hit
		counts := different
		if p.Same == 1 {
			counts = same
		}
		c := counts[p.Category]
		c.pairs++
		if served {
			c.served++
			if p.Same == 0 {
				t.Errorf("%s: the answer to %q is given to %q", p.Category, p.A, p.B)
			}
		} else if p.Category == "surface" {
			t.Logf("not served: %q, %q", p.A, p.B)
		}
		counts[p.Category] = c
	}
	t.Logf("different %v, same %v", different, same)
	if c := same["surface"]; c.served*10 < c.pairs*9 {
		t.Errorf("%d of %d that differ in their surface are served, want nine of ten", c.served, c.pairs)
	}
}
