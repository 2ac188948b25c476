package knowledge

import (
	"strconv"

	"tania/internal/embedding"
)

// Text is what Memory compares: a heading, the text below it, and marks of what both are about, which are compared like words, whatever
// language they are said in.
type Text struct {
	Heading, Text string
	Marks         []string
}

// Memory ranks texts that are few enough to be read anew at each start. It is safe for concurrent use.
type Memory struct{ held *held }

// NewMemory reads texts. Rank names them by their places.
func NewMemory(texts []Text) *Memory {
	h := newHeld()
	for i, t := range texts {
		heading := terms(t.Heading)
		d := document{id: strconv.Itoa(i), heading: uint32(len(heading))} //nolint:gosec // memory ends before
		for _, word := range append(heading, terms(t.Text)...) {
			n, _ := h.intern(word)
			d.words = append(d.words, n)
		}
		h.add(d)
		for _, m := range t.Marks {
			h.mark(uint32(i), m) //nolint:gosec // memory ends before
		}
	}
	h.settle()
	return &Memory{h}
}

// Ranked is a text by its place, and how likely it is what is asked for.
type Ranked struct {
	Place int
	Score float64
}

// Rank orders all texts by how likely the last of those asked is about them, and, less, those before it, the likeliest first.
func (m *Memory) Rank(asked ...Text) []Ranked {
	queries := make([]spoken, len(asked))
	for i, t := range asked {
		queries[i] = spoken{terms(t.Text), t.Marks}
	}
	ranked := make([]Ranked, 0, len(m.held.docs))
	seen := make([]bool, len(m.held.docs))
	for _, r := range m.held.rank(queries, nil, embedding.Vector{}) {
		ranked = append(ranked, Ranked{int(r.doc), float64(r.score)})
		seen[r.doc] = true
	}
	for place := range m.held.docs {
		if !seen[place] {
			ranked = append(ranked, Ranked{Place: place})
		}
	}
	return ranked
}
