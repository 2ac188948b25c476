package dashboard

import (
	"bytes"
	"compress/gzip"
	"embed"
	"html/template"
	"net/http"
	"sync"
	"time"

	"tania/internal/tania"
)

//go:embed templates/*.html templates/parts/*.html
var templateFiles embed.FS

// pages are the templates that are shown in the frame of templates/page.html.
var pages = []string{"now", "conversations", "conversation", "dead", "dead-turn", "cache", "bot", "alerts", "sign-in", "problem", "again"}

// page is what the frame needs.
type page struct {
	// Title is a text's key, Subtitle a text.
	Title, Subtitle string
	// Here is the address of the menu's entry.
	Here string
	// Done is the key of a text that says what was just done, with DoneCount in it.
	Done      string
	DoneCount int
	Data      any

	// The rest is filled in by render.
	Lang     tania.Language
	Operator string
	SignedIn bool
	Masked   bool
	Dead     int64
	Version  string
}

// views are the templates by language and page. A language's are read when they are first asked for: most processes show
// one language, and workers none.
type views map[tania.Language]func() map[string]*template.Template

func loadViews(a assets) views {
	all := views{}
	for _, lang := range languages {
		all[lang] = sync.OnceValue(func() map[string]*template.Template { return parse(lang, a) })
	}
	return all
}

func parse(lang tania.Language, a assets) map[string]*template.Template {
	t, err := loadTexts(lang)
	if err != nil {
		panic(err) // the texts are in the binary, and tested, as the templates are
	}
	frame := template.Must(template.New("page.html").Funcs(functions(t, a)).ParseFS(templateFiles, "templates/page.html", "templates/parts/*.html"))
	all := map[string]*template.Template{}
	for _, name := range pages {
		all[name] = template.Must(template.Must(frame.Clone()).ParseFS(templateFiles, "templates/"+name+".html"))
	}
	return all
}

func functions(t *texts, a assets) template.FuncMap {
	return template.FuncMap{
		"t": t.text, "term": t.term, "number": t.number, "decimal": t.decimal, "millis": t.millis, "duration": t.duration,
		"percent": t.percent, "dollars": t.dollars, "moment": t.moment, "asset": a.address,
		"decimal3": func(f float64) string { return t.printer.Sprintf("%.3g", f) },
		"sinceMS":  func(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond },
		"msOf":     func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) },
		"shortID":  shortID,
	}
}

// shortID is a turn's id as lists have it: its end differs most.
func shortID(id tania.TurnID) string {
	if len(id) > 10 {
		return "…" + string(id[len(id)-8:])
	}
	return string(id)
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render writes a page in the browser's language.
func (d *Dashboard) render(w http.ResponseWriter, r *http.Request, status int, name string, p page) {
	p.Lang = languageOf(r.Header.Get("Accept-Language"))
	p.Operator, p.Masked, p.Version = operatorOf(r.Context()).Name, bool(d.Mask), d.Version
	p.SignedIn = !operatorOf(r.Context()).Expires.IsZero()
	if s, ok := d.sampler.Latest(); ok {
		p.Dead = s.Queue.Failed
	}
	d.execute(w, r, status, d.views[p.Lang]()[name], "page.html", p)
}

// renderPart writes a part of a page, for htmx to put in its place.
func (d *Dashboard) renderPart(w http.ResponseWriter, r *http.Request, status int, name, part string, data any) {
	d.execute(w, r, status, d.views[languageOf(r.Header.Get("Accept-Language"))]()[name], part, data)
}

func (d *Dashboard) execute(w http.ResponseWriter, r *http.Request, status int, t *template.Template, name string, data any) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := t.ExecuteTemplate(b, name, data); err != nil {
		d.Log.Error("dashboard: template failed", "route", r.Pattern, "error", err)
		http.Error(w, "the page could not be made; the log says why", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	writeCompressed(w, r, status, b.Bytes())
}

// writeCompressed writes a body, compressed where the client takes that. Pages hold no secrets that what a request brings
// could be compared with: the cookie is in a header, and forms carry no token.
func writeCompressed(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	h := w.Header()
	h.Add("Vary", "Accept-Encoding, Accept-Language, HX-Request")
	if !takesGzip(r) || len(body) < 1000 {
		w.WriteHeader(status)
		_, _ = w.Write(body) // an error is the client's going away
		return
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z := gzip.NewWriter(w)
	_, _ = z.Write(body)
	_ = z.Close()
}
