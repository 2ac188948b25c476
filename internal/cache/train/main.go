// Command train fits the cache's model to a folder of labelled sets. It measures first how well a model does on labels that it was not
// fitted to: the labels of each set are parted in two, and each half is looked up with what was fitted to the other.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"tania/internal/cache/cacheeval"
	"tania/internal/cache/same"
)

func main() {
	dir := flag.String("data", "", "folder of .jsonl sets")
	out := flag.String("o", "", "file for the model; none: only measure")
	threshold := flag.Float64("threshold", 0.975, "least probability of a hit")
	n := flag.Int("n", 2000, "most queries of a set")
	sweep := flag.String("sweep", "0.96,0.97,0.975,0.98", "thresholds to measure; empty: none")
	flag.Parse()
	if err := run(*dir, *out, *threshold, *n, *sweep); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(dir, out string, threshold float64, n int, sweep string) error {
	data, err := cacheeval.Load(dir)
	if err != nil {
		return err
	}
	if sweep != "" {
		if err := measure(data, n, strings.Split(sweep, ",")); err != nil {
			return err
		}
	}
	weights, err := fit(data, n)
	if err != nil {
		return err
	}
	m := same.NewModel(weights, threshold)
	for i, name := range same.FeatureNames {
		fmt.Printf("%-22s %7.2f\n", name, weights[i])
	}
	if out == "" {
		return nil
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(out, append(text, '\n'), 0o644) //nolint:gosec // everybody may read it
}

// fit fits a model to all sets of a folder.
func fit(data *cacheeval.Data, n int) ([]float64, error) {
	lists := make([][]cacheeval.Comparison, len(data.Names))
	var group errgroup.Group
	for i, name := range data.Names {
		group.Go(func() (err error) {
			for seed := range uint64(2) {
				list, err := cacheeval.Comparisons(data.Streams[name], n, 7+seed)
				if err != nil {
					return err
				}
				lists[i] = append(lists[i], list...)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	sets := map[string][]cacheeval.Comparison{}
	for i, name := range data.Names {
		sets[name] = lists[i]
	}
	return cacheeval.Fit(sets)
}

// measure shows what models do on the labels they were not fitted to.
func measure(data *cacheeval.Data, n int, thresholds []string) error {
	halves := [2]*cacheeval.Data{halve(data, 0), halve(data, 1)}
	var weights [2][]float64
	for i, h := range halves {
		w, err := fit(h, n)
		if err != nil {
			return err
		}
		weights[i] = w
	}
	for _, text := range thresholds {
		threshold, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return fmt.Errorf("-sweep: %w", err)
		}
		var macro cacheeval.Macro
		worst, zipf := 0.0, 0.0
		for i, h := range halves {
			report, err := cacheeval.Evaluate(same.NewModel(weights[1-i], threshold), h, cacheeval.Options{N: n, Seed: 100})
			if err != nil {
				return err
			}
			macro.HitRate += report.NoRepeat.Macro.HitRate / 2
			macro.FalseRate += report.NoRepeat.Macro.FalseRate / 2
			zipf += report.Zipf.Macro.SemanticFalseRate / 2
			for _, o := range report.NoRepeat.Sets {
				if o.Hits >= 50 {
					worst = math.Max(worst, float64(o.Wrong)/float64(o.Hits))
				}
			}
		}
		fmt.Printf("threshold %.3f, labels not fitted to: %.1f %% hits, %.2f %% of them wrong, worst set %.1f %%; Zipf: %.2f %% of semantic hits wrong\n",
			threshold, 100*macro.HitRate, 100*macro.FalseRate, 100*worst, 100*zipf)
	}
	return nil
}

// halve keeps half of the labels of each set.
func halve(d *cacheeval.Data, half uint32) *cacheeval.Data {
	part := &cacheeval.Data{Streams: map[string][]cacheeval.Row{}}
	for _, name := range d.Names {
		var rows []cacheeval.Row
		for _, r := range d.Streams[name] {
			h := fnv.New32a()
			_, _ = h.Write([]byte(r.Label))
			if h.Sum32()>>9&1 == half {
				rows = append(rows, r)
			}
		}
		if len(rows) > 0 {
			part.Names, part.Streams[name] = append(part.Names, name), rows
		}
	}
	return part
}
