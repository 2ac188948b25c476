package worker

import (
	"context"
	"log/slog"
	"time"

	"tania/internal/tania"
)

// Observer is told what turns do, for metrics.
type Observer interface {
	// Step is one step of an attempt, of a closed set of names.
	Step(name string, took time.Duration)
	// Attempt is told when an attempt has ended.
	Attempt(Attempt)
}

// Attempt is one attempt at a turn that has ended.
type Attempt struct {
	// End is the outcome, or EndGivenBack or EndLost.
	End tania.Outcome
	// Record is the decision; its message and content are not set.
	Record   tania.Record
	Messages int
	// Restarted counts how often this attempt started over for newer messages.
	Restarted int
	// Waited is how long the turn had been due when it was claimed, Took the attempt's time, and Latency the time since the
	// turn's first message was received.
	Waited, Took, Latency time.Duration
}

// What an attempt ends with beside a record's outcomes: the process stops, or another worker has the turn.
const (
	EndGivenBack tania.Outcome = "given_back"
	EndLost      tania.Outcome = "lost"
)

// Tracer follows a turn, across processes. Each span ends with the function that began it gives.
type Tracer interface {
	// Turn begins a span in the trace of the first of the W3C traceparents, or a new one; the others are linked.
	Turn(ctx context.Context, traceparents []string, attrs ...slog.Attr) (context.Context, func(error, ...slog.Attr))
	// Waited is a span from a time until now in the trace of a traceparent, if it is one.
	Waited(ctx context.Context, traceparent string, since time.Time)
	// Start begins a span within that of ctx.
	Start(ctx context.Context, name string) (context.Context, func(error, ...slog.Attr))
	// TraceID is that of the span of ctx, for log lines; empty without one.
	TraceID(ctx context.Context) string
}

// traced begins the spans of an attempt, and puts the trace's id into its log lines.
func (r *run) traced(ctx context.Context) (context.Context, func(error, ...slog.Attr)) {
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

// step begins a step: its span, and, when it ends, its time in the record.
func (r *run) step(ctx context.Context, name string) (context.Context, func()) {
	began := time.Now()
	ctx, end := r.Tracer.Start(ctx, name)
	return ctx, func() {
		end(nil)
		r.stepped(name, began)
	}
}

// observed tells of the attempt that has ended.
func (r *run) observed(claimed time.Time) {
	end := r.record.Outcome
	if r.end != "" {
		end = r.end
	}
	r.Observer.Attempt(Attempt{
		End: end, Record: r.record, Messages: len(r.t.Messages), Restarted: r.t.Restarts - r.restartsBefore,
		Waited: max(claimed.Sub(r.t.Due), 0), Took: time.Since(claimed), Latency: max(time.Since(r.t.Messages[0].Received), 0),
	})
}

type unobserved struct{}

func (unobserved) Step(string, time.Duration) {}
func (unobserved) Attempt(Attempt)            {}

// untraced is a Tracer that follows nothing.
type untraced struct{}

func (untraced) Turn(ctx context.Context, _ []string, _ ...slog.Attr) (context.Context, func(error, ...slog.Attr)) {
	return ctx, unended
}

func (untraced) Waited(context.Context, string, time.Time) {}

func (untraced) Start(ctx context.Context, _ string) (context.Context, func(error, ...slog.Attr)) {
	return ctx, unended
}

func (untraced) TraceID(context.Context) string { return "" }

func unended(error, ...slog.Attr) {}
