package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// operatorsOnly lets a request with the admin token pass, or, when there is none, a request of this machine's own.
func (s *Server) operatorsOnly(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case s.AdminToken != "" && same(bearer(r), s.AdminToken):
		case s.AdminToken != "":
			w.Header().Set("WWW-Authenticate", `Bearer realm="tania"`)
			reply(w, http.StatusUnauthorized, failure{Error: "wants the ADMIN_TOKEN, as a bearer token or in x-api-key"})
			return
		case !local(r):
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

// same compares secrets in constant time, their lengths too.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// local reports whether a request was made on this machine, for this machine: not through a proxy that happens to run
// here, nor by a web page that a browser here has open (another origin, or a name that was pointed to loopback).
func local(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !loopback(host) {
		return false
	}
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	asked := r.Host
	if name, _, err := net.SplitHostPort(asked); err == nil {
		asked = name
	}
	if !loopback(strings.Trim(asked, "[]")) {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	}
	return false
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
