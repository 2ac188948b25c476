package cache_test

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/cache/cacheeval"
	"tania/internal/cache/shareable"
	"tania/internal/tania"
)

// filled starts a cache with entries for questions in one index.
func filled(tb testing.TB, lang tania.Language, questions []string, e cacheeval.Embedder) *cacheeval.Filled {
	tb.Helper()
	f, err := cacheeval.Fill(tb.Context(), lang, questions, e)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(f.Close)
	return f
}

// report tells the percentiles of what a benchmark's rounds took.
func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	at := func(p float64) float64 {
		return float64(took[min(int(p*float64(len(took))), len(took)-1)].Nanoseconds()) / 1000
	}
	b.ReportMetric(at(0.5), "p50-µs")
	b.ReportMetric(at(0.99), "p99-µs")
}

// looks times look-ups of questions that are not among the entries.
func looks(b *testing.B, f *cacheeval.Filled, questions []string) {
	b.Helper()
	var took []time.Duration
	hits := 0
	for i := 0; b.Loop(); i++ {
		r := f.Request(questions[i%len(questions)])
		began := time.Now()
		if f.Cache.Look(b.Context(), r).Hit {
			hits++
		}
		took = append(took, time.Since(began))
	}
	report(b, took)
	b.ReportMetric(float64(hits)/float64(len(took)), "hits/op")
}

// parted makes entries and other questions.
func parted(lang tania.Language, entries, others int) (stored, asked []string) {
	all := cacheeval.Questions(lang, entries+others, 1)
	return all[:entries], all[entries:]
}

func BenchmarkLook(b *testing.B) {
	for _, lang := range []tania.Language{tania.Spanish, tania.English, tania.Portuguese} {
		stored, asked := parted(lang, 5000, 2000)
		b.Run("lexical/"+string(lang), func(b *testing.B) {
			looks(b, filled(b, lang, stored, nil), asked)
		})
	}
	stored, asked := parted(tania.Spanish, 5000, 2000)
	e := cacheeval.NewEmbedder(slices.Concat(stored, asked)...)
	b.Run("vectors/es", func(b *testing.B) { looks(b, filled(b, tania.Spanish, stored, e), asked) })
}

// BenchmarkLookByEntries is the curve.
func BenchmarkLookByEntries(b *testing.B) {
	for _, n := range []int{100, 1000, 5000, 20_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			stored, asked := parted(tania.Spanish, n, 2000)
			looks(b, filled(b, tania.Spanish, stored, nil), asked)
		})
	}
}

// BenchmarkLookBesidePuts looks up from eight goroutines, 500 times a second in all, while answers are stored. The times of whoever comes
// in line behind another are counted.
func BenchmarkLookBesidePuts(b *testing.B) {
	stored, asked := parted(tania.Spanish, 5000, 4000)
	f := filled(b, tania.Spanish, stored, nil)
	var mu sync.Mutex
	var all []time.Duration
	var puts atomic.Int64
	var running sync.WaitGroup
	began := time.Now()
	for g := range 8 {
		running.Go(func() {
			var took []time.Duration
			for i := g; i < b.N; i += 8 {
				// One look-up every two milliseconds: more than a machine of two cores is asked for, and less than it can do.
				due := began.Add(time.Duration(i) * 2 * time.Millisecond)
				<-time.After(time.Until(due))
				r := f.Request(asked[i%len(asked)])
				start := time.Now()
				l := f.Cache.Look(b.Context(), r)
				took = append(took, time.Since(start))
				if !l.Hit && i%4 == 0 {
					puts.Add(1)
					f.Cache.Keep(r, l, shareable.Candidate{
						Text: "Claro que sí. " + r.Text + " Está en nuestra página. ¿Algo más?", Alone: true,
						Known: true,
					})
				} else {
					f.Cache.Abandon(l)
				}
			}
			mu.Lock()
			all = append(all, took...)
			mu.Unlock()
		})
	}
	running.Wait()
	report(b, all)
	b.ReportMetric(float64(puts.Load())/float64(len(all)), "puts/op")
}

// TestMemory bounds what 5,000 entries with vectors take, their store included.
func TestMemory(t *testing.T) {
	stored, _ := parted(tania.Spanish, 5000, 0)
	e := cacheeval.NewEmbedder(stored...)
	before := heap()
	f := filled(t, tania.Spanish, stored, e)
	took := float64(heap()-before) / 1e6
	t.Logf("5,000 entries with vectors of %d dimensions: %.1f MB", cacheeval.Dimensions, took)
	if took > 60 {
		t.Errorf("5,000 entries take %.1f MB; want at most 60", took)
	}
	if l := f.Cache.Look(t.Context(), f.Request(stored[0])); !l.Hit {
		t.Error("the entries are not there")
	}
	runtime.KeepAlive(e)
	runtime.KeepAlive(stored)
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
