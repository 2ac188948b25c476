package proposal

import (
	"slices"
	"strings"
	"unicode"

	"tania/internal/lazyregexp"
	"tania/internal/words"
)

var token = lazyregexp.New(`[\pL\pM\pN]+`)

// asWritten are words of an address as others write them, folded.
var asWritten = map[string]string{
	"cll": "calle", "cl": "calle", "cra": "carrera", "kra": "carrera", "kr": "carrera", "cr": "carrera", "av": "avenida", "avda": "avenida",
	"ave": "avenida", "avenue": "avenida", "st": "street", "rd": "road", "r": "rua", "blvd": "boulevard", "jr": "jiron",
	"no": "", "nro": "", "num": "", "numero": "", "n": "",
}

// tokens are the words and numbers of a text, folded, with a blank around each.
func tokens(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range token.FindAllString(words.Fold(text), -1) {
		if as, ok := asWritten[t]; ok {
			t = as
		}
		if t != "" {
			b.WriteString(t)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// isPublic reports whether the bot's texts have the words and numbers of a text one after another, whatever sets them off.
func (p Persons) isPublic(text string) bool {
	want := tokens(text)
	if p.public == nil || strings.TrimSpace(want) == "" {
		return false
	}
	telling := rarest(text)
	for said := range p.public {
		if strings.Contains(said, telling) && strings.Contains(tokens(said), want) {
			return true
		}
	}
	return false
}

// rarest is the longest word or number that everybody writes alike, without its first letter, which may be a capital.
func rarest(text string) (rest string) {
	streets := func(t string) bool {
		for short, long := range asWritten {
			if t == short || t == long {
				return true
			}
		}
		return false
	}
	for _, t := range token.FindAllString(text, -1) {
		if letters := []rune(t); len(t) > len(rest)+1 && !streets(words.Fold(t)) {
			rest = string(letters[1:])
		}
	}
	return rest
}

// numberTail is how many digits at the end of a telephone number are those of the telephone, without its country and area.
const numberTail = 7

// isPublicNumber reports whether the bot's texts have a number of five digits or more, a telephone's with or without its country.
func (p Persons) isPublicNumber(number string) bool {
	want := digits(number)
	if p.public == nil || len(want) < 5 {
		return false
	}
	tail := want[max(0, len(want)-numberTail):]
	for said := range p.public {
		if !strings.Contains(digits(said), tail) {
			continue
		}
		for _, n := range slices.Concat(spaced.FindAllString(said, -1), plain.FindAllString(said, -1)) {
			n = digits(n)
			sameTelephone := min(len(n), len(want)) >= numberTail && (strings.HasSuffix(n, want) || strings.HasSuffix(want, n))
			if n == want || sameTelephone {
				return true
			}
		}
	}
	return false
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}
