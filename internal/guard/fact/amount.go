package fact

import (
	"strconv"
	"strings"

	"tania/internal/cache/reading"
	"tania/internal/guard/fact/token"
	"tania/internal/guard/fact/unit"
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
	whole, fraction := token.Digits(s[:last]), s[last+1:]
	mixed := strings.ContainsAny(s[:last], ".,'") && !strings.Contains(s[:last], s[last:last+1])
	again := strings.Contains(s[:last], s[last:last+1])
	switch {
	case again && !thousands(s):
		return 0, 0, false
	case again:
		value, err := strconv.ParseFloat(token.Digits(s), 64)
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
	if t.Sort == token.Word {
		return r.wordedAt(i)
	}
	if t.Sort != token.Figures {
		return number{next: i}
	}
	n := number{next: i + 1}
	var ok bool
	if n.value, n.alt, ok = valueOf(t.Low); !ok {
		return number{next: i}
	}
	n = r.grouped(i, n)
	if s, mid := scales[r.parts[n.next]], r.tokens[n.next]; s != 0 && (mid.Low != "k" || !mid.Spaced) && mid.Sort == token.Word {
		n.value, n.alt, n.next = n.value*s, n.alt*s, n.next+1
	} else if mid.Raw == "M" && !mid.Spaced && i > 0 && unit.Money[unit.ByWord[r.parts[i-1]].Base] {
		n.value, n.alt, n.next = n.value*1e6, n.alt*1e6, n.next+1
	}
	return n
}

// grouped takes in groups of three figures behind spaces, "1 200 €", where an amount of money stands.
func (r *reader) grouped(i int, n number) number {
	if len(r.tokens[i].Low) > 3 || r.tokens[i].Low == "0" {
		return n
	}
	digits, j := r.tokens[i].Low, i+1
	for r.tokens[j].Sort == token.Figures && len(r.tokens[j].Low) >= 3 && r.text[r.tokens[j-1].End:r.tokens[j].At] != "" &&
		len(strings.TrimSpace(r.text[r.tokens[j-1].End:r.tokens[j].At])) == 0 && len(strings.FieldsFunc(r.tokens[j].Low, notDigit)[0]) == 3 {
		digits += r.tokens[j].Low
		j++
		if strings.ContainsAny(digits, ".,") {
			break
		}
	}
	if j == i+1 || !unit.Money[unit.ByWord[r.parts[j]].Base] && (i == 0 || !unit.Money[unit.ByWord[r.parts[i-1]].Base]) {
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
		text, next := reading.NumberAt(r.parts[:len(r.parts)-token.Ahead+1], i, lang)
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
	if r.tokens[i].Sort == token.Figures && placeEndings[r.parts[n.next]] && !r.tokens[n.next].Spaced && r.tokens[n.next].Sort == token.Word {
		return r.place(i, n)
	}
	if month, year, end := r.monthBehind(n.next); month != 0 && n.value >= 1 && n.value <= 31 {
		r.add(fact{kind: Date, day: int(n.value), month: month, year: year}, i, end)
		return end
	}
	return r.counted(i, i, n, unit.Unit{})
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
func (r *reader) counted(from, at int, n number, before unit.Unit) (next int) {
	f := fact{
		kind: Number, value: n.value, alt: n.alt, worded: n.worded, unit: before,
		loose: r.field || fieldSigns[r.before(from, 1)], hedged: r.hedged(from), anaphoric: articles[r.before(from, 1)],
	}
	if r.tokens[at].Sort == token.Figures {
		f.digits = token.Digits(r.tokens[at].Low)
	}
	next = n.next
	if u, end := r.unitAt(n.next, &f); u.Base != "" {
		f.unit = u
		if unit.Money[before.Base] && !unit.Money[u.Base] {
			f.unit, end = before, n.next
		} else if before.Base != "" && !unit.OneCurrency(before.Base, u.Base) {
			f.unit = before
		}
		next = end
	}
	next = r.cents(next, &f)
	rest := next
	if f.unit.Base == "" || before.Base != "" {
		if second, ok := r.secondOf(next, f.unit); ok {
			last := r.facts[len(r.facts)-1]
			if f.unit.Base == "" && last.kind != Time && last.kind != Date {
				f.unit, f.days, f.hours = last.unit, last.days, last.hours
			}
			if last.kind == Date && f.unit.Base == "" {
				f = fact{kind: Date, day: int(n.value), month: last.month, year: last.year}
			}
			f.clock = f.unit.Base == "" && f.kind == Number && (last.clock || last.kind == Time || last.unit.Base == "")
			if f.clock && last.kind == Number && last.value <= 24 {
				last := &r.facts[len(r.facts)-1]
				last.clock, last.vague = true, last.value <= 12
			}
			rest = second
		}
	}
	f.clock = (f.clock || beforeHour[r.before(from, 1)]) && f.value <= 24 && f.unit.Base == ""
	f.vague = f.clock && f.value <= 12
	f.kind = kindOf(f)
	r.add(f, from, max(next, from+1))
	return max(rest, next)
}

func kindOf(f fact) Kind {
	switch {
	case f.kind == Date:
		return Date
	case unit.Money[f.unit.Base]:
		return Price
	case f.unit.Base != "" && !strings.HasPrefix(f.unit.Base, unit.Noun):
		return Quantity
	}
	return Number
}

// secondOf reads the number behind "-" or "to", the second of a range.
func (r *reader) secondOf(i int, before unit.Unit) (next int, ok bool) {
	if !rangeJoints[r.parts[i]] {
		return i, false
	}
	j := i + 1
	for r.parts[j] == "las" || r.parts[j] == "los" || r.parts[j] == "el" {
		j++
	}
	had := len(r.facts)
	if u := unit.ByWord[r.parts[j]]; unit.Money[u.Base] || r.tokens[j].Sort == token.Word && unit.Money[u.Base] {
		if next = r.moneyBefore(j); next > j && len(r.facts) > had {
			return next, true
		}
		return i, false
	}
	if r.tokens[j].Sort != token.Figures && r.tokens[j].Sort != token.Word {
		return i, false
	}
	if r.tokens[j].Sort == token.Figures {
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
	if !unit.Money[before.Base] {
		before = unit.Unit{}
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
func (r *reader) unitAt(j int, f *fact) (u unit.Unit, next int) { //nolint:cyclop // ways to write a unit, one after the other
	k := j
	if r.parts[k] == "de" && j > 0 && scales[r.parts[j-1]] >= 1e6 {
		k++
	}
	for range 2 {
		behind := r.parts[k+1]
		of := unit.ByWord[behind].Base != "" || unit.Qualifiers[behind]
		if unit.Qualifiers[r.parts[k]] && of && r.tokens[k+1].Sort == token.Word {
			if kind := unit.KindsOfDay[r.parts[k]]; kind != "" {
				f.days = kind
			}
			k++
		}
	}
	t := r.tokens[k]
	switch {
	case t.Low == "por" && (r.parts[k+1] == "ciento" || r.parts[k+1] == "cento"), t.Low == "per" && r.parts[k+1] == "cent":
		return unit.Unit{Base: unit.Percent, Factor: 1}, k + 2
	case t.Low == "percent" || t.Low == "porciento":
		return unit.Unit{Base: unit.Percent, Factor: 1}, k + 1
	case t.Low == "-" && !t.Spaced && r.tokens[k+1].Sort == token.Word && !r.tokens[k+1].Spaced && unit.ByWord[r.parts[k+1]].Factor != 0:
		k++ // "30-day"
		t = r.tokens[k]
	}
	known, ok := unit.ByWord[t.Low]
	if ok && r.meansUnit(k, known) {
		next = k + 1
		if kind := unit.KindsOfDay[r.parts[next]]; kind != "" {
			f.days = kind
			next++
		}
		if c := unit.Nationals[r.parts[next]]; c != "" && unit.Money[known.Base] {
			known.Base = c
			next++
		}
		c := unit.ByWord[r.parts[next]]
		if known.Base == "dollar" && unit.OfDollar[c.Base] || known.Base == "peso" && unit.OfPeso[c.Base] && r.tokens[next].Sort == token.Word {
			known.Base = c.Base
			next++
		}
		f.hours = t.Low == "h" || t.Low == "hs" || t.Low == "hrs"
		return known, next
	}
	if t.Low == "us" && r.parts[k+1] == "$" || t.Low == "u" && r.parts[k+1] == "$" {
		return unit.Unit{Base: "usd", Factor: 1}, k + 2
	}
	if t.Low == "r" && r.parts[k+1] == "$" {
		return unit.Unit{Base: "brl", Factor: 1}, k + 2
	}
	if t.Sort == token.Word && t.Spaced && len(t.Low) > 2 && !reading.FunctionWords[t.Low] && !t.First {
		return unit.Unit{Base: unit.Noun + stem(t.Low), Factor: 1}, j
	}
	return unit.Unit{}, j
}

var hourLetters = reading.WordSet(`h hs hr hrs hora horas hour hours`)

// meansUnit reports whether a word behind a number is the unit that it may be: letters that stand alone are it right behind figures.
func (r *reader) meansUnit(k int, u unit.Unit) bool {
	t := r.tokens[k]
	if t.Sort == token.Sign {
		// "49 $ 20" has the sign of the second
		return !(unit.Money[u.Base] && t.Spaced && !r.tokens[k+1].Spaced && r.tokens[k+1].Sort == token.Figures)
	}
	switch t.Low {
	case "d", "s", "v", "w":
		return !t.Spaced
	case "m", "l", "g", "h", "t":
		return t.Raw == t.Low || !t.Spaced
	case "real", "sol", "in", "cal", "mi", "us":
		return !r.speaks(tania.English) || len(r.languages) > 1
	case "pen", "mil", "ton":
		return t.Shouted() || t.Low == "ton"
	case "segundo", "quarter":
		return t.Spaced
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
	if f.unit.Base == unit.Cent {
		return i
	}
	joint := r.parts[i]
	if !unit.Money[f.unit.Base] || joint != "con" && joint != "y" && joint != "e" && joint != "and" {
		return i
	}
	n := r.numberAt(i + 1)
	if n.next == i+1 || n.value >= 100 || f.value != float64(int64(f.value)) {
		return i
	}
	cents := unit.ByWord[r.parts[n.next]].Base == unit.Cent
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
	j, u := i+1, unit.ByWord[t.Low]
	switch {
	case t.Sort == token.Word && r.parts[i+1] == "$" && !r.tokens[i+1].Spaced:
		code := map[string]string{
			"us": "usd", "u": "usd", "r": "brl", "mx": "mxn", "mxn": "mxn", "ar": "ars", "usd": "usd", "cop": "cop",
			"clp": "clp", "ars": "ars",
		}[t.Low]
		if code == "" {
			return i
		}
		u, j = unit.Unit{Base: code, Factor: 1}, i+2
	case t.Low == "s" && r.parts[i+1] == "/" && !r.tokens[i+1].Spaced:
		u, j = unit.Unit{Base: "pen", Factor: 1}, i+2
		if r.parts[j] == "." {
			j++
		}
	case !unit.Money[u.Base], t.Sort == token.Word && !t.Shouted():
		return i
	}
	n := r.numberAt(j)
	if n.next == j || r.tokens[j].Sort != token.Figures {
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
	u, ok := unit.ByWord[r.parts[i+1]]
	if !ok || u.Base != unit.Second && u.Base != unit.Month || idle[r.parts[i+1]] || len(r.parts[i+1]) < 3 {
		return i
	}
	if !inOne[r.before(i, 1)] && !(r.before(i, 1) == "de" && r.before(i, 2) == "dentro") {
		return i
	}
	f := fact{kind: Quantity, value: 1, alt: 1, unit: u, worded: true}
	end := i + 2
	if kind := unit.KindsOfDay[r.parts[end]]; kind != "" {
		f.days = kind
		end++
	}
	r.add(f, i, end)
	return end
}
