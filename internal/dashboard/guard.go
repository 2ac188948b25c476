package dashboard

import (
	"net/http"
	"net/url"
	"strings"

	"tania/internal/access"
	"tania/internal/audit"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/dashboard/session"
	"tania/internal/tania"
)

// policy lets a page load what this server has, and nothing else: no inline script or style, no frame, no other server.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

// open serves without a sign-in, with the headers and the protection that every page has.
func (d *Dashboard) open(next http.HandlerFunc) http.Handler {
	protected := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		// Not no-referrer: browsers then send "Origin: null" with our own forms.
		h.Set("Referrer-Policy", "same-origin")
		// Whom nobody else's page led here shares no window with one. The header would then only cost a renderer of its own: 0.2 s.
		if from := r.Header.Get("Sec-Fetch-Site"); from != "none" && from != "same-origin" {
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
		}
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		protected.ServeHTTP(w, r)
	})
}

// maxForm is the largest form taken, in bytes.
const maxForm = 256 << 10

// only serves those who have the role that a route needs: who signed in, and, where that is allowed, who is at this machine.
func (d *Dashboard) only(needs tania.Role, next http.HandlerFunc) http.Handler {
	if needs == tania.Anyone {
		return d.open(next)
	}
	return d.open(func(w http.ResponseWriter, r *http.Request) {
		who, ok := d.sessions.Of(r)
		here := !ok && d.OpenHere && d.Peers.At(r)
		switch {
		case ok && !who.Role.May(needs):
			d.forbidden(r, who)
			d.refuse(w, r, http.StatusForbidden, "forbidden")
			return
		case ok:
			r = r.WithContext(session.WithOperator(r.Context(), who))
		case isVisit(r) && access.FromAnotherSite(r) && (here || d.AdminToken != ""):
			// A link on another page leads here, with which the cookie does not travel. The page itself asks once more, and then it is our own
			// request.
			d.render(w, r, http.StatusOK, element.Page{Title: "again.title", Reload: true, Content: pages.Again{}})
			return
		case here && !access.FromAnotherSite(r):
			d.welcome(w, r)
			r = r.WithContext(session.WithOperator(r.Context(), session.Operator{Role: tania.Operator}))
		case here || d.AdminToken == "":
			d.refuse(w, r, http.StatusForbidden, "closed")
			return
		default:
			d.toSignIn(w, r)
			return
		}
		next(w, r)
	})
}

// forbidden notes that somebody who signed in asked for what their role does not allow, where that would have changed something.
func (d *Dashboard) forbidden(r *http.Request, who session.Operator) {
	if action := audit.ActionOf(r.Pattern); action != "" {
		as, name := session.Actor(r.WithContext(session.WithOperator(r.Context(), who)))
		d.Audit.NoteSeldom(r.Context(), d.Log, audit.Entry{As: as, By: name, From: audit.Address(r), Action: action, Outcome: audit.Refused})
	}
}

// welcome gives a browser at this machine a session: it may have connections of its own by the next request.
func (d *Dashboard) welcome(w http.ResponseWriter, r *http.Request) {
	if isVisit(r) && d.AdminToken != "" {
		http.SetCookie(w, d.sessions.Start(r, ""))
	}
}

// isVisit reports whether somebody opens a page, rather than a page asking for more.
func isVisit(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate"
}

// toSignIn sends a page to the sign-in form, and back when that is done. What a page asks for in the background is refused.
func (d *Dashboard) toSignIn(w http.ResponseWriter, r *http.Request) {
	to := "/sign-in"
	if r.Method == http.MethodGet && r.URL.RequestURI() != "/" {
		to += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	switch {
	case r.Header.Get("HX-Request") != "":
		w.Header().Set("HX-Redirect", "/sign-in")
		w.WriteHeader(http.StatusUnauthorized)
	case r.URL.Path == "/live" || r.URL.Path == "/series":
		w.WriteHeader(http.StatusUnauthorized)
	default:
		http.Redirect(w, r, to, http.StatusSeeOther)
	}
}

// nextPage is where to go after the sign-in: a path of this server, else the first page.
func nextPage(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" {
		return "/"
	}
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}

// refuse shows why a page is not shown.
func (d *Dashboard) refuse(w http.ResponseWriter, r *http.Request, status int, why string) {
	d.render(w, r, status, element.Page{Title: why + ".title", NoMenu: true, Content: pages.Refusal(why + ".text")})
}

// failed shows that the store failed; the log says why.
func (d *Dashboard) failed(w http.ResponseWriter, r *http.Request, err error) {
	d.Log.Error("dashboard: page failed", "route", r.Pattern, "error", err)
	d.refuse(w, r, http.StatusServiceUnavailable, "store")
}
