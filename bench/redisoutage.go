package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"tania/internal/redistest"
)

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
		"EMBEDDINGS=off", "OPENAI_API_KEY=bench", "OPENAI_MODEL=m")
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
