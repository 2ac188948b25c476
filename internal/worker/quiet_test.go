package worker_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/ledger"
	"tania/internal/tania"
	"tania/internal/tool/call"
	"tania/internal/worker"
)

const quietTime = 1500 * time.Millisecond

// repeats is a model that takes its time, and says what it was asked.
func repeats(long time.Duration, asked *atomic.Int32) model {
	return func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		asked.Add(1)
		select {
		case <-time.After(long):
		case <-ctx.Done():
			return llm.Response{}, ctx.Err()
		}
		return llm.Response{Text: "A: " + strings.ReplaceAll(p.Text, "\n", " / "), Known: true, Usage: tania.Usage{Calls: 1, Cost: 7}}, nil
	}
}

// replied gives how long after a time the conversation's bot said something first.
func (r *rig) replied(c tania.ConversationID, since time.Time) time.Duration {
	r.t.Helper()
	r.until("a reply", func() bool { return len(r.said(c)) > 0 })
	return time.Since(since)
}

// TestAnAnswerIsMadeInTheQuietTime: the customer waits for the longer of both, not for one after the other.
func TestAnAnswerIsMadeInTheQuietTime(t *testing.T) {
	for name, c := range map[string]struct {
		text        string
		model, want time.Duration
	}{
		"a model as long as the quiet time": {ask, quietTime, quietTime},
		"a faster one":                      {ask, 100 * time.Millisecond, quietTime},
		"a slower one":                      {ask, 4 * time.Second, 4 * time.Second},
		// Nobody pays for an answer to half a sentence.
		"a customer who plainly goes on": {ask + " y", quietTime, 2 * quietTime},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int32
				r := newRig(t, repeats(c.model, &asked), patiently)
				began := time.Now()
				took := r.replied(r.write(0, c.text), began)
				if over := took - c.want; over < 0 || over > 50*time.Millisecond || asked.Load() != 1 {
					t.Errorf("answered after %s by %d questions, want %s and one", took, asked.Load(), c.want)
				}
				r.idle(time.Minute)
				r.stop()
			})
		})
	}
}

// TestABurstGetsOneAnswer, also where each of its messages comes while the model thinks, and is made to wait no longer than the most.
func TestABurstGetsOneAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		every    time.Duration
		messages int
		restart  bool
		// first is how many messages the first answer is to, at the time given.
		first int
		at    time.Duration
	}{
		"five within the quiet time of each":     {time.Second, 5, true, 5, 4*time.Second + quietTime},
		"the same, answered to the end":          {time.Second, 5, false, 5, 4*time.Second + quietTime},
		"without an end":                         {time.Second, 30, false, 8, 8 * time.Second},
		"the second when the quiet time is over": {quietTime + 100*time.Millisecond, 2, false, 1, quietTime},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int32
				r := newRig(t, repeats(time.Second, &asked), func(s *settings) {
					patiently(s)
					s.worker.RestartOnNew = c.restart
				})
				began := time.Now()
				conversation := r.write(0, questions(0))
				var writing sync.WaitGroup
				writing.Go(func() {
					for n := range c.messages - 1 {
						time.Sleep(c.every)
						r.write(conversation, questions(n+1))
					}
				})
				took := r.replied(conversation, began)
				said := r.said(conversation)[0]
				if n := strings.Count(said, ask); n != c.first || took < c.at || took > c.at+100*time.Millisecond {
					t.Errorf("after %s an answer to %d messages, want %s and %d: %s", took, n, c.at, c.first, said)
				}
				writing.Wait()
				r.idle(time.Minute)
				r.stop()
				answered := strings.Join(r.said(conversation), "\n")
				for n := range c.messages {
					if strings.Count(answered+" ", questions(n)+" ")+strings.Count(answered, questions(n)+"\n") != 1 {
						t.Errorf("%q is not answered once:\n%s", questions(n), answered)
					}
				}
				counters, err := r.engine.Counters(t.Context())
				if made := len(r.said(conversation)); err != nil || counters[ledger.GivenUp] != int64(asked.Load())-int64(made) {
					t.Errorf("%d of %d answers were given up, %d left, %v", counters[ledger.GivenUp], asked.Load(), made, err)
				}
			})
		})
	}
}

// TestWhatWaitedAlreadyDoesNotWaitAgain: the quiet time runs from when the messages came.
func TestWhatWaitedAlreadyDoesNotWaitAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		r := newRig(t, repeats(time.Millisecond, &asked), patiently)
		if _, err := r.engine.Pause(t.Context(), "test"); err != nil {
			t.Fatal(err)
		}
		c := r.write(0, ask)
		time.Sleep(time.Second)
		r.until("the webhook", r.sim.Settled)
		if _, err := r.engine.Resume(t.Context(), "test"); err != nil {
			t.Fatal(err)
		}
		if took := r.replied(c, time.Now()); took < 400*time.Millisecond || took > 600*time.Millisecond {
			t.Errorf("answered after %s more, want half a second", took)
		}
		r.stop()
	})
}

// TestATurnThatWaitsLendsItsSlot: one slot is enough for many customers whose answers are there at once.
func TestATurnThatWaitsLendsItsSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		r := newRig(t, repeats(time.Millisecond, &asked), func(s *settings) {
			patiently(s)
			s.worker.Concurrency = 1
		})
		began := time.Now()
		var all []tania.ConversationID
		for n := range 20 {
			all = append(all, r.write(0, questions(n)))
		}
		for _, c := range all {
			r.replied(c, began)
		}
		if took := time.Since(began); took > 2*quietTime {
			t.Errorf("20 customers waited %s", took)
		}
		r.idle(time.Minute)
		r.stop()
	})
}

// TestOneSlotThinksForOneAtATime.
func TestOneSlotThinksForOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at, most atomic.Int32
		r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
			if n := at.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Second)
			at.Add(-1)
			return says("Sí.")(ctx, p)
		}, func(s *settings) {
			patiently(s)
			s.worker.Concurrency = 2
		})
		for n := range 10 {
			r.write(0, questions(n))
		}
		r.idle(time.Minute)
		r.stop()
		if most.Load() != 2 {
			t.Errorf("%d answers were made at once by two slots", most.Load())
		}
	})
}

// TestNothingIsDoneBeforeTheCustomerHasSaidWhatTheyWant: a look may be taken while they write, but nothing is changed.
func TestNothingIsDoneBeforeTheCustomerHasSaidWhatTheyWant(t *testing.T) {
	for name, regrets := range map[string]bool{"they do": false, "they think better of it": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				var changed time.Duration
				r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
					if strings.Contains(p.Text, "mejor no") {
						return says("De acuerdo, no lo cambio.")(ctx, p)
					}
					return wants("look", "break")(ctx, p)
				}, func(s *settings) {
					patiently(s)
					mayCall(t, s, "https://shop.test")
					s.worker.Tools.HTTP = caller(func(q call.Request) (call.Outcome, error) {
						if q.Tool.Risk.Writes() {
							changed = time.Since(began)
						}
						return call.Outcome{OK: true, Result: map[string]any{"done": q.Tool.Name}}, nil
					})
				})
				c := r.write(0, "¿Puede hacer algo con mi pedido 7?")
				if regrets {
					time.Sleep(time.Second)
					r.write(c, "perdón, mejor no")
				}
				r.replied(c, began)
				r.idle(time.Minute)
				r.stop()
				if said := r.said(c); len(said) != 1 || strings.HasPrefix(said[0], "It says") == regrets {
					t.Errorf("said %q", said)
				}
				if regrets != (changed == 0) || !regrets && changed < quietTime {
					t.Errorf("something was changed after %s; said %q", changed, r.said(c))
				}
			})
		})
	}
}

// TestAYesThatIsTakenBackInTheQuietTimeIsNone, whatever the model does.
func TestAYesThatIsTakenBackInTheQuietTimeIsNone(t *testing.T) {
	for name, more := range map[string]string{"a yes": "", "a yes and a no": "no espera, no lo canceles"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var done []string
				r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
					if strings.Contains(p.Text, "sí") {
						return wants("cancel")(ctx, p)
					}
					return wants("look", "cancel")(ctx, p)
				}, func(s *settings) {
					patiently(s)
					mayCall(t, s, "https://shop.test")
					s.worker.Tools.HTTP = caller(func(q call.Request) (call.Outcome, error) {
						done = append(done, q.Tool.Name)
						return call.Outcome{OK: true, Result: map[string]any{"done": q.Tool.Name}}, nil
					})
				})
				c := r.write(0, "¿Se puede anular el pedido 7?")
				r.idle(time.Minute)
				r.write(c, "sí")
				if more != "" {
					time.Sleep(time.Second)
					r.write(c, more)
				}
				r.idle(time.Minute)
				r.stop()
				if cancelled := slices.Contains(done, "cancel"); cancelled != (more == "") {
					t.Errorf("the shop was told %v; said %q", done, r.said(c))
				}
			})
		})
	}
}

// caller makes the calls of tools without a network.
type caller func(q call.Request) (call.Outcome, error)

// Call implements call.Caller.
func (c caller) Call(_ context.Context, q call.Request) (call.Outcome, error) { return c(q) }

// TestAHumanWhoAnswersInTheQuietTimeIsNotTalkedOver.
func TestAHumanWhoAnswersInTheQuietTimeIsNotTalkedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		r := newRig(t, repeats(100*time.Millisecond, &asked), patiently)
		c := r.write(0, ask)
		time.Sleep(time.Second)
		if _, err := r.sim.AgentReplies(c, 7, "Hola, soy Marta, yo le ayudo.", chatwootsim.ViaDashboard); err != nil {
			t.Fatal(err)
		}
		r.idle(time.Minute)
		r.stop()
		r.wantSaid(c)
		if d := r.record(c); asked.Load() != 1 || d.Reason != tania.HumanActive {
			t.Errorf("asked %d times, %s", asked.Load(), d.Reason)
		}
	})
}

// TestAProcessThatStopsInTheQuietTimeGivesTheTurnBack, and another finishes it.
func TestAProcessThatStopsInTheQuietTimeGivesTheTurnBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		r := newRig(t, repeats(100*time.Millisecond, &asked), func(s *settings) {
			patiently(s)
			s.worker.Grace = 100 * time.Millisecond
		})
		began := time.Now()
		c := r.write(0, ask)
		time.Sleep(500 * time.Millisecond)
		r.stop()
		r.wantSaid(c)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- worker.New(r.options).Run(ctx) }()
		defer func() {
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}()
		if took := r.replied(c, began); took < quietTime || took > 2*quietTime {
			t.Errorf("answered after %s", took)
		}
		if asked.Load() != 2 {
			t.Errorf("asked %d times", asked.Load())
		}
	})
}
