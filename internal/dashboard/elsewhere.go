package dashboard

import (
	"errors"
	"net/http"
	"strings"

	"tania/internal/audit"
	"tania/internal/dashboard/pages"
	"tania/internal/dashboard/session"
	"tania/internal/oidc"
	"tania/internal/users"
)

// The routes of a sign-in by a provider: to it, and back.
const (
	toProvider   = "GET /sign-in/oidc"
	fromProvider = "GET /sign-in/oidc/callback"
)

// leaveToSignIn sends a browser to the provider.
func (d *Dashboard) leaveToSignIn(w http.ResponseWriter, r *http.Request) {
	if d.Elsewhere == nil {
		d.refuse(w, r, http.StatusNotFound, "no_provider")
		return
	}
	to, cookie, err := d.Elsewhere.Start(r.Context(), nextPage(r.URL.Query().Get("next")), session.Secure(r))
	if err != nil {
		d.Log.Warn("dashboard: the provider for sign-ins does not answer", "error", err)
		d.refuse(w, r, http.StatusBadGateway, "provider_away")
		return
	}
	http.SetCookie(w, cookie)
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // the provider's own address
}

// signInElsewhere begins the session of whom the provider sends back.
func (d *Dashboard) signInElsewhere(w http.ResponseWriter, r *http.Request) {
	if d.Elsewhere == nil {
		audit.Skip(r.Context())
		d.refuse(w, r, http.StatusNotFound, "no_provider")
		return
	}
	if !d.limits.Allow(r.RemoteAddr, "") {
		audit.Seldom(r.Context()) // each of them would be a write that a stranger asks for
		w.Header().Set("Retry-After", "60")
		d.refuse(w, r, http.StatusTooManyRequests, "provider_too_many")
		return
	}
	http.SetCookie(w, d.Elsewhere.Forget(session.Secure(r)))
	who, err := d.Elsewhere.Finish(r.Context(), r)
	var id string
	var user users.User
	if err == nil {
		id, user, err = d.Users.SignInElsewhere(r.Context(), who.Name, who.Role)
	}
	audit.By(r.Context(), audit.Nobody, session.CleanName(who.Name))
	if err != nil {
		d.notSignedIn(w, r, err)
		return
	}
	if _, err := d.sessions.End(r); err != nil {
		d.Log.Warn("dashboard: the session before is not ended in the store", "error", err)
	}
	http.SetCookie(w, d.sessions.StartUser(r, id))
	audit.By(r.Context(), audit.User, user.Name)
	d.Log.Info("dashboard: signed in by the provider", "name", user.Name, "role", user.Role, "remote", r.RemoteAddr)
	http.Redirect(w, r, who.Next, http.StatusSeeOther) //nolint:gosec // nextPage gave it, and it came back signed
}

// notSignedIn says why nobody was signed in, and never more than they know.
func (d *Dashboard) notSignedIn(w http.ResponseWriter, r *http.Request, err error) {
	d.Log.Warn("dashboard: sign-in by the provider refused", "why", strings.ReplaceAll(err.Error(), "\n", " "), "remote", r.RemoteAddr)
	switch {
	case errors.Is(err, oidc.ErrNoRole):
		d.limits.Failed(r.RemoteAddr, "")
		d.refuse(w, r, http.StatusForbidden, "provider_no_role")
	case errors.Is(err, oidc.ErrRefused):
		d.limits.Failed(r.RemoteAddr, "")
		d.signInForm(w, r, http.StatusUnauthorized, pages.SignIn{Next: "/", Problem: "signin.elsewhere_refused"})
	case errors.Is(err, oidc.ErrAway):
		d.refuse(w, r, http.StatusBadGateway, "provider_away")
	case errors.Is(err, users.ErrExists):
		d.refuse(w, r, http.StatusConflict, "provider_other_user")
	case errors.Is(err, users.ErrTooMany), errors.Is(err, users.ErrName):
		d.refuse(w, r, http.StatusForbidden, "provider_no_place")
	default:
		d.failed(w, r, err)
	}
}
