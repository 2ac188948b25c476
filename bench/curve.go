package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tania/internal/queue"
)

// depths are the numbers of waiting messages at which the cost of one more is measured.
var depths = []int{1_000, 10_000, 100_000, 1_000_000}

// series is one line of the plot: microseconds per message at each depth.
type series struct {
	name string
	cost []float64
}

// costCurve measures what a message costs, from push to completion, while so many others wait, on both engines.
func costCurve(ctx context.Context, b bench) ([]result, error) {
	var plot []series
	var lines []result
	for _, engine := range []struct {
		name string
		open func(context.Context) (queue.Engine, func(), error)
	}{
		{"Redis", func(ctx context.Context) (queue.Engine, func(), error) {
			_, e, stop, err := redisEngine(ctx, inMemory...)
			return e, stop, err
		}},
		{"SQLite", func(ctx context.Context) (queue.Engine, func(), error) { return openQueue(ctx) }},
	} {
		s := series{name: engine.name}
		var said []string
		err := func() error {
			e, stop, err := engine.open(ctx)
			if err != nil {
				return err
			}
			defer stop()
			next := 1
			for _, depth := range depths {
				if err := fill(ctx, e, next, depth-next+1); err != nil {
					return err
				}
				next = max(next, depth+1)
				cost, err := costOfOne(ctx, e, &next)
				if err != nil {
					return err
				}
				s.cost = append(s.cost, float64(cost.Microseconds()))
				said = append(said, fmt.Sprintf("%d µs at %d", cost.Microseconds(), depth))
			}
			return nil
		}()
		if err != nil {
			return nil, err
		}
		plot = append(plot, s)
		ratio := s.cost[len(s.cost)-1] / s.cost[0]
		lines = append(lines, result{
			"Cost of a message, push to completion, with so many waiting: " + engine.name,
			fmt.Sprintf("%s (%.2f times)", strings.Join(said, ", "), ratio), "flat: at most 1.5 times", verdict(ratio <= 1.5),
		})
	}
	if b.plot == "" {
		return lines, nil
	}
	return lines, os.WriteFile(b.plot, []byte(svg(plot)), 0o600)
}

// costOfOne pushes and completes as many messages as it takes for a stable figure; those that wait stay as many.
func costOfOne(ctx context.Context, e queue.Engine, next *int) (time.Duration, error) {
	const batch, batches, workers = 2000, 5, 32
	var best time.Duration
	for range batches {
		began := time.Now()
		if err := fill(ctx, e, *next, batch); err != nil {
			return 0, err
		}
		*next += batch
		claims, end := context.WithCancel(ctx)
		var left atomic.Int64
		left.Store(batch)
		errs := make([]error, workers)
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				for left.Add(-1) >= 0 {
					t, err := e.Claim(claims)
					if err == nil {
						err = e.Complete(ctx, t)
					}
					if err != nil {
						errs[w] = err
						return
					}
				}
			})
		}
		wg.Wait()
		end()
		if err := errors.Join(errs...); err != nil {
			return 0, err
		}
		if took := time.Since(began) / batch; best == 0 || took < best {
			best = took
		}
	}
	return best, nil
}

// svg draws the series over the depths, both axes from the left below.
func svg(plot []series) string {
	const width, height, left, bottom, top, right = 720, 320, 60, 50, 20, 110
	most := 0.0
	for _, s := range plot {
		for _, c := range s.cost {
			most = math.Max(most, c)
		}
	}
	step := math.Pow(10, math.Floor(math.Log10(most)))
	for most/step < 4 {
		step /= 2
	}
	most = math.Ceil(most/step+0.5) * step
	first, last := math.Log10(float64(depths[0])), math.Log10(float64(depths[len(depths)-1]))
	x := func(depth int) float64 {
		return left + (math.Log10(float64(depth))-first)/(last-first)*(width-left-right)
	}
	y := func(cost float64) float64 { return height - bottom - cost/most*(height-bottom-top) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" role="img">`+"\n", width, height)
	b.WriteString("<title>Cost of a message by the number of messages that wait</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n")
	for c := 0.0; c <= most; c += step {
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end" fill="#333">%g</text>`+"\n", left, y(c), width-right, left-8, y(c)+4, c)
	}
	for _, d := range depths {
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle" fill="#333">%d</text>`+"\n", x(d), height-bottom+18, d)
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle" fill="#333">messages that wait</text>`+"\n", (left+width-right)/2, height-12)
	fmt.Fprintf(&b, `<text x="14" y="%d" text-anchor="middle" fill="#333" transform="rotate(-90 14 %d)">µs a message</text>`+"\n", (height-bottom+top)/2, (height-bottom+top)/2)
	for i, s := range plot {
		colour := []string{"#c0392b", "#2471a3"}[i%2]
		var points []string
		for j, c := range s.cost {
			points = append(points, fmt.Sprintf("%.1f,%.1f", x(depths[j]), y(c)))
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s"/>`+"\n", x(depths[j]), y(c), colour)
		}
		fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.Join(points, " "), colour)
		fmt.Fprintf(&b, `<text x="%d" y="%.1f" fill="%s">%s</text>`+"\n", width-right+12, y(s.cost[len(s.cost)-1])+4, colour, s.name)
	}
	b.WriteString("</svg>\n")
	return b.String()
}
