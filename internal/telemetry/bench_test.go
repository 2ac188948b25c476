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
	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/telemetry"
	"tania/internal/web"
)

// rounds and each are how often the rates are compared, and with how many webhooks.
const (
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
	log := slog.New(slog.DiscardHandler)
	tracer, err := telemetry.NewTracer(b.Context(), telemetry.TracerOptions{Service: "bench", Log: log})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = tracer.Close(context.Background()) }()
	counted, traced := telemetry.NewMetrics("bench"), telemetry.NewMetrics("bench")
	variants := []struct {
		name    string
		metrics *telemetry.Metrics
		options web.Options
	}{
		{"off", nil, web.Options{}},
		{"metrics", counted, web.Options{Observe: counted.Webhook}},
		{"metrics_and_traces", traced, web.Options{Observe: traced.Webhook, Tracer: tracer}},
	}
	rates := make([][]float64, len(variants))
	var sites []*httptest.Server
	for _, v := range variants {
		engine, err := sqlitequeue.Open(b.Context(), filepath.Join(b.TempDir(), "tania.db"), queue.Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = engine.Close() }()
		o := v.options
		o.Engine, o.Governor, o.Log, o.Verifier = engine, governor.New(governor.Options{}), log, chatwoot.NewVerifier("secret")
		if v.metrics != nil {
			v.metrics.Watch(telemetry.Sources{Queue: engine.Stats})
			o.Metrics = v.metrics.Handler()
		}
		site := httptest.NewServer(web.New(o))
		defer site.Close()
		sites = append(sites, site)
	}
	message := 0
	for round := range benchRounds {
		for i := range variants { // another one goes first each time
			n := (i + round) % len(variants)
			rates[n] = append(rates[n], webhookRate(b, sites[n], &message, variants[n].metrics != nil))
		}
	}
	for n, v := range variants {
		b.ReportMetric(median(rates[n]), v.name+"/s")
		if n > 0 { // of the rounds' ratios, since a busy neighbour meets all of a round
			ratios := make([]float64, benchRounds)
			for round := range ratios {
				ratios[round] = rates[n][round] / rates[0][round]
			}
			b.ReportMetric(median(ratios), v.name+":off")
		}
	}
	b.ReportMetric(0, "ns/op")
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
		bodies[i] = fmt.Appendf(nil, `{"event":"message_created","id":%d,"message_type":"incoming","content":"hola","private":false,"account":{"id":3},"inbox":{"id":11},`+
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
