package oidc

import (
	"errors"
	"slices"
	"strings"

	"tania/internal/tania"
)

// Grant gives a role to those it names: one address (ana@example.com), all of a domain (@example.com), a group, or everybody whom the
// provider knows (*).
type Grant struct {
	To   string
	Role tania.Role
}

// ParseGrant reads "name=role".
func ParseGrant(s string) (Grant, error) {
	at := strings.LastIndex(s, "=")
	if at < 1 {
		return Grant{}, errors.New("want NAME=ROLE")
	}
	g := Grant{To: strings.TrimSpace(s[:at]), Role: tania.Role(strings.TrimSpace(s[at+1:]))}
	if g.To == "" || !g.Role.Valid() {
		return Grant{}, errors.New("want a name, and viewer, editor or operator behind the =")
	}
	return g, nil
}

// means reports whether a grant is for whom has a verified e-mail address, "" for none, and groups.
func (g Grant) means(email string, groups []string) bool {
	switch {
	case g.To == "*":
		return true
	case strings.HasPrefix(g.To, "@"):
		at := strings.LastIndex(email, "@")
		return at > 0 && strings.EqualFold(email[at:], g.To)
	case strings.Contains(g.To, "@"):
		return strings.EqualFold(g.To, email)
	}
	return slices.Contains(groups, g.To)
}

// RoleOf is the one that may most of those granted, "" where none is.
func RoleOf(grants []Grant, email string, groups []string) (role tania.Role) {
	for _, g := range grants {
		if g.means(email, groups) && (role == "" || g.Role.May(role)) {
			role = g.Role
		}
	}
	return role
}
