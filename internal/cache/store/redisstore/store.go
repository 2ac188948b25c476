// Package redisstore keeps a cache in Redis (6.2 or newer) or Valkey, for all processes of an installation: standalone, with Sentinel, or
// in a Cluster, where all its keys are in one slot. Every change is one Lua script that also writes the event of it to a stream.
package redisstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/cache/store"
	"tania/internal/queue/redisqueue/redisconn"
)

// defaultTimeout keeps a Redis that is frozen from holding anybody up for a second.
const defaultTimeout = 800 * time.Millisecond

// retryAfter is how long a Redis that could not be reached is left alone, before there ever was a connection.
const retryAfter = 500 * time.Millisecond

// Options are the store's.
type Options struct {
	// Redis says how to connect; redisconn.ParseURL makes one.
	Redis rueidis.ClientOption
	// Name is the prefix of all keys, QUEUE_NAME; "tania-messages" when empty.
	Name string
	// LogLength is how many events are kept for who follows, at least; 10,000 when 0.
	LogLength int
	// Keep is how long everything outlives the last write, so that an installation that is gone leaves nothing; 30 days when 0.
	Keep time.Duration
	// Timeout is how long one call of Redis may take, and so each operation but Load, which makes several; 800 ms when 0.
	Timeout time.Duration
	// Log hears of entries that cannot be read; nil: nobody does.
	Log *slog.Logger
}

// Store is a store.Store. Make it with Open.
type Store struct {
	log    *slog.Logger
	limit  time.Duration
	base   string
	common []string // the arguments that every script takes
	ctx    context.Context
	closed context.CancelFunc
	tasks  sync.WaitGroup

	mu     sync.Mutex
	client rueidis.Client // nil until Redis was reached
	cause  error          // why it was not
}

var _ store.Store = (*Store)(nil)

// Open connects, and waits for that a short while. A Redis that cannot be reached, or refuses, is no error: it is tried again and again,
// and calls fail until then.
func Open(ctx context.Context, o Options) *Store {
	if o.Name == "" {
		o.Name = "tania-messages"
	}
	if o.LogLength <= 0 {
		o.LogLength = 10_000
	}
	if o.Keep <= 0 {
		o.Keep = 30 * 24 * time.Hour
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Redis.Dialer.Timeout, o.Redis.ConnWriteTimeout = o.Timeout, o.Timeout
	if o.Redis.Sentinel.MasterSet != "" {
		// Who missed the news of another master would keep to the one that was.
		o.Redis.Sentinel.TopologyRefreshInterval = 2 * time.Second
	}
	s := &Store{
		log: o.Log, limit: o.Timeout, base: "{" + o.Name + ":cache}", cause: errors.New("no connection yet"),
		common: []string{strconv.Itoa(o.LogLength), strconv.FormatInt(max(int64(o.Keep/time.Second), 1), 10)},
	}
	s.ctx, s.closed = context.WithCancel(context.WithoutCancel(ctx))
	tried := make(chan struct{})
	s.tasks.Go(func() { s.connect(o.Redis, tried) })
	wait := time.NewTimer(o.Timeout)
	defer wait.Stop()
	select {
	case <-tried:
	case <-wait.C:
	case <-ctx.Done():
	}
	return s
}

// connect tries until Redis was reached; from then on the client connects again by itself.
func (s *Store) connect(o rueidis.ClientOption, tried chan struct{}) {
	for first := true; s.ctx.Err() == nil; first = false {
		client, err := redisconn.Dial(o)
		s.mu.Lock()
		if s.ctx.Err() == nil {
			s.client, s.cause = client, err
		} else if err == nil {
			client.Close()
		}
		s.mu.Unlock()
		if first {
			close(tried)
		}
		if err == nil {
			return
		}
		wait := time.NewTimer(retryAfter)
		select {
		case <-wait.C:
		case <-s.ctx.Done():
			wait.Stop()
		}
	}
}

// Close implements store.Store.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed() // no call begins any more
	client := s.client
	s.client = nil
	s.mu.Unlock()
	if client != nil {
		client.Close() // ends the calls
	}
	s.tasks.Wait()
	return nil
}

// call lets something be done with Redis, within the time for one call. Who waits goes then, whatever the connection is at.
func call[T any](ctx context.Context, s *Store, what string, do func(context.Context, rueidis.Client) (T, error)) (T, error) {
	var none T
	if ctx.Err() != nil {
		return none, ctx.Err()
	}
	type outcome struct {
		value T
		err   error
	}
	got := make(chan outcome, 1)
	limited, stop := context.WithCancel(ctx) // no deadline: rueidis would wait for it on the connection, and not hear that the caller gave up
	defer stop()
	s.mu.Lock()
	client, err := s.client, s.cause
	if s.ctx.Err() != nil {
		client, err = nil, store.ErrClosed
	}
	if client != nil {
		s.tasks.Go(func() {
			value, err := do(limited, client)
			got <- outcome{value, err}
		})
	}
	s.mu.Unlock()
	if client != nil {
		limit := time.NewTimer(s.limit)
		defer limit.Stop()
		select {
		case o := <-got:
			if o.err == nil {
				return o.value, nil
			}
			err = o.err
		case <-limit.C:
			err = fmt.Errorf("no answer within %s", s.limit)
		case <-ctx.Done():
		case <-s.ctx.Done():
		}
	}
	switch {
	case s.ctx.Err() != nil:
		return none, store.ErrClosed
	case ctx.Err() != nil:
		return none, ctx.Err()
	}
	return none, fmt.Errorf("redisstore: %s: %w", what, err)
}

// run executes a script.
func (s *Store) run(ctx context.Context, client rueidis.Client, script *rueidis.Lua, args ...string) rueidis.RedisResult {
	return script.Exec(ctx, client, []string{s.base}, append(s.common[:2:2], args...))
}
