package redisqueue

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/queue/queuetest/conformance"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/redistest"
)

// server is the Redis of all tests that do not harm it; each store has a prefix of its own.
var server *redistest.Server

// admin looks into it.
var admin rueidis.Client

func TestMain(m *testing.M) {
	os.Exit(redistest.Main(m, func(s *redistest.Server) (func(), error) {
		server = s
		o, err := redisconn.ParseURL(s.URL())
		if err == nil {
			admin, err = rueidis.NewClient(o)
		}
		if err != nil {
			return nil, err
		}
		return admin.Close, nil
	}))
}

func TestConformance(t *testing.T) {
	conformance.Test(t, queuetest.Harness{Open: func(t testing.TB, o queue.Options) queuetest.Store { return newStore(t, o) }})
}

var stores atomic.Int64

// store is a queuetest.Store: a prefix in the shared server, in which time stands still.
type store struct {
	t     testing.TB
	o     Options
	clock *queuetest.Clock
	e     *Engine
}

func newStore(t testing.TB, o queue.Options) *store {
	t.Helper()
	s := &store{t: t, clock: &queuetest.Clock{}}
	s.o = Options{Options: o, Name: fmt.Sprintf("test%d", stores.Add(1)), Redis: connection(t, server)}
	s.open()
	return s
}

func connection(t testing.TB, s *redistest.Server) rueidis.ClientOption {
	t.Helper()
	o, err := redisconn.ParseURL(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (s *store) open() {
	s.t.Helper()
	e, err := open(context.Background(), s.o, s.clock)
	if err != nil {
		s.t.Fatal(err)
	}
	s.e = e
}

func (s *store) Engine() queue.Engine { return s.e }
func (s *store) Now() time.Time       { return s.clock.Now() }

// Crash leaves everything in Redis as it is: an engine gives nothing back when it is closed.
func (s *store) Crash() {
	s.t.Helper()
	_ = s.e.Close()
	s.open()
}

func (s *store) Advance(d time.Duration) {
	s.t.Helper()
	s.clock.Advance(d)
	if err := s.e.purge(context.Background()); err != nil {
		s.t.Fatal(err)
	}
	s.e.look()
}

func (s *store) keys() []string {
	s.t.Helper()
	var all []string
	for cursor := uint64(0); ; {
		page, err := admin.Do(context.Background(), admin.B().Scan().Cursor(cursor).Match("{"+s.o.Name+":*").Count(1000).Build()).AsScanEntry()
		if err != nil {
			s.t.Fatal(err)
		}
		all = append(all, page.Elements...)
		if cursor = page.Cursor; cursor == 0 {
			return all
		}
	}
}

func (s *store) Remove() {
	for _, key := range s.keys() {
		if err := admin.Do(context.Background(), admin.B().Del().Key(key).Build()).Error(); err != nil {
			s.t.Error(err)
		}
	}
	_ = s.e.Close()
}

// Leftovers counts keys by kind: all but counters and settings go when the work is done.
func (s *store) Leftovers() map[string]int {
	s.t.Helper()
	left := map[string]int{}
	for _, key := range s.keys() {
		_, kind, _ := strings.Cut(key, "}:")
		kind, _, _ = strings.Cut(kind, ":")
		switch kind {
		case "n", "counters", "token", "idle", "paused", "probe", "notes", "reports", "bots", "v", "V", "partitions", "swept":
		default:
			left[kind]++
		}
	}
	s.e.mu.Lock()
	defer s.e.mu.Unlock()
	left["holds"], left["waiters"] = len(s.e.holds), len(s.e.waiters)
	return left
}
