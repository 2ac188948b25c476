package pii

import (
	"regexp"
	"strings"
)

// ibanLengths are those of the countries that have IBAN, by the register of SWIFT.
var ibanLengths = func() map[string]int {
	lengths, length := map[string]int{}, 0
	for _, field := range strings.Fields(`15:no 16:be 18:dk fk fi fo gl nl sd 19:mk si 20:at ba ee kz lt lu mn xk 21:ch cr hr li lv
		22:bg bh de gb ge ie me rs va 23:ae gi il iq om so tl 24:ad cz dz es md pk ro sa se sk tn vg 25:ao cv gw ly mz pt st 26:is tr
		27:bf bi cf cg cm dj fr ga gq gr it km mc mg ml mr ne sm sn td tg 28:al az bj by ci cy do gt hn hu lb ma ni pl sv 29:br eg ps qa ua
		30:jo kw mu ye 31:mt sc 32:lc 33:ru`) {
		if n, country, first := strings.Cut(field, ":"); first { // the length is that of all up to the next one
			length, field = number(n), country
		}
		lengths[field] = length
	}
	return lengths
}()

// numeric are the countries whose numbers have figures alone behind their two letters.
var numeric = wordSet(`ae at ba be cr cz de dk ee es fi fo gl hr hu il is lt me no pl pt rs se si sk tn va xk`)

var ibanStart = regexp.MustCompile(`[a-z] ?[a-z][ .\-]{0,3}\d[ .\-]?\d`)

// ibans finds the numbers of bank accounts with a country before them.
func ibans(t *reading) {
	for _, at := range ibanStart.FindAllStringIndex(t.low, -1) {
		from := at[0]
		if from > 0 && isAlnum(t.low[from-1]) && !strings.HasSuffix(t.low[:from], "iban") {
			continue
		}
		country := strings.ReplaceAll(t.low[from:from+3], " ", "")[:2]
		number, to := collect(t.low, from, ibanLengths[country], " .-/_\n")
		if number != "" && numeric[country] && !figuresOnly(number[2:]) {
			continue // words between two numbers
		}
		if number == "" || to < len(t.low) && isAlnum(t.low[to]) || mod97(number[4:]+number[:4]) != 1 {
			continue
		}
		t.take(IBAN, from, to, strings.ToUpper(number))
	}
}

// collect gives as many letters and figures from a place on, without what sets them off, and where they end; "" where there are fewer.
func collect(s string, from, length int, by string) (collected string, to int) {
	var b strings.Builder
	apart := 0
	for i := from; i < len(s) && b.Len() < length; i++ {
		switch {
		case isAlnum(s[i]):
			b.WriteByte(s[i])
			apart, to = 0, i+1
		case strings.IndexByte(by, s[i]) < 0 || apart == 5:
			return "", 0
		default:
			apart++
		}
	}
	if length == 0 || b.Len() < length {
		return "", 0
	}
	return b.String(), to
}

// accounts finds the numbers of bank accounts as they are in one country: the CLABE of Mexico, the CBU and CVU of Argentina, the CCC of
// Spain. One in ten numbers agrees with one check figure by chance, so the words around it have to say that it is one.
func accounts(t *reading) {
	for first := range t.atoms {
		if !t.atoms[first].figures || t.taken[t.atoms[first].from] {
			continue
		}
		for _, w := range t.windows(first, 18, 22, " -./\n", onlyFigures) {
			a := t.around(w)
			is := isCLABE(w.text) && (a.says(cueAccount) || grouped(w) == "3 3 11 1" && !a.denies()) ||
				isCBU(w.text) && !a.denies() || isCCC(w.text) && !a.denies()
			if is && t.loose(w) {
				t.take(Account, w.from, w.to, w.text)
				break
			}
		}
	}
}
