package otlp

import (
	"compress/gzip"
	"context"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
)

// receiver keeps what is posted to it, and answers what a test says.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	paths    []string
	headers  []http.Header
	exported []*collector.ExportTraceServiceRequest
	answer   func(n int, w http.ResponseWriter)
}

func newReceiver(t *testing.T, start func(http.Handler) *httptest.Server) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = start(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var body io.Reader = req.Body
		if req.Header.Get("Content-Encoding") == "gzip" {
			unpacked, err := gzip.NewReader(body)
			if err != nil {
				t.Error(err)
				return
			}
			body = unpacked
		}
		raw, err := io.ReadAll(body)
		export := &collector.ExportTraceServiceRequest{}
		if err = errors.Join(err, proto.Unmarshal(raw, export)); err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.paths, r.headers, r.exported = append(r.paths, req.URL.Path), append(r.headers, req.Header), append(r.exported, export)
		if r.answer != nil {
			r.answer(len(r.paths), w)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.paths)
}

// spans are of every kind, with everything that a span can have, and with nothing.
func spans() []sdktrace.ReadOnlySpan {
	at := time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)
	context := func(n byte, remote bool) trace.SpanContext {
		state, _ := trace.ParseTraceState("a=1,b=2")
		return trace.NewSpanContext(trace.SpanContextConfig{
			TraceID: trace.TraceID{n, 2, 3}, SpanID: trace.SpanID{n, 5}, TraceFlags: trace.FlagsSampled, TraceState: state, Remote: remote,
		})
	}
	about := resource.NewWithAttributes("https://schema.example", attribute.String("service.name", "tania"), attribute.Int("n", 0))
	whole := tracetest.SpanStub{
		Name: "turn", SpanContext: context(1, false), Parent: context(2, true), SpanKind: trace.SpanKindConsumer,
		StartTime: at, EndTime: at.Add(time.Second),
		Attributes: []attribute.KeyValue{
			attribute.String("text", "año"), attribute.String("empty", ""), attribute.Int64("less", -7), attribute.Int("none", 0),
			attribute.Bool("yes", true), attribute.Bool("no", false), attribute.Float64("part", 0.25),
			attribute.StringSlice("list", []string{"a", ""}),
		},
		DroppedAttributes: 1, DroppedEvents: 2, DroppedLinks: 3,
		Events: []sdktrace.Event{{Name: "e", Time: at, Attributes: []attribute.KeyValue{attribute.Int("a", 1)}, DroppedAttributeCount: 4}},
		Links: []sdktrace.Link{
			{SpanContext: context(3, true), Attributes: []attribute.KeyValue{attribute.Int("b", 2)}, DroppedAttributeCount: 5},
			{SpanContext: context(4, false)},
		},
		Status:   sdktrace.Status{Code: codes.Error, Description: "away"},
		Resource: about, InstrumentationScope: instrumentation.Scope{Name: "tania", Version: "1", SchemaURL: "https://scope.example"},
	}
	stubs := tracetest.SpanStubs{whole}
	for kind := trace.SpanKindUnspecified; kind <= trace.SpanKindConsumer; kind++ {
		stubs = append(stubs, tracetest.SpanStub{
			Name: kind.String(), SpanContext: context(10+byte(kind), false), SpanKind: kind, Resource: about,
			Status: sdktrace.Status{Code: codes.Code(int(kind) % 3)}, StartTime: at, EndTime: at, //nolint:gosec // 0 to 2
			InstrumentationScope: instrumentation.Scope{Name: "other"},
		})
	}
	return stubs.Snapshots()
}

// TestTheReceiverGetsWhatTheLibraryWouldSend compares with OpenTelemetry's own exporter, field by field.
func TestTheReceiverGetsWhatTheLibraryWouldSend(t *testing.T) {
	for _, compression := range []string{"none", "gzip"} {
		r := newReceiver(t, httptest.NewServer)
		t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", r.URL+"/otel/")
		t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a%20b=,x-shared=all")
		t.Setenv("OTEL_EXPORTER_OTLP_COMPRESSION", compression)
		library, err := otlptracehttp.New(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		own, err := New()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range []sdktrace.SpanExporter{library, own} {
			if err := errors.Join(e.ExportSpans(t.Context(), spans()), e.Shutdown(t.Context())); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(r.exported[0], r.exported[1], protocmp.Transform()); diff != "" {
			t.Error(diff)
		}
		if len(r.exported[1].GetResourceSpans()[0].GetScopeSpans()) != 2 {
			t.Error("the spans of two scopes are not apart")
		}
		if r.paths[0] != r.paths[1] {
			t.Errorf("sent to %v", r.paths)
		}
		for _, name := range []string{"X-Key", "X-Shared", "Content-Type", "Content-Encoding"} {
			if want, got := r.headers[0].Get(name), r.headers[1].Get(name); got != want {
				t.Errorf("%s: %q, the library sends %q", name, got, want)
			}
		}
	}
}

func TestAnOverloadedReceiverIsAskedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		answer  func(n int, w http.ResponseWriter)
		asked   int
		problem string
	}{
		"busy once": {func(n int, w http.ResponseWriter) {
			if n == 1 {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		}, 2, ""},
		"busy for longer than is waited": {func(_ int, w http.ResponseWriter) {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
		}, 1, "429"},
		"refused": {func(_ int, w http.ResponseWriter) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte("no such key"))
		}, 1, "no such key"},
		"taken in part": {func(_ int, w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/x-protobuf")
			body, _ := proto.Marshal(&collector.ExportTraceServiceResponse{
				PartialSuccess: &collector.ExportTracePartialSuccess{RejectedSpans: 3, ErrorMessage: "too old"},
			})
			_, _ = w.Write(body)
		}, 1, `3 spans: "too old"`},
		"an answer that is no protobuf": {func(_ int, w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/x-protobuf")
			_, _ = w.Write([]byte("\x0a\xff\xff fine"))
		}, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReceiver(t, httptest.NewServer)
			r.answer = c.answer
			t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", r.URL)
			e, err := New()
			if err != nil {
				t.Fatal(err)
			}
			e.first = time.Millisecond
			err = e.ExportSpans(t.Context(), spans())
			if r.count() != c.asked || (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
				t.Errorf("asked %d times: %v", r.count(), err)
			}
			if r.paths[0] != "/" {
				t.Errorf("the address of traces is not used as it is: %s", r.paths[0])
			}
		})
	}
}

// TestTheEndDoesNotWaitForAReceiver that wants a minute's patience.
func TestTheEndDoesNotWaitForAReceiver(t *testing.T) {
	r, asked := newReceiver(t, httptest.NewServer), make(chan struct{}, 1)
	r.answer = func(_ int, w http.ResponseWriter) {
		w.WriteHeader(http.StatusServiceUnavailable)
		asked <- struct{}{}
	}
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", r.URL)
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	e.first = longestTry - time.Second
	ended := make(chan error)
	go func() { ended <- e.ExportSpans(context.Background(), spans()) }()
	<-asked
	if err := e.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil {
		t.Error("spans that were not taken are no error")
	}
}

func TestACertificateCanBeNamed(t *testing.T) {
	r := newReceiver(t, httptest.NewTLSServer)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", r.URL)
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if err := e.ExportSpans(t.Context(), spans()); err == nil {
		t.Error("anybody is trusted")
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	content := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.Certificate().Raw})
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", file)
	if e, err = New(); err != nil {
		t.Fatal(err)
	}
	if err := e.ExportSpans(t.Context(), spans()); err != nil {
		t.Error(err)
	}
}

func TestWrongSettingsAreNamed(t *testing.T) {
	for _, c := range [][3]string{
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "4318"},
		{"OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "milliseconds"},
		{"OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "zstd", "gzip"},
		{"OTEL_EXPORTER_OTLP_HEADERS", "secret", "name=value"},
		{"OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere.pem", "nowhere"},
		{"OTEL_EXPORTER_OTLP_CLIENT_KEY", "/nowhere.pem", "both"},
	} {
		t.Run(c[0], func(t *testing.T) {
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")
			t.Setenv(c[0], c[1])
			_, err := New()
			if err == nil || !strings.Contains(err.Error(), c[2]) || !strings.Contains(err.Error(), c[0]) {
				t.Errorf("%v", err)
			}
			if c[1] == "secret" && strings.Contains(err.Error(), c[1]) {
				t.Errorf("shows a key: %v", err)
			}
		})
	}
}
