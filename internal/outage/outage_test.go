package outage_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tania/internal/outage"
	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	errDown  = errors.New("down")
	errCause = errors.New("502 Bad Gateway")
)

// server is one that can be away, and counts its probes.
type server struct {
	away   atomic.Bool
	probes atomic.Int64
}

func (s *server) probe(context.Context) error {
	s.probes.Add(1)
	if s.away.Load() {
		return errDown
	}
	return nil
}

// run starts a peer; the function it gives ends it.
func run(t *testing.T, p *outage.Peer) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); p.Run(ctx) }()
	return func() { cancel(); <-ended }
}

// away is a server that is away, and a peer that has noticed.
func away(t *testing.T, name string) (*server, *outage.Peer) {
	t.Helper()
	s := &server{}
	p := outage.New(outage.Options{Name: name, Probe: s.probe})
	t.Cleanup(run(t, p))
	s.away.Store(true)
	p.Check(t.Context(), errCause)
	return s, p
}

func TestAFailureIsAnOutageWhenAProbeFailsToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s server
		p := outage.New(outage.Options{Name: outage.Chatwoot, Probe: s.probe})
		defer run(t, p)()
		if p.Check(t.Context(), errCause) || p.State().Away {
			t.Fatal("away although the probe succeeded")
		}
		s.away.Store(true)
		if !p.Check(t.Context(), errCause) || !errors.Is(p.Err(), errCause) || p.State().Cause != "502 Bad Gateway" {
			t.Fatalf("%+v, want away because of the call's error", p.State())
		}
		before := s.probes.Load()
		for range 100 {
			p.Check(t.Context(), errCause)
		}
		if n := s.probes.Load() - before; n != 0 {
			t.Errorf("%d probes by those who fail while it is away", n)
		}
	})
}

// TestProbesGrowRareAndEnd counts them over an hour: one after a second, then less and less often, at most every 30 s.
func TestProbesGrowRareAndEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := away(t, outage.Model)
		time.Sleep(time.Second)
		synctest.Wait()
		if n := s.probes.Load(); n != 2 {
			t.Errorf("%d probes after a second, want the first and one more", n)
		}
		time.Sleep(time.Hour)
		if n := s.probes.Load(); n < 120 || n > 250 {
			t.Errorf("%d probes in an hour, want one in 15 to 30 s", n)
		}
		s.away.Store(false)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if state := p.State(); state.Away || state.Outages != 1 || p.Err() != nil {
			t.Errorf("%+v, want it back", state)
		}
		before := s.probes.Load()
		time.Sleep(time.Hour)
		if s.probes.Load() != before {
			t.Error("probed although it is there")
		}
	})
}

// TestReturnIsSlow lets one at work, then two, then four.
func TestReturnIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := away(t, outage.Chatwoot)
		var working, ended atomic.Int64
		most := map[int64]int64{}
		for range 100 {
			go func() {
				leave, err := p.Enter(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				working.Add(1)
				time.Sleep(100 * time.Millisecond)
				working.Add(-1)
				ended.Add(1)
				leave(true)
			}()
		}
		time.Sleep(10 * time.Second)
		if working.Load()+ended.Load() != 0 {
			t.Fatal("work began although the server is away")
		}
		s.away.Store(false)
		for p.State().Away {
			time.Sleep(time.Millisecond)
		}
		for round := int64(0); round < 4; round++ {
			time.Sleep(50 * time.Millisecond)
			most[round] = working.Load()
			time.Sleep(50 * time.Millisecond)
		}
		for round, n := range most {
			if n != 1<<round {
				t.Errorf("%d at work in round %d, want %d", n, round, 1<<round)
			}
		}
		time.Sleep(time.Minute)
		if ended.Load() != 100 {
			t.Errorf("%d ended", ended.Load())
		}
	})
}

func TestThoseWhoDoNotWaitAreToldWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, p := away(t, outage.Model)
		if _, err := p.Admit(t.Context()); !errors.Is(err, errCause) {
			t.Errorf("admitted with %v", err)
		}
		ctx, done := context.WithTimeout(t.Context(), time.Second)
		defer done()
		if _, err := p.Enter(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("entered with %v", err)
		}
	})
}

// TestManyComeBackOneAfterTheOther: few in a second, a thousand within the longest wait, at most 50 a second.
func TestManyComeBackOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := outage.New(outage.Options{Name: outage.Model})
		if d := p.Appointment(); d != time.Second {
			t.Errorf("one alone waits %s", d)
		}
		within := map[int64]int{}
		for range 900 {
			d := p.Appointment()
			if d > 20*time.Second {
				t.Fatalf("a wait of %s", d)
			}
			within[int64(d/time.Second)]++
		}
		for second, n := range within {
			if n > 51 {
				t.Errorf("%d in second %d", n, second)
			}
		}
	})
}

// TestOneProcessProbesForAll has three processes find the same outage.
func TestOneProcessProbesForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board, err := sqlitequeue.Open(t.Context(), filepath.Join(t.TempDir(), "tania.db"), queue.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = board.Close() }()
		var s server
		s.away.Store(true)
		var fleet []*outage.Peer
		for _, name := range []string{"a", "b", "c"} {
			p := outage.New(outage.Options{Name: outage.Chatwoot, Probe: s.probe, Board: board, Process: name})
			defer run(t, p)()
			fleet = append(fleet, p)
		}
		for outages := int64(1); outages <= 2; outages++ {
			s.away.Store(true)
			for _, p := range fleet {
				p.Check(t.Context(), errCause)
			}
			before := s.probes.Load()
			time.Sleep(time.Hour)
			if n := s.probes.Load() - before; n > 250 {
				t.Errorf("%d probes in an hour by three processes, want one's", n)
			}
			for _, p := range fleet {
				if !p.State().Away {
					t.Error("back although nobody found it")
				}
			}
			s.away.Store(false)
			time.Sleep(61 * time.Second)
			for _, p := range fleet {
				if state := p.State(); state.Away || state.Outages != outages {
					t.Errorf("%s: %+v, want it back from outage %d", p.Process, state, outages)
				}
			}
		}
	})
}

// TestAServersWishIsHeldEvenWhereProbesAreClose: a model is probed every ten seconds at most, but not while it asked to be left alone.
func TestAServersWishIsHeldEvenWhereProbesAreClose(t *testing.T) {
	for name, x := range map[string]struct {
		asked            time.Duration
		least, mostInAll int64
	}{
		"it asked for nothing":    {0, 30, 70},
		"for 25 seconds":          {25 * time.Second, 12, 27},
		"for longer than a while": {time.Hour, 10, 23},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var s server
				s.away.Store(true)
				p := outage.New(outage.Options{
					Name: outage.Model, Most: outage.ModelProbes, Probe: s.probe,
					Asked: func(error) time.Duration { return x.asked },
				})
				defer run(t, p)()
				p.Check(t.Context(), errCause)
				time.Sleep(5 * time.Minute) // the bubble's clock
				if n := s.probes.Load(); n < x.least || n > x.mostInAll {
					t.Errorf("%d probes in five minutes, want %d to %d", n, x.least, x.mostInAll)
				}
			})
		})
	}
}
