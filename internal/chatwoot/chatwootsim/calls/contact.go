package calls

import (
	"net/http"
	"strings"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
)

// WriteContact takes what is said of a contact, or answers what is wrong with it; 0 when nothing is.
func (s *Calls) WriteContact(k *chatwootsim.Customer, params rails.Object) (int, any) {
	changed := k.Contact
	for name, field := range map[string]*string{
		"name": &changed.Name, "email": &changed.Email, "phone_number": &changed.Phone, "identifier": &changed.Identifier,
	} {
		if value, said := params[name]; said {
			*field = rails.Text(value)
		}
	}
	changed.Email = strings.ToLower(changed.Email)
	if blocked, said := params["blocked"]; said {
		changed.Blocked = rails.Truthy(blocked)
	}
	if wrong, attribute := s.WrongContact(changed); wrong != "" {
		return http.StatusUnprocessableEntity, rails.Object{"message": wrong, "attributes": []string{attribute}}
	}
	k.Contact = changed
	k.Custom, k.Additional = rails.Merged(k.Custom, params["custom_attributes"]), rails.Merged(k.Additional, params["additional_attributes"])
	return 0, nil
}
