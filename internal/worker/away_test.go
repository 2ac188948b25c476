package worker_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/queue"
	"tania/internal/tania"
)

// TestWhatIsCertainIsSaidWithoutAModel: when the patience is over the customer gets what the FAQ or the knowledge certainly says, and
// where they say nothing, the apology and a human who reads the true cause.
func TestWhatIsCertainIsSaidWithoutAModel(t *testing.T) {
	const shipping, warranty = "Los envíos a Monterrey tardan tres días hábiles.", "La garantía de las lámparas de mesa es de dos años."
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, answering(func() bool { return true }), func(s *settings) {
			patiently(s)
			s.bot = func(b *bot.Bot) {
				b.FAQ = []bot.FAQ{{
					ID: "shipping", Questions: []string{"¿Cuánto tardan los envíos a Monterrey?"},
					Answer: bot.Text{tania.Spanish: shipping},
				}}
				b.Knowledge = []bot.Passage{{Source: "garantia.md", Title: "Garantía de las lámparas", Text: warranty}}
			}
		})
		began := time.Now()
		faq := r.write(0, "¿cuánto tardan los envíos a Monterrey?")
		known := r.write(0, "¿de cuántos años es la garantía de las lámparas de mesa?")
		unknown := r.write(0, "¿tienen pasteles de tres leches sin azúcar?")
		time.Sleep(59 * time.Second)
		for _, c := range []tania.ConversationID{faq, known, unknown} {
			r.wantSaid(c)
		}
		r.idle(time.Hour)
		if took := time.Since(began); took > 75*time.Second {
			t.Errorf("the customers waited %s, want little more than a minute", took)
		}
		r.wantSaid(faq, shipping)
		r.wantSaid(known, warranty)
		for _, c := range []tania.ConversationID{faq, known} {
			d := r.record(c)
			if s, _ := r.sim.Conversation(c); s.Status != tania.StatusPending || d.Outcome != tania.OutcomeAnswered ||
				!strings.Contains(d.Detail, "503 Service Unavailable: Loading model") {
				t.Errorf("%s after %+v, want an answer, with the cause in the record", s.Status, d)
			}
		}
		r.wantSaid(unknown, r.spanish(r.bot.Apology))
		d := r.record(unknown)
		if s, _ := r.sim.Conversation(unknown); s.Status != tania.StatusOpen || d.Outcome != tania.OutcomeHandedOver ||
			d.Handoff != tania.HandoffModelAway || d.Attempt != 1 {
			t.Errorf("%s after %+v, want a human", s.Status, d)
		}
		if notes := r.note(unknown); !strings.Contains(notes, "503 Service Unavailable: Loading model") {
			t.Errorf("the note %q does not tell what the server said", notes)
		}
		r.stop()
	})
}

// dead gives the one dead letter.
func (r *rig) dead() queue.DeadTurn {
	r.t.Helper()
	dead, err := r.engine.Dead(r.t.Context(), 0)
	if err != nil || len(dead) != 1 {
		r.t.Fatalf("%d dead turns (%v), want one", len(dead), err)
	}
	return dead[0]
}

// TestADeadTurnIsRetriedUnlessAHumanCame: the conversation is open because the bot failed in it; that alone is no human.
func TestADeadTurnIsRetriedUnlessAHumanCame(t *testing.T) {
	for name, x := range map[string]struct {
		meanwhile func(r *rig, c tania.ConversationID) error
		reason    tania.Reason
	}{
		"nobody came": {func(*rig, tania.ConversationID) error { return nil }, ""},
		"an older version buried it": {func(r *rig, c tania.ConversationID) error {
			// It noted no more of that than the handoff of the apology.
			r.remembers(c, func(m *tania.Conversation) { m.Done = nil })
			return nil
		}, ""},
		"a label was set": {func(r *rig, c tania.ConversationID) error {
			return r.sim.SetLabels(c, []string{"ventas"})
		}, ""},
		"a note was written": {func(r *rig, c tania.ConversationID) error {
			_, err := r.sim.AgentNote(c, 7, "¿quién lo atiende?")
			return err
		}, ""},
		"a human answered": {func(r *rig, c tania.ConversationID) error {
			_, err := r.sim.AgentReplies(c, 7, "Cuesta 350.", chatwootsim.ViaDashboard)
			return err
		}, tania.HumanActive},
		"a human answered long ago": {func(r *rig, c tania.ConversationID) error {
			_, err := r.sim.AgentReplies(c, 7, "Cuesta 350.", chatwootsim.ViaDashboard)
			time.Sleep(24 * time.Hour)
			return err
		}, tania.HumanAssigned},
		"a human has it": {func(r *rig, c tania.ConversationID) error { return r.sim.AssignAgent(c, 7, 7) }, tania.HumanAssigned},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var works atomic.Bool
				r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
					if !works.Load() {
						return llm.Response{}, errors.New("what no waiting helps")
					}
					return llm.Response{Text: "Cuesta 350 pesos.", Known: true}, nil
				}, patiently)
				c := r.write(0, questions(1))
				r.idle(time.Hour)
				r.wantSaid(c, r.spanish(r.bot.Apology))
				if err := x.meanwhile(r, c); err != nil {
					t.Fatal(err)
				}
				r.idle(time.Hour)
				before := r.said(c)
				works.Store(true)
				if err := r.engine.RetryDead(t.Context(), r.dead().ID); err != nil {
					t.Fatal(err)
				}
				r.idle(time.Hour)
				d := r.record(c)
				if x.reason != "" {
					r.wantSaid(c, before...)
					if d.Outcome != tania.OutcomeSilent || d.Reason != x.reason {
						t.Errorf("%s for %s (%s), want silence for %s", d.Outcome, d.Reason, d.Detail, x.reason)
					}
				} else {
					r.wantSaid(c, append(before, "Cuesta 350 pesos.")...)
					if d.Outcome != tania.OutcomeAnswered {
						t.Errorf("%s for %s (%s), want an answer", d.Outcome, d.Reason, d.Detail)
					}
				}
				r.stop()
			})
		})
	}
}

// TestASuccessThatIsNoMessageIsLookedUp: a 200 whose body is no message tells nothing of the message's fate. Where it was saved it is not
// said again, else it is.
func TestASuccessThatIsNoMessageIsLookedUp(t *testing.T) {
	for name, body := range map[string]string{
		"an empty body": "", "no id": `{"content":"una vez"}`, "another page": "<!DOCTYPE html><title>Welcome</title>",
		"an id that is no number": `{"id":"queued"}`,
	} {
		for mode, user := range map[string]bool{"bot's token": false, "user's token": true} {
			for fate, saved := range map[string]bool{"saved": true, "not saved": false} {
				t.Run(strings.Join([]string{name, mode, fate}, ", "), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						var swapped atomic.Int64
						r := newRig(t, says("una vez"), func(s *settings) {
							patiently(s)
							if user {
								accountMode(s)
							}
							s.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
								return roundTrip(func(q *http.Request) (*http.Response, error) {
									if !posts("/messages")(q) || swapped.Add(1) != 1 {
										return next.RoundTrip(q)
									}
									if saved {
										answer, err := next.RoundTrip(q)
										if err != nil {
											return nil, err
										}
										_ = answer.Body.Close()
									}
									return with(q, body), nil
								})
							}
						})
						c := r.write(0, questions(1))
						r.idle(time.Hour)
						r.wantSaid(c, "una vez")
						if d := r.record(c); d.Outcome != tania.OutcomeAnswered || d.Attempt != 1 {
							t.Errorf("%s at attempt %d (%s), want an answer at the first", d.Outcome, d.Attempt, d.Error)
						}
						if n := swapped.Load(); saved && n != 1 || !saved && n != 2 {
							t.Errorf("%d messages were posted", n)
						}
						r.stop()
					})
				})
			}
		}
	}
}

// with answers a call with 200 and a body, of the type that it is.
func with(q *http.Request, body string) *http.Response { return replied(q, http.StatusOK, body) }

// replied answers a call with a status and a body, of the type that it is.
func replied(q *http.Request, status int, body string) *http.Response {
	a := page(q, status)
	if json.Valid([]byte(body)) {
		a.Header.Set("Content-Type", "application/json")
	}
	a.Body = io.NopCloser(strings.NewReader(body))
	return a
}
