package worker_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
)

// dots are what the customer saw of the bot, in order: its dots on and off, and "said" for each message.
func (r *rig) dots() (seen []string) {
	for _, call := range r.sim.Calls() {
		switch {
		case strings.HasSuffix(call.Path, "/toggle_typing_status") && strings.Contains(string(call.Body), `on"`):
			seen = append(seen, "on")
		case strings.HasSuffix(call.Path, "/toggle_typing_status"):
			seen = append(seen, "off")
		case strings.HasSuffix(call.Path, "/messages") && call.Method == http.MethodPost && !strings.Contains(string(call.Body), `"private":true`):
			seen = append(seen, "said")
		}
	}
	return seen
}

// thinking is a model that takes a second of the bubble's time, in which the dots get on.
func thinking(m model) model {
	return func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		time.Sleep(time.Second)
		return m(ctx, p)
	}
}

// slowly are the settings of a bubble in which the dots are renewed once an hour, and a message is two seconds on its way.
func slowly(s *settings) {
	patiently(s)
	s.worker.TypingInterval = time.Hour
	s.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(q *http.Request) (*http.Response, error) {
			if posts("/messages")(q) {
				time.Sleep(2 * time.Second) // the bubble's clock
			}
			return next.RoundTrip(q)
		})
	}
}

// TestTheDotsStayOnWhileTheTurnWaitsForTheModel, and go off when it is answered.
func TestTheDotsStayOnWhileTheTurnWaitsForTheModel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		r := newRig(t, thinking(answering(func() bool { return time.Since(began) < 4*time.Second })), slowly)
		defer r.stop()
		c := r.write(0, "quiero saber el precio del pastel q1-1")
		r.idle(time.Hour)
		r.stop()
		r.wantSaid(c, "respuesta a q1-1")
		seen := r.dots()
		if n := len(seen); n < 4 || slices.Contains(seen[:n-1], "off") || seen[n-2] != "said" || seen[n-1] != "off" {
			t.Errorf("the customer saw %v, want the dots on until the answer", seen)
		}
	})
}

// TestATurnThatWaitsForTheModelShowsThatItDoes, each time that it comes back and finds the model still away; nothing is decided anew then.
func TestATurnThatWaitsForTheModelShowsThatItDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, seen := time.Now(), &witness{}
		r := newRig(t, thinking(answering(func() bool { return time.Since(began) < 40*time.Second })), func(s *settings) {
			slowly(s)
			s.worker.Observer = seen
		})
		defer r.stop()
		c := r.write(0, "quiero saber el precio del pastel q1-1")
		r.idle(time.Hour)
		r.stop()
		r.wantSaid(c, "respuesta a q1-1")
		on, decided, attempts := 0, 0, len(seen.attempts)
		for _, what := range r.dots() {
			if what == "on" {
				on++
			}
		}
		for _, step := range seen.steps {
			if step == "govern" {
				decided++
			}
		}
		if attempts < 4 || on != attempts || decided != 2 {
			t.Errorf("%d attempts, dots on %d times, decided %d times; want dots with each, and decisions at the first and the last",
				attempts, on, decided)
		}
	})
}

// TestTheDotsGoOffWhenTheAttemptFails: who is apologised to sees nobody at work meanwhile.
func TestTheDotsGoOffWhenTheAttemptFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, thinking(func(context.Context, llm.Prompt) (llm.Response, error) {
			return llm.Response{}, errors.New("what no waiting helps")
		}), func(s *settings) {
			slowly(s)
			s.worker.MaxAttempts = 1
		})
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		r.stop()
		r.wantSaid(c, r.spanish(r.bot.Apology))
		if seen, want := r.dots(), []string{"on", "off", "said"}; !slices.Equal(seen, want) {
			t.Errorf("the customer saw %v, want %v", seen, want)
		}
	})
}

// TestTheDotsGoOffWhileTheTurnWaitsForChatwoot, which takes no reply for a time: nobody is at work meanwhile.
func TestTheDotsGoOffWhileTheTurnWaitsForChatwoot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var refused atomic.Bool
		r := newRig(t, thinking(says("350 pesos")), func(s *settings) {
			slowly(s)
			through := s.transport
			s.transport = func(r *rig, next http.RoundTripper) http.RoundTripper {
				next = through(r, next)
				return roundTrip(func(q *http.Request) (*http.Response, error) {
					if posts("/messages")(q) && !refused.Swap(true) {
						return page(q, http.StatusBadGateway), nil
					}
					return next.RoundTrip(q)
				})
			}
		})
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		r.stop()
		r.wantSaid(c, "350 pesos")
		if seen := r.dots(); len(seen) < 2 || !slices.Equal(seen[:2], []string{"on", "off"}) || seen[len(seen)-1] == "on" {
			t.Errorf("the customer saw %v, want the dots off when the reply does not get through", seen)
		}
	})
}

// TestTheDotsStayOnWhileATurnStartsOver: the message was changed right before the answer would have left.
func TestTheDotsStayOnWhileATurnStartsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		r := newRig(t, thinking(echoes(&asked)), func(s *settings) {
			slowly(s)
			s.transport = before(looksAt, func(r *rig) { r.edits(r.sim.Messages(1)[0].ID, thursday, true) })
		})
		id := r.sends(chatwootsim.CustomerMessage{Text: tuesday})
		r.idle(time.Hour)
		r.stop()
		c := r.sim.Conversations()[0].ID
		r.wantSaid(c, "Queda para el jueves.")
		if d := r.recordOf(c, id); d.Restarts != 1 {
			t.Errorf("%d restarts, want one", d.Restarts)
		}
		if seen, want := r.dots(), []string{"on", "said", "off"}; !slices.Equal(seen, want) {
			t.Errorf("the customer saw %v, want %v", seen, want)
		}
	})
}
