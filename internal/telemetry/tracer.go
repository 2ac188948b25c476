package telemetry

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"tania/internal/tania"
	"tania/internal/telemetry/otlp"
)

// TracerOptions say what the spans tell of their process.
type TracerOptions struct {
	// Service is service.name unless OTEL_SERVICE_NAME says otherwise.
	Service, Version string
	// Log hears, once a minute at most, that spans could not be sent.
	Log *slog.Logger
	// Clean takes out of texts what no receiver is to see; nil: nothing does.
	Clean func(string) string
}

// Tracer makes spans and sends them by OTLP over HTTP. It is a tania.Tracer.
type Tracer struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	// wire is the W3C trace context.
	wire propagation.TraceContext
	// clean takes out of texts what no receiver is to see.
	clean func(string) string
}

// Tracing reports whether the process's environment asks for traces.
func Tracing() bool {
	return (os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != "") &&
		!strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") && os.Getenv("OTEL_TRACES_EXPORTER") != "none"
}

// NewTracer gives a tracer that is set by the usual OTEL_* variables, which the libraries read from the environment
// themselves. Nothing is sent before a span ends, and a receiver that is away harms nothing: its spans are dropped.
func NewTracer(ctx context.Context, o TracerOptions) (*Tracer, error) {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"} {
		if p := os.Getenv(name); p != "" && p != "http/protobuf" {
			return nil, fmt.Errorf("telemetry: %s is %q: only http/protobuf is spoken here; set it so, and the endpoint to the receiver's HTTP port (4318)", name, p)
		}
	}
	exporter, err := otlp.New()
	if err != nil {
		return nil, fmt.Errorf("telemetry: traces: %w", err)
	}
	about, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithHost(), resource.WithAttributes(
		attribute.String("service.name", o.Service), attribute.String("service.version", o.Version),
		attribute.String("service.instance.id", uuid.NewString())), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("telemetry: OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	// The SDK has one place for the errors of its background sending.
	otel.SetErrorHandler(newComplaints(o.Log))
	provider := sdktrace.NewTracerProvider(append(samplers(), sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))...)
	if o.Clean == nil {
		o.Clean = func(text string) string { return text }
	}
	return &Tracer{provider: provider, tracer: provider.Tracer("tania"), clean: o.Clean}, nil
}

// Close sends what is left, for as long as ctx lasts.
func (t *Tracer) Close(ctx context.Context) error {
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("telemetry: traces: %w", err)
	}
	return nil
}

// Start implements tania.Tracer. Within a span of this process that the sampler left out it makes none: in a flood most are.
func (t *Tracer) Start(ctx context.Context, name string) (context.Context, tania.EndSpan) {
	if above := trace.SpanContextFromContext(ctx); above.IsValid() && !above.IsRemote() && !above.IsSampled() {
		return ctx, unrecorded
	}
	return t.start(ctx, name)
}

// TraceID implements tania.Tracer.
func (t *Tracer) TraceID(ctx context.Context) string {
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		return span.TraceID().String()
	}
	return ""
}

// Traceparent implements tania.Tracer.
func (t *Tracer) Traceparent(ctx context.Context) string {
	carrier := propagation.MapCarrier{}
	t.wire.Inject(ctx, carrier)
	return carrier["traceparent"]
}

// remote is the span that a traceparent names, if it is one.
func (t *Tracer) remote(traceparent string) trace.SpanContext {
	ctx := t.wire.Extract(context.Background(), propagation.MapCarrier{"traceparent": traceparent})
	return trace.SpanContextFromContext(ctx)
}

// within puts the span that a traceparent names above those of ctx.
func (t *Tracer) within(ctx context.Context, traceparent string) context.Context {
	if span := t.remote(traceparent); span.IsValid() {
		return trace.ContextWithRemoteSpanContext(ctx, span)
	}
	return ctx
}

// links are those to the spans of traceparents, other than of one trace.
func (t *Tracer) links(traceparents []string, but trace.TraceID) trace.SpanStartOption {
	var links []trace.Link
	var seen []trace.TraceID
	for _, parent := range traceparents {
		if span := t.remote(parent); span.IsValid() && span.TraceID() != but && !slices.Contains(seen, span.TraceID()) {
			seen = append(seen, span.TraceID())
			links = append(links, trace.Link{SpanContext: span})
		}
	}
	return trace.WithLinks(links...)
}
