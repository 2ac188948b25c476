package fact

import (
	"strconv"
	"strings"

	"tania/internal/cache/reading"
	"tania/internal/tania"
)

// scales multiply a number that stands before them.
var scales = map[string]float64{
	"mil": 1e3, "thousand": 1e3, "k": 1e3, "million": 1e6, "millon": 1e6, "millones": 1e6, "milhao": 1e6, "milhoes": 1e6,
	"miles": 1e3,
}

// thousands reports whether the figures of a number are grouped by threes.
func thousands(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == ',' || r == '\'' })
	if len(parts) < 2 || len(parts[0]) > 3 || s[0] == '0' {
		return false
	}
	for _, p := range parts[1:] {
		if len(p) != 3 {
			return false
		}
	}
	return true
}

// valueOf reads figures with points and commas. alt is what they may say beside: "1.500" is 1500, and 1.5.
func valueOf(s string) (value, alt float64, ok bool) {
	last := strings.LastIndexAny(s, ".,'")
	if last < 0 {
		value, err := strconv.ParseFloat(s, 64)
		return value, value, err == nil
	}
	whole, fraction := digitsOf(s[:last]), s[last+1:]
	mixed := strings.ContainsAny(s[:last], ".,'") && !strings.Contains(s[:last], s[last:last+1])
	again := strings.Contains(s[:last], s[last:last+1])
	switch {
	case again && !thousands(s):
		return 0, 0, false
	case again:
		value, err := strconv.ParseFloat(digitsOf(s), 64)
		return value, value, err == nil
	case !mixed && thousands(s):
		value, err := strconv.ParseFloat(whole+fraction, 64)
		alt, _ = strconv.ParseFloat(whole+"."+fraction, 64)
		return value, alt, err == nil
	}
	value, err := strconv.ParseFloat(whole+"."+fraction, 64)
	return value, value, err == nil
}

// number is a number without what it counts.
type number struct {
	value, alt float64
	worded     bool
	next       int
}

// numberAt reads a number in figures or in words, with "mil" and the like; next is i where there is none.
func (r *reader) numberAt(i int) number {
	t := r.tokens[i]
	if t.sort == word {
		return r.wordedAt(i)
	}
	if t.sort != figures {
		return number{next: i}
	}
	n := number{next: i + 1}
	var ok bool
	if n.value, n.alt, ok = valueOf(t.low); !ok {
		return number{next: i}
	}
	n = r.grouped(i, n)
	if s, mid := scales[r.parts[n.next]], r.tokens[n.next]; s != 0 && (mid.low != "k" || !mid.spaced) && mid.sort == word {
		n.value, n.alt, n.next = n.value*s, n.alt*s, n.next+1
	} else if mid.raw == "M" && !mid.spaced && i > 0 && money[units[r.parts[i-1]].base] {
		n.value, n.alt, n.next = n.value*1e6, n.alt*1e6, n.next+1
	}
	return n
}

// grouped takes in groups of three figures behind spaces, "1 200 €", where an amount of money stands.
func (r *reader) grouped(i int, n number) number {
	if len(r.tokens[i].low) > 3 || r.tokens[i].low == "0" {
		return n
	}
	digits, j := r.tokens[i].low, i+1
	for r.tokens[j].sort == figures && len(r.tokens[j].low) >= 3 && r.text[r.tokens[j-1].end:r.tokens[j].at] != "" &&
		len(strings.TrimSpace(r.text[r.tokens[j-1].end:r.tokens[j].at])) == 0 && len(strings.FieldsFunc(r.tokens[j].low, notDigit)[0]) == 3 {
		digits += r.tokens[j].low
		j++
		if strings.ContainsAny(digits, ".,") {
			break
		}
	}
	if j == i+1 || !money[units[r.parts[j]].base] && (i == 0 || !money[units[r.parts[i-1]].base]) {
		return n
	}
	if v, err := strconv.ParseFloat(strings.ReplaceAll(digits, ",", "."), 64); err == nil {
		return number{value: v, alt: v, next: j}
	}
	return n
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

// wordedAt reads a number in words.
func (r *reader) wordedAt(i int) number {
	best := number{next: i}
	for _, lang := range r.languages {
		text, next := reading.NumberAt(r.parts[:len(r.parts)-ahead+1], i, lang)
		if next <= best.next {
			continue
		}
		place := strings.HasSuffix(text, "th")
		v, err := strconv.ParseFloat(strings.TrimSuffix(text, "th"), 64)
		if err == nil && !place {
			best = number{v, v, true, next}
		}
	}
	return best
}

// amount reads a number with what it counts, in figures or in words.
func (r *reader) amount(i int) (next int) {
	n := r.numberAt(i)
	if n.next == i {
		return i
	}
	if r.tokens[i].sort == figures && placeEndings[r.parts[n.next]] && !r.tokens[n.next].spaced && r.tokens[n.next].sort == word {
		return r.place(i, n)
	}
	if month, year, end := r.monthBehind(n.next); month != 0 && n.value >= 1 && n.value <= 31 {
		r.add(fact{kind: Date, day: int(n.value), month: month, year: year}, i, end)
		return end
	}
	return r.counted(i, i, n, unit{})
}

// place reads "3rd of May" and "2º".
func (r *reader) place(i int, n number) (next int) {
	if month, year, end := r.monthBehind(n.next + 1); month != 0 {
		r.add(fact{kind: Date, day: int(n.value), month: month, year: year}, i, end)
		return end
	}
	if n.value > 3 {
		r.add(fact{kind: Number, value: n.value, alt: n.value}, i, n.next+1)
	}
	return n.next + 1
}

// counted takes a number with the unit that stands before it, behind it, or behind the number with which it makes a range.
func (r *reader) counted(from, at int, n number, before unit) (next int) {
	f := fact{
		kind: Number, value: n.value, alt: n.alt, worded: n.worded, unit: before,
		loose: r.field || fieldSigns[r.before(from, 1)], hedged: r.hedged(from), anaphoric: articles[r.before(from, 1)],
	}
	if r.tokens[at].sort == figures {
		f.digits = digitsOf(r.tokens[at].low)
	}
	next = n.next
	if u, end := r.unitAt(n.next, &f); u.base != "" {
		f.unit = u
		if money[before.base] && !money[u.base] {
			f.unit, end = before, n.next
		} else if before.base != "" && !oneCurrency(before.base, u.base) {
			f.unit = before
		}
		next = end
	}
	next = r.cents(next, &f)
	rest := next
	if f.unit.base == "" || before.base != "" {
		if second, ok := r.secondOf(next, f.unit); ok {
			last := r.facts[len(r.facts)-1]
			if f.unit.base == "" && last.kind != Time && last.kind != Date {
				f.unit, f.days, f.hours = last.unit, last.days, last.hours
			}
			if last.kind == Date && f.unit.base == "" {
				f = fact{kind: Date, day: int(n.value), month: last.month, year: last.year}
			}
			f.clock = f.unit.base == "" && f.kind == Number && (last.clock || last.kind == Time || last.unit.base == "")
			if f.clock && last.kind == Number && last.value <= 24 {
				last := &r.facts[len(r.facts)-1]
				last.clock, last.vague = true, last.value <= 12
			}
			rest = second
		}
	}
	f.clock = (f.clock || beforeHour[r.before(from, 1)]) && f.value <= 24 && f.unit.base == ""
	f.vague = f.clock && f.value <= 12
	f.kind = kindOf(f)
	r.add(f, from, max(next, from+1))
	return max(rest, next)
}

func kindOf(f fact) Kind {
	switch {
	case f.kind == Date:
		return Date
	case money[f.unit.base]:
		return Price
	case f.unit.base != "" && !strings.HasPrefix(f.unit.base, baseNoun):
		return Quantity
	}
	return Number
}

// secondOf reads the number behind "-" or "to", the second of a range.
func (r *reader) secondOf(i int, before unit) (next int, ok bool) {
	if !rangeJoints[r.parts[i]] {
		return i, false
	}
	j := i + 1
	for r.parts[j] == "las" || r.parts[j] == "los" || r.parts[j] == "el" {
		j++
	}
	had := len(r.facts)
	if u := units[r.parts[j]]; money[u.base] || r.tokens[j].sort == word && money[u.base] {
		if next = r.moneyBefore(j); next > j && len(r.facts) > had {
			return next, true
		}
		return i, false
	}
	if r.tokens[j].sort != figures && r.tokens[j].sort != word {
		return i, false
	}
	if r.tokens[j].sort == figures {
		if next = r.time(j); next > j && len(r.facts) > had {
			return next, true
		}
	}
	n := r.numberAt(j)
	if n.next == j {
		return i, false
	}
	if month, year, end := r.monthBehind(n.next); month != 0 && n.value >= 1 && n.value <= 31 {
		r.add(fact{kind: Date, day: int(n.value), month: month, year: year}, j, end)
		return end, true
	}
	if !money[before.base] {
		before = unit{}
	}
	next = r.counted(j, j, n, before)
	return next, len(r.facts) > had
}

var (
	rangeJoints = reading.WordSet(`- – — a al to y e o u or and ou ate hasta until through e/o`)
	fieldSigns  = reading.WordSet(`: | = "`)
	articles    = reading.WordSet(`los las the these those both estos estas esos esas os as estes estas esses essas sus tus nuestros
		nuestras your our my their
		seus suas nossos nossas ambos ambas otros otras other outros outras primeros first`)
	hedges = reading.WordSet(`about around approximately roughly casi unos unas aproximadamente aprox cerca alrededor quase almost
		nearly menos circa uns umas ~ ≈`)
)

func (r *reader) hedged(i int) bool {
	for by := 1; by <= 3; by++ {
		if w := r.before(i, by); hedges[w] {
			return true
		}
	}
	return false
}

// unitAt reads what is counted by the number before a token.
func (r *reader) unitAt(j int, f *fact) (u unit, next int) { //nolint:cyclop // ways to write a unit, one after the other
	k := j
	if r.parts[k] == "de" && j > 0 && scales[r.parts[j-1]] >= 1e6 {
		k++
	}
	for range 2 {
		if qualifiers[r.parts[k]] && r.tokens[k+1].sort == word && (units[r.parts[k+1]].base != "" || qualifiers[r.parts[k+1]]) {
			if kind := kindsOfDay[r.parts[k]]; kind != "" {
				f.days = kind
			}
			k++
		}
	}
	t := r.tokens[k]
	switch {
	case t.low == "por" && (r.parts[k+1] == "ciento" || r.parts[k+1] == "cento"), t.low == "per" && r.parts[k+1] == "cent":
		return unit{basePercent, 1}, k + 2
	case t.low == "percent" || t.low == "porciento":
		return unit{basePercent, 1}, k + 1
	case t.low == "-" && !t.spaced && r.tokens[k+1].sort == word && !r.tokens[k+1].spaced && units[r.parts[k+1]].factor != 0:
		k++ // "30-day"
		t = r.tokens[k]
	}
	known, ok := units[t.low]
	if ok && r.meansUnit(k, known) {
		next = k + 1
		if kind := kindsOfDay[r.parts[next]]; kind != "" {
			f.days = kind
			next++
		}
		if c := nationals[r.parts[next]]; c != "" && money[known.base] {
			known.base = c
			next++
		}
		c := units[r.parts[next]]
		if known.base == "dollar" && ofDollar[c.base] || known.base == "peso" && ofPeso[c.base] && r.tokens[next].sort == word {
			known.base = c.base
			next++
		}
		f.hours = t.low == "h" || t.low == "hs" || t.low == "hrs"
		return known, next
	}
	if t.low == "us" && r.parts[k+1] == "$" || t.low == "u" && r.parts[k+1] == "$" {
		return unit{"usd", 1}, k + 2
	}
	if t.low == "r" && r.parts[k+1] == "$" {
		return unit{"brl", 1}, k + 2
	}
	if t.sort == word && t.spaced && len(t.low) > 2 && !reading.FunctionWords[t.low] && !t.first {
		return unit{baseNoun + stem(t.low), 1}, j
	}
	return unit{}, j
}

var hourLetters = reading.WordSet(`h hs hr hrs hora horas hour hours`)

// meansUnit reports whether a word behind a number is the unit that it may be: letters that stand alone are it right behind figures.
func (r *reader) meansUnit(k int, u unit) bool {
	t := r.tokens[k]
	if t.sort == sign {
		// "49 $ 20" has the sign of the second
		return !(money[u.base] && t.spaced && !r.tokens[k+1].spaced && r.tokens[k+1].sort == figures)
	}
	switch t.low {
	case "d", "s", "v", "w":
		return !t.spaced
	case "m", "l", "g", "h", "t":
		return t.raw == t.low || !t.spaced
	case "real", "sol", "in", "cal", "mi", "us":
		return !r.speaks(tania.English) || len(r.languages) > 1
	case "pen", "mil", "ton":
		return shouted(t) || t.low == "ton"
	case "segundo", "quarter":
		return t.spaced
	}
	return true
}

// stem is what a noun is compared by, whatever its number.
func stem(w string) string {
	w = strings.TrimSuffix(strings.TrimSuffix(w, "s"), "e")
	return w[:min(len(w), 7)]
}

// cents takes in "con 90", "y 90 céntimos" behind a price, and makes money of cents.
func (r *reader) cents(i int, f *fact) (next int) {
	if f.unit.base == baseCent {
		return i
	}
	joint := r.parts[i]
	if !money[f.unit.base] || joint != "con" && joint != "y" && joint != "e" && joint != "and" {
		return i
	}
	n := r.numberAt(i + 1)
	if n.next == i+1 || n.value >= 100 || f.value != float64(int64(f.value)) {
		return i
	}
	cents := units[r.parts[n.next]].base == baseCent
	if !cents && joint != "con" {
		return i
	}
	f.value += n.value / 100
	f.alt = f.value
	if cents {
		return n.next + 1
	}
	return n.next
}

// moneyBefore reads a price whose currency stands before it: "$ 49", "US$20", "R$ 49,90", "S/ 35", "USD 20".
func (r *reader) moneyBefore(i int) (next int) {
	t := r.tokens[i]
	j, u := i+1, units[t.low]
	switch {
	case t.sort == word && r.parts[i+1] == "$" && !r.tokens[i+1].spaced:
		code := map[string]string{
			"us": "usd", "u": "usd", "r": "brl", "mx": "mxn", "mxn": "mxn", "ar": "ars", "usd": "usd", "cop": "cop",
			"clp": "clp", "ars": "ars",
		}[t.low]
		if code == "" {
			return i
		}
		u, j = unit{code, 1}, i+2
	case t.low == "s" && r.parts[i+1] == "/" && !r.tokens[i+1].spaced:
		u, j = unit{"pen", 1}, i+2
		if r.parts[j] == "." {
			j++
		}
	case !money[u.base], t.sort == word && !shouted(t):
		return i
	}
	n := r.numberAt(j)
	if n.next == j || r.tokens[j].sort != figures {
		return i
	}
	return r.counted(i, j, n, u)
}

// ones are the words for one, which count before a unit of time: "en una hora".
var (
	inOne = reading.WordSet(`en in within dentro em tarda takes demora hasta after tras apos durante leva toma`)
	idle  = reading.WordSet(`minuto minute segundo second momento moment`)
)

// one reads "una hora" and "a day" where they say how long something takes.
func (r *reader) one(i int) (next int) {
	w := r.parts[i]
	if !reading.Ones[w] && w != "a" && w != "an" {
		return i
	}
	u, ok := units[r.parts[i+1]]
	if !ok || u.base != baseSecond && u.base != baseMonth || idle[r.parts[i+1]] || len(r.parts[i+1]) < 3 {
		return i
	}
	if !inOne[r.before(i, 1)] && !(r.before(i, 1) == "de" && r.before(i, 2) == "dentro") {
		return i
	}
	f := fact{kind: Quantity, value: 1, alt: 1, unit: u, worded: true}
	end := i + 2
	if kind := kindsOfDay[r.parts[end]]; kind != "" {
		f.days = kind
		end++
	}
	r.add(f, i, end)
	return end
}
