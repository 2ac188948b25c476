package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tania/internal/cache/store"
)

// Cache is what the cache's page needs of the semantic cache.
type Cache interface {
	// Stats are what it did since it was started or cleared; it must be cheap: it is asked every second.
	Stats() CacheStats
	// List gives entries whose question or answer holds the filter ("" for all), the one that answered last first, at most limit, and how many there are in all.
	List(ctx context.Context, filter string, limit int) (entries []store.Entry, total int, err error)
	// Explain tells what the cache would do with a question, without counting it.
	Explain(ctx context.Context, question string) (CacheExplanation, error)
	// Invalidate removes an entry and reports whether it was there.
	Invalidate(ctx context.Context, id string) (bool, error)
	// Clear removes all entries and says how many.
	Clear(ctx context.Context) (int, error)
}

// CacheStats counts a cache's work. Saved is in micro-USD.
type CacheStats struct {
	Entries, Hits, Misses, Saved int64
}

// HitRate is the share of questions that were answered from the cache.
func (s CacheStats) HitRate() float64 { return float64(s.Hits) / float64(max(s.Hits+s.Misses, 1)) }

// Asked counts questions.
func (s CacheStats) Asked() int64 { return s.Hits + s.Misses }

// CacheExplanation is what a cache would do with a question, and why.
type CacheExplanation struct {
	Hit bool
	// Tier is how the entry was found, Why the reason in words.
	Tier, Why string
	// Normalised is the question as it is compared.
	Normalised string
	Entry      *store.Entry
	// Score is how near the entry is, Threshold how near it must be.
	Score, Threshold float64
	// Checks are the rules that were asked, in their order.
	Checks []CacheCheck
}

// CacheCheck is one rule of an explanation.
type CacheCheck struct {
	Name   string
	Passed bool
	Detail string
}

// entriesShown is how many entries the page lists.
const entriesShown = 100

// cacheView is the page's data.
type cacheView struct {
	On       bool
	Stats    CacheStats
	Filter   string
	Entries  []store.Entry
	Total    int
	Question string
	Explain  *CacheExplanation
}

func (d *Dashboard) cache(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	v := cacheView{On: d.Cache != nil, Filter: q.Get("filter"), Question: strings.TrimSpace(q.Get("explain"))}
	if v.On {
		if err := d.fillCache(r.Context(), &v); err != nil {
			d.failed(w, r, err)
			return
		}
	}
	done, n := doneOf(r, "invalidated", "cleared", "gone")
	d.render(w, r, http.StatusOK, page{Title: "cache.title", Here: "/cache", Done: done, DoneCount: n, Content: v})
}

func (d *Dashboard) fillCache(ctx context.Context, v *cacheView) (err error) {
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
	d.Log.Info("cache entry invalidated", "entry", id, "found", found, "by", by(r))
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
	d.Log.Info("cache cleared", "entries", n, "by", by(r))
	http.Redirect(w, r, "/cache?"+url.Values{"done": {"cleared"}, "n": {strconv.Itoa(n)}}.Encode(), http.StatusSeeOther)
}
