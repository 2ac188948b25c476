package worker_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/bot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// TestAMessageThatComesDaysLate has a phone that was offline deliver at last: the customer reads an apology, the agents in their language
// how late it was. A time that is no delay's, of a replayed or imported message, is none: it is answered.
func TestAMessageThatComesDaysLate(t *testing.T) {
	for name, x := range map[string]struct {
		ago  time.Duration
		note string
	}{
		"an hour and a half": {90 * time.Minute, "— 1 h 30 min"},
		"three days":         {76 * time.Hour, "— 3 d 4 h"},
		"half an hour":       {30 * time.Minute, ""},
		"half a year":        {180 * 24 * time.Hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, says("Cuesta 250 pesos."), patiently)
				m, err := r.sim.CustomerWrites(chatwootsim.CustomerMessage{
					Text: ask, Attributes: map[string]any{"external_created_at": time.Now().Add(-x.ago).Unix()},
				})
				if err != nil {
					t.Fatal(err)
				}
				r.idle(time.Hour)
				r.stop()
				if x.note == "" {
					r.wantSaid(m.Conversation, "Cuesta 250 pesos.")
					return
				}
				r.wantSaid(m.Conversation, r.spanish(r.bot.Late))
				if d := r.record(m.Conversation); d.Outcome != tania.OutcomeHandedOver || d.Handoff != tania.HandoffLate {
					t.Errorf("the record says %s, %s", d.Outcome, d.Handoff)
				}
				noted := false
				for _, told := range r.sim.Messages(m.Conversation) {
					noted = noted || told.Private && strings.Contains(told.Content, x.note) && !strings.Contains(told.Content, "customer")
				}
				if !noted {
					t.Errorf("no note for the agents with %q", x.note)
				}
			})
		})
	}
}

// TestAReplyThatComesTooLateIsNotSent: it was made before Chatwoot went away for longer than an answer may take. A handoff is none that
// could come too late.
func TestAReplyThatComesTooLateIsNotSent(t *testing.T) {
	for name, x := range map[string]struct {
		text   string
		said   func(*bot.Bot) bot.Text
		reason tania.HandoffReason
	}{
		"a reply":   {ask, func(b *bot.Bot) bot.Text { return b.Late }, tania.HandoffLate},
		"a handoff": {"quiero hablar con una persona", func(b *bot.Bot) bot.Text { return b.Handoff }, tania.HandoffRequested},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, says("350 pesos"), func(s *settings) {
					patiently(s)
					s.transport = downFrom(1, 90*time.Minute, posts("/messages"))
				})
				defer r.stop()
				c := r.write(0, x.text)
				r.idle(3 * time.Hour)
				r.wantSaid(c, r.spanish(x.said(r.bot)))
				if d := r.record(c); d.Outcome != tania.OutcomeHandedOver || d.Handoff != x.reason {
					t.Errorf("%s for %q, want a handoff for %q", d.Outcome, d.Handoff, x.reason)
				}
			})
		})
	}
}
