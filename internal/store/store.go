// Package store opens what the settings name: the queue, what processes share of the cache, and the spool. It is the one place where an
// engine is chosen; what a store can do beside the queue's contract is in a field of it.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	cachestore "tania/internal/cache/store"
	"tania/internal/cache/store/memstore"
	"tania/internal/cache/store/redisstore"
	"tania/internal/cache/store/sqlitestore"
	"tania/internal/config"
	"tania/internal/queue"
	"tania/internal/queue/failover"
	"tania/internal/queue/redisqueue"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
)

// ManyProcesses names the stores that several processes may have, for people.
const ManyProcesses = "Redis"

// ErrAlone is why one process must do all where the store is a file.
var ErrAlone = errors.New("REDIS_URL is not set: messages are in a file that one process has, so that process must take them and answer them (tania serve)")

// Kind is what is known of a store before it is opened.
type Kind struct {
	// Name is the store's for people, Where its place for the log, Settings the variables that say where it is.
	Name, Where, Settings string
	// Many reports whether several processes may have it. Such a store may also be away while they run.
	Many bool
}

// KindOf gives the kind that the settings name: Redis where one is configured, else files in TANIA_DATA_DIR.
func KindOf(c *config.Config) Kind {
	if c.Redis.Configured() {
		return Kind{Name: "Redis", Where: "redis, " + c.Queue.Name, Settings: "REDIS_URL, REDIS_HOST", Many: true}
	}
	return Kind{Name: "SQLite", Where: "sqlite, " + c.DataDir, Settings: "TANIA_DATA_DIR"}
}

// Fleet is the queue of a store that several processes have.
type Fleet interface {
	failover.Shared
	// OnForget has do called for each contact that any process has the store forget.
	OnForget(do func(ctx context.Context, account tania.AccountID, contact tania.ContactID))
}

// Store is an open store.
type Store struct {
	Kind
	Queue queue.Engine
	// Bots are the versions of the bots' configurations.
	Bots queue.Bots
	// Fleet is the Queue where Many processes may have it, else nil.
	Fleet Fleet
	// spool is the directory of the spool.
	spool string
}

// Open opens the queue. One that Many processes have need not be there yet.
func Open(ctx context.Context, c *config.Config, log *slog.Logger) (*Store, error) {
	s := &Store{Kind: KindOf(c), spool: c.DataDir}
	if !s.Many {
		if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Settings, err)
		}
		engine, err := sqlitequeue.Open(ctx, queueFile(c), options(c))
		if err != nil {
			return nil, err
		}
		sayLeft(log, engine.Left())
		s.Queue, s.Bots = engine, engine
		return s, nil
	}
	engine, err := openRedis(ctx, c, log)
	if err != nil {
		return nil, err
	}
	s.Queue, s.Bots, s.Fleet = engine, engine, engine
	return s, nil
}

// queueFile is where the queue of one process is.
func queueFile(c *config.Config) string { return filepath.Join(c.DataDir, "tania.db") }

// Exists reports whether the settings name a store that was there before: one that Many processes have may be, one of files is where its
// file is.
func Exists(c *config.Config) bool {
	_, err := os.Stat(queueFile(c))
	return KindOf(c).Many || err == nil
}

func openRedis(ctx context.Context, c *config.Config, log *slog.Logger) (*redisqueue.Engine, error) {
	connect, err := redisconn.ParseURL(c.Redis.Address().Reveal())
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", err)
	}
	engine, err := redisqueue.Open(ctx, redisqueue.Options{
		Options: options(c), Redis: connect, Name: c.Queue.Name, Partitions: c.Queue.Partitions, Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL, REDIS_HOST: %w", err)
	}
	server, err := engine.Server(ctx)
	if err != nil {
		log.Warn("Redis cannot be reached; retrying", "error", err)
	}
	for _, risk := range server.Risks() {
		log.Warn(risk)
	}
	return engine, nil
}

// options are the queue's.
func options(c *config.Config) queue.Options {
	o := queue.Options{
		Debounce: c.Queue.Debounce, DebounceMax: c.Queue.DebounceMax, Lease: c.Queue.Lease,
		MaxAttempts: c.Queue.MaxRetries, KeepFor: c.Retention, KeepDead: c.Retention,
	}
	if o.Debounce == 0 || c.Worker.ThinkAhead || !c.Server.AsyncWebhook {
		// Queue options read 0 as their default. Who thinks ahead waits in the worker for a burst's end, a request that waits for its answer not
		// at all.
		o.Debounce, o.DebounceMax = -1, -1
	}
	return o
}

// OpenSpool opens where webhooks wait on this machine's disk while the store is away; nil for a store that cannot be.
func (s *Store) OpenSpool(ctx context.Context, log *slog.Logger) (*failover.Failover, error) {
	if s.Fleet == nil {
		return nil, nil
	}
	spool, err := failover.Open(ctx, s.spool, s.Fleet, log)
	if err != nil {
		return nil, fmt.Errorf("TANIA_DATA_DIR, where webhooks are spooled while %s is down: %w", s.Name, err)
	}
	return spool, nil
}

// Close frees the queue.
func (s *Store) Close() error { return s.Queue.Close() }

// OpenCache opens what processes share of the cache. Where its file cannot be had it is in memory.
func OpenCache(ctx context.Context, c *config.Config, log *slog.Logger) (cachestore.Store, error) {
	if !KindOf(c).Many {
		store, err := sqlitestore.Open(ctx, filepath.Join(c.DataDir, "cache.db"), sqlitestore.Options{Log: log})
		if err != nil {
			log.Warn("the cache cannot be kept in TANIA_DATA_DIR; it is in memory until the next start", "error", err)
			return memstore.New(memstore.Options{}), nil
		}
		return store, nil
	}
	connect, err := redisconn.ParseURL(c.Redis.Address().Reveal())
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", err)
	}
	return redisstore.Open(ctx, redisstore.Options{Redis: connect, Name: c.Queue.Name, Log: log}), nil
}

// sayLeft logs what an earlier process left in the database's log that could not be recovered, and which pages of the database were not
// whole.
func sayLeft(log *slog.Logger, left sqlitequeue.Left) {
	switch {
	case left.Lost > 0:
		log.Error("the database's log is damaged: accepted messages or what became of them are lost; check the disk and its memory",
			"transactions", left.Lost, "at_byte", left.At, "copy", left.Copy)
	case left.Torn:
		log.Warn("the database's log ends in an unfinished write: what it held was not accepted yet, unless the disk damaged it", "at_byte",
			left.At)
	}
	if n := left.Pages.Corrected; n > 0 {
		log.Warn("bits of the database had flipped and were put right; check the disk and its memory", "pages", n)
	}
	if n := left.Pages.Unsealed; n > 0 {
		log.Warn("pages of the database had no checksum: another program wrote them, or the disk lost their ends", "pages", n)
	}
	if n := left.Unscanned; n > 0 {
		log.Info("the database is too large to be checked whole at the start; the other pages are checked when they are read", "pages", n)
	}
	if left.NotSealed != nil {
		log.Warn("the database could not be rewritten with checksums: a flipped bit in it may go unnoticed", "error", left.NotSealed)
	}
}
