package dashboard

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"tania/internal/dashboard/assets"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/dashboard/session"
	"tania/internal/pulse"
)

// now shows the first page.
func (d *Dashboard) now(w http.ResponseWriter, r *http.Request) {
	done, n := doneOf(r, "paused", "resumed", "unchanged")
	d.render(w, r, http.StatusOK, element.Page{
		Title: "now.title", Here: "/", Done: done, DoneCount: n, Content: d.latest(r),
		Scripts: []string{"htmx.min.js", "htmx-sse.min.js"}, Later: []string{"uplot.min.css", "uplot.min.js"},
	})
}

func (d *Dashboard) latest(r *http.Request) pages.Now {
	sample, ok := d.sampler.Latest()
	if !ok {
		sample = d.sampler.Take(r.Context())
	}
	return d.view(sample)
}

func (d *Dashboard) view(sample pulse.Sample) pages.Now {
	v := pages.Now{Sample: sample, Budget: d.Budget, Model: d.Model}
	if d.Kept != nil {
		v.Kept = d.Kept()
	}
	if d.Cache != nil {
		v.CacheOn, v.Cache = true, d.Cache.Stats()
	}
	if d.Alerts != nil {
		v.Alerts = d.Alerts.List()
	}
	return v
}

// doneOf reads what a form did from the address that it sent the browser to; only known words are taken.
func doneOf(r *http.Request, known ...string) (key string, n int) {
	q := r.URL.Query()
	for _, k := range known {
		if q.Get("done") == k {
			n, _ = strconv.Atoi(q.Get("n"))
			return "done." + k, max(n, 0)
		}
	}
	return "", 0
}

func (d *Dashboard) pause(w http.ResponseWriter, r *http.Request) { d.setPaused(w, r, true) }

func (d *Dashboard) resume(w http.ResponseWriter, r *http.Request) { d.setPaused(w, r, false) }

func (d *Dashboard) setPaused(w http.ResponseWriter, r *http.Request, paused bool) {
	set, done := d.Engine.Resume, "resumed"
	if paused {
		set, done = d.Engine.Pause, "paused"
	}
	changed, err := set(r.Context(), session.By(r))
	if err != nil {
		d.failed(w, r, err)
		return
	}
	if !changed {
		done = "unchanged"
	}
	d.Log.Info("queue pause set", "paused", paused, "changed", changed, "by", session.By(r))
	d.Sample(r.Context())
	http.Redirect(w, r, "/?done="+done, http.StatusSeeOther)
}

// series gives the last quarter of an hour to the charts.
func (d *Dashboard) series(w http.ResponseWriter, r *http.Request) {
	body, err := json.Marshal(pages.ColumnsOf(d.sampler.Samples()))
	if err != nil {
		d.failed(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	assets.Write(w, r, http.StatusOK, body)
}

// asksForJSON reports whether a client wants data rather than a page.
func asksForJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
}
