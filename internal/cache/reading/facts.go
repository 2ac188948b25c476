package reading

import (
	"slices"
	"strconv"
	"strings"

	"tania/internal/tania"
)

// Facts are what must be the same in two questions for them to have one answer.
type Facts struct {
	// Amounts and times, of days and of the clock, are in the order of the text.
	Amounts []Measured
	Times   []string
	// negations, lacks ("sin"), nobodies and limits ("solo") are how many phrases say so.
	Negations, Lacks, Nobodies, Limits int
	// Articles count "un" and "a", which may stand for 1.
	Articles int
	// Poles are the sides of opposites that its words are on, by group.
	Poles []Pole
	// Asks is the sense of the asking word.
	Asks string
	// Language is the language that its words tell, empty for none or several; tables the one that it was read by.
	Language, Tables tania.Language
}

// Measured is a number with what it counts.
type Measured struct {
	// Value is in the unit's base.
	Value float64
	Unit  string
	// Figures are those of a number with a point and no unit: version 2.1 is not 2.10.
	Figures string
	// Noun is the stem of the word behind a number without unit.
	Noun Feature
}

// factsOf reads the facts of words, and marks in them what is negated and what roles they have.
func factsOf(ws []Word, parts []string, t tania.Language) (f Facts) {
	for i := 0; i < len(parts); i++ {
		p := parts[i]
		w := &ws[i]
		if IsNumber(p) {
			i += f.number(ws, parts, i)
			continue
		}
		if articles[p] {
			f.Articles++
		}
		if f.Asks == "" {
			f.Asks = senseAt(parts, i)
		}
		m := factPhraseAt(parts, i, t)
		if m == nil || noon[p] && (i == 0 || !IsNumber(parts[i-1])) {
			w.Poles = polesOf(p)
			f.Poles = append(f.Poles, w.Poles...)
			continue
		}
		switch m.sort {
		case Date:
			f.Times = append(f.Times, m.name)
		case negating:
			if unknowing(parts, i+1) {
				break
			}
			f.Negations++
			scope(ws, i+len(m.rest)+1, 1, negationSkips)
		case lacking:
			f.Lacks++
			scope(ws, i+len(m.rest)+1, 2, FunctionWords)
		case nobody:
			f.Nobodies++
		case limiting:
			f.Limits++
			scope(ws, i+len(m.rest)+1, 4, FunctionWords)
		case polar:
			f.Poles = append(f.Poles, m.pole)
		}
		for k := i; k <= i+len(m.rest); k++ {
			ws[k].Fact, ws[k].IsTime = true, m.sort == Date
			if m.sort == Date || m.sort == negating && len(m.rest) == 0 {
				ws[k].Poles = polesOf(parts[k])
				f.Poles = append(f.Poles, ws[k].Poles...)
			}
		}
		i += len(m.rest)
	}
	f.Poles = merged(f.Poles)
	return f
}

// number reads the amount or time at ws[i], and gives how many words behind it belong to it.
func (f *Facts) number(ws []Word, parts []string, i int) int {
	p := parts[i]
	ws[i].Fact = true
	if strings.Contains(p, ":") {
		f.Times = append(f.Times, p)
		return 0
	}
	figures, place := strings.CutSuffix(p, ordinalMark)
	value, err := strconv.ParseFloat(figures, 64)
	if err != nil {
		// 2.1.3 and 24/7 are names made of figures.
		value = -float64(Hash(figures))
	}
	a := Measured{Value: value}
	used := 0
	switch {
	case place:
		a.Unit = ordinalMark
	case i+1 < len(parts) && units[parts[i+1]].name == parts[i+1]:
		u := units[parts[i+1]]
		a.Value, a.Unit, used = value*u.factor, u.base, 1
		ws[i+1].Fact = true
	case i > 0 && (parts[i-1] == "$" || parts[i-1] == "€" || parts[i-1] == "£"):
		a.Unit = units[parts[i-1]].base
	}
	if a.Unit == "" {
		if strings.Contains(figures, ".") {
			a.Figures = figures
		}
		for k := i + 1; k < len(parts) && k < i+3; k++ {
			if !ws[k].Function && !IsNumber(parts[k]) {
				a.Noun = ws[k].ID
				break
			}
		}
	}
	if place && value == 1 {
		ws[i].Poles = polesOf(p)
		f.Poles = append(f.Poles, ws[i].Poles...)
	}
	f.Amounts = append(f.Amounts, a)
	return used
}

// unknowing reports whether parts[i] on are of "I do not know how", which asks how.
func unknowing(parts []string, i int) bool {
	return i+1 < len(parts) && knowing[parts[i]] && (Asking[parts[i+1]] != "" || openings[parts[i+1]])
}

var (
	// noon are times behind a number alone: "I am" is none.
	noon     = WordSet(`am pm`)
	knowing  = WordSet(`know se sei sure`)
	openings = WordSet(`what que if si se de`)
	articles = WordSet(`un una uno a an one um uma`)
	// negationSkips stand between "no" and what it negates.
	negationSkips = WordSet(`me te se le les lo la los las nos os o a as i you he she we they it the to be been el un una any de que eu voce voces vc mas more so ya yet`)
)

// scope marks the first word from i on that is not in skips.
func scope(ws []Word, i int, bit uint8, skips map[string]bool) {
	for ; i < len(ws); i++ {
		if !skips[ws[i].Text] {
			ws[i].Negated |= bit
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
		case (p == "que" || p == "what") && whenNouns[next]:
			return "when"
		}
	}
	return Asking[p]
}

var whenNouns = WordSet(`hora horas time dia day`)

// merged puts the sides of each group into one, in the order of the groups.
func merged(p []Pole) []Pole {
	if len(p) < 2 {
		return p
	}
	slices.SortFunc(p, func(a, b Pole) int { return int(a.Group) - int(b.Group) })
	out := p[:1]
	for _, x := range p[1:] {
		if last := &out[len(out)-1]; last.Group == x.Group {
			last.Side |= x.Side
		} else {
			out = append(out, x)
		}
	}
	return out
}
