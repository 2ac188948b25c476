package proposal

import (
	"iter"
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
type marks struct{ name, mail, phone, number, link, address string }

var allMarks = map[tania.Language]marks{
	tania.Spanish:    {"[nombre]", "[correo]", "[teléfono]", "[número]", "[enlace]", "[dirección]"},
	tania.English:    {"[name]", "[e-mail]", "[phone]", "[number]", "[link]", "[address]"},
	tania.Portuguese: {"[nome]", "[e-mail]", "[telefone]", "[número]", "[link]", "[endereço]"},
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
		for _, mark := range []string{m.name, m.mail, m.phone, m.number, m.link, m.address} {
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
	// public are the texts that the bot tells everybody.
	public iter.Seq[string]
}

// Of gives the persons of a conversation. What stands in public, the texts that the bot tells everybody, is nobody's, but for the names of
// these persons; nil: there are none.
func Of(c *tania.Conversation, public iter.Seq[string]) Persons {
	p := Persons{names: map[string]bool{}, told: map[string]bool{}, public: public}
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
	for _, m := range record.FindAllStringSubmatch(text, -1) {
		if n := bare(m[2]); len(n) >= 3 && mixed(n) && !measured.MatchString(n) {
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

// Replace gives a text with names, e-mails, telephones, postal addresses, links to what is one person's, and numbers and codes such as
// those of orders replaced by what they are, in a language. Sums of money and dates stay, and so does what the bot tells everybody.
func (p Persons) Replace(text string, l tania.Language) string {
	m := marksIn(l)
	said := p.replaceLinks(text, m.link, func(between string) string { return p.replace(between, m) })
	for twice := m.name + " " + m.name; strings.Contains(said, twice); {
		said = strings.ReplaceAll(said, twice, m.name)
	}
	return said
}

// replace works on a text without links.
func (p Persons) replace(text string, m marks) string {
	if at := p.publicAddress(text); at != nil {
		return p.replace(text[:at[0]], m) + text[at[0]:at[1]] + p.replace(text[at[1]:], m)
	}
	text = mail.ReplaceAllStringFunc(text, func(found string) string {
		address := strings.TrimLeft(found, " \t\n")
		if p.isPublic(address) {
			return found
		}
		return found[:len(found)-len(address)] + m.mail
	})
	text = replaceAddresses(text, m.address)
	text = p.replaceNumbers(text, m)
	return p.replaceNames(text, m.name)
}

// replaceAt gives a text with what is at places, ascending, replaced.
func replaceAt(text string, places [][]int, with func(at []int) string) string {
	var b strings.Builder
	from := 0
	for _, at := range places {
		b.WriteString(text[from:at[0]])
		b.WriteString(with(at))
		from = at[1]
	}
	b.WriteString(text[from:])
	return b.String()
}

// group is what the second group of an expression found: the text of it, what the first found before it, and all that comes after.
type group struct{ before, text, after string }

// replaceGroup gives a text with what the second group of an expression finds replaced.
func replaceGroup(r *lazyregexp.Regexp, text string, with func(group) string) string {
	var places [][]int
	for _, m := range r.FindAllStringSubmatchIndex(text, -1) {
		places = append(places, []int{m[4], m[5], m[2], m[3]})
	}
	return replaceAt(text, places, func(at []int) string {
		return with(group{before: text[at[2]:at[3]], text: text[at[0]:at[1]], after: text[at[1]:]})
	})
}

var (
	mail = lazyregexp.New(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+\.[^\s<>"'(),;:!?]*[^\s<>"'(),;:!?.]|(?:^|\s)@[\pL\d._]{3,}`)
	word = lazyregexp.New(`\pL[\pL\pM'’]*`)
)
