package semcache

import (
	"strconv"
	"strings"
)

// clock writes times as 21:00 and days as "5 de marzo", in whatever form they came.
func clock(parts []string, t tongue) []string {
	if !hasNumber(parts) {
		return parts
	}
	out := make([]string, 0, len(parts)+4)
	for i := 0; i < len(parts); i++ {
		p := parts[i]
		if !isNumber(p) {
			out = append(out, p)
			continue
		}
		if day, month, rest, ok := calendar(p, t); ok {
			out = append(append(out, day), monthNames[t][month-1])
			if rest != "" {
				out = append(out, rest)
			}
			continue
		}
		if s, ok := strings.CutSuffix(p, ordinalMark); ok && monthBeside(parts, i, t) {
			p = s
		}
		if time, next := timeAt(parts, i, p); next > i {
			out = append(out, time)
			i = next - 1
			continue
		}
		out = append(out, p)
	}
	return out
}

func hasNumber(parts []string) bool {
	for _, p := range parts {
		if isNumber(p) {
			return true
		}
	}
	return false
}

// calendar reads 05/03 and 05/03/2024, the month first in English.
func calendar(p string, t tongue) (day string, month int, year string, ok bool) {
	a, b, found := strings.Cut(p, "/")
	if !found || p == "24/7" {
		return "", 0, "", false
	}
	b, year, _ = strings.Cut(b, "/")
	if t == english {
		a, b = b, a
	}
	d, err := strconv.Atoi(a)
	month, err2 := strconv.Atoi(b)
	if err != nil || err2 != nil || d < 1 || d > 31 || month < 1 || month > 12 || len(a)+len(b) < 3 && year == "" {
		return "", 0, "", false
	}
	return strconv.Itoa(d), month, year, true
}

var monthNames = [tongues][]string{
	spanish:    strings.Fields(`enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre`),
	english:    strings.Fields(`january february march april may june july august september october november december`),
	portuguese: strings.Fields(`janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro`),
}

var months = func() (sets [tongues]map[string]bool) {
	for t := range sets {
		sets[t] = set(strings.Join(monthNames[t], " "))
	}
	return sets
}()

// monthBeside says that a month stands next to parts[i]: "3rd of March", "January 1st".
func monthBeside(parts []string, i int, t tongue) bool {
	if i > 0 && months[t][parts[i-1]] {
		return true
	}
	i++
	if i < len(parts) && (parts[i] == "de" || parts[i] == "of") {
		i++
	}
	return i < len(parts) && months[t][parts[i]]
}

// periods of the day: whether an hour of theirs is one after noon.
var periods = map[string]bool{
	"manana": false, "madrugada": false, "manha": false, "morning": false, "am": false,
	"tarde": true, "noche": true, "noite": true, "afternoon": true, "evening": true, "night": true, "pm": true,
}

// timeAt reads the time of the day that begins with parts[i], and gives the index behind it, i if there is none.
func timeAt(parts []string, i int, p string) (text string, next int) {
	hours, minutes, colon := strings.Cut(p, ":")
	h, err := strconv.Atoi(hours)
	if err != nil || h > 24 || h < 0 {
		return "", i
	}
	next = i + 1
	at := func(k int) string {
		if k < len(parts) {
			return parts[k]
		}
		return ""
	}
	known := colon
	// 21h and 9h30, but not "3 hours"
	if at(next) == "hour" && (isNumber(at(next+1)) && len(at(next+1)) == 2 || i > 0 && (parts[i-1] == "las" || parts[i-1] == "as" || parts[i-1] == "at")) {
		known = true
		next++
		if m := at(next); isNumber(m) && len(m) == 2 {
			minutes = m
			next++
		}
	}
	if at(next) == "oclock" {
		next++
	}
	// Behind "de la", "in the", "at", "da".
	k := next
	for k < next+2 && timeLeads[at(k)] {
		k++
	}
	if late, ok := periods[at(k)]; ok && (k > next || at(k) == "am" || at(k) == "pm") && h <= 12 {
		known = true
		next = k + 1
		night := at(k) == "noche" || at(k) == "noite" || at(k) == "night"
		switch {
		case late && h < 12 && (!night || h > 4):
			h += 12
		case (!late || night) && h == 12:
			h = 0
		}
	}
	if !known {
		return "", i
	}
	if minutes == "" {
		minutes = "00"
	}
	return strconv.Itoa(h%24) + ":" + minutes, next
}

var timeLeads = set(`de da la in the at por`)
