// Package postal finds postal addresses in what people write in Spanish, English and Portuguese: street and number, with what
// follows. Texts come in, places come out.
package postal

import (
	"slices"
	"strings"
	"unicode"

	"tania/internal/cache/reading"
	"tania/internal/lazyregexp"
	"tania/internal/words"
)

const (
	// aStreet is a kind of street before its name; aRoad, one of English, comes behind it.
	aStreet = `(?:calle|cll?|carrera|cra|kra|kr|cr|avenida|avda?|ave|av|diagonal|diag|transversal|transv|jir[óo]n|jr|calzada|calz|bulevar|boulevard|blvd|pasaje|pje|paseo|callej[óo]n|circunvalar|` +
		`autopista|prolongaci[óo]n|ronda|traves[íi]a|rua|r|alameda|al|travessa|tv|rodovia|estrada|largo|pra[çc]a|plaza|camino|carretera|privada|cerrada)`
	aRoad = `(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|way|place|pl|square|sq|terrace|parkway|pkwy|highway|hwy|close|crescent|gardens)`
	// itsNumber is a house's, itsRest what follows: the flat, the quarter, the postal code, the town.
	itsNumber = `(?:(?i:n[º°o]|n[úu]m(?:ero)?|nro|#)\.?\s*)?\d{1,5}(?:\s?[A-Za-z]\b)?`
	itsRest   = `(?:[\s,]+(?i:apto|ap|apartamento|apt|depto|departamento|dpto|dto|piso|torre|bloque|bloco|bl|casa|interior|int|oficina|of|local|manzana|mz|lote|lt|puerta|pta|portal|escalera|esc|sala|` +
		`unit|suite|ste|floor|flat)\b\.?\s*(?:n[º°o.]\s*|#\s*)?(?:\d[\d-]*\s?[A-Za-z]?\b|[A-Z]\d*\b)` +
		`|[\s,]+\d{1,2}\s?[º°ª](?:\s?[A-Z]\b)?(?:\s?(?i:piso|andar))?` +
		`|[\s,]+(?i:col(?:onia|\.)|barrio|urb(?:anizaci[óo]n|\.)|bairro|setor|sector|fracc(?:ionamiento|\.)|conjunto|edificio|edif?\.|residencial|localidad|municipio|condominio|jardim|vila)(?:\s+(?:d[aeo]s?\s+|del\s+|las?\s+|los\s+)*\p{Lu}[\pL\d]*){1,3}` +
		`|[\s,]+(?:(?i:c\.?p\.?|cep|zip)\s*)?\d{5}(?:-\d{3,4})?(?:\s+\p{Lu}\pL+){0,2}` +
		`|[\s,]+[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b` +
		`|[\s,]+(?:NE|NW|SE|SW|N|S|E|W)\b` +
		`|,\s*[A-Z]{2}\b(?:\s+\d{5})?` +
		`|,\s*\p{Lu}\p{Ll}+(?:\s+(?:d[aeo]s?\s+|del\s+|las?\s+|los\s+)*\p{Lu}\p{Ll}+){0,2})*`
)

var (
	// grid is an address by the numbers of two streets: Carrera 15 # 93-60.
	grid = lazyregexp.New(`(^|[^\pL])((?i:` + aStreet + `\.?\s*\d{1,3}\s?[a-z]{0,2}(?:\s+(?:bis|sur|norte|este|oeste))*(?:\s*(?:#|n[º°o]\.?|nro\.?|con\b|-)\s*\d{1,3}\s?[a-z]?(?:\s+(?:bis|sur|norte|este|oeste))*` +
		`(?:\s*-\s*\d{1,3}(?:\s+(?:sur|norte|este|oeste)\b)?)?|\s+\d{1,3}[a-z]?\s*-\s*\d{1,3}))\b)(` + itsRest + `)`)
	// named is one by the name of a street and the number of a house.
	named = lazyregexp.New(`(^|[^\pL])((?i:` + aStreet + `)(?:\.\s*|\s+)(?:\d{1,2}\s+de\s+)?(?:[\pL'’]+\.?\s+){0,4}[\pL'’]+(?:,\s*|\s+)` + itsNumber + `)(` + itsRest + `)`)
	// numbered is one by the number of a house and the name of a street.
	numbered = lazyregexp.New(`(^|[^\pL\d])((?:(?i:flat|apt|apartment|unit|suite)\.?\s*\w{1,4},?\s+)?\d{1,5}[A-Za-z]?\s+(?:[NSEW]\.?\s+)?(?:\d{1,3}(?:st|nd|rd|th)\s+)?(?:[\pL'’]+\.?\s+){0,3}(?i:` + aRoad + `)\b)(\.?` + itsRest + `)`)
	// lot and box are addresses without a street.
	lot = lazyregexp.New(`(^|[^\pL])((?i:manzana|mz|mza|quadra|qd|smz)\.?\s?\w{1,3},?\s*(?i:lote|lt|casa|villa|conjunto)\.?\s?\w{1,4}\b)(` + itsRest + `)`)
	box = lazyregexp.New(`(^|[^\pL])((?i:p\.?\s?o\.?\s?box|apartado (?:postal|a[ée]reo)|caixa postal|casilla postal)\s*(?:n[º°o.]\s*)?\d+)(` + itsRest + `)`)
	// postal is a postal code, by what stands before it or by its form.
	postal = lazyregexp.New(`(^|[^\pL])((?i:c\.p\.|cp|cep|zip(?: code)?|postcode|c[óo]digo postal)\W{0,3}\d{4,5}(?:-\d{3,4})?\b|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b)()`)
	// flat is the number of a flat alone.
	flat = lazyregexp.New(`(^|[^\pL])((?i:apto|apartamento|apartment|apt|depto|departamento|dpto)\.?\s*(?:n[º°o.]\s*|#\s*)?\d{2,5}[A-Za-z]?\b)()`)
	// nth is the number of a street in English.
	nth = lazyregexp.New(`\d(?:st|nd|rd|th)\b`)
	// counted is what a number before it is no house's.
	counted = lazyregexp.New(`(?i)^\s*(?:%|€|\$|(?:minut[oe]s?|min|horas?|hours?|h|d[íi]as?|days?|cuadras?|quadras?|blocks?|km|kil[óo]metros?|metros?|m|meters?|veces|vezes|times|personas?|pessoas?|people|` +
		`habitaciones|hab|ambientes|dormitorios|quartos|bedrooms|m2|m²|pesos?|d[óo]lares|reais|euros?|dollars?)(?:$|[^\pL]))`)
)

// weakStreets are words that name a kind of street and much else: they need a name with a capital behind them.
var weakStreets = reading.WordSet(`r al tv ave cr cl paseo ronda largo plaza praca camino privada cerrada estrada drive dr court ct way place pl square sq terrace
	close gardens st highway parkway crescent`)

// joining are the small words within the name of a street.
var joining = reading.WordSet(`de del la las los el da do dos das e y san santa sao`)

// ways are the ways in which an address is written: the second group of each is what tells it, the third what else belongs to it.
var ways = []struct {
	finds *lazyregexp.Regexp
	// street says that the words are to be those of a street, part that it is a part of an address alone.
	street, part bool
}{
	{grid, false, false},
	{named, true, false},
	{numbered, true, false},
	{lot, false, false},
	{box, false, false},
	{postal, false, true},
	{flat, false, true},
}

// Place is where an address stands, in bytes: what tells it ends at Core, all of it at End.
type Place struct{ Start, Core, End int }

// Find gives the addresses in a text, in its order; with parts a postal code and the number of a flat alone, too.
func Find(text string, parts bool) (places []Place) {
	rest := []byte(text)
	for _, way := range ways {
		if way.part && !parts {
			continue
		}
		for _, m := range way.finds.FindAllStringSubmatchIndex(string(rest), -1) {
			counts := m[6] == m[7] && counted.MatchString(text[m[7]:])
			if counts || way.street && !isStreet(text[m[4]:m[5]]) {
				continue
			}
			places = append(places, Place{m[4], m[5], m[7]})
			for i := m[4]; i < m[7]; i++ { // what was found is no part of another one
				rest[i] = 0
			}
		}
	}
	slices.SortFunc(places, func(a, b Place) int { return a.Start - b.Start })
	return places
}

// Told gives where the first address stands that a test takes, by what tells it.
func Told(text string, is func(string) bool) (at []int) {
	for _, way := range ways {
		for _, m := range way.finds.FindAllStringSubmatchIndex(text, -1) {
			if is(text[m[4]:m[5]]) {
				return []int{m[4], m[5]}
			}
		}
	}
	return nil
}

// word is one, with its letters and marks.
var word = lazyregexp.New(`\pL[\pL\pM'’]*`)

// isStreet reports whether the words of an address name a street: neither those of a sentence, nor nothing but small ones.
func isStreet(core string) bool {
	byNumber := nth.MatchString(core)
	name, capital, weak := byNumber, byNumber, false
	for _, w := range word.FindAllString(core, -1) {
		folded := words.Fold(w)
		switch {
		case kindsOfStreet[folded]:
			weak = weak || weakStreets[folded]
		case joining[folded]:
		case reading.FunctionWords[folded] && !unicode.IsUpper([]rune(w)[0]):
			return false
		case len(folded) > 1:
			name, capital = true, capital || unicode.IsUpper([]rune(w)[0])
		}
	}
	return name && (capital || !weak)
}

// kindsOfStreet are the words of aStreet and aRoad, folded.
var kindsOfStreet = reading.WordSet(strings.Join([]string{
	`calle cll cl carrera cra kra kr cr avenida avda avd ave av diagonal diag transversal transv jiron jr calzada calz bulevar boulevard blvd
	pasaje pje paseo callejon circunvalar autopista prolongacion ronda travesia rua r alameda al travessa tv rodovia estrada largo praca plaza
	camino carretera privada cerrada`,
	`street st avenue road rd lane ln drive dr court ct way place pl square sq terrace parkway pkwy highway hwy close crescent gardens`,
	`no n nro num numero flat apt apartment unit suite`,
}, " "))
