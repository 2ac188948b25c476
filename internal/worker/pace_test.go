package worker_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/worker"
)

// TestWhatWaitedForChatwootIsWorkedOffInRoundsThatDouble: each turn that ends well makes room for one more, so that sixty turns of a second
// each are done in ten seconds, and not in the sixteen that one more every two seconds would take.
func TestWhatWaitedForChatwootIsWorkedOffInRoundsThatDouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var last atomic.Int64
		r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
			time.Sleep(time.Second) // the bubble's clock
			last.Store(time.Now().UnixNano())
			return llm.Response{Text: "ok", Known: true}, nil
		}, func(s *settings) {
			patiently(s)
			s.worker.Concurrency = 64
			s.transport = behindProxy(func() bool { return window{0, time.Minute}.holds(began) })
		})
		defer r.stop()
		for n := range 60 {
			r.write(0, questions(n))
		}
		r.idle(time.Hour)
		back := r.chatwoot.State()
		if took := time.Unix(0, last.Load()).Sub(back.Since); back.Outages != 1 || took < 5*time.Second || took > 11*time.Second {
			t.Errorf("after %d outages worked off in %s, want one outage and five to eleven seconds", back.Outages, took)
		}
	})
}

// TestAWorkerWithoutPeersTakesThemToBeThere and asks nobody whether they are.
func TestAWorkerWithoutPeersTakesThemToBeThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, says("ok"), patiently)
		r.stop()
		o := r.options
		o.Peers = worker.Peers{}
		defer running(t, o)()
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		r.wantSaid(c, "ok")
	})
}

// running starts a worker; end stops it.
func running(t *testing.T, o worker.Options) (end func()) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- worker.New(o).Run(ctx) }()
	return func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("the worker ended with %v", err)
		}
	}
}

// TestAWorkerThatHasEndedHasSwitchedTheDotsOff, however slow Chatwoot is.
func TestAWorkerThatHasEndedHasSwitchedTheDotsOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, says("ok"), func(s *settings) {
			patiently(s)
			s.worker.TypingInterval = 4 * time.Second
			s.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(q *http.Request) (*http.Response, error) {
					if posts("/toggle_typing_status")(q) {
						time.Sleep(3 * time.Second) // the bubble's clock
					}
					return next.RoundTrip(q)
				})
			}
		})
		c := r.write(0, questions(1))
		r.until("the answer", func() bool { return len(r.said(c)) == 1 })
		r.stop()
		var dots []string
		for _, call := range r.sim.Calls() {
			if strings.HasSuffix(call.Path, "/toggle_typing_status") {
				dots = append(dots, map[bool]string{true: "on", false: "off"}[strings.Contains(string(call.Body), "on\"")])
			}
		}
		if got := fmt.Sprint(dots); got != "[on off]" {
			t.Errorf("the dots were switched %s", got)
		}
	})
}

// unsure is a queue whose claims fail now and then.
type unsure struct {
	queue.Engine
	mu   sync.Mutex
	fail int
}

func (u *unsure) failNext(n int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.fail = n
}

func (u *unsure) Claim(ctx context.Context) (*queue.Turn, error) {
	u.mu.Lock()
	fail := u.fail > 0
	if fail {
		u.fail--
	}
	u.mu.Unlock()
	if fail {
		return nil, fmt.Errorf("%w: for the test", queue.ErrUnavailable)
	}
	return u.Engine.Claim(ctx)
}

// TestClaimsThatFailAreTriedLessAndLessOften, until one succeeds: then they begin anew.
func TestClaimsThatFailAreTriedLessAndLessOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, says("ok"), patiently)
		r.stop()
		u := &unsure{Engine: r.engine, fail: 3}
		o := r.options
		o.Engine, o.Concurrency = u, 1
		began := time.Now()
		defer running(t, o)()
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		r.wantSaid(c, "ok")
		// One, two and four seconds, each less a random part of up to a half.
		if took := time.Since(began); took < 3500*time.Millisecond {
			t.Errorf("answered after %s and three claims that failed", took)
		}
		u.failNext(1) // of the claims that follow the one that waits now
		r.write(c, questions(2))
		r.idle(time.Hour)
		r.write(c, questions(3))
		r.idle(time.Hour)
		var failures []string
		for line := range strings.Lines(r.log.text()) {
			if _, n, ok := strings.Cut(line, "failures="); ok {
				failures = append(failures, strings.TrimSpace(n))
			}
		}
		if got := strings.Join(failures, " "); got != "1 2 3 1" {
			t.Errorf("the failures are counted %s, want 1 2 3 1", got)
		}
	})
}

// TestASecondCustomerWaitsForTheFirstOnesAnswerForATime: a third of what a turn has for its answer.
func TestASecondCustomerWaitsForTheFirstOnesAnswerForATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := make(chan time.Time, 4)
		r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
			asked <- time.Now()
			time.Sleep(8 * time.Second) // the bubble's clock
			return llm.Response{Text: costs, Known: true}, nil
		}, func(s *settings) {
			patiently(s)
			s.cache, s.worker.ProcessingTimeout = true, 9*time.Second
		})
		defer r.stop()
		for range 2 {
			r.write(0, asksCost)
		}
		r.idle(time.Hour)
		if len(asked) != 2 {
			t.Fatalf("the model is asked %d times, want 2", len(asked))
		}
		first, second := <-asked, <-asked
		if wait := second.Sub(first).Round(100 * time.Millisecond); wait != 3*time.Second {
			t.Errorf("the second customer's question waits %s, want 3 s", wait)
		}
	})
}

// TestASecondCustomerDoesNotWaitForAnAnswerThatIsNotKept: it is known at once that none comes.
func TestASecondCustomerDoesNotWaitForAnAnswerThatIsNotKept(t *testing.T) {
	for name, x := range map[string]struct {
		fails error
		// meanwhile is what happens to the first customer's question while the model thinks.
		meanwhile func(r *rig, id tania.MessageID)
	}{
		"the model fails":           {errors.New("what no waiting helps"), func(*rig, tania.MessageID) {}},
		"the question is corrected": {nil, func(r *rig, id tania.MessageID) { r.edits(id, "¿Cuánto cuesta el envío a Sevilla?", true) }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := make(chan time.Time, 9)
				var calls atomic.Int64
				r := newRig(t, func(_ context.Context, p llm.Prompt) (llm.Response, error) {
					if p.Text == asksCost {
						asked <- time.Now()
					}
					if calls.Add(1) > 1 {
						return llm.Response{Text: costs, Known: true}, nil
					}
					time.Sleep(4 * time.Second) // the bubble's clock
					return llm.Response{Text: costs, Known: true}, x.fails
				}, func(s *settings) {
					patiently(s)
					s.cache, s.worker.RestartOnNew, s.worker.RetryDelay = true, false, 30*time.Second
				})
				defer r.stop()
				first := r.sends(chatwootsim.CustomerMessage{Text: asksCost})
				began := <-asked
				r.write(0, asksCost)
				x.meanwhile(r, first)
				r.idle(time.Hour)
				if len(asked) == 0 {
					t.Fatal("the second customer's question was not asked")
				}
				if again := (<-asked).Sub(began).Round(100 * time.Millisecond); again != 4*time.Second {
					t.Errorf("the second customer's question is asked after %s, want 4 s", again)
				}
			})
		})
	}
}
