// Command train fits the cache's model to labelled questions, and prints what it would do on each set when it is fitted to the others.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"sort"

	"tania/internal/semcache"
	"tania/internal/semcache/cacheeval"
)

func main() {
	dir := flag.String("data", "", "folder of .jsonl sets")
	out := flag.String("o", "", "file for the model")
	n := flag.Int("n", 2000, "queries of a set")
	flag.Parse()
	data, err := cacheeval.Load(*dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	width := len(semcache.FeatureNames())
	never := semcache.NewModel(make([]float64, width), 2)
	samples := map[string][]cacheeval.Comparison{}
	for _, name := range data.Names {
		cacheeval.NoRepeat(never, data.Streams[name], *n, 7, func(c cacheeval.Comparison) { samples[name] = append(samples[name], c) })
		right := 0
		for _, c := range samples[name] {
			if c.Right {
				right++
			}
		}
		fmt.Printf("%-22s %5d comparisons, %.2f right\n", name, len(samples[name]), float64(right)/float64(len(samples[name])))
	}
	all := fit(samples, "", width)
	for i, name := range semcache.FeatureNames() {
		fmt.Printf("%-22s %7.2f\n", name, all[i])
	}
	thresholds := []float64{0.93, 0.95, 0.96, 0.965, 0.97, 0.975, 0.98, 0.985}
	type total struct{ hit, wrong, worst float64 }
	totals := make([]total, len(thresholds))
	for _, name := range data.Names {
		held := fit(samples, name, width)
		fmt.Printf("%-20s", name)
		for i, th := range thresholds {
			var o cacheeval.Outcome
			for _, seed := range []uint64{100, 101} {
				r := cacheeval.NoRepeat(semcache.NewModel(held, th), data.Streams[name], *n, seed, nil)
				o.Queries, o.Hits, o.Wrong = o.Queries+r.Queries, o.Hits+r.Hits, o.Wrong+r.Wrong
			}
			hit, wrong := float64(o.Hits)/float64(o.Queries), float64(o.Wrong)/math.Max(1, float64(o.Hits))
			totals[i].hit += hit / float64(len(data.Names))
			totals[i].wrong += wrong / float64(len(data.Names))
			if o.Hits >= 50 {
				totals[i].worst = math.Max(totals[i].worst, wrong)
			}
			fmt.Printf("  %4.1f/%4.1f", hit*100, wrong*100)
		}
		fmt.Println()
	}
	for i, th := range thresholds {
		fmt.Printf("%.3f: %.1f %% hits, %.2f %% wrong, worst %.1f %%\n", th, totals[i].hit*100, totals[i].wrong*100, totals[i].worst*100)
	}
	if *out != "" {
		text, _ := json.MarshalIndent(semcache.NewModel(all, 0.95), "", "  ")
		if err := os.WriteFile(*out, append(text, '\n'), 0o644); err != nil { //nolint:gosec // public
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// fit is logistic regression by Newton's method with a ridge, each set weighing the same; the one named is left out.
func fit(samples map[string][]cacheeval.Comparison, without string, width int) []float64 {
	names := make([]string, 0, len(samples))
	for name := range samples {
		if name != without {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	w := make([]float64, width)
	for range 12 {
		h := make([][]float64, width)
		g := make([]float64, width)
		for i := range h {
			h[i] = make([]float64, width)
			h[i][i] = 1e-3
			g[i] = -1e-3 * w[i]
		}
		for _, name := range names {
			weight := 1 / float64(len(samples[name]))
			for _, c := range samples[name] {
				z := 0.0
				for i, f := range c.Features {
					z += w[i] * f
				}
				p := 1 / (1 + math.Exp(-z))
				y := 0.0
				if c.Right {
					y = 1
				}
				for i, f := range c.Features {
					g[i] += weight * (y - p) * f
					for j := range i + 1 {
						h[i][j] += weight * p * (1 - p) * f * c.Features[j]
					}
				}
			}
		}
		for i := range h {
			for j := range i {
				h[j][i] = h[i][j]
			}
		}
		for i, d := range solve(h, g) {
			w[i] += d
		}
	}
	return w
}

// solve solves h x = g by elimination.
func solve(h [][]float64, g []float64) []float64 {
	n := len(g)
	for i := range n {
		p := i
		for r := i + 1; r < n; r++ {
			if math.Abs(h[r][i]) > math.Abs(h[p][i]) {
				p = r
			}
		}
		h[i], h[p], g[i], g[p] = h[p], h[i], g[p], g[i]
		for r := i + 1; r < n; r++ {
			f := h[r][i] / h[i][i]
			for c := i; c < n; c++ {
				h[r][c] -= f * h[i][c]
			}
			g[r] -= f * g[i]
		}
	}
	x := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		x[i] = g[i]
		for c := i + 1; c < n; c++ {
			x[i] -= h[i][c] * x[c]
		}
		x[i] /= h[i][i]
	}
	return x
}
