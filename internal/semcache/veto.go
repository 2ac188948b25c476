package semcache

import (
	"slices"
	"strings"
)

// Veto is why an answer is not given to a question like the one it was made for.
type Veto string

// The vetoes.
const (
	VetoLanguage  Veto = "language"
	VetoNumber    Veto = "number"
	VetoDate      Veto = "date"
	VetoNegation  Veto = "negation"
	VetoOpposite  Veto = "antonym"
	VetoDirection Veto = "direction"
	VetoName      Veto = "entity"
)

// veto compares two questions, "" if nothing forbids that they have one answer.
func veto(a, b *Question, m *matching) Veto {
	switch {
	case a.Language != b.Language:
		return VetoLanguage
	case !slices.Equal(a.facts.numbers, b.facts.numbers):
		return VetoNumber
	case !slices.Equal(a.facts.dates, b.facts.dates):
		return VetoDate
	case a.facts.negated != b.facts.negated || a.facts.without != b.facts.without:
		return VetoNegation
	case opposed(a, b, m):
		return VetoOpposite
	case turned(a, b), !slices.Equal(a.facts.sequence, b.facts.sequence), exchanged(a, b):
		return VetoDirection
	case named(a, m.a) || named(b, m.b):
		return VetoName
	}
	return ""
}

// named says that a question has a name that the other has not.
func named(q *Question, pairs []int) bool {
	for i, w := range q.words {
		if w.name && pairs[i] < 0 && !w.function {
			return true
		}
	}
	return false
}

// exchanged says that who does something to whom is the other way round: "I love you", "do you love me".
func exchanged(a, b *Question) bool {
	first := func(q *Question) (who string, both bool) {
		for _, w := range q.words {
			p := acting[w.text]
			switch {
			case p == "":
			case who == "":
				who = p
			case p != who:
				return who, true
			}
		}
		return who, false
	}
	wa, bothA := first(a)
	wb, bothB := first(b)
	return bothA && bothB && wa != wb
}

// opposed says that a word of one question has its opposite in the other alone.
func opposed(a, b *Question, m *matching) bool {
	for i, x := range a.words {
		if m.a[i] >= 0 {
			continue
		}
		for j, y := range b.words {
			if m.b[j] < 0 && (opposites[x.text][y.text] || prefixed(x.text, y.text) || prefixed(x.stem, y.stem)) {
				return true
			}
		}
	}
	return false
}

// prefixes turn a word around.
var prefixes = []string{"des", "dis", "de", "in", "im", "un", "i", "anti", "non", "re"}

// prefixed says that one word is the other behind such a prefix.
func prefixed(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 4 || len(a) == len(b) || !strings.HasSuffix(b, a) {
		return false
	}
	return slices.Contains(prefixes, b[:len(b)-len(a)])
}

// turned says that what one question moves from here to there the other moves from there to here.
func turned(a, b *Question) bool {
	place := func(q *Question) map[string]bool {
		m := map[string]bool{}
		for _, w := range q.words {
			if !w.function {
				m[w.stem] = w.to
			}
		}
		return m
	}
	pa, pb := place(a), place(b)
	forth, back := false, false
	for s, to := range pa {
		if other, ok := pb[s]; ok && other != to {
			if to {
				forth = true
			} else {
				back = true
			}
		}
	}
	return forth && back
}
