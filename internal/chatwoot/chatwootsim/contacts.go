package chatwootsim

import (
	"net/mail"
	"regexp"

	"tania/internal/tania"
)

// e164 is what Contact takes for a phone number.
var e164 = regexp.MustCompile(`^\+[1-9]\d{1,14}$`)

// WrongContact says what Contact's validations refuse.
func (w *World) WrongContact(k tania.Contact) (message, attribute string) {
	if _, err := mail.ParseAddress(k.Email); k.Email != "" && err != nil {
		return "Email Invalid email", "email"
	}
	if k.Phone != "" && !e164.MatchString(k.Phone) {
		return "Phone number should be in e164 format", "phone_number"
	}
	for _, other := range w.Customers {
		switch {
		case other.ID == k.ID:
		case k.Email != "" && other.Email == k.Email:
			return "Email has already been taken", "email"
		case k.Phone != "" && other.Phone == k.Phone:
			return "Phone number has already been taken", "phone_number"
		case k.Identifier != "" && other.Identifier == k.Identifier:
			return "Identifier has already been taken", "identifier"
		}
	}
	return "", ""
}
