package worker_test

import (
	"context"
	"testing"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// TestNobodyIsAnsweredWhoWasBlockedSinceTheWebhook: while the turn waited, or while its answer was made.
func TestNobodyIsAnsweredWhoWasBlockedSinceTheWebhook(t *testing.T) {
	for name, whileAnswered := range map[string]bool{"while it waited": false, "while its answer was made": true} {
		t.Run(name, func(t *testing.T) {
			var r *rig
			var who tania.Contact
			block := func() {
				if err := r.sim.EditContact(who.ID, func(c *tania.Contact) { c.Blocked = true }); err != nil {
					t.Error(err)
				}
			}
			r = newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
				if whileAnswered {
					block()
				}
				return says("Cuesta 350 pesos.")(ctx, p)
			}, func(s *settings) { s.governor.Blocklist = true })
			who = r.sim.AddContact(tania.Contact{Name: "Ana"})
			if _, err := r.engine.Pause(t.Context(), "test"); err != nil {
				t.Fatal(err)
			}
			m, err := r.sim.CustomerWrites(chatwootsim.CustomerMessage{Contact: who.ID, Text: ask})
			if err != nil {
				t.Fatal(err)
			}
			r.until("the webhook is delivered", r.sim.Settled)
			if !whileAnswered {
				block()
			}
			if _, err := r.engine.Resume(t.Context(), "test"); err != nil {
				t.Fatal(err)
			}
			record := r.settled(m)
			if record.Reason != tania.BlockedContact || record.Outcome != tania.OutcomeSilent {
				t.Errorf("%s: %s (%s)", record.Outcome, record.Reason, record.Detail)
			}
			r.wantSaid(m.Conversation)
		})
	}
}

// TestWhatWaitsIsJudgedByTheSettingsOfNow: a restart with other settings between webhook and turn, or an import by other ones.
func TestWhatWaitsIsJudgedByTheSettingsOfNow(t *testing.T) {
	answer, calls := counted("Cuesta 350 pesos.")
	r := newRig(t, answer, func(s *settings) {
		s.governor.Account, s.governor.Inboxes = 1, []tania.InboxID{11}
		s.governor.Blocklist, s.governor.Blocked = true, []string{"777", "*@g.us"}
	})
	for i, c := range []struct {
		change func(*tania.Message)
		want   tania.Reason
	}{
		{func(m *tania.Message) { m.Inbox = 12 }, tania.InboxNotAllowed},
		{func(m *tania.Message) { m.Key.Account = 2 }, tania.InboxNotAllowed},
		{func(m *tania.Message) { m.Contact.ID = 777 }, tania.BlockedContact},
		{func(m *tania.Message) { m.Address = "1203630412@g.us" }, tania.BlockedContact},
		{func(m *tania.Message) { m.Contact.Blocked = true }, tania.BlockedContact},
	} {
		m := tania.Message{
			ID: tania.MessageID(9000 + i), Key: tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(900 + i)}, Inbox: 11,
			Contact: tania.Contact{ID: 501}, Content: ask, Status: tania.StatusPending, CanReply: true, Created: time.Now(), Received: time.Now(),
		}
		c.change(&m)
		if _, err := r.engine.Push(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		r.ended()
		records, err := r.engine.Records(t.Context(), m.Key)
		if err != nil || len(records) != 1 || records[0].Reason != c.want || records[0].Outcome != tania.OutcomeSilent {
			t.Errorf("%d: %+v, %v, want %s", i, records, err, c.want)
		}
	}
	if calls.Load() != 0 {
		t.Errorf("the model was asked %d times", calls.Load())
	}
	if sent := r.sim.Conversations(); len(sent) != 0 {
		t.Errorf("something was sent: %+v", sent)
	}
}
