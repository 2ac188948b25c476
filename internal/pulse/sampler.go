package pulse

import (
	"context"
	"slices"
	"sync"
	"time"

	"tania/internal/ledger"
	"tania/internal/queue"
	"tania/internal/tania"
)

// What the sampler keeps and looks back to, in samples, one a second.
const (
	// Kept is a quarter of an hour.
	Kept = 15 * 60
	// rateOver is the time over which rates are averaged, quantilesOver that of the latencies.
	rateOver      = 10
	quantilesOver = 60
	interval      = time.Second
	// patience is how long the store may take for a sample.
	patience = 700 * time.Millisecond
)

// Source is what is sampled: a queue.Engine.
type Source interface {
	Stats(ctx context.Context) (queue.Stats, error)
	Counters(ctx context.Context) (map[string]int64, error)
}

// Sample is how things stood at one time.
type Sample struct {
	At time.Time
	// Err is why the store could not be read; everything else is then zero.
	Err   error
	Queue queue.Stats
	// Accepted counts messages, Answered turns, per second, over the last ten seconds.
	Accepted, Answered float64
	Webhook, Turn      Quantiles
	// Counters are the store's, without the histograms.
	ModelCalls, ModelErrors int64
	// RecentCalls and RecentErrors are those of the last quarter of an hour, or since the sampler began.
	RecentCalls, RecentErrors int64
	// Spent is in micro-USD, in this month and ever.
	SpentThisMonth, Spent int64
	// Bots are those that answer, where there are several.
	Bots []OfBot
	// Undelivered counts the bot's messages that channels did not deliver, ever, by channel and cause, the most first.
	Undelivered []tania.UndeliveredCount
}

// Sampler takes a sample every second, once for all who look. It is safe for concurrent use.
type Sampler struct {
	source Source
	now    func() time.Time

	mu      sync.Mutex
	samples []Sample // ascending, at most Kept
	// webhook and turn are the histograms of the last minute's samples, ascending.
	webhook, turn []counts
}

// NewSampler prepares a sampler; now may be nil.
func NewSampler(source Source, now func() time.Time) *Sampler {
	if now == nil {
		now = time.Now
	}
	return &Sampler{source: source, now: now}
}

// Run samples until ctx ends, and tells each sample to taken.
func (s *Sampler) Run(ctx context.Context, taken func(context.Context, Sample)) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		taken(ctx, s.Take(ctx))
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Take takes one sample now and keeps it.
func (s *Sampler) Take(ctx context.Context) Sample {
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	sample := Sample{At: s.now().UTC()}
	stats, err := s.source.Stats(ctx)
	var counters map[string]int64
	if err == nil {
		counters, err = s.source.Counters(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		sample.Err = err
		s.keep(sample)
		return sample
	}
	sample.Queue = stats
	money := ledger.Of(counters, sample.At)
	sample.ModelCalls, sample.ModelErrors, sample.Spent, sample.SpentThisMonth = money.Calls, money.Errors, money.Cost, money.CostThisMonth
	sample.Bots, sample.Undelivered = Bots(counters, sample.At), tania.UndeliveredCounts(counters)
	webhook, turn := histograms(counters)
	s.webhook, s.turn = lately(s.webhook, webhook), lately(s.turn, turn)
	for q, h := range map[*Quantiles][]counts{&sample.Webhook: s.webhook, &sample.Turn: s.turn} {
		recent := h[len(h)-1].since(&h[0])
		*q = recent.quantiles()
	}
	if before, ok := s.good(rateOver); ok {
		if seconds := sample.At.Sub(before.At).Seconds(); seconds > 0 {
			sample.Accepted = float64(max(stats.Messages-before.Queue.Messages, 0)) / seconds
			sample.Answered = float64(max(stats.Completed-before.Queue.Completed, 0)) / seconds
		}
	}
	if before, ok := s.good(Kept); ok {
		sample.RecentCalls = max(sample.ModelCalls-before.ModelCalls, 0)
		sample.RecentErrors = max(sample.ModelErrors-before.ModelErrors, 0)
	}
	s.keep(sample)
	return sample
}

// good is the oldest of the last n samples that could be taken.
func (s *Sampler) good(n int) (Sample, bool) {
	last := s.samples[max(len(s.samples)-n, 0):]
	if i := slices.IndexFunc(last, func(x Sample) bool { return x.Err == nil }); i >= 0 {
		return last[i], true
	}
	return Sample{}, false
}

func (s *Sampler) keep(sample Sample) {
	if len(s.samples) == Kept {
		s.samples = slices.Delete(s.samples, 0, 1)
	}
	s.samples = append(s.samples, sample)
}

func lately(list []counts, c counts) []counts {
	if len(list) > quantilesOver {
		list = slices.Delete(list, 0, 1)
	}
	return append(list, c)
}

// Latest gives the newest sample, and false before the first.
func (s *Sampler) Latest() (Sample, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.samples) == 0 {
		return Sample{}, false
	}
	return s.samples[len(s.samples)-1], true
}

// Samples gives all that are kept, ascending.
func (s *Sampler) Samples() []Sample {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.samples)
}
