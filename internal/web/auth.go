package web

import (
	"net/http"
	"strings"

	"tania/internal/access"
)

// operatorsOnly lets a request with the admin token pass, or, when there is none, a request of this machine's own.
func (s *Server) operatorsOnly(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case s.AdminToken != "" && access.Same(bearer(r), s.AdminToken):
		case s.AdminToken != "":
			w.Header().Set("WWW-Authenticate", `Bearer realm="tania"`)
			reply(w, http.StatusUnauthorized, failure{Error: "wants the ADMIN_TOKEN, as a bearer token or in x-api-key"})
			return
		case !access.Local(r):
			reply(w, http.StatusForbidden, failure{Error: "open on loopback only until ADMIN_TOKEN is set"})
			return
		}
		next(w, r)
	}
}

func bearer(r *http.Request) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(token)
	}
	return r.Header.Get("X-Api-Key")
}
