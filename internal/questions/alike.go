package questions

import (
	"math"
	"slices"

	"tania/internal/cache/reading"
)

// alikeFrom is how alike, from 0 to 1, a question must be to the first of a group to belong to it. Of 2,000 questions to a bank with 15
// labels 92 % are in a group of their own label, of 258 to a shop whose 38 labels differ by a word or two, 90 %.
const alikeFrom = 0.5

// mostRead bounds how many places are read to find the groups that a question is like, those of its rarest parts first. It bounds the work
// where thousands of questions have a word.
const mostRead = 4096

// part is a piece of a question: the stem of a word that says what it is about, or three letters of one, so that what was mistyped is alike
// too.
type part = reading.Feature

// sketch is a question as it is compared: its parts, sorted, and how long it is.
type sketch struct {
	parts  []part
	length float64
}

// grouper finds which group a question belongs to.
type grouper struct {
	// rarity is the weight of a part: the fewer questions have it, the more it says.
	rarity map[part]float64
	groups []Group
	firsts []sketch
	// of has the groups whose first question has a part.
	of map[part][]int32
}

// group puts questions together that ask the same. The first of a group, the newest, is what others are compared with. The work grows with
// the number of questions, not with its square.
func group(all []Question) []Group {
	sketches := make([]sketch, len(all))
	counts := map[part]int{}
	for i, q := range all {
		sketches[i] = sketch{parts: partsOf(q)}
		for _, p := range sketches[i].parts {
			counts[p]++
		}
	}
	g := grouper{rarity: make(map[part]float64, len(counts)), of: map[part][]int32{}}
	for p, n := range counts {
		g.rarity[p] = math.Log(1 + float64(len(all)+1)/float64(n))
	}
	for i, q := range all {
		g.add(q, sketches[i])
	}
	return g.groups
}

func (g *grouper) add(q Question, s sketch) {
	for _, p := range s.parts {
		s.length += g.rarity[p] * g.rarity[p]
	}
	s.length = math.Sqrt(s.length)
	if at := g.likest(s); at >= 0 {
		g.groups[at].Questions = append(g.groups[at].Questions, q)
		return
	}
	at := int32(len(g.groups)) //nolint:gosec // there are fewer questions
	g.groups, g.firsts = append(g.groups, Group{Questions: []Question{q}}), append(g.firsts, s)
	for _, p := range s.parts {
		g.of[p] = append(g.of[p], at)
	}
}

// likest gives the group that a question is most like, -1 where it is like none. The measure is the cosine of both questions' parts by
// their rarity.
func (g *grouper) likest(s sketch) int {
	rarest := slices.Clone(s.parts)
	slices.SortStableFunc(rarest, func(x, y part) int { return len(g.of[x]) - len(g.of[y]) })
	shared, left := map[int32]float64{}, mostRead
	for _, p := range rarest {
		if left -= len(g.of[p]); left < 0 {
			break
		}
		for _, at := range g.of[p] {
			shared[at] += g.rarity[p] * g.rarity[p]
		}
	}
	best, most := -1, alikeFrom
	for at, both := range shared {
		like := both / (s.length * g.firsts[at].length)
		if like > most || like == most && (best < 0 || int(at) < best) {
			best, most = int(at), like
		}
	}
	return best
}

// partsOf gives the parts of a question, sorted, each once: of the words that say what it is about, of all where none does.
func partsOf(q Question) []part {
	read := reading.Read(q.Text, q.Language)
	telling := func(w reading.Word) bool { return !w.Function }
	if !slices.ContainsFunc(read.Words, telling) {
		telling = func(reading.Word) bool { return true }
	}
	var parts []part
	for _, w := range read.Words {
		if !telling(w) {
			continue
		}
		parts = append(parts, reading.Hash("="+w.Stem))
		padded := "_" + w.Text + "_"
		for i := 0; i+3 <= len(padded); i++ {
			parts = append(parts, reading.Hash(padded[i:i+3]))
		}
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}
