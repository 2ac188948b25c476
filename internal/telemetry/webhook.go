package telemetry

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"tania/internal/tania"
)

type webhookMetrics struct {
	requests *prometheus.CounterVec
	seconds  prometheus.Observer
}

// A webhook takes some milliseconds, and is to take less than 50.
var webhookBuckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}

func newWebhookMetrics(r prometheus.Registerer) webhookMetrics {
	m := webhookMetrics{
		requests: counter(r, "tania_webhook_requests_total",
			"Webhooks answered, by HTTP status, by what became of them, and by the governor's reason.", "code", "status", "reason"),
		seconds: histogram(r, "tania_webhook_duration_seconds", "Time from a webhook's request to its answer.", webhookBuckets).
			WithLabelValues(),
	}
	// Present from the start, so that the first one counts as an increase.
	m.requests.WithLabelValues("200", "queued", "proceed")
	m.requests.WithLabelValues("500", "failed", "")
	return m
}

// Webhook is web.Options.Observe.
func (m *Metrics) Webhook(d tania.Delivery) {
	m.webhook.requests.WithLabelValues(strconv.Itoa(d.Code), d.Status, string(d.Reason)).Inc()
	m.webhook.seconds.Observe(d.Duration.Seconds())
}
