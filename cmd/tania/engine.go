package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"tania/internal/config"
	"tania/internal/queue"
	"tania/internal/queue/redisqueue"
	"tania/internal/queue/sqlitequeue"
)

// engineName is the engine's name in the log.
func engineName(c *config.Config) string {
	if c.Redis.Configured() {
		return "redis, " + c.Queue.Name
	}
	return "sqlite, " + c.DataDir
}

// openEngine opens the store that the settings name: Redis where one is configured, else a file in TANIA_DATA_DIR.
func openEngine(ctx context.Context, c *config.Config, log *slog.Logger) (queue.Engine, error) {
	if !c.Redis.Configured() {
		if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
			return nil, fmt.Errorf("TANIA_DATA_DIR: %w", err)
		}
		return sqlitequeue.Open(ctx, filepath.Join(c.DataDir, "tania.db"), queueOptions(c))
	}
	connect, err := redisqueue.ParseURL(c.Redis.Address().Reveal())
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", err)
	}
	engine, err := redisqueue.Open(ctx, redisqueue.Options{
		Options: queueOptions(c), Redis: connect, Name: c.Queue.Name, Partitions: c.Queue.Partitions, Log: log,
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
