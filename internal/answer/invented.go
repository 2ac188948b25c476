package answer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tania/internal/cache/reading"
	"tania/internal/language"
	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

// The facts of a summary that are right only where somebody wrote them down: times of day, telephone numbers, addresses, numbers.
var (
	clockTimes = lazyregexp.New(`(?i)\b(\d{1,2}(?::\d{2})?)[ \x{a0}]?(?:h|hs|hrs?|horas?|hours?|[ap]\.? ?m\b\.?)(?:\b|$)|\b(\d{1,2}:\d{2})\b`)
	phones     = lazyregexp.New(`\+?\d[\d ().-]{5,}\d`)
	addresses  = lazyregexp.New(`(?i)\b(?:https?://|www\.)[^\s<>"')\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
	anyFigure  = lazyregexp.New(`\d(?:[\d.,:]*\d)?`)
)

// stands reports whether one of the figures is a number, or the same hour by the other clock.
func stands(number string, figures []string) bool {
	n := plainFigure(number)
	if slices.Contains(figures, n) {
		return true
	}
	hour, minutes, timed := strings.Cut(number, ":")
	h, err := strconv.Atoi(hour)
	if err != nil || h > 24 {
		return false
	}
	for _, other := range []int{h, h + 12, h - 12} {
		same := strconv.Itoa(other)
		if timed && minutes != "00" {
			same += minutes
		}
		if other >= 0 && (slices.Contains(figures, same) || minutes == "00" && slices.Contains(figures, same+"00")) {
			return true
		}
		if !timed && slices.Contains(figures, same+"00") {
			return true
		}
	}
	return false
}

// figuresOf are the numbers of a text, those in words of any of the three languages among them.
func figuresOf(text string) (figures []string) {
	for _, f := range anyFigure.FindAllString(text, -1) {
		figures = append(figures, plainFigure(f))
	}
	parts := language.Read(text).Compounds()
	for _, lang := range []tania.Language{tania.Spanish, tania.English, tania.Portuguese} {
		for _, p := range reading.Canonical(parts, lang) {
			if reading.IsNumber(p) {
				figures = append(figures, plainFigure(p))
			}
		}
	}
	return figures
}

// plainFigure is a number without what groups its digits, and without cents of nought.
func plainFigure(s string) string {
	s = strings.TrimRight(s, ".,:")
	if i := strings.LastIndexAny(s, ".,"); i >= 0 && s[i+1:] == "00" {
		s = s[:i]
	}
	return cmp.Or(strings.TrimLeft(digitsOf(s), "0"), "0")
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
