package semcache

import (
	"slices"
	"strconv"
	"strings"
)

// calendared writes days as "5 de marzo", in whatever form they came.
func calendared(parts []string, t tongue) []string {
	if !hasNumber(parts) {
		return parts
	}
	out := make([]string, 0, len(parts)+4)
	for i, p := range parts {
		if !isNumber(p) {
			out = append(out, p)
			continue
		}
		if day, month, rest, ok := calendar(p, t); ok {
			if name := monthNames[t][month-1]; t == english {
				out = append(out, name, day)
			} else {
				out = append(out, day, "de", name)
			}
			if rest != "" {
				out = append(out, rest)
			}
			continue
		}
		if s, ok := strings.CutSuffix(p, ordinalMark); ok && monthBeside(parts, i, t) {
			p = s
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
	if err != nil || err2 != nil || d < 1 || d > 31 || month < 1 || month > 12 || len(a)+len(b) < 3 && year == "" || strings.ContainsAny(year, "/.,:") {
		return "", 0, "", false
	}
	return strconv.Itoa(d), month, figure(year), true
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

// misspeltDays writes days and months right that have a letter too few or two exchanged, so that they are the facts they are meant to be.
func misspeltDays(parts []string, t tongue) {
	for i, p := range parts {
		if len(p) < 5 || p[0] < 'a' || notDays[p] || marks[t][p] != nil || functionWords[p] {
			continue
		}
		for _, d := range daysBy[t][p[0]] {
			if len(p) == len(d) && typed(p, d) || len(p)+1 == len(d) && typed(p, d) || len(p) == len(d)+1 && typed(d, p) {
				parts[i] = d
				break
			}
		}
	}
}

var notDays = set(`vienes vieres marte martens agoto`)

// daysBy are the days and months of six letters or more, by tongue and first letter.
var daysBy = func() (by [tongues]map[byte][]string) {
	for t := range by {
		by[t] = map[byte][]string{}
		for phrase, list := range marks[t] {
			if len(phrase) >= 6 && slices.ContainsFunc(list, func(m mark) bool { return m.sort == moment && len(m.rest) == 0 && dayNames[m.name] }) {
				by[t][phrase[0]] = append(by[t][phrase[0]], phrase)
			}
		}
		for _, list := range by[t] {
			slices.Sort(list)
		}
	}
	return by
}()

var dayNames = set(`mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep oct nov dec christmas tomorrow yesterday weekend`)
