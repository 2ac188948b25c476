package sample

import (
	"fmt"
	"math/big"
	"strings"
)

// kind is how values of a kind are made, and the name of the sentences that carry them.
type kind struct {
	kind    string
	make    func(maker) string
	carried string
	// breaks reports whether people break it over lines, lower whether they write it in small letters.
	breaks, lower bool
}

// kinds are those that are made.
var kinds = []kind{
	{"card", maker.card, "card", true, false},
	{"card", maker.card, "card", true, false},
	{"iban", maker.iban, "iban", true, true},
	{"curp", maker.curp, "curp", false, true},
	{"rfc", maker.rfc, "rfc", false, true},
	{"cpf", maker.cpf, "cpf", false, false},
	{"cnpj", maker.cnpj, "cnpj", false, false},
	{"cnpj", maker.cnpjLetters, "cnpj", false, false},
	{"dni", maker.dni, "dni", false, true},
	{"nie", maker.nie, "nie", false, true},
	{"cif", maker.cif, "cif", false, false},
	{"ssn", maker.ssn, "ssn", false, false},
	{"tax_id", maker.nif, "nif", false, false},
	{"tax_id", maker.rut, "rut", false, false},
	{"tax_id", maker.cuit, "cuit", false, false},
	{"email", maker.email, "email", false, false},
	{"email", maker.email, "email", false, false},
	{"phone", maker.phone, "phone", false, false},
	{"phone", maker.phone, "phone", false, false},
	{"phone", maker.phone, "phone", false, false},
}

// withLuhn adds the figure with which the sum of all, every other one doubled from the right, is a multiple of ten.
func withLuhn(s string) string {
	for d := range 10 {
		sum := 0
		for i, c := range s + fmt.Sprint(d) {
			n := int(c - '0')
			if (len(s)+1-i)%2 == 0 {
				n = []int{0, 2, 4, 6, 8, 1, 3, 5, 7, 9}[n]
			}
			sum += n
		}
		if sum%10 == 0 {
			return s + fmt.Sprint(d)
		}
	}
	return s
}

func (r maker) card() string {
	switch r.IntN(8) {
	case 0:
		n := withLuhn(r.pick([]string{"34", "37"}) + r.digits(12))
		return r.pick([]string{n, in(n, " ", 4, 6), in(n, "-", 4, 6)})
	case 1:
		n := withLuhn("36" + r.digits(11))
		return r.pick([]string{n, in(n, " ", 4, 6)})
	}
	begin := r.pick([]string{"4", "4", "51", "55", "53", "2221", "2720", "6011", "65", "3530", "62", "5067", "6062"})
	n := withLuhn(begin + r.digits(15-len(begin)))
	return r.pick([]string{
		n, in(n, " ", 4, 4, 4), in(n, "-", 4, 4, 4), in(n, ".", 4, 4, 4), in(n, " ", 4, 4, 4), in(n, "  ", 4, 4, 4), in(n, " - ", 4, 4, 4),
	})
}

func (r maker) iban() string {
	country := r.pick([]string{"ES:20", "PT:21", "DE:18", "FR:23", "GB:18", "IT:23", "BR:25", "NL:14", "BE:12"})
	code, length, _ := strings.Cut(country, ":")
	n := 0
	_, _ = fmt.Sscanf(length, "%d", &n)
	body := r.digits(n)
	switch code {
	case "GB", "NL":
		body = r.letters(4) + r.digits(n-4)
	case "IT":
		body = r.letters(1) + r.digits(n-1)
	case "BR":
		body = r.digits(n-2) + "P1"
	}
	var figures strings.Builder
	for _, c := range body + code + "00" {
		if c >= 'A' {
			fmt.Fprint(&figures, c-'A'+10)
		} else {
			figures.WriteRune(c)
		}
	}
	whole, _ := new(big.Int).SetString(figures.String(), 10)
	rest := new(big.Int).Mod(whole, big.NewInt(97)).Int64()
	s := fmt.Sprintf("%s%02d%s", code, 98-rest, body)
	return r.pick([]string{s, groupsOfFour(s, " "), groupsOfFour(s, "-"), groupsOfFour(s, " ")})
}

func groupsOfFour(s, by string) string {
	var parts []string
	for len(s) > 4 {
		parts, s = append(parts, s[:4]), s[4:]
	}
	return strings.Join(append(parts, s), by)
}

func (r maker) date() string {
	return fmt.Sprintf("%02d%02d%02d", r.IntN(100), 1+r.IntN(12), 1+r.IntN(28))
}

func (r maker) curp() string {
	s := r.letters(1) + r.pick([]string{"A", "E", "I", "O", "U", "X"}) + r.letters(2) + r.date() + r.pick([]string{"H", "M"}) +
		r.pick([]string{"DF", "JC", "NL", "MC", "VZ", "PL", "OC", "YN", "NE"}) + strings.Repeat(r.pick([]string{"B", "C", "D", "R", "L"}), 1) +
		r.pick([]string{"RL", "NS", "GT", "ZR"}) + r.pick([]string{"0", "1", "5", "A", "B"})
	sum := 0
	for i, c := range s {
		sum += strings.IndexRune("0123456789ABCDEFGHIJKLMN.OPQRSTUVWXYZ", c) * (18 - i)
	}
	return s + fmt.Sprint((10-sum%10)%10)
}

func (r maker) rfc() string {
	s := r.letters(3+r.IntN(2)) + r.date() + r.letters(1) + r.digits(1)
	padded, sum := fmt.Sprintf("%12s", s), 0
	for i, c := range padded {
		sum += strings.IndexRune("0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ ", c) * (13 - i)
	}
	last := fmt.Sprint((11 - sum%11) % 11)
	if last == "10" {
		last = "A"
	}
	s += last
	return r.pick([]string{s, s, in(s, "-", len(s)-9, 6), in(s, " ", len(s)-9, 6)})
}

// checked adds a figure by weights from right to left that begin with 2, by 11.
func checked(s string, most int) string {
	sum, w := 0, 2
	for i := len(s) - 1; i >= 0; i-- {
		sum += int(s[i]-'0') * w
		if w++; w > most {
			w = 2
		}
	}
	d := 11 - sum%11
	if d > 9 {
		d = 0
	}
	return s + fmt.Sprint(d)
}

func (r maker) cpf() string {
	s := checked(checked(r.digits(9), 99), 99)
	return r.pick([]string{s, in(in(s, "-", 9), ".", 3, 3), s[:3] + "." + s[3:6] + "." + s[6:9] + "-" + s[9:], in(s, " ", 3, 3, 3)})
}

func (r maker) cnpj() string { return r.printedCNPJ(checked(checked(r.digits(8)+"0001", 9), 9)) }

func (r maker) cnpjLetters() string {
	s := r.letters(2) + r.digits(1) + r.letters(1) + r.digits(2) + r.letters(2) + "00" + r.letters(1) + r.digits(1)
	return r.printedCNPJ(checked(checked(s, 9), 9))
}

func (r maker) printedCNPJ(s string) string {
	printed := s[:2] + "." + s[2:5] + "." + s[5:8] + "/" + s[8:12] + "-" + s[12:]
	return r.pick([]string{s, printed, printed})
}

func control(figures string) string {
	n := 0
	_, _ = fmt.Sscanf(figures, "%d", &n)
	return "TRWAGMYFPDXBNJZSQVHLCKE"[n%23 : n%23+1]
}

func (r maker) dni() string {
	s := r.digits(8)
	l := control(s)
	return r.pick([]string{s + l, s + l, s + "-" + l, in(s, ".", 2, 3) + "-" + l, in(s, ".", 2, 3) + l, s + " " + l})
}

func (r maker) nie() string {
	first, s := r.IntN(3), r.digits(7)
	l := control(fmt.Sprint(first) + s)
	x := "XYZ"[first : first+1]
	return r.pick([]string{x + s + l, x + "-" + s + "-" + l, x + s + "-" + l})
}

func (r maker) cif() string {
	s := r.digits(7)
	sum := 0
	for i, c := range s {
		n := int(c - '0')
		if i%2 == 0 {
			n = []int{0, 2, 4, 6, 8, 1, 3, 5, 7, 9}[n]
		}
		sum += n
	}
	return r.pick([]string{"A", "B", "B", "B"}) + s + fmt.Sprint((10-sum%10)%10)
}

func (r maker) ssn() string {
	s := fmt.Sprintf("%03d%02d%04d", 1+r.IntN(665), 1+r.IntN(99), 1+r.IntN(9999))
	return r.pick([]string{in(s, "-", 3, 2), in(s, "-", 3, 2), in(s, " ", 3, 2), s})
}

func (r maker) nif() string {
	s := checked(r.pick([]string{"1", "2", "5"})+r.digits(7), 99)
	return r.pick([]string{s, in(s, " ", 3, 3)})
}

func (r maker) rut() string {
	s := fmt.Sprint(5_000_000 + r.IntN(20_000_000))
	sum, w := 0, 2
	for i := len(s) - 1; i >= 0; i-- {
		sum += int(s[i]-'0') * w
		if w++; w > 7 {
			w = 2
		}
	}
	last := []string{"0", "K", "9", "8", "7", "6", "5", "4", "3", "2", "1"}[sum%11]
	n := len(s)
	return r.pick([]string{s[:n-6] + "." + s[n-6:n-3] + "." + s[n-3:] + "-" + last, s + "-" + last})
}

func (r maker) cuit() string {
	for {
		s := r.pick([]string{"20", "27", "30"}) + r.digits(8)
		if n := checked(s, 7); !strings.HasSuffix(n, "0") { // ten and eleven have other rules
			return r.pick([]string{n, in(n, "-", 2, 8), in(n, "-", 2, 8)})
		}
	}
}

func (r maker) email() string {
	name := r.pick([]string{
		"ana", "jose.luis", "maria_garcia", "joao-silva", "j.smith",
		"peter+shop", "Laura.Perez", "info", "x99", "carmen2001",
	})
	host := r.pick([]string{
		"gmail.com", "hotmail.es", "empresa.com.mx", "uol.com.br",
		"outlook.pt", "mail.example.co.uk", "dominio-raro.info",
	})
	return name + fmt.Sprint(r.IntN(1000)) + "@" + host
}

func (r maker) phone() string {
	d := r.digits
	two := func() string { return "2" + d(1) }
	return r.pick([]string{
		"6" + in(d(8), " ", 2, 3), "+34 6" + in(d(8), " ", 2, 3), "91" + d(7), "+346" + d(8),
		"6" + in(d(8), " ", 2, 2, 2), "(+34) 6" + d(8), "55 " + in("2"+d(7), " ", 4),
		"+52 1 55 " + in("4"+d(7), " ", 4), "+52 33 " + in("3"+d(7), "-", 4), "(55) 5" + in(d(7), "-", 3),
		"81" + "8" + d(7), "11 4" + in(d(7), "-", 3), "+54 9 11 5" + in(d(7), "-", 3),
		"+54 351 " + in("4"+d(6), " ", 3), "011 4" + in(d(7), "-", 3), "3" + in("1"+d(8), " ", 2, 3),
		"+57 3" + in("0"+d(8), " ", 2, 3), "3" + "1" + d(8), "(601) " + d(7), "9 " + in("8"+d(7), " ", 4),
		"+56 9 " + in("7"+d(7), " ", 4), "+569" + "6" + d(7), "9" + "5" + d(7), "(11) 9" + in("8"+d(7), "-", 4),
		"+55 21 9" + in("9"+d(7), "-", 4), "11 9" + "7" + d(7), "(31) 3" + in(d(7), "-", 3),
		"+5511" + "9" + "6" + d(7), "91" + in(d(7), " ", 1, 3), "+351 96" + in(d(7), " ", 1, 3),
		"21" + in("3"+d(6), " ", 1, 3), "(" + two() + "2) " + "5" + in(d(6), "-", 2),
		"+1 " + two() + "3-4" + in(d(6), "-", 2), "1-" + two() + "4-7" + in(d(6), "-", 2),
		two() + "7.8" + in(d(6), ".", 2), "07" + in("7"+d(8), " ", 3), "+44 7" + in("4"+d(8), " ", 3),
		"020 7" + in(d(7), " ", 3), "0161 " + in("4"+d(6), " ", 3), "+4477" + d(8),
	})
}
