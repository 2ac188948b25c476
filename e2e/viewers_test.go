package e2e

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkViewers measures what fifty viewers of the dashboard cost: the webhook's p99 beside the p99 without them, in
// turns, in one run, and the processor time of a viewer.
//
//	go test ./e2e -run '^$' -bench Viewers -benchtime 1x
func BenchmarkViewers(b *testing.B) {
	// A median of fewer rounds tells nothing: six gave 0.98 to 1.12.
	const viewers, rounds, perSecond, long = 50, 24, 200, 4 * time.Second
	p := newServing(b)
	var next atomic.Int64
	load := func(d time.Duration) (took []time.Duration) {
		var mu sync.Mutex
		var posts sync.WaitGroup
		tick := time.NewTicker(time.Second / perSecond)
		defer tick.Stop()
		for end := time.Now().Add(d); time.Now().Before(end); <-tick.C {
			posts.Go(func() {
				body := fmt.Sprintf(`{"event":"message_created","id":%d,"message_type":"incoming","content":"hola","account":{"id":1},"inbox":{"id":11},
					"sender":{"id":5,"name":"Ana"},"conversation":{"id":%d,"inbox_id":11,"status":"pending","can_reply":true}}`, next.Add(1), next.Load())
				began := time.Now()
				resp, err := http.Post("http://"+p.address+"/chatwoot/webhook", "application/json", strings.NewReader(body))
				if err != nil {
					b.Error(err)
					return
				}
				_ = resp.Body.Close()
				mu.Lock()
				defer mu.Unlock()
				took = append(took, time.Since(began))
			})
		}
		posts.Wait()
		return took
	}
	idle := func(d time.Duration) float64 { // processor seconds in a second
		before := processorTime(b, p.cmd.Process.Pid)
		<-time.After(d)
		return (processorTime(b, p.cmd.Process.Pid) - before).Seconds() / d.Seconds()
	}
	load(time.Second) // warm
	for b.Loop() {
		var alone, watched []time.Duration
		var ratios []float64
		cpuAlone := idle(8 * time.Second)
		leave := p.watch(b, viewers)
		cpuWatched := idle(8 * time.Second)
		leave()
		for range rounds {
			before := load(long)
			leave := p.watch(b, viewers)
			during := load(long)
			leave()
			ratios = append(ratios, float64(p99(during))/float64(p99(before)))
			alone, watched = append(alone, before...), append(watched, during...)
		}
		slices.Sort(ratios)
		b.ReportMetric(float64(p99(alone).Microseconds())/1000, "ms-p99-alone")
		b.ReportMetric(float64(p99(watched).Microseconds())/1000, "ms-p99-watched")
		b.ReportMetric(ratios[len(ratios)/2], "p99-ratio-median")
		b.ReportMetric(100*(cpuWatched-cpuAlone)/viewers, "%core/viewer")
		b.ReportMetric(100*cpuAlone, "%core-idle")
	}
}

// newServing is a running, paused Tania: what comes is stored, and nothing else happens.
func newServing(b *testing.B) *process {
	b.Helper()
	l := freeAddress(b)
	_, port, _ := strings.Cut(l, ":")
	p := &process{t: b, program: binary, address: l, args: []string{"serve", "--env", ""}, env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + b.TempDir(), "HOST=127.0.0.1", "PORT=" + port, "TANIA_DATA_DIR=" + b.TempDir(),
		"CHATWOOT_BASE_URL=http://127.0.0.1:9", "CHATWOOT_API_ACCESS_TOKEN=none", "LOG_LEVEL=error",
	}}
	b.Cleanup(func() { p.stop() })
	p.start()
	resp, err := http.Post("http://"+p.address+"/chatwoot/queue/pause", "", nil)
	if err != nil {
		b.Fatal(err)
	}
	_ = resp.Body.Close()
	return p
}

// watch opens streams and waits until each had an update; leave closes them.
func (p *process) watch(b *testing.B, viewers int) (leave func()) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	var watching sync.WaitGroup
	greeted := make(chan struct{}, viewers)
	for range viewers {
		watching.Go(func() {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+"/live", nil)
			if err != nil {
				b.Error(err)
				return
			}
			resp, err := (&http.Client{Transport: &http.Transport{}}).Do(req)
			if err != nil || resp.StatusCode != http.StatusOK {
				b.Errorf("no stream: %v", err)
				greeted <- struct{}{}
				return
			}
			defer func() { _ = resp.Body.Close() }()
			lines := bufio.NewScanner(resp.Body)
			for first := true; lines.Scan(); {
				if first && strings.HasPrefix(lines.Text(), "event:") {
					greeted <- struct{}{}
					first = false
				}
			}
		})
	}
	for range viewers {
		<-greeted
	}
	return func() { cancel(); watching.Wait() }
}

func p99(took []time.Duration) time.Duration {
	sorted := slices.Clone(took)
	slices.Sort(sorted)
	return sorted[len(sorted)*99/100]
}

// processorTime is what a process has used, in user and system mode, in the kernel's hundredths of a second.
func processorTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		b.Fatalf("this measures where there is a /proc: %v", err)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	var ticks int
	for _, f := range fields[11:13] {
		n, err := strconv.Atoi(f)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
