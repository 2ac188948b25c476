package semcache

import "strings"

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

// veto compares two questions, "" if nothing forbids that they have one answer.
func veto(a, b *Question, m *matching) Veto {
	f, g := &a.facts, &b.facts
	if !sameLanguage(a, b) {
		return VetoLanguage
	}
	if v := amountsDiffer(f, g); v != "" {
		return v
	}
	if v := momentsDiffer(f.moments, g.moments); v != "" {
		return v
	}
	switch {
	case f.negations != g.negations || f.lacks != g.lacks || (f.nobodies > 0) != (g.nobodies > 0) || (f.limits > 0) != (g.limits > 0), negatedElsewhere(a, b, m):
		return VetoNegation
	case opposed(a, b, m):
		return VetoOpposite
	case otherOrder(a, b, m), exchanged(a, b):
		return VetoDirection
	case named(a, m.a) || named(b, m.b):
		return VetoName
	case askedElse(a, b, m):
		return VetoAsked
	}
	return ""
}

// amountsDiffer compares numbers in their order, "1" being the same as "un".
func amountsDiffer(f, g *facts) Veto {
	x, y := f.amounts, g.amounts
	if len(x) != len(y) {
		if len(x) > len(y) {
			x = withoutOnes(x, len(x)-len(y), g.articles)
		} else {
			y = withoutOnes(y, len(y)-len(x), f.articles)
		}
		if len(x) != len(y) {
			return VetoNumber
		}
	}
	inPlace := true
	for i := range x {
		if !x[i].equals(y[i]) {
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

// otherNouns says that equal numbers count each other's things: "2 shirts and 3 hats", "2 hats and 3 shirts".
func otherNouns(x, y []measured) Veto {
	for i := range x {
		if x[i].noun == y[i].noun {
			continue
		}
		for j := range y {
			if j != i && x[i].noun != 0 && x[i].noun == y[j].noun && x[i].value != y[j].value {
				return VetoNumber
			}
		}
	}
	return ""
}

func countAmount(list []measured, a measured) (n int) {
	for _, b := range list {
		if a.equals(b) {
			n++
		}
	}
	return n
}

func (a measured) equals(b measured) bool {
	return a.value == b.value && a.figures == b.figures && compatible(a.unit, b.unit)
}

// withoutOnes leaves up to n ones out that the other side may say by one of its articles.
func withoutOnes(list []measured, n, articles int) []measured {
	n = min(n, articles)
	var rest []measured
	for _, a := range list {
		if n > 0 && a.value == 1 && a.unit == "" {
			n--
			continue
		}
		rest = append(rest, a)
	}
	return rest
}

func momentsDiffer(x, y []string) Veto {
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

// negatedElsewhere says that a word is negated, left out, or the only one, in one question alone.
func negatedElsewhere(a, b *Question, m *matching) bool {
	if a.facts.negations+a.facts.lacks+a.facts.limits == 0 {
		return false
	}
	for i, j := range m.a {
		if j >= 0 && a.words[i].negated != b.words[j].negated {
			return true
		}
	}
	return false
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

// exchanged says that who does something to whom is the other way round ("I love you", "do you love me"), or that one speaks of the customer and the
// other of who is asked ("I am old", "are you old").
func exchanged(a, b *Question) bool {
	x, y := personsOf(a), personsOf(b)
	switch {
	case x == "" || y == "":
		return false
	case len(x) == 1 && len(y) == 1:
		return x != y && iAm(a) != iAm(b)
	}
	return len(x) == len(y) && x != y && strings.Count(x, "1") == strings.Count(y, "1") && strings.Count(x, "1") < len(x)
}

// personsOf gives the persons of a question's pronouns, in their order: 1 for who asks, 2 for who is asked.
func personsOf(q *Question) string {
	var b strings.Builder
	for i := range q.words {
		b.WriteString(acting[q.words[i].text])
	}
	return b.String()
}

// iAm says that a question has "I am".
func iAm(q *Question) bool {
	for i := range q.words {
		if w := q.words[i].text; selfStates[w] {
			return true
		}
	}
	return false
}

var selfStates = set(`am soy estoy sou estou`)

// opposed says that words of the two questions exclude each other.
func opposed(a, b *Question, m *matching) bool {
	// Groups in which the one is on one side and the other on another.
	for i, j := 0, 0; i < len(a.facts.poles) && j < len(b.facts.poles); {
		p, o := a.facts.poles[i], b.facts.poles[j]
		switch {
		case p.group < o.group:
			i++
		case p.group > o.group:
			j++
		case p.side&o.side == 0:
			return true
		default:
			i++
			j++
		}
	}
	for i := range a.words {
		x := &a.words[i]
		if m.a[i] >= 0 {
			continue
		}
		for j := range b.words {
			if m.b[j] >= 0 {
				continue
			}
			if y := &b.words[j]; exclude(x.poles, y.poles) || !x.fact && !y.fact && (prefixed(x.text, y.text) || prefixed(x.stem, y.stem)) {
				return true
			}
		}
	}
	return false
}

func exclude(p, o []pole) bool {
	for _, x := range p {
		for _, y := range o {
			if x.group == y.group && x.side&y.side == 0 {
				return true
			}
		}
	}
	return false
}

// askedElse says that nothing but the asking word differs: "where is the shop", "when is the shop".
func askedElse(a, b *Question, m *matching) bool {
	return a.facts.asks != "" && b.facts.asks != "" && a.facts.asks != b.facts.asks && allMatched(a, m.a) && allMatched(b, m.b)
}

func allMatched(q *Question, pairs []int) bool {
	for i := range q.words {
		if pairs[i] < 0 && !q.words[i].function {
			return false
		}
	}
	return true
}
