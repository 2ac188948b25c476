package knowledge

import (
	"strconv"
	"sync"

	"tania/internal/embedding"
)

// Text is what Memory compares: a heading, the text below it, and marks of what both are about, which are compared like words, whatever
// language they are said in.
type Text struct {
	Heading, Text string
	Marks         []string
}

// Memory ranks texts that are few enough to be read anew at each start. It is safe for concurrent use.
type Memory struct {
	held *held
	// learning is held for reading by who ranks, since meanings come later than the words.
	learning sync.RWMutex
}

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
		for _, m := range counted(t.Marks) {
			n, _ := h.internMark(m.name)
			h.mark(n, m.times)
		}
	}
	h.settle()
	return &Memory{held: h}
}

// count is a mark, and how often a text has it.
type count struct {
	name  string
	times uint32
}

// counted are marks, each once, in the order in which they come first.
func counted(marks []string) []count {
	at, all := make(map[string]int, len(marks)), make([]count, 0, len(marks))
	for _, m := range marks {
		i, ok := at[m]
		if !ok {
			i = len(all)
			at[m], all = i, append(all, count{name: m})
		}
		all[i].times++
	}
	return all
}

// Learn tells what the texts mean: by place, vectors of the parts of each, all by one model. They take the place of all learned before.
func (m *Memory) Learn(vectors [][]embedding.Vector) {
	all := make(map[string][]embedding.Vector, len(vectors))
	for place, list := range vectors {
		all[strconv.Itoa(place)] = list
	}
	made := m.held.meant(all)
	m.learning.Lock()
	defer m.learning.Unlock()
	m.held.meanings = made
}

// Ranked is a text by its place, and how likely it is what is asked for.
type Ranked struct {
	Place int
	Score float64
	// Like is by how many standard deviations it is liker what is meant than texts are by chance, less where vectors are believed less, and 0
	// without any.
	Like float64
}

// Rank orders all texts by how likely the last of those asked is about them, and, less, those before it, the likeliest first. meant is
// what the last one means, by the model that made the vectors of Learn; none: words alone decide.
func (m *Memory) Rank(meant embedding.Vector, asked ...Text) []Ranked {
	m.learning.RLock()
	defer m.learning.RUnlock()
	queries := make([]spoken, len(asked))
	for i, t := range asked {
		queries[i] = spoken{terms(t.Text), t.Marks}
	}
	ranked := make([]Ranked, 0, len(m.held.docs))
	seen := make([]bool, len(m.held.docs))
	for _, r := range m.held.rank(queries, nil, nil, meant) {
		ranked = append(ranked, Ranked{int(r.doc), float64(r.score), float64(r.like)})
		seen[r.doc] = true
	}
	for place := range m.held.docs {
		if !seen[place] {
			ranked = append(ranked, Ranked{Place: place})
		}
	}
	return ranked
}
