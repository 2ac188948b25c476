package dashboard

import (
	"net/http"

	"tania/internal/access"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/dashboard/session"
)

func signInPage(v pages.SignIn) element.Page {
	return element.Page{Title: "signin.title", NoMenu: true, Content: v}
}

func (d *Dashboard) showSignIn(w http.ResponseWriter, r *http.Request) {
	next := nextPage(r.URL.Query().Get("next"))
	if ticket := r.URL.Query().Get("ticket"); ticket != "" && d.AdminToken != "" && d.sessions.Admits(ticket) {
		http.SetCookie(w, d.sessions.Start(r, ""))
		d.Log.Info("dashboard: signed in by a link", "remote", r.RemoteAddr)
		http.Redirect(w, r, next, http.StatusSeeOther) //nolint:gosec // nextPage gives paths of this server alone
		return
	}
	if _, ok := d.sessions.Of(r); ok || d.AdminToken == "" {
		http.Redirect(w, r, next, http.StatusSeeOther) //nolint:gosec // nextPage gives paths of this server alone
		return
	}
	d.render(w, r, http.StatusOK, signInPage(pages.SignIn{Next: next}))
}

func (d *Dashboard) signIn(w http.ResponseWriter, r *http.Request) {
	next := nextPage(r.PostFormValue("next"))
	form := func(status int, problem string) {
		d.render(w, r, status, signInPage(pages.SignIn{Next: next, Problem: problem}))
	}
	if d.AdminToken == "" {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return
	}
	if !d.limits.Allow(r.RemoteAddr) {
		d.Log.Warn("dashboard: sign-in refused, too many tries", "remote", r.RemoteAddr)
		w.Header().Set("Retry-After", "60")
		form(http.StatusTooManyRequests, "signin.too_many")
		return
	}
	if !access.Same(r.PostFormValue("token"), d.AdminToken) {
		d.limits.Failed(r.RemoteAddr)
		d.Log.Warn("dashboard: sign-in failed", "remote", r.RemoteAddr)
		form(http.StatusUnauthorized, "signin.wrong")
		return
	}
	name := session.CleanName(r.PostFormValue("name"))
	http.SetCookie(w, d.sessions.Start(r, name))
	d.Log.Info("dashboard: signed in", "name", name, "remote", r.RemoteAddr)
	http.Redirect(w, r, next, http.StatusSeeOther)
}

func (d *Dashboard) signOut(w http.ResponseWriter, r *http.Request) {
	cookie, err := d.sessions.End(r)
	if err != nil {
		d.Log.Warn("dashboard: the sign-out is not stored yet; other processes do not know of it", "error", err)
	}
	http.SetCookie(w, cookie)
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
}
