// Package unit knows the words and signs for what a number counts: weights, times, currencies and the like. No I/O.
package unit

import (
	"strconv"
	"strings"

	"tania/internal/cache/reading"
)

// Unit is what a number counts. Amounts of one base are compared by value times factor.
type Unit struct {
	Base   string
	Factor float64
}

// The bases that have rules of their own.
const (
	Second  = "second"
	Month   = "month"
	Percent = "%"
	Cent    = "cent"
	// Noun begins what a noun counts that is in no table.
	Noun = "noun "
)

// unitTable has the units by base: a factor and the folded words for it, which count behind a number.
const unitTable = `gram 1 g gr grs gramo gramos gram grams grama gramas / 1000 kg kgs kilo kilos kilogramo kilogramos kilogram
		kilograms quilo quilos quilograma quilogramas
 / 0.001 mg miligramo miligramos milligram milligrams miligrama miligramas / 1000000 tonelada toneladas tonne tonnes ton tons
pound 1 lb lbs libra libras pound pounds
ounce 1 oz onza onzas ounce ounces onca oncas
litre 1 l lt lts litro litros liter liters litre litres / 0.001 ml mililitro mililitros milliliter milliliters cc / 0.01 cl
metre 1 m mt mts metro metros meter meters metre metres / 0.01 cm cms centimetro centimetros centimeter centimeters / 0.001 mm
		milimetro milimetros millimeter
 millimeters / 1000 km kms kilometro kilometros kilometer kilometers kilometre kilometres quilometro quilometros
mile 1 mi mile miles milla millas milha milhas
inch 1 pulgada pulgadas inch inches polegada polegadas / 12 ft pie pies foot feet
square 1 m2 m²
byte 1000 kb / 1000000 mb mega megas megabyte megabytes mbps megabits / 1000000000 gb giga gigas gigabyte gigabytes gbps /
		1000000000000 tb tera teras terabyte terabytes
second 1 s seg segs segundo segundos sec secs second seconds / 60 min mins minuto minutos minute minutes / 3600 h hs hr hrs hora
		horas hour hours
 / 86400 dia dias day days d / 604800 semana semanas week weeks
month 1 mes meses month months / 12 ano anos year years yr yrs / 6 semestre semestres semester semesters / 3 trimestre trimestres
		quarter quarters
% 1 % por percent
eur 1 € eur euro euros
usd 1 us$ usd dolar dolares dollar dollars dol bucks
gbp 1 £ gbp sterling
mxn 1 mxn mx$ mxp
ars 1 ars ar$
clp 1 clp
cop 1 cop
uyu 1 uyu
peso 1 peso pesos
pen 1 pen sol soles s/
brl 1 r$ brl real reais reales
dollar 1 $
yen 1 ¥ jpy yen yenes
cent 1 centavo centavos cent cents centimo centimos cts
person 1 persona personas person persons people pax pessoa pessoas comensal comensales invitado invitados guest guests convidado
		convidados huesped huespedes hospede hospedes
night 1 noche noches night nights noite noites
installment 1 cuota cuotas installment installments parcela parcelas mensualidad mensualidades plazo plazos
user 1 usuario usuarios user users usuaria usuarias
point 1 punto puntos point points ponto pontos
degree 1 ° grado grados degree degrees grau graus °c
volt 1 v volt volts voltio voltios
watt 1 w watt watts vatio vatios / 1000 kw kwh
hertz 1 hz / 1000000 mhz / 1000000000 ghz
calorie 1 kcal calorias calories cal`

// ByWord has the units by the folded word, or the sign, for them.
var ByWord = func() map[string]Unit {
	table := map[string]Unit{}
	for line := range strings.SplitSeq(strings.NewReplacer("\n\t\t", " ", "\n ", " ").Replace(unitTable), "\n") {
		base, rest, _ := strings.Cut(line, " ")
		for part := range strings.SplitSeq(rest, " / ") {
			fields := strings.Fields(part)
			factor, err := strconv.ParseFloat(fields[0], 64)
			if err != nil {
				panic("unit: " + line)
			}
			for _, w := range fields[1:] {
				table[w] = Unit{base, factor}
			}
		}
	}
	delete(table, "por")
	return table
}()

// Money has the currencies; those of a row may be meant by each other's signs.
var Money = reading.WordSet(`eur usd gbp mxn ars clp cop uyu peso pen brl dollar yen`)

// OfDollar and OfPeso are the currencies that "$" and "pesos" may stand for.
var (
	OfDollar = reading.WordSet(`usd mxn ars clp cop uyu peso dollar`)
	OfPeso   = reading.WordSet(`mxn ars clp cop uyu peso dollar`)
)

// OneCurrency reports whether two currencies may be the same: "$" is that of many countries, and so are pesos.
func OneCurrency(a, b string) bool {
	if a == b {
		return true
	}
	for _, pair := range [][2]string{{a, b}, {b, a}} {
		if pair[0] == "dollar" && OfDollar[pair[1]] || pair[0] == "peso" && OfPeso[pair[1]] {
			return true
		}
		if pair[0] == "gbp" && pair[1] == "pound" {
			return true
		}
	}
	return false
}

// Measured reports whether a unit is one that no other thing can be taken for: money, a share, a time, a weight.
func Measured(base string) bool {
	switch base {
	case "", "person", "night", "installment", "user", "point":
		return false
	}
	return !strings.HasPrefix(base, Noun)
}

// Qualifiers stand between a number and its unit, or behind the unit, and say no other thing.
var Qualifiers = reading.WordSet(`business working calendar consecutive full whole entire first last next extra additional more
		mas mais primeros ultimos primeiros proximos
	siguientes seguintes largos habiles laborables laborales utiles uteis naturales corridos corrido natural completos completas
		adicionales adicionais american
	americanos us mexicanos argentinos colombianos chilenos uruguayos peruanos square`)

// KindsOfDay tell working days from those of the calendar.
var KindsOfDay = map[string]string{
	"business": "work", "working": "work", "habiles": "work", "habil": "work", "laborables": "work", "laborable": "work",
	"laborales": "work",
	"uteis":     "work", "util": "work", "utiles": "work", "calendar": "all", "naturales": "all", "natural": "all", "corridos": "all",
	"corrido": "all", "consecutive": "all", "consecutivos": "all",
}

// Nationals make a peso or a dollar one country's.
var Nationals = map[string]string{
	"mexicanos": "mxn", "argentinos": "ars", "colombianos": "cop", "chilenos": "clp", "uruguayos": "uyu", "estadounidenses": "usd",
	"americanos": "usd",
}
