package dashboard

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"tania/internal/pulse"
)

// nowView is the first page's data.
type nowView struct {
	pulse.Sample
	Kept   int64
	Budget int64
	Model  string
	// CacheOn reports whether there is a cache; Cache is what it did.
	CacheOn bool
	Cache   CacheStats
	Alerts  []Alert
}

// BudgetUsed is the share of the monthly budget that is spent.
func (v nowView) BudgetUsed() float64 { return float64(v.SpentThisMonth) / float64(max(v.Budget, 1)) }

// now shows the first page.
func (d *Dashboard) now(w http.ResponseWriter, r *http.Request) {
	done, n := doneOf(r, "paused", "resumed", "unchanged")
	d.render(w, r, http.StatusOK, page{
		Title: "now.title", Here: "/", Done: done, DoneCount: n, Content: d.latest(r),
		Scripts: []string{"htmx.min.js", "htmx-sse.min.js"}, Later: []string{"uplot.min.css", "uplot.min.js"},
	})
}

func (d *Dashboard) latest(r *http.Request) nowView {
	sample, ok := d.sampler.Latest()
	if !ok {
		sample = d.sampler.Take(r.Context())
	}
	return d.view(sample)
}

func (d *Dashboard) view(sample pulse.Sample) nowView {
	v := nowView{Sample: sample, Budget: d.Budget, Model: d.Model}
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

func (d *Dashboard) pause(w http.ResponseWriter, r *http.Request)  { d.setPaused(w, r, true) }
func (d *Dashboard) resume(w http.ResponseWriter, r *http.Request) { d.setPaused(w, r, false) }

func (d *Dashboard) setPaused(w http.ResponseWriter, r *http.Request, paused bool) {
	set, done := d.Engine.Resume, "resumed"
	if paused {
		set, done = d.Engine.Pause, "paused"
	}
	changed, err := set(r.Context(), by(r))
	if err != nil {
		d.failed(w, r, err)
		return
	}
	if !changed {
		done = "unchanged"
	}
	d.Log.Info("queue pause set", "paused", paused, "changed", changed, "by", by(r))
	d.Sample(r.Context())
	http.Redirect(w, r, "/?done="+done, http.StatusSeeOther)
}

// columns are the series of the charts, by column; a second that could not be sampled is null.
type columns struct {
	At       []int64    `json:"t"`
	Accepted []*float64 `json:"accepted"`
	Answered []*float64 `json:"answered"`
	Waiting  []*float64 `json:"waiting"`
	Active   []*float64 `json:"active"`
	Delayed  []*float64 `json:"delayed"`
	Webhook  []*float64 `json:"webhook_p99"`
	Median   []*float64 `json:"turn_p50"`
	Slow     []*float64 `json:"turn_p95"`
	Slowest  []*float64 `json:"turn_p99"`
}

func columnsOf(samples []pulse.Sample) columns {
	var c columns
	for _, s := range samples {
		c.At = append(c.At, s.At.Unix())
		put := func(column *[]*float64, v float64, known bool) {
			if s.Err != nil || !known {
				*column = append(*column, nil)
				return
			}
			v = rounded(v)
			*column = append(*column, &v)
		}
		put(&c.Accepted, s.Accepted, true)
		put(&c.Answered, s.Answered, true)
		put(&c.Waiting, float64(s.Queue.Waiting), true)
		put(&c.Active, float64(s.Queue.Active), true)
		put(&c.Delayed, float64(s.Queue.Delayed), true)
		put(&c.Webhook, s.Webhook.P99, s.Webhook.Count > 0)
		put(&c.Median, s.Turn.P50, s.Turn.Count > 0)
		put(&c.Slow, s.Turn.P95, s.Turn.Count > 0)
		put(&c.Slowest, s.Turn.P99, s.Turn.Count > 0)
	}
	return c
}

func rounded(v float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64) // what FormatFloat writes can be read
	return r
}

// series gives the last quarter of an hour to the charts.
func (d *Dashboard) series(w http.ResponseWriter, r *http.Request) {
	body, err := json.Marshal(columnsOf(d.sampler.Samples()))
	if err != nil {
		d.failed(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	writeCompressed(w, r, http.StatusOK, body)
}

// asksForJSON reports whether a client wants data rather than a page.
func asksForJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
}
