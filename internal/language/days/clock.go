package days

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tania/internal/language"
)

// Clock is a time of day, in minutes since midnight.
type Clock int

// String is the time as 20:30.
func (c Clock) String() string {
	return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60)
}

// ParseClock reads 20:30; false for anything else.
func ParseClock(s string) (Clock, bool) {
	h, m, ok := strings.Cut(s, ":")
	hours, err := strconv.Atoi(h)
	minutes, err2 := strconv.Atoi(m)
	written := ok && err == nil && err2 == nil && len(m) == 2
	if !written || !upTo(hours, 23) || !upTo(minutes, 59) {
		return 0, false
	}
	return Clock(hours*60 + minutes), true
}

func upTo(n, most int) bool { return n >= 0 && n <= most }

// ClockOptions say how times of day are read.
type ClockOptions struct {
	// Asked reports whether the text answers a question for a time: then "8" is one.
	Asked bool
	// From and To are between which times the business has it: "8" that could be the morning's or the evening's is the one between them.
	From, To Clock
}

var (
	// clock finds 20:30, 20h30, 20h, 8pm, 8 p.m., 8 de la noche; an hour alone needs a word before it ("a las 8", "at 8") or to be asked for.
	clock = regexp.MustCompile(`(\ba las? |\bas |\bat |\bsobre las? |\bla (?:una)\b|^|[^\d/.,-])` +
		`(\d{1,2}|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)` +
		`(?:(?:[:.h]|\s?horas e )(\d{2}))?(?:\s?(h(?:s|oras|rs)?\b))?(?: en punto)?` +
		`( y media| y cuarto| menos cuarto| e meia)?` +
		`(?:\s?(a\.?m\b\.?|p\.?m\b\.?|o'?clock))?` +
		`( de la manana| de la tarde| de la noche| da manha| da tarde| da noite| in the morning| in the afternoon| in the evening| at night)?`)
	noon          = regexp.MustCompile(`\b(?:a mediodia|al mediodia|mediodia|noon|meio[- ]dia)\b`)
	twelveAtNight = regexp.MustCompile(`\b(?:medianoche|midnight|meia[- ]noite)\b`)
)

// Times gives the times of day that a text names, each once.
func Times(text *language.Reading, o ClockOptions) (found []Clock) {
	folded := text.Folded()
	for _, m := range clock.FindAllStringSubmatch(folded, -1) {
		if c, ok := o.read(m, folded); ok && !slices.Contains(found, c) {
			found = append(found, c)
		}
	}
	if len(found) == 0 && noon.MatchString(folded) {
		found = append(found, 12*60)
	}
	if len(found) == 0 && twelveAtNight.MatchString(folded) {
		found = append(found, 0)
	}
	return found
}

// read makes a time of what the pattern found.
func (o ClockOptions) read(m []string, folded string) (Clock, bool) {
	before, minutes, unit, half, meridiem, part := strings.TrimSpace(m[1]), m[3], m[4], strings.TrimSpace(m[5]), m[6], strings.TrimSpace(m[7])
	hour, ok := number(m[2])
	said := minutes + unit + half + meridiem + part
	introduced := introductions[before] || strings.HasPrefix(before, "sobre")
	bare := said == "" && !introduced
	if !ok || hour > 23 || bare && (!o.Asked || len(strings.Fields(folded)) > 3) {
		return 0, false
	}
	c := hour * 60
	if minutes != "" {
		n, err := strconv.Atoi(minutes)
		if err != nil || n > 59 {
			return 0, false
		}
		c += n
	}
	c += map[string]int{"y media": 30, "e meia": 30, "y cuarto": 15, "menos cuarto": -15}[half]
	switch late := strings.HasPrefix(meridiem, "p") || evenings[part]; {
	case hour > 12:
	case late && hour < 12:
		c += 12 * 60
	case hour == 12 && (strings.HasPrefix(meridiem, "a") || nights[part]):
		c -= 12 * 60
	case meridiem+part == "" && !o.within(c) && o.within(c+12*60):
		c += 12 * 60
	}
	return Clock((c + 24*60) % (24 * 60)), true
}

var introductions, nights = set("a las", "a la", "as", "at"), set("de la noche", "da noite", "at night")

var evenings = set("de la tarde", "de la noche", "da tarde", "da noite", "in the afternoon", "in the evening", "at night")

// within reports whether a time is one of the business's; any is where none are told.
func (o ClockOptions) within(c int) bool { return o.To == 0 || c >= int(o.From) && c <= int(o.To) }
