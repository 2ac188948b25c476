package pii

import (
	"regexp"
	"slices"
	"strings"
)

// aState are the letters of Mexico's states in a CURP.
const aState = `(?:as|bc|bs|cc|cl|cm|cs|ch|df|dg|gt|gr|hg|jc|mc|mn|ms|nt|nl|oc|pl|qt|qr|sp|sl|sr|tc|ts|tl|vz|yn|zs|ne)`

var (
	curp = regexp.MustCompile(`[a-z][aeioux][a-z]{2}` + apart + `\d{2}[01]\d[0-3]\d` + apart + `[hmx]` + apart + aState + apart + `[a-z]{3}` +
		apart + `[a-z0-9]` + apart + `\d`)
	rfc = regexp.MustCompile(`[a-z&]{3,4}` + apart + `\d{2}[01]\d[0-3]\d` + apart + `[a-z0-9]{2}` + apart + `[a0-9]`)
	// company is a CNPJ with letters, as it is printed or in one piece.
	company = regexp.MustCompile(`[a-z0-9]{2}` + apart + `[a-z0-9]{3}` + apart + `[a-z0-9]{3}` + apart + `[a-z0-9]{4}` + apart + `\d{2}`)
)

// apart is what may stand between the groups of a code.
const apart = `[ .\-/\n]{0,5}`

// generic are the RFCs of "anybody" and of "a foreigner", which stand on a million invoices.
var generic = []string{"xaxx010101000", "xexx010101000"}

// codes finds CURP, RFC and CNPJ with letters. The first two are unlike anything else: named, they are found with a wrong check digit too.
func codes(t *reading) {
	if !sixFigures(t.low) && !slices.ContainsFunc(t.atoms, func(a atom) bool { return a.mixed }) {
		return
	}
	for _, at := range t.whole(curp) {
		code := t.bare(at)
		if t.loose(t.windowAt(at)) && (curpChecks(code) || t.around(t.windowAt(at)).says(cueCURP)) {
			t.take(CURP, at[0], at[1], shown(code))
		}
	}
	for _, at := range t.whole(rfc) {
		code := t.bare(at)
		if slices.Contains(generic, code) || !aDay(code[len(code)-9:len(code)-3]) {
			continue
		}
		named := t.around(t.windowAt(at)).says(cueRFC)
		word := firstWord(t.low[at[0]:at[1]])
		if !named && (money[word] || cueWords[word] != none) { // "USD 950101000"
			continue
		}
		if named || rfcChecks(code) && (len(code) == 13 || !t.around(t.windowAt(at)).denies()) {
			t.take(RFC, at[0], at[1], shown(code))
		}
	}
	for _, at := range t.whole(company) {
		code := t.bare(at)
		if figuresOnly(code) || !isCNPJ(code) {
			continue
		}
		if a := t.around(t.windowAt(at)); a.says(cueCNPJ) || strings.ContainsRune(t.low[at[0]:at[1]], '/') || !a.denies() && t.isCode(at) {
			t.take(CNPJ, at[0], at[1], shown(code))
		}
	}
}

// sixFigures reports whether a text has a day as codes have it, or any other number of that many figures.
func sixFigures(low string) bool {
	run := 0
	for i := range len(low) {
		if run++; !isFigure(low[i]) {
			run = 0
		}
		if run == 6 {
			return true
		}
	}
	return false
}

// isCode reports whether a piece of a text has figures among its letters, and no small ones.
func (t *reading) isCode(at []int) bool {
	raw := string(t.raw[at[0]:at[1]])
	return strings.ToUpper(raw) == raw && strings.ContainsAny(raw[:len(raw)-2], "0123456789")
}

// whole gives the places of an expression that begin and end with a word.
func (t *reading) whole(r *regexp.Regexp) (places [][]int) {
	for _, at := range r.FindAllStringIndex(t.low, -1) {
		before := at[0] > 0 && isAlnum(t.low[at[0]-1])
		if before && cueWords[lastWord(t.low[:at[0]])] == none || at[1] < len(t.low) && isAlnum(t.low[at[1]]) {
			continue
		}
		places = append(places, at)
	}
	return places
}

// windowAt is the window over a place.
func (t *reading) windowAt(at []int) window {
	w := window{from: at[0], to: at[1]}
	for i, a := range t.atoms {
		if a.from <= at[0] {
			w.first = i
		}
		if a.from < at[1] {
			w.last = i
		}
	}
	return w
}

// bare is a code without what sets it off, in lower case but with its Ñ.
func (t *reading) bare(at []int) string {
	var b []byte
	for i := at[0]; i < at[1]; i++ {
		switch c := t.raw[i]; {
		case c == enye || c == '&':
			b = append(b, c)
		case isAlnum(t.low[i]):
			b = append(b, t.low[i])
		}
	}
	return string(b)
}

// shown is a code as it is written in full.
func shown(code string) string {
	return strings.ReplaceAll(strings.ToUpper(code), string([]byte{enye}), "Ñ")
}

// aDay reports whether figures are a year, a month and a day.
func aDay(figures string) bool {
	month, day := number(figures[2:4]), number(figures[4:])
	return month >= 1 && month <= 12 && day >= 1 && day <= 31
}
