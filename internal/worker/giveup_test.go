package worker_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/outage"
	"tania/internal/tania"
)

// failing is a model that fails for as many tries as a turn has, and meets what happens at the last of them.
func failing(atTheLast func()) model {
	var tries atomic.Int64
	return func(context.Context, llm.Prompt) (llm.Response, error) {
		switch n := tries.Add(1); {
		case n < 3:
		case n == 3:
			atTheLast()
		default:
			return llm.Response{Text: "Cuesta 350 pesos.", Known: true}, nil
		}
		return llm.Response{}, errors.New("what no waiting helps")
	}
}

// TestNobodyIsApologisedToWhomAHumanHas: a colleague took the conversation while the turn failed for the last time. It is a dead letter in
// spite of that, which stays one that may be answered however late.
func TestNobodyIsApologisedToWhomAHumanHas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r *rig
		r = newRig(t, failing(func() {
			if err := r.sim.SetStatus(r.sim.Conversations()[0].ID, 7, tania.StatusOpen, time.Time{}); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Second) // the bubble's clock: the webhook is there
		}), patiently)
		defer r.stop()
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		r.wantSaid(c)
		if d := r.record(c); d.Outcome != tania.OutcomeFailed || d.Handoff != "" {
			t.Errorf("%s with the handoff %q, want a dead letter alone", d.Outcome, d.Handoff)
		}
		if notes := r.notes(c); len(notes) != 0 {
			t.Errorf("the team is told %q", notes)
		}
		time.Sleep(3 * time.Hour)
		if err := r.sim.SetStatus(c, 7, tania.StatusPending, time.Time{}); err != nil {
			t.Fatal(err)
		}
		r.until("the webhook", r.sim.Settled)
		if err := r.engine.RetryDead(t.Context(), r.dead().ID); err != nil {
			t.Fatal(err)
		}
		r.idle(time.Hour)
		r.wantSaid(c, "Cuesta 350 pesos.")
	})
}

// TestWhatComesAfterTheApologyIsForTheHuman whom it announced, although the bot could answer again.
func TestWhatComesAfterTheApologyIsForTheHuman(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, failing(func() {}), patiently)
		defer r.stop()
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		r.write(c, questions(2))
		r.idle(time.Hour)
		r.wantSaid(c, r.spanish(r.bot.Apology))
		if d := r.record(c); d.Outcome != tania.OutcomeSilent || d.Reason != tania.HumanAssigned {
			t.Errorf("%s for %s, want silence for the human who comes", d.Outcome, d.Reason)
		}
	})
}

// TestTheApologyWaitsForChatwoot, as an answer would, and uses up no attempt by it.
func TestTheApologyWaitsForChatwoot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, failing(func() {}), func(s *settings) {
			patiently(s)
			s.transport = downFrom(1, 3*time.Minute, posts("/messages"))
		})
		defer r.stop()
		c := r.write(0, questions(1))
		time.Sleep(2 * time.Minute) // the bubble's clock
		r.wantSaid(c)
		if d := r.record(c); d.Outcome != tania.OutcomeWaiting || d.Reason != tania.ChatwootAway {
			t.Errorf("%s for %s, want a wait for Chatwoot", d.Outcome, d.Reason)
		}
		r.idle(time.Hour)
		r.wantSaid(c, r.spanish(r.bot.Apology))
		if d := r.record(c); d.Outcome != tania.OutcomeFailed || d.Handoff != tania.HandoffFailed || d.Attempt != 3 ||
			!strings.Contains(d.Error, "what no waiting helps") {
			t.Errorf("%s with the handoff %q at attempt %d by %q, want the failure that the apology is for", d.Outcome, d.Handoff, d.Attempt, d.Error)
		}
		if s, _ := r.sim.Conversation(c); s.Status != tania.StatusOpen {
			t.Errorf("the conversation is %s, want a human in it", s.Status)
		}
	})
}

// TestATurnHasNoPartInTheTroubleOfAnother that was left behind: it has its own patience.
func TestATurnHasNoPartInTheTroubleOfAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		r := newRig(t, answering(func() bool { return time.Since(began) < 20*time.Second }), patiently)
		defer r.stop()
		c := r.write(0, "quiero saber el precio del pastel q1-1")
		r.remembers(c, func(m *tania.Conversation) {
			m.Trouble = &tania.Trouble{Turn: "another", Server: outage.Model, Since: began.Add(-time.Hour), Tries: 9, GivenUp: true}
		})
		r.idle(time.Hour)
		r.wantSaid(c, "respuesta a q1-1")
		if m := r.memory(c); m.Trouble != nil {
			t.Errorf("the trouble %+v is left", m.Trouble)
		}
	})
}

// TestASilentTurnLeavesNoTrouble: it waited for the model, and a human took the conversation meanwhile.
func TestASilentTurnLeavesNoTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, answering(func() bool { return true }), patiently)
		defer r.stop()
		c := r.write(0, questions(1))
		time.Sleep(10 * time.Second) // the bubble's clock
		if m := r.memory(c); m.Trouble == nil || m.Trouble.Server != outage.Model {
			t.Fatalf("the trouble is %+v, want that with the model", m.Trouble)
		}
		if err := r.sim.SetStatus(c, 7, tania.StatusOpen, time.Time{}); err != nil {
			t.Fatal(err)
		}
		r.idle(time.Hour)
		r.wantSaid(c)
		if d, m := r.record(c), r.memory(c); d.Outcome != tania.OutcomeSilent || m.Trouble != nil {
			t.Errorf("%s for %s leaves the trouble %+v, want silence and none", d.Outcome, d.Reason, m.Trouble)
		}
	})
}

// TestATokenThatMayNotLookIsAskedOnce in ten minutes, and what is made is sent without a look.
func TestATokenThatMayNotLookIsAskedOnce(t *testing.T) {
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		synctest.Test(t, func(t *testing.T) {
			var looks atomic.Int64
			r := newRig(t, says("ok"), func(s *settings) {
				patiently(s)
				s.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
					return roundTrip(func(q *http.Request) (*http.Response, error) {
						if looksAt(q) {
							looks.Add(1)
							return replied(q, status, `{"error":"You are not authorized to do this action"}`), nil
						}
						return next.RoundTrip(q)
					})
				}
			})
			defer r.stop()
			for n := range 3 {
				c := r.write(0, questions(n))
				r.idle(time.Hour)
				r.wantSaid(c, "ok")
			}
			if n := looks.Load(); n != 1 {
				t.Errorf("%d: looked %d times within ten minutes, want once", status, n)
			}
			time.Sleep(11 * time.Minute) // the bubble's clock
			r.write(0, questions(9))
			r.idle(time.Hour)
			if n := looks.Load(); n != 2 {
				t.Errorf("%d: looked %d times, want again after ten minutes", status, n)
			}
		})
	}
}
