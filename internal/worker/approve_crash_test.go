package worker_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/bots"
	"tania/internal/handoff"
	"tania/internal/outage"
	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/testsize"
	"tania/internal/tool/call"
	"tania/internal/worker"
)

// bureau is an office whose workers come and go.
type bureau struct {
	*office
	tools call.Caller
	now   atomic.Pointer[process]
	// calls are those that leave a process that nothing happens to.
	calls []string
}

func newBureau(t *testing.T, redis bool) *bureau {
	t.Helper()
	d := &bureau{}
	d.office = newOffice(t, redis, wants("refund"), func(s *settings) {
		s.queue.Lease, s.worker.Lease, s.queue.MaxAttempts, s.worker.MaxAttempts = 400*time.Millisecond, 400*time.Millisecond, 10, 10
		s.worker.Concurrency, s.worker.TypingInterval = 1, 0
		d.tools = s.worker.Tools.HTTP
		s.worker.Tools.HTTP = toolsOf{d}
		s.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(q *http.Request) (*http.Response, error) {
				if p := d.now.Load(); p != nil {
					return p.wire(next, q)
				}
				return next.RoundTrip(q)
			})
		}
	})
	d.stop()
	return d
}

// toolsOf are the tools as the process reaches them that is alive.
type toolsOf struct{ *bureau }

func (c toolsOf) Call(ctx context.Context, r call.Request) (o call.Outcome, err error) {
	harmed := c.now.Load().call("tool", io.ErrUnexpectedEOF, func() error { o, err = c.tools.Call(ctx, r); return err })
	return o, harmed
}

// parks is a process whose journal and parking are reached by calls that leave it.
type parks struct{ journalled }

func (p parks) Calls(ctx context.Context, t *queue.Turn) (list []queue.Call, err error) {
	harmed := p.store("calls", func() error { list, err = p.Engine.Calls(ctx, t); return err })
	return list, harmed
}

func (p parks) Absorb(ctx context.Context, t *queue.Turn) (more bool, err error) {
	harmed := p.store("absorb", func() error { more, err = p.Engine.Absorb(ctx, t); return err })
	return more, harmed
}

func (p parks) Park(ctx context.Context, t *queue.Turn, d time.Duration, why []byte, records ...tania.Record) error {
	return p.store("park", func() error { return p.Engine.Park(ctx, t, d, why, records...) })
}

// begin starts a worker in a process of its own; end stops it.
func (d *bureau) begin(p *process) (end func()) {
	d.now.Store(p)
	o := d.options
	o.Engine, o.Peers = parks{journalled{p}}, d.peers(wants("refund"), outage.Options{})
	runtime := *d.runtime
	runtime.Handoff = handoff.New(handoff.Options{Chatwoot: d.client, Memory: p, Bot: d.bot})
	o.Bots = bots.NewRegistry(&runtime)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- worker.New(o).Run(ctx) }()
	return func() {
		d.t.Helper()
		stop()
		if err := <-done; err != nil {
			d.t.Errorf("the worker ended with %v", err)
		}
	}
}

// serve has a customer's request asked, approved and done, by a process that dies at a point and by another from there on. It gives the
// calls that the first one made.
func (d *bureau) serve(at point) []string {
	d.t.Helper()
	victim := newProcess(d.engine, killed, at)
	end := d.begin(victim)
	defer func() { end() }()
	struck := victim.struck
	c := d.write(0, "¿Puede hacer algo con mi pedido 7?")
	ctx, done := context.WithTimeout(d.t.Context(), 30*time.Second)
	defer done()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for said := false; ; {
		select {
		case <-struck:
			struck = nil
			end()
			end = d.begin(newProcess(d.engine, failed, point{call: "none"}))
		case <-ctx.Done():
			d.t.Fatalf("%s: no end", at)
		case <-tick.C:
			if n := d.note(c); !said && strings.Contains(n, "Por aprobar") {
				said = true
				d.says(c, "/approve")
			}
		}
		if s, err := d.engine.Stats(d.t.Context()); err != nil {
			d.t.Fatal(err)
		} else if said && s.Waiting+s.Active+s.Delayed+s.Parked == 0 && d.sim.Settled() && d.record(c).Outcome != tania.OutcomeWaiting {
			break
		}
	}
	d.right(at, c)
	return victim.calls
}

// right holds what was done and said against what it should be: each once.
func (d *bureau) right(at point, c tania.ConversationID) {
	d.t.Helper()
	if got := d.shop.seen(); got != "POST /7/refund" {
		d.t.Errorf("%s: the shop saw %q", at, got)
	}
	d.shop.mu.Lock()
	d.shop.done = nil
	d.shop.mu.Unlock()
	// Who approves before the customer was told that it is being looked at leaves nothing to look at.
	said := []string{lookedAt, `It says: {"status":"pending"}`}
	place := func(call string) int { return slices.Index(d.calls, call) }
	early := place("private note 1") <= place(at.call) && place(at.call) <= place("send 1")
	if got := d.said(c); !slices.Equal(got, said) && !(early && slices.Equal(got, said[1:])) {
		d.t.Errorf("%s: said %q", at, got)
	}
	notes := d.note(c)
	if strings.Count(notes, "Por aprobar") != 1 || strings.Count(notes, "hecho, lo aprobó `Luis`") != 1 {
		d.t.Errorf("%s: notes %s", at, notes)
	}
	if r := d.record(c); r.Outcome != tania.OutcomeAnswered || len(r.Acts) != 1 || r.Acts[0].Ruling == nil {
		d.t.Errorf("%s: %s with %+v", at, r.Outcome, r.Acts)
	}
}

// TestACrashAnywhereOfAnApprovalIsFinishedByAnother kills the process at calls that leave it (testsize), before and after their effect: the
// team is asked once, the customer told once, the call made once.
func TestACrashAnywhereOfAnApprovalIsFinishedByAnother(t *testing.T) {
	onBothEngines(t, func(t *testing.T, redis bool) {
		d := newBureau(t, redis)
		calls := d.serve(point{call: "none"})
		d.calls = calls
		for _, want := range []string{
			"intend 1", "private note 1", "send 1", "park 1", "settle 1", "intend 2", "tool 1", "settle 2", "private note 2", "send 2",
		} {
			if !slices.Contains(calls, want) {
				t.Fatalf("no %s in %v", want, calls)
			}
		}
		every := testsize.Of(5, 11) // odd, or it would be before each effect alone
		if redis {
			every = testsize.Of(9, 21)
		}
		strikes := 0
		for n := 0; n < 2*len(calls) && !t.Failed(); n++ {
			name := calls[n/2]
			written := slices.ContainsFunc([]string{"tool", "intend", "park", "private", "send"}, func(s string) bool { return strings.HasPrefix(name, s) })
			if strings.HasPrefix(name, "complete") || strings.HasPrefix(name, "renew") || n%every != 0 && !written {
				continue
			}
			d.serve(point{name, n%2 == 1})
			strikes++
		}
		t.Logf("%d calls, killed %d times", len(calls), strikes)
	})
}
