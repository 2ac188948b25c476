package reading

import (
	"strings"
	"unicode/utf8"

	"tania/internal/language"
	"tania/internal/tania"
)

// Canonical writes contractions out, numbers and places in figures and units in short, of a text that tells a language, or none.
func Canonical(parts []string, told tania.Language) []string {
	out := SpellOut(parts, tablesFor(told, ""))
	for i, p := range out {
		if IsNumber(p) {
			out[i] = strings.TrimSuffix(p, ordinalMark)
		}
	}
	return out
}

// SpellOut writes contractions out, numbers and places in figures and units in short, by the tables of a language.
func SpellOut(parts []string, t tania.Language) []string {
	long := make([]string, 0, len(parts)+4)
	for _, p := range parts {
		switch {
		case p[0] >= utf8.RuneSelf || IsNumber(p):
			long = append(long, p)
		case p == "pro" && t == tania.Portuguese:
			long = append(long, "para", "o")
		case writtenOut[p] || strings.ContainsAny(p, "'’`"):
			long = append(long, language.Expand(p)...)
		default:
			long = append(long, p)
		}
	}
	misspeltDays(long, t)
	out := make([]string, 0, len(long))
	for i := 0; i < len(long); {
		p := long[i]
		next := ""
		if i+1 < len(long) {
			next = long[i+1]
		}
		switch {
		case weekdayOrdinal(long, i, t):
			out = append(out, p)
			i++
			continue
		case (p == "por" && (next == "ciento" || next == "cento")) || p == "per" && next == "cent":
			out = append(out, "%")
			i += 2
			continue
		case p == "percent" || p == "porciento":
			out = append(out, "%")
			i++
			continue
		case Ones[p] && countable(next) || IsNumber(p) && Ones[p]:
			out = append(out, "1")
			i++
			out, i = amount(out, long, i)
			continue
		case halves[p] && countable(next):
			out = append(out, "0.5")
			i++
			out, i = amount(out, long, i)
			continue
		}
		n, j := numberAt(long, i, t)
		if j == i {
			out = append(out, p)
			i++
			continue
		}
		out = append(out, n)
		if strings.HasSuffix(n, ordinalMark) {
			i = j
			continue
		}
		out, i = amount(out, long, j)
	}
	return out
}

// countable words make "un" a number.
func countable(w string) bool {
	u, ok := units[w]
	return ok && u.name != "$" && len(w) > 1
}

// amount writes the unit behind the number that ends out, and "y medio" into it.
func amount(out, parts []string, i int) ([]string, int) {
	n := len(out) - 1
	if i < len(parts) {
		switch p := parts[i]; {
		case (p == "a" || p == "p") && i+1 < len(parts) && parts[i+1] == "m":
			return append(out, p+"m"), i + 2
		case (p == "por" || p == "per") && i+1 < len(parts) && hundredths[parts[i+1]]:
			return append(out, "%"), i + 2
		default:
			if u, ok := units[p]; ok {
				out = append(out, u.name)
				i++
			}
		}
	}
	if i+1 < len(parts) && (parts[i] == "y" || parts[i] == "e") && halves[parts[i+1]] {
		out[n] += ".5"
		if strings.ContainsAny(out[n][:len(out[n])-2], ".:/") {
			out[n] = out[n][:len(out[n])-2]
		}
		i += 2
	}
	return out, i
}

// weekdayOrdinal reports whether an ordinal is a Portuguese weekday: "segunda-feira", "na quarta", not "segunda via".
func weekdayOrdinal(parts []string, i int, t tania.Language) bool {
	if t != tania.Portuguese || !feiras[parts[i]] {
		return false
	}
	if i+1 == len(parts) {
		return true
	}
	next := parts[i+1]
	return FunctionWords[next] || feiras[next] || IsNumber(next) || besideFeiras[next]
}

var (
	besideFeiras = WordSet(`feira feiras sabado domingo ate de`)
	hundredths   = WordSet(`ciento cento cent`)
)

var feiras = WordSet(`segunda terca quarta quinta sexta segundas tercas quartas quintas sextas`)
