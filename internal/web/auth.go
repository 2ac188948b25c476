package web

import (
	"net/http"
	"strings"

	"tania/internal/access"
)

// operatorsOnly lets a request with the admin token pass, and, where the token was not configured, a request of this machine's own.
func (s *Server) operatorsOnly(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.operator(r) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="tania"`)
			reply(w, http.StatusUnauthorized, failure{Error: "wants the admin token, as a bearer token or in x-api-key: " +
				"ADMIN_TOKEN, or, where that is not set, what the file " + access.TokenFile + " in Tania's data directory holds"})
			return
		}
		next(w, r)
	}
}

// operator reports whether a request is an operator's.
func (s *Server) operator(r *http.Request) bool {
	if s.AdminToken != "" && access.Same(bearer(r), s.AdminToken) {
		return true
	}
	return s.OpenHere && s.Peers.Own(r)
}

func bearer(r *http.Request) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(token)
	}
	return r.Header.Get("X-Api-Key")
}
