// Package days reads days and times of day as customers write them, in Spanish, English and Portuguese: "mañana", "el viernes que viene",
// "3 de mayo", "next tuesday", "05/12", "às 20h30". A text and the time it is read at in, dates out.
package days

import (
	"slices"
	"time"

	"tania/internal/language"
	"tania/internal/tania"
)

// Options say how a text is read.
type Options struct {
	// Language is the customer's. It decides whether 03/05 is the fifth of March (English) or the third of May, and what "segunda" is.
	Language tania.Language
	// Now is when the text was written, in the time zone of whoever is written to.
	Now time.Time
	// Past reads a day that does not tell its year or week as one that is over: for "when did you buy it?".
	Past bool
	// Asked reports whether the text answers a question for a day: then "3" and "el 3" are one.
	Asked bool
}

// Find gives the days that a text names, each once, in their order. A day that does not exist, 31/04, is none.
func Find(text *language.Reading, o Options) []time.Time {
	s := scan{Options: o, words: split(text.Folded()), today: midnight(o.Now)}
	var found []time.Time
	for s.at < len(s.words) {
		day, n := s.read()
		if n == 0 {
			s.at++
			continue
		}
		s.at += n
		if !day.IsZero() && !slices.ContainsFunc(found, day.Equal) {
			found = append(found, day)
		}
	}
	return found
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// after is the day so many days later, whatever clocks do meanwhile.
func after(day time.Time, days int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day()+days, 0, 0, 0, 0, day.Location())
}

// scan is a text while it is read.
type scan struct {
	Options
	words []string
	at    int
	today time.Time
}

// word is the one at a distance from where the text is read, "" beyond its ends.
func (s *scan) word(distance int) string {
	if i := s.at + distance; i >= 0 && i < len(s.words) {
		return s.words[i]
	}
	return ""
}

// reader reads a day where the text stands. It gives how many words it takes, 0 where there is none; with the zero time, of a day that does
// not exist.
type reader func(*scan) (day time.Time, words int)

// read tries all readers: the one that needs most words is first.
func (s *scan) read() (time.Time, int) {
	for _, r := range []reader{
		(*scan).numeric, (*scan).apart, (*scan).ago, (*scan).dayAndMonth, (*scan).monthAndDay, (*scan).afterTomorrow, (*scan).near,
		(*scan).weekday, (*scan).dayOfMonth,
	} {
		if day, n := r(s); n > 0 {
			return day, n
		}
	}
	return time.Time{}, 0
}

// afterTomorrow reads "pasado mañana", "the day after tomorrow", "depois de amanhã", "antes de ayer".
func (s *scan) afterTomorrow() (time.Time, int) {
	for _, p := range []struct {
		words []string
		days  int
	}{
		{[]string{"pasado", "manana"}, 2},
		{[]string{"day", "after", "tomorrow"}, 2},
		{[]string{"depois", "de", "amanha"}, 2},
		{[]string{"antes", "de", "ayer"}, -2},
		{[]string{"day", "before", "yesterday"}, -2},
	} {
		if s.stands(p.words) {
			return after(s.today, p.days), len(p.words)
		}
	}
	return time.Time{}, 0
}

func (s *scan) stands(words []string) bool {
	for i, w := range words {
		if s.word(i) != w {
			return false
		}
	}
	return true
}

// near reads "hoy", "mañana", "tonight", "ontem". The morning of "por la mañana" is none.
func (s *scan) near() (time.Time, int) {
	days, known := nearDays[s.word(0)]
	if before := s.word(-1); !known || s.word(0) == "manana" && (before == "la" || before == "esta" || before == "cada") {
		return time.Time{}, 0
	}
	return after(s.today, days), 1
}

var nearDays = map[string]int{
	"hoy": 0, "today": 0, "hoje": 0, "tonight": 0, "manana": 1, "mañana": 1, "tomorrow": 1, "tomorow": 1, "tmrw": 1, "amanha": 1,
	"ayer": -1, "yesterday": -1, "ontem": -1, "anteayer": -2, "antier": -2, "anteontem": -2,
}

// apart reads "en 3 días", "dentro de dos semanas", "in a week", "daqui a 5 dias".
func (s *scan) apart() (time.Time, int) {
	for _, head := range [][]string{{"dentro", "de"}, {"daqui", "a"}, {"en"}, {"in"}, {"em"}} {
		if !s.stands(head) {
			continue
		}
		if days, ok := s.span(len(head)); ok {
			return after(s.today, days), len(head) + 2
		}
	}
	return time.Time{}, 0
}

// ago reads "hace 3 días", "há 2 semanas", "3 days ago".
func (s *scan) ago() (time.Time, int) {
	if first := s.word(0); first == "hace" || first == "ha" || first == "faz" {
		if days, ok := s.span(1); ok {
			return after(s.today, -days), 3
		}
	}
	if days, ok := s.span(0); ok && (s.word(2) == "ago" || s.word(2) == "atras") {
		return after(s.today, -days), 3
	}
	return time.Time{}, 0
}

// longestSpan bounds "en 999 días": nobody means such a day.
const longestSpan = 800

// span reads a number with days or weeks behind it, as days.
func (s *scan) span(at int) (int, bool) {
	n, ok := number(s.word(at))
	unit := daysOf[s.word(at+1)]
	if !ok || unit == 0 || n < 1 || n*unit > longestSpan {
		return 0, false
	}
	return n * unit, true
}

var daysOf = map[string]int{
	"dia": 1, "dias": 1, "day": 1, "days": 1, "semana": 7, "semanas": 7, "week": 7, "weeks": 7,
}

// weekday reads "el viernes", "next friday", "sexta que vem", "el lunes pasado".
func (s *scan) weekday() (time.Time, int) {
	day, n := s.weekdayName()
	if n == 0 {
		return time.Time{}, 0
	}
	before, behind := s.word(-1), s.word(n)
	ahead := (int(day) - int(s.today.Weekday()) + 7) % 7 // 0 to 6
	switch {
	case lastWords[before] || lastWords[behind] || s.Past && !comingWords[before] && behind != "que":
		return after(s.today, ahead-7), n + count(lastWords[behind])
	case before == "next":
		// The one of next week; weeks begin on Monday.
		monday := after(s.today, 7-(int(s.today.Weekday())+6)%7)
		return after(monday, (int(day)+6)%7), n
	case ahead == 0 && !thisWords[before]:
		ahead = 7
	}
	if behind == "que" && (s.word(n+1) == "viene" || s.word(n+1) == "vem") {
		n += 2
	}
	return after(s.today, ahead), n
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

var (
	lastWords   = set("pasado", "pasada", "last", "passado", "passada", "ultimo", "ultima")
	thisWords   = set("este", "esta", "this", "nesta", "neste")
	comingWords = set("proximo", "proxima", "next", "this", "este", "esta")
)

// weekdayName reads a weekday's name. What is something else in another language counts in its own alone.
func (s *scan) weekdayName() (time.Weekday, int) {
	w := s.word(0)
	n := 1
	if s.word(1) == "feira" {
		n = 2
	}
	if day, ok := weekdays[w]; ok {
		return day, n
	}
	if day, ok := portugueseWeekdays[w]; ok && (n == 2 || s.Language == tania.Portuguese && !ordinalBefore(s.word(1))) {
		return day, n
	}
	if day, ok := englishShort[w]; ok && s.Language == tania.English {
		return day, 1
	}
	return 0, 0
}

// ordinalBefore reports whether a word makes what stands before it a place in a row: "segunda opção".
func ordinalBefore(w string) bool { return w == "opcao" || w == "vez" || w == "parcela" }

var weekdays = map[string]time.Weekday{
	"domingo": time.Sunday, "lunes": time.Monday, "martes": time.Tuesday, "miercoles": time.Wednesday, "jueves": time.Thursday,
	"viernes": time.Friday, "sabado": time.Saturday,
	"sunday": time.Sunday, "monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday,
	"friday": time.Friday, "saturday": time.Saturday,
}

var portugueseWeekdays = map[string]time.Weekday{
	"segunda": time.Monday, "terca": time.Tuesday, "quarta": time.Wednesday, "quinta": time.Thursday, "sexta": time.Friday,
}

var englishShort = map[string]time.Weekday{
	"sun": time.Sunday, "mon": time.Monday, "tue": time.Tuesday, "tues": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday,
	"thurs": time.Thursday, "fri": time.Friday, "sat": time.Saturday,
}

func set(words ...string) map[string]bool {
	all := map[string]bool{}
	for _, w := range words {
		all[w] = true
	}
	return all
}
