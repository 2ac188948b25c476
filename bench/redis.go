package main

import (
	"context"
	"errors"
	"os"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/redistest"
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
	o, err := redisconn.ParseURL(url)
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
