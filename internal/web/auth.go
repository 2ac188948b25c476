package web

import (
	"net/http"
	"strings"

	"tania/internal/access"
	"tania/internal/audit"
	"tania/internal/dashboard/session"
	"tania/internal/tania"
)

// only lets a request pass that has the role that a route needs.
func (s *Server) only(needs tania.Role, next http.HandlerFunc) http.HandlerFunc {
	if needs == tania.Anyone {
		return next
	}
	return func(w http.ResponseWriter, r *http.Request) {
		who := s.whoIs(r)
		switch {
		case who.Role == tania.Anyone:
			s.refused(r, who)
			w.Header().Set("WWW-Authenticate", `Bearer realm="tania"`)
			reply(w, http.StatusUnauthorized, failure{Error: "wants the admin token, as a bearer token or in x-api-key: " +
				"ADMIN_TOKEN, or, where that is not set, what the file " + access.TokenFile + " in Tania's data directory holds"})
		case !who.Role.May(needs):
			s.refused(r, who)
			reply(w, http.StatusForbidden, failure{Error: "your role does not allow this: it is " + string(who.Role) + ", and " +
				string(needs) + " is needed"})
		default:
			next(w, r.WithContext(session.WithOperator(r.Context(), who)))
		}
	}
}

// refused notes that somebody asked for what they may not: to change something, or, with a token that is none or as somebody who signed in,
// to see something. Who comes without any is a probe or a mistake.
func (s *Server) refused(r *http.Request, who session.Operator) {
	action, on := audit.ActionOf(r.Pattern), ""
	if action == "" {
		if bearer(r) == "" && who.Role == tania.Anyone {
			return
		}
		action, on = audit.AskRoute, r.Pattern
	}
	as, name := session.Actor(r.WithContext(session.WithOperator(r.Context(), who)))
	s.Audit.NoteSeldom(r.Context(), s.Log, audit.Entry{
		As: as, By: name, From: audit.Address(r), Action: action, On: on, Outcome: audit.Refused,
	})
}

// whoIs is who asks: an operator with the admin token, and, where the token was not configured, for a request of this machine's own; else
// who has a session of the dashboard, unless another site's page made their browser ask.
func (s *Server) whoIs(r *http.Request) session.Operator {
	if s.AdminToken != "" && access.Same(bearer(r), s.AdminToken) || s.OpenHere && s.Peers.Own(r) {
		return session.Operator{Role: tania.Operator}
	}
	if s.Dashboard != nil && !access.FromAnotherSite(r) {
		if who, ok := s.Dashboard.Who(r); ok {
			return who
		}
	}
	return session.Operator{Role: tania.Anyone}
}

// by names who asks: the name of a session, and the address.
func by(r *http.Request) string {
	if session.OperatorOf(r.Context()).Name != "" {
		return session.By(r)
	}
	return r.RemoteAddr
}

func bearer(r *http.Request) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(token)
	}
	return r.Header.Get("X-Api-Key")
}
