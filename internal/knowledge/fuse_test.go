package knowledge

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"tania/internal/embedding"
)

// about is a vector of one of a few matters.
func about(matter int) embedding.Vector {
	numbers := make([]float32, 8)
	numbers[matter] = 1
	return embedding.Quantise(numbers)
}

func ids(t *testing.T, x *Index, q Query) []string {
	t.Helper()
	hits, err := x.Search(q, 10)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, h := range hits {
		found = append(found, h.Passage.ID)
	}
	return found
}

func TestAPassageIsFoundByWhatItMeans(t *testing.T) {
	x, err := Open(filepath.Join(t.TempDir(), "index"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	var put []Passage
	vectors := map[string][]embedding.Vector{}
	for i := range 40 {
		id := fmt.Sprint("other", i)
		put = append(put, Passage{ID: id, Title: id, Text: "Chairs and tables of wood."})
		vectors[id] = []embedding.Vector{about(i % 6)}
	}
	put = append(put, Passage{ID: "lost", Title: "Parcels that vanish", Text: "We send another."})
	vectors["lost"] = []embedding.Vector{about(0), about(7)}
	if err := x.Apply(Change{Put: put}); err != nil {
		t.Fatal(err)
	}
	asked := Query{Text: "nothing came", Vector: about(7)}
	if found := ids(t, x, asked); len(found) != 0 {
		t.Errorf("before anything was learned %q are found", found)
	}
	x.Learn(vectors)
	if found := ids(t, x, asked); len(found) == 0 || found[0] != "lost" {
		t.Errorf("found %q", found)
	}
	asked.Shown = []string{"lost"}
	if found := ids(t, x, asked); slices.Contains(found, "lost") {
		t.Errorf("what was shown is found again: %q", found)
	}
	asked.Shown = nil
	if err := x.compact(func(uint32) bool { return true }); err != nil {
		t.Fatal(err)
	}
	if found := ids(t, x, asked); len(found) == 0 || found[0] != "lost" {
		t.Errorf("found %q after the file was written anew", found)
	}
	// Changed, it is not what it meant; learned again, it is what it means now.
	if err := x.Apply(Change{Put: []Passage{{ID: "lost", Title: "Beds", Text: "Of iron."}}}); err != nil {
		t.Fatal(err)
	}
	if found := ids(t, x, asked); slices.Contains(found, "lost") {
		t.Errorf("a changed passage is found by what it meant: %q", found)
	}
	if v, known := x.held.cosine(x.held.byID["lost"], about(7)); known {
		t.Errorf("a changed passage is as like a question as it was before: %.2f", v)
	}
	x.Learn(map[string][]embedding.Vector{"lost": {about(7)}, "unknown": {about(1)}})
	if found := ids(t, x, asked); len(found) == 0 || found[0] != "lost" {
		t.Errorf("found %q", found)
	}
	if found := ids(t, x, Query{Text: "chairs", Vector: embedding.Quantise([]float32{1, 2})}); len(found) != 10 {
		t.Errorf("with a vector of another model %q are found", found)
	}
}

// TestVectorsAreBelievedWhereWordsKnowNothing has questions of which the passages have all words, or one of many, beside a vector that is
// near another passage and disagrees with the words.
func TestVectorsAreBelievedWhereWordsKnowNothing(t *testing.T) {
	var texts []Text
	var vectors [][]embedding.Vector
	for i := range 60 {
		text := Text{Heading: fmt.Sprint("Shelf ", i), Text: "Boards of wood."}
		if i < 6 {
			text.Text = "Velvet cushions."
		}
		texts, vectors = append(texts, text), append(vectors, []embedding.Vector{about(i % 6)})
	}
	texts, vectors = append(texts, Text{Heading: "Sleds", Text: "They go behind the stairs."}), append(vectors, []embedding.Vector{about(7)})
	m := NewMemory(texts)
	m.Learn(vectors)
	for asked, sleds := range map[string]bool{
		"velvet cushions": false, "wohin gehören winters unsere Schlitten bitte velvet": true, "wohin kommen Schlitten": true,
	} {
		if first := m.Rank(about(7), Text{Text: asked})[0].Place; (first == 60) != sleds {
			t.Errorf("%q: %q is first", asked, texts[first].Heading)
		}
		if first := m.Rank(embedding.Vector{}, Text{Text: asked})[0].Place; first == 60 {
			t.Errorf("%q: without a vector the sleds are first", asked)
		}
	}
}
