package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tania/internal/cache/store"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/dashboard/session"
)

// Cache is what the cache's page needs of the semantic cache.
type Cache interface {
	// Stats are what it did since it was started or cleared; it must be cheap: it is asked every second.
	Stats() pages.CacheStats
	// List gives entries whose question or answer holds the filter ("" for all), the one that answered last first, at most limit, and how many
	// there are in all.
	List(ctx context.Context, filter string, limit int) (entries []store.Entry, total int, err error)
	// Explain tells what the cache would do with a question, without counting it.
	Explain(ctx context.Context, question string) (pages.CacheExplanation, error)
	// Invalidate removes an entry and reports whether it was there.
	Invalidate(ctx context.Context, id string) (bool, error)
	// Clear removes all entries and says how many.
	Clear(ctx context.Context) (int, error)
}

// entriesShown is how many entries the page lists.
const entriesShown = 100

func (d *Dashboard) cache(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	v := pages.Cache{On: d.Cache != nil, Filter: q.Get("filter"), Question: strings.TrimSpace(q.Get("explain"))}
	if v.On {
		if err := d.fillCache(r.Context(), &v); err != nil {
			d.failed(w, r, err)
			return
		}
	}
	done, n := doneOf(r, "invalidated", "cleared", "gone")
	d.render(w, r, http.StatusOK, element.Page{Title: "cache.title", Here: "/cache", Done: done, DoneCount: n, Content: v})
}

func (d *Dashboard) fillCache(ctx context.Context, v *pages.Cache) (err error) {
	v.Stats = d.Cache.Stats()
	if v.Entries, v.Total, err = d.Cache.List(ctx, v.Filter, entriesShown); err != nil {
		return err
	}
	for i := range v.Entries {
		v.Entries[i] = d.maskEntry(v.Entries[i])
	}
	if v.Question == "" {
		return nil
	}
	e, err := d.Cache.Explain(ctx, v.Question)
	if err != nil {
		return err
	}
	if e.Entry != nil {
		masked := d.maskEntry(*e.Entry)
		e.Entry = &masked
	}
	v.Explain = &e
	return nil
}

// maskEntry hides the question, which is a customer's. The answer is the bot's, and may repeat it.
func (d *Dashboard) maskEntry(e store.Entry) store.Entry {
	e.Question, e.Answer = d.Mask.Content(e.Question), d.Mask.Content(e.Answer)
	return e
}

func (d *Dashboard) invalidate(w http.ResponseWriter, r *http.Request) {
	if d.Cache == nil {
		http.Redirect(w, r, "/cache", http.StatusSeeOther)
		return
	}
	id := r.PostFormValue("id")
	found, err := d.Cache.Invalidate(r.Context(), id)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	d.Log.Info("cache entry invalidated", "entry", id, "found", found, "by", session.By(r))
	done := "invalidated"
	if !found {
		done = "gone"
	}
	http.Redirect(w, r, "/cache?done="+done+"&n=1", http.StatusSeeOther)
}

func (d *Dashboard) clearCache(w http.ResponseWriter, r *http.Request) {
	if d.Cache == nil {
		http.Redirect(w, r, "/cache", http.StatusSeeOther)
		return
	}
	n, err := d.Cache.Clear(r.Context())
	if err != nil {
		d.failed(w, r, err)
		return
	}
	d.Log.Info("cache cleared", "entries", n, "by", session.By(r))
	http.Redirect(w, r, "/cache?"+url.Values{"done": {"cleared"}, "n": {strconv.Itoa(n)}}.Encode(), http.StatusSeeOther)
}
