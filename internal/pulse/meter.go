package pulse

import (
	"context"
	"log/slog"
	"maps"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tania/internal/ledger"
)

// Prefixes of the histograms' counters in the store; the bucket's number follows.
const (
	webhookPrefix = "latency/webhook/"
	turnPrefix    = "latency/turn/"
)

// Counter is where a meter's counts go: queue.Memory's Count.
type Counter interface {
	Count(ctx context.Context, delta map[string]int64) error
}

// Meter gathers one process's measurements.
type Meter struct {
	// Webhook is the time webhooks took, Turn the time from a customer's message to its answer.
	Webhook, Turn Histogram
	// Errors counts questions that no model answered.
	Errors atomic.Int64

	mu sync.Mutex
	// turns counts the turns that have ended, by the names of their counters.
	turns map[string]int64
}

// flushEvery is how often measurements go to the store, flushPatience how long that may take.
const (
	flushEvery    = time.Second
	flushPatience = 700 * time.Millisecond
)

// Run stores what was measured, every second and at the end. What the store does not take is tried again with the next.
func (m *Meter) Run(ctx context.Context, store Counter, log *slog.Logger) error {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := m.Flush(ctx, store); err != nil {
				log.Debug("measurements not stored yet", "error", err)
			}
		case <-ctx.Done():
			if err := m.Flush(context.WithoutCancel(ctx), store); err != nil {
				log.Debug("the last measurements were not stored", "error", err)
			}
			return nil
		}
	}
}

// Flush stores what was measured since the last time; nothing measured is nothing stored. After an error the measurements
// are kept for the next time.
func (m *Meter) Flush(ctx context.Context, store Counter) error {
	delta := map[string]int64{}
	take := func(name string, c *atomic.Int64) {
		if n := c.Swap(0); n != 0 {
			delta[name] = n
		}
	}
	m.each(take)
	turns := m.takeTurns()
	maps.Copy(delta, turns)
	if len(delta) == 0 {
		return nil
	}
	ctx, done := context.WithTimeout(ctx, flushPatience)
	defer done()
	err := store.Count(ctx, delta)
	if err != nil {
		m.each(func(name string, c *atomic.Int64) { c.Add(delta[name]) })
		m.returnTurns(turns)
	}
	return err
}

func (m *Meter) each(do func(name string, c *atomic.Int64)) {
	for i := range buckets {
		do(webhookPrefix+strconv.Itoa(i), &m.Webhook.counts[i])
		do(turnPrefix+strconv.Itoa(i), &m.Turn.counts[i])
	}
	do(ledger.Errors, &m.Errors)
}

// histograms reads the counters back.
func histograms(counters map[string]int64) (webhook, turn counts) {
	for name, n := range counters {
		for prefix, c := range map[string]*counts{webhookPrefix: &webhook, turnPrefix: &turn} {
			if bucket, ok := strings.CutPrefix(name, prefix); ok {
				if i, err := strconv.Atoi(bucket); err == nil && i >= 0 && i < buckets {
					c[i] = n
				}
			}
		}
	}
	return webhook, turn
}
