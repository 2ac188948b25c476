package semcache

import (
	"slices"
	"strconv"
	"strings"
)

// facts are what must be the same in two questions for them to have one answer.
type facts struct {
	// amounts and moments are in the order of the text.
	amounts []measured
	moments []string
	// negations, lacks ("sin"), nobodies and limits ("solo") are how many phrases say so.
	negations, lacks, nobodies, limits int
	// articles count "un" and "a", which may stand for 1.
	articles int
	// poles are the sides of opposites that its words are on, by group.
	poles []pole
	// asks is the sense of the asking word.
	asks string
	// own is the tongue that its words tell, -1 for none or several.
	own int8
	// tongue is that of the tables it was read by.
	tongue tongue
}

// measured is a number with what it counts.
type measured struct {
	// value is in the unit's base.
	value float64
	unit  string
	// figures are those of a number with a point and no unit: version 2.1 is not 2.10.
	figures string
	// noun is the stem of the word behind a number without unit.
	noun feature
}

// factsOf reads the facts of words, and marks in them what is negated and what roles they have.
func factsOf(ws []word, parts []string, t tongue) (f facts) {
	for i := 0; i < len(parts); i++ {
		p := parts[i]
		w := &ws[i]
		if isNumber(p) {
			i += f.number(ws, parts, i)
			continue
		}
		if articles[p] {
			f.articles++
		}
		if f.asks == "" {
			f.asks = senseAt(parts, i)
		}
		m := markAt(parts, i, t)
		if m == nil || noon[p] && (i == 0 || !isNumber(parts[i-1])) {
			w.poles = polesOf(p)
			f.poles = append(f.poles, w.poles...)
			continue
		}
		switch m.sort {
		case moment:
			f.moments = append(f.moments, m.name)
		case negating:
			if unknowing(parts, i+1) {
				break
			}
			f.negations++
			scope(ws, i+len(m.rest)+1, 1, negationSkips)
		case lacking:
			f.lacks++
			scope(ws, i+len(m.rest)+1, 2, functionWords)
		case nobody:
			f.nobodies++
		case limiting:
			f.limits++
			scope(ws, i+len(m.rest)+1, 4, functionWords)
		case polarMark:
			f.poles = append(f.poles, m.pole)
		}
		for k := i; k <= i+len(m.rest); k++ {
			ws[k].fact, ws[k].moment = true, m.sort == moment
			if m.sort == moment || m.sort == negating && len(m.rest) == 0 {
				ws[k].poles = polesOf(parts[k])
				f.poles = append(f.poles, ws[k].poles...)
			}
		}
		i += len(m.rest)
	}
	f.poles = merged(f.poles)
	return f
}

// number reads the amount or time at ws[i], and gives how many words behind it belong to it.
func (f *facts) number(ws []word, parts []string, i int) int {
	p := parts[i]
	ws[i].fact = true
	if strings.Contains(p, ":") {
		f.moments = append(f.moments, p)
		return 0
	}
	figures, place := strings.CutSuffix(p, ordinalMark)
	value, err := strconv.ParseFloat(figures, 64)
	if err != nil {
		// 2.1.3 and 24/7 are names made of figures.
		value = -float64(hash(figures))
	}
	a := measured{value: value}
	used := 0
	switch {
	case place:
		a.unit = ordinalMark
	case i+1 < len(parts) && units[parts[i+1]].name == parts[i+1]:
		u := units[parts[i+1]]
		a.value, a.unit, used = value*u.factor, u.base, 1
		ws[i+1].fact = true
	case i > 0 && (parts[i-1] == "$" || parts[i-1] == "€" || parts[i-1] == "£"):
		a.unit = units[parts[i-1]].base
	}
	if a.unit == "" {
		if strings.Contains(figures, ".") {
			a.figures = figures
		}
		for k := i + 1; k < len(parts) && k < i+3; k++ {
			if !ws[k].function && !isNumber(parts[k]) {
				a.noun = ws[k].id
				break
			}
		}
	}
	if place && value == 1 {
		ws[i].poles = polesOf(p)
		f.poles = append(f.poles, ws[i].poles...)
	}
	f.amounts = append(f.amounts, a)
	return used
}

// unknowing says that parts[i] on are of "I do not know how", which asks how.
func unknowing(parts []string, i int) bool {
	return i+1 < len(parts) && knowing[parts[i]] && (asking[parts[i+1]] != "" || openings[parts[i+1]])
}

var (
	// noon are times behind a number alone: "I am" is none.
	noon     = set(`am pm`)
	knowing  = set(`know se sei sure`)
	openings = set(`what que if si se de`)
	articles = set(`un una uno a an one um uma`)
	// negationSkips stand between "no" and what it negates.
	negationSkips = set(`me te se le les lo la los las nos os o a as i you he she we they it the to be been el un una any de que eu voce voces vc mas more so ya yet`)
)

// scope marks the first word from i on that is not in skips.
func scope(ws []word, i int, bit uint8, skips map[string]bool) {
	for ; i < len(ws); i++ {
		if !skips[ws[i].text] {
			ws[i].negated |= bit
			return
		}
	}
}

// senseAt is the sense of the asking word at parts[i].
func senseAt(parts []string, i int) string {
	p := parts[i]
	if i+1 < len(parts) {
		next := parts[i+1]
		switch {
		case p == "por" && (next == "que" || next == "qual"):
			return "why"
		case (p == "que" || p == "what") && (next == "hora" || next == "horas" || next == "time" || next == "dia" || next == "day"):
			return "when"
		}
	}
	return asking[p]
}

// merged puts the sides of each group into one, in the order of the groups.
func merged(p []pole) []pole {
	if len(p) < 2 {
		return p
	}
	slices.SortFunc(p, func(a, b pole) int { return int(a.group) - int(b.group) })
	out := p[:1]
	for _, x := range p[1:] {
		if last := &out[len(out)-1]; last.group == x.group {
			last.side |= x.side
		} else {
			out = append(out, x)
		}
	}
	return out
}
