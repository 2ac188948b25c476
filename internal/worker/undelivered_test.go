package worker_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
	"tania/internal/testsize"
)

// The words of WhatsApp's network for what passes and what does not.
const (
	tooFast  = "130429: Rate limit hit"
	nobody   = "131026: Message undeliverable"
	tooLong  = "131047: Re-engagement message"
	thePrice = "Cuesta 380 pesos."
)

func onWhatsApp(s *settings) {
	patiently(s)
	s.sim.Inboxes = []chatwootsim.Inbox{{ID: 11, Name: "WhatsApp", Channel: tania.ChannelWhatsApp, ActiveBot: true}}
}

// answered is a rig on WhatsApp whose bot has just answered in a conversation.
func answered(t *testing.T) (*rig, tania.ConversationID) {
	t.Helper()
	r := newRig(t, says(thePrice), onWhatsApp)
	c := r.write(0, questions(1))
	r.idle(time.Hour)
	r.wantSaid(c, thePrice)
	return r, c
}

// fails has the network refuse the bot's newest message, as it is told in a webhook.
func (r *rig) fails(c tania.ConversationID, why string) tania.MessageID {
	r.t.Helper()
	all := r.sim.BotMessages(c)
	id := all[len(all)-1].ID
	if _, err := r.sim.SetDelivery(id, "failed", why); err != nil {
		r.t.Fatal(err)
	}
	return id
}

func (r *rig) counted() []tania.UndeliveredCount {
	r.t.Helper()
	all, err := r.engine.Counters(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return tania.UndeliveredCounts(all)
}

func TestAReplyThatIsNotDeliveredIsSentOnceMoreWhereThatMayHelp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, c := answered(t)
		defer r.stop()
		began := time.Now()
		failed := r.fails(c, tooFast)
		r.fails(c, tooFast) // told twice
		r.idle(time.Hour)
		r.wantSaid(c, thePrice, thePrice)
		if took := time.Since(began); took < 30*time.Second {
			t.Errorf("sent again after %s; the network wants a pause", took)
		}
		if d := r.recordOf(c, failed); d.Outcome != tania.OutcomeAnswered || d.Reason != tania.NotDelivered ||
			d.Undelivered == nil || d.Undelivered.Cause != tania.CauseRateLimited || len(d.Replies) != 1 {
			t.Errorf("record %+v; want the reply sent again because it was not delivered", d)
		}
		if state, _ := r.sim.Conversation(c); state.Status != tania.StatusPending {
			t.Errorf("the conversation is %s", state.Status)
		}

		// The second time is the last.
		r.fails(c, tooFast)
		r.idle(time.Hour)
		r.wantSaid(c, thePrice, thePrice)
		r.wantHandedOver(c, tania.HandoffNotDelivered, tooFast)
		if got := r.counted(); !slices.Equal(got, []tania.UndeliveredCount{
			{Channel: tania.ChannelWhatsApp, Cause: tania.CauseRateLimited, Count: 2},
		}) {
			t.Errorf("counted %+v", got)
		}
	})
}

// wantHandedOver wants a human to have the conversation, with a note of what the customer did not read and why.
func (r *rig) wantHandedOver(c tania.ConversationID, reason tania.HandoffReason, why string) {
	r.t.Helper()
	state, _ := r.sim.Conversation(c)
	if state.Status != tania.StatusOpen || state.Team != 5 {
		r.t.Errorf("conversation %+v; want it with the team", state)
	}
	if d := r.record(c); d.Outcome != tania.OutcomeHandedOver || d.Handoff != reason {
		r.t.Errorf("outcome %s, handoff %q; want %s", d.Outcome, d.Handoff, reason)
	}
	notes := r.notes(c)
	if len(notes) != 1 || !strings.Contains(notes[0], "no leyó**\n\n> "+thePrice) || !strings.Contains(notes[0], why) {
		r.t.Errorf("notes %q; want one with what the customer did not read, and why", notes)
	}
}

func TestAReplyThatCannotBeDeliveredIsForAHuman(t *testing.T) {
	for why, reason := range map[string]tania.HandoffReason{nobody: tania.HandoffNotDelivered, tooLong: tania.HandoffOutsideWindow} {
		synctest.Test(t, func(t *testing.T) {
			r, c := answered(t)
			defer r.stop()
			r.fails(c, why)
			r.fails(c, why)
			r.idle(time.Hour)
			r.wantSaid(c, thePrice)
			r.wantHandedOver(c, reason, why)
			// What the customer did not read was not said.
			memory, err := r.engine.Conversation(t.Context(), tania.ConversationKey{Account: 1, Conversation: c})
			if err != nil || slices.ContainsFunc(memory.History, func(e tania.Entry) bool { return e.From == tania.FromBot }) {
				t.Errorf("history %+v (%v)", memory.History, err)
			}
		})
	}
}

// What is old news, or somebody's already, is counted and nothing else.
func TestAFailureThatConcernsNobodyIsOnlyCounted(t *testing.T) {
	for name, happens := range map[string]func(*rig, tania.ConversationID){
		"a human has answered since": func(r *rig, c tania.ConversationID) {
			if _, err := r.sim.AgentReplies(c, 7, "Yo le atiendo.", chatwootsim.ViaAPI); err != nil {
				r.t.Fatal(err)
			}
		},
		"a human has it": func(r *rig, c tania.ConversationID) {
			if err := r.sim.TakeOver(c, 7); err != nil {
				r.t.Fatal(err)
			}
		},
		"it is resolved": func(r *rig, c tania.ConversationID) {
			if err := r.sim.Resolve(c, 7); err != nil {
				r.t.Fatal(err)
			}
		},
		"it is old":                   func(*rig, tania.ConversationID) { time.Sleep(2 * time.Hour) }, // the bubble's clock
		"the customer has written on": func(r *rig, c tania.ConversationID) { r.write(c, questions(2)); r.idle(time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, c := answered(t)
				defer r.stop()
				failed := r.sim.BotMessages(c)[0].ID
				happens(r, c)
				r.until("the webhooks", r.sim.Settled)
				before := r.said(c)
				state, _ := r.sim.Conversation(c)
				if _, err := r.sim.SetDelivery(failed, "failed", nobody); err != nil {
					t.Fatal(err)
				}
				r.idle(time.Hour)
				r.wantSaid(c, before...)
				if after, _ := r.sim.Conversation(c); after.Status != state.Status || len(r.notes(c)) != 0 {
					t.Errorf("status %s after %s, notes %q", after.Status, state.Status, r.notes(c))
				}
				if d := r.recordOf(c, failed); d.Outcome != tania.OutcomeSilent || d.Undelivered == nil || d.Detail == "" {
					t.Errorf("record %+v; want silence, and why", d)
				}
				if got := r.counted(); len(got) != 1 || got[0].Count != 1 || got[0].Cause != tania.CauseUnknownRecipient {
					t.Errorf("counted %+v", got)
				}
			})
		})
	}
}

// A human who has Chatwoot send it again, or a network that delivers after all, leaves the bot nothing to do.
func TestWhatIsSentAfterAllIsNotSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, c := answered(t)
		defer r.stop()
		failed := r.fails(c, tooFast)
		time.Sleep(10 * time.Second) // the bubble's clock
		if _, err := r.sim.SetDelivery(failed, "delivered", ""); err != nil {
			t.Fatal(err)
		}
		r.idle(time.Hour)
		r.wantSaid(c, thePrice)
		if d := r.recordOf(c, failed); d.Outcome != tania.OutcomeSilent || !strings.Contains(d.Detail, "after all") {
			t.Errorf("outcome %s, %q", d.Outcome, d.Detail)
		}
	})
}

// The customer's next message is answered for itself, in the same turn in which the failure is known.
func TestACustomerWhoWritesOnIsAnsweredBesideAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &listener{says: []string{thePrice, "De nada."}}
		r := newRig(t, m.respond, onWhatsApp)
		defer r.stop()
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		failed := r.fails(c, tooFast)
		r.write(c, questions(2))
		r.idle(time.Hour)
		r.wantSaid(c, thePrice, "De nada.")
		if d := r.recordOf(c, failed); d.Outcome != tania.OutcomeSilent || d.Reason != tania.NotDelivered {
			t.Errorf("record %+v", d)
		}
		if d := r.record(c); d.Outcome != tania.OutcomeAnswered || !strings.Contains(d.Content, "número 2") {
			t.Errorf("record %+v", d)
		}
		last := m.asked()[1]
		if said := fmt.Sprintf("%+v", last); strings.Contains(said, thePrice) || !strings.Contains(said, "número 1") {
			t.Errorf("the model was told %s; want what the customer asked, and not what they did not read", said)
		}
	})
}

// TestACrashAnywhereSendsAFailedReplyOnceMore strikes a process at every call that leaves it while it deals with a failure that passes.
func TestACrashAnywhereSendsAFailedReplyOnceMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, world{}, 1, false)
		for _, why := range []string{"429, Too Many Requests", "131026: undeliverable"} {
			calls, sent := s.strikeFailure(killed, point{call: "none"}, why)
			if len(sent) == 0 {
				t.Fatal("nothing followed")
			}
			every := testsize.Of(1, 5)
			for n := 0; n < 2*2*len(calls); n += every {
				h, at := []harm{killed, failed}[n%2], point{calls[n/4], n/2%2 == 1}
				if _, got := s.strikeFailure(h, at, why); !slices.Equal(got, sent) {
					t.Fatalf("%s %s: %q; want %q", h, at, got, sent)
				}
			}
		}
	})
}

// strikeFailure has a process come to harm while it deals with a failed reply, and another finish. It gives the calls until the turn's end,
// and what followed in the conversation.
func (s *stage) strikeFailure(h harm, at point, why string) (calls, sent []string) {
	s.t.Helper()
	end := s.begin(newProcess(s.engine, failed, point{call: "none"}))
	c := s.asks()
	s.idle(time.Hour)
	end()
	before := len(s.sim.Messages(c))
	victim := newProcess(s.engine, h, at)
	end = s.begin(victim)
	s.fails(c, why)
	if at.call != "none" {
		select {
		case <-victim.struck:
		case <-time.After(time.Hour):
			s.t.Fatalf("%s %s was not reached: %v", h, at, victim.calls)
		}
		if h == killed {
			end()
			end = s.begin(newProcess(s.engine, failed, point{call: "none"}))
		}
	}
	s.idle(time.Hour)
	end()
	for _, m := range s.sim.Messages(c)[before:] {
		if m.Type == chatwootsim.Outgoing {
			text, _, _ := strings.Cut(m.Content, "\n")
			sent = append(sent, strings.TrimSpace(saidPart.ReplaceAllString(text, "reply")))
		}
	}
	if last := slices.Index(victim.calls, "complete 1"); last >= 0 {
		// A later claim may be the one that waits for the next turn, which does not come.
		calls = slices.DeleteFunc(slices.Clone(victim.calls[:last+1]), func(call string) bool {
			return strings.HasPrefix(call, "claim ") && call != "claim 1"
		})
	}
	return calls, sent
}
