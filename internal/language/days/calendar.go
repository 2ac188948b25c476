package days

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"tania/internal/tania"
)

// part cuts a folded text into words, numbers and numeric dates.
var part = regexp.MustCompile(`\d{4}-\d{1,2}-\d{1,2}|\d{1,2}([/.-])\d{1,2}(?:[/.-]\d{2,4})?|\d+|[\pL]+|[ºª:,]`)

// split gives the words of a folded text. A number keeps what makes it a date; "24/7" is none.
func split(folded string) []string {
	var all []string
	for _, at := range part.FindAllStringIndex(folded, -1) {
		w := folded[at[0]:at[1]]
		if isDigit(w[0]) && within(folded, at[0], at[1]) {
			w = "#" // a piece of something longer
		}
		if w == "ª" || w == "º" || w == "," {
			continue
		}
		all = append(all, w)
	}
	return all
}

// within reports whether figures stand right before or behind a piece of a text.
func within(text string, begin, end int) bool {
	return begin > 0 && isDigit(text[begin-1]) || end < len(text) && isDigit(text[end])
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// date gives a day that exists, else the zero time.
func (s *scan) date(year, month, day int) time.Time {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, s.today.Location())
	if month < 1 || month > 12 || t.Day() != day || int(t.Month()) != month {
		return time.Time{}
	}
	return t
}

// yearless gives the next such day from today on, or the last one up to today. A leap day may be years away.
func (s *scan) yearless(month, day int) time.Time {
	step := 1
	if s.Past {
		step = -1
	}
	for n := range 9 {
		t := s.date(s.today.Year()+step*n, month, day)
		if !t.IsZero() && (!s.Past && !t.Before(s.today) || s.Past && !t.After(s.today)) {
			return t
		}
	}
	return time.Time{}
}

// numeric reads 2026-05-03, 03/05, 3.5.26.
func (s *scan) numeric() (time.Time, int) {
	pieces := strings.FieldsFunc(s.word(0), func(r rune) bool { return strings.ContainsRune("/.-", r) })
	if len(pieces) < 2 || s.word(0) == "24/7" {
		return time.Time{}, 0
	}
	n := make([]int, len(pieces))
	for i, p := range pieces {
		n[i], _ = strconv.Atoi(p) // the pattern's figures
	}
	if len(pieces[0]) == 4 {
		return s.date(n[0], n[1], n[2]), 1
	}
	day, month := n[0], n[1]
	if s.Language == tania.English && n[0] <= 12 || n[1] > 12 && n[0] <= 12 {
		day, month = n[1], n[0]
	}
	if len(n) == 3 {
		return s.date(fullYear(n[2]), month, day), 1
	}
	if !s.Asked && (len(s.word(0)) < 4 || !strings.Contains(s.word(0), "/")) {
		return time.Time{}, 0 // a half, a price, two of three
	}
	return s.yearless(month, day), 1
}

func fullYear(n int) int {
	if n < 100 {
		return 2000 + n
	}
	return n
}

// dayAndMonth reads "3 de mayo", "tres de mayo de 2027", "3rd of May", "1 May 2027".
func (s *scan) dayAndMonth() (time.Time, int) {
	day, n := s.ordinal(0)
	if n == 0 {
		return time.Time{}, 0
	}
	if w := s.word(n); w == "de" || w == "of" || w == "del" {
		n++
	}
	month := s.month(s.word(n), n > 1)
	if month == 0 {
		return time.Time{}, 0
	}
	return s.withYear(month, day, n+1)
}

// monthAndDay reads "May 3rd", "mayo 3".
func (s *scan) monthAndDay() (time.Time, int) {
	month := s.month(s.word(0), false)
	if month == 0 {
		return time.Time{}, 0
	}
	day, n := s.ordinal(1)
	if n == 0 {
		return time.Time{}, 0
	}
	return s.withYear(month, day, 1+n)
}

// withYear reads the year behind a day, if there is one; n words have been read.
func (s *scan) withYear(month, day, n int) (time.Time, int) {
	at := n
	if w := s.word(at); w == "de" || w == "del" {
		at++
	}
	if year, err := strconv.Atoi(s.word(at)); err == nil && len(s.word(at)) == 4 && year >= 1900 && year < 2200 {
		return s.date(year, month, day), at + 1
	}
	return s.yearless(month, day), n
}

// ordinal reads a day of a month: "3", "3rd", "tres", "primero", "first".
func (s *scan) ordinal(at int) (day, words int) {
	n, ok := number(s.word(at))
	if !ok {
		n, ok = firsts[s.word(at)], firsts[s.word(at)] > 0
	}
	if !ok || n < 1 || n > 31 {
		return 0, 0
	}
	words = 1
	if next := s.word(at + 1); isDigit(s.word(at)[0]) && ordinalEndings[next] {
		words++
	}
	return n, words
}

var (
	firsts         = map[string]int{"primero": 1, "primer": 1, "first": 1, "primeiro": 1, "second": 2, "third": 3}
	ordinalEndings = set("st", "nd", "rd", "th", "o", "ro")
)

// month gives a month by its name, or by its short one beside a day; 0 for no month. "may" is a verb where no day stands beside it, which
// the caller sees to.
func (s *scan) month(w string, short bool) int {
	if m := months[w]; m > 0 {
		return m
	}
	if m := shortMonths[w]; m > 0 && (short || s.Language == tania.English) {
		return m
	}
	return 0
}

var months, shortMonths = func() (full, short map[string]int) {
	full, short = map[string]int{}, map[string]int{}
	for _, list := range []string{
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
		"january february march april may june july august september october november december",
		"janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
	} {
		for i, w := range strings.Fields(list) {
			full[w], short[w[:3]] = i+1, i+1
		}
	}
	full["setiembre"], short["sept"] = 9, 9
	return full, short
}()

// dayOfMonth reads "el día 3", "on the 3rd", "dia 15" and, where a day was asked for, "el 3" and "3".
func (s *scan) dayOfMonth() (time.Time, int) {
	if w := s.word(0); w == "dia" {
		if day, n := s.ordinal(1); n > 0 && isDigit(s.word(1)[0]) && daysOf[s.word(1+n)] == 0 {
			return s.monthless(day), 1 + n
		}
	}
	day, n := s.ordinal(0)
	switch {
	case n == 0 || !isDigit(s.word(0)[0]):
		return time.Time{}, 0
	case n == 2 && s.word(-1) == "the", s.Asked && s.alone(n):
		return s.monthless(day), n
	}
	return time.Time{}, 0
}

// alone reports whether all other words of the text say nothing: "el 3", "para el 3 por favor".
func (s *scan) alone(n int) bool {
	for i, w := range s.words {
		if (i < s.at || i >= s.at+n) && !emptyWords[w] {
			return false
		}
	}
	return true
}

var emptyWords = set("el", "the", "o", "no", "on", "para", "for", "pra", "por", "favor", "please", "a", "al", "em", "en", "dia", "day",
	"del",
	"de", "este", "mes", "month", "this", "of", "porfa", "si", "yes", "sim", "ok", "queria", "quiero", "mejor", "melhor", "better")

// monthless is the next day of a month with that number, today's among them; or the last one.
func (s *scan) monthless(day int) time.Time {
	step := 1
	if s.Past {
		step = -1
	}
	for n := range 3 {
		first := time.Date(s.today.Year(), s.today.Month()+time.Month(step*n), 1, 0, 0, 0, 0, s.today.Location())
		t := s.date(first.Year(), int(first.Month()), day)
		if !t.IsZero() && (!s.Past && !t.Before(s.today) || s.Past && !t.After(s.today)) {
			return t
		}
	}
	return time.Time{}
}

// number reads figures, and small numbers in words.
func number(w string) (int, bool) {
	if w == "" {
		return 0, false
	}
	if isDigit(w[0]) {
		n, err := strconv.Atoi(w)
		return n, err == nil && len(w) <= 3
	}
	n, ok := numbers[w]
	return n, ok
}

// Number reads a number that is written in figures or as a word, up to 31.
func Number(word string) (int, bool) { return number(word) }

var numbers = func() map[string]int {
	all := map[string]int{"un": 1, "una": 1, "a": 1, "an": 1, "um": 1, "uma": 1, "duas": 2, "catorze": 14}
	for _, list := range []string{
		"uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte " +
			"veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve treinta",
		"one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
		"um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete dezoito dezenove vinte",
	} {
		for i, w := range strings.Fields(list) {
			all[w] = i + 1
		}
	}
	all["trinta"], all["thirty"] = 30, 30
	return all
}()
