package intake_test

import (
	"fmt"
	"testing"
	"time"

	"tania/internal/approval"
	"tania/internal/chatwoot"
	"tania/internal/governor"
	"tania/internal/intake"
	"tania/internal/queue"
	"tania/internal/tania"
)

// clerk is an intake over an engine in which a turn of the conversation waits for the team's word, asked for by note 11.
type clerk struct {
	*testing.T
	engine queue.Engine
	door   *intake.Intake
	told   []string
}

func newClerk(t *testing.T, engine queue.Engine) *clerk {
	t.Helper()
	c := &clerk{T: t, engine: engine}
	c.door = intake.New(intake.Options{
		Engine: engine, Governor: governor.New(governor.Options{Inboxes: []tania.InboxID{11}, BotUser: botUser}),
		Approves:       func(*chatwoot.Conversation) bool { return true },
		ApprovalLabels: approval.Labels{tania.ApprovalGiven: "yes", tania.ApprovalRejected: "no"},
		Decided: func(_ *chatwoot.Event, d intake.Decision) {
			c.told = append(c.told, fmt.Sprintf("%s by %s: %s", d.Ruling.Verdict, d.Step, d.Came))
		},
	})
	if _, err := engine.Push(t.Context(), tania.Message{ID: 1, Key: key, Inbox: 11, Content: "x"}); err != nil {
		t.Fatal(err)
	}
	turn, err := engine.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := tania.Approval{Turn: turn.ID, Entry: 1, Number: 1, Tool: "refund", Note: 11, At: noon, Until: noon.Add(time.Hour)}
	if _, err := engine.UpdateConversation(t.Context(), key, func(c *tania.Conversation) bool { c.Approval = &a; return true }); err != nil {
		t.Fatal(err)
	}
	if err := engine.Park(t.Context(), turn, time.Hour, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *clerk) take(e *chatwoot.Event) {
	c.Helper()
	if _, err := c.door.Import(c.Context(), e, noon.Add(time.Minute)); err != nil {
		c.Fatal(err)
	}
}

// want holds what was decided, and whether the turn waits still, against what it should be.
func (c *clerk) want(what string, verdict tania.Approved, waits bool) {
	c.Helper()
	memory, err := c.engine.Conversation(c.Context(), key)
	if err != nil {
		c.Fatal(err)
	}
	var got tania.Approved
	if r := memory.Approval.Ruling; r != nil {
		got = r.Verdict
	}
	parked, err := c.engine.ParkedTurns(c.Context(), 0)
	if err != nil || got != verdict || (len(parked) > 0) != waits {
		c.Errorf("%s: decided %q, %d parked, %v; want %q, %v", what, got, len(parked), err, verdict, waits)
	}
}

// TestAnAgentsNoteDecides, once however often it comes, and no second one.
func TestAnAgentsNoteDecides(t *testing.T) {
	for name, engine := range engines(t) {
		t.Run(name, func(t *testing.T) {
			c := newClerk(t, engine)
			c.take(note(20, "/approve, but not before Monday"))
			c.want("more than a word", "", true)
			for range 2 {
				c.take(note(21, "/reject too late"))
				c.want("a word", tania.ApprovalRejected, false)
			}
			c.take(note(22, "/approve"))
			c.want("a second word", tania.ApprovalRejected, false)
			want := "[approved by note 20: wordy rejected by note 21: taken approved by note 22: late]"
			if got := fmt.Sprint(c.told); got != want {
				t.Errorf("told %s, want %s", got, want)
			}
			memory, err := engine.Conversation(t.Context(), key)
			if r := memory.Approval.Ruling; err != nil || r.By != "Luis" || r.Reason != "too late" || r.Way != tania.RuledByNote {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// TestWhoDoesNotDecide: customers, bots, automations, the user of our own token, what is sent to the customer, what stands elsewhere.
func TestWhoDoesNotDecide(t *testing.T) {
	for name, e := range map[string]*chatwoot.Event{
		"the bot": note(20, "/approve", func(e *chatwoot.Event) {
			e.Message.Sender, e.Message.Marker = chatwoot.Sender{Kind: tania.ActorBot, ID: 2}, &chatwoot.Marker{Turn: "t", Part: "approval-1"}
		}),
		"the bot's user":      note(20, "/approve", func(e *chatwoot.Event) { e.Message.Sender.ID = botUser }),
		"an automation":       note(20, "/approve", func(e *chatwoot.Event) { e.Message.Automation = true }),
		"nobody":              note(20, "/approve", func(e *chatwoot.Event) { e.Message.Sender = chatwoot.Sender{Name: "/approve"} }),
		"another bot":         note(20, "/approve", func(e *chatwoot.Event) { e.Message.Sender.Kind = tania.ActorCaptain }),
		"an imported note":    note(20, "/approve", func(e *chatwoot.Event) { e.Message.Imported = true }),
		"a change of a note":  note(20, "/approve", func(e *chatwoot.Event) { e.Kind = chatwoot.KindMessageUpdated }),
		"another inbox":       note(20, "/approve", func(e *chatwoot.Event) { e.Conversation.Inbox = 12 }),
		"before it was asked": note(9, "/approve"),
		"another word":        note(20, "approve"),
		"another conversation": note(20, "/approve", func(e *chatwoot.Event) {
			e.Conversation.Key.Conversation++
		}),
		"a customer's private message": message(20, func(e *chatwoot.Event) { e.Message.Content, e.Message.Private = "/approve", true }),
	} {
		c := newClerk(t, open(t))
		c.take(e)
		c.want(name, "", true)
	}
	// A customer's own word is a message like any other: it wakes the turn, and decides nothing.
	c := newClerk(t, open(t))
	c.take(message(20, func(e *chatwoot.Event) { e.Message.Content, e.Message.Sender.Name = "/approve", "/approve" }))
	c.want("a customer", "", false)
}

// TestALabelDecidesAndWhatEndsItWithdraws: a label that is new; a human who writes to the customer; a conversation that is resolved.
func TestALabelDecidesAndWhatEndsItWithdraws(t *testing.T) {
	changed := func(change func(*chatwoot.Event)) *chatwoot.Event {
		e := message(0, func(e *chatwoot.Event) { e.Kind, e.Message = chatwoot.KindConversationUpdated, nil })
		change(e)
		return e
	}
	for name, engine := range engines(t) {
		t.Run(name, func(t *testing.T) {
			c := newClerk(t, engine)
			if _, err := engine.UpdateConversation(t.Context(), key, func(m *tania.Conversation) bool {
				m.Labels, m.SeenAt = []string{"yes"}, noon.Add(-time.Second) // of an earlier request
				return true
			}); err != nil {
				t.Fatal(err)
			}
			for at, labels := range [][]string{{"yes", "vip"}, {"vip"}} {
				c.take(changed(func(e *chatwoot.Event) {
					e.Conversation.Labels, e.Conversation.Updated = labels, noon.Add(time.Duration(at)*time.Millisecond)
				}))
				c.want("no new label", "", true)
			}
			c.take(changed(func(e *chatwoot.Event) {
				e.Conversation.Labels, e.Conversation.Updated = []string{"vip", "yes"}, noon.Add(time.Second)
			}))
			c.want("a label", tania.ApprovalGiven, false)
		})
	}
	c := newClerk(t, open(t))
	c.take(note(20, "Hello, I am here.", func(e *chatwoot.Event) { e.Message.Private = false }))
	c.want("a human", tania.ApprovalWithdrawn, false)
	c = newClerk(t, open(t))
	c.take(changed(func(e *chatwoot.Event) {
		e.Kind, e.Conversation.Status = chatwoot.KindConversationStatusChanged, tania.StatusResolved
		e.Conversation.Updated = noon.Add(time.Second)
	}))
	c.want("resolved", tania.ApprovalWithdrawn, false)
}
