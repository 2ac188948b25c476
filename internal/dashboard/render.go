package dashboard

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"sync"

	g "maragu.dev/gomponents"

	"tania/internal/tania"
)

// tongues are the texts by language. A language's are read when they are first asked for: most processes show one language,
// and workers none.
type tongues map[tania.Language]func() *texts

func loadTongues() tongues {
	all := tongues{}
	for _, lang := range languages {
		all[lang] = sync.OnceValue(func() *texts {
			t, err := loadTexts(lang)
			if err != nil {
				panic(err) // the texts are in the binary, and tested
			}
			return t
		})
	}
	return all
}

// textsOf are those in the browser's language.
func (d *Dashboard) textsOf(r *http.Request) *texts {
	return d.tongues[languageOf(r.Header.Get("Accept-Language"))]()
}

// render writes a page in the browser's language.
func (d *Dashboard) render(w http.ResponseWriter, r *http.Request, status int, p page) {
	t := d.textsOf(r)
	p.Operator, p.Masked, p.Version = operatorOf(r.Context()).Name, bool(d.Mask), d.Version
	p.SignedIn = !operatorOf(r.Context()).Expires.IsZero()
	if s, ok := d.sampler.Latest(); ok {
		p.Dead = s.Queue.Failed
	}
	d.write(w, r, status, p.document(t, d.assets))
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
