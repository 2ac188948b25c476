package shareable

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tania/internal/cache/reading"
	"tania/internal/lazyregexp"
	"tania/internal/words"
)

// The marks of something that belongs to one customer. Those with figures are only looked for in texts with figures.
var (
	mailAddress = lazyregexp.New(`\S@\S+\.\S|(?:^|\s)@\pL[\pL\d._]{2,}`)
	// longNumber is five digits or more, also with separators between them, but not the thousands of a price.
	longNumber = lazyregexp.New(`\d(?:[ \-./()]{0,2}\d){4,}`)
	sum        = lazyregexp.New(`^\d{1,3}(?:\.\d{3})+$|^\d{5,7}$`)
	years      = lazyregexp.New(`^(?:19|20)\d\d *[-/] *(?:(?:19|20)\d)?\d$`)
	code       = lazyregexp.New(`[A-Za-z\d]*(?:[A-Za-z]-?\d|\d-?[A-Za-z])[A-Za-z\d]*(?:-[A-Za-z\d]+)*`)
	measure    = lazyregexp.New(`^\d+[a-z]{1,5}$|^[a-z]{1,8}\d{1,2}$|^[a-z]\d{1,3}[a-z]?$`)
	hashNumber = lazyregexp.New(`(?:#|\bn[º°o]\.?|\bnro\.?|\bnum\.?)\s*[a-z]{0,3}-?\d{2,}`)
	ending     = lazyregexp.New(`\b(?:termina|terminan|terminad[ao]s?|acaba|ending|ends|finaliza|final|last 4|ultimos 4|final de)\s+(?:digits |digitos )?(?:en|em|in|with|con|com|is|are|son|sao)?\s*\d{2,}`)
	// record is a noun of what a business keeps of one customer, and its number.
	record = lazyregexp.New(`\b(?:pedido|orden|ordem|order|ticket|tiquete|caso|case|chamado|protocolo|factura|fatura|invoice|boleta|boleto|guia|tracking|rastreio|rastreo|seguimiento|reserva|booking|reservation|` +
		`folio|contrato|contract|poliza|policy|apolice|cuenta|account|conta|cliente|client|customer|socio|member|membership|afiliado|legajo|expediente|radicado|matricula|usuario|user|transaccion|transaction|` +
		`transacao|operacion|referencia|reference|ref|codigo|code|pin|serie|serial|placa|patente|habitacion|room|quarto|vuelo|flight|voo|turno|reclamo|claim|siniestro|linea|line|extension|ramal|` +
		`dni|cpf|cnpj|rfc|curp|cuit|cuil|rut|ssn|nit|cedula|pasaporte|passport|passaporte|rg|id|nie|nif|cep|zip|cp)\b` +
		`(?: (?:id|de|del|do|da|nr|is|es|e|number|numero|num|no|order|pedido|cliente|socio|orden|reserva|seguimiento|tracking))*\s*(?:n[º°o]?\.?|#|:)*\s*(?:[a-z]{0,4}-?\d{3,}|[a-z]{1,4}-?\d{2,}|[a-z]+\d[a-z\d]{3,}|[a-z]{2,}\d[a-z\d]{2,}|[a-z\d]{4,}\d[a-z]*)\b`)
	// locator is the code of a booking, in capitals.
	locator = lazyregexp.New(`(?i:reserva|booking|reference|referencia|localizador|pnr|c[oó]digo|code)[^.?!]{0,20}\b[A-Z]{6}\b`)
	lives   = lazyregexp.New(`\b(?:vivo en|vivimos en|i live (?:at|in|on)|moro (?:em|na|no)|calle|avenida|av\.?|avda\.?|rua|pasaje|barrio|colonia|street|avenue|road|my address|mi direccion|meu endereco)\s+[^?]{0,60}?\d`)
	// addressed is a street and its number as English writes it.
	addressed  = lazyregexp.New(`\b\d{1,5} (?:[a-z]+ ){1,3}(?:street|st|avenue|ave|road|rd|lane|drive|blvd|boulevard)\b`)
	born       = lazyregexp.New(`\b(?:naci|nasci|born|dob|nacimiento|nascimento|birthday|cumpleanos|aniversario)\b.{0,30}\d`)
	letterwise = lazyregexp.New(`\b(?:arroba|gmail|hotmail|outlook|yahoo)\b.*\b(?:punto|ponto|dot|com)\b`)
	callsSelf  = lazyregexp.New(`\b(?:me llamo|mi nombre(?: completo)? es|my (?:full )?name is|name is|name's|me chamo|meu nome (?:completo )?e|mi apellido es|my (?:last )?name's|les? habla|le escribe|aqui quien fala|quien (?:le )?escribe)\s+\pL`)
	// self is how one says who one is, but also what: a name has a capital, or is no word for a kind of customer.
	self     = lazyregexp.New(`(?i)(?:^|[^\pL])(soy|eu sou|sou|i am|i'm|i’m|im|this is|aqu[ií] es|aqui [eé]|habla|fala|a nombre de|under the name|under|em nome de|para el? se[ñn]or|nombre:|name:|nome:)\s+(?:(?:el|la|o|a|do|da|don|do[ñn]a|mr|mrs|ms|dr|dra)\.?\s+)?(?:(?:client[ea]|paciente|patient|alumn[oa]|alun[oa]|soci[oa]|se[ñn]ora?|senhora?|titular|usuari[oa]|student|member|customer)\s+)?(\pL[\pL\pM'’]*)`)
	ownIs    = lazyregexp.New(`(?i)(?:^|[^\pL])(?:mi|my|meu|minha|nuestro|nuestra|our)\s+(?:\pL+\s+){1,4}(?:(?:es|is|é|e|era)\s+|:\s*)(?:el |la |o |a )?(\S+)`)
	identity = lazyregexp.New(`\b(?:mi|my|meu|minha)\s+(?:(?:numero|number|direccion|cuenta|nuevo|novo|new) (?:de |do |of )?)?(?:nombre|apellido|name|surname|nome|sobrenome|correo|email|e-mail|mail|direccion|address|endereco|usuario|username|contrasena|password|senha|clave)(?: \w+)?(?:\s+(?:es|is|e)|\s*:)\s+([^\s?.,!]+)`)
	// ails is what is said of a number or a telephone instead of telling it: "my phone is stolen".
	ails = reading.WordSet(`not no gone lost stolen broken dead incorrect wrong correct different old out still being the a el la mal mala malo incorrecta incorrecto otro otra diferente distinto required needed obligatorio necesario
		never always ya muy too so very blocked locked full disabled invalid safe`)
)

// kinds are what a customer may be without being anybody: "soy estudiante".
var kinds = reading.WordSet(`cliente clienta nuevo nueva nuevos novo nova estudiante alumno alumna aluno aluna mayor menor maior menor
	extranjero extranjera estrangeiro turista residente jubilado jubilada pensionado pensionada
	aposentado aposentada empleado empleada monotributista autonomo autonoma independiente freelance profesional profesor profesora docente
	medico medica doctor doctora medica alergico alergica vegano vegana vegetariano vegetariana celiaco
	celiaca diabetico diabetica diabetica hipertenso socio socia titular afiliado afiliada usuario usuaria miembro suscriptor empresa pyme
	revendedor revendedora mayorista minorista comerciante vendedor vendedora
	padre madre mama papa mae pai de del do da dos das un una um uma el la los las uno una parte principiante iniciante beginner
	discapacitado desempleado desempregado ciudadano ciudadana cidadao casado soltero
	muy mas tambien tan yo el ella quien que responsable correntista cliente consumidor asegurado asegurada paciente contribuyente no solo
	so apenas donante deficiente gestante embarazada mejor dueno duena
	propietario propietaria inquilino inquilina menor novato novata nova feliz inteligente guapo guapa feo fea tonto gay humano humana
	hombre mujer chico chica malo mala bueno buena tu tuyo tuya amigo amiga`)

// identifying reports whether a text names somebody or something of theirs.
func identifying(text, folded string) bool {
	if strings.ContainsFunc(folded, func(r rune) bool { return r != ' ' && unicode.IsSpace(r) }) {
		// What is looked for below stands between blanks.
		folded = strings.Join(strings.Fields(folded), " ")
	}
	if strings.ContainsRune(text, '@') && mailAddress.MatchString(text) {
		return true
	}
	if strings.ContainsFunc(folded, unicode.IsDigit) && numbered(folded) {
		return true
	}
	if mentions(folded, "llamo", "chamo", "nombre", "nome", "name", "apellido", "habla", "escribe", "quien") && callsSelf.MatchString(folded) {
		return true
	}
	if mentions(folded, "reserva", "booking", "referenc", "localizador", "pnr", "codigo", "code") && !shouts(text) &&
		locator.MatchString(text) {
		return true
	}
	if mentions(folded, "arroba", "gmail", "hotmail", "outlook", "yahoo") && letterwise.MatchString(folded) {
		return true
	}
	if mentions(folded, " es ", " is ", " e ", " era ", ":") && mentions(folded, "mi ", "my ", "meu ", "minha ", "nuestr", "our ") {
		if m := identity.FindStringSubmatch(folded); m != nil && !ails[m[1]] && !participle(m[1]) {
			return true
		}
		for _, m := range ownIs.FindAllStringSubmatch(text, -1) {
			if first, _ := utf8.DecodeRuneInString(m[1]); strings.ContainsAny(m[1], "0123456789@") || unicode.IsUpper(first) && !shouts(text) {
				return true
			}
		}
	}
	return mentions(folded, "soy", "sou", "i am", "i'm", "i’m", "im ", "this is", "aqui", "habla", "fala", "nombre", "nome", "name", "senor",
		"under ") && introduces(text)
}

func mentions(text string, phrases ...string) bool {
	return slices.ContainsFunc(phrases, func(s string) bool { return strings.Contains(text, s) })
}

// shouts reports whether most letters are capitals, which then tell nothing.
func shouts(text string) bool {
	up, low := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsUpper(r):
			up++
		case unicode.IsLower(r):
			low++
		}
	}
	return up > low
}

// introduces reports whether the writer says who they are.
func introduces(text string) bool {
	for _, m := range self.FindAllStringSubmatch(text, -1) {
		lead, name := words.Fold(m[1]), words.Fold(m[2])
		first, size := utf8.DecodeRuneInString(m[2])
		second, _ := utf8.DecodeRuneInString(m[2][size:])
		capital := unicode.IsUpper(first) && !unicode.IsUpper(second) && size < len(m[2])
		switch lead {
		case "soy", "sou", "eu sou":
			// Without a capital only a word that is not known for a kind of customer.
			if capital || !kinds[name] && !reading.FunctionWords[name] && !participle(name) &&
				strings.HasPrefix(words.Fold(strings.TrimSpace(text)), lead) {
				return true
			}
		case "nombre:", "name:", "nome:":
			return true
		default:
			if capital && !reading.FunctionWords[name] {
				return true
			}
		}
	}
	return false
}

// participle reports whether a word of Spanish or Portuguese looks like one, or like its plural.
func participle(w string) bool {
	w = strings.TrimSuffix(w, "s")
	for _, end := range []string{"ado", "ada", "ido", "ida", "ando", "endo", "indo"} {
		if strings.HasSuffix(w, end) && len(w) > len(end)+1 {
			return true
		}
	}
	return irregularParticiples[w]
}

var irregularParticiples = reading.WordSet(`inscripto inscripta inscrito inscrita escrito abierto suscripto suscrito`)

// numbered reports whether figures in a folded text are those of a person, a place or a record.
func numbered(folded string) bool {
	for _, at := range longNumber.FindAllStringIndex(folded, -1) {
		number := folded[at[0]:at[1]]
		counted := sum.MatchString(number) && (number[len(number)-4] == '.' || counts(folded, at[0], at[1]))
		if !counted && !years.MatchString(number) {
			return true
		}
	}
	for _, c := range code.FindAllString(folded, -1) {
		digits, turns := 0, 0
		for i := range len(c) {
			if d := c[i] >= '0' && c[i] <= '9'; d {
				digits++
			}
			if i > 0 && (c[i] >= '0' && c[i] <= '9') != (c[i-1] >= '0' && c[i-1] <= '9') {
				turns++
			}
		}
		if len(c) >= 5 && !measure.MatchString(c) && (digits >= 3 || turns >= 3) {
			return true
		}
	}
	return slices.ContainsFunc(withFigures, func(r *lazyregexp.Regexp) bool { return r.MatchString(folded) })
}

// withFigures are what else names a person, a place or a record by figures.
var withFigures = []*lazyregexp.Regexp{hashNumber, record, ending, lives, addressed, born}

// counts reports whether the number at a place of a text is one of money or a measure.
func counts(text string, from, to int) bool {
	before := strings.TrimSpace(text[:from])
	if strings.HasSuffix(before, "$") || strings.HasSuffix(before, "€") || strings.HasSuffix(before, "£") {
		return true
	}
	after, _, _ := strings.Cut(strings.TrimSpace(text[to:]), " ")
	return measures[strings.TrimRight(after, "?.,!;")]
}

var measures = reading.WordSet(`pesos peso dolares dollars dollar euros euro reales reais real soles usd eur mxn ars clp cop brl bucks libras pounds yenes km kms kilometros miles millas mah btu watts w ml mg megas mb gb mbps puntos points pontos frigorias`)
