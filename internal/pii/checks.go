package pii

import (
	"slices"
	"strings"
)

// luhn reports whether the figures of a card, or of Mexico's NSS, agree with their last one.
func luhn(figures string) bool {
	sum, double := 0, false
	for i := len(figures) - 1; i >= 0; i-- {
		d := int(figures[i] - '0')
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum, double = sum+d, !double
	}
	return sum%10 == 0
}

// mod97 is the rest of a number, with letters as 10 to 35, by 97 (ISO 7064).
func mod97(s string) int {
	rest := 0
	for _, c := range []byte(s) {
		switch {
		case isFigure(c):
			rest = (rest*10 + int(c-'0')) % 97
		default:
			rest = (rest*100 + int(c-'a') + 10) % 97
		}
	}
	return rest
}

// weighted is the sum of figures by weights; a letter has its distance from 0 in ASCII, as capital.
func weighted(s string, weights ...int) (sum int) {
	for i, w := range weights {
		sum += value(s[i]) * w
	}
	return sum
}

func value(c byte) int {
	if isFigure(c) {
		return int(c - '0')
	}
	return int(c-'a'+'A') - '0'
}

// figure is a number below ten as it is written.
func figure(n int) byte { return "0123456789"[n] }

// allSame reports whether a number is one figure again and again, which agrees with many check digits.
func allSame(s string) bool { return strings.Count(s, s[:1]) == len(s) }

func falling(from, to int) (weights []int) {
	for w := from; w >= to; w-- {
		weights = append(weights, w)
	}
	return weights
}

// mod11 is the check figure that is 11 less the rest, and 0 where that has two figures.
func mod11(sum int) byte {
	if d := 11 - sum%11; d < 10 {
		return figure(d)
	}
	return '0'
}

func isCPF(s string) bool {
	return len(s) == 11 && figuresOnly(s) && !allSame(s) &&
		s[9] == mod11(weighted(s, falling(10, 2)...)) && s[10] == mod11(weighted(s, falling(11, 2)...))
}

// isCNPJ knows the numbers with letters too, which are given out from July 2026 on.
func isCNPJ(s string) bool {
	if len(s) != 14 || allSame(s) || !isFigure(s[12]) || !isFigure(s[13]) {
		return false
	}
	return s[12] == mod11(weighted(s, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) &&
		s[13] == mod11(weighted(s, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))
}

// dniLetters are Spain's by the rest by 23.
const dniLetters = "trwagmyfpdxbnjzsqvhlcke"

func isDNI(s string) bool {
	return len(s) == 9 && figuresOnly(s[:8]) && s[8] == dniLetters[number(s[:8])%23]
}

func isNIE(s string) bool {
	at := strings.IndexByte("xyz", s[0])
	return len(s) == 9 && at >= 0 && figuresOnly(s[1:8]) && s[8] == dniLetters[number(string(figure(at))+s[1:8])%23]
}

// isCIF is the number of a Spanish company; its last one is a figure, or a letter by the company's form.
func isCIF(s string) bool {
	if len(s) != 9 || !strings.Contains("abcdefghjnpqrsuvw", s[:1]) || !figuresOnly(s[1:8]) {
		return false
	}
	sum := 0
	for i, c := range []byte(s[1:8]) {
		d := int(c - '0')
		if i%2 == 0 {
			d = 2*d/10 + 2*d%10
		}
		sum += d
	}
	check := (10 - sum%10) % 10
	if s[8] == figure(check) {
		return !strings.Contains("npqrsw", s[:1])
	}
	return s[8] == "jabcdefghi"[check] && !strings.Contains("abeh", s[:1])
}

func isPortuguese(s string) bool {
	return len(s) == 9 && figuresOnly(s) && strings.Contains("1235689", s[:1]) && s[8] == mod11(weighted(s, falling(9, 2)...))
}

// isRUT is Chile's, with k for ten.
func isRUT(s string) bool {
	if len(s) < 8 || len(s) > 9 || !figuresOnly(s[:len(s)-1]) {
		return false
	}
	sum := 0
	for i, w := len(s)-2, 2; i >= 0; i-- {
		sum += int(s[i]-'0') * w
		if w++; w > 7 {
			w = 2
		}
	}
	return s[len(s)-1] == "0k987654321"[sum%11]
}

// isCUIT is Argentina's, of persons and companies.
func isCUIT(s string) bool {
	kinds := []string{"20", "23", "24", "25", "26", "27", "30", "33", "34"}
	if len(s) != 11 || !figuresOnly(s) || !slices.Contains(kinds, s[:2]) {
		return false
	}
	rest := weighted(s, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11
	return rest != 1 && s[10] == figure((11-rest)%11)
}

// isNIT is Colombia's, of companies and of persons who pay taxes.
func isNIT(s string) bool {
	if len(s) < 9 || len(s) > 11 || !figuresOnly(s) {
		return false
	}
	primes, sum := []int{3, 7, 13, 17, 19, 23, 29, 37, 41, 43}, 0
	for i, p := len(s)-2, 0; i >= 0; i, p = i-1, p+1 {
		sum += int(s[i]-'0') * primes[p]
	}
	rest := sum % 11
	if rest > 1 {
		rest = 11 - rest
	}
	return s[len(s)-1] == figure(rest)
}

// isSSN is the United States' number, which has no check figure, only parts that are not given out.
func isSSN(s string) bool {
	if len(s) != 9 || !figuresOnly(s) || s[3:5] == "00" || s[5:] == "0000" {
		return false
	}
	return s[0] != '9' && s[:3] != "000" && s[:3] != "666"
}

// isNUSS is Spain's number of social security.
func isNUSS(s string) bool {
	if len(s) != 12 || !figuresOnly(s) || number(s[:2]) < 1 || number(s[:2]) > 66 {
		return false
	}
	body := s[:10]
	if s[2] == '0' {
		body = s[:2] + s[3:10]
	}
	return number(body)%97 == number(s[10:])
}

// isNSS is Mexico's number of social security.
func isNSS(s string) bool { return len(s) == 11 && figuresOnly(s) && !allSame(s) && luhn(s) }

// The alphabets of Mexico's check digits: a character's place is its value. enye is Ñ.
const (
	curpAlphabet = "0123456789abcdefghijklmn\xf1opqrstuvwxyz"
	rfcAlphabet  = "0123456789abcdefghijklmn&opqrstuvwxyz \xf1"
)

// curpChecks reports whether a CURP of 18 characters agrees with its last one.
func curpChecks(s string) bool {
	sum := 0
	for i := range 17 {
		sum += strings.IndexByte(curpAlphabet, s[i]) * (18 - i)
	}
	return s[17] == figure((10-sum%10)%10)
}

// rfcChecks reports whether an RFC of 12 or 13 characters agrees with its last one.
func rfcChecks(s string) bool {
	if len(s) == 12 {
		s = " " + s
	}
	sum := 0
	for i := range 12 {
		sum += strings.IndexByte(rfcAlphabet, s[i]) * (13 - i)
	}
	return s[12] == "0a987654321"[sum%11]
}

// isCLABE is the number of a Mexican bank account.
func isCLABE(s string) bool {
	if len(s) != 18 || !figuresOnly(s) || allSame(s) {
		return false
	}
	sum := 0
	for i := range 17 {
		sum += int(s[i]-'0') * []int{3, 7, 1}[i%3] % 10
	}
	return s[17] == figure((10-sum%10)%10)
}

// isCBU is the number of an Argentine bank account, or of a wallet.
func isCBU(s string) bool {
	check := func(part string) bool {
		weights, sum := []int{3, 1, 7, 9}, 0
		for i := range len(part) - 1 {
			sum += int(part[len(part)-2-i]-'0') * weights[i%4]
		}
		return part[len(part)-1] == figure((10-sum%10)%10)
	}
	if len(s) != 22 || !figuresOnly(s) || allSame(s) {
		return false
	}
	return check(s[:8]) && check(s[8:])
}

// isCCC is the number of a Spanish bank account as it was before IBAN.
func isCCC(s string) bool {
	if len(s) != 20 || !figuresOnly(s) || allSame(s) {
		return false
	}
	check := func(ten string) byte {
		d := 11 - weighted(ten, 1, 2, 4, 8, 5, 10, 9, 7, 3, 6)%11
		return figure(map[bool]int{true: 11 - d, false: d}[d > 9])
	}
	return s[8] == check("00"+s[:8]) && s[9] == check(s[10:])
}

func figuresOnly(s string) bool {
	for i := range len(s) {
		if !isFigure(s[i]) {
			return false
		}
	}
	return s != ""
}

func number(s string) (n int) {
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
