package web

import (
	"net/http"
	"strings"

	"tania/internal/access"
	"tania/internal/tania"
)

// only lets a request pass that has the role that a route needs.
func (s *Server) only(needs tania.Role, next http.HandlerFunc) http.HandlerFunc {
	if needs == tania.Anyone {
		return next
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.roleOf(r).May(needs) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="tania"`)
			reply(w, http.StatusUnauthorized, failure{Error: "wants the admin token, as a bearer token or in x-api-key: " +
				"ADMIN_TOKEN, or, where that is not set, what the file " + access.TokenFile + " in Tania's data directory holds"})
			return
		}
		next(w, r)
	}
}

// roleOf is what who asks may do: everything with the admin token, and, where the token was not configured, for a request of this
// machine's own.
func (s *Server) roleOf(r *http.Request) tania.Role {
	if s.AdminToken != "" && access.Same(bearer(r), s.AdminToken) || s.OpenHere && s.Peers.Own(r) {
		return tania.Operator
	}
	return tania.Anyone
}

func bearer(r *http.Request) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(token)
	}
	return r.Header.Get("X-Api-Key")
}
