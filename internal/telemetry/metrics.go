package telemetry

import (
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tania/internal/tania"
)

// Metrics are one process's Prometheus metrics, in a registry of their own. Every label has a closed set of values, the
// configured models' names among them; none is of a conversation, a contact or a message. docs/observability.md explains each.
type Metrics struct {
	registry *prometheus.Registry
	webhook  webhookMetrics
	turns    turnMetrics
	calls    callMetrics
	// undelivered counts the bot's messages that channels did not deliver.
	undelivered *prometheus.CounterVec
}

// NewMetrics gives the metrics of a process.
func NewMetrics(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "tania_build_info", Help: "1, with the version of Tania and of Go.",
		ConstLabels: prometheus.Labels{"version": version, "go_version": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(build, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.webhook = newWebhookMetrics(m.registry)
	m.turns = newTurnMetrics(m.registry)
	m.calls = newCallMetrics(m.registry)
	m.undelivered = counter(m.registry, "tania_undelivered_total",
		"The bot's messages that a channel did not deliver, as Chatwoot told this process, by cause.", "channel", "cause")
	return m
}

// Undelivered is intake.Options.Undelivered.
func (m *Metrics) Undelivered(u *tania.Message) {
	m.undelivered.WithLabelValues(string(u.Channel), string(u.Undelivered.Cause)).Inc()
}

// scrapesAtOnce bounds the scrapes that run at the same time, and scrapeTime how long one may take.
const (
	scrapesAtOnce = 4
	scrapeTime    = 5 * time.Second
)

// Handler answers a scrape.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: scrapesAtOnce, Timeout: scrapeTime,
	})
}

// counter registers a counter with labels.
func counter(r prometheus.Registerer, name, help string, labels ...string) *prometheus.CounterVec {
	v := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	r.MustRegister(v)
	return v
}

// histogram registers a histogram of seconds.
func histogram(r prometheus.Registerer, name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	v := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	r.MustRegister(v)
	return v
}
