package intake_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/governor"
	"tania/internal/intake"
	"tania/internal/queue"
	"tania/internal/tania"
)

// undelivered is the webhook of a message of the bot's that WhatsApp did not deliver.
func undelivered(id tania.MessageID, why string, change ...func(*chatwoot.Event)) *chatwoot.Event {
	return message(id, func(e *chatwoot.Event) {
		e.Kind, e.Conversation.Channel = chatwoot.KindMessageUpdated, tania.ChannelWhatsApp
		e.Message.Direction, e.Message.Content = chatwoot.Outgoing, "¿Cuál de estas?"
		e.Message.Sender = chatwoot.Sender{Kind: tania.ActorBot, ID: 3, Name: "Tania"}
		e.Message.Marker = &chatwoot.Marker{Turn: "t", Part: "1"}
		e.Message.Status, e.Message.ExternalError = "failed", why
		e.Message.Created, e.Message.Edited = time.Now().Add(-time.Minute).UTC(), time.Now().UTC()
		for _, c := range change {
			c(e)
		}
	})
}

func TestAnUndeliveredMessageIsATurnOnce(t *testing.T) {
	for name, engine := range engines(t) {
		t.Run(name, func(t *testing.T) {
			told := 0
			door := intake.New(intake.Options{
				Engine: engine, Governor: governor.New(governor.Options{Inboxes: []tania.InboxID{11}}),
				Undelivered: func(*tania.Message) { told++ },
			})
			if _, err := engine.UpdateConversation(t.Context(), key, func(c *tania.Conversation) bool {
				c.Remember(tania.Entry{ID: 7, From: tania.FromBot, Text: "¿Cuál de estas?\n1. Centro\n2. Norte"})
				return true
			}); err != nil {
				t.Fatal(err)
			}
			for n, want := range []tania.Taken{tania.TakenQueued, tania.TakenDuplicate, tania.TakenDuplicate} {
				got, err := door.Accept(t.Context(), undelivered(7, "130429: Rate limit hit"), nil)
				if err != nil || got.Status != want {
					t.Fatalf("delivery %d: %s, %v; want %s", n+1, got.Status, err, want)
				}
			}
			turn := claimed(t, engine)
			u := turn.Messages[0].Undelivered
			if len(turn.Messages) != 1 || turn.Messages[0].Content != "" || u == nil || u.Cause != tania.CauseRateLimited ||
				u.Error != "130429: Rate limit hit" || !strings.HasSuffix(u.Text, "2. Norte") || u.Again != 0 {
				t.Errorf("turn %+v, undelivered %+v", turn.Messages, u)
			}
			if c, err := engine.Conversation(t.Context(), key); err != nil || !c.WasNotDelivered(7) || len(c.History) != 0 {
				t.Errorf("memory %+v, %v; want the message out of the history", c, err)
			}
			counters, err := engine.Counters(t.Context())
			want := tania.UndeliveredCount{Channel: tania.ChannelWhatsApp, Cause: tania.CauseRateLimited, Count: 1}
			if got := tania.UndeliveredCounts(counters); err != nil || len(got) != 1 || got[0] != want || told != 1 {
				t.Errorf("counted %+v, told %d times, %v", got, told, err)
			}
		})
	}
}

// claimed is the turn that is due.
func claimed(t *testing.T, engine queue.Engine) *queue.Turn {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), 20*time.Second)
	defer done()
	turn, err := engine.Claim(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return turn
}

// refuses is a store that does not take a push, as one that goes away between the memory and the queue.
type refuses struct {
	queue.Engine
	times int
}

func (r *refuses) Push(ctx context.Context, m tania.Message) (queue.Receipt, error) {
	if r.times--; r.times >= 0 {
		return queue.Receipt{}, errors.New("for the test")
	}
	return r.Engine.Push(ctx, m)
}

// A webhook that failed halfway comes again, and tells the same.
func TestAnUndeliveredMessageThatWasStoredByHalfIsATurnAllTheSame(t *testing.T) {
	engine := &refuses{open(t), 1}
	door := intake.New(intake.Options{Engine: engine, Governor: governor.New(governor.Options{})})
	event := undelivered(7, "131026: Message undeliverable", func(e *chatwoot.Event) { e.Message.Marker.Again = 5 })
	if _, err := door.Accept(t.Context(), event, nil); err == nil {
		t.Fatal("taken, and the store did not take it")
	}
	if got, err := door.Accept(t.Context(), event, nil); err != nil || got.Status != tania.TakenQueued {
		t.Fatalf("%s, %v", got.Status, err)
	}
	if u := claimed(t, engine).Messages[0].Undelivered; u.Text != "¿Cuál de estas?" || u.Again != 5 {
		t.Errorf("%+v", u)
	}
}

// What is no failure of the bot's own message to a customer makes no turn.
func TestOnlyTheBotsOwnPublicMessagesAreFollowedUp(t *testing.T) {
	self := &governor.Self{}
	self.Learn(3)
	for name, c := range map[string]struct {
		change func(*chatwoot.Event)
		queued bool
	}{
		"the bot's, without its mark":  {func(e *chatwoot.Event) { e.Message.Marker = nil }, true},
		"told by its error alone":      {func(e *chatwoot.Event) { e.Message.Status = "" }, true},
		"delivered after all":          {func(e *chatwoot.Event) { e.Message.Status = "delivered" }, false},
		"a note":                       {func(e *chatwoot.Event) { e.Message.Private = true }, false},
		"just created":                 {func(e *chatwoot.Event) { e.Kind = chatwoot.KindMessageCreated }, false},
		"in an inbox that is not ours": {func(e *chatwoot.Event) { e.Conversation.Inbox = 99 }, false},
		"another bot's":                {func(e *chatwoot.Event) { e.Message.Marker, e.Message.Sender.ID = nil, 4 }, false},
		"a human's": {func(e *chatwoot.Event) {
			e.Message.Marker, e.Message.Sender = nil, chatwoot.Sender{Kind: tania.ActorUser, ID: 5}
		}, false},
		"a customer's": {func(e *chatwoot.Event) {
			e.Message.Marker, e.Message.Direction = nil, chatwoot.Incoming
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			door := intake.New(intake.Options{
				Engine: open(t), Governor: governor.New(governor.Options{Inboxes: []tania.InboxID{11}, Self: self}),
			})
			got, err := door.Accept(t.Context(), undelivered(7, "131026: Message undeliverable", c.change), nil)
			if queued := got.Status == tania.TakenQueued; err != nil || queued != c.queued {
				t.Errorf("%s, %v; want a turn: %v", got.Status, err, c.queued)
			}
		})
	}
}
