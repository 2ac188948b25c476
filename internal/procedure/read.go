package procedure

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tania/internal/answer/choice"
	"tania/internal/language/days"
	"tania/internal/tania"
)

// value is what a slot can be filled with.
type value struct {
	value any
	shown string
}

// when is how a text is read: by whom, and when.
type when struct {
	language, fallback tania.Language
	// now is in the bot's time zone.
	now time.Time
}

// longestValue bounds what is kept of a free text, in characters.
const longestValue = 1000

// read gives the values for a slot in a text, each once. asked is strict where it is false: the customer was not asked for it, and says it
// by the way.
func (s *slot) read(t *said, w when, asked bool) []value {
	switch s.sort {
	case sortText:
		if text := []rune(t.text); asked && len(t.words()) > 0 {
			kept := string(text[:min(len(text), longestValue)])
			return []value{{kept, kept}}
		}
	case sortDate:
		var all []value
		past := s.to != nil && s.to.past()
		for _, d := range days.Find(t.Reading, days.Options{Language: w.language, Now: w.now, Past: past, Asked: asked}) {
			all = append(all, value{d.Format(time.DateOnly), shownDate(d, w.language)})
		}
		return all
	case sortTime:
		var all []value
		for _, c := range days.Times(t.Reading, days.ClockOptions{Asked: asked, From: s.early, To: s.late}) {
			all = append(all, value{c.String(), c.String()})
		}
		return all
	case sortNumber:
		return s.numbers(t, asked)
	case sortPattern:
		return s.patterns(t, w, asked)
	case sortEmail:
		return texts(emails.FindAllString(t.text, -1), strings.ToLower)
	case sortPhone:
		return s.phones(t, asked)
	case sortChoice:
		return s.choices(t, w, asked)
	case sortYesNo:
		if asked {
			return yesOrNo(t, s.ask.In(w.language, w.fallback), w)
		}
	case sortPhoto:
	}
	return nil
}

func texts(found []string, as func(string) string) (all []value) {
	for _, f := range found {
		if v := (value{as(f), as(f)}); !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

var (
	emails = regexp.MustCompile(`[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)*\.\pL{2,}`)
	links  = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+`)
	phones = regexp.MustCompile(`\+?\(?\d[\d\s().-]{5,}\d`)
	year   = regexp.MustCompile(`^(?:19|20)\d\d$`)
	figure = regexp.MustCompile(`\d`)
	// currency and amount are what makes of a number so much of something.
	currency = regexp.MustCompile(`[$€£]\s*$`)
	amount   = regexp.MustCompile(`^\s*[$€£%]`)
)

// withoutAddresses blanks what numbers stand in that are no values of their own.
func withoutAddresses(text string) string {
	return emails.ReplaceAllString(links.ReplaceAllString(text, " "), " ")
}

func yesOrNo(t *said, asked string, w when) []value {
	yes, no := sayIn(yesWord, w), sayIn(noWord, w)
	picked, ok := choice.Read(t.text, []string{yes, no})
	agrees := choice.Agrees(t.text, asked)
	if agrees == choice.Unclear && len(t.clauses) > 1 && !strings.ContainsAny(t.text, "?¿") { // "no, better in writing"
		agrees = choice.Agrees(strings.Join(t.clauses[0], " "), asked)
	}
	switch {
	case agrees == choice.Yes, ok && len(picked.Places) == 1 && picked.Places[0] == 0 && agrees != choice.No:
		return []value{{true, yes}}
	case agrees == choice.No, ok && len(picked.Places) == 1 && picked.Places[0] == 1:
		return []value{{false, no}}
	}
	return nil
}

// patterns finds the values of a pattern that stand alone: no piece of a longer number, of an amount or of an address.
func (s *slot) patterns(t *said, w when, asked bool) (all []value) {
	if s.pattern == nil {
		return nil
	}
	text := withoutAddresses(t.text)
	if !asked {
		text = phones.ReplaceAllStringFunc(text, func(f string) string {
			if len(figure.FindAllString(f, -1)) >= evidentDigits && strings.ContainsAny(f, " .-(+") {
				return " "
			}
			return f
		})
	}
	for at := 0; at < len(text); {
		m := s.pattern.FindStringSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		begin, end := at+m[2], at+m[3]
		at = max(end, at+1)
		if found := text[begin:end]; alone(text, begin, end) && (asked || !s.isYear(found, t, w)) {
			v := s.normal(found)
			if one := (value{v, v}); !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	return all
}

// isYear reports whether what looks like a number of ours is the year of a date.
func (s *slot) isYear(found string, t *said, w when) bool {
	return year.MatchString(found) && len(days.Find(t.Reading, days.Options{Language: w.language, Now: w.now})) > 0
}

// normal writes a value as the pattern does, where the customer's small letters are its capitals.
func (s *slot) normal(found string) string {
	exact, err := regexp.Compile(`^(?:` + strings.TrimSuffix(strings.TrimPrefix(s.whole.String(), `(?i)^(?:`), `)$`) + `)$`)
	if upper := strings.ToUpper(found); err == nil && !exact.MatchString(found) && exact.MatchString(upper) {
		return upper
	}
	return found
}

// alone reports whether nothing of what stands around a piece of text belongs to it.
func alone(text string, begin, end int) bool {
	before, behind := text[:begin], text[end:]
	word := regexp.MustCompile(`^[\pL\pN_]`)
	if word.MatchString(behind) {
		return false
	}
	joined := func(b byte) bool { return strings.IndexByte(".,/:-", b) >= 0 }
	digits := figure.MatchString(text[begin:end])
	if digits && len(behind) > 1 && joined(behind[0]) && isDigit(behind[1]) {
		return false
	}
	if digits && len(before) > 1 && joined(before[len(before)-1]) && isDigit(before[len(before)-2]) {
		return false
	}
	return !currency.MatchString(before) && !amount.MatchString(behind)
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// numbers finds amounts of something: "somos 4", "mesa para cuatro personas".
func (s *slot) numbers(t *said, asked bool) (all []value) {
	list := t.words()
	for i, w := range list {
		n, ok := numeral(w)
		if !ok {
			continue
		}
		beside := func(at int) bool {
			return at >= 0 && at < len(list) && slices.ContainsFunc(s.words, func(word string) bool { return alike(list[at], word) })
		}
		answers := asked && (!articles[w] || len(list) == 1)
		if answers || beside(i+1) || beside(i-1) {
			if v := (value{n, strconv.FormatFloat(n, 'f', -1, 64)}); !slices.Contains(all, v) {
				all = append(all, v)
			}
		}
	}
	if len(all) > 1 && asked { // what stands beside the slot's own words is meant
		if meant := s.numbers(t, false); len(meant) == 1 {
			return meant
		}
	}
	return all
}

// thousands are figures in groups of three.
var thousands = regexp.MustCompile(`^\d{1,3}(?:\.\d{3})+$`)

// articles are numbers that are mostly none.
var articles = set("un una a an um uma")

func numeral(w string) (float64, bool) {
	if figure.MatchString(w) {
		written := strings.ReplaceAll(w, ",", ".")
		if thousands.MatchString(written) {
			written = strings.ReplaceAll(written, ".", "")
		}
		n, err := strconv.ParseFloat(written, 64)
		return n, err == nil
	}
	n, ok := days.Number(w)
	return float64(n), ok
}

// Digits of telephone numbers: the shortest in use, the longest of E.164, and from how many on one is taken for one that nobody asked for.
const (
	fewestDigits, mostDigits = 7, 15
	evidentDigits            = 9
)

func (s *slot) phones(t *said, asked bool) []value {
	var found []string
	for _, f := range phones.FindAllString(withoutAddresses(t.text), -1) {
		n := len(figure.FindAllString(f, -1))
		evident := asked || n >= evidentDigits || strings.HasPrefix(f, "+") || t.mentions(s)
		if evident && n >= fewestDigits && n <= mostDigits {
			found = append(found, f)
		}
	}
	return texts(found, func(f string) string {
		plus := ""
		if strings.HasPrefix(f, "+") {
			plus = "+"
		}
		return plus + strings.Join(figure.FindAllString(f, -1), "")
	})
}

// choices finds the options that a text names; asked, by number and place too.
func (s *slot) choices(t *said, w when, asked bool) (all []value) {
	if asked {
		titles := s.titles(w)
		if picked, ok := choice.Read(t.text, titles); ok && len(picked.Places) > 0 {
			for _, place := range picked.Places {
				all = append(all, value{s.options[place].id, titles[place]})
			}
			return all
		}
	}
	for i := range s.options {
		o := &s.options[i]
		if slices.ContainsFunc(o.words, func(phrase []string) bool { return t.has(phrase, false) }) {
			all = append(all, value{o.id, o.title.In(w.language, w.fallback)})
		}
	}
	return all
}

func (s *slot) titles(w when) []string {
	list := make([]string, len(s.options))
	for i := range s.options {
		list[i] = s.options[i].title.In(w.language, w.fallback)
	}
	return list
}

// refused gives why a value is not taken: it is beyond the slot's bounds; "" where it is taken.
func (s *slot) refused(v value, w when) string {
	switch s.sort {
	case sortNumber:
		n, _ := v.value.(float64)
		switch {
		case s.least != nil && n < *s.least:
			return fmt.Sprintf(sayIn(tooSmall, w), strconv.FormatFloat(*s.least, 'f', -1, 64))
		case s.most != nil && n > *s.most:
			return fmt.Sprintf(sayIn(tooLarge, w), strconv.FormatFloat(*s.most, 'f', -1, 64))
		}
	case sortDate:
		day, _ := time.ParseInLocation(time.DateOnly, v.shownValue(), w.now.Location())
		switch {
		case s.from != nil && day.Before(s.from.at(w.now)):
			return fmt.Sprintf(sayIn(tooEarly, w), shownDate(s.from.at(w.now), w.language))
		case s.to != nil && day.After(s.to.at(w.now)):
			return fmt.Sprintf(sayIn(tooLate, w), shownDate(s.to.at(w.now), w.language))
		}
	case sortTime:
		c, _ := days.ParseClock(v.shownValue())
		switch {
		case c < s.early:
			return fmt.Sprintf(sayIn(tooEarly, w), s.early.String())
		case c > s.late:
			return fmt.Sprintf(sayIn(tooLate, w), s.late.String())
		}
	default:
	}
	return ""
}

func (v value) shownValue() string {
	text, _ := v.value.(string)
	return text
}

// dayBound is a day by its distance from today, or fixed.
type dayBound struct {
	days  int
	fixed time.Time
}

var distance = regexp.MustCompile(`^(?:today)?\s*([+-]\d{1,4})d$`)

func parseBound(s string) (dayBound, bool) {
	if s == "today" {
		return dayBound{}, true
	}
	if m := distance.FindStringSubmatch(s); m != nil {
		n, err := strconv.Atoi(m[1])
		return dayBound{days: n}, err == nil
	}
	t, err := time.Parse(time.DateOnly, s)
	return dayBound{fixed: t}, err == nil
}

func (b *dayBound) at(now time.Time) time.Time {
	if !b.fixed.IsZero() {
		return time.Date(b.fixed.Year(), b.fixed.Month(), b.fixed.Day(), 0, 0, 0, 0, now.Location())
	}
	return time.Date(now.Year(), now.Month(), now.Day()+b.days, 0, 0, 0, 0, now.Location())
}

// past reports whether nothing after today is meant.
func (b *dayBound) past() bool { return b.fixed.IsZero() && b.days <= 0 }
