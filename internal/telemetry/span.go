package telemetry

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	noopmetric "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"tania/internal/tania"
)

// Receive implements tania.Tracer. Who sends a signed webhook may say which trace it belongs to.
func (t *Tracer) Receive(ctx context.Context, headers map[string][]string, came time.Time) (context.Context, tania.EndSpan) {
	ctx = t.wire.Extract(ctx, propagation.HeaderCarrier(headers))
	return t.start(ctx, "webhook", trace.WithSpanKind(trace.SpanKindServer), trace.WithTimestamp(came))
}

// Continue implements tania.Tracer.
func (t *Tracer) Continue(ctx context.Context, name, traceparent string) (context.Context, tania.EndSpan) {
	return t.start(t.within(ctx, traceparent), name, trace.WithSpanKind(trace.SpanKindConsumer))
}

// Turn implements tania.Tracer.
func (t *Tracer) Turn(ctx context.Context, traceparents []string, attrs ...slog.Attr) (context.Context, tania.EndSpan) {
	var own trace.TraceID
	for _, parent := range traceparents {
		if span := t.remote(parent); span.IsValid() {
			ctx, own = trace.ContextWithRemoteSpanContext(ctx, span), span.TraceID()
			break
		}
	}
	return t.start(ctx, "turn", trace.WithSpanKind(trace.SpanKindConsumer), t.links(traceparents, own),
		trace.WithAttributes(t.attributes(attrs)...))
}

// Waited implements tania.Tracer.
func (t *Tracer) Waited(ctx context.Context, traceparent string, since time.Time) {
	parent := t.remote(traceparent)
	if !parent.IsValid() {
		return
	}
	now := time.Now()
	if since.After(now) { // another host's clock
		since = now
	}
	_, span := t.tracer.Start(trace.ContextWithRemoteSpanContext(ctx, parent), "wait", trace.WithTimestamp(since))
	span.End(trace.WithTimestamp(now))
}

func (t *Tracer) start(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, tania.EndSpan) {
	ctx, span := t.tracer.Start(ctx, name, options...)
	if !span.IsRecording() {
		return ctx, unrecorded
	}
	return ctx, func(err error, attrs ...slog.Attr) {
		if err != nil {
			span.SetStatus(codes.Error, t.clean(err.Error()))
		}
		if len(attrs) > 0 {
			span.SetAttributes(t.attributes(attrs)...)
		}
		span.End()
	}
}

// unrecorded ends a span that the sampler left out.
func unrecorded(error, ...slog.Attr) {}

// attributes leaves out what is empty.
func (t *Tracer) attributes(attrs []slog.Attr) []attribute.KeyValue {
	var list []attribute.KeyValue
	for _, a := range attrs {
		switch v := a.Value.Resolve(); {
		case v.Kind() == slog.KindInt64:
			list = append(list, attribute.Int64(a.Key, v.Int64()))
		case v.String() != "":
			list = append(list, attribute.String(a.Key, t.clean(v.String())))
		}
	}
	return list
}

// Transport gives base with a span for each request that is made within one. With pass the receiver is told of the trace.
// A nil Tracer gives base.
func (t *Tracer) Transport(base http.RoundTripper, name string, pass bool) http.RoundTripper {
	if t == nil {
		return base
	}
	var wire propagation.TextMapPropagator = propagation.NewCompositeTextMapPropagator() //nolint:staticcheck // none, of the type of both
	if pass {
		wire = t.wire
	}
	return otelhttp.NewTransport(base,
		otelhttp.WithTracerProvider(t.provider), otelhttp.WithMeterProvider(noopmetric.NewMeterProvider()), otelhttp.WithPropagators(wire),
		otelhttp.WithFilter(func(r *http.Request) bool { return trace.SpanContextFromContext(r.Context()).IsValid() }),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return name + " " + r.Method + " " + template(r.URL.Path) }),
	)
}

// template is a path with its numbers left out.
func template(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if p != "" && strings.Trim(p, "0123456789") == "" {
			parts[i] = "{id}"
		}
	}
	return strings.Join(parts, "/")
}
