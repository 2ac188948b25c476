package reading

import (
	"slices"
	"strconv"
	"strings"

	"tania/internal/tania"
)

// withDatesSpelledOut writes days as "5 de marzo", in whatever form they came.
func withDatesSpelledOut(parts []string, t tania.Language) []string {
	if !hasNumber(parts) {
		return parts
	}
	out := make([]string, 0, len(parts)+4)
	for i, p := range parts {
		if !IsNumber(p) {
			out = append(out, p)
			continue
		}
		if day, month, rest, ok := calendar(p, t); ok {
			if name := monthNames[t][month-1]; t == tania.English {
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
		if IsNumber(p) {
			return true
		}
	}
	return false
}

// calendar reads 05/03 and 05/03/2024, the month first in English.
func calendar(p string, t tania.Language) (day string, month int, year string, ok bool) {
	a, b, found := strings.Cut(p, "/")
	if !found || p == "24/7" {
		return "", 0, "", false
	}
	b, year, _ = strings.Cut(b, "/")
	if t == tania.English {
		a, b = b, a
	}
	d, err := strconv.Atoi(a)
	month, err2 := strconv.Atoi(b)
	if err != nil || err2 != nil || !within(d, 1, 31) || !within(month, 1, 12) {
		return "", 0, "", false
	}
	if len(a)+len(b) < 3 && year == "" || strings.ContainsAny(year, "/.,:") {
		return "", 0, "", false // 1/2 is a half
	}
	return strconv.Itoa(d), month, figure(year), true
}

func within(n, from, to int) bool { return from <= n && n <= to }

var monthNames = map[tania.Language][]string{
	tania.Spanish:    strings.Fields(`enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre`),
	tania.English:    strings.Fields(`january february march april may june july august september october november december`),
	tania.Portuguese: strings.Fields(`janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro`),
}

var months = func() map[tania.Language]map[string]bool {
	sets := map[tania.Language]map[string]bool{}
	for _, t := range languages {
		sets[t] = WordSet(strings.Join(monthNames[t], " "))
	}
	return sets
}()

// monthBeside reports whether a month stands next to parts[i]: "3rd of March", "January 1st".
func monthBeside(parts []string, i int, t tania.Language) bool {
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
func misspeltDays(parts []string, t tania.Language) {
	for i, p := range parts {
		if len(p) < 5 || p[0] < 'a' || notDays[p] || factPhrases[t][p] != nil || FunctionWords[p] {
			continue
		}
		for _, d := range daysBy[t][p[0]] {
			if Mistyped(p, d) {
				parts[i] = d
				break
			}
		}
	}
}

var notDays = WordSet(`vienes vieres marte martens agoto`)

// daysBy are the days and months of six letters or more, by language and first letter.
var daysBy = func() map[tania.Language]map[byte][]string {
	by := map[tania.Language]map[byte][]string{}
	for _, t := range languages {
		by[t] = map[byte][]string{}
		for phrase, list := range factPhrases[t] {
			if len(phrase) >= 6 && slices.ContainsFunc(list, func(m factPhrase) bool {
				return m.sort == Date && len(m.rest) == 0 &&
					dayNames[m.name]
			}) {
				by[t][phrase[0]] = append(by[t][phrase[0]], phrase)
			}
		}
		for _, list := range by[t] {
			slices.Sort(list)
		}
	}
	return by
}()

var dayNames = WordSet(`mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep oct nov dec christmas tomorrow yesterday weekend`)
