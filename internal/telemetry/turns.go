package telemetry

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tania/internal/tania"
)

type turnMetrics struct {
	ends, decisions, handoffs     *prometheus.CounterVec
	restarts                      prometheus.Counter
	held                          *prometheus.CounterVec
	step                          *prometheus.HistogramVec
	waiting, seconds, fromMessage prometheus.Observer
}

// Steps take microseconds (a rule) to many seconds (a model); turns and waits are what people notice.
var (
	stepBuckets = []float64{.0001, .001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 45}
	turnBuckets = []float64{.05, .1, .25, .5, 1, 2, 3, 5, 8, 13, 20, 30, 45, 60, 120, 300, 600}
)

func newTurnMetrics(r prometheus.Registerer) turnMetrics {
	m := turnMetrics{
		ends: counter(r, "tania_turns_total", "Attempts at turns that have ended, by how.", "outcome"),
		decisions: counter(r, "tania_decisions_total",
			"Messages decided on by the worker: outcome, route of the dispatcher, reason of the governor.", "outcome", "route", "reason"),
		handoffs: counter(r, "tania_handoffs_total", "Conversations given to a human, by reason.", "reason"),
		held: counter(r, "tania_replies_held_total",
			"Replies of the model that were not sent as they were, by reason, and whether another one was.", "reason", "replaced"),
		step: histogram(r, "tania_turn_step_duration_seconds", "Time of one step of a turn.", stepBuckets, "step"),
		waiting: histogram(r, "tania_turn_waiting_seconds", "Time from when a turn is due until a worker takes it.",
			turnBuckets).WithLabelValues(),
		seconds: histogram(r, "tania_turn_duration_seconds", "Time of one attempt at a turn.", turnBuckets).WithLabelValues(),
		fromMessage: histogram(r, "tania_reply_latency_seconds",
			"Time from a turn's first message until it was answered or handed over, the burst's quiet time included.", turnBuckets).
			WithLabelValues(),
	}
	restarts := counter(r, "tania_turn_restarts_total", "Times that a newer message made a turn start over.")
	m.restarts = restarts.WithLabelValues()
	for _, end := range []tania.Outcome{
		tania.OutcomeAnswered, tania.OutcomeNotKnown, tania.OutcomeAskedBack, tania.OutcomeHandedOver, tania.OutcomeSilent,
		tania.OutcomeWaiting, tania.OutcomeRetrying, tania.OutcomeFailed,
		tania.EndGivenBack, tania.EndLost,
	} {
		m.ends.WithLabelValues(string(end))
	}
	for _, reason := range []tania.HandoffReason{
		tania.HandoffRequested, tania.HandoffFrustration, tania.HandoffSensitive, tania.HandoffModel, tania.HandoffFailed, tania.HandoffLoop,
		tania.HandoffLate, tania.HandoffModelAway, tania.HandoffNotKnown, tania.HandoffPaused, tania.HandoffNotDelivered,
		tania.HandoffOutsideWindow, tania.HandoffApproval, tania.HandoffProcedure,
	} {
		m.handoffs.WithLabelValues(string(reason))
	}
	for _, reason := range tania.GuardReasons() {
		m.held.WithLabelValues(string(reason), "true")
		m.held.WithLabelValues(string(reason), "false")
	}
	return m
}

// Step implements worker.Observer.
func (m *Metrics) Step(name string, took time.Duration) {
	m.turns.step.WithLabelValues(name).Observe(took.Seconds())
}

// Attempt implements worker.Observer.
func (m *Metrics) Attempt(a tania.Attempt) {
	m.turns.ends.WithLabelValues(string(a.End)).Inc()
	m.turns.waiting.Observe(a.Waited.Seconds())
	m.turns.seconds.Observe(a.Took.Seconds())
	m.turns.restarts.Add(float64(a.Restarted))
	switch a.End {
	case tania.OutcomeAnswered, tania.OutcomeNotKnown, tania.OutcomeAskedBack, tania.OutcomeHandedOver, tania.OutcomeSilent,
		tania.OutcomeFailed:
		m.turns.decisions.WithLabelValues(string(a.End), string(a.Record.Route), string(a.Record.Reason)).Add(float64(a.Messages))
	default:
		return // decided later
	}
	if a.Record.Guard != "" {
		m.turns.held.WithLabelValues(string(a.Record.Guard), strconv.FormatBool(!a.Record.GuardTwice)).Inc()
	}
	if a.Record.Handoff != "" {
		m.turns.handoffs.WithLabelValues(string(a.Record.Handoff)).Inc()
	}
	if a.End.Reached() {
		m.turns.fromMessage.Observe(a.Latency.Seconds())
	}
}
