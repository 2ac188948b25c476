package semcache_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/semcache"
	"tania/internal/semcache/cacheeval"
	"tania/internal/semcache/memstore"
	"tania/internal/tania"
)

const dimensions = 1536

// embedder makes vectors as an embedding server does, by text: questions that share words are near each other. It makes them ahead, so that looking one up
// takes no time.
type embedder map[string][]float32

func embedded(texts ...[]string) embedder {
	m := embedder{}
	words := map[string][]float32{}
	for _, list := range texts {
		for _, text := range list {
			v := make([]float32, dimensions)
			for _, w := range fields(text) {
				if words[w] == nil {
					rnd := rand.New(rand.NewPCG(uint64(len(words)), 9))
					words[w] = make([]float32, dimensions)
					for i := range words[w] {
						words[w][i] = float32(rnd.NormFloat64())
					}
				}
				for i, x := range words[w] {
					v[i] += x
				}
			}
			m[text] = v
		}
	}
	return m
}

func fields(text string) []string {
	var list []string
	for len(text) > 0 {
		n := min(4, len(text))
		list, text = append(list, text[:n]), text[n:]
	}
	return list
}

func (e embedder) embed(_ context.Context, text string) ([]float32, error) { return e[text], nil }

// filled starts a cache with entries for questions on one shelf.
func filled(tb testing.TB, lang tania.Language, questions []string, e embedder) (*semcache.Cache, semcache.Scope) {
	tb.Helper()
	model, err := semcache.ShippedModel()
	if err != nil {
		tb.Fatal(err)
	}
	scope := semcache.Scope{Account: 1, Inbox: 1, Language: lang, Version: "bench"}
	store := memstore.New(memstore.Options{})
	now := time.Now()
	for some := range slices.Chunk(questions, 1000) {
		entries := make([]semcache.Entry, len(some))
		for i, text := range some {
			entries[i] = semcache.Entry{
				ID: text, Cluster: text, Scope: scope, Question: text, Answer: "Claro que sí. " + text + " Está en nuestra página. ¿Algo más?",
				Category: semcache.CategoryFAQ, Created: now, Expires: now.Add(24 * time.Hour), Tokens: 1600, Cost: 300, Vector: semcache.Quantised(e[text]),
			}
		}
		if err := store.Put(tb.Context(), 1, entries...); err != nil {
			tb.Fatal(err)
		}
	}
	o := semcache.Options{Store: store, Model: model, MaxEntries: 1 << 30, Patience: time.Minute}
	if e != nil {
		o.Embed = e.embed
	}
	c := semcache.New(o)
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = c.Run(ctx) })
	tb.Cleanup(func() { stop(); running.Wait(); _ = store.Close() })
	// Loading many takes long; the store must have been heard of since.
	for _, wait := range []func(context.Context) error{c.Started, c.Settle, c.Settle} {
		if err := wait(ctx); err != nil {
			tb.Fatal(err)
		}
	}
	return c, scope
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
func looks(b *testing.B, c *semcache.Cache, scope semcache.Scope, questions []string) {
	b.Helper()
	var took []time.Duration
	hits := 0
	for i := 0; b.Loop(); i++ {
		r := semcache.Request{Scope: scope, Text: questions[i%len(questions)]}
		began := time.Now()
		if c.Look(b.Context(), r).Hit {
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
			c, scope := filled(b, lang, stored, nil)
			looks(b, c, scope, asked)
		})
	}
	stored, asked := parted(tania.Spanish, 5000, 2000)
	e := embedded(stored, asked)
	b.Run("vectors/es", func(b *testing.B) {
		c, scope := filled(b, tania.Spanish, stored, e)
		looks(b, c, scope, asked)
	})
}

// BenchmarkLookByEntries is the curve.
func BenchmarkLookByEntries(b *testing.B) {
	for _, n := range []int{100, 1000, 5000, 20_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			stored, asked := parted(tania.Spanish, n, 2000)
			c, scope := filled(b, tania.Spanish, stored, nil)
			looks(b, c, scope, asked)
		})
	}
}

// BenchmarkLookBesidePuts looks up from eight goroutines, 500 times a second in all, while answers are stored. The times of whoever comes in line
// behind another are counted.
func BenchmarkLookBesidePuts(b *testing.B) {
	stored, asked := parted(tania.Spanish, 5000, 4000)
	c, scope := filled(b, tania.Spanish, stored, nil)
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
				r := semcache.Request{Scope: scope, Text: asked[i%len(asked)]}
				start := time.Now()
				l := c.Look(b.Context(), r)
				took = append(took, time.Since(start))
				if !l.Hit && i%4 == 0 {
					puts.Add(1)
					c.Keep(r, l, semcache.Made{Text: "Claro que sí. " + r.Text + " Está en nuestra página. ¿Algo más?", Known: true})
				} else {
					c.Abandon(l)
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
	e := embedded(stored)
	before := heap()
	c, scope := filled(t, tania.Spanish, stored, e)
	took := float64(heap()-before) / 1e6
	t.Logf("5,000 entries with vectors of %d dimensions: %.1f MB", dimensions, took)
	if took > 60 {
		t.Errorf("5,000 entries take %.1f MB; want at most 60", took)
	}
	if l := c.Look(t.Context(), semcache.Request{Scope: scope, Text: stored[0]}); l.Near == "" && !l.Hit && l.Refusal == "" {
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
