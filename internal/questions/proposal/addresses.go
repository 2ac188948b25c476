package proposal

import (
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
	// toldAddress is where somebody is said to live, whose words have a number.
	toldAddress = lazyregexp.New(`((?:^|[^\pL])(?i:(?:su|tu|your|seu|sua|teu|his|her|their)\s+(?:(?:nueva|new|novo)\s+)?(?:direcci[óo]n|domicilio|address|endere[çc]o|residencia|residência)(?:\s+de\s+(?:entrega|env[íi]o))?\s*(?:es|is|é|:)|vives? en|you live (?:at|on|in)|(?:voc[êe] )?mora (?:em|na|no))\s*)([^.;!?\n]*\d[^.;!?\n]*)`)
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

// addresses are the ways in which one is written: the second group of each is what tells it, the third what else belongs to it.
var addresses = []struct {
	finds *lazyregexp.Regexp
	// street says that the words are to be those of a street.
	street bool
}{{grid, false}, {named, true}, {numbered, true}, {lot, false}, {box, false}, {postal, false}, {flat, false}}

// publicAddress is where a text has an address that the bot tells everybody, nil where it has none.
func (p Persons) publicAddress(text string) (at []int) {
	if p.public == nil {
		return nil
	}
	for _, kind := range addresses {
		for _, m := range kind.finds.FindAllStringSubmatchIndex(text, -1) {
			if p.isPublic(text[m[4]:m[5]]) {
				return []int{m[4], m[5]}
			}
		}
	}
	return nil
}

// replaceAddresses replaces postal addresses.
func replaceAddresses(text, mark string) string {
	for _, kind := range addresses {
		var places [][]int
		for _, m := range kind.finds.FindAllStringSubmatchIndex(text, -1) {
			counts := m[6] == m[7] && counted.MatchString(text[m[7]:])
			if !counts && (!kind.street || isStreet(text[m[4]:m[5]])) {
				places = append(places, []int{m[4], m[7]})
			}
		}
		text = replaceAt(text, places, func([]int) string { return mark })
	}
	return replaceGroup(toldAddress, text, func(group) string { return mark })
}

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
