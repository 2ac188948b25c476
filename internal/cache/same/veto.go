// Package same decides whether two questions have one answer, and whether two answers say the same: vetoes, the model over pairs of
// questions with its calibration by scope, and the comparison of answers.
package same

import (
	"strings"

	"tania/internal/cache/reading"
)

// acting are the pronouns of who does and who is done to.
var acting = func() map[string]string {
	m := map[string]string{}
	for person, list := range map[string]map[string]bool{
		"1": reading.WordSet(`i me yo mi eu mim`),
		"2": reading.WordSet(`you tu ti te usted voce vos`),
	} {
		for w := range list {
			m[w] = person
		}
	}
	return m
}()

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
	VetoAsked     Veto = "attribute"
)

// FindVeto compares two questions, "" if nothing forbids that they have one answer.
func FindVeto(a, b *reading.Question, m *Matching) Veto {
	f, g := &a.Facts, &b.Facts
	if !SameLanguage(a, b) {
		return VetoLanguage
	}
	if v := amountsDiffer(f, g); v != "" {
		return v
	}
	if v := timesDiffer(f.Times, g.Times); v != "" {
		return v
	}
	switch {
	case f.Negations != g.Negations || f.Lacks != g.Lacks || (f.Nobodies > 0) != (g.Nobodies > 0) || (f.Limits > 0) != (g.Limits > 0),
		negatedElsewhere(a, b, m):
		return VetoNegation
	case opposed(a, b, m):
		return VetoOpposite
	case otherOrder(a, b, m), exchanged(a, b):
		return VetoDirection
	case named(a, m.A) || named(b, m.B):
		return VetoName
	case askedElse(a, b, m):
		return VetoAsked
	}
	return ""
}

// amountsDiffer compares numbers in their order, "1" being the same as "un".
func amountsDiffer(f, g *reading.Facts) Veto {
	x, y := f.Amounts, g.Amounts
	if len(x) != len(y) {
		if len(x) > len(y) {
			x = withoutOnes(x, len(x)-len(y), g.Articles)
		} else {
			y = withoutOnes(y, len(y)-len(x), f.Articles)
		}
		if len(x) != len(y) {
			return VetoNumber
		}
	}
	inPlace := true
	for i := range x {
		if !sameAmount(x[i], y[i]) {
			inPlace = false
		}
	}
	if inPlace {
		return otherNouns(x, y)
	}
	for i := range x {
		if countAmount(x, x[i]) != countAmount(y, x[i]) {
			return VetoNumber
		}
	}
	return VetoDirection
}

// otherNouns reports whether equal numbers count each other's things: "2 shirts and 3 hats", "2 hats and 3 shirts".
func otherNouns(x, y []reading.Measured) Veto {
	for i := range x {
		if x[i].Noun == y[i].Noun {
			continue
		}
		for j := range y {
			if j != i && x[i].Noun != 0 && x[i].Noun == y[j].Noun && x[i].Value != y[j].Value {
				return VetoNumber
			}
		}
	}
	return ""
}

func countAmount(list []reading.Measured, a reading.Measured) (n int) {
	for _, b := range list {
		if sameAmount(a, b) {
			n++
		}
	}
	return n
}

func sameAmount(a, b reading.Measured) bool {
	return a.Value == b.Value && a.Figures == b.Figures && reading.Compatible(a.Unit, b.Unit)
}

// withoutOnes leaves up to n ones out that the other side may say by one of its articles.
func withoutOnes(list []reading.Measured, n, articles int) []reading.Measured {
	n = min(n, articles)
	var rest []reading.Measured
	for _, a := range list {
		if n > 0 && a.Value == 1 && a.Unit == "" {
			n--
			continue
		}
		rest = append(rest, a)
	}
	return rest
}

func timesDiffer(x, y []string) Veto {
	if len(x) != len(y) {
		return VetoDate
	}
	inPlace := true
	for i := range x {
		if x[i] != y[i] {
			inPlace = false
		}
	}
	if inPlace {
		return ""
	}
	for _, d := range x {
		n := 0
		for _, e := range x {
			if e == d {
				n++
			}
		}
		for _, e := range y {
			if e == d {
				n--
			}
		}
		if n != 0 {
			return VetoDate
		}
	}
	return VetoDirection
}

// negatedElsewhere reports whether a word is negated, left out, or the only one, in one question alone.
func negatedElsewhere(a, b *reading.Question, m *Matching) bool {
	if a.Facts.Negations+a.Facts.Lacks+a.Facts.Limits == 0 {
		return false
	}
	for i, j := range m.A {
		if j >= 0 && a.Words[i].Negated != b.Words[j].Negated {
			return true
		}
	}
	return false
}

// named reports whether a question has a name that the other has not.
func named(q *reading.Question, pairs []int) bool {
	for i, w := range q.Words {
		if w.Name && pairs[i] < 0 && !w.Function {
			return true
		}
	}
	return false
}

// exchanged reports whether who does something to whom is the other way round ("I love you", "do you love me"), or that one speaks of the
// customer and the other of who is asked ("I am old", "are you old").
func exchanged(a, b *reading.Question) bool {
	x, y := personsOf(a), personsOf(b)
	if len(x) == 1 && len(y) == 1 {
		return x != y && iAm(a) != iAm(b)
	}
	return len(x) == len(y) && x != y && strings.Count(x, "1") == strings.Count(y, "1")
}

// personsOf gives the persons of a question's pronouns, in their order: 1 for who asks, 2 for who is asked.
func personsOf(q *reading.Question) string {
	var b strings.Builder
	for i := range q.Words {
		b.WriteString(acting[q.Words[i].Text])
	}
	return b.String()
}

// iAm reports whether a question has "I am".
func iAm(q *reading.Question) bool {
	for i := range q.Words {
		if w := q.Words[i].Text; selfStates[w] {
			return true
		}
	}
	return false
}

var selfStates = reading.WordSet(`am soy estoy sou estou`)

// opposed reports whether words of the two questions exclude each other.
func opposed(a, b *reading.Question, m *Matching) bool {
	// Groups in which the one is on one side and the other on another.
	for i, j := 0, 0; i < len(a.Facts.Poles) && j < len(b.Facts.Poles); {
		p, o := a.Facts.Poles[i], b.Facts.Poles[j]
		switch {
		case p.Group < o.Group:
			i++
		case p.Group > o.Group:
			j++
		case p.Side&o.Side == 0:
			return true
		default:
			i++
			j++
		}
	}
	for i := range a.Words {
		x := &a.Words[i]
		if m.A[i] >= 0 {
			continue
		}
		for j := range b.Words {
			if m.B[j] >= 0 {
				continue
			}
			if y := &b.Words[j]; exclude(x.Poles, y.Poles) || !x.Fact && !y.Fact && (prefixed(x.Text, y.Text) || prefixed(x.Stem, y.Stem)) {
				return true
			}
		}
	}
	return false
}

func exclude(p, o []reading.Pole) bool {
	for _, x := range p {
		for _, y := range o {
			if x.Group == y.Group && x.Side&y.Side == 0 {
				return true
			}
		}
	}
	return false
}

// askedElse reports whether nothing but the asking word differs: "where is the shop", "when is the shop".
func askedElse(a, b *reading.Question, m *Matching) bool {
	return a.Facts.Asks != "" && b.Facts.Asks != "" && a.Facts.Asks != b.Facts.Asks && allMatched(a, m.A) && allMatched(b, m.B)
}

func allMatched(q *reading.Question, pairs []int) bool {
	for i := range q.Words {
		if pairs[i] < 0 && !q.Words[i].Function {
			return false
		}
	}
	return true
}
