package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Report is what a process tells the others of itself.
type Report struct {
	Process string `json:"process"`
	// Worker says that it answers customers, Web that it takes webhooks.
	Worker bool `json:"worker"`
	Web    bool `json:"web"`
	// Breakers are the models that it does not ask now.
	Breakers []string `json:"breakers,omitempty"`
	// Webhooks and errors are those of the last five minutes, the cache's numbers those of the last hour.
	Webhooks      int64 `json:"webhooks"`
	WebhookErrors int64 `json:"webhook_errors"`
	CacheHits     int64 `json:"cache_hits"`
	CacheLookups  int64 `json:"cache_lookups"`
}

// Counts are a process's own, since its start.
type Counts struct {
	Webhooks, WebhookErrors int64
	CacheHits, CacheLookups int64
	Breakers                []string
}

// Windows of a report.
const (
	webhookWindow = 5 * time.Minute
	cacheWindow   = time.Hour
)

// window keeps counters' readings, Every apart, for as long as it is long.
type window struct {
	long     time.Duration
	readings [][2]int64
}

// add takes a reading and gives how much was counted within the window.
func (w *window) add(a, b int64) (int64, int64) {
	w.readings = append(w.readings, [2]int64{a, b})
	if most := int(w.long/Every) + 1; len(w.readings) > most {
		w.readings = slices.Delete(w.readings, 0, len(w.readings)-most)
	}
	return a - w.readings[0][0], b - w.readings[0][1]
}

// report tells the others, and gives what they tell.
func (w *Watcher) report(ctx context.Context) ([]Report, error) {
	own := Report{Process: w.Process, Worker: w.Worker, Web: w.Web}
	c := w.Counts()
	own.Webhooks, own.WebhookErrors = w.webhooks.add(c.Webhooks, c.WebhookErrors)
	own.CacheLookups, own.CacheHits = w.cache.add(c.CacheLookups, c.CacheHits)
	own.Breakers = c.Breakers
	body, err := json.Marshal(own)
	if err != nil {
		return nil, fmt.Errorf("alert: report: %w", err)
	}
	bodies, err := w.Board.Report(ctx, w.Process, body, 7*w.Every/2) // it is there until it has missed three
	if err != nil {
		return nil, fmt.Errorf("alert: %w", err)
	}
	var all []Report
	for _, b := range bodies {
		var r Report
		if err := json.Unmarshal(b, &r); err != nil {
			w.Log.Warn("a process's report cannot be read", "error", err)
			continue
		}
		all = append(all, r)
	}
	return all, nil
}

func openBreakers(all []Report) []string {
	var models []string
	for _, r := range all {
		models = append(models, r.Breakers...)
	}
	slices.Sort(models)
	return slices.Compact(models)
}
