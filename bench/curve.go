package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tania/internal/queue"
)

// depths are the numbers of waiting messages at which the cost of one more is measured.
var depths = []int{1_000, 10_000, 100_000, 1_000_000}

// costCurve measures what a message costs, from push to completion, while so many others wait, on both engines.
func costCurve(ctx context.Context, b bench) ([]result, error) {
	plot := chart{
		title: "Cost of a message by the number of messages that wait", across: "messages that wait", up: "µs a message",
		logarithmic: true,
	}
	for _, d := range depths {
		plot.ticks = append(plot.ticks, float64(d))
	}
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
		s := line{name: engine.name, x: plot.ticks, dotted: true}
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
				s.y = append(s.y, float64(cost.Microseconds()))
				said = append(said, fmt.Sprintf("%d µs at %d", cost.Microseconds(), depth))
			}
			return nil
		}()
		if err != nil {
			return nil, err
		}
		plot.lines = append(plot.lines, s)
		ratio := s.y[len(s.y)-1] / s.y[0]
		lines = append(lines, result{
			"Cost of a message, push to completion, with so many waiting: " + engine.name,
			fmt.Sprintf("%s (%.2f times)", strings.Join(said, ", "), ratio), "flat: at most 1.5 times", verdict(ratio <= 1.5),
		})
	}
	if b.plot == "" {
		return lines, nil
	}
	return lines, os.WriteFile(b.plot, []byte(plot.svg()), 0o600)
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
