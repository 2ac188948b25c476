package worker_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/offline"
	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/outage"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/redistest"
	"tania/internal/tania"
	"tania/internal/testsize"
	"tania/internal/tool/call"
	"tania/internal/tool/once"
	"tania/internal/worker"
)

// takenThrough is a rig whose customers are taken through a return by processes that die.
type takenThrough struct {
	*rig
	responder *offline.Responder
	now       atomic.Pointer[process]
	// pause lets time pass between two looks whether all is done.
	pause func()

	mu   sync.Mutex
	keys map[string]bool
	// writes are what the shop was told, each key once.
	writes []string
}

func newTakenThrough(t *testing.T, change func(*settings)) *takenThrough {
	t.Helper()
	b, err := bot.Load("../procedure/testdata/bot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := &takenThrough{keys: map[string]bool{}, responder: offline.New(offline.Options{Bot: b})}
	s.rig = newRig(t, nil, func(o *settings) {
		change(o)
		o.responder = s.responder
		o.bot = func(of *bot.Bot) { *of = *b }
		o.worker.Concurrency, o.worker.MaxAttempts, o.queue.MaxAttempts = 1, 10, 10
		o.worker.Tools, o.worker.ToolCalls = once.Callers{HTTP: s}, 40
		o.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(q *http.Request) (*http.Response, error) {
				if p := s.now.Load(); p != nil {
					return p.wire(next, q)
				}
				return next.RoundTrip(q)
			})
		}
	})
	s.stop()
	return s
}

// Call implements call.Caller: the shop, as the process reaches it that is alive.
func (s *takenThrough) Call(_ context.Context, r call.Request) (o call.Outcome, err error) {
	err = s.now.Load().call("tool", io.ErrUnexpectedEOF, func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		o.OK, o.Status = true, 200
		if !r.Tool.Risk.Writes() {
			o.Result = map[string]any{"found": true, "status": "delivered"}
			return nil
		}
		o.Result = map[string]any{"number": "R-77"}
		if !s.keys[r.Key] {
			s.keys[r.Key] = true
			written, err := json.Marshal(r.Arguments)
			s.writes = append(s.writes, r.Tool.Name+" "+string(written))
			return err
		}
		return nil
	})
	return o, err
}

func (s *takenThrough) begin(p *process) (end func()) {
	s.now.Store(p)
	o := s.options
	o.Engine, o.Peers = journalled{p}, s.peers(s.responder, outage.Options{})
	runtime := *s.runtime
	o.Bots = bots.NewRegistry(&runtime)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- worker.New(o).Run(ctx) }()
	return func() {
		s.t.Helper()
		stop()
		if err := <-done; err != nil {
			s.t.Errorf("the worker ended with %v", err)
		}
	}
}

// serve takes a customer through a return, by a process that dies at a point and by another from there on. It gives the first one's calls.
func (s *takenThrough) serve(at point) []string {
	s.t.Helper()
	s.mu.Lock()
	s.writes = nil
	s.mu.Unlock()
	victim := newProcess(s.engine, killed, at)
	end := s.begin(victim)
	defer func() { end() }()
	var c tania.ConversationID
	for _, text := range []string{"quiero devolver el pedido 1042 porque no es mi talla", "no, el pedido era 1043", "sí, por favor"} {
		c = s.write(c, text)
		for first := true; first || !s.idleNow(); first = false {
			select {
			case <-victim.struck:
				if s.now.Load() == victim {
					end()
					end = s.begin(newProcess(s.engine, killed, point{call: "none"}))
				}
			default:
			}
			s.pause()
		}
	}
	select {
	case <-victim.struck:
	default:
		if at.call != "none" {
			s.t.Fatalf("%s was not reached", at)
		}
	}
	s.right(c, at)
	return victim.calls
}

func (s *takenThrough) idleNow() bool {
	s.t.Helper()
	settled := s.sim.Settled()
	stats, err := s.engine.Stats(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return settled && stats.Messages > 0 && stats.Waiting+stats.Active+stats.Delayed == 0
}

// right holds what has to be at the end, whatever died: one return, of the order as corrected, and a customer who was told so once.
func (s *takenThrough) right(c tania.ConversationID, at point) {
	s.t.Helper()
	if got := strings.Join(s.writes, "; "); got != `create_return {"order_id":"1043","reason":"size"}` {
		s.t.Errorf("%s: the shop was told %s", at, got)
	}
	said := s.said(c)
	if len(said) != 3 || !strings.Contains(said[0], "- Pedido: 1042") || !strings.Contains(said[1], "- Pedido: 1043") ||
		!strings.Contains(said[2], "tu devolución es la R-77") {
		s.t.Errorf("%s: the customer was told %q", at, said)
	}
	p := s.memory(c).Procedure
	if p == nil || p.End != tania.ProcedureAnswered || p.Slot("order").Value != "1043" || len(p.Results) != 1 {
		s.t.Errorf("%s: remembered %+v", at, p)
	}
}

// everywhere kills a process at each of its calls, before and after its effect, or at some of them.
func (s *takenThrough) everywhere(every int) {
	s.t.Helper()
	calls := s.serve(point{call: "none"})
	calls = calls[:1+slices.Index(calls, "complete 3")]
	// A renewal comes when its time has come, which is not in every run.
	calls = slices.DeleteFunc(calls, func(name string) bool { return strings.HasPrefix(name, "renew") })
	for n := 0; n < 2*len(calls) && !s.t.Failed(); n += every {
		s.serve(point{calls[n/2], n%2 == 1})
	}
}

// TestAProcedureGoesOnThroughAnyCrash, in a file and in Redis: nothing is asked twice, forgotten or done twice.
func TestAProcedureGoesOnThroughAnyCrash(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newTakenThrough(t, patiently)
			s.pause = func() {
				time.Sleep(time.Second) // the bubble's clock
				synctest.Wait()
			}
			s.everywhere(testsize.Of(1, 9))
		})
	})
	t.Run("redis", func(t *testing.T) {
		o := queue.Options{Debounce: 5 * time.Millisecond, DebounceMax: 20 * time.Millisecond, Lease: 300 * time.Millisecond, MaxAttempts: 10}
		engine := enginetest.Redis(t, redistest.Start(t), o)
		s := newTakenThrough(t, func(of *settings) {
			of.engine, of.queue = engine, o
			of.worker.Lease, of.worker.RetryDelay = o.Lease, 10*time.Millisecond
		})
		tick := time.NewTicker(3 * time.Millisecond)
		defer tick.Stop()
		s.pause = func() { <-tick.C }
		s.everywhere(testsize.Of(5, 17))
	})
}
