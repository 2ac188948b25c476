package cacheeval

import (
	"testing"

	"tania/internal/cache/reading"
	"tania/internal/cache/same"
	"tania/internal/language"
)

// TestNoAnswerIsServedToAQuestionThatDiffersInAFact stores the answer to the first of each pair of testdata and looks the second up, by the
// code that serves and the shipped model.
func TestNoAnswerIsServedToAQuestionThatDiffersInAFact(t *testing.T) {
	model, err := same.ShippedModel()
	if err != nil {
		t.Fatal(err)
	}
	data, err := Load("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	counts, misses, err := guards(model, data.Pairs)
	if err != nil {
		t.Fatal(err)
	}
	for _, category := range []string{"number", "date", "negation", "antonym", "direction", "entity", "attribute"} {
		c := counts[category]
		if c.Different < 20 {
			t.Errorf("%s: only %d pairs", category, c.Different)
		}
	}
	for _, m := range misses {
		// A text that is written the same in two languages, or does not tell its language, has none.
		none := m.Category == "language" && (reading.Read(m.A, "es").Exact == reading.Read(m.B, "es").Exact ||
			language.Detect(m.A) == "" || language.Detect(m.B) == "")
		if m.Served && !none {
			t.Errorf("%s: the answer to %q is given to %q", m.Category, m.A, m.B)
		}
	}
	if c := counts["surface"]; c.Same < 20 || c.SameServed*10 < c.Same*9 {
		t.Errorf("%d of %d that differ in their surface are served, want nine of ten", c.SameServed, c.Same)
	}
}
