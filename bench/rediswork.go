package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"tania/internal/queue"
	"tania/internal/redistest"
)

// measured is what a worker process says when it is through.
type measured struct {
	Latencies []int64 `json:"latencies_us"`
	PerSecond float64 `json:"per_second"`
}

// workRedis claims and completes so many messages, and says how long each was under way, and how many a second they were.
func workRedis(count, concurrency int) error {
	ctx, end := context.WithCancel(context.Background())
	defer end()
	e, err := openRedis(ctx, os.Getenv("REDIS_URL"))
	if err != nil {
		return err
	}
	fmt.Println("ready")
	m := measured{Latencies: []int64{}}
	var mu sync.Mutex
	var began, left atomic.Int64
	left.Store(int64(count))
	var wg sync.WaitGroup
	for range concurrency {
		wg.Go(func() {
			for {
				t, err := e.Claim(ctx)
				if err != nil {
					return
				}
				now := time.Now().UnixNano()
				began.CompareAndSwap(0, now)
				if at, err := strconv.ParseInt(t.Messages[0].Content, 10, 64); err == nil {
					mu.Lock()
					m.Latencies = append(m.Latencies, (now-at)/1000)
					mu.Unlock()
				}
				if err := e.Complete(context.WithoutCancel(ctx), t); err != nil {
					fmt.Fprintln(os.Stderr, "bench:", err)
				}
				if left.Add(-1) == 0 {
					end()
				}
			}
		})
	}
	wg.Wait()
	m.PerSecond = float64(count) / time.Since(time.Unix(0, began.Load())).Seconds()
	return json.NewEncoder(os.Stdout).Encode(m)
}

// team is a queue under measurement: a worker process and what produces for it.
type team struct {
	name string
	// worker is the command of the worker, which count and concurrency follow.
	worker []string
	// pickup produces messages a few milliseconds apart, fill as fast as can be.
	pickup, fill func(ctx context.Context, redis *redistest.Server, n int) error
}

func teams(b bench) []team {
	list := []team{{
		name: "Tania", worker: []string{os.Args[0], redisWorker},
		pickup: func(ctx context.Context, redis *redistest.Server, n int) error {
			e, err := openRedis(ctx, redis.URL())
			if err != nil {
				return err
			}
			defer func() { _ = e.Close() }()
			for i := range n {
				m := message(i%50+1, i+1)
				m.Content = strconv.FormatInt(time.Now().UnixNano(), 10)
				if _, err := e.Push(ctx, m); err != nil {
					return err
				}
				time.Sleep(5 * time.Millisecond)
			}
			return nil
		},
		fill: func(ctx context.Context, redis *redistest.Server, n int) error {
			e, err := openRedis(ctx, redis.URL())
			if err != nil {
				return err
			}
			return errors.Join(fill(ctx, e, 1, n), e.Close())
		},
	}}
	for _, r := range b.rivals {
		produce := func(mode string) func(context.Context, *redistest.Server, int) error {
			return func(ctx context.Context, redis *redistest.Server, n int) error {
				cmd := exec.CommandContext(ctx, r.command[0], append(slices.Clone(r.command[1:]), mode, strconv.Itoa(n))...)
				cmd.Env, cmd.Stderr = append(os.Environ(), "REDIS_PORT="+strconv.Itoa(redis.Port)), os.Stderr
				return cmd.Run()
			}
		}
		list = append(list, team{name: r.name, worker: append(slices.Clone(r.command), "work"), pickup: produce("pickup"), fill: produce("fill")})
	}
	return list
}

// fill pushes messages of one conversation each, from the id first on.
func fill(ctx context.Context, e queue.Queue, first, n int) error {
	const pushers = 64
	errs := make([]error, pushers)
	var wg sync.WaitGroup
	for w := range pushers {
		wg.Go(func() {
			for i := w; i < n; i += pushers {
				if _, err := e.Push(ctx, message(first+i, first+i)); err != nil {
					errs[w] = err
					return
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// work runs a worker process, and what produces for it before or while it runs.
func (t team) work(
	ctx context.Context, redis *redistest.Server, count, concurrency int, before,
	meanwhile func(context.Context, *redistest.Server, int) error,
) (m measured, err error) {
	if before != nil {
		if err := before(ctx, redis, count); err != nil {
			return m, err
		}
	}
	cmd := exec.CommandContext(ctx, t.worker[0], append(slices.Clone(t.worker[1:]), strconv.Itoa(count), strconv.Itoa(concurrency))...)
	cmd.Env = append(os.Environ(), "REDIS_URL="+redis.URL(), "REDIS_PORT="+strconv.Itoa(redis.Port))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return m, err
	}
	if err := cmd.Start(); err != nil {
		return m, err
	}
	lines := bufio.NewReaderSize(out, 1<<20)
	if _, err := lines.ReadString('\n'); err != nil {
		return m, fmt.Errorf("%s: %w", t.name, err)
	}
	if meanwhile != nil {
		time.Sleep(200 * time.Millisecond) // it waits now
		if err := meanwhile(ctx, redis, count); err != nil {
			return m, err
		}
	}
	err = json.NewDecoder(lines).Decode(&m)
	_, _ = io.Copy(io.Discard, lines)
	return m, errors.Join(err, cmd.Wait())
}

// redisWork measures the queues' workers on a Redis of their own: idle pick-up from one process to another, and the drain of a backlog.
func redisWork(ctx context.Context, b bench) ([]result, error) {
	const pickups, waiting = 1000, 20000
	var lines []result
	for _, t := range teams(b) {
		ours := t.name == "Tania"
		run := func(count, concurrency int, before, meanwhile func(context.Context, *redistest.Server, int) error) (measured, error) {
			redis, stop, err := newRedis(inMemory...)
			if err != nil {
				return measured{}, err
			}
			defer stop()
			return t.work(ctx, redis, count, concurrency, before, meanwhile)
		}
		m, err := run(pickups, 1, nil, t.pickup)
		if err != nil {
			return nil, err
		}
		slices.Sort(m.Latencies)
		p50, p99 := time.Duration(m.Latencies[len(m.Latencies)/2])*time.Microsecond,
			time.Duration(m.Latencies[len(m.Latencies)*99/100])*time.Microsecond
		line := result{what: "Idle pick-up from process to process: " + t.name, got: fmt.Sprintf("p50 %s, p99 %s", ms(p50), ms(p99))}
		if ours {
			line.want, line.met = "under 1 and 5 ms", verdict(p50 < time.Millisecond && p99 < 5*time.Millisecond)
		}
		lines = append(lines, line)
		for concurrency, least := range map[int]float64{50: 14000, 3: 8000} {
			m, err := run(waiting, concurrency, t.fill, nil)
			if err != nil {
				return nil, err
			}
			line := result{
				what: fmt.Sprintf("20,000 waiting drained by one worker process, concurrency %d: %s", concurrency, t.name),
				got:  fmt.Sprintf("%.0f/s", m.PerSecond),
			}
			if ours {
				line.want, line.met = fmt.Sprintf("at least %.0f/s", least), verdict(m.PerSecond >= least)
			}
			lines = append(lines, line)
		}
	}
	return lines, nil
}
