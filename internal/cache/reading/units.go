package reading

import (
	"strings"
)

// unit is what a number counts.
type unit struct {
	// name is how the unit is written.
	name string
	// base is the unit of the same kind that amounts are compared in, of factor.
	base   string
	factor float64
}

// units by the words for them, which count only behind a number.
var units = func() map[string]unit {
	m := map[string]unit{}
	for _, line := range strings.Split(`g g 1 g gr grs gramo gramos gram grams grama gramas|kg g 1000 kg kgs kilo kilos kilogramo kilogramos kilogram kilograms quilo quilos quilogramas|
		mg g 0.001 mg miligramo miligramos milligrams miligramas|t g 1000000 ton tonelada toneladas tonne tonnes tons|lb lb 1 lb lbs libra libras pound pounds|oz oz 1 oz onza onzas ounce ounces|
		l l 1 l lt lts litro litros liter liters litre litres|ml l 0.001 ml mililitro mililitros milliliter milliliters cc|cl l 0.01 cl|
		m m 1 m mt mts metro metros meter meters metre metres|cm m 0.01 cm cms centimetro centimetros centimeter centimeters|mm m 0.001 mm milimetro milimetros|
		km m 1000 km kms kilometro kilometros kilometer kilometers quilometro quilometros|in in 1 pulgada pulgadas inch inches polegada polegadas|ft in 12 ft pie pies foot feet|mi mi 1 mi mile miles milla millas|
		kb b 1000 kb|mb b 1000000 mb mega megas megabyte megabytes megabits mbps|gb b 1000000000 gb giga gigas gigabyte gigabytes gbps|tb b 1000000000000 tb tera teras terabyte terabytes|
		s s 1 s seg segs segundo segundos sec secs second seconds|min s 60 min mins minuto minutos minute minutes|hour s 3600 h hs hr hrs hora horas hour hours|
		day day 1 dia dias day days|week week 1 semana semanas week weeks|month month 1 mes meses month months|year month 12 ano anos year years|
		% % 1 %|usd usd 1 usd dolar dolares dollar dollars dol|eur eur 1 € eur euro euros|gbp gbp 1 £ gbp|peso peso 1 peso pesos mxn ars clp cop|sol sol 1 sol soles pen|
		real real 1 real reais brl|$ $ 1 $ s/|cent cent 1 centavo centavos cent cents|person person 1 persona personas person persons people pax pessoa pessoas|
		time time 1 vez veces time times vezes|user user 1 usuario usuarios user users|installment installment 1 cuota cuotas installment installments parcela parcelas`, "|") {
		f := strings.Fields(line)
		factor := 0.0
		for _, c := range []struct {
			text  string
			value float64
		}{
			{"1", 1},
			{"1000", 1e3},
			{"1000000", 1e6},
			{"1000000000", 1e9},
			{"1000000000000", 1e12},
			{"0.001", 1e-3},
			{"0.01", 1e-2},
			{"12", 12},
			{"60", 60},
			{"3600", 3600},
		} {
			if c.text == f[2] {
				factor = c.value
			}
		}
		for _, w := range f[3:] {
			m[w] = unit{f[0], f[1], factor}
		}
	}
	return m
}()

// money units differ from each other, and none from "$".
var money = WordSet(`usd eur gbp peso sol real $`)

// Compatible reports whether two amounts may be of one unit.
func Compatible(a, b string) bool {
	if a == b || a == "" || b == "" {
		return true
	}
	return a == "$" && money[b] || b == "$" && money[a]
}
