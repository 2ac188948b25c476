package telemetry

import (
	"fmt"
	"os"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"golang.org/x/time/rate"
)

// tracesPerSecond is how many traces a process begins in a second, and at once, unless OTEL_TRACES_SAMPLER says otherwise: all of
// them in a busy installation, and not so many in a flood that telling of webhooks slows them down.
const tracesPerSecond = 100

// samplers gives the option for the sampler; none where the environment names one.
func samplers() []sdktrace.TracerProviderOption {
	if os.Getenv("OTEL_TRACES_SAMPLER") != "" {
		return nil
	}
	root := limited{rate.NewLimiter(tracesPerSecond, tracesPerSecond)}
	return []sdktrace.TracerProviderOption{sdktrace.WithSampler(sdktrace.ParentBased(root))}
}

// limited takes so many new traces a second, and no others. What belongs to a trace follows its beginning.
type limited struct{ limiter *rate.Limiter }

// ShouldSample implements sdktrace.Sampler.
func (s limited) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	result := sdktrace.SamplingResult{Decision: sdktrace.Drop, Tracestate: trace.SpanContextFromContext(p.ParentContext).TraceState()}
	if s.limiter.Allow() {
		result.Decision = sdktrace.RecordAndSample
	}
	return result
}

// Description implements sdktrace.Sampler.
func (s limited) Description() string { return fmt.Sprintf("AtMostPerSecond{%d}", tracesPerSecond) }
