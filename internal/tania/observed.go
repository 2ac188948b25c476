package tania

import (
	"context"
	"log/slog"
	"time"
)

// Taken is what became of an event that Chatwoot told of, from a closed set.
type Taken string

// The ends of an event.
const (
	TakenQueued    Taken = "queued"
	TakenDuplicate Taken = "duplicate"
	TakenIgnored   Taken = "ignored"
	TakenNoted     Taken = "noted"
	TakenAmended   Taken = "amended"
	// TakenSpooled: the store is away, and what the webhook means is decided when it is back.
	TakenSpooled Taken = "kept"
	// A webhook was refused, or it failed because it could not be stored.
	TakenRefused Taken = "refused"
	TakenFailed  Taken = "failed"
)

// Delivery is one webhook that was answered.
type Delivery struct {
	// Code is the answer's HTTP status.
	Code int
	// Status and Reason are the answer's, of closed sets: Status is one of Taken, or the outcome where that was waited for.
	Status   string
	Reason   Reason
	Duration time.Duration
}

// Attempt is one attempt at a turn that has ended.
type Attempt struct {
	// End is the outcome, or EndGivenBack or EndLost.
	End Outcome
	// Record is the decision; its message and content are not set.
	Record   Record
	Messages int
	// Restarted counts how often this attempt started over for newer messages.
	Restarted int
	// Waited is how long the turn had been due when it was claimed, Took the attempt's time, and Latency the time since the
	// turn's first message was received.
	Waited, Took, Latency time.Duration
}

// An attempt can end without an outcome of its turn too: the process stops, or another worker has the turn. No record has these.
const (
	EndGivenBack = Outcome("given_back")
	EndLost      = Outcome("lost")
)

// ChatwootCall is one try of an operation of Chatwoot's API. Status is 0 when no answer came.
type ChatwootCall struct {
	Op       string
	Status   int
	Duration time.Duration
	Err      error
}

// ModelCall is one HTTP call to a model.
type ModelCall struct {
	Model string
	// Status is the HTTP status, 0 when no answer came.
	Status   int
	Duration time.Duration
	Usage    Usage
	Err      error
	// Kind is the error's, of a closed set; empty for a call that was answered.
	Kind string
}

// Tracer follows a message from its webhook to the reply, across processes.
type Tracer interface {
	// Receive begins the span of a delivery that came at a time, in the trace that its HTTP headers name, or a new one.
	Receive(ctx context.Context, headers map[string][]string, came time.Time) (context.Context, EndSpan)
	// Continue begins a span in the trace of a W3C traceparent, or a new one where it is empty.
	Continue(ctx context.Context, name, traceparent string) (context.Context, EndSpan)
	// Turn begins a span in the trace of the first of the W3C traceparents, or a new one; the others are linked.
	Turn(ctx context.Context, traceparents []string, attrs ...slog.Attr) (context.Context, EndSpan)
	// Waited is a span from a time until now in the trace of a traceparent, if it is one.
	Waited(ctx context.Context, traceparent string, since time.Time)
	// Start begins a span within that of ctx.
	Start(ctx context.Context, name string) (context.Context, EndSpan)
	// Traceparent is the W3C name of the span of ctx, TraceID that of its trace for log lines; empty without one.
	Traceparent(ctx context.Context) string
	TraceID(ctx context.Context) string
}

// EndSpan ends the span that it was given for, with what failed in it, if anything, and what became known of it.
type EndSpan func(err error, attrs ...slog.Attr)

// Untraced is a Tracer that follows nothing.
type Untraced struct{}

var _ Tracer = Untraced{}

// Receive implements Tracer.
func (Untraced) Receive(ctx context.Context, _ map[string][]string, _ time.Time) (context.Context, EndSpan) {
	return ctx, endNothing
}

// Continue implements Tracer.
func (Untraced) Continue(ctx context.Context, _, _ string) (context.Context, EndSpan) {
	return ctx, endNothing
}

// Turn implements Tracer.
func (Untraced) Turn(ctx context.Context, _ []string, _ ...slog.Attr) (context.Context, EndSpan) {
	return ctx, endNothing
}

// Waited implements Tracer.
func (Untraced) Waited(context.Context, string, time.Time) {}

// Start implements Tracer.
func (Untraced) Start(ctx context.Context, _ string) (context.Context, EndSpan) {
	return ctx, endNothing
}

// Traceparent implements Tracer.
func (Untraced) Traceparent(context.Context) string { return "" }

// TraceID implements Tracer.
func (Untraced) TraceID(context.Context) string { return "" }

func endNothing(error, ...slog.Attr) {}
