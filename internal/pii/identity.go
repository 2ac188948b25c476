package pii

import (
	"slices"
	"strings"
)

// document is the number of a document of one country.
type document struct {
	kind Kind
	// lengths are how many characters it has.
	lengths []int
	is      func(string) bool
	// printed are the groups in which it is set off, with 9 for a figure and x for a letter: what is written so needs no word to name it.
	printed []string
	// named are the words that name it. alone reports whether it is found without them too, in one piece.
	named []cue
	alone bool
}

var documents = []document{
	{CNPJ, []int{14}, isCNPJ, []string{"99 999 999 9999 99", "99999999 9999 99", "xx xxx xxx xxxx 99"}, []cue{cueCNPJ, cueTax}, true},
	{CPF, []int{11}, isCPF, []string{"999 999 999 99", "999999999 99"}, []cue{cueCPF, cueDNI, cueTax}, true},
	{TaxID, []int{11}, isCUIT, []string{"99 99999999 9", "99 99 999 999 9"}, []cue{cueTax, cueDNI}, false},
	{DNI, []int{9}, isDNI, []string{"99999999 x", "99 999 999 x", "99 999 999x"}, []cue{cueDNI, cueTax}, true},
	{NIE, []int{9}, isNIE, []string{"x 9999999 x", "x9999999 x", "x 9999999x", "x 9 999 999 x"}, []cue{cueDNI, cueTax}, true},
	{CIF, []int{9}, isCIF, []string{"x 99999999", "x 99 999 999"}, []cue{cueTax, cueDNI}, true},
	{
		TaxID,
		[]int{8, 9},
		isRUT,
		[]string{"99 999 999 9", "9 999 999 9", "99 999 999 x", "9 999 999 x", "99999999 x", "9999999 x", "99999999 9", "9999999 9"},
		[]cue{cueTax},
		false,
	},
	{TaxID, []int{10, 9, 11}, isNIT, []string{"999 999 999 9"}, []cue{cueTax}, false},
	{TaxID, []int{9}, isPortuguese, nil, []cue{cueTax, cueDNI}, false},
	{SSN, []int{9}, isSSN, []string{"999 99 9999"}, []cue{cueSocial}, false},
	{SSN, []int{12}, isNUSS, []string{"99 99999999 99"}, []cue{cueSocial}, false},
	{SSN, []int{11}, isNSS, nil, []cue{cueSocial}, false},
}

// identities finds the numbers of documents.
func identities(t *reading) {
	vatNumbers(t)
	for _, d := range documents {
		least, most := slices.Min(d.lengths), slices.Max(d.lengths)
		for first := range t.atoms {
			if t.taken[t.atoms[first].from] {
				continue
			}
			for _, w := range t.windows(first, least, most, " -./\n", short) {
				if slices.Contains(d.lengths, len(w.text)) && d.is(w.text) && t.loose(w) && t.isDocument(w, d) {
					t.take(d.kind, w.from, w.to, strings.ToUpper(w.text))
					break
				}
			}
		}
	}
	unlettered(t)
}

// isDocument reports whether a number that agrees with its check digit is that of a document, by how it is written and the words around it.
func (t *reading) isDocument(w window, d document) bool {
	a := t.around(w)
	if !t.capital(w) && t.hasWord(w) || t.plus(w) || t.continues(w) && a.behind == none {
		return false
	}
	if slices.ContainsFunc(d.named, a.says) {
		return len(w.groups) <= 6
	}
	if a.denies() || t.counted(w) {
		return false
	}
	if c := a.names(); c == cuePhone && figuresOnly(w.text) && d.printed == nil {
		return false
	}
	if slices.Contains(d.printed, t.form(w)) {
		return t.setOff(w) || len(w.groups) > 2 && d.kind != SSN && a.names() != cuePhone
	}
	if !d.alone || len(w.groups) > 1 || a.names() == cuePhone {
		return false
	}
	return t.capital(w) || d.kind == DNI || d.kind == NIE
}

// capital reports whether a code has no small letters: "12345678z" in passing may be anything.
func (t *reading) capital(w window) bool {
	raw := string(t.raw[w.from:w.to])
	return strings.ToUpper(raw) == raw
}

// hasWord reports whether one of a window's groups has letters alone, and so may be a word of the sentence.
func (t *reading) hasWord(w window) bool {
	return slices.ContainsFunc(t.atoms[w.first:w.last+1], func(a atom) bool {
		return a.to-a.from > 1 && !strings.ContainsAny(t.low[a.from:a.to], "0123456789")
	})
}

// form is a window's groups, with 9 for a figure and x for a letter.
func (t *reading) form(w window) string {
	b := make([]byte, 0, len(w.text)+len(w.groups))
	for _, a := range t.atoms[w.first : w.last+1] {
		for _, c := range []byte(t.low[a.from:a.to]) {
			b = append(b, map[bool]byte{true: '9', false: 'x'}[isFigure(c)])
		}
		b = append(b, ' ')
	}
	return strings.TrimSpace(string(b))
}

// setOff reports whether a document's number is set off by more than spaces, or ends with a capital: "12345678 z" may be a number and the
// next word.
func (t *reading) setOff(w window) bool {
	return strings.ContainsAny(t.low[w.from:w.to], ".-/") || !figuresOnly(w.text) && t.capital(w)
}

// unlettered finds Argentina's and Peru's DNI, which have no check letter, by their name alone.
func unlettered(t *reading) {
	for first := range t.atoms {
		if !t.atoms[first].figures || t.taken[t.atoms[first].from] {
			continue
		}
		for _, w := range t.windows(first, 7, 8, ".", onlyFigures) {
			if a := t.around(w); a.near == cueDNI && t.loose(w) && !t.tiesLetter(w) {
				t.take(DNI, w.from, w.to, w.text)
				break
			}
		}
	}
}

// tiesLetter reports whether a letter of its own follows a number: it is Spain's, and the letter would have to agree.
func (t *reading) tiesLetter(w window) bool {
	if w.last+1 >= len(t.atoms) {
		return false
	}
	next := t.atoms[w.last+1]
	return next.to-next.from == 1 && strings.Trim(t.low[w.to:next.from], "- ") == "" && t.raw[next.from] != t.low[next.from]
}

// vatNumbers finds the numbers of the value added tax that begin with a country, where they agree with their check digits.
func vatNumbers(t *reading) {
	for first, a := range t.atoms {
		if t.taken[a.from] || a.to-a.from < 2 || isFigure(t.low[a.from]) || t.raw[a.from] == t.low[a.from] {
			continue
		}
		country := vat[t.low[a.from:a.from+2]]
		if country.is == nil {
			continue
		}
		for _, w := range t.windows(first, country.length+2, country.length+2, " -.", short) {
			if country.is(w.text[2:]) && t.loose(w) && len(w.groups) <= 5 && !t.around(w).denies() {
				t.take(TaxID, w.from, w.to, strings.ToUpper(w.text))
			}
		}
	}
}

// vat are the countries' check digits, of the numbers without the country.
var vat = map[string]struct {
	length int
	is     func(string) bool
}{
	"es": {9, func(s string) bool { return isDNI(s) || isNIE(s) || isCIF(s) }},
	"pt": {9, isPortuguese},
	"it": {11, func(s string) bool { return figuresOnly(s) && luhn(s) && !allSame(s) }},
	"fr": {11, func(s string) bool { return figuresOnly(s) && number(s[:2]) == (12+3*(number(s[2:])%97))%97 }},
	"de": {9, func(s string) bool {
		if !figuresOnly(s) || s[0] == '0' {
			return false
		}
		product := 10
		for i := range 8 {
			sum := (int(s[i]-'0') + product) % 10
			if sum == 0 {
				sum = 10
			}
			product = 2 * sum % 11
		}
		return int(s[8]-'0') == (11-product)%10
	}},
	"be": {10, func(s string) bool { return figuresOnly(s) && number(s[8:]) == 97-number(s[:8])%97 }},
	"gb": {9, func(s string) bool {
		if !figuresOnly(s) {
			return false
		}
		rest := (weighted(s, 8, 7, 6, 5, 4, 3, 2) + number(s[7:])) % 97
		return rest == 0 || rest == 42
	}},
}
