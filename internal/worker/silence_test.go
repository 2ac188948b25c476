package worker_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
	"tania/internal/worker"
)

// inboxes are two for SMS and one of WhatsApp, with governor's defaults for what is not answered.
func inboxes(s *settings) {
	s.sim.Inboxes = []chatwootsim.Inbox{
		{ID: 11, Name: "SMS", Channel: tania.ChannelSMS, ActiveBot: true},
		{ID: 12, Name: "SMS 2", Channel: tania.ChannelTwilio, ActiveBot: true},
		{ID: 13, Name: "WhatsApp", Channel: tania.ChannelWhatsApp, ActiveBot: true},
	}
	s.governor.OptOut = []tania.Channel{tania.ChannelSMS, tania.ChannelWhatsApp}
	s.governor.LoopReplies = 3
}

// counted is a model that counts its calls.
func counted(text string) (model, *atomic.Int64) {
	var calls atomic.Int64
	return func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		calls.Add(1)
		return says(text)(ctx, p)
	}, &calls
}

// writeIn is a contact's message in an inbox.
func (r *rig) writeIn(inbox tania.InboxID, contact tania.ContactID, text string) chatwootsim.Message {
	r.t.Helper()
	m, err := r.sim.CustomerWrites(chatwootsim.CustomerMessage{Inbox: inbox, Contact: contact, Text: text})
	if err != nil {
		r.t.Fatal(err)
	}
	return m
}

// settled waits until a message has its record and every webhook has been delivered.
func (r *rig) settled(m chatwootsim.Message) tania.Record {
	r.t.Helper()
	deadline, done := context.WithTimeout(r.t.Context(), 20*time.Second)
	defer done()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		records, err := r.engine.Records(r.t.Context(), tania.ConversationKey{Account: 1, Conversation: m.Conversation})
		if err != nil {
			r.t.Fatal(err)
		}
		i := slices.IndexFunc(records, func(d tania.Record) bool { return d.Message == m.ID && d.Outcome != tania.OutcomeWaiting })
		if i >= 0 && r.sim.Settled() {
			return records[i]
		}
		select {
		case <-tick.C:
		case <-deadline.Done():
			r.t.Fatalf("no record of %q: %+v", m.Content, records)
		}
	}
}

func TestAnOptOutHoldsForTheContactUntilTheyOptInOrAreForgotten(t *testing.T) {
	m, calls := counted("Con gusto.")
	r := newRig(t, m, inboxes)
	who := r.sim.AddContact(tania.Contact{Name: "Ana Pérez", Phone: "+5215500000000"})
	silent := func(inbox tania.InboxID, text string) {
		t.Helper()
		before := calls.Load()
		c := r.writeIn(inbox, who.ID, text)
		d := r.settled(c)
		if d.Reason != tania.OptedOut || d.Outcome != tania.OutcomeSilent || d.Detail == "" || calls.Load() != before {
			t.Errorf("%q: %s, %s (%s), %d calls", text, d.Outcome, d.Reason, d.Detail, calls.Load()-before)
		}
		r.wantSaid(c.Conversation)
	}
	silent(11, "Stop.")
	silent(11, ask)
	silent(12, ask)
	c := r.writeIn(13, who.ID, ask)
	if d := r.settled(c); d.Outcome != tania.OutcomeAnswered {
		t.Errorf("an opt-out of SMS silences WhatsApp: %+v", d)
	}
	c = r.writeIn(12, who.ID, "ALTA")
	r.settled(c)
	c = r.writeIn(11, who.ID, questions(2))
	if d := r.settled(c); d.Outcome != tania.OutcomeAnswered {
		t.Errorf("not answered after an opt-in: %+v", d)
	}
	other := r.sim.AddContact(tania.Contact{Name: "Luis"})
	who = other
	silent(11, "darme de baja")
	if _, err := r.engine.Forget(t.Context(), 1, other.ID); err != nil {
		t.Fatal(err)
	}
	c = r.writeIn(11, other.ID, questions(3))
	if d := r.settled(c); d.Outcome != tania.OutcomeAnswered {
		t.Errorf("an opt-out outlives its contact: %+v", d)
	}
}

func TestAnOptOutStopsTheAnswerThatIsBeingMade(t *testing.T) {
	asked, goOn := make(chan struct{}), make(chan struct{})
	r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		close(asked)
		<-goOn
		return says("Cuesta 350 pesos.")(ctx, p)
	}, inboxes)
	who := r.sim.AddContact(tania.Contact{Name: "Ana"})
	c := r.writeIn(11, who.ID, ask)
	<-asked
	r.settled(r.writeIn(11, who.ID, "SAIR"))
	close(goOn)
	r.ended()
	r.wantSaid(c.Conversation)
	records, err := r.engine.Records(t.Context(), tania.ConversationKey{Account: 1, Conversation: c.Conversation})
	if err != nil || len(records) != 2 || records[0].Reason != tania.OptedOut {
		t.Errorf("%+v, %v", records, err)
	}
}

func TestTwoMachinesDoNotTalkForEver(t *testing.T) {
	long := strings.Repeat("Gracias por escribirnos, su mensaje es importante. ", 3)
	for name, tt := range map[string]struct {
		text    func(n int) string
		replies int
	}{
		"the same text after each reply":       {func(int) string { return "Gracias por su mensaje, contestaremos pronto" }, 3},
		"the same but for case and marks":      {func(n int) string { return []string{"Fuera de la oficina.", "FUERA DE LA OFICINA"}[n%2] }, 3},
		"long texts faster than anybody types": {func(n int) string { return long + questions(n) }, 3},
		"short words, each an answer":          {func(int) string { return "sí" }, 8},
		"a customer who types fast":            {questions, 8},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
				calls++
				return says("Respuesta "+strings.Repeat("a", calls))(ctx, p)
			}, func(s *settings) {
				inboxes(s)
				s.worker = worker.Options{Concurrency: 1, MaxAttempts: 3, ProcessingTimeout: 5 * time.Second}
			})
			who := r.sim.AddContact(tania.Contact{Name: "Otra máquina"})
			var c chatwootsim.Message
			replies := 0
			for replies < 8 {
				said := tt.text(replies)
				c = r.writeIn(13, who.ID, said)
				if d := r.settled(c); d.Outcome != tania.OutcomeAnswered {
					if d.Outcome != tania.OutcomeHandedOver || d.Reason != tania.Loop || d.Handoff != tania.HandoffLoop || d.Detail == "" {
						t.Errorf("%+v", d)
					}
					break
				}
				replies++
			}
			if replies != tt.replies || len(r.said(c.Conversation)) != tt.replies {
				t.Fatalf("%d replies, said %q, want %d", replies, r.said(c.Conversation), tt.replies)
			}
			if tt.replies == 8 {
				return
			}
			conversation, _ := r.sim.Conversation(c.Conversation)
			if conversation.Status != tania.StatusOpen {
				t.Errorf("the conversation is %s", conversation.Status)
			}
			notes := 0
			for _, m := range r.sim.Messages(c.Conversation) {
				if m.Private && strings.Contains(m.Content, "máquina") {
					notes++
				}
			}
			if notes != 1 {
				t.Errorf("%d notes", notes)
			}
			for range 3 {
				r.writeIn(13, who.ID, "y otra vez")
			}
			r.ended()
			if len(r.said(c.Conversation)) != tt.replies {
				t.Errorf("said %q after the human got it", r.said(c.Conversation))
			}
		})
	}
}

func TestAnImpatientHumanIsNoMachine(t *testing.T) {
	r := newRig(t, says("El pastel cuesta 350 pesos."), inboxes)
	who := r.sim.AddContact(tania.Contact{Name: "Ana"})
	c := r.writeIn(13, who.ID, ask)
	r.settled(c)
	for range 4 {
		c = r.writeIn(13, who.ID, "¿hola?")
	}
	r.ended()
	if d := r.settled(c); d.Outcome != tania.OutcomeAnswered {
		t.Errorf("%+v", d)
	}
}
