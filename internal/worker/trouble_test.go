package worker_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
	"tania/internal/worker"
)

// looksAt reports whether a call looks at a conversation.
func looksAt(q *http.Request) bool {
	return q.Method == http.MethodGet && strings.Contains(q.URL.Path, "/conversations/") && !strings.HasSuffix(q.URL.Path, "/messages")
}

// TestAWaitForTheModelIsRecordedOnce: however often it is tried meanwhile, the customer's message waits for one reason.
func TestAWaitForTheModelIsRecordedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		r := newRig(t, answering(func() bool { return time.Since(began) < 40*time.Second }), patiently)
		defer r.stop()
		c := r.write(0, "quiero saber el precio del pastel q1-1")
		time.Sleep(20 * time.Second) // the bubble's clock
		if d := r.record(c); d.Outcome != tania.OutcomeWaiting || d.Reason != tania.ModelAway || d.Attempt != 1 {
			t.Errorf("after 20 s: %s for %s at attempt %d, want a wait for the model", d.Outcome, d.Reason, d.Attempt)
		}
		r.idle(time.Hour)
		r.wantSaid(c, "respuesta a q1-1")
		if s := r.worker.Stats(); s.Deferred != 1 || s.Retried != 0 {
			t.Errorf("%d waits and %d retries are counted, want one wait", s.Deferred, s.Retried)
		}
	})
}

// TestThePatienceWithTheModelBeginsWithItsOutage: a turn that Chatwoot kept waiting before has waited for no model.
func TestThePatienceWithTheModelBeginsWithItsOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		r := newRig(t, answering(func() bool { return window{50 * time.Second, 40 * time.Second}.holds(began) }), func(s *settings) {
			patiently(s)
			s.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(q *http.Request) (*http.Response, error) {
					if looksAt(q) && time.Since(began) < 50*time.Second {
						return page(q, http.StatusBadGateway), nil
					}
					return next.RoundTrip(q)
				})
			}
		})
		defer r.stop()
		c := r.write(0, "quiero saber el precio del pastel q1-1")
		r.idle(time.Hour)
		r.wantSaid(c, "respuesta a q1-1")
		if d := r.record(c); d.Outcome != tania.OutcomeAnswered || time.Since(began) < 90*time.Second {
			t.Errorf("%s for %s after %s, want the answer when the model is back", d.Outcome, d.Handoff, time.Since(began))
		}
	})
}

// TestWhatTheSecondLookFindsDecides has Chatwoot answer a reply that there is no such conversation.
func TestWhatTheSecondLookFindsDecides(t *testing.T) {
	for name, x := range map[string]struct {
		look    int
		attempt int
	}{
		"it is there":      {look: 0, attempt: 2},
		"Chatwoot is away": {look: http.StatusServiceUnavailable, attempt: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var refused, looked atomic.Bool
				r := newRig(t, says("al fin"), func(s *settings) {
					patiently(s)
					s.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
						return roundTrip(func(q *http.Request) (*http.Response, error) {
							switch {
							case posts("/messages")(q) && !refused.Swap(true):
								return replied(q, http.StatusNotFound, `{"error":"Resource could not be found"}`), nil
							case looksAt(q) && x.look != 0 && refused.Load() && !looked.Swap(true):
								return page(q, x.look), nil
							}
							return next.RoundTrip(q)
						})
					}
				})
				defer r.stop()
				c := r.write(0, questions(1))
				r.idle(time.Hour)
				r.wantSaid(c, "al fin")
				if d := r.record(c); d.Outcome != tania.OutcomeAnswered || d.Attempt != x.attempt {
					t.Errorf("%s at attempt %d, want an answer at attempt %d", d.Outcome, d.Attempt, x.attempt)
				}
			})
		})
	}
}

// TestTheFirstWordCountsWhereNoLookIsAllowed: a token that may not look learns of a deleted conversation from its reply alone.
func TestTheFirstWordCountsWhereNoLookIsAllowed(t *testing.T) {
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, says("ok"), func(s *settings) {
				patiently(s)
				s.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
					return roundTrip(func(q *http.Request) (*http.Response, error) {
						switch {
						case posts("/messages")(q):
							return replied(q, http.StatusNotFound, `{"error":"Resource could not be found"}`), nil
						case looksAt(q):
							return replied(q, status, `{"error":"You are not authorized to do this action"}`), nil
						}
						return next.RoundTrip(q)
					})
				}
			})
			defer r.stop()
			c := r.write(0, questions(1))
			r.idle(time.Hour)
			if d := r.record(c); d.Outcome != tania.OutcomeSilent || d.Reason != tania.Deleted || d.Attempt != 1 {
				t.Errorf("%d: %s for %s at attempt %d, want silence in a deleted conversation", status, d.Outcome, d.Reason, d.Attempt)
			}
		})
	}
}

// TestNobodyIsApologisedToInAConversationThatIsGone: it was deleted while the turn failed for the last time.
func TestNobodyIsApologisedToInAConversationThatIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries atomic.Int64
		var r *rig
		r = newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
			if tries.Add(1) == 3 {
				r.inject(chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: http.StatusNotFound})
			}
			return llm.Response{}, errors.New("what no waiting helps")
		}, patiently)
		defer r.stop()
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		if d := r.record(c); d.Outcome != tania.OutcomeSilent || d.Reason != tania.Deleted || d.Error != "" {
			t.Errorf("%s for %s (%s), want silence in a deleted conversation", d.Outcome, d.Reason, d.Error)
		}
		if s, err := r.engine.Stats(t.Context()); err != nil || s.Failed != 0 {
			t.Errorf("%d dead letters (%v), want none", s.Failed, err)
		}
		r.wantSaid(c)
	})
}

// TestTheApologyIsInTheCustomersLanguage: the turn ends with a panic, before anything of it was noted.
func TestTheApologyIsInTheCustomersLanguage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) { panic("model") }, patiently)
		defer r.stop()
		c := r.write(0, "how much is the chocolate cake that you had yesterday?")
		r.idle(time.Hour)
		r.wantSaid(c, r.bot.Apology.In(tania.English, tania.Spanish))
	})
}

// TestTheWaitBetweenTwoTriesDoubles begins with a second, of which up to a half is left to chance, and ends with a minute.
func TestTheWaitBetweenTwoTriesDoubles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var tries []time.Time
		r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			tries = append(tries, time.Now())
			return llm.Response{}, errors.New("what no waiting helps")
		}, func(s *settings) {
			patiently(s)
			s.worker.MaxAttempts = 9
		})
		defer r.stop()
		r.write(0, questions(1))
		r.idle(time.Hour)
		if len(tries) != 9 {
			t.Fatalf("tried %d times, want 9", len(tries))
		}
		for n := range len(tries) - 1 {
			most := min(time.Second<<n, time.Minute)
			if wait := tries[n+1].Sub(tries[n]).Round(10 * time.Millisecond); wait < most/2 || wait > most {
				t.Errorf("wait %d is %s, want %s to %s", n+1, wait, most/2, most)
			}
		}
	})
}

// TestAStoreThatRefusesIsLogged: nothing else tells of it, for the turn goes on without.
func TestAStoreThatRefusesIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		r := newRig(t, answering(func() bool { return time.Since(began) < 20*time.Second }), patiently)
		r.stop()
		c := r.write(0, "quiero saber el precio del pastel q1-1")
		o := r.options
		o.Engine = newProcess(r.engine, failed, point{call: "note 1"})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- worker.New(o).Run(ctx) }()
		r.idle(time.Hour)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		r.wantSaid(c, "respuesta a q1-1")
		if log := r.log.text(); !strings.Contains(log, `op="remember trouble"`) {
			t.Errorf("the log does not tell what the store refused:\n%s", log)
		}
	})
}

// TestATurnWhoseTroubleOthersDoNotShareIsNoOutage: Chatwoot fails at the reply to one customer while it takes those to others. The turn
// waits as often as it may be tried, then it fails, long before an outage would be given up; so does its apology.
func TestATurnWhoseTroubleOthersDoNotShareIsNoOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, says("350 pesos"), func(s *settings) {
			patiently(s)
			s.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(q *http.Request) (*http.Response, error) {
					if posts("/conversations/1/messages")(q) {
						return page(q, http.StatusBadGateway), nil
					}
					return next.RoundTrip(q)
				})
			}
		})
		defer r.stop()
		c := r.write(0, questions(0))
		if c != 1 {
			t.Fatalf("the first conversation is %d", c)
		}
		for n := range 150 {
			time.Sleep(300 * time.Millisecond) // the bubble's clock
			r.write(0, questions(n))
		}
		if d := r.record(c); d.Outcome != tania.OutcomeFailed || d.Attempt != 3 {
			t.Errorf("after 45 s: %s at attempt %d, want a failure at the third", d.Outcome, d.Attempt)
		}
		r.idle(time.Hour)
		if n := r.worker.Stats().Deferred; n != 3+3 {
			t.Errorf("%d waits, want 3 with the reply and 3 with the apology", n)
		}
	})
}

// TestNobodyWaitsForLongerThanAMinuteBecauseChatwootSaysSo: it asks for ten.
func TestNobodyWaitsForLongerThanAMinuteBecauseChatwootSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var refused time.Time
		r := newRig(t, says("350 pesos"), func(s *settings) {
			patiently(s)
			s.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(q *http.Request) (*http.Response, error) {
					if !posts("/messages")(q) || !refused.IsZero() {
						return next.RoundTrip(q)
					}
					refused = time.Now()
					answer := replied(q, http.StatusTooManyRequests, `{"error":"Rate limit"}`)
					answer.Header.Set("Retry-After", "600")
					return answer, nil
				})
			}
		})
		defer r.stop()
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		r.stop()
		r.wantSaid(c, "350 pesos")
		if waited := r.record(c).At.Sub(refused).Round(time.Second); waited != time.Minute {
			t.Errorf("answered %s after Chatwoot refused, want a minute", waited)
		}
	})
}
