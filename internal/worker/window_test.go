package worker_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/bot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/template"
	"tania/internal/tania"
	"tania/internal/testsize"
)

// late is a rig on WhatsApp whose customer is answered a day late, when WhatsApp takes templates alone.
func late(t *testing.T, change func(*settings), asks string) (*rig, tania.ConversationID) {
	t.Helper()
	r := newRig(t, says(thePrice), func(s *settings) {
		onWhatsApp(s)
		s.worker.ReplyMaxAge = 0
		s.sim.Inboxes[0].Templates = []chatwootsim.ApprovedTemplate{
			{Name: "your_answer", Language: "es", Params: 2}, {Name: "a_human", Language: "es"},
		}
		if change != nil {
			change(s)
		}
	})
	if _, err := r.engine.Pause(t.Context(), "the test"); err != nil {
		t.Fatal(err)
	}
	c := r.write(0, asks)
	time.Sleep(25 * time.Hour) // the bubble's clock
	if _, err := r.engine.Resume(t.Context(), "the test"); err != nil {
		t.Fatal(err)
	}
	r.idle(time.Hour)
	return r, c
}

// withTemplates has the bot write to those who wrote too long ago.
func withTemplates(s *settings) {
	s.bot = func(b *bot.Bot) {
		b.Templates = map[template.Case]template.Several{
			template.Answer: {{
				Name: "your_answer", Language: "es", Category: "utility", Text: "Hola {name}: {answer}",
				Params: map[string]string{"1": "{name}", "2": "{answer}"},
			}},
			template.Handoff: {{Name: "a_human", Language: "es", Text: "Te atenderá una persona."}},
		}
	}
}

func TestAnAnswerOutsideTheWindowIsForAHuman(t *testing.T) {
	for name, set := range map[string]struct {
		change func(*settings)
		asks   string
		reason tania.HandoffReason
		unsaid string
	}{
		"an answer":             {nil, questions(1), tania.HandoffOutsideWindow, thePrice},
		"the word of a handoff": {nil, "quiero hablar con una persona", tania.HandoffRequested, "Te comunico con una persona"},
		"an apology":            {func(s *settings) { s.worker.ReplyMaxAge = time.Hour }, questions(1), tania.HandoffLate, "Perdón por la demora"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, c := late(t, set.change, set.asks)
				defer r.stop()
				r.wantSaid(c)
				notes := r.notes(c)
				if len(notes) != 1 || !strings.Contains(notes[0], "no leyó**\n\n> "+set.unsaid) {
					t.Errorf("notes %q; want one with what the bot had to say", notes)
				}
				d := r.record(c)
				if d.Outcome != tania.OutcomeHandedOver || d.Handoff != set.reason || d.Reason != tania.CannotReply ||
					!strings.Contains(d.Detail, "can_reply") {
					t.Errorf("record %+v", d)
				}
				if state, _ := r.sim.Conversation(c); state.Status != tania.StatusOpen || state.Team != 5 {
					t.Errorf("conversation %+v; want it with the team", state)
				}
			})
		})
	}
}

func TestATemplateReachesACustomerOutsideTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, c := late(t, withTemplates, questions(1))
		defer r.stop()
		said := r.sim.BotMessages(c)
		if len(said) != 1 || said[0].Status == "failed" || !strings.HasSuffix(said[0].Content, ": "+thePrice) {
			t.Fatalf("%+v", said)
		}
		if state, _ := r.sim.Conversation(c); state.Status != tania.StatusPending || len(r.notes(c)) != 0 {
			t.Errorf("conversation %+v, notes %q", state, r.notes(c))
		}
		if d := r.record(c); d.Outcome != tania.OutcomeAnswered || !strings.Contains(d.Detail, "template your_answer") {
			t.Errorf("record %+v", d)
		}
		// The customer's answer opens the window.
		r.write(c, questions(2))
		r.idle(time.Hour)
		if said := r.said(c); len(said) != 2 || said[1] != thePrice {
			t.Errorf("%q", said)
		}
	})
}

func TestATemplateSaysThatAHumanComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, c := late(t, withTemplates, "quiero hablar con una persona")
		defer r.stop()
		r.wantSaid(c, "Te atenderá una persona.")
		if d := r.record(c); d.Handoff != tania.HandoffRequested || len(r.notes(c)) != 1 {
			t.Errorf("record %+v, notes %q", d, r.notes(c))
		}
	})
}

// A template that the network refuses is for a human, and is not tried again.
func TestATemplateThatIsRefusedIsForAHuman(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, c := late(t, func(s *settings) {
			withTemplates(s)
			s.sim.Inboxes[0].Templates = nil
		}, questions(1))
		defer r.stop()
		if n := len(r.said(c)); n != 1 {
			t.Errorf("%d messages: %q", n, r.said(c))
		}
		d := r.record(c)
		if d.Outcome != tania.OutcomeHandedOver || d.Handoff != tania.HandoffOutsideWindow || len(r.notes(c)) != 1 {
			t.Errorf("record %+v, notes %q", d, r.notes(c))
		}
	})
}

// What Chatwoot took and the network refused as too late, for its clock is another, is said by a template.
func TestAReplyThatCameTooLateIsSaidByATemplate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, says(thePrice), func(s *settings) {
			onWhatsApp(s)
			withTemplates(s)
			s.sim.Inboxes[0].Templates = []chatwootsim.ApprovedTemplate{{Name: "your_answer", Language: "es", Params: 2}}
		})
		defer r.stop()
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		r.fails(c, tooLong)
		r.idle(time.Hour)
		said := r.said(c)
		if len(said) != 2 || !strings.HasSuffix(said[1], ": "+thePrice) || len(r.notes(c)) != 0 {
			t.Errorf("said %q, notes %q", said, r.notes(c))
		}
	})
}

// TestACrashAnywhereOutsideTheWindowIsFinishedByAnother strikes a process at every call that leaves it, where the window is over.
func TestACrashAnywhereOutsideTheWindowIsFinishedByAnother(t *testing.T) {
	for name, change := range map[string]func(*settings){"by a human": func(*settings) {}, "by a template": withTemplates} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, world{}, 1, false, func(o *settings) {
					change(o)
					o.worker.ReplyMaxAge = 0
					o.sim.Inboxes = []chatwootsim.Inbox{{
						ID: 11, Name: "WhatsApp", Channel: tania.ChannelWhatsApp, ActiveBot: true,
						Templates: []chatwootsim.ApprovedTemplate{{Name: "your_answer", Language: "es", Params: 2}},
					}}
				})
				calls, undisturbed := s.strikeLate(killed, point{call: "none"})
				if undisturbed != 1 {
					t.Fatalf("%d messages", undisturbed)
				}
				every := testsize.Of(1, 5)
				for n := 0; n < 2*2*len(calls); n += every {
					h, at := []harm{killed, failed}[n%2], point{calls[n/4], n/2%2 == 1}
					if _, got := s.strikeLate(h, at); got != undisturbed {
						t.Fatalf("%s %s: %d messages", h, at, got)
					}
				}
			})
		})
	}
}

// strikeLate has a process come to harm while it deals with a question that is a day old, and another finish. It gives the calls until the
// turn's end, and how many messages and notes there are.
func (s *stage) strikeLate(h harm, at point) (calls []string, sent int) {
	s.t.Helper()
	c := s.asks()
	time.Sleep(25 * time.Hour) // the bubble's clock
	victim := newProcess(s.engine, h, at)
	end := s.begin(victim)
	if at.call != "none" {
		<-victim.struck
		if h == killed {
			end()
			end = s.begin(newProcess(s.engine, failed, point{call: "none"}))
		}
	}
	s.idle(time.Hour)
	end()
	for _, m := range s.sim.Messages(c) {
		if m.Type == chatwootsim.Outgoing {
			sent++
		}
		if m.Status == "failed" {
			s.t.Errorf("%s %s: %q was refused: %v", h, at, m.Content, m.Attributes)
		}
	}
	return victim.calls[:1+slices.Index(victim.calls, "complete 1")], sent
}
