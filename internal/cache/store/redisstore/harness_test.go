package redisstore

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/cache/store"
	"tania/internal/cache/store/storetest"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/redistest"
)

// server is the Redis of all tests that do not harm it; each store has a name of its own.
var server *redistest.Server

func TestMain(m *testing.M) {
	os.Exit(redistest.Main(m, func(s *redistest.Server) (func(), error) {
		server = s
		return func() {}, nil
	}))
}

var stores atomic.Int64

func newName() string { return fmt.Sprintf("test%d", stores.Add(1)) }

func connection(t testing.TB, url string) rueidis.ClientOption {
	t.Helper()
	o, err := redisconn.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// process opens a store as one of several processes does.
func process(t testing.TB, url, name string) *Store {
	t.Helper()
	return patient(t, url, name, 0)
}

// patient opens one that waits longer, for tests of what is done, on machines that are busy.
func patient(t testing.TB, url, name string, timeout time.Duration) *Store {
	t.Helper()
	s := Open(context.Background(), Options{Redis: connection(t, url), Name: name, LogLength: 200, Timeout: timeout})
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// exercise runs the suite; every store is at the URL.
func exercise(t *testing.T, url string) {
	storetest.Exercise(t, func(*testing.T) storetest.Fixture {
		name := newName()
		return storetest.Fixture{Open: func(t testing.TB) store.Store { return patient(t, url, name, patience) }, Overflow: 500}
	})
}

func TestConformance(t *testing.T) { exercise(t, server.URL()) }

func BenchmarkPut(b *testing.B) { storetest.BenchmarkPut(b, process(b, server.URL(), newName())) }

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{5_000, 50_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { storetest.BenchmarkLoad(b, process(b, server.URL(), newName()), n) })
	}
}
