package pii

import (
	"regexp"
	"slices"
	"strings"
)

// plan is how telephone numbers are within a country: the figures, and the groups in which people write them.
type plan struct {
	code     string
	national *regexp.Regexp
	groups   []string
}

var plans = []plan{
	{"34", regexp.MustCompile(`^[6-9]\d{8}$`), groupsOf("9,3 3 3,3 2 2 2,2 3 2 2,3 6,2 7,1 2 2 2 2,2 3 4,3 3 2 1")},
	{"52", regexp.MustCompile(`^(?:0?1|04[45])?[2-9]\d{9}$`), groupsOf("10,2 4 4,3 3 4,2 8,3 7,2 2 2 2 2,3 3 2 2,2 4 2 2,2 2 2 4,1 2 4 4,1 3 3 4,1 10,2 2 4 4,2 3 3 4,3 2 4 4,3 3 3 4,5 4 4")},
	{"54", regexp.MustCompile(`^0?(?:9?11(?:15)?\d{8}|9?[23]\d{9}|[23]\d{2}15\d{7}|[23]\d{3}15\d{6}|15[2-7]\d{7})$`), groupsOf(
		"10,11,2 4 4,3 4 4,2 8,1 2 4 4,1 3 3 4,3 3 4,3 7,4 6,4 2 4,4 3 3,2 2 4 4,3 2 4 4,4 2 3 3,4 2 2 4,4 7,3 2 3 4,3 8,4 8,1 10,1 4 2 4,5 6,4 3 4",
	)},
	{"57", regexp.MustCompile(`^(?:0?3)?(?:3[0-5]\d{8}|60[1-8]\d{7})$`), groupsOf("10,3 3 4,3 7,3 3 2 2,3 2 2 3,3 4 3,2 1 7")},
	{"56", regexp.MustCompile(`^(?:9[2-9]\d{7}|[2-7][2-9]\d{7}|[3-7]\d{8})$`), groupsOf("9,1 4 4,1 8,2 3 4,2 7,1 2 2 2 2,3 3 3")},
	{"55", regexp.MustCompile(`^(?:0(?:\d\d)?)?[1-9][1-9](?:9\d{8}|[2-57]\d{7})$`), groupsOf(
		"11,10,2 5 4,2 4 4,2 9,2 8,2 1 4 4,3 5 4,3 4 4,3 9,7 4,6 4,12,3 8",
	)},
	{"351", regexp.MustCompile(`^(?:9[1236]\d{7}|2\d{8}|30\d{7}|80[08]\d{6})$`), groupsOf("9,3 3 3,3 2 2 2,2 3 2 2,2 7,3 6,2 3 4")},
	{"1", regexp.MustCompile(`^1?[2-9]\d{2}[2-9]\d{6}$`), groupsOf("10,3 3 4,1 3 3 4,11,3 7,6 4")},
	{"44", regexp.MustCompile(`^0(?:1\d{8,9}|2[0-9]\d{8}|3\d{9}|7\d{9}|80\d{7,8})$`), groupsOf(
		"11,10,5 6,3 4 4,4 3 4,5 3 3,5 5,4 7,3 8,4 6,5 2 2 2,5 4 2,5 3 2,6 5,4 4 3",
	)},
}

// abroad are national numbers as they follow the code of the country.
var abroad = map[string]*regexp.Regexp{
	"34": regexp.MustCompile(`^[6-9]\d{8}$`), "52": regexp.MustCompile(`^1?[2-9]\d{9}$`),
	"54": regexp.MustCompile(`^0?9?(?:[1-3]\d{9}|11\d{8}|\d{2,4}15\d{6,8})$`),
	"57": regexp.MustCompile(`^(?:3\d{9}|60\d{8}|[1-8]\d{7})$`), "56": regexp.MustCompile(`^[2-9]\d{8}$`),
	"55": regexp.MustCompile(`^0?[1-9][1-9]9?\d{8}$`), "351": regexp.MustCompile(`^[2-9]\d{8}$`), "1": regexp.MustCompile(`^[2-9]\d{9}$`),
	"44": regexp.MustCompile(`^0?[1-9]\d{8,9}$`),
}

// codesOfCountries begin what is written with a plus: those of the plans in full, of others as much as tells them from a sum.
var codesOfCountries = regexp.MustCompile(`^(?:1|7|2[07]|2[1-69]\d|3[0-469]|3[578]\d|4[013-9]|42\d|5[1-8]|5[09]\d|6[0-6]|6[789]\d|8[1246]|8[058]\d|9[0-58]|9[679]\d)`)

func groupsOf(list string) []string { return strings.Split(list, ",") }

// phones finds telephone numbers, international and as they are written within a country.
func phones(t *reading) {
	for first := range t.atoms {
		if !t.atoms[first].figures || t.taken[t.atoms[first].from] {
			continue
		}
		for _, w := range t.windows(first, 6, 17, " -./()\n", onlyFigures) {
			if t.loose(w) && t.isPhone(w) {
				from := t.opened(w)
				t.take(Phone, from, w.to, t.dialled(w))
				break
			}
		}
	}
}

// opened is where a number begins, with its plus and its bracket.
func (t *reading) opened(w window) int {
	from := w.from
	for from > 0 && strings.IndexByte("+(", t.low[from-1]) >= 0 {
		from--
	}
	if from > 1 && t.low[from-1] == ' ' && t.low[from-2] == '+' {
		from -= 2
	}
	if !strings.Contains(t.low[from:w.to], ")") { // the bracket is around the whole
		for from < w.from && t.low[from] == '(' {
			from++
		}
	}
	return from
}

// dialled is a number as it is dialled: figures, and the plus it was written with. The 0 in brackets is for those in the country.
func (t *reading) dialled(w window) string {
	if t.plus(w) {
		return "+" + strings.Replace(w.text, "(0)", "", 1)
	}
	return w.text
}

func (t *reading) plus(w window) bool { return strings.ContainsRune(t.low[t.opened(w):w.from], '+') }

// isPhone reports whether a number is a telephone's, by its plan, by how it is written and by the words around it.
func (t *reading) isPhone(w window) bool {
	if t.dated(w) || t.counted(w) {
		return false
	}
	a := t.around(w)
	if t.plus(w) {
		return len(w.text) >= 8 && isInternational(w.text)
	}
	if strings.HasPrefix(w.text, "00") && !t.continues(w) {
		return len(w.text) >= 11 && isInternational(w.text[2:]) && !a.denies()
	}
	if a.called() || a.verb && a.says(cuePhone) && a.behind != other {
		return t.isCalled(w)
	}
	if a.denies() || a.names() != none || t.continues(w) {
		return false
	}
	if t.isQuad(w) || !plausible(w) {
		return false
	}
	return t.planned(w) || t.withCode(w)
}

// continues reports whether figures that nothing else was found in stand right before a number: it may be the rest of a longer one.
func (t *reading) continues(w window) bool {
	if w.first == 0 {
		return false
	}
	before := t.atoms[w.first-1]
	tie := t.low[before.to:w.from]
	return before.figures && !t.taken[before.from] && len(tie) == 1 && strings.Contains(" -./", tie)
}

// isInternational reports whether figures begin with the code of a country, and are a number of it.
func isInternational(figures string) bool {
	for code, national := range abroad {
		if strings.HasPrefix(figures, code) {
			return national.MatchString(figures[len(code):])
		}
	}
	code := codesOfCountries.FindString(figures)
	return code != "" && len(figures) <= 15 && len(figures)-len(code) >= 6
}

// isCalled reports whether what is named a telephone can be one: in whatever groups, and with seven figures where it is a local one.
func (t *reading) isCalled(w window) bool {
	if len(w.text) > 13 || len(w.text) < 7 {
		return false
	}
	if t.planned(w) || t.withCode(w) {
		return true
	}
	known := slices.ContainsFunc(plans, func(p plan) bool { return p.national.MatchString(w.text) })
	return known || len(w.text) <= 8 && len(w.groups) <= 4 || len(w.groups) == 1
}

// planned reports whether a number is one of a plan, and in groups as they are written there.
func (t *reading) planned(w window) bool {
	groups := grouped(w)
	return slices.ContainsFunc(plans, func(p plan) bool { return slices.Contains(p.groups, groups) && p.national.MatchString(w.text) })
}

// withCode reports whether a number begins with the code of a country, without a plus.
func (t *reading) withCode(w window) bool {
	for code, national := range abroad {
		if rest, ok := strings.CutPrefix(w.text, code); ok && code != "1" && national.MatchString(rest) && len(w.text) >= 11 {
			return len(w.groups) == 1 || w.groups[0] == len(code)
		}
	}
	return false
}

// plausible reports whether a number that nothing names is no sequence that somebody made up or counts by.
func plausible(w window) bool {
	if allSame(w.text) || len(w.text) < 9 {
		return false
	}
	return !strings.HasSuffix(w.text, "000000") && !strings.Contains("012345678901234567890", w.text)
}

// isQuad reports whether a number is an address of the internet.
func (t *reading) isQuad(w window) bool {
	parts := strings.Split(t.low[w.from:w.to], ".")
	return len(parts) == 4 && !slices.ContainsFunc(parts, func(p string) bool { return !figuresOnly(p) || len(p) > 3 || number(p) > 255 })
}

var day = regexp.MustCompile(`^(?:(?:19|20)\d\d[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:0?[1-9]|[12]\d|3[01])(?:$|[ \n])|` +
	`(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:19|20)\d\d(?:$|[ \n])|` +
	`(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$|(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d$)`)

// dated reports whether a number is a day, or begins with one.
func (t *reading) dated(w window) bool { return day.MatchString(t.low[w.from:w.to]) }
