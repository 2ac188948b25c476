package fact

import (
	"strconv"
	"strings"
	"time"

	"tania/internal/cache/reading"
	"tania/internal/guard/fact/token"
	"tania/internal/tania"
)

// dayset are days of the week, Monday in the lowest bit, and holidays.
type dayset uint8

const (
	workdays dayset = 1<<5 - 1
	weekend  dayset = 1<<5 | 1<<6
	allDays  dayset = 1<<7 - 1
	holidays dayset = 1 << 7
)

// dayNames have the days by their folded names, from Monday.
var dayNames, shortDays = func() (names, short map[string]dayset) {
	names, short = map[string]dayset{}, map[string]dayset{}
	for i, row := range strings.Split(`lunes monday mondays / lun mon seg
martes tuesday tuesdays / mar tue tues ter
miercoles wednesday wednesdays / mie wed qua
jueves thursday thursdays / jue thu thur thurs qui
viernes friday fridays / vie fri sex
sabado sabados saturday saturdays / sab sat
domingo domingos sunday sundays / dom sun`, "\n") {
		long, abbreviated, _ := strings.Cut(row, "/")
		for _, w := range strings.Fields(long) {
			names[w] = 1 << i
		}
		for _, w := range strings.Fields(abbreviated) {
			short[w] = 1 << i
		}
	}
	return names, short
}()

// feiras are the Portuguese days that are numbers: "segunda-feira", "às segundas".
var feiras = map[string]dayset{
	"segunda": 1 << 0, "segundas": 1 << 0, "terca": 1 << 1, "tercas": 1 << 1, "quarta": 1 << 2, "quartas": 1 << 2, "quinta": 1 << 3,
	"quintas": 1 << 3, "sexta": 1 << 4, "sextas": 1 << 4,
}

// dayPhrases name several days at once.
var dayPhrases = []struct {
	words string
	set   dayset
}{
	{"todos los dias", allDays},
	{"cada dia", allDays},
	{"every day", allDays},
	{"seven days a week", allDays},
	{"7 days a week", allDays},
	{"todos os dias", allDays},
	{"todo dia", allDays},
	{"los siete dias", allDays},
	{"los 7 dias", allDays},
	{"diariamente", allDays},
	{"daily", allDays},
	{"entre semana", workdays},
	{"dias laborables", workdays},
	{"dias habiles", workdays},
	{"weekdays", workdays},
	{"dias uteis", workdays},
	{"business days", workdays},
	{"working days", workdays},
	{"dias de semana", workdays},
	{"fin de semana", weekend},
	{"fines de semana", weekend},
	{"weekends", weekend},
	{"weekend", weekend},
	{"fim de semana", weekend},
	{"fins de semana", weekend},
	{"festivos", holidays},
	{"feriados", holidays},
	{"public holidays", holidays},
	{"bank holidays", holidays},
}

// phraseStarts has the phrases by their first words.
var phraseStarts = func() map[string][]int {
	starts := map[string][]int{}
	for i, p := range dayPhrases {
		first, _, _ := strings.Cut(p.words, " ")
		starts[first] = append(starts[first], i)
	}
	return starts
}()

// days reads days of the week.
func (r *reader) days(i int) (next int) {
	for _, p := range phraseStarts[r.parts[i]] {
		words := strings.Fields(dayPhrases[p].words)
		if !r.has(i, words...) || i > 0 && r.tokens[i-1].Sort == token.Figures && words[0] != "7" {
			continue
		}
		set := dayPhrases[p].set
		if set == weekend && wished[r.before(i, 1)] || wished[r.before(i, 2)] {
			return i + len(words)
		}
		r.add(fact{kind: Day, set: set, span: set != holidays}, i, i+len(words))
		return i + len(words)
	}
	from, j := r.day(i)
	if from == 0 {
		return i
	}
	short := j == i+1 && shortDays[r.parts[i]] != 0
	k := j
	switch {
	case r.tokens[k].Low == "." && short:
		k++
	case r.tokens[k].Low == "," || r.tokens[k].Sort == 0:
	}
	if dayJoiners[r.parts[k]] {
		k++
		for r.parts[k] == "el" || r.parts[k] == "los" || r.parts[k] == "as" || r.parts[k] == "a" {
			k++
		}
		if to, end := r.day(k); to != 0 {
			r.add(fact{kind: Day, set: daysBetween(from, to), span: true}, i, end)
			return end
		}
	}
	if short || r.lonelyFeira(i, j) {
		return i
	}
	r.add(fact{kind: Day, set: from}, i, j)
	return j
}

var dayJoiners = reading.WordSet(`a al to through thru ate hasta until till - – —`)

var wished = reading.WordSet(`feliz buen bom great nice good lovely lindo excelente otimo happy enjoy disfruta aproveite wonderful`)

// day reads one name of a day.
func (r *reader) day(i int) (set dayset, next int) {
	w := r.parts[i]
	if set = dayNames[w]; set != 0 {
		if i > 0 && (r.parts[i-1] == "santo" || r.parts[i-1] == "black" || r.parts[i-1] == "cyber") {
			return 0, i
		}
		return set, i + 1
	}
	if set = feiras[w]; set != 0 {
		if (r.parts[i+1] == "-" || r.tokens[i+1].Sort == token.Word) && r.has(i+1, "-", "feira") || r.has(i+1, "-", "feiras") {
			return set, i + 3
		}
		if r.parts[i+1] == "feira" {
			return set, i + 2
		}
		if r.speaks(tania.Portuguese) {
			return set, i + 1
		}
		return 0, i
	}
	return shortDays[w], i + 1
}

// lonelyFeira reports whether a Portuguese number of a day is one of something else: "na segunda vez".
func (r *reader) lonelyFeira(i, j int) bool {
	if j > i+1 || feiras[r.parts[i]] == 0 {
		return false
	}
	before := ""
	if i > 0 {
		before = r.parts[i-1]
	}
	if !beforeFeira[before] {
		return true
	}
	if strings.HasSuffix(r.parts[i], "s") && (before == "aos" || before == "nas" || strings.HasSuffix(r.tokens[i-1].Raw, "às")) {
		return false
	}
	next := r.tokens[j]
	return next.Sort == token.Word && !reading.FunctionWords[next.Low]
}

var beforeFeira = reading.WordSet(`na as às nas aos toda todas cada e ou , de ate até`)

// daysBetween are the days from one to another.
func daysBetween(from, to dayset) (set dayset) {
	for d := from; ; {
		set |= d
		if d == to {
			return set
		}
		if d <<= 1; d > 1<<6 {
			d = 1
		}
	}
}

// monthNames have the months by their folded names; shortMonths their abbreviations, which count beside a number.
var monthNames, shortMonths = func() (names, short map[string]int) {
	names, short = map[string]int{}, map[string]int{}
	for i, row := range strings.Split(`enero january janeiro / ene jan
febrero february fevereiro / feb fev
marzo march marco / mar
abril april / abr apr
mayo may maio / may mai
junio june junho / jun
julio july julho / jul
agosto august / ago aug
septiembre setiembre september setembro / sep sept set
octubre october outubro / oct out
noviembre november novembro / nov
diciembre december dezembro / dic dec dez`, "\n") {
		long, abbreviated, _ := strings.Cut(row, "/")
		for _, w := range strings.Fields(long) {
			names[w], short[w] = i+1, i+1
		}
		for _, w := range strings.Fields(abbreviated) {
			short[w] = i + 1
		}
	}
	return names, short
}()

// month reads a month that stands alone.
func (r *reader) month(i int) (next int) {
	t := r.tokens[i]
	m := monthNames[t.Low]
	switch t.Low {
	case "may", "march", "august":
		if !t.Capital() || !beforeMonth[r.before(i, 1)] {
			return i
		}
	case "marco":
		if !strings.ContainsAny(t.Raw, "çÇ") {
			return i
		}
	}
	if m == 0 {
		return i
	}
	r.add(fact{kind: Date, month: m}, i, i+1)
	return i + 1
}

var beforeMonth = reading.WordSet(`in of until since by from to and through before after during every`)

// dateOfFigures reads 2026-05-03, 03/05/2026, 3-5-2026, 3/5 and 03.05.2026.
func (r *reader) dateOfFigures(i int) (next int) {
	first := r.tokens[i].Low
	if parts := strings.Split(first, "."); len(parts) == 3 {
		if f, ok := r.dateOf(parts[0], parts[1], parts[2]); ok {
			r.add(f, i, i+1)
			return i + 1
		}
	}
	joint := r.parts[i+1]
	if joint != "/" && joint != "-" || !r.tight(i, i+2) || r.tokens[i+2].Sort != token.Figures {
		return i
	}
	if r.parts[i+3] == joint && r.tight(i+2, i+4) && r.tokens[i+4].Sort == token.Figures {
		if f, ok := r.dateOf(first, r.parts[i+2], r.parts[i+4]); ok {
			r.add(f, i, i+5)
			return i + 5
		}
		return i
	}
	if joint == "/" && first+r.parts[i+2] != "247" {
		if f, ok := r.dateOf(first, r.parts[i+2], ""); ok {
			r.add(f, i, i+3)
			return i + 3
		}
	}
	return i
}

// dateOf is a date of three numbers.
func (r *reader) dateOf(a, b, c string) (f fact, ok bool) {
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	z, errZ := strconv.Atoi(c)
	if errX != nil || errY != nil || errZ != nil && c != "" {
		return f, false
	}
	f = fact{kind: Date, day: x, month: y, year: z}
	if len(a) == 4 {
		f.year, f.month, f.day = x, y, z
	} else if r.languages[0] == tania.English && len(r.languages) == 1 {
		f.day, f.month = y, x
	}
	if f.month > 12 && f.day <= 12 && len(a) < 4 {
		f.day, f.month = f.month, f.day
	}
	f.swapped = len(a) < 4 && f.day <= 12 && f.month <= 12
	if f.year > 0 && f.year < 100 {
		f.year += 2000
	}
	yearly := f.year == 0 && c == "" || f.year >= 1900 && f.year <= 2199
	return f, yearly && f.day >= 1 && f.day <= 31 && f.month >= 1 && f.month <= 12
}

// monthBehind is the month that follows a day of it, with where it and its year end; 0 for none: "3 de mayo de 2026", "3rd of May".
func (r *reader) monthBehind(j int) (month, year, next int) {
	k := j
	if r.parts[k] == "de" || r.parts[k] == "of" || r.parts[k] == "do" || r.parts[k] == "-" || r.parts[k] == "/" {
		k++
	}
	t := r.tokens[k]
	month = monthNames[t.Low]
	if month == 0 && (k == j || r.parts[j] == "-" || r.parts[j] == "/" || r.parts[k+1] == ".") {
		month = shortMonths[t.Low]
	}
	if month == 0 || t.Sort != token.Word || k == j && t.Low == "may" && !t.Capital() {
		return 0, 0, j
	}
	year, next = r.yearAt(k + 1)
	return month, year, next
}

// yearAt is the year that stands behind a month, or behind a day.
func (r *reader) yearAt(j int) (year, next int) {
	k := j
	for beforeYear[r.parts[k]] {
		k++
	}
	if t := r.tokens[k]; t.Sort == token.Figures && len(t.Low) == 4 {
		if y, err := strconv.Atoi(t.Low); err == nil && y >= 1900 && y <= 2199 {
			return y, k + 1
		}
	}
	return 0, j
}

// monthFirst reads "May 3rd, 2026" and "mayo 3".
func (r *reader) monthFirst(i int) (next int) {
	t := r.tokens[i]
	month := shortMonths[t.Low]
	if month == 0 || !t.Capital() && r.languages[0] == tania.English {
		return i
	}
	j := i + 1
	if r.parts[j] == "." {
		j++
	}
	if r.parts[j] == "the" {
		j++
	}
	day, end := r.dayNumber(j)
	if day == 0 || !r.tokens[j].Spaced || r.parts[end] == ":" || r.parts[end] == "%" {
		return i
	}
	year, next := r.yearAt(end)
	r.add(fact{kind: Date, day: day, month: month, year: year}, i, next)
	if dash[r.parts[end]] || r.parts[end] == "to" || r.parts[end] == "and" {
		if last, after := r.dayNumber(end + 1); last != 0 && r.parts[after] != ":" {
			r.add(fact{kind: Date, day: last, month: month}, end+1, after)
			return after
		}
	}
	return next
}

var beforeYear = reading.WordSet("de del , - . /")

var dash = reading.WordSet("- – —")

// dayNumber is a day of a month in figures, perhaps with the ending of a place.
func (r *reader) dayNumber(i int) (day, next int) {
	t := r.tokens[i]
	if t.Sort != token.Figures || len(t.Low) > 2 {
		return 0, i
	}
	day, _ = strconv.Atoi(t.Low)
	if day < 1 || day > 31 {
		return 0, i
	}
	next = i + 1
	if r.tokens[next].Sort == token.Word && !r.tokens[next].Spaced {
		if !placeEndings[r.parts[next]] {
			return 0, i
		}
		next++
	}
	return day, next
}

var placeEndings = reading.WordSet(`th st nd rd o a º ª er ro ra do da to ta`)

// weekday is the day of the week that a whole date falls on.
func (f *fact) weekday() dayset {
	if f.day == 0 || f.year == 0 {
		return 0
	}
	w := time.Date(f.year, time.Month(f.month), f.day, 0, 0, 0, 0, time.UTC).Weekday()
	return 1 << ((int(w) + 6) % 7)
}
