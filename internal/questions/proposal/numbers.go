package proposal

import (
	"slices"
	"strings"

	"tania/internal/lazyregexp"
)

const (
	// aRecord is a noun of what a business keeps of one customer, or gives to one.
	aRecord = `pedido|orden|ordem|order|encomenda|ticket|caso|case|chamado|protocolo|factura|fatura|invoice|boleto|gu[ií]a|tracking|rastreio|rastreo|reserva|booking|folio|contrato|contract|` +
		`p[oó]liza|policy|ap[oó]lice|cuenta|account|conta|cliente|customer|referencia|refer[eê]ncia|reference|c[oó]digo|code|placa|serial|serie|c[eé]dula|dni|cpf|rfc|rut|nit|curp|` +
		`passport|pasaporte|passaporte|pin|otp|clave|locker|casillero|arm[aá]rio`
	// itsKind is what stands between such a noun and its number.
	itsKind = `(?:\W{1,3}(?:n[º°o]?|nro|num|n[uú]mero|number|id|es|is|[eé]|de|do|da|verificaci[oó]n|verifica[cç][aã]o|verification|acceso|acesso|access|seguridad|seguran[cç]a|security|seguimiento|` +
		`rastreo|rastreio|entrega|retiro|retirada|activaci[oó]n|ativa[cç][aã]o|activation|confirmaci[oó]n|confirma[cç][aã]o|confirmation|temporal|provis[oó]ri[ao]|env[ií]o|pedido|cliente))*`
)

var (
	// spaced is a number of seven digits or more, with what separates them.
	spaced = lazyregexp.New(`\+?\(?\d(?:[ \-.()/]{0,2}\d){6,}`)
	// plain is one of five digits or more; thousands are set off in a sum.
	plain     = lazyregexp.New(`\d{5,}`)
	thousands = lazyregexp.New(`^\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?$`)
	// coded has letters and figures.
	coded = lazyregexp.New(`\b[A-Za-z]{1,6}-?\d{3,}[\w-]*\b|\b\d{2,}-?[A-Za-z]{2,}-?\d[\w-]*\b`)
	// model is what stands before the code of a product.
	model = lazyregexp.New(`(?i)(?:^|[^\pL])mode(?:lo?|ls|los)\s+$`)
	// account is the number of a bank account as IBAN writes it.
	account = lazyregexp.New(`\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,8}(?: ?[A-Z\d]{1,3})?\b`)
	record  = lazyregexp.New(`(?i)((?:^|[^\pL])(?:` + aRecord + `)s?` + itsKind + `\W{0,3}#?\s?)([a-z-]*\d[a-z\d-]*)`)
	// identity is the number of a document, which may be set off like a sum.
	identity = lazyregexp.New(`(?i)((?:^|[^\pL])(?:c[eé]dula|dni|cpf|cnpj|rg|rut|nit|curp|rfc|ssn|documento|identificaci[oó]n|identidade?|pas(?:aporte|saporte|sport))` + itsKind + `\W{0,3})(\d[\d./-]{4,}\d(?:-?[a-z]\b)?)`)
	hashed   = lazyregexp.New(`(?i)((?:^|[^\pL\d])#\s?|\bn[º°]\s?)([a-z]{0,4}-?\d{2,}[\w-]*)`)
	// secret is a code in two parts, by what stands before it.
	secret = lazyregexp.New(`(?i)((?:^|[^\pL])(?:c[oó]digo|code|pin|otp|token|clave)` + itsKind + `\W{0,3})(\d{2,4}[ -]\d{2,4})\b`)
	// password is what is behind one's name, with a colon or with a figure in it.
	password = lazyregexp.New(`(?i)((?:^|[^\pL])(?:contrase[ñn]a|clave|password|passcode|senha|usu[aá]rio|username|login)(?:\s(?:temporal|provisional|provis[oó]ria|nueva|nova|de acceso|de acesso))?\s?(?::|es|is|[eé])\s)(\S+)`)
	// ending is how the last digits of a card or an account are told.
	ending = lazyregexp.New(`(?i)((?:terminad[oa]s?|terminan?|acabad[oa]s?|ending|ends|final)\s(?:(?:en|em|in|with|con|com)\s)?)(\d{3,4}\b)`)
	money  = lazyregexp.New(`(?i)^\s?(?:pesos?|d[oó]lares|dollars?|euros?|rea(?:l|is)|soles|usd|eur|mxn|ars|clp|cop|brl|€|\$|%|km|kms|kg|ml|mb|gb|mah|puntos|points|pontos|m[2²]|metros)(?:$|[^\pL\d])`)
	// measured is a number with its unit, a time, or an ordinal.
	measured = lazyregexp.New(`(?i)^\d+(?:kg|g|km|k|m|m2|cm|mm|ml|l|lb|oz|gb|mb|tb|mah|h|hs|hrs|min|s|am|pm|x|d|dias|meses|v|w|mp|px|st|nd|rd|th|er|ra|do|da|to|ta|o|a)$`)
	day      = lazyregexp.New(`^(?:\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2})$`)
	born     = lazyregexp.New(`(?i)(?:naci|nasc|birth|born|dob)[^.?!\n]{0,40}$`)
	// free is a telephone number that costs the caller nothing, which is a business's.
	free = lazyregexp.New(`^(?:01 ?-?8000|0800|0810|0300|1[- ]?8(?:00|88|77|66|55|44|33))[- ]`)
)

// replaceNumbers replaces the numbers and codes of one customer.
func (p Persons) replaceNumbers(text string, m marks) string {
	text = replaceGroup(password, text, func(found group) string {
		word := strings.TrimRight(found.text, ".,;!?)")
		if !strings.HasSuffix(strings.TrimSpace(found.before), ":") && !strings.ContainsAny(word, "0123456789") || p.isPublic(word) {
			return found.text
		}
		return m.number + found.text[len(word):]
	})
	text = account.ReplaceAllString(text, m.number)
	for _, r := range []*lazyregexp.Regexp{secret, ending, identity} {
		text = replaceGroup(r, text, func(found group) string {
			if money.MatchString(found.after) || day.MatchString(found.text) {
				return found.text
			}
			return m.number
		})
	}
	text = replaceGroup(record, text, func(found group) string { return p.recorded(found, m.number) })
	text = replaceGroup(hashed, text, func(group) string { return m.number })
	text = p.numbers(text, spaced, func(n string) string {
		if strings.HasPrefix(n, "+") || strings.ContainsAny(n, " -()/.") || len(n) >= 10 {
			return m.phone
		}
		return m.number
	})
	number := func(string) string { return m.number }
	text = p.numbers(p.numbers(text, coded, number), plain, number)
	return replaceAt(text, token.FindAllStringIndex(text, -1), func(at []int) string {
		if word := text[at[0]:at[1]]; !mixed(word) || !p.told[bare(word)] {
			return word
		}
		return m.number
	})
}

// recorded replaces the number or code of a record, if it is one: three digits, or letters and figures.
func (p Persons) recorded(found group, mark string) string {
	number := bare(found.text)
	n := len(digits(number))
	code := n >= 3 || n >= 1 && n < len(number) && len(number) >= 3 && !measured.MatchString(number)
	if !code || n == len(number) && money.MatchString(found.after) || p.isPublic(found.text) && !p.told[number] {
		return found.text
	}
	return mark
}

// numbers replaces what an expression finds, unless it is everybody's: a sum of money that the customer did not write, a date, the code of
// a product, or a number that the bot tells.
func (p Persons) numbers(text string, r *lazyregexp.Regexp, mark func(string) string) string {
	return replaceAt(text, r.FindAllStringIndex(text, -1), func(at []int) string {
		found, before := text[at[0]:at[1]], text[:at[0]]
		common := isSum(text, at) || day.MatchString(found) && !born.MatchString(before) || free.MatchString(found) || model.MatchString(before)
		if common && !p.told[bare(found)] || p.isPublicNumber(found) {
			return found
		}
		return mark(found)
	})
}

// isSum reports whether the number at a place is money or a measure.
func isSum(text string, at []int) bool {
	before := strings.TrimRight(text[:at[0]], " ")
	if slices.ContainsFunc([]string{"$", "€", "£"}, func(sign string) bool { return strings.HasSuffix(before, sign) }) {
		return true
	}
	return money.MatchString(text[at[1]:]) || thousands.MatchString(text[at[0]:at[1]])
}
