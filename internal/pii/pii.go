// Package pii finds personal data in what people write: numbers of cards, accounts and documents, e-mails, telephones and postal
// addresses. Where a number has a check digit, it decides; where it has none, the words around it do. Texts come in, places come out.
package pii

import (
	"cmp"
	"slices"
)

// Kind is what a piece of personal data is, from a closed set.
type Kind string

// The kinds. DNI, NIE and NIF are Spain's, of persons and of companies; TaxID is that of another country, CUIT, RUT, NIT and
// Portugal's NIF among them, and a VAT number with its country.
const (
	Card    Kind = "card"
	IBAN    Kind = "iban"
	Account Kind = "account"
	CURP    Kind = "curp"
	RFC     Kind = "rfc"
	CPF     Kind = "cpf"
	CNPJ    Kind = "cnpj"
	DNI     Kind = "dni"
	NIE     Kind = "nie"
	CIF     Kind = "cif"
	SSN     Kind = "ssn"
	TaxID   Kind = "tax_id"
	Email   Kind = "email"
	Phone   Kind = "phone"
	Address Kind = "address"
)

// Kinds are all kinds. Where two may be meant by one text, the earlier one is.
var Kinds = []Kind{Email, IBAN, CURP, RFC, Card, Account, CNPJ, CPF, DNI, NIE, CIF, SSN, TaxID, Phone, Address}

// Found is a piece of personal data in a text.
type Found struct {
	Kind Kind `json:"kind"`
	// Start and End are its place, in bytes.
	Start int `json:"start"`
	End   int `json:"end"`
	// Value is the same however it is written: without spaces and signs that only set it off, and in one letter case.
	Value string `json:"value"`
}

// Set are the kinds that are looked for, a bit for each in the order of Kinds. 0 has none.
type Set uint32

// SetOf makes a set.
func SetOf(kinds ...Kind) (s Set) {
	for _, k := range kinds {
		s |= bit(k)
	}
	return s
}

func bit(k Kind) Set {
	if i := slices.Index(Kinds, k); i >= 0 {
		return 1 << i
	}
	return 0
}

// Has reports whether a kind is looked for.
func (s Set) Has(k Kind) bool { return s&bit(k) != 0 }

// Empty reports whether nothing is looked for.
func (s Set) Empty() bool { return s == 0 }

// Find gives the personal data of the set's kinds in a text, in its order; no two overlap.
func (s Set) Find(text string) []Found {
	if s.Empty() || !promising(text) {
		return nil
	}
	t := read(text)
	// All kinds are looked for: what is an account's number is no telephone, whether it is wanted or not.
	for _, find := range []func(*reading){
		emails, ibans, codes, cards, accounts, identities, phones,
	} {
		find(t)
	}
	if s.Has(Address) {
		addresses(t)
	}
	found := slices.DeleteFunc(t.found, func(f Found) bool { return !s.Has(f.Kind) })
	slices.SortFunc(found, func(a, b Found) int { return cmp.Compare(a.Start, b.Start) })
	return found
}

// promising reports whether a text may have personal data at all: a figure or something of an e-mail.
func promising(text string) bool {
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9', r == '@', r > 0x7f && (digitOf(r) != 0 || r == '＠'):
			return true
		}
	}
	return saysAt(text)
}
