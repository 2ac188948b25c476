package guard

import (
	"strings"
	"unicode"

	"tania/internal/lazyregexp"
	"tania/internal/tania"
	"tania/internal/words"
)

// secrets are numbers that a reply never shows whole: cards, accounts, and those of persons by their words.
var (
	cards = lazyregexp.New(`\b\d(?:[ -]?\d){12,18}\b`)
	ibans = lazyregexp.New(`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b`)
	ids   = lazyregexp.New(`(?i)\b(?:\d{8}-?[a-z]|[xyz]-?\d{7}-?[a-z]|\d{3}\.?\d{3}\.?\d{3}-\d{2}|\d{3}-\d{2}-\d{4}|` +
		`[a-z]{4}\d{6}[hm][a-z]{5}[a-z0-9]\d|[a-zñ&]{3,4}\d{6}[a-z0-9]{3})\b`)
	idWords = lazyregexp.New(`(?i)\b(?:dni|nie|cpf|curp|rfc|ssn|social security|seguro
		social|passport|pasaporte|passaporte|cedula|c[eé]dula|rg|identidad|cvv|cvc|pin)\b` +
		`[^\d\n]{0,25}([a-z]{0,4}\d[\d.\- ]{1,14}[a-z0-9])`)
)

// personal finds numbers of cards, accounts and persons. A business's own account or tax number, in a passage, may be said.
func (r Reply) personal() (findings []Finding) {
	if !strings.ContainsFunc(r.Text, unicode.IsDigit) {
		return nil
	}
	for _, m := range cards.FindAllString(r.Text, -1) {
		if luhn(m) && !r.ofBusiness(m) {
			findings = append(findings, Finding{tania.GuardPersonal, m})
		}
	}
	for _, m := range ibans.FindAllString(r.Text, -1) {
		if mod97(m) && !r.ofBusiness(m) {
			findings = append(findings, Finding{tania.GuardPersonal, m})
		}
	}
	for _, m := range ids.FindAllString(r.Text, -1) {
		if !r.ofBusiness(m) {
			findings = append(findings, Finding{tania.GuardPersonal, m})
		}
	}
	for _, m := range idWords.FindAllStringSubmatch(r.Text, -1) {
		if !r.ofBusiness(m[1]) && len(findings) == 0 {
			findings = append(findings, Finding{tania.GuardPersonal, m[1]})
		}
	}
	return findings
}

// ofBusiness reports whether a number stands in a passage or a text of the bot, or is one of the customer's own that may be said.
func (r Reply) ofBusiness(number string) bool {
	id := plain(number)
	for _, s := range r.Sources {
		if (r.Own || !s.result) && strings.Contains(plain(s.text), id) {
			return true
		}
	}
	for _, s := range r.Conversation {
		if r.Own && strings.Contains(plain(s.Text), id) {
			return true
		}
	}
	return false
}

// plain are the letters and figures of a text, in small letters.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// luhn reports whether the figures of a number end in the right check digit, and begin as a card's do.
func luhn(number string) bool {
	digits := plain(number)
	if len(digits) < 13 || !strings.ContainsRune("23456", rune(digits[0])) {
		return false
	}
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// mod97 reports whether the check digits of an IBAN are right.
func mod97(number string) bool {
	s := strings.ToUpper(plain(number))
	if len(s) < 15 {
		return false
	}
	rest := 0
	for _, c := range s[4:] + s[:4] {
		switch {
		case c >= '0' && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}

// forbidden gives the first word of a list that a text has, whatever its case and accents.
func forbidden(text string, list []string) string {
	if len(list) == 0 {
		return ""
	}
	folded := words.Fold(text)
	for _, w := range list {
		want := words.Fold(strings.TrimSpace(w))
		for from := 0; want != ""; {
			at := strings.Index(folded[from:], want)
			if at < 0 {
				break
			}
			at += from
			if !letterAt(folded[:at], true) && !letterAt(folded[at+len(want):], false) {
				return w
			}
			from = at + len(want)
		}
	}
	return ""
}

// letterAt reports whether a text ends, or begins, in a letter or a figure.
func letterAt(s string, end bool) bool {
	runes := []rune(s)
	if len(runes) == 0 {
		return false
	}
	r := runes[0]
	if end {
		r = runes[len(runes)-1]
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
