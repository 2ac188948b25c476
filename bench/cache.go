package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"tania/internal/cache/cacheeval"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	domain "tania/internal/tania"
)

// cacheSections measure the semantic cache. They need a folder of labelled questions.
func cacheSections() []section {
	return []section{
		{title: "A look-up", scenarios: []scenario{{"looks", cacheLooks}, {"memory", cacheMemory}}},
		{title: "A day of 10,000 messages", columns: dayColumns(), scenarios: []scenario{{"saving", cacheSaving}}},
	}
}

const cacheNotes = `![Time of a look-up by the number of entries](cache-cost.svg)

![Model calls in the course of the day](cache-saving.svg)

- *A look-up* is all of it, from the text to hit or miss: gate, reading, search, comparison. The questions are made of templates and were
  not stored. *With vectors* the embedding is there at once, so it is the search that is measured: once without, once with it. Time of the
  processor beside time of the clock says how busy the machine was: look-ups are measured by one goroutine that shares it with others. The
  plot is of the processor's time.
- *A day*: messages are drawn from all sets of a language, the text at rank r with a weight of r^-1.1, disturbed as people write (case,
  accents, punctuation, greetings, typing errors), over the hours of a business. The cache is empty at midnight, has 5,000 entries at most
  and forgets after four hours, or half an hour where prices and stock are asked for. Calls with the cache are answers, verifications and
  judgements; the model that judges errs once in fifty times here. A call takes 1,600 tokens of prompt and 120 of answer, a judgement 400
  and 1; the dollars are those of a model at 0.10 and 0.50 for a million of each.
- *Others* are messages that no shared cache may answer: about the customer's own order, in the middle of a conversation, to do something.
  The sets themselves have many that the gate refuses ("set an alarm"), so the share that is refused stands beside.
- *Wrong* is a hit whose stored answer belongs to another label. Where two sets of a language ask the same, labels differ and answers need
  not.
`

// entriesOf the curve.
var entriesOf = []int{100, 1_000, 5_000, 20_000, 100_000}

// lookCost is what look-ups took: percentiles by the clock and by the processor.
type lookCost struct{ clock50, clock99, processor50, processor99 time.Duration }

func cacheLooks(ctx context.Context, b bench) ([]result, error) {
	var lines []result
	plot := chart{title: "Time of a look-up by the number of entries", across: "entries on a shelf", up: "µs", logarithmic: true}
	for _, n := range entriesOf {
		plot.ticks = append(plot.ticks, float64(n))
	}
	kinds := []string{"words, median", "words, p99", "vectors, median", "vectors, p99"}
	for _, k := range kinds {
		plot.lines = append(plot.lines, line{name: k, x: plot.ticks, dotted: true})
	}
	var lexical lookCost
	for _, n := range entriesOf {
		for with, name := range []string{"words alone", "with vectors of 1,536 dimensions"} {
			cost, err := costOfLooks(ctx, n, with == 1)
			if err != nil {
				return nil, err
			}
			for i, d := range []time.Duration{cost.processor50, cost.processor99} {
				l := &plot.lines[2*with+i]
				l.y = append(l.y, float64(d.Nanoseconds())/1000)
			}
			r := result{what: fmt.Sprintf("Look-up among %d entries, %s: p99 (p50)", n, name), got: fmt.Sprintf("%s (%s); of the processor %s (%s)",
				ms(cost.clock99), ms(cost.clock50), ms(cost.processor99), ms(cost.processor50))}
			switch {
			case n == 5000 && with == 0:
				lexical = cost
				r.want, r.met = "under 1 ms", verdict(cost.clock99 < time.Millisecond)
			case n == 5000:
				r.want, r.met = "under 3 ms more", verdict(cost.clock99-lexical.clock99 < 3*time.Millisecond)
			}
			lines = append(lines, r)
		}
	}
	return lines, b.draw("cache-cost.svg", plot)
}

// costOfLooks times look-ups among so many entries, of questions that are not among them.
func costOfLooks(ctx context.Context, entries int, vectors bool) (c lookCost, err error) {
	const asked = 3000
	texts := cacheeval.Questions(domain.Spanish, entries+asked, 1)
	var e cacheeval.Embedder
	if vectors {
		e = cacheeval.NewEmbedder(texts...)
	}
	f, err := cacheeval.Fill(ctx, domain.Spanish, texts[:entries], e)
	if err != nil {
		return c, err
	}
	defer f.Close()
	runtime.GC()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var clock, processor []time.Duration
	for _, text := range texts[entries:] {
		began, worked := time.Now(), ofThread()
		seen := f.Cache.Look(ctx, f.Request(text))
		worked = ofThread() - worked
		clock = append(clock, time.Since(began))
		processor = append(processor, worked)
		if seen.Refusal == shareable.RefusalAway {
			return c, errors.New("the store was not heard of: the machine is too busy")
		}
	}
	return lookCost{percentile(clock, 0.5), percentile(clock, 0.99), percentile(processor, 0.5), percentile(processor, 0.99)}, nil
}

// ofThread is how long the processor has worked for this thread.
func ofThread() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

func cacheMemory(ctx context.Context, _ bench) ([]result, error) {
	const entries = 5000
	texts := cacheeval.Questions(domain.Spanish, entries, 1)
	e := cacheeval.NewEmbedder(texts...)
	before := heap()
	f, err := cacheeval.Fill(ctx, domain.Spanish, texts, e)
	if err != nil {
		return nil, err
	}
	took := float64(heap()-before) / 1e6
	f.Close()
	runtime.KeepAlive(texts)
	runtime.KeepAlive(e)
	return []result{{
		"Memory of 5,000 entries with vectors, and of their store in memory", fmt.Sprintf("%.1f MB", took), "under 60 MB",
		verdict(took < 60),
	}}, nil
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // of this machine
}

// cacheSaving replays days.
func cacheSaving(_ context.Context, b bench) ([]result, error) {
	data, err := cacheeval.Load(b.cache)
	if err != nil {
		return nil, err
	}
	model, err := same.ShippedModel()
	if err != nil {
		return nil, err
	}
	plot := chart{
		title: "Model calls in the course of the day", across: "hour of the day", up: "model calls",
		ticks: []float64{0, 4, 8, 12, 16, 20, 24},
	}
	var lines []result
	for _, others := range []float64{0, 0.3} {
		kind := "questions only"
		if others > 0 {
			kind = fmt.Sprintf("%.0f %% others", 100*others)
		}
		var with, without []float64
		saved, tokens, languages := 0.0, 0.0, []domain.Language{domain.Spanish, domain.English, domain.Portuguese}
		var at []float64
		for _, lang := range languages {
			r, err := cacheeval.Replay(model, data, cacheeval.Day{
				Language: lang, Messages: 10_000, Seed: 100, Others: others, MaxEntries: 5000,
				Prices: cacheeval.Prices{Prompt: 1600, Answer: 120, Judgement: 400, Input: 100, Output: 500},
			})
			if err != nil {
				return nil, err
			}
			lines = append(lines, row(dayCells(fmt.Sprintf("%s, %s", lang, kind), r)...))
			saved += fewer(r.With.Calls, r.Without.Calls)
			tokens += fewer(r.With.Tokens, r.Without.Tokens)
			at, with, without = nil, slices.Grow(with, len(r.Calls)), slices.Grow(without, len(r.Calls))
			for i, c := range r.Calls {
				if len(with) <= i {
					with, without = append(with, 0), append(without, 0)
				}
				at = append(at, c.Hour)
				with[i] += float64(c.With) / float64(len(languages))
				without[i] += float64(c.Without) / float64(len(languages))
			}
		}
		if others == 0 {
			plot.lines = append(plot.lines, line{name: "without", x: at, y: without})
		}
		plot.lines = append(plot.lines, line{name: kind, x: at, y: with})
		lines = append(lines, row(meanCells("mean, "+kind, saved/float64(len(languages)), tokens/float64(len(languages)))...))
	}
	return lines, b.draw("cache-saving.svg", plot)
}

func dayColumns() []string {
	return []string{
		"Messages", "Refused", "Exact hits", "Semantic hits", "Hits of all", "Hits of admitted", "Wrong", "Answers", "Verifications",
		"Judgements", "Calls without", "Calls with", "Fewer calls",
		"Fewer tokens", "USD without", "USD with",
	}
}

// dayCells are a day's line.
func dayCells(name string, r cacheeval.Replayed) []string {
	percent := func(a, b int) string { return fmt.Sprintf("%.1f %%", 100*float64(a)/float64(max(1, b))) }
	return []string{
		name, percent(r.Refused, r.Queries), fmt.Sprint(r.ExactHits), fmt.Sprint(r.SemanticHits), percent(r.Hits, r.Queries),
		percent(r.Hits, r.Queries-r.Refused), fmt.Sprint(r.Wrong),
		fmt.Sprint(r.Answers), fmt.Sprint(r.Verifications), fmt.Sprint(r.Judgements), fmt.Sprint(r.Without.Calls), fmt.Sprint(r.With.Calls),
		fmt.Sprintf("%.1f %%", 100*fewer(r.With.Calls, r.Without.Calls)), fmt.Sprintf("%.1f %%", 100*fewer(r.With.Tokens, r.Without.Tokens)),
		fmt.Sprintf("%.2f", r.Without.USD), fmt.Sprintf("%.2f", r.With.USD),
	}
}

// meanCells are the line of a kind of day in all languages.
func meanCells(name string, calls, tokens float64) []string {
	cells := make([]string, len(dayColumns()))
	cells[0], cells[12], cells[13] = "**"+name+"**", fmt.Sprintf("**%.1f %%**", 100*calls), fmt.Sprintf("**%.1f %%**", 100*tokens)
	return cells
}

func fewer(with, without int) float64 { return 1 - float64(with)/float64(without) }

// draw writes a plot beside the page.
func (b bench) draw(name string, c chart) error {
	if b.output == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(filepath.Dir(b.output), name), []byte(c.svg()), 0o644) //nolint:gosec // everybody may read it
}
