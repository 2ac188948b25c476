package fact

import (
	"math"
	"strings"

	"tania/internal/guard/fact/token"
	"tania/internal/guard/fact/unit"
)

// Missing gives the facts of a reply that stand in none of the texts that it rests on.
func Missing(reply *Text, given []*Text) (missing []Fact) {
	m := matcher{given: given}
	for i := range reply.facts {
		f := &reply.facts[i]
		is := m.stands(f, reply)
		if is && f.ranged && i+1 < len(reply.facts) {
			is = m.rangeStands(f, &reply.facts[i+1])
		}
		if !is {
			missing = append(missing, Fact{f.kind, strings.TrimSpace(reply.text[f.at:f.end])})
		}
	}
	return missing
}

type matcher struct{ given []*Text }

// any reports whether one of the facts given is as asked.
func (m matcher) any(is func(g *fact) bool) bool {
	for _, t := range m.given {
		for i := range t.facts {
			if is(&t.facts[i]) {
				return true
			}
		}
	}
	return false
}

func (m matcher) stands(f *fact, reply *Text) bool {
	switch f.kind {
	case Mail:
		return m.any(func(g *fact) bool { return g.kind == Mail && g.id == f.id })
	case Link:
		return m.any(func(g *fact) bool {
			return g.kind == Link && (g.id == f.id || f.id == token.Host(g.id) || f.id == g.id+"/")
		})
	case Phone:
		return m.any(func(g *fact) bool {
			return g.kind == Phone && samePhone(f.id, g.id) || g.kind == Number && g.digits == f.id
		}) || m.written(f.id)
	case Code:
		return m.any(func(g *fact) bool { return g.kind == Code && g.id == f.id }) || m.written(f.id)
	case Plan:
		return m.named(f.id)
	case Day:
		return m.day(f)
	case Date:
		return m.date(f)
	case Time:
		return m.any(func(g *fact) bool { return m.atTime(f, g) })
	}
	return m.number(f, reply)
}

// leastWritten is how long a code is that is looked for among all letters and figures.
const leastWritten = 4

// written reports whether a code stands in a text whatever stands between its parts.
func (m matcher) written(id string) bool {
	if len(id) < leastWritten {
		for _, t := range m.given {
			if t.words()[id] {
				return true
			}
		}
		return false
	}
	for _, t := range m.given {
		if strings.Contains(t.codes(), id) {
			return true
		}
	}
	return false
}

// named reports whether a plan's name is a word of a text, or its translation is.
func (m matcher) named(id string) bool {
	for _, t := range m.given {
		w := t.words()
		if w[id] {
			return true
		}
		if of := tiers[id]; of != "" {
			for other, name := range tiers {
				if name == of && w[other] {
					return true
				}
			}
		}
	}
	return false
}

func (m matcher) day(f *fact) bool {
	var all dayset
	named := false
	if m.any(func(g *fact) bool {
		if g.kind == Date {
			all |= g.weekday()
		}
		if g.kind == Quantity && g.hours && g.value == 24 && f.hours {
			return true
		}
		if g.kind != Day {
			return false
		}
		all |= g.set
		named = true
		if g.hours && f.set == allDays {
			return true
		}
		return f.span && g.span && g.set == f.set
	}) {
		return true
	}
	if f.hours {
		return false
	}
	if !f.span {
		return all&f.set == f.set && !m.ofAnother(f)
	}
	// Days that were named one by one make a span. Of a text that names none, "every day" is only a manner of speaking.
	if f.set == allDays && !named {
		return true
	}
	return all&f.set == f.set && !m.any(func(g *fact) bool { return g.kind == Day && g.span && g.set&f.set != 0 && g.set != f.set })
}

func (m matcher) date(f *fact) bool {
	return m.any(func(g *fact) bool {
		if g.kind != Date {
			return false
		}
		same := f.month == g.month && (f.day == g.day || f.day == 0)
		if f.swapped || g.swapped {
			same = same || f.month == g.day && f.day == g.month
		}
		return same && (f.year == 0 || f.year == g.year || g.year == 0 && m.any(func(y *fact) bool {
			return y.year == f.year || y.kind == Number && y.value == float64(f.year)
		}))
	})
}

// atTime reports whether a fact given has a time.
func (m matcher) atTime(f, g *fact) bool {
	switch g.kind {
	case Time:
		return sameTime(*f, *g)
	case Number, Quantity:
		hour := g.value * 60
		if !g.clock && !g.hours && !(g.loose && g.kind == Number) || hour > wholeDay {
			return false
		}
		return sameTime(*f, fact{value: float64(int(hour) % wholeDay), vague: g.vague})
	}
	return false
}

// number reports whether a number stands in a text with what it counts.
func (m matcher) number(f *fact, reply *Text) bool {
	noun := strings.HasPrefix(f.unit.Base, unit.Noun)
	small := f.value <= 10 && f.value == math.Trunc(f.value)
	otherwise, same, found := false, false, false
	m.any(func(g *fact) bool {
		if noun && g.unit.Base == f.unit.Base {
			otherwise = otherwise || !equal(f, g, 1)
			same = same || equal(f, g, 1)
		}
		found = found || m.counts(f, g)
		return false
	})
	switch {
	case same:
		return true
	case found && !(noun && otherwise):
		return true
	case f.kind == Number && m.any(func(g *fact) bool { return g.kind == Phone && g.id == f.digits }):
		return true
	case f.kind == Number && f.unit.Base == "" && len(f.digits) >= leastWritten && m.written(f.digits):
		return true
	case otherwise, f.unit.Base != "" && !noun:
		return false
	}
	// Few things of which nobody gave a number are counted by the reply itself: "dos opciones".
	return small && (f.worded || f.anaphoric || counted[f.unit.Base])
}

// counted are what a reply counts that says it.
var counted = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(`opciones opcion options formas forma ways maneras maneira maneiras pasos paso steps passos
		planes plans planos things cosas coisas
		puntos tipos types tipo veces times vezes modalidades alternativas alternatives metodos methods choices opcoes datos detalles
		details detalhes preguntas questions
		perguntas categorias requisitos condiciones razones motivos reasons partes parts sencillos simples easy simple`) {
		set[unit.Noun+stem(w)] = true
	}
	return set
}()

// equal reports whether two numbers are one, those of g times a factor.
func equal(f, g *fact, factor float64) bool {
	for _, a := range []float64{f.value, f.alt} {
		for _, b := range []float64{g.value, g.alt} {
			if near(a, b*factor) {
				return true
			}
		}
	}
	return f.hedged && rounds(f.value, g.value*factor)
}

func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b))
}

// rounds reports whether a number is another one, rounded to one or two figures.
func rounds(a, b float64) bool {
	if b <= 0 || a == b {
		return a == b
	}
	for figures := 1; figures <= 2; figures++ {
		scale := math.Pow(10, math.Floor(math.Log10(b))-float64(figures-1))
		if near(math.Round(b/scale)*scale, a) {
			return true
		}
	}
	return false
}

// counts reports whether a number given is that of a reply: equal, and of what the reply says.
func (m matcher) counts(f, g *fact) bool { //nolint:cyclop // a case for each pair of units
	switch g.kind {
	case Number, Price, Quantity:
	case Time:
		if f.hours && g.value == f.value*60 {
			return true
		}
		if f.kind != Number || f.unit.Base != "" {
			return false
		}
		return sameTime(fact{value: f.value * 60, vague: f.value <= 12 && (f.clock || g.vague)}, *g)
	case Date:
		return f.kind == Number && f.unit.Base == "" && (float64(g.day) == f.value || float64(g.year) == f.value)
	case Phone:
		return false
	default:
		return false
	}
	fNoun, gNoun := strings.HasPrefix(f.unit.Base, unit.Noun), strings.HasPrefix(g.unit.Base, unit.Noun)
	switch {
	case f.unit.Base == "" || f.unit.Base == g.unit.Base && f.unit.Factor == g.unit.Factor:
		return equal(f, g, 1) && daysAgree(f, g) || f.clock && m.atTime(&fact{kind: Time, value: f.value * 60, vague: f.vague}, g)
	case f.unit.Base == g.unit.Base:
		return equal(f, g, g.unit.Factor/f.unit.Factor) && daysAgree(f, g)
	case unit.Money[f.unit.Base] && (unit.Money[g.unit.Base] || g.unit.Base == "pound"):
		return unit.OneCurrency(f.unit.Base, g.unit.Base) && equal(f, g, 1)
	case unit.Money[f.unit.Base] && g.unit.Base == unit.Cent:
		return equal(f, g, 0.01)
	case f.unit.Base == unit.Cent && unit.Money[g.unit.Base]:
		return equal(f, g, 100)
	case g.unit.Base == "":
		if g.loose && f.unit.Base == unit.Percent && g.value < 1 && equal(f, g, 100) {
			return true
		}
		telling := g.loose || f.value > 10 || f.value != math.Trunc(f.value) || !unit.Measured(f.unit.Base)
		return telling && equal(f, g, 1) && m.currencyKnown(f)
	case unit.Measured(f.unit.Base):
		return false
	case fNoun || gNoun:
		return !unit.Measured(g.unit.Base) && equal(f, g, 1)
	}
	return false
}

func daysAgree(f, g *fact) bool { return f.days == "" || g.days == "" || f.days == g.days }

// currencyKnown reports whether a price may be in its currency, where the number stands without one: no other is spoken of.
func (m matcher) currencyKnown(f *fact) bool {
	if !unit.Money[f.unit.Base] {
		return true
	}
	others := false
	for _, t := range m.given {
		for i := range t.facts {
			if g := &t.facts[i]; g.kind == Price {
				if unit.OneCurrency(f.unit.Base, g.unit.Base) {
					return true
				}
				others = true
			}
		}
		for w := range t.words() {
			if u := unit.ByWord[w]; t.field && unit.Money[u.Base] && len(w) == 3 {
				if unit.OneCurrency(f.unit.Base, u.Base) {
					return true
				}
				others = true
			}
		}
	}
	return !others
}
