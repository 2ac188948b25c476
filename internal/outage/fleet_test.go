package outage_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"tania/internal/outage"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/redistest"
)

// fleet are processes that share a Redis and a server that can be away.
type fleet struct {
	server
	mu sync.Mutex
	// by counts the probes of each process; probed is signalled with each.
	by     map[string]int
	probed chan struct{}
}

// process joins the fleet, with a connection of its own.
func (f *fleet) process(t *testing.T, redis *redistest.Server, name string) *outage.Peer {
	t.Helper()
	engine := enginetest.Redis(t, redis, queue.Options{Debounce: -1, DebounceMax: -1})
	p := outage.New(outage.Options{
		Name: outage.Chatwoot, Board: engine, Process: name, First: time.Millisecond, Most: 20 * time.Millisecond,
		Probe: func(ctx context.Context) error {
			f.mu.Lock()
			f.by[name]++
			f.mu.Unlock()
			err := f.probe(ctx)
			select {
			case f.probed <- struct{}{}:
			default:
			}
			return err
		},
	})
	t.Cleanup(run(t, p))
	return p
}

// ofEach gives the probes of each process so far.
func (f *fleet) ofEach() (a, b int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.by["a"], f.by["b"]
}

// TestTwoProcessesOnRedisHaveOneProbe: both find the same outage; one asks for both until the server is back, and both go on then.
func TestTwoProcessesOnRedisHaveOneProbe(t *testing.T) {
	redis := redistest.Start(t)
	f := &fleet{by: map[string]int{}, probed: make(chan struct{}, 1)}
	peers := []*outage.Peer{f.process(t, redis, "a"), f.process(t, redis, "b")}
	for outages := int64(1); outages <= 3; outages++ {
		f.away.Store(true)
		for _, p := range peers {
			if !p.Check(t.Context(), errCause) {
				t.Fatal("not found to be away")
			}
		}
		a, b := f.ofEach()
		for range 20 {
			select {
			case <-f.probed:
			case <-t.Context().Done():
				t.Fatal("nobody probes")
			}
		}
		if moreA, moreB := f.ofEach(); (moreA > a) == (moreB > b) {
			t.Errorf("outage %d: %d probes by one process and %d by the other, want one's alone", outages, moreA-a, moreB-b)
		}
		f.away.Store(false)
		for _, p := range peers {
			leave, err := p.Enter(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			leave(true)
			if state := p.State(); state.Away || state.Outages != outages {
				t.Errorf("%+v, want it back from outage %d", state, outages)
			}
		}
	}
}
