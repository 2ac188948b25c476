package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tania/internal/outage"
)

// Report is what a process tells the others of itself.
type Report struct {
	Process string `json:"process"`
	// Worker reports whether it answers customers, Web that it takes webhooks.
	Worker bool `json:"worker"`
	Web    bool `json:"web"`
	// Breakers are the models that it does not ask now.
	Breakers []string `json:"breakers,omitempty"`
	// Away are the servers that it finds away now.
	Away []outage.State `json:"away,omitempty"`
	// Webhooks and errors are those of the last five minutes, the cache's numbers those of the last hour.
	Webhooks      int64 `json:"webhooks"`
	WebhookErrors int64 `json:"webhook_errors"`
	// WebhooksRefused are those that were not Chatwoot's by their signature or token.
	WebhooksRefused int64 `json:"webhooks_refused,omitempty"`
	// TokenRefused says where Chatwoot refused the bot's token, HandoffRefused which step of a handoff it refused; "" when it did not.
	TokenRefused   string `json:"token_refused,omitempty"`
	HandoffRefused string `json:"handoff_refused,omitempty"`
	// SourceFailed says which sources of the bot's knowledge cannot be read, "" where all can.
	SourceFailed string `json:"source_failed,omitempty"`
	// Undelivered counts the bot's messages that channels did not deliver, of the last hour.
	Undelivered int64 `json:"undelivered,omitempty"`
	// ClockAhead is how far Chatwoot's clock is ahead of this process's, in seconds; negative: behind.
	ClockAhead   int64 `json:"clock_ahead,omitempty"`
	CacheHits    int64 `json:"cache_hits"`
	CacheLookups int64 `json:"cache_lookups"`
}

// Counts are a process's own, since its start.
type Counts struct {
	Webhooks, WebhookErrors int64
	WebhooksRefused         int64
	Undelivered             int64
	// These three are as in Report.
	TokenRefused, HandoffRefused, SourceFailed string
	ClockAhead                                 time.Duration
	CacheHits, CacheLookups                    int64
	Breakers                                   []string
}

// Windows of a report.
const (
	webhookWindow     = 5 * time.Minute
	cacheWindow       = time.Hour
	undeliveredWindow = time.Hour
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
	_, own.WebhooksRefused = w.refused.add(c.Webhooks, c.WebhooksRefused)
	own.Undelivered, _ = w.undelivered.add(c.Undelivered, 0)
	own.TokenRefused, own.HandoffRefused, own.SourceFailed = c.TokenRefused, c.HandoffRefused, c.SourceFailed
	own.ClockAhead = int64(c.ClockAhead / time.Second)
	own.CacheLookups, own.CacheHits = w.cache.add(c.CacheLookups, c.CacheHits)
	own.Breakers, own.Away = c.Breakers, w.away()
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
	w.mu.Lock()
	w.reports = all
	w.mu.Unlock()
	return all, nil
}

// away are the servers that this process finds away.
func (w *Watcher) away() []outage.State {
	if w.Options.Outages == nil {
		return nil
	}
	return slices.DeleteFunc(w.Options.Outages(), func(s outage.State) bool { return !s.Away })
}

// Outages gives the servers that are away now: as this process finds, else as another told last. One is there once.
func (w *Watcher) Outages() []outage.State {
	all := w.away()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.reports {
		for _, s := range r.Away {
			own := r.Process == w.Process
			if !own && !slices.ContainsFunc(all, func(have outage.State) bool { return have.Name == s.Name }) {
				all = append(all, s)
			}
		}
	}
	return all
}

func openBreakers(all []Report) []string {
	var models []string
	for _, r := range all {
		models = append(models, r.Breakers...)
	}
	slices.Sort(models)
	return slices.Compact(models)
}
