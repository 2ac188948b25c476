package worker_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// TestPostWhoseFateIsUnknown has Chatwoot save the reply and fail to say so.
func TestPostWhoseFateIsUnknown(t *testing.T) {
	for name, fault := range map[string]chatwootsim.Fault{
		"500 after saving":                {Kind: chatwootsim.FaultStatus, Status: 500, Saved: true, Count: 1, Method: "POST", Path: "/messages"},
		"422 after saving":                {Kind: chatwootsim.FaultStatus, Status: 422, Saved: true, Count: 1, Method: "POST", Path: "/messages"},
		"connection dropped after saving": {Kind: chatwootsim.FaultDrop, Saved: true, Count: 1, Method: "POST", Path: "/messages"},
		"422 before saving":               {Kind: chatwootsim.FaultStatus, Status: 422, Count: 1, Method: "POST", Path: "/messages"},
		"dropped before saving":           {Kind: chatwootsim.FaultDrop, Count: 1, Method: "POST", Path: "/messages"},
		"429":                             {Kind: chatwootsim.FaultStatus, Status: 429, Count: 1, Method: "POST", Path: "/messages"},
		"502":                             {Kind: chatwootsim.FaultStatus, Status: 502, Count: 1, Method: "POST", Path: "/messages"},
	} {
		for mode, user := range map[string]bool{"bot token": false, "user token": true} {
			t.Run(name+", "+mode, func(t *testing.T) {
				r := newRig(t, says("una vez"), func(s *settings) {
					if user {
						accountMode(s)
					}
				})
				r.inject(fault)
				c := r.write(0, questions(1))
				r.until("the answer", func() bool { return len(r.said(c)) > 0 })
				r.ended()
				r.wantSaid(c, "una vez")
				if d := r.record(c); d.Outcome != tania.OutcomeAnswered {
					t.Errorf("record %+v, want answered", d)
				}
			})
		}
	}
}

// roundTrip is a transport.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestCustomerWhoWritesBeforeTheLook has the reply's answer and its echo lost, and the customer write more before a look: a bot's
// token is shown that last message alone.
func TestCustomerWhoWritesBeforeTheLook(t *testing.T) {
	for name, x := range map[string]struct{ saved, again bool }{
		"the reply was saved":                       {saved: true},
		"the reply was not saved":                   {},
		"the reply was saved, in an attempt before": {saved: true, again: true},
		"it was not saved, in an attempt before":    {again: true},
	} {
		t.Run(name, func(t *testing.T) {
			var ahead, calls atomic.Int64
			r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
				return llm.Response{Text: fmt.Sprint("respuesta ", calls.Add(1)), Known: true}, nil
			}, func(s *settings) {
				s.sim.Clock = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
				s.transport = func(r *rig, next http.RoundTripper) http.RoundTripper {
					var posts, looks atomic.Int64
					return roundTrip(func(q *http.Request) (*http.Response, error) {
						post := q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, "/messages")
						switch {
						case post && posts.Add(1) == 1:
						case x.again && q.Method == http.MethodGet && posts.Load() == 1 && looks.Add(1) == 1:
							return nil, io.ErrUnexpectedEOF
						default:
							return next.RoundTrip(q)
						}
						if x.saved {
							r.inject(chatwootsim.Fault{Kind: chatwootsim.FaultWebhookDrop, Event: "message_created", Count: 1})
							answer, err := next.RoundTrip(q)
							if err != nil {
								return nil, err
							}
							_ = answer.Body.Close()
						}
						ahead.Store(int64(2 * time.Second))
						r.write(1, questions(2))
						return nil, io.ErrUnexpectedEOF
					})
				}
			})
			c := r.write(0, questions(1))
			r.until("both answers", func() bool { return contains(r.said(c), "respuesta 2") })
			r.ended()
			r.wantSaid(c, "respuesta 1", "respuesta 2")
		})
	}
}

// TestAWaitThatAnAgentEndedIsNoReply: the reply does not get through, and meanwhile an agent resolves the conversation and gives it back.
// The customer waits no longer, by Chatwoot, but has read nothing.
func TestAWaitThatAnAgentEndedIsNoReply(t *testing.T) {
	var tried atomic.Bool
	r := newRig(t, says("respuesta 1"), func(s *settings) {
		s.transport = func(r *rig, next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(q *http.Request) (*http.Response, error) {
				if !posts("/messages")(q) || tried.Swap(true) {
					return next.RoundTrip(q)
				}
				for _, status := range []tania.Status{tania.StatusResolved, tania.StatusPending} {
					if err := r.sim.SetStatus(1, 7, status, time.Time{}); err != nil {
						t.Error(err)
					}
				}
				return nil, io.ErrUnexpectedEOF
			})
		}
	})
	c := r.write(0, questions(1))
	r.ended()
	if s, _ := r.sim.Conversation(c); !tried.Load() {
		t.Fatalf("nothing was sent: %+v", s)
	}
	r.wantSaid(c, "respuesta 1")
}

// TestDeadTurnIsSaidAlthoughALaterOneWas: what ended the customer's wait was not the dead letter.
func TestDeadTurnIsSaidAlthoughALaterOneWas(t *testing.T) {
	var ahead, calls atomic.Int64
	r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
		return llm.Response{Text: fmt.Sprint("respuesta ", calls.Add(1)), Known: true}, nil
	}, func(s *settings) {
		s.sim.Clock = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	})
	r.inject(chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 403, Method: "POST", Path: "/messages"})
	c := r.write(0, questions(1))
	r.ended()
	dead, err := r.engine.Dead(t.Context(), 0)
	if err != nil || len(dead) != 1 || dead[0].Checkpoint == nil {
		t.Fatalf("dead turns %+v (%v), want one that was about to say something", dead, err)
	}
	r.sim.Heal()
	if err := r.sim.SetStatus(c, 7, tania.StatusPending, time.Time{}); err != nil {
		t.Fatal(err)
	}
	r.until("the webhooks", r.sim.Settled)
	ahead.Store(int64(2 * time.Second))
	r.write(c, questions(2))
	r.until("the later answer", func() bool { return contains(r.said(c), "respuesta 2") })
	ahead.Store(int64(4 * time.Second))
	r.write(c, questions(3))
	r.until("the last answer", func() bool { return contains(r.said(c), "respuesta 3") })
	r.ended()
	if err := r.engine.RetryDead(t.Context(), dead[0].ID); err != nil {
		t.Fatal(err)
	}
	r.ended()
	r.wantSaid(c, "respuesta 2", "respuesta 3", "respuesta 1")
}

// TestWithoutALookNothingIsSaidAgain: the reply was saved, and neither the call's answer nor the echo nor a list of the messages gets
// through until the third attempt. None of them says the reply a second time.
func TestWithoutALookNothingIsSaidAgain(t *testing.T) {
	var sent, looks atomic.Int64
	r := newRig(t, says("una vez"), func(s *settings) {
		accountMode(s)
		s.transport = func(r *rig, next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(q *http.Request) (*http.Response, error) {
				switch {
				case posts("/messages")(q) && sent.Add(1) == 1:
					r.inject(chatwootsim.Fault{Kind: chatwootsim.FaultWebhookDrop, Event: "message_created", Count: 1})
					answer, err := next.RoundTrip(q)
					if err != nil {
						return nil, err
					}
					_ = answer.Body.Close()
					return nil, io.ErrUnexpectedEOF
				case q.Method == http.MethodGet && strings.HasSuffix(q.URL.Path, "/messages") && sent.Load() > 0 && looks.Add(1) <= 2:
					return replied(q, http.StatusInternalServerError, `{"error":"statement timeout"}`), nil
				}
				return next.RoundTrip(q)
			})
		}
	})
	c := r.write(0, questions(1))
	r.ended()
	r.wantSaid(c, "una vez")
	if looks.Load() < 3 || sent.Load() != 1 {
		t.Errorf("looked %d times and sent %d times, want one message and looks until one succeeds", looks.Load(), sent.Load())
	}
}

// TestAWaitThatEndedIsNoHandoffsMessage: the handoff's message does not get through, an agent resolves the conversation and gives it back,
// and the customer writes again. That their first wait is over tells nothing of the message.
func TestAWaitThatEndedIsNoHandoffsMessage(t *testing.T) {
	var ahead atomic.Int64
	var tried atomic.Bool
	r := newRig(t, says("ok"), func(s *settings) {
		s.sim.Clock = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
		s.transport = func(r *rig, next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(q *http.Request) (*http.Response, error) {
				if !posts("/messages")(q) || tried.Swap(true) {
					return next.RoundTrip(q)
				}
				for _, status := range []tania.Status{tania.StatusResolved, tania.StatusPending} {
					if err := r.sim.SetStatus(1, 7, status, time.Time{}); err != nil {
						t.Error(err)
					}
				}
				ahead.Store(int64(2 * time.Second))
				r.write(1, "quiero hablar con una persona, por favor")
				return nil, io.ErrUnexpectedEOF
			})
		}
	})
	c := r.write(0, "quiero hablar con una persona")
	r.ended()
	if said := r.said(c); !tried.Load() || len(said) == 0 || said[0] != r.spanish(r.bot.Handoff) {
		t.Errorf("the customer reads %q, want that a human comes", said)
	}
}

// interrupter is told of the steps of turns, and has something happen when the first answer is made.
type interrupter struct {
	witness
	happen func()
	once   sync.Once
}

func (i *interrupter) Step(name string, _ time.Duration) {
	if name == "answer" {
		i.once.Do(i.happen)
	}
}

// TestAMessageBetweenAnswerAndSendingIsReadFirst: the customer writes on when the model has answered already; they get one reply to both.
func TestAMessageBetweenAnswerAndSendingIsReadFirst(t *testing.T) {
	var between interrupter
	r := newRig(t, says("a las dos"), func(s *settings) { s.worker.Observer = &between })
	between.happen = func() {
		r.write(1, questions(2))
		r.until("the webhook", r.sim.Settled)
	}
	c := r.write(0, questions(1))
	r.ended()
	r.wantSaid(c, "a las dos")
	if d := r.record(c); d.Restarts != 1 || len(d.Messages) != 2 {
		t.Errorf("record %+v, want one restart and two messages", d)
	}
}
