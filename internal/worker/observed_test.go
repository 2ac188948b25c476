package worker_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// witness follows turns and is told of their steps.
type witness struct {
	tania.Untraced
	mu       sync.Mutex
	steps    []string
	attempts []tania.Attempt
	// ended are what the spans of turns ended with.
	ended []map[string]string
	// waited is how long the first messages of turns are said to have waited.
	waited []time.Duration
}

func (w *witness) Step(name string, _ time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.steps = append(w.steps, name)
}

func (w *witness) Attempt(a tania.Attempt) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.attempts = append(w.attempts, a)
}

func (w *witness) Turn(ctx context.Context, _ []string, _ ...slog.Attr) (context.Context, tania.EndSpan) {
	return ctx, func(_ error, attrs ...slog.Attr) {
		w.mu.Lock()
		defer w.mu.Unlock()
		said := map[string]string{}
		for _, a := range attrs {
			said[a.Key] = a.Value.String()
		}
		w.ended = append(w.ended, said)
	}
}

func (w *witness) Waited(_ context.Context, _ string, since time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waited = append(w.waited, time.Since(since))
}

// TestATurnTellsWhatItDid: its steps stand in the record and are observed, its span ends with the decision.
func TestATurnTellsWhatItDid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &witness{}
		r := newRig(t, says("350 pesos"), func(s *settings) {
			heldBack(s)
			s.worker.Observer, s.worker.Tracer = w, w
		})
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		r.stop()
		want := []string{"govern", "dispatch", "answer", "fence", "send"}
		var recorded []string
		for _, step := range r.record(c).Steps {
			recorded = append(recorded, step.Name)
		}
		if !slices.Equal(recorded, want) || !slices.Equal(w.steps, want) {
			t.Errorf("the record has the steps %v, observed are %v, want %v", recorded, w.steps, want)
		}
		if len(w.ended) != 1 || w.ended[0]["tania.outcome"] != "answered" || w.ended[0]["tania.route"] != "model" {
			t.Errorf("the spans of turns ended with %v, want one that was answered by the model", w.ended)
		}
		if len(w.attempts) != 1 || w.attempts[0].End != tania.OutcomeAnswered || w.attempts[0].Messages != 1 {
			t.Errorf("attempts %+v, want one that answered one message", w.attempts)
		}
		// The burst's quiet is the customer's wait, though not the turn's: it was not due before.
		if len(w.waited) != 1 || w.waited[0] < 1500*time.Millisecond || w.attempts[0].Latency < 1500*time.Millisecond ||
			w.attempts[0].Waited > time.Second {
			t.Errorf("waited %v, attempt %+v, want a customer who waited for the debounce of 1.5 s and a turn that did not", w.waited, w.attempts)
		}
	})
}

// TestALaterAttemptHasWaitedSinceItWasDue: what was before is the earlier one's.
func TestALaterAttemptHasWaitedSinceItWasDue(t *testing.T) {
	for name, failure := range map[string]error{"after a failure": errors.New("what no waiting helps"), "after a wait": errLoading} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &witness{}
				began := time.Now()
				r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
					if time.Since(began) < 2*time.Second {
						return llm.Response{}, failure
					}
					return llm.Response{Text: "350", Known: true}, nil
				}, func(s *settings) {
					heldBack(s)
					s.worker.Observer, s.worker.Tracer = w, w
				})
				c := r.write(0, questions(1))
				r.idle(time.Hour)
				r.stop()
				r.wantSaid(c, "350")
				if len(w.waited) < 2 || w.waited[0] < 1500*time.Millisecond || w.waited[1] > time.Second {
					t.Errorf("the attempts waited %v, want the debounce of 1.5 s first, and nothing of it again", w.waited)
				}
			})
		})
	}
}

// TestWhatCouldNotBeCheckedStandsInTheRecord: the look before the sending fails as an old Chatwoot's does, which withholds no answer.
func TestWhatCouldNotBeCheckedStandsInTheRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, says("350 pesos"), func(s *settings) {
			patiently(s)
			s.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(q *http.Request) (*http.Response, error) {
					if looksAt(q) {
						return page(q, http.StatusInternalServerError), nil
					}
					return next.RoundTrip(q)
				})
			}
		})
		defer r.stop()
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		r.wantSaid(c, "350 pesos")
		if d := r.record(c); !strings.Contains(strings.Join(d.Unchecked, "; "), "500") {
			t.Errorf("unchecked: %q, want the look that failed", d.Unchecked)
		}
	})
}

// TestTheCustomersLanguageIsRemembered: what has no language of its own is answered in that of the message before.
func TestTheCustomersLanguageIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, says("350"), patiently)
		defer r.stop()
		c := r.write(0, "how much is the chocolate cake that you had yesterday?")
		r.idle(time.Hour)
		r.write(c, "X-200 B5")
		r.idle(time.Hour)
		if d := r.record(c); d.Content != "X-200 B5" || d.Language != tania.English {
			t.Errorf("%q is taken to be %q, want the customer's %q", d.Content, d.Language, tania.English)
		}
	})
}

// TestTaniaLearnsWhichBotSheIs from what Chatwoot answers to her message; as a user she is no bot.
func TestTaniaLearnsWhichBotSheIs(t *testing.T) {
	for name, user := range map[string]bool{"bot's token": false, "user's token": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, says("350"), func(s *settings) {
					patiently(s)
					if user {
						accountMode(s)
					}
				})
				defer r.stop()
				c := r.write(0, questions(1))
				r.until("the webhook", r.sim.Settled)
				r.inject(chatwootsim.Fault{Kind: chatwootsim.FaultWebhookDrop}) // an echo would tell too
				r.idle(time.Hour)
				r.wantSaid(c, "350")
				if known := r.runtime.Governor.Self.Known(); known == user {
					t.Errorf("she knows which bot she is: %v", known)
				}
			})
		})
	}
}
