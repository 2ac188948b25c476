package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue"
	"tania/internal/redistest"
	domain "tania/internal/tania"
)

// The arguments that make this program a process of the benchmark.
const (
	scriptServer = "script-server"
	redisWorker  = "redis-worker"
)

// fsyncAlways is what we tell operators to set; inMemory is what benchmarks of queues usually run on.
var (
	fsyncAlways   = []string{"--appendonly", "yes", "--appendfsync", "always"}
	fsyncEverysec = []string{"--appendonly", "yes", "--appendfsync", "everysec"}
	inMemory      []string
)

// newRedis starts a redis-server of its own.
func newRedis(args ...string) (*redistest.Server, func(), error) {
	dir, err := os.MkdirTemp("", "tania-bench-redis-*")
	if err != nil {
		return nil, nil, err
	}
	s, err := redistest.New(dir, args...)
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, func() {
		s.Kill()
		_ = os.RemoveAll(dir)
	}, nil
}

func openRedis(ctx context.Context, url string) (*redisqueue.Engine, error) {
	o, err := redisqueue.ParseURL(url)
	if err != nil {
		return nil, err
	}
	e, err := redisqueue.Open(ctx, redisqueue.Options{Options: queue.Options{Debounce: -1, DebounceMax: -1}, Redis: o})
	if err != nil {
		return nil, err
	}
	return e, e.Ready(ctx)
}

// redisEngine starts a server and an engine on it; stop ends both.
func redisEngine(ctx context.Context, args ...string) (*redistest.Server, *redisqueue.Engine, func(), error) {
	redis, stop, err := newRedis(args...)
	if err != nil {
		return nil, nil, nil, err
	}
	e, err := openRedis(ctx, redis.URL())
	if err != nil {
		stop()
		return nil, nil, nil, err
	}
	return redis, e, func() {
		_ = e.Close()
		stop()
	}, nil
}

// serveScript is the bare handler with one script: the one that Tania's push is.
func serveScript() error {
	e, err := openRedis(context.Background(), os.Getenv("REDIS_URL"))
	if err != nil {
		return err
	}
	number := func(v any) int64 {
		f, _ := v.(float64)
		return int64(f)
	}
	return serve(func(r *http.Request, payload map[string]any) error {
		account, _ := payload["account"].(map[string]any)
		conversation, _ := payload["conversation"].(map[string]any)
		content, _ := payload["content"].(string)
		_, err := e.Push(r.Context(), domain.Message{
			ID: domain.MessageID(number(payload["id"])), Content: content, Key: domain.ConversationKey{
				Account: domain.AccountID(number(account["id"])), Conversation: domain.ConversationID(number(conversation["id"])),
			},
		})
		return err
	})
}

// contender is one of the servers that take the same webhooks in turn.
type contender struct {
	name    string
	command []string
	env     []string
	*process
	rates     []float64
	latencies []time.Duration
}

func (c *contender) p99() time.Duration { return percentile(c.latencies, 0.99) }

// redisRate compares webhook rates over a Redis each, in alternating rounds.
func redisRate(ctx context.Context, b bench, redis string, args []string) ([]result, error) {
	const rounds, each, connections = 5, 10000, 32
	s := newStub()
	defer s.server.Close()
	all := []*contender{
		{name: "bare handler", command: []string{os.Args[0], bareServer}},
		{name: "bare handler + the push script", command: []string{os.Args[0], scriptServer}},
		{name: "Tania", command: []string{b.tania, "serve", "--worker=false", "--env", ""}, env: settings(s)},
	}
	for _, r := range b.rivals {
		all = append(all, &contender{name: r.name, command: append(slices.Clone(r.command), "serve")})
	}
	for _, c := range all {
		server, stop, err := newRedis(args...)
		if err != nil {
			return nil, err
		}
		defer stop()
		dir, err := os.MkdirTemp("", "tania-bench-*")
		if err != nil {
			return nil, err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		c.env = append(c.env, "REDIS_URL="+server.URL(), "REDIS_PORT="+strconv.Itoa(server.Port), "TANIA_DATA_DIR="+dir)
		if c.process, _, err = start(ctx, c.env, c.command[0], c.command[1:]...); err != nil {
			return nil, err
		}
		defer func() { _ = c.stop() }()
	}
	message := 0
	for round := range rounds + 1 {
		requests := make([][]byte, each)
		for i := range requests {
			message++
			requests[i] = webhook(message%5000+1, message)
		}
		for _, c := range all {
			rate, latencies, err := closedLoop(ctx, c.address, connections, requests)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			if round > 0 { // the first warms up
				c.rates, c.latencies = append(c.rates, rate), append(c.latencies, latencies...)
			}
		}
	}
	title := fmt.Sprintf("Webhooks a second, %d connections, Redis %s: ", connections, redis)
	var lines []result
	for _, c := range all {
		lines = append(lines, result{what: title + c.name, got: fmt.Sprintf("%.0f (p99 %s)", median(c.rates), ms(c.p99()))})
	}
	script, ours := all[1], all[2]
	against := func(c *contender, least float64) {
		ratio := median(ours.rates) / median(c.rates)
		lines = append(lines, result{
			title + "Tania / " + c.name, fmt.Sprintf("%.2f", ratio), fmt.Sprintf("at least %.2f", least),
			verdict(ratio >= least),
		})
	}
	against(script, 0.85)
	ratio := float64(ours.p99()) / float64(script.p99())
	lines = append(lines, result{title + "p99, Tania / " + script.name, fmt.Sprintf("%.2f", ratio), "at most 1.30", verdict(ratio <= 1.3)})
	for _, c := range all[3:] {
		if strings.Contains(c.name, "BullMQ") {
			against(c, 2)
		}
	}
	return lines, nil
}

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

// takeover is how long a turn waits for another worker when its own is killed, and when it is stopped.
func takeover(ctx context.Context, b bench) ([]result, error) {
	redis, stop, err := newRedis(fsyncAlways...)
	if err != nil {
		return nil, err
	}
	defer stop()
	s := newStub()
	defer s.server.Close()
	calls := make(chan time.Time, 16)
	model := hangingModel(calls)
	defer model.Close()
	dir, err := os.MkdirTemp("", "tania-bench-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	env := append(settings(s), "REDIS_URL="+redis.URL(), "TANIA_DATA_DIR="+dir, "QUEUE_DEBOUNCE_MS=0", "OPENAI_BASE_URL="+model.URL+"/v1",
		"OPENAI_API_KEY=bench", "OPENAI_MODEL=m")
	api, _, err := start(ctx, env, b.tania, "serve", "--worker=false", "--env", "")
	if err != nil {
		return nil, err
	}
	defer func() { _ = api.stop() }()
	c, err := dial(ctx, api.address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	var lines []result
	for n, how := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		first, err := launch(ctx, env, b.tania, "worker", "--env", "")
		if err != nil {
			return nil, err
		}
		if err := c.send(questionWebhook(n+1, n+1)); err != nil {
			return nil, err
		}
		<-calls
		second, err := launch(ctx, env, b.tania, "worker", "--env", "")
		if err != nil {
			return nil, err
		}
		time.Sleep(time.Second) // it has started, and waits
		if err := first.cmd.Process.Signal(how); err != nil {
			return nil, err
		}
		_ = first.cmd.Wait()
		gone := time.Now()
		waited := (<-calls).Sub(gone)
		_ = second.cmd.Process.Kill()
		_ = second.cmd.Wait()
		if how == syscall.SIGKILL {
			lines = append(lines, result{
				"Worker killed (lease 15 s): its turn runs elsewhere after", fmt.Sprintf("%.1f s", waited.Seconds()),
				"at most 16 s", verdict(waited <= 16*time.Second),
			})
		} else {
			lines = append(lines, result{
				"Worker stopped: its turn runs elsewhere after its end by", ms(max(waited, 0)), "at once",
				verdict(waited < 100*time.Millisecond),
			})
		}
	}
	return lines, nil
}

// outage is the webhooks' latency while Redis goes and comes back.
func outage(ctx context.Context, b bench) ([]result, error) {
	const perSecond, long = 500, 12
	var lines []result
	for _, kind := range []struct {
		what string
		away func(*redistest.Server) error
		back func(*redistest.Server) error
	}{
		{"killed", func(s *redistest.Server) error { s.Kill(); return nil }, (*redistest.Server).Launch},
		{"stopped, its connections open", (*redistest.Server).Freeze, (*redistest.Server).Thaw},
	} {
		line, err := func() (r result, err error) {
			redis, stop, err := newRedis(fsyncAlways...)
			if err != nil {
				return r, err
			}
			defer stop()
			s := newStub()
			defer s.server.Close()
			dir, err := os.MkdirTemp("", "tania-bench-*")
			if err != nil {
				return r, err
			}
			defer func() { _ = os.RemoveAll(dir) }()
			env := append(settings(s), "REDIS_URL="+redis.URL(), "TANIA_DATA_DIR="+filepath.Join(dir, "data"), "LOG_LEVEL=error")
			p, _, err := start(ctx, env, b.tania, "serve", "--worker=false", "--env", "")
			if err != nil {
				return r, err
			}
			defer func() { _ = p.stop() }()
			requests := make([][]byte, long*perSecond)
			for i := range requests {
				requests[i] = webhook(i%2000+1, i+1)
			}
			harmed := make(chan error, 1)
			go func() {
				time.Sleep(long * time.Second / 4)
				err := kind.away(redis)
				time.Sleep(long * time.Second / 2)
				harmed <- errors.Join(err, kind.back(redis))
			}()
			latencies, err := openLoop(ctx, p.address, perSecond, requests)
			if err := errors.Join(err, <-harmed); err != nil {
				return r, err
			}
			p50, p99 := percentile(latencies, 0.5), percentile(latencies, 0.99)
			return result{
				fmt.Sprintf("Webhook to 200 at %d/s for %d s, Redis %s for half of them: p99", perSecond, long, kind.what),
				fmt.Sprintf("%s (p50 %s, max %s)", ms(p99), ms(p50), ms(latencies[len(latencies)-1])), "under 50 ms",
				verdict(p99 < 50*time.Millisecond),
			}, nil
		}()
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}
