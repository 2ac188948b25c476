package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"tania/internal/tania"
)

// Delivery is one webhook that was answered, for those who watch.
type Delivery struct {
	// Code is the answer's HTTP status.
	Code int
	// Status and Reason are the answer's, of closed sets; Status is "refused" for one that was not taken and "failed" for one
	// that could not be stored.
	Status   string
	Reason   tania.Reason
	Duration time.Duration
}

// Tracer follows a webhook across processes. Each span ends with the function that began it gives.
type Tracer interface {
	// Receive begins the span of a delivery that came at a time, in the trace that its headers name, or a new one.
	Receive(ctx context.Context, h http.Header, came time.Time) (context.Context, func(error, ...slog.Attr))
	// Continue begins a span in the trace of a W3C traceparent, or a new one where it is empty.
	Continue(ctx context.Context, name, traceparent string) (context.Context, func(error, ...slog.Attr))
	// Start begins a span within that of ctx.
	Start(ctx context.Context, name string) (context.Context, func(error, ...slog.Attr))
	// Traceparent is the W3C name of the span of ctx; empty without one.
	Traceparent(ctx context.Context) string
}

// untraced is a Tracer that follows nothing.
type untraced struct{}

func (untraced) Receive(ctx context.Context, _ http.Header, _ time.Time) (context.Context, func(error, ...slog.Attr)) {
	return ctx, unended
}

func (untraced) Continue(ctx context.Context, _, _ string) (context.Context, func(error, ...slog.Attr)) {
	return ctx, unended
}

func (untraced) Start(ctx context.Context, _ string) (context.Context, func(error, ...slog.Attr)) {
	return ctx, unended
}

func (untraced) Traceparent(context.Context) string { return "" }

func unended(error, ...slog.Attr) {}
