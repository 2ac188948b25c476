package telemetry_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tania/internal/queue"
	"tania/internal/telemetry"
	"tania/internal/telemetry/otlptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// scraped is what a scrape of m gives.
func scraped(t *testing.T, m *telemetry.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return "\n" + w.Body.String()
}

type cache struct {
	stats telemetry.CacheStats
	err   error
}

func (c cache) CacheStats(context.Context) (telemetry.CacheStats, error) { return c.stats, c.err }

func TestTheCachesMetrics(t *testing.T) {
	full := telemetry.CacheStats{
		Hits: map[string]int64{"exact": 6, "semantic": 2}, Misses: 12, Entries: 40,
		Refusals: map[string]int64{"personal": 3}, Vetoes: map[string]int64{"number": 1},
	}
	if rate := full.HitRate(); rate != 0.4 {
		t.Errorf("hit rate %v", rate)
	}
	if rate := (telemetry.CacheStats{}).HitRate(); rate != 0 {
		t.Errorf("hit rate of nothing %v", rate)
	}
	for name, c := range map[string]struct {
		cache telemetry.Cache
		want  []string
	}{
		"a cache at work": {cache{stats: full}, []string{
			`tania_cache_hits_total{tier="exact"} 6`, `tania_cache_hits_total{tier="semantic"} 2`, `tania_cache_lookups_total{result="hit"} 8`,
			`tania_cache_lookups_total{result="miss"} 12`, `tania_cache_refusals_total{reason="personal"} 3`,
			`tania_cache_vetoes_total{reason="number"} 1`, `tania_cache_entries 40`,
		}},
		"no cache":                     {nil, []string{`tania_cache_lookups_total{result="hit"} 0`, `tania_cache_entries 0`}},
		"a cache that does not answer": {cache{err: errors.New("away")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			m := telemetry.NewMetrics("v1")
			m.Watch(telemetry.Sources{Cache: c.cache})
			body := scraped(t, m)
			for _, line := range c.want {
				if !strings.Contains(body, "\n"+line+"\n") {
					t.Errorf("%s is missing", line)
				}
			}
			if c.want == nil && strings.Contains(body, "tania_cache_") {
				t.Error("numbers are shown that are not known")
			}
		})
	}
}

func TestAScrapeDoesNotWaitForAStoreThatHangs(t *testing.T) {
	m := telemetry.NewMetrics("v1")
	hang := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	m.Watch(telemetry.Sources{
		Queue: func(ctx context.Context) (queue.Stats, error) { return queue.Stats{}, hang(ctx) }, Shared: true,
		Spent:  func(ctx context.Context) (int64, error) { return 0, hang(ctx) },
		Budget: 5_000_000, Breakers: func() map[string]bool { return map[string]bool{"m": true} },
		Away:       func() map[string]bool { return map[string]bool{"chatwoot": true, "model": false} },
		ClockAhead: func() time.Duration { return -90 * time.Second },
	})
	began := time.Now()
	body := scraped(t, m)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
	for _, line := range []string{
		"tania_redis_up 0", "tania_budget_limit_usd 5", `tania_model_breaker_open{model="m"} 1`,
		`tania_server_away{server="chatwoot"} 1`, `tania_server_away{server="model"} 0`, "tania_chatwoot_clock_ahead_seconds -90",
	} {
		if !strings.Contains(body, "\n"+line+"\n") {
			t.Errorf("%s is missing", line)
		}
	}
	for _, name := range []string{"tania_queue_waiting ", "tania_budget_spent_usd "} {
		if strings.Contains(body, "\n"+name) {
			t.Errorf("%s is shown although it is not known", name)
		}
	}
}

func tracer(t *testing.T, log *slog.Logger) (*telemetry.Tracer, *otlptest.Receiver, func()) {
	t.Helper()
	r := otlptest.New(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", r.URL)
	tr, err := telemetry.NewTracer(t.Context(), telemetry.TracerOptions{Service: "tania", Version: "v1", Log: log})
	if err != nil {
		t.Fatal(err)
	}
	return tr, r, func() {
		if err := tr.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

func TestATurnIsInTheFirstMessagesTraceAndLinkedWithTheOthers(t *testing.T) {
	tr, r, done := tracer(t, slog.New(slog.DiscardHandler))
	parent := func(n int) string { return fmt.Sprintf("00-%032x-%016x-01", n, n) }
	ctx, end := tr.Turn(t.Context(), []string{"", "not one", parent(1), parent(2), parent(1), parent(2)})
	if id := tr.TraceID(ctx); id != fmt.Sprintf("%032x", 1) {
		t.Errorf("trace %s", id)
	}
	end(errors.New("failed"))
	tr.Waited(t.Context(), parent(1), time.Now().Add(time.Hour))
	tr.Waited(t.Context(), "", time.Now())
	done()
	spans := r.Spans("")
	if len(spans) != 2 || !spans[0].Failed || len(spans[0].Links) != 1 || spans[0].Links[0] != fmt.Sprintf("%032x", 2) {
		t.Fatalf("%+v", spans)
	}
	if wait := spans[1]; wait.Name != "wait" || wait.End.Before(wait.Start) || wait.Parent != fmt.Sprintf("%016x", 1) {
		t.Errorf("%+v", wait)
	}
}

func TestAFloodBeginsABoundedNumberOfTraces(t *testing.T) {
	tr, r, done := tracer(t, slog.New(slog.DiscardHandler))
	for range 1000 {
		ctx, end := tr.Receive(t.Context(), http.Header{}, time.Now())
		_, inner := tr.Start(ctx, "push")
		inner(nil)
		end(nil)
	}
	done()
	spans := r.Spans("")
	if len(spans) < 200 || len(spans) > 1200 {
		t.Errorf("%d spans of 1000 webhooks", len(spans))
	}
	whole := map[string]int{}
	for _, s := range spans {
		whole[s.TraceID]++
	}
	for id, n := range whole {
		if n != 2 {
			t.Errorf("trace %s has %d spans", id, n)
		}
	}
}

func TestLogLinesNameTheTrace(t *testing.T) {
	var out bytes.Buffer
	log := telemetry.NewLogger(&out, slog.LevelInfo, "json").With("conversation", "1:2")
	tr, _, done := tracer(t, log)
	ctx, end := tr.Start(t.Context(), "webhook")
	log.InfoContext(ctx, "within")
	log.Info("without")
	end(nil)
	done()
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `"trace_id":"`+tr.TraceID(ctx)+`"`) || strings.Contains(lines[1], "trace_id") {
		t.Error(out.String())
	}
}

func TestAReceiverThatIsAwayIsSaidOnceAndHarmsNothing(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", gone.URL)
	t.Setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1")
	var out bytes.Buffer
	tr, err := telemetry.NewTracer(t.Context(), telemetry.TracerOptions{Service: "tania", Log: slog.New(slog.NewTextHandler(&out, nil))})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		_, end := tr.Start(t.Context(), "webhook")
		end(nil)
	}
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	_ = tr.Close(ctx) // whether the last batch is an error of the end is the library's choice
	if n := strings.Count(out.String(), "traces could not be sent"); n != 1 || ctx.Err() != nil {
		t.Errorf("said %d times, %v", n, ctx.Err())
	}
}

func TestTracingIsOffWithoutAnEndpoint(t *testing.T) {
	for name, c := range map[string]struct {
		env  []string
		want bool
	}{
		"nothing set":  {nil, false},
		"an endpoint":  {[]string{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://x:4318"}, true},
		"traces' own":  {[]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://x:4318/v1/traces"}, true},
		"switched off": {[]string{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://x:4318", "OTEL_SDK_DISABLED", "true"}, false},
		"no exporter":  {[]string{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://x:4318", "OTEL_TRACES_EXPORTER", "none"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
			for i := 0; i+1 < len(c.env); i += 2 {
				t.Setenv(c.env[i], c.env[i+1])
			}
			if got := telemetry.Tracing(); got != c.want {
				t.Errorf("%v", got)
			}
		})
	}
	t.Setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
	if _, err := telemetry.NewTracer(t.Context(), telemetry.TracerOptions{}); err == nil || !strings.Contains(err.Error(), "http/protobuf") {
		t.Errorf("%v", err)
	}
}
