package assembly

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/oklog/ulid/v2"

	"tania/internal/alert"
	"tania/internal/answer/llm"
	"tania/internal/chatwoot"
	"tania/internal/config"
	"tania/internal/ledger"
	"tania/internal/outage"
	"tania/internal/queue"
	"tania/internal/queue/failover"
	"tania/internal/scrub"
	"tania/internal/store"
	"tania/internal/tania"
	"tania/internal/telemetry"
	"tania/internal/worker"
)

// watch is how one process is watched from outside.
type watch struct {
	metrics *telemetry.Metrics
	// tracer is nil without tracing.
	tracer *telemetry.Tracer
	// taken counts this process's webhooks, for the alerts.
	taken *webhookCounts
	// undelivered counts what channels did not deliver, for the alerts.
	undelivered *atomic.Int64
	// clock is Chatwoot's.
	clock *chatwoot.Clock
	// refused are the calls that Chatwoot refuses.
	refused *refusals
	// cache is the semantic cache's statistics; nil: there is none.
	cache telemetry.Cache
	// version is the program's.
	version string
	// process names this one; the name is new with each start, so that no two processes have the same.
	process string
	// failing says which sources of the bot's knowledge this process cannot read, "" where nothing is wrong.
	failing func() string
	// peers are the servers that answering depends on.
	peers worker.Peers
	// hidden are the secrets that must not come back from a server; nil: none.
	hidden *scrub.Scrubber
	// store is what the process has its queue in.
	store store.Kind
	// web and worker are what the process does.
	web, worker bool
}

// webhookCounts counts webhooks since the start.
type webhookCounts struct{ all, failed, refused atomic.Int64 }

// webhook is web.Options.Observe.
func (w watch) webhook(d tania.Delivery) {
	w.metrics.Webhook(d)
	w.taken.all.Add(1)
	if d.Code >= http.StatusInternalServerError {
		w.taken.failed.Add(1)
	}
	if d.Code == http.StatusUnauthorized {
		w.taken.refused.Add(1)
	}
}

// notDelivered is intake.Options.Undelivered.
func (w watch) notDelivered(m *tania.Message) {
	w.metrics.Undelivered(m)
	w.undelivered.Add(1)
}

// newWatch makes the metrics, and the traces where the environment asks for them.
func newWatch(
	ctx context.Context, version string, web, worker bool, clean func(string) string, log *slog.Logger,
) (w watch, err error) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	w = watch{
		metrics: telemetry.NewMetrics(version), taken: &webhookCounts{}, undelivered: &atomic.Int64{},
		refused: &refusals{}, version: version, web: web, worker: worker,
		process: host + "/" + ulid.Make().String(),
		clock:   &chatwoot.Clock{Moved: func(ahead time.Duration) { sayClocks(ahead, log) }},
	}
	if !telemetry.Tracing() {
		return w, nil
	}
	service := "tania"
	if !web {
		service = "tania-worker"
	}
	w.tracer, err = telemetry.NewTracer(ctx, telemetry.TracerOptions{Service: service, Version: version, Log: log, Clean: clean})
	return w, err
}

// traceGrace is how long the last spans may take to leave when the process ends.
const traceGrace = 2 * time.Second

func (w watch) close(ctx context.Context, log *slog.Logger) {
	if w.tracer == nil {
		return
	}
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), traceGrace)
	defer done()
	if err := w.tracer.Close(ctx); err != nil {
		log.Warn("the last traces were not sent", "error", err)
	}
}

// follow is the tracer of the process, one that follows nothing where the environment asks for none.
func (w watch) follow() tania.Tracer {
	if w.tracer == nil {
		return tania.Untraced{}
	}
	return w.tracer
}

// sources is what a scrape of this process asks.
func (w watch) sources(
	c *config.Config, engine queue.Engine, kept *failover.Failover, turns *worker.Worker, model *llm.OpenAI, alerts *alert.Watcher,
) telemetry.Sources {
	s := telemetry.Sources{
		Queue: engine.Stats, Shared: w.store.Many, Spent: ledger.SpentThisMonth(engine), Budget: c.Model.MonthlyBudget,
		Workers: func() (int, int64) {
			if !w.worker {
				return 0, 0
			}
			stats := turns.Stats()
			return stats.Concurrency, stats.Active
		},
		ClockAhead: w.clock.Ahead, Away: w.away,
		Cache: w.cache, Thresholds: alertSettings(c).Thresholds(),
	}
	if w.web {
		s.Firing = alerts.Firing
	}
	if kept != nil {
		s.Kept = kept.Spooled
	}
	s.Breakers = breakers(model)
	return s
}

// away says of each server that answering depends on whether this process finds it away.
func (w watch) away() map[string]bool {
	away := map[string]bool{}
	for _, p := range []*outage.Peer{w.peers.Chatwoot, w.peers.Model} {
		if p != nil {
			state := p.State()
			away[state.Name] = state.Away
		}
	}
	return away
}

// breakers says of each model whether its circuit breaker is open; nil where there is no model.
func breakers(model *llm.OpenAI) func() map[string]bool {
	if model == nil {
		return nil
	}
	return model.BreakersOpen
}

func alertSettings(c *config.Config) alert.Settings {
	return alert.Settings{Waiting: c.Watch.AlertWaiting, Oldest: c.Watch.AlertOldest, Dead: c.DeadTurnAlert}
}

// newPeers gives what the process knows of the servers that answering depends on; they still need their probes. The processes of a fleet
// have one of them probe for all.
func (w watch) newPeers(c *config.Config, engine queue.Engine, log *slog.Logger) worker.Peers {
	o := outage.Options{Process: w.process, Log: log}
	if w.store.Many {
		o.Board = engine
	}
	o.Name, o.Asked = outage.Chatwoot, func(err error) time.Duration {
		var api *chatwoot.APIError
		if !errors.As(err, &api) {
			return 0
		}
		return api.RetryAfter
	}
	peers := worker.Peers{Chatwoot: outage.New(o)}
	o.Name, o.ProbeTime, o.Most = outage.Model, c.Model.Timeout, outage.ModelProbes
	o.Asked = func(err error) time.Duration {
		var u *llm.UnavailableError
		if !errors.As(err, &u) {
			return 0
		}
		return u.Wait
	}
	peers.Model = outage.New(o)
	return peers
}

// probeModel asks whether a model is there, and counts what that costs.
func probeModel(model *llm.OpenAI, memory queue.Memory, log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		used, err := model.Ping(ctx)
		if failed := ledger.Pay(ctx, memory, "", used); failed != nil {
			log.Warn("a probe's cost was not counted", "error", failed)
		}
		return err
	}
}

// newAlerts gives the watcher of a process.
func (w watch) newAlerts(c *config.Config, engine queue.Engine, model *llm.OpenAI, log *slog.Logger) *alert.Watcher {
	return alert.New(alert.Options{
		Settings: alertSettings(c), Board: engine, Ready: engine.Ready, Stats: engine.Stats, Spent: ledger.SpentThisMonth(engine),
		Budget:  c.Model.MonthlyBudget,
		Counts:  func() alert.Counts { return w.counts(breakers(model)) },
		Outages: func() []outage.State { return []outage.State{w.peers.Chatwoot.State(), w.peers.Model.State()} },
		Process: w.process, Web: w.web, Worker: w.worker, Shared: w.store.Many,
		Language: c.Bot.Language, URL: c.Watch.AlertWebhook.Reveal(), Log: log,
	})
}

// counts are this process's numbers for the alerts.
func (w watch) counts(open func() map[string]bool) alert.Counts {
	c := alert.Counts{
		Webhooks: w.taken.all.Load(), WebhookErrors: w.taken.failed.Load(), WebhooksRefused: w.taken.refused.Load(),
		TokenRefused: w.refused.of(needed), HandoffRefused: w.refused.of(agreed),
		ClockAhead: w.clock.Ahead(), SourceFailed: w.failing(), Undelivered: w.undelivered.Load(),
	}
	if open != nil {
		for model, isOpen := range open() {
			if isOpen {
				c.Breakers = append(c.Breakers, model)
			}
		}
	}
	if w.cache != nil {
		ctx, done := context.WithTimeout(context.Background(), time.Second)
		defer done()
		if s, err := w.cache.CacheStats(ctx); err == nil {
			c.CacheHits, c.CacheLookups = s.AllHits(), s.AllHits()+s.Misses
		}
	}
	return c
}
