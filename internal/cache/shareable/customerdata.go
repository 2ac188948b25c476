package shareable

import (
	"slices"
	"strings"
	"unicode"

	"tania/internal/cache/reading"
	"tania/internal/language"
	"tania/internal/lazyregexp"
	"tania/internal/tania"
	"tania/internal/words"
)

var (
	// ofRecord is a word for what a business keeps of one customer, with its number.
	ofRecord = lazyregexp.New(`\b(?:pedido|orden|order|encomenda|ticket|caso|case|chamado|factura|invoice|fatura|boleto|guia|tracking|reserva|booking|folio|contrato|contract|poliza|apolice|cuenta|account|conta|protocolo|referencia|reference)s?\b\W*(?:(?:n|no|nro|numero|number|num|es|el|is|o|e)\b\W*)*([a-z]{0,4}-?\d[\w-]*)`)
	// spacedDigits is a number of six digits or more, with others around it.
	spacedDigits = lazyregexp.New(`\d(?:[ \-.()]*\d){5,}`)
	marked       = lazyregexp.New(`[a-z0-9]+(?:-[a-z0-9]+)*`)
	anyMail      = lazyregexp.New(`[^\s<>"']+@[^\s<>"']+\.[^\s<>"',;:!?]+`)
)

// shortestMark is how short a number or code may be that stands alone.
const shortestMark = 4

// holdsCustomerData reports whether an answer names the customer or something that only the conversation could tell: a name, an address, a
// number of theirs.
func holdsCustomerData(r Request, answer string) bool {
	said := words.Fold(answer)
	return namesThem(r.Contact.Name, said) || writesTo(r, said) || numbers(r, said)
}

// namesThem reports whether a text has a part of a name; what is a word of the language alone ("de los") is none.
func namesThem(name, said string) bool {
	spoken := slices.Collect(language.Tokens(said))
	for part := range language.Tokens(words.Fold(name)) {
		if len(part) >= 3 && !reading.FunctionWords[part] && slices.Contains(spoken, part) {
			return true
		}
	}
	return false
}

// writesTo reports whether a text has an address that is the customer's, or that the customer wrote.
func writesTo(r Request, said string) bool {
	theirs := []string{words.Fold(strings.TrimSpace(r.Contact.Email)), words.Fold(strings.TrimSpace(r.Contact.Identifier))}
	for _, e := range r.History {
		if e.From == tania.FromCustomer {
			theirs = append(theirs, anyMail.FindAllString(words.Fold(e.Text), -1)...)
		}
	}
	return slices.ContainsFunc(theirs, func(address string) bool {
		return strings.Contains(address, "@") && strings.Contains(said, strings.TrimRight(address, "."))
	})
}

// numbers reports whether a text has a number or code of the customer's, that the customer wrote, or that somebody said of an order of
// theirs.
func numbers(r Request, said string) bool {
	texts := []string{words.Fold(r.Contact.Phone), words.Fold(r.Contact.Identifier)}
	var references []string
	for _, e := range r.History {
		text := words.Fold(e.Text)
		if e.From == tania.FromCustomer {
			texts = append(texts, text)
		}
		for _, m := range ofRecord.FindAllStringSubmatch(text, -1) {
			references = append(references, m[1])
		}
	}
	var theirs []string
	for _, text := range texts {
		for _, n := range spacedDigits.FindAllString(text, -1) {
			theirs = append(theirs, digitsOf(n))
		}
		for _, m := range marked.FindAllString(text, -1) {
			if len(m) >= shortestMark && strings.ContainsFunc(m, unicode.IsDigit) {
				references = append(references, m)
			}
		}
	}
	for _, n := range spacedDigits.FindAllString(said, -1) {
		d := digitsOf(n)
		// One may be written with the country's code, the other without.
		if slices.ContainsFunc(theirs, func(t string) bool { return strings.Contains(t, d) || strings.Contains(d, t) }) {
			return true
		}
	}
	return slices.ContainsFunc(marked.FindAllString(said, -1), func(m string) bool {
		return slices.ContainsFunc(references, func(reference string) bool { return plain(m) == plain(reference) })
	})
}

func digitsOf(s string) string {
	return strings.Map(func(d rune) rune {
		if unicode.IsDigit(d) {
			return d
		}
		return -1
	}, s)
}

func plain(mark string) string { return strings.ReplaceAll(mark, "-", "") }
