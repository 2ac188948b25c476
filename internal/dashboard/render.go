package dashboard

import (
	"bytes"
	"net/http"
	"sync"

	g "maragu.dev/gomponents"

	"tania/internal/dashboard/assets"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/session"
	"tania/internal/dashboard/texts"
)

// textsOf are those in the browser's language.
func (d *Dashboard) textsOf(r *http.Request) *texts.Texts {
	return d.translations[texts.LanguageOf(r.Header.Get("Accept-Language"))]()
}

// render writes a page in the browser's language.
func (d *Dashboard) render(w http.ResponseWriter, r *http.Request, status int, p element.Page) {
	t := d.textsOf(r)
	who := session.OperatorOf(r.Context())
	p.Operator, p.User, p.Role, p.SignedIn = who.Name, who.User, who.Role, !who.Expires.IsZero()
	p.Masked, p.Version = bool(d.Mask), d.Version
	if s, ok := d.sampler.Latest(); ok {
		p.Dead, p.Parked = s.Queue.Failed, s.Queue.Parked
	}
	d.write(w, r, status, p.Document(t, d.assets))
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// write writes a page, or a part of one for htmx to put in its place. What cannot be made whole is not begun.
func (d *Dashboard) write(w http.ResponseWriter, r *http.Request, status int, n g.Node) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := n.Render(b); err != nil {
		d.Log.Error("dashboard: page not made", "route", r.Pattern, "error", err)
		http.Error(w, "the page could not be made; the log says why", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	assets.Write(w, r, status, b.Bytes())
}
