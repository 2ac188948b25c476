package telemetry_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/governor"
	"tania/internal/intake"
	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/telemetry"
	"tania/internal/web"
)

// Rates are compared so many times, of so many webhooks each. After some rounds each variant has a new store, so that the luck of one
// file on the disk does not count as telemetry's. Fewer rounds than these tell nothing: a variant against itself gave 0.98 to 1.11 in
// fifteen.
const (
	benchStores = 5
	benchRounds = 15
	benchEach   = 2000
	benchAtOnce = 32
)

// BenchmarkWebhookRate compares the rate of webhooks, signed and stored in the embedded engine, with telemetry off, with metrics that are
// scraped, and with traces as well, in alternating rounds of one run. It ignores b.N: go test -run ^$ -bench WebhookRate -benchtime 1x.
func BenchmarkWebhookRate(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as tania serve has it
	swallow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer swallow.Close()
	b.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", swallow.URL)
	tracer, err := telemetry.NewTracer(b.Context(), telemetry.TracerOptions{Service: "bench", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = tracer.Close(context.Background()) }()
	names := []string{"off", "metrics", "metrics_and_traces"}
	rates, ratios := make([][]float64, len(names)), make([][]float64, len(names))
	message := 0
	for range benchStores {
		sites := []*httptest.Server{
			webhookSite(b, nil, nil), webhookSite(b, telemetry.NewMetrics("bench"), nil),
			webhookSite(b, telemetry.NewMetrics("bench"), tracer),
		}
		for round := range benchRounds {
			rate := make([]float64, len(names))
			for i := range names { // another one goes first each time
				n := (i + round) % len(names)
				rate[n] = webhookRate(b, sites[n], &message, n > 0)
			}
			for n := range names { // of the rounds' ratios, since a busy neighbour meets all of a round
				rates[n], ratios[n] = append(rates[n], rate[n]), append(ratios[n], rate[n]/rate[0])
			}
		}
	}
	for n, name := range names {
		b.ReportMetric(median(rates[n]), name+"/s")
		if n > 0 {
			b.ReportMetric(median(ratios[n]), name+":off")
		}
	}
	b.ReportMetric(0, "ns/op")
}

// webhookSite serves webhooks from a store of its own until the benchmark ends, with the metrics and the traces that are given.
func webhookSite(b *testing.B, metrics *telemetry.Metrics, tracer *telemetry.Tracer) *httptest.Server {
	b.Helper()
	engine, err := sqlitequeue.Open(b.Context(), filepath.Join(b.TempDir(), "tania.db"), queue.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = engine.Close() })
	door := intake.Options{Engine: engine, Governor: governor.New(governor.Options{})}
	if tracer != nil {
		door.Tracer = tracer
	}
	o := web.Options{Engine: engine, Intake: intake.New(door), Log: slog.New(slog.DiscardHandler), Verifier: chatwoot.NewVerifier("secret")}
	if tracer != nil {
		o.Tracer = tracer
	}
	if metrics != nil {
		metrics.Watch(telemetry.Sources{Queue: engine.Stats})
		o.Observe, o.Metrics = metrics.Webhook, metrics.Handler()
	}
	site := httptest.NewServer(web.New(o))
	b.Cleanup(site.Close)
	return site
}

func median(list []float64) float64 {
	return slices.Sorted(slices.Values(list))[len(list)/2]
}

// webhookRate posts webhooks over connections that stay open, and scrapes meanwhile.
func webhookRate(b *testing.B, site *httptest.Server, message *int, scraped bool) float64 {
	b.Helper()
	bodies := make([][]byte, benchEach)
	for i := range bodies {
		*message++
		bodies[i] = fmt.Appendf(nil,
			`{"event":"message_created","id":%d,"message_type":"incoming","content":"hola","private":false,"account":{"id":3},"inbox":{"id":11},`+
				`"created_at":"2026-06-17T09:00:01.000Z","sender":{"id":501,"name":"Ana"},"conversation":{"id":%d,"inbox_id":11,"status":"pending","can_reply":true,"channel":"Channel::WebWidget"}}`,
			*message, *message%2000+1)
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: benchAtOnce}}
	defer client.CloseIdleConnections()
	ctx, done := context.WithCancel(b.Context())
	var scraping sync.WaitGroup
	if scraped {
		scraping.Go(func() {
			tick := time.NewTicker(time.Second / 4) // sixty times as often as Prometheus
			defer tick.Stop()
			for {
				select {
				case <-tick.C:
					if resp, err := client.Get(site.URL + "/metrics"); err == nil {
						_, _ = io.Copy(io.Discard, resp.Body)
						_ = resp.Body.Close()
					}
				case <-ctx.Done():
					return
				}
			}
		})
	}
	var next atomic.Int64
	var posting sync.WaitGroup
	began := time.Now()
	for range benchAtOnce {
		posting.Go(func() {
			for n := next.Add(1) - 1; n < benchEach; n = next.Add(1) - 1 {
				body := bodies[n]
				req, _ := http.NewRequestWithContext(b.Context(), http.MethodPost, site.URL+"/chatwoot/webhook", bytes.NewReader(body))
				stamp, signature := chatwoot.Sign("secret", time.Now(), body)
				req.Header.Set(chatwoot.HeaderTimestamp, stamp)
				req.Header.Set(chatwoot.HeaderSignature, signature)
				resp, err := client.Do(req)
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
				if resp.StatusCode != http.StatusOK {
					b.Error(resp.Status)
				}
			}
		})
	}
	posting.Wait()
	took := time.Since(began)
	done()
	scraping.Wait()
	return benchEach / took.Seconds()
}
