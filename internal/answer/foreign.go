package answer

import (
	"slices"
	"strings"

	"tania/internal/cache/reading"
	"tania/internal/language"
	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

// bareHosts are addresses without a scheme, "example.com/pay".
var bareHosts = lazyregexp.New(`(?i)\b(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}\b(?:/[^\s<>"')\]]*)?`)

// foreign gives a number, a day, a telephone number or an address of a text that stands nowhere in what the text is about, "" for none. The
// text is written in a language. It is stricter than invented, which lets pass what an answer may know of itself: what is told of a
// conversation has nothing that was not said there.
func foreign(text, given string, lang tania.Language) string {
	lower, digits := strings.ToLower(given), digitsOf(given)
	rest := text
	for _, kind := range []*lazyregexp.Regexp{addresses, bareHosts} {
		for _, address := range kind.FindAllString(rest, -1) {
			if address = strings.TrimRight(address, "/.,;:!?*_"); !strings.Contains(lower, strings.ToLower(address)) {
				return address
			}
		}
		rest = kind.ReplaceAllString(rest, " ")
	}
	for _, phone := range phones.FindAllString(rest, -1) {
		if d := digitsOf(phone); len(d) >= 7 {
			if !strings.Contains(digits, d) {
				return phone
			}
			rest = strings.ReplaceAll(rest, phone, " ")
		}
	}
	known := figuresOf(given)
	for _, hour := range clockTimes.FindAllStringSubmatch(rest, -1) {
		if !stands(hour[1]+hour[2], known) {
			return hour[1] + hour[2]
		}
	}
	rest = clockTimes.ReplaceAllString(rest, " ")
	for _, f := range append(anyFigure.FindAllString(rest, -1), numberWords(rest, lang)...) {
		if !slices.Contains(known, plainFigure(f)) {
			return f
		}
	}
	said := calendarWords(given)
	for word := range language.Tokens(plainDays(rest)) {
		if day, ok := calendar[word]; ok && !said[day] {
			return word
		}
	}
	return ""
}

// numberWords are the numbers from 2 on that a text has in words of its language, in figures. Places in an order are none: "the
// second time" is no fact.
func numberWords(text string, lang tania.Language) (figures []string) {
	parts := language.Read(anyFigure.ReplaceAllString(text, " ")).Compounds()
	for _, p := range reading.SpellOut(parts, lang) {
		if reading.IsNumber(p) && p == plainFigure(p) && p != "0" && p != "1" {
			figures = append(figures, p)
		}
	}
	return figures
}

// calendar has the months and the days of the week in the three languages, each with a name for all of them. May, which is a verb too, is
// none.
var calendar = func() map[string]string {
	names := map[string]string{}
	for _, list := range []string{
		`lunes monday segundafeira`, `martes tuesday tercafeira`, `miercoles wednesday quartafeira`, `jueves thursday quintafeira`,
		`viernes friday sextafeira`, `sabado saturday`, `domingo sunday`,
		`enero january janeiro`, `febrero february fevereiro`, `marzo march marco`, `abril april`, `mayo maio`, `junio june junho`,
		`julio july julho`, `agosto august`, `septiembre setiembre september setembro`, `octubre october outubro`,
		`noviembre november novembro`, `diciembre december dezembro`,
	} {
		words := strings.Fields(list)
		for _, w := range words {
			names[w] = words[0]
		}
	}
	return names
}()

var unaccented = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ç", "c", "-feira", "feira", " feira", "feira")

// plainDays is a text in which the names of days are as calendar has them.
func plainDays(text string) string { return unaccented.Replace(strings.ToLower(text)) }

// calendarWords are the months and days that a text names, in words or as figures of a date. Portuguese days may lack their "feira".
func calendarWords(text string) map[string]bool {
	said := map[string]bool{}
	for word := range language.Tokens(plainDays(text)) {
		for _, name := range []string{word, word + "feira"} {
			if day, ok := calendar[name]; ok {
				said[day] = true
			}
		}
	}
	for _, m := range dates.FindAllStringSubmatch(text, -1) {
		for _, number := range m[1:] {
			if month := monthOf[strings.TrimLeft(number, "0")]; month != "" {
				said[month] = true
			}
		}
	}
	return said
}

var (
	// dates are days in figures: 17/06, 17-06-2026, 2026-06-17.
	dates   = lazyregexp.New(`\b(?:\d{4}[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{1,2})(?:[-/.]\d{2,4})?)\b`)
	monthOf = map[string]string{
		"1": "enero", "2": "febrero", "3": "marzo", "4": "abril", "5": "mayo", "6": "junio", "7": "julio", "8": "agosto",
		"9": "septiembre", "10": "octubre", "11": "noviembre", "12": "diciembre",
	}
)
