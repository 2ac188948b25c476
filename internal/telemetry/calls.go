package telemetry

import (
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"tania/internal/tania"
)

type callMetrics struct {
	chatwoot               *prometheus.CounterVec
	chatwootTime           *prometheus.HistogramVec
	model, tokens, dollars *prometheus.CounterVec
	modelTime              *prometheus.HistogramVec
}

var (
	chatwootBuckets = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	modelBuckets    = []float64{.05, .1, .25, .5, 1, 2, 3, 5, 8, 13, 20, 30, 60}
)

func newCallMetrics(r prometheus.Registerer) callMetrics {
	return callMetrics{
		chatwoot: counter(r, "tania_chatwoot_calls_total", "Calls of Chatwoot's API, by operation and HTTP status (none: no answer came).",
			"operation", "code"),
		chatwootTime: histogram(r, "tania_chatwoot_call_duration_seconds", "Time of one call of Chatwoot's API.", chatwootBuckets, "operation"),
		model:        counter(r, "tania_model_calls_total", "Calls of a model, by result: ok, or the kind of error.", "model", "result"),
		tokens:       counter(r, "tania_model_tokens_total", "Tokens of a model, by direction.", "model", "direction"),
		dollars:      counter(r, "tania_model_cost_usd_total", "Cost of a model's calls, in US dollars by the prices in bot.yaml.", "model"),
		modelTime:    histogram(r, "tania_model_call_duration_seconds", "Time of one call of a model.", modelBuckets, "model"),
	}
}

// Chatwoot is chatwoot.ClientOptions.Observe.
func (m *Metrics) Chatwoot(c tania.ChatwootCall) {
	code := "none"
	if c.Status != 0 {
		code = strconv.Itoa(c.Status)
	}
	operation := strings.ReplaceAll(c.Op, " ", "_")
	m.calls.chatwoot.WithLabelValues(operation, code).Inc()
	m.calls.chatwootTime.WithLabelValues(operation).Observe(c.Duration.Seconds())
}

// Models makes the series of the configured models, so that they are there before their first call.
func (m *Metrics) Models(names ...string) {
	for _, name := range names {
		m.calls.model.WithLabelValues(name, "ok")
		m.calls.tokens.WithLabelValues(name, "input")
		m.calls.tokens.WithLabelValues(name, "output")
		m.calls.dollars.WithLabelValues(name)
	}
}

// Model is llm.OpenAIOptions.Observe.
func (m *Metrics) Model(c tania.ModelCall) {
	result := c.Kind
	if result == "" {
		result = "ok"
	}
	m.calls.model.WithLabelValues(c.Model, result).Inc()
	m.calls.modelTime.WithLabelValues(c.Model).Observe(c.Duration.Seconds())
	m.calls.tokens.WithLabelValues(c.Model, "input").Add(float64(c.Usage.InputTokens))
	m.calls.tokens.WithLabelValues(c.Model, "output").Add(float64(c.Usage.OutputTokens))
	m.calls.dollars.WithLabelValues(c.Model).Add(float64(c.Usage.Cost) / 1e6)
}
