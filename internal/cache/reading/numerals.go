package reading

import (
	"math"
	"strconv"
	"strings"

	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

// kind is what a number word may stand beside.
type kind uint8

const (
	// closed numbers take nothing after them: "five", "veintiuno".
	closed kind = iota + 1
	// tens take a digit: "twenty five", "treinta y seis".
	tens
	// hundreds take tens and digits: "doscientos", "cem".
	hundreds
	// hundredfold multiplies the digit before it: "two hundred".
	hundredfold
	// scale multiplies all that stands before it: "mil", "million".
	scale
	// ordinal says a place: "third".
	ordinal
)

type numeral struct {
	value float64
	kind  kind
}

// Numerals are the number words of each language, "one" left out, for it is an article too.
var Numerals = func() map[tania.Language]map[string]numeral {
	tables := map[tania.Language]map[string]numeral{}
	for t, list := range map[tania.Language]string{
		tania.Spanish:    `cero dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve`,
		tania.English:    `zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen`,
		tania.Portuguese: `zero dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete dezoito dezenove`,
	} {
		tables[t] = map[string]numeral{}
		for i, w := range strings.Fields(list) {
			value := float64(i + 1)
			if i == 0 {
				value = 0
			}
			tables[t][w] = numeral{value, closed}
		}
	}
	add := func(t tania.Language, k kind, list string) {
		for _, pair := range strings.Fields(list) {
			w, n, _ := strings.Cut(pair, "=")
			value, _ := strconv.ParseFloat(n, 64)
			tables[t][w] = numeral{value, k}
		}
	}
	add(tania.Spanish, closed, `veintiun=21 veintiuno=21 veintiuna=21 veintidos=22 veintitres=23 veinticuatro=24 veinticinco=25 veintiseis=26 veintisiete=27 veintiocho=28 veintinueve=29
		docena=12`)
	add(tania.Spanish, tens, `veinte=20 treinta=30 cuarenta=40 cincuenta=50 sesenta=60 setenta=70 ochenta=80 noventa=90`)
	add(tania.Spanish, hundreds, `cien=100 ciento=100 doscientos=200 doscientas=200 trescientos=300 trescientas=300 cuatrocientos=400 cuatrocientas=400 quinientos=500 quinientas=500
		seiscientos=600 seiscientas=600 setecientos=700 setecientas=700 ochocientos=800 ochocientas=800 novecientos=900 novecientas=900`)
	add(tania.Spanish, scale, `mil=1000 miles=1000 millon=1000000 millones=1000000`)
	add(tania.Spanish, ordinal, `primero=1 primera=1 primer=1 segundo=2 segunda=2 tercero=3 tercera=3 tercer=3 cuarto=4 cuarta=4 quinto=5 quinta=5 sexto=6 sexta=6 septimo=7 septima=7
		octavo=8 octava=8 noveno=9 novena=9 decimo=10 decima=10`)
	add(tania.English, closed, `dozen=12`)
	add(tania.English, tens, `twenty=20 thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90`)
	add(tania.English, hundredfold, `hundred=100`)
	add(tania.English, scale, `thousand=1000 million=1000000`)
	add(tania.English, ordinal,
		`first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 eleventh=11 twelfth=12 twentieth=20 thirtieth=30`)
	add(tania.Portuguese, closed, `duas=2 catorze=14 duzia=12`)
	add(tania.Portuguese, tens, `vinte=20 trinta=30 quarenta=40 cinquenta=50 sessenta=60 setenta=70 oitenta=80 noventa=90`)
	add(tania.Portuguese, hundreds, `cem=100 cento=100 duzentos=200 duzentas=200 trezentos=300 trezentas=300 quatrocentos=400 quatrocentas=400 quinhentos=500 quinhentas=500
		seiscentos=600 seiscentas=600 setecentos=700 setecentas=700 oitocentos=800 oitocentas=800 novecentos=900 novecentas=900`)
	add(tania.Portuguese, scale, `mil=1000 milhao=1000000 milhoes=1000000`)
	add(tania.Portuguese, ordinal, `primeiro=1 primeira=1 segundo=2 segunda=2 terceiro=3 terceira=3 quarto=4 quarta=4 quinto=5 quinta=5 sexto=6 sexta=6 setimo=7 setima=7 oitavo=8
		oitava=8 nono=9 nona=9 decimo=10 decima=10`)
	return tables
}()

// below is what a number that follows must be smaller than.
var below = [...]float64{closed: 0, tens: 10, hundreds: 100}

var (
	// numberJoins stand inside a number: "treinta y seis", "cento e vinte", "two hundred and five".
	numberJoins = map[tania.Language]string{tania.Spanish: "y", tania.English: "and", tania.Portuguese: "e"}
	// Ones are the words for one, which are articles too.
	Ones   = WordSet(`un una uno one um uma`)
	halves = WordSet(`medio media half meio meia`)
)

// NumberAt reads the number that begins at folded parts[i], in words of a language or in figures, and gives the index behind it, i if there
// is none. A place in an order ends in a letter: "3th".
func NumberAt(parts []string, i int, t tania.Language) (text string, next int) {
	return numberAt(parts, i, t)
}

// numberAt reads the number that begins at parts[i], in words or figures, and gives the index behind it, i if there is none.
func numberAt(parts []string, i int, t tania.Language) (text string, next int) { //nolint:cyclop,gocognit // one automaton
	table := Numerals[t]
	var total, current float64
	room, least := 1000.0, math.Inf(1)
	started := false
	j := i
	if IsNumber(parts[j]) {
		text = figure(parts[j])
		if j+1 == len(parts) || table[parts[j+1]].kind != scale {
			return text, j + 1
		}
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return text, j + 1
		}
		current, started, room = value, true, 0
		j++
	} else if t == tania.English && parts[j] == "a" && j+1 < len(parts) {
		// "a hundred"
		if k := table[parts[j+1]].kind; k == hundredfold || k == scale || parts[j+1] == "dozen" {
			j++
		}
	}
	for ; j < len(parts); j++ {
		n, ok := table[parts[j]]
		counts := room == 10
		if !started {
			counts = multiplied(table, parts, j)
		}
		if !ok && Ones[parts[j]] && counts {
			n, ok = numeral{1, closed}, true
		}
		if !ok {
			if started && room > 0 && parts[j] == numberJoins[t] && j+1 < len(parts) && joined(parts[j+1], table, room, t) {
				continue
			}
			break
		}
		if n.kind == ordinal {
			if !started || t == tania.English && room > n.value {
				return format(total+current+n.value) + ordinalMark, j + 1
			}
			break
		}
		switch {
		case n.kind == hundredfold && !started:
			current, room = 100, 100
		case n.kind == hundredfold && current > 0 && current < 10:
			current, room = current*100, 100
		case n.kind == scale && n.value < least:
			if j+1 < len(parts) && parts[j+1] == "gracias" {
				return "", i
			}
			total += max(current, 1) * n.value
			if started && current == 0 {
				total -= n.value
			}
			current, room, least = 0, 1000, n.value
		case n.kind.adds() && (!started || n.value < room && n.value > 0):
			current += n.value
			room = below[n.kind]
		default:
			return format(total + current), j
		}
		started = true
	}
	if !started {
		return "", i
	}
	return format(total + current), j
}

// adds reports whether numbers of a kind are added to those before them.
func (k kind) adds() bool { return k == closed || k == tens || k == hundreds }

// multiplied reports whether the word behind parts[i] multiplies it: "one hundred", "un millón".
func multiplied(table map[string]numeral, parts []string, i int) bool {
	if i+1 == len(parts) {
		return false
	}
	k := table[parts[i+1]].kind
	return k == scale || k == hundredfold
}

// joined reports whether a word goes on with a number behind "and".
func joined(w string, table map[string]numeral, room float64, t tania.Language) bool {
	n, ok := table[w]
	if Ones[w] {
		n, ok = numeral{1, closed}, true
	}
	if !ok || n.value >= room || n.kind == ordinal || n.kind == scale {
		return false
	}
	// "y" joins tens and digits alone; "ciento y pico" is not a number.
	return t != tania.Spanish || room == 10
}

// ordinalMark ends the figures of a place: "3th" is "third", "tercero" and "3ª".
const ordinalMark = "th"

func format(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

var (
	thousands = lazyregexp.New(`^\d{1,3}(?:[.,]\d{3})+$`)
	noZero    = lazyregexp.New(`^(\d+)\.0+$`)
)

// figure writes 1,000 and 1.000 as 1000, 1,5 as 1.5, 007 as 7 and 3rd as 3th.
func figure(s string) string {
	end := len(s)
	for end > 0 && s[end-1] >= 'a' && s[end-1] <= 'z' {
		end--
	}
	if end == 0 {
		return s
	}
	mark := ""
	if end < len(s) {
		s, mark = s[:end], ordinalMark
	}
	if strings.ContainsAny(s, ":/") {
		return s
	}
	if trimmed := strings.TrimLeft(s, "0"); IsNumber(trimmed) {
		s = trimmed
	}
	if strings.ContainsAny(s, ".,") {
		if thousands.MatchString(s) && (s[0] != '0') {
			return strings.NewReplacer(".", "", ",", "").Replace(s) + mark
		}
		s = decimals(s)
		if m := noZero.FindStringSubmatch(s); m != nil {
			s = m[1]
		}
	}
	return s + mark
}

// decimals makes one point of "1,5", and of the last separator in "1.500,50", whose first then goes.
func decimals(s string) string {
	last := strings.LastIndexAny(s, ".,")
	if head := s[:last]; strings.ContainsAny(head, ".,") && !strings.Contains(head, s[last:last+1]) {
		return strings.NewReplacer(".", "", ",", "").Replace(head) + "." + s[last+1:]
	}
	return strings.ReplaceAll(s, ",", ".")
}

// IsNumber reports whether a token begins with a figure.
func IsNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }
