// Package pulse measures how Tania does, for all processes together: each adds its latencies and errors to the store's
// counters once a second, and whoever shows a dashboard reads them back, with the queue's own counts, as a series of samples.
package pulse

import (
	"math"
	"sync/atomic"
	"time"
)

// Buckets of a histogram: bucket i holds durations up to firstBound·2^(i/perOctave). They reach from a quarter of a
// millisecond to eleven minutes, each 19 % wider than the one before.
const (
	buckets    = 86
	perOctave  = 4
	firstBound = 0.25 // milliseconds
)

// Histogram counts durations by size. Its zero value is empty; it is safe for concurrent use.
type Histogram struct{ counts [buckets]atomic.Int64 }

// Observe counts one duration.
func (h *Histogram) Observe(d time.Duration) { h.counts[bucketOf(d)].Add(1) }

func bucketOf(d time.Duration) int {
	ms := float64(d) / float64(time.Millisecond)
	if ms <= firstBound {
		return 0
	}
	return min(int(math.Ceil(perOctave*math.Log2(ms/firstBound)-1e-9)), buckets-1)
}

// bound is the longest duration of a bucket, in milliseconds.
func bound(bucket int) float64 { return firstBound * math.Exp2(float64(bucket)/perOctave) }

// counts are a histogram's at one time, or what came between two times.
type counts [buckets]int64

// Quantiles are of the durations of the last minute, in milliseconds. Count is how many there were; with 0 the others are 0.
type Quantiles struct {
	Count         int64
	P50, P95, P99 float64
}

func (c *counts) quantiles() Quantiles {
	var q Quantiles
	for _, n := range c {
		q.Count += n
	}
	if q.Count > 0 {
		q.P50, q.P95, q.P99 = c.at(q.Count, 0.50), c.at(q.Count, 0.95), c.at(q.Count, 0.99)
	}
	return q
}

// at is the duration that a share of all do not exceed, guessed along its bucket.
func (c *counts) at(total int64, share float64) float64 {
	rank := share * float64(total)
	for i, n := range c {
		if n == 0 {
			continue
		}
		if rank <= float64(n) {
			below := 0.0
			if i > 0 {
				below = bound(i - 1)
			}
			return below + (bound(i)-below)*rank/float64(n)
		}
		rank -= float64(n)
	}
	return bound(buckets - 1)
}

// since is what came after an earlier time. A store that was cleared between the two starts over.
func (c *counts) since(earlier *counts) counts {
	var d counts
	for i := range c {
		d[i] = max(c[i]-earlier[i], 0)
	}
	return d
}
