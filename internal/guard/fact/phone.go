package fact

import (
	"strings"

	"tania/internal/cache/reading"
	"tania/internal/guard/fact/token"
	"tania/internal/guard/fact/unit"
)

// leastPhone is how many figures a telephone number has, or another number that is no amount.
const leastPhone = 7

// phone reads a number of so many figures in groups: a telephone number, or that of an order, an account, a card.
func (r *reader) phone(i int) (next int) {
	j := i
	if r.parts[j] == "+" && r.tokens[j+1].Sort == token.Figures && !r.tokens[j+1].Spaced {
		j++
	}
	opened := r.parts[j] == "("
	if opened {
		j++
	}
	if r.tokens[j].Sort != token.Figures {
		return i
	}
	begin, end, groups := j, j, 0
	digits := ""
	for {
		t := r.tokens[j]
		if t.Sort != token.Figures || strings.ContainsAny(t.Low, ",'") || groups > 0 && r.tokens[j].First {
			break
		}
		digits += token.Digits(t.Low)
		groups++
		end = j + 1
		k := j + 1
		for phoneJoints[r.parts[k]] && !(r.parts[k] == "." && r.tokens[k].Spaced) {
			k++
		}
		if k > j+3 || r.tokens[k].Sort != token.Figures {
			break
		}
		j = k
	}
	if len(digits) < leastPhone || len(digits) > 20 || r.amountLike(begin, end, groups) {
		return i
	}
	if opened && !strings.Contains(r.text[r.tokens[begin].At:r.tokens[end-1].End], ")") {
		return i
	}
	if t := r.tokens[end]; t.Sort == token.Word && !t.Spaced {
		return i // a code
	}
	if pair := i - 1; pair >= 0 && r.tokens[pair].Sort == token.Word && !r.tokens[i].Spaced {
		return i
	}
	r.add(fact{kind: Phone, id: strings.TrimPrefix(digits, "00"), digits: digits}, i, end)
	return end
}

var phoneJoints = reading.WordSet("- – ( ) .")

// amountLike reports whether groups of figures are an amount, a range or years.
func (r *reader) amountLike(begin, end, groups int) bool {
	first := r.tokens[begin].Low
	if groups == 1 && thousands(first) && strings.ContainsAny(first, ".,") {
		return true
	}
	next := r.tokens[end]
	if unit.Money[unit.ByWord[next.Low].Base] && !(next.Sort == token.Word && len(next.Low) < 3) || next.Low == "%" {
		return true
	}
	if begin > 0 && unit.Money[unit.ByWord[r.parts[begin-1]].Base] {
		return true
	}
	if groups == 2 && len(first) == 4 && dash[r.parts[begin+1]] {
		last := r.tokens[end-1].Low
		return len(last) == 4 && isYear(first) && isYear(last)
	}
	return groups == 1 && strings.Contains(first, ".")
}

func isYear(s string) bool { return len(s) == 4 && (s[:2] == "19" || s[:2] == "20") }

// samePhone reports whether two telephone numbers are one, with and without the code of the country.
func samePhone(a, b string) bool {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len(a) > leastPhone && len(b)-len(a) <= 4 && strings.HasSuffix(b, a)
}
