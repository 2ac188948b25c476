package proposal

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tania/internal/cache/reading"
	"tania/internal/lazyregexp"
	"tania/internal/tania"
	"tania/internal/words"
)

// marks stand for what is replaced.
type marks struct{ name, mail, phone, number, link string }

var allMarks = map[tania.Language]marks{
	tania.Spanish:    {"[nombre]", "[correo]", "[teléfono]", "[número]", "[enlace]"},
	tania.English:    {"[name]", "[e-mail]", "[phone]", "[number]", "[link]"},
	tania.Portuguese: {"[nome]", "[e-mail]", "[telefone]", "[número]", "[link]"},
}

func marksIn(l tania.Language) marks {
	if m, ok := allMarks[l]; ok {
		return m
	}
	return allMarks[tania.English]
}

// namesOf are the marks of names.
func namesOf() (all []string) {
	for _, l := range []tania.Language{tania.Spanish, tania.English, tania.Portuguese} {
		all = append(all, allMarks[l].name)
	}
	return all
}

// Marked reports whether a text holds what stands for personal data still, in any language.
func Marked(text string) bool { return withoutMarks(text) != text }

func withoutMarks(text string) string {
	for _, m := range allMarks {
		for _, mark := range []string{m.name, m.mail, m.phone, m.number, m.link} {
			text = strings.ReplaceAll(text, mark, "")
		}
	}
	return text
}

// Persons are whom a conversation is between, and what the customer told of themselves.
type Persons struct {
	// names are the parts of names, folded.
	names map[string]bool
	// told are the numbers and codes that the customer wrote, or has: the digits and letters of each alone.
	told map[string]bool
}

// Of gives the persons of a conversation.
func Of(c *tania.Conversation) Persons {
	p := Persons{names: map[string]bool{}, told: map[string]bool{}}
	p.named(c.Contact.Name)
	for _, text := range []string{c.Contact.Phone, c.Contact.Identifier} {
		p.tells(text)
	}
	if c.Takeover != nil {
		p.named(c.Takeover.Name)
	}
	for _, e := range c.History {
		if e.From != tania.FromBot {
			p.named(e.Name)
		}
		if e.From == tania.FromCustomer {
			p.tells(e.Text)
		}
	}
	return p
}

func (p Persons) named(name string) {
	for part := range strings.FieldsFuncSeq(words.Fold(name), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if utf8.RuneCountInString(part) >= 3 && !reading.FunctionWords[part] {
			p.names[part] = true
		}
	}
}

func (p Persons) tells(text string) {
	for _, n := range slices.Concat(spaced.FindAllString(text, -1), plain.FindAllString(text, -1), coded.FindAllString(text, -1)) {
		if n = bare(n); len(n) >= 4 {
			p.told[n] = true
		}
	}
}

// bare is a number or code without what separates its parts.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

var (
	link = lazyregexp.New(`(?i)(?:https?://|www\.)[^\s<>]+`)
	mail = lazyregexp.New(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+\.[^\s<>"'(),;:!?]*[^\s<>"'(),;:!?.]|(?:^|\s)@[\pL\d._]{3,}`)
	// spaced is a number of seven digits or more, with what separates them.
	spaced = lazyregexp.New(`\+?\(?\d(?:[ \-.()/]{0,2}\d){6,}`)
	// plain is one of five digits or more; thousands are set off in a sum.
	plain     = lazyregexp.New(`\d{5,}`)
	thousands = lazyregexp.New(`^\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?$`)
	// coded has letters and figures.
	coded = lazyregexp.New(`\b[A-Za-z]{1,6}-?\d{3,}[\w-]*\b|\b\d{2,}-?[A-Za-z]{2,}-?\d[\w-]*\b`)
	// record is a noun of what a business keeps of one customer, and its number.
	record = lazyregexp.New(`(?i)((?:^|[^\pL])(?:pedido|orden|ordem|order|encomenda|ticket|caso|case|chamado|protocolo|factura|fatura|invoice|boleto|gu[ií]a|tracking|rastreio|rastreo|reserva|booking|folio|contrato|contract|p[oó]liza|policy|ap[oó]lice|cuenta|account|conta|cliente|customer|referencia|refer[eê]ncia|reference|c[oó]digo|code|placa|serial|serie|c[eé]dula|dni|cpf|rfc|rut|nit|curp|passport|pasaporte|passaporte)s?` +
		`(?:\W{1,3}(?:n[º°o]?|nro|num|n[uú]mero|number|id|es|is|[eé]|de|do|da))*\W{0,3}#?\s?)([A-Za-z]{0,4}-?\d{3,}[\w-]*|[A-Za-z]{1,4}-?\d{2,}[\w-]*)`)
	hashed     = lazyregexp.New(`(?i)(#\s?|\bn[º°]\s?)[a-z]{0,4}-?\d{2,}[\w-]*`)
	introduced = lazyregexp.New(`((?:^|[^\pL])(?i:me llamo|mi nombre es|soy|le saluda|te saluda|le atiende|te atiende|le habla|my name is|i am|i'm|this is|me chamo|meu nome [eé]|sou|aqui [eé]|quem fala [eé])\s+(?i:(?:el|la|o|a|do|da)\s+)?)\p{Lu}\pL+(?:\s+(?:(?:de|del|da|do|dos)\s+)?\p{Lu}\pL+){0,3}`)
	money      = lazyregexp.New(`(?i)^\s?(?:pesos?|d[oó]lares|dollars?|euros?|rea(?:l|is)|soles|usd|eur|mxn|ars|clp|cop|brl|€|\$|km|kms|kg|ml|mb|gb|puntos|points)\b?`)
	word       = lazyregexp.New(`\pL[\pL\pM'’]*`)
)

// Replace gives a text with names, e-mails, telephones, links to what is one customer's, and numbers such as those of orders replaced by
// what they are, in a language. Sums of money stay.
func (p Persons) Replace(text string, l tania.Language) string {
	m := marksIn(l)
	var b strings.Builder
	from := 0
	for _, at := range link.FindAllStringIndex(text, -1) {
		b.WriteString(p.replace(text[from:at[0]], m))
		if address := text[at[0]:at[1]]; strings.ContainsAny(address, "?@") || plain.MatchString(address) {
			address = m.link
			b.WriteString(address)
		} else {
			b.WriteString(address)
		}
		from = at[1]
	}
	b.WriteString(p.replace(text[from:], m))
	said := b.String()
	for twice := m.name + " " + m.name; strings.Contains(said, twice); {
		said = strings.ReplaceAll(said, twice, m.name)
	}
	return said
}

// replace works on a text without links.
func (p Persons) replace(text string, m marks) string {
	text = mail.ReplaceAllStringFunc(text, func(found string) string {
		blank := found[:len(found)-len(strings.TrimLeft(found, " \t\n"))]
		return blank + m.mail
	})
	text = introduced.ReplaceAllString(text, "${1}"+m.name)
	text = record.ReplaceAllString(text, "${1}"+m.number)
	text = hashed.ReplaceAllString(text, "${1}"+m.number)
	text = p.numbers(text, spaced.FindAllStringIndex(text, -1), func(n string) string {
		if strings.HasPrefix(n, "+") || strings.ContainsAny(n, " -()/.") || len(n) >= 10 {
			return m.phone
		}
		return m.number
	})
	text = p.numbers(text, coded.FindAllStringIndex(text, -1), func(string) string { return m.number })
	text = p.numbers(text, plain.FindAllStringIndex(text, -1), func(string) string { return m.number })
	return word.ReplaceAllStringFunc(text, func(w string) string {
		if p.names[words.Fold(w)] {
			return m.name
		}
		return w
	})
}

// numbers replaces what was found at places, unless it is a sum of money that the customer did not write.
func (p Persons) numbers(text string, at [][]int, mark func(string) string) string {
	var b strings.Builder
	from := 0
	for _, place := range at {
		found := text[place[0]:place[1]]
		b.WriteString(text[from:place[0]])
		if from = place[1]; isSum(text, place) && !p.told[bare(found)] {
			b.WriteString(found)
		} else {
			b.WriteString(mark(found))
		}
	}
	b.WriteString(text[from:])
	return b.String()
}

// isSum reports whether the number at a place is money or a measure.
func isSum(text string, at []int) bool {
	before := strings.TrimRight(text[:at[0]], " ")
	for _, sign := range []string{"$", "€", "£"} {
		if strings.HasSuffix(before, sign) {
			return true
		}
	}
	return money.MatchString(text[at[1]:]) || thousands.MatchString(text[at[0]:at[1]])
}
