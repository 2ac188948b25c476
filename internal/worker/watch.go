package worker

import (
	"context"
	"log/slog"
	"time"

	"tania/internal/reply"
	"tania/internal/tania"
)

// Observer is told what turns do, for metrics.
type Observer interface {
	// Step is one step of an attempt, of a closed set of names.
	Step(name string, took time.Duration)
	// Attempt is told when an attempt has ended.
	Attempt(tania.Attempt)
}

// traced begins the spans of an attempt, and puts the trace's id into its log lines.
func (r *run) traced(ctx context.Context) (context.Context, tania.EndSpan) {
	first := r.t.Messages[0]
	since := r.t.Due
	if r.t.Attempt == 1 && r.t.Deferred == 0 {
		since = first.Received
	}
	r.Tracer.Waited(ctx, first.Trace, since)
	parents := make([]string, len(r.t.Messages))
	for i, m := range r.t.Messages {
		parents[i] = m.Trace
	}
	ctx, end := r.Tracer.Turn(ctx, parents, slog.String("tania.conversation", r.t.Key.String()), slog.String("tania.turn", string(r.t.ID)),
		slog.Int("tania.attempt", r.t.Attempt), slog.Int("tania.messages", len(r.t.Messages)))
	if id := r.Tracer.TraceID(ctx); id != "" {
		r.log = r.log.With("trace_id", id)
	}
	return ctx, end
}

// step begins a step: its span, and, when it ends, how long it took, for the record.
func (r *run) step(ctx context.Context, name string) (context.Context, func() tania.Step) {
	began := time.Now()
	ctx, end := r.Tracer.Start(ctx, name)
	return ctx, func() tania.Step {
		end(nil)
		took := time.Since(began)
		r.Observer.Step(name, took)
		return reply.Took(name, took)
	}
}

// observed tells of the attempt that has ended, with the record as it left it.
func (r *run) observed(claimed time.Time, record tania.Record, end tania.Outcome) {
	r.Observer.Attempt(tania.Attempt{
		End: end, Record: record, Messages: len(r.t.Messages), Restarted: max(0, r.restarts()-r.restartsBefore),
		Waited: max(claimed.Sub(r.t.Due), 0), Took: time.Since(claimed), Latency: max(time.Since(r.t.Messages[0].Received), 0),
	})
}

type unobserved struct{}

func (unobserved) Step(string, time.Duration) {}
func (unobserved) Attempt(tania.Attempt)      {}
