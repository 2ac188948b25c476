// Package enginetest opens engines of the queue for tests of what is built on them. They end with the test.
package enginetest

import (
	"path/filepath"
	"testing"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/redistest"
)

// SQLite opens an engine on a file of its own.
func SQLite(t testing.TB, o queue.Options) *sqlitequeue.Engine {
	t.Helper()
	e, err := sqlitequeue.Open(t.Context(), filepath.Join(t.TempDir(), "tania.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// Redis opens an engine on a server. Those on the same server are as in several processes.
func Redis(t testing.TB, s *redistest.Server, o queue.Options) *redisqueue.Engine {
	t.Helper()
	return RedisAt(t, s.URL(), o)
}

// RedisAt is Redis for a server with something before it, a proxy for example.
func RedisAt(t testing.TB, url string, o queue.Options) *redisqueue.Engine {
	t.Helper()
	connect, err := redisconn.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	e, err := redisqueue.Open(t.Context(), redisqueue.Options{Options: o, Redis: connect})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// Pairs opens both engines, each as two parts of an installation have it: a file is of one process, which both are of then.
func Pairs(t testing.TB) map[string][2]queue.Engine {
	t.Helper()
	file, server := SQLite(t, queue.Options{}), redistest.Start(t)
	return map[string][2]queue.Engine{
		"sqlite": {file, file}, "redis": {Redis(t, server, queue.Options{}), Redis(t, server, queue.Options{})},
	}
}
