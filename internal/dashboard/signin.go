package dashboard

import (
	"errors"
	"net/http"
	"strings"

	"tania/internal/access"
	"tania/internal/audit"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/dashboard/session"
	"tania/internal/users"
)

func (d *Dashboard) showSignIn(w http.ResponseWriter, r *http.Request) {
	next := nextPage(r.URL.Query().Get("next"))
	if ticket := r.URL.Query().Get("ticket"); ticket != "" && d.AdminToken != "" && d.sessions.Admits(ticket) {
		http.SetCookie(w, d.sessions.Start(r, ""))
		d.Audit.Note(r.Context(), d.Log, audit.Entry{As: audit.AdminToken, From: audit.Address(r), Action: audit.SignIn, Outcome: audit.Done})
		d.Log.Info("dashboard: signed in by a link", "remote", r.RemoteAddr)
		http.Redirect(w, r, next, http.StatusSeeOther) //nolint:gosec // nextPage gives paths of this server alone
		return
	}
	if _, ok := d.sessions.Of(r); ok || d.AdminToken == "" {
		http.Redirect(w, r, next, http.StatusSeeOther) //nolint:gosec // nextPage gives paths of this server alone
		return
	}
	d.signInForm(w, r, http.StatusOK, pages.SignIn{Next: next})
}

// signInForm asks for a name and a password where there are users, and for the admin token.
func (d *Dashboard) signInForm(w http.ResponseWriter, r *http.Request, status int, v pages.SignIn) {
	v.Users, v.Elsewhere = d.Users.Any(r.Context()), d.Elsewhere != nil
	d.render(w, r, status, element.Page{Title: "signin.title", NoMenu: true, Content: v})
}

// credentials are what the form brings: a user's name and password, else the admin token.
type credentials struct{ user, password, token string }

func (d *Dashboard) signIn(w http.ResponseWriter, r *http.Request) {
	next := nextPage(r.PostFormValue("next"))
	given := credentials{strings.TrimSpace(r.PostFormValue("user")), r.PostFormValue("password"), r.PostFormValue("token")}
	if d.AdminToken == "" {
		audit.Skip(r.Context())
		http.Redirect(w, r, next, http.StatusSeeOther)
		return
	}
	select {
	case d.signing <- struct{}{}:
		defer func() { <-d.signing }()
	case <-r.Context().Done():
		return
	}
	refuse := func(status int, problem string) {
		d.Log.Warn("dashboard: sign-in refused", "why", problem, "remote", r.RemoteAddr)
		d.signInForm(w, r, status, pages.SignIn{Next: next, Problem: problem, User: given.user})
	}
	if !d.limits.Allow(r.RemoteAddr, given.user) {
		audit.Seldom(r.Context()) // each of them would be a write that a stranger asks for
		w.Header().Set("Retry-After", "60")
		refuse(http.StatusTooManyRequests, "signin.too_many")
		return
	}
	cookie, name, err := d.admit(r, given)
	switch {
	case errors.Is(err, users.ErrRefused):
		d.limits.Failed(r.RemoteAddr, given.user)
		refuse(http.StatusUnauthorized, given.problem())
		return
	case err != nil:
		d.failed(w, r, err)
		return
	}
	// A session that the browser had before ends: nobody who knew it comes in with who signs in now.
	if _, err := d.sessions.End(r); err != nil {
		d.Log.Warn("dashboard: the session before is not ended in the store", "error", err)
	}
	http.SetCookie(w, cookie)
	as := audit.AdminToken
	if given.user != "" {
		as = audit.User
	}
	audit.By(r.Context(), as, name)
	d.Log.Info("dashboard: signed in", "name", name, "user", given.user != "", "remote", r.RemoteAddr)
	http.Redirect(w, r, next, http.StatusSeeOther)
}

// problem says what was wrong, and never whether there is such a user.
func (c credentials) problem() string {
	if c.user != "" {
		return "signin.wrong_password"
	}
	return "signin.wrong"
}

// admit gives the cookie of a new session. users.ErrRefused means that what was given is wrong.
func (d *Dashboard) admit(r *http.Request, given credentials) (*http.Cookie, string, error) {
	if given.user != "" {
		id, u, err := d.Users.SignIn(r.Context(), given.user, given.password)
		return d.sessions.StartUser(r, id), u.Name, err
	}
	if !access.Same(given.token, d.AdminToken) {
		return nil, "", users.ErrRefused
	}
	name := session.CleanName(r.PostFormValue("name"))
	return d.sessions.Start(r, name), name, nil
}

func (d *Dashboard) signOut(w http.ResponseWriter, r *http.Request) {
	if who, ok := d.sessions.Of(r); ok {
		as, name := session.Actor(r.WithContext(session.WithOperator(r.Context(), who)))
		audit.By(r.Context(), as, name)
	} else {
		audit.Skip(r.Context())
	}
	cookie, err := d.sessions.End(r)
	if err != nil {
		d.Log.Warn("dashboard: the sign-out is not stored yet; other processes do not know of it", "error", err)
	}
	http.SetCookie(w, cookie)
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
}

// Who gives who has the session of a request, false for none.
func (d *Dashboard) Who(r *http.Request) (session.Operator, bool) { return d.sessions.Of(r) }
