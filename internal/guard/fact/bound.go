package fact

import (
	"slices"
	"strings"

	"tania/internal/cache/reading"
	"tania/internal/guard/fact/token"
	"tania/internal/words"
)

// untilWords stand between the two times of a range.
var untilWords = reading.WordSet("a al to - – — y e and às as até ate hasta until through h")

// bind sorts the facts by their place, finds the ranges of times, and what each day of the week is said with.
func (r *reader) bind() {
	slices.SortStableFunc(r.facts, func(a, b fact) int { return a.at - b.at })
	for i := range r.facts {
		f := &r.facts[i]
		if f.kind == Day {
			f.with = r.around(i)
		}
		if i+1 == len(r.facts) || !f.hour() || !r.facts[i+1].hour() {
			continue
		}
		between := strings.Fields(words.Fold(r.text[f.end:max(f.end, r.facts[i+1].at)]))
		if len(between) > 0 && len(between) < 4 && !slices.ContainsFunc(between, func(w string) bool { return !untilWords[w] && w != "las" }) ||
			dash[strings.TrimSpace(r.text[f.end:max(f.end, r.facts[i+1].at)])] {
			f.ranged = true
		}
	}
}

// hour reports whether a fact is a time, or a number that may be one.
func (f *fact) hour() bool { return f.kind == Time || f.clock || f.hours && f.kind == Quantity }

// minutes are those since midnight of what may be an hour, with whether the half of the day is open.
func (f *fact) minutes() fact {
	if f.kind == Time {
		return *f
	}
	return fact{value: float64(int(f.value*60) % wholeDay), vague: f.value <= 12}
}

// around are the facts and the words with which a day is said: in its sentence, from the day before it to the day behind it.
func (r *reader) around(i int) (with []string) {
	from, to := sentenceAround(r.text, r.facts[i].at, r.facts[i].end)
	for j := range r.facts {
		if g := &r.facts[j]; j != i && g.kind == Day {
			if g.end <= r.facts[i].at {
				from = max(from, g.end)
			} else if g.at >= r.facts[i].end {
				to = min(to, g.at)
			}
		}
	}
	for j := range r.facts {
		if g := &r.facts[j]; g.at >= from && g.end <= to && g.hour() {
			m := g.minutes()
			with = append(with, "="+r.clockOf(m))
		}
	}
	for _, t := range r.tokens {
		own := t.At >= r.facts[i].at && t.End <= r.facts[i].end
		if t.Sort == token.Word && t.At >= from && t.End <= to && !own && len(t.Low) > 3 {
			with = append(with, stem(t.Low))
		}
	}
	return with
}

func (r *reader) clockOf(m fact) string {
	v := int(m.value)
	if m.vague {
		v %= halfDay
	}
	return string(rune('A'+v/60)) + string(rune('0'+v%60))
}

// sentenceAround gives where the sentence of a place begins and ends.
func sentenceAround(text string, at, end int) (from, to int) {
	from, to = 0, len(text)
	for _, mark := range []string{". ", "; ", "\n", "! ", "? ", ".\n"} {
		if i := strings.LastIndex(text[:at], mark); i >= 0 {
			from = max(from, i+len(mark))
		}
		if i := strings.Index(text[end:], mark); i >= 0 {
			to = min(to, end+i)
		}
	}
	return from, to
}

// common says how much two days are said with the same: a time counts for three words.
func common(a, b []string) (n int) {
	for _, w := range a {
		if slices.Contains(b, w) {
			n++
			if w[0] == '=' {
				n += 2
			}
		}
	}
	return n
}

// ofAnother reports whether a day is said of what is given of another day: where "lunes a sábado" holds Tuesday, but what is said of it is
// said of Sunday.
func (m matcher) ofAnother(f *fact) bool {
	own, other, named := 0, 0, false
	m.any(func(g *fact) bool {
		if g.kind != Day {
			return false
		}
		if n := common(f.with, g.with); g.set&f.set == f.set {
			own = max(own, n)
			named = named || g.set == f.set
		} else {
			other = max(other, n)
		}
		return false
	})
	if named {
		return other >= own+4
	}
	return other > own
}

// ranged reports whether a range of times is one that is given, where one is given that begins or ends as it does.
func (m matcher) rangeStands(f, until *fact) bool {
	a, b := f.minutes(), until.minutes()
	half := false
	for _, t := range m.given {
		for i := range t.facts {
			g := &t.facts[i]
			if !g.ranged || i+1 == len(t.facts) {
				continue
			}
			begins, ends := sameTime(a, g.minutes()), sameTime(b, t.facts[i+1].minutes())
			if begins && ends {
				return true
			}
			half = half || begins || ends
		}
	}
	return !half
}
