package main

import (
	"context"
	"log/slog"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/config"
	"tania/internal/queue"
	"tania/internal/queue/failover"
	"tania/internal/telemetry"
	"tania/internal/web"
	"tania/internal/worker"
)

// watch is how one process is watched from outside.
type watch struct {
	metrics *telemetry.Metrics
	// tracer is nil without tracing.
	tracer *telemetry.Tracer
}

// newWatch makes the metrics, and the traces where the environment asks for them.
func newWatch(ctx context.Context, workerOnly bool, log *slog.Logger) (w watch, err error) {
	w.metrics = telemetry.NewMetrics(version)
	if !telemetry.Tracing() {
		return w, nil
	}
	service := "tania"
	if workerOnly {
		service = "tania-worker"
	}
	w.tracer, err = telemetry.NewTracer(ctx, telemetry.TracerOptions{Service: service, Version: version, Log: log})
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

// tracers are the tracer as the rooms declare it, nil without one.
func (w watch) tracers() (web.Tracer, worker.Tracer) {
	if w.tracer == nil {
		return nil, nil
	}
	return w.tracer, w.tracer
}

// sources is what a scrape of this process asks.
func (w watch) sources(c *config.Config, engine queue.Engine, kept *failover.Failover, turns *worker.Worker, responder llm.Responder) telemetry.Sources {
	s := telemetry.Sources{
		Queue: engine.Stats, Redis: c.Redis.Configured(), Spent: spent(engine), Budget: c.Model.MonthlyBudget,
		Workers: func() (int, int64) {
			stats := turns.Stats()
			return stats.Concurrency, stats.Active
		},
		Thresholds: map[string]float64{},
	}
	if kept != nil {
		s.Kept = kept.Kept
	}
	if model, ok := responder.(*llm.OpenAI); ok {
		s.Breakers = model.BreakersOpen
	}
	return s
}
