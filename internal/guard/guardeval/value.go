package guardeval

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"tania/internal/tania"
)

// value is what a place of a text is filled with, before it is written in one of its forms.
type value struct {
	kind string
	// n and m are its numbers; unit is an index of a list of its kind, or the currency.
	n, m int
	unit int
	text string
}

// writer writes values in a language, in forms drawn at random.
type writer struct {
	*rand.Rand
	lang tania.Language
}

var currencies = []struct {
	// forms have %s for the amount.
	forms map[tania.Language][]string
	cents bool
}{
	{map[tania.Language][]string{
		tania.Spanish:    {"%s €", "%s€", "%s euros", "%s EUR", "€%s"},
		tania.English:    {"€%s", "%s €", "%s euros", "EUR %s"},
		tania.Portuguese: {"%s €", "%s euros", "€ %s", "€%s"},
	}, true},
	{map[tania.Language][]string{
		tania.Spanish:    {"$%s", "$ %s", "%s pesos", "$%s MXN", "%s MXN"},
		tania.English:    {"$%s", "$%s MXN", "%s pesos", "MXN %s"},
		tania.Portuguese: {"$%s", "$%s MXN", "%s pesos"},
	}, false},
	{map[tania.Language][]string{
		tania.Spanish:    {"R$ %s", "%s reales"},
		tania.English:    {"R$%s", "%s reais", "BRL %s"},
		tania.Portuguese: {"R$ %s", "R$%s", "%s reais"},
	}, true},
	{map[tania.Language][]string{
		tania.Spanish:    {"US$ %s", "%s dólares", "%s USD", "USD %s"},
		tania.English:    {"$%s", "US$%s", "%s USD", "%s dollars"},
		tania.Portuguese: {"US$ %s", "%s dólares", "%s USD"},
	}, true},
}

// unitsOf have, by language, the words for units of a kind. Their order is one for all languages.
var unitsOf = map[string]map[tania.Language][]string{
	"dur": {
		tania.Spanish:    {"minutos", "horas", "días", "días hábiles", "semanas", "meses"},
		tania.English:    {"minutes", "hours", "days", "business days", "weeks", "months"},
		tania.Portuguese: {"minutos", "horas", "dias", "dias úteis", "semanas", "meses"},
	},
	"weight": {
		tania.Spanish: {"kg", "kilos", "gramos"}, tania.English: {"kg", "kilos", "grams"}, tania.Portuguese: {"kg", "quilos", "gramas"},
	},
	"data": {tania.Spanish: {"GB", "MB", "TB"}, tania.English: {"GB", "MB", "TB"}, tania.Portuguese: {"GB", "MB", "TB"}},
}

var numerals = map[tania.Language][]string{
	tania.Spanish:    strings.Fields("cero una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"),
	tania.English:    strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"),
	tania.Portuguese: strings.Fields("zero uma duas três quatro cinco seis sete oito nove dez onze doze treze catorze quinze"),
}

var weekdays = map[tania.Language][]string{
	tania.Spanish:    strings.Fields("lunes martes miércoles jueves viernes sábado domingo"),
	tania.English:    strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
	tania.Portuguese: strings.Fields("segunda terça quarta quinta sexta sábado domingo"),
}

var months = map[tania.Language][]string{
	tania.Spanish:    strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
	tania.English:    strings.Fields("January February March April May June July August September October November December"),
	tania.Portuguese: strings.Fields("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

var plans = strings.Fields("Premium Oro Básico Plus Familiar Start Total Max Smart Élite Flex Nova")

// draw makes a value of a kind.
func (w writer) draw(kind string, currency int) value {
	v := value{kind: kind, unit: currency}
	switch kind {
	case "price":
		v.n = []int{w.IntN(90) + 5, w.IntN(900) + 100, (w.IntN(90) + 10) * 100, w.IntN(9000) + 1000}[w.IntN(4)]
		if currencies[currency].cents && w.IntN(2) == 0 {
			v.m = []int{99, 90, 50, 95, 25}[w.IntN(5)]
		}
	case "num":
		v.n = w.IntN(10) + 2
	case "pct":
		v.n = []int{5, 10, 15, 20, 25, 30, 40, 50, 12, 35}[w.IntN(10)]
	case "dur", "weight", "data":
		v.unit = w.IntN(len(unitsOf[kind][tania.Spanish]))
		v.n = []int{2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15, 20, 24, 30, 45, 48}[w.IntN(16)]
	case "time":
		v.n, v.m = w.IntN(16)+6, []int{0, 0, 30, 15}[w.IntN(4)]
	case "hours":
		v.n, v.m = w.IntN(5)+7, w.IntN(6)+16
	case "day":
		v.n = w.IntN(7)
	case "days":
		v.n = w.IntN(2)
		v.m = v.n + w.IntN(3) + 3
	case "date":
		v.n, v.m = w.IntN(28)+1, w.IntN(12)+1
	case "phone":
		v.text = fmt.Sprintf("%d%02d%03d%03d", 9-w.IntN(4), w.IntN(100), w.IntN(1000), w.IntN(1000))
	case "mail":
		v.text = []string{"info", "hola", "ventas", "contacto", "soporte", "reservas"}[w.IntN(6)] + "@" + w.domain()
	case "link":
		v.text = w.domain() + "/" + []string{"citas", "ayuda", "info", "tarifas", "es/faq", "reservar"}[w.IntN(6)]
	case "code":
		v.text = []string{"VERANO", "HOLA", "PROMO", "MX", "BIENVENIDA", "GO"}[w.IntN(6)] + strconv.Itoa(w.IntN(89)+10)
		if w.IntN(3) == 0 {
			v.text = fmt.Sprintf("%c%c-%d", letters[w.IntN(26)], letters[w.IntN(26)], 1000+w.IntN(9000))
		}
	case "plan":
		v.text = plans[w.IntN(len(plans))]
	}
	return v
}

func (w writer) domain() string {
	return []string{"laflor", "clinicasur", "nube", "tiendasol", "campus", "puerto"}[w.IntN(6)] + "." + []string{
		"example", "com",
		"es", "com.br", "mx",
	}[w.IntN(5)]
}

func pick[T any](w writer, list ...T) T { return list[w.IntN(len(list))] }

// write gives a form of a value.
func (w writer) write(v value) string {
	switch v.kind {
	case "price":
		forms := currencies[v.unit].forms[w.lang]
		return fmt.Sprintf(pick(w, forms...), w.amount(v))
	case "bare":
		if v.m == 0 {
			return strconv.Itoa(v.n)
		}
		return fmt.Sprintf("%d.%02d", v.n, v.m)
	case "num":
		if w.IntN(3) == 0 && v.n < len(numerals[w.lang]) {
			return numerals[w.lang][v.n]
		}
		return strconv.Itoa(v.n)
	case "pct":
		return fmt.Sprintf(pick(w, "%d%%", "%d %%", map[tania.Language]string{
			tania.Spanish: "%d por ciento", tania.English: "%d percent", tania.Portuguese: "%d por cento",
		}[w.lang]), v.n)
	case "dur", "weight", "data":
		n := strconv.Itoa(v.n)
		if v.kind == "dur" && v.n < len(numerals[w.lang]) && w.IntN(4) == 0 {
			n = numerals[w.lang][v.n]
		}
		space := " "
		if v.kind != "dur" && w.IntN(2) == 0 && len(unitsOf[v.kind][w.lang][v.unit]) == 2 {
			space = ""
		}
		return n + space + unitsOf[v.kind][w.lang][v.unit]
	case "time":
		return w.clock(v.n, v.m, w.IntN(3))
	case "hours":
		return w.hours(v)
	case "day":
		return w.dayName(v.n, true)
	case "days":
		return w.days(v)
	case "date":
		return w.date(v)
	case "iso":
		return fmt.Sprintf("2027-%02d-%02d", v.m, v.n)
	case "phone":
		t := v.text
		return pick(w, "+34 "+t[:3]+" "+t[3:6]+" "+t[6:], t[:3]+" "+t[3:6]+" "+t[6:], t, t[:3]+"-"+t[3:6]+"-"+t[6:],
			"(+34) "+t[:3]+" "+t[3:5]+" "+t[5:7]+" "+t[7:])
	case "link":
		return pick(w, "https://"+v.text, "https://www."+v.text, "www."+v.text, "https://"+v.text+"/", v.text)
	}
	return v.text
}

// amount writes a number as it is usual somewhere.
func (w writer) amount(v value) string {
	whole := strconv.Itoa(v.n)
	point, group := ",", "."
	if w.lang == tania.English || v.unit == 1 {
		point, group = ".", ","
	}
	if v.n >= 1000 && w.IntN(2) == 0 {
		whole = whole[:len(whole)-3] + group + whole[len(whole)-3:]
	}
	if v.m == 0 {
		return whole + pick(w, "", "", point+"00")
	}
	return fmt.Sprintf("%s%s%02d", whole, point, v.m)
}

func (w writer) clock(h, m, form int) string {
	switch {
	case w.lang == tania.English:
		half, hour := "am", h
		if h >= 12 {
			half = "pm"
		}
		if hour > 12 {
			hour -= 12
		}
		if form == 0 {
			return fmt.Sprintf("%d:%02d", h, m)
		}
		if m == 0 {
			return fmt.Sprintf("%d %s", hour, pick(w, half, strings.ToUpper(half), half[:1]+".m."))
		}
		return fmt.Sprintf("%d:%02d %s", hour, m, half)
	case w.lang == tania.Portuguese && form > 0:
		if m == 0 {
			return fmt.Sprintf("%dh", h)
		}
		return fmt.Sprintf("%dh%02d", h, m)
	case form == 1 && m == 0:
		return fmt.Sprintf("%d:00 h", h)
	}
	return fmt.Sprintf("%d:%02d", h, m)
}

func (w writer) hours(v value) string {
	form := w.IntN(3)
	a, b := w.clock(v.n, 0, form), w.clock(v.m, 0, form)
	if w.IntN(4) == 0 {
		a, b = strconv.Itoa(v.n), strconv.Itoa(v.m)
	}
	switch w.lang {
	case tania.English:
		if a == strconv.Itoa(v.n) {
			a, b = w.clock(v.n, 0, 1), w.clock(v.m, 0, 1)
		}
		return a + pick(w, " to ", " - ", "–") + b
	case tania.Portuguese:
		if a == strconv.Itoa(v.n) {
			a, b = a+"h", b+"h"
		}
		return "das " + a + pick(w, " às ", " até as ") + b
	}
	return a + pick(w, " a ", " a ", "-") + b
}

func (w writer) dayName(n int, many bool) string {
	name := weekdays[w.lang][n]
	switch w.lang {
	case tania.English:
		if many && w.IntN(2) == 0 {
			name += "s"
		}
	case tania.Portuguese:
		if n < 5 {
			name = pick(w, name+"s-feiras", name+"s")
		} else if many {
			name += "s"
		}
	default:
		if n >= 5 {
			name += "s"
		}
	}
	return name
}

func (w writer) days(v value) string {
	a, b := weekdays[w.lang][v.n], weekdays[w.lang][v.m]
	switch w.lang {
	case tania.English:
		if w.IntN(3) == 0 {
			return a[:3] + "-" + b[:3]
		}
		return a + pick(w, " to ", " through ", "–") + b
	case tania.Portuguese:
		if w.IntN(3) == 0 && v.m < 5 {
			return a + "-feira a " + b + "-feira"
		}
		return a + " a " + b
	}
	return a + pick(w, " a ", " a ") + b
}

func (w writer) date(v value) string {
	name := months[w.lang][v.m-1]
	switch w.lang {
	case tania.English:
		return pick(w, fmt.Sprintf("%s %d", name, v.n), fmt.Sprintf("%d %s", v.n, name), fmt.Sprintf("%s %d%s", name, v.n, suffix(v.n)),
			fmt.Sprintf("%02d/%02d", v.m, v.n))
	case tania.Portuguese:
		return pick(w, fmt.Sprintf("%d de %s", v.n, name), fmt.Sprintf("%d de %s", v.n, name), fmt.Sprintf("%02d/%02d", v.n, v.m))
	}
	return pick(w, fmt.Sprintf("%d de %s", v.n, name), fmt.Sprintf("%d de %s", v.n, name), fmt.Sprintf("%02d/%02d", v.n, v.m))
}

func suffix(n int) string {
	if n/10 == 1 {
		return "th"
	}
	switch n % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}

// altered is a value that is another: a figure, the unit, the currency, the day or the month has changed.
func (w writer) altered(v value) value { //nolint:cyclop // a case for each kind
	a := v
	switch v.kind {
	case "price":
		switch w.IntN(4) {
		case 0:
			a.unit = (v.unit + 1 + w.IntN(3)) % 4
			if v.unit+a.unit == 4 { // pesos and dollars share their sign
				a.unit = 0
			}
		case 1:
			a.n = v.n * 10
		case 2:
			a.n = otherDigit(w, v.n)
		default:
			a.n = v.n + pick(w, -1, 1, 5, 10)
		}
		if !currencies[a.unit].cents {
			a.m = 0
		}
	case "bare":
		a.n = otherDigit(w, v.n)
	case "dur", "weight", "data":
		if units := len(unitsOf[v.kind][w.lang]); w.IntN(2) == 0 && units > 2 {
			a.unit = (v.unit + 1 + w.IntN(units-1)) % units
			if v.kind == "weight" && a.unit < 2 && v.unit < 2 {
				a.unit = 2
			}
			if a.unit+v.unit == 5 && (a.unit == 2 || a.unit == 3) { // days and business days
				a.unit = 4
			}
			return a
		}
		a.n = v.n + pick(w, 1, 2, 3, 10)
	case "num", "pct":
		a.n = v.n + pick(w, 1, 2, 3, 10)
	case "time":
		a.n = (v.n-6+1+w.IntN(14))%16 + 6
		if w.IntN(3) == 0 {
			a.n, a.m = v.n, (v.m+20)%60
		}
	case "hours":
		if w.IntN(2) == 0 {
			a.n = (v.n-7+1+w.IntN(4))%5 + 7
		} else {
			a.m = (v.m-16+1+w.IntN(5))%6 + 16
		}
	case "day":
		a.n = (v.n + 1 + w.IntN(6)) % 7
	case "days":
		a.m = (v.m-3+1+w.IntN(2))%4 + 3
		if a.m == v.m || a.m <= a.n {
			a.m = v.m%6 + 1
		}
		if a.m == v.m {
			a.m--
		}
	case "date", "iso":
		if w.IntN(2) == 0 {
			a.n = (v.n+1+w.IntN(26))%28 + 1
		} else {
			a.m = (v.m+w.IntN(11))%12 + 1
		}
	case "phone":
		a.text = otherFigure(w, v.text)
	case "mail":
		a.text = pick(w, "x"+v.text, strings.Replace(v.text, "@", "1@", 1), strings.Replace(v.text, "@", "@mi", 1))
	case "link":
		a.text = pick(w, v.text+"2", strings.Replace(v.text, ".", "s.", 1), strings.Replace(v.text, "/", "/nuevo/", 1))
	case "code":
		a.text = otherFigure(w, v.text)
	case "plan":
		for a.text == v.text {
			a.text = plans[w.IntN(len(plans))]
		}
	}
	return a
}

func otherDigit(w writer, n int) int {
	s := []byte(strconv.Itoa(n))
	i := w.IntN(len(s))
	s[i] = "123456789"[w.IntN(9)]
	if m, _ := strconv.Atoi(string(s)); m != n {
		return m
	}
	return n + 1
}

func otherFigure(w writer, s string) string {
	b := []byte(s)
	for {
		i := w.IntN(len(b))
		if b[i] < '0' || b[i] > '9' {
			continue
		}
		if d := "0123456789"[w.IntN(10)]; d != b[i] {
			b[i] = d
			return string(b)
		}
	}
}
