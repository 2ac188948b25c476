package governor

import (
	"testing"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// TestAnEchoLeavesTheOptionsThatWereOffered: the webhook of the bot's own message has the text above the options alone.
func TestAnEchoLeavesTheOptionsThatWereOffered(t *testing.T) {
	now := time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)
	g := New(Options{})
	echo := &chatwoot.Event{
		Name: "message_created", Kind: chatwoot.KindMessageCreated,
		Conversation: chatwoot.Conversation{Key: tania.ConversationKey{Account: 1, Conversation: 2}, Status: tania.StatusPending, Updated: now},
		Message: &chatwoot.Message{
			ID: 7, Direction: chatwoot.Outgoing, Content: "¿Cuál?", Created: now, Sender: chatwoot.Sender{Kind: tania.ActorBot, ID: 3},
			Marker: &chatwoot.Marker{Turn: "t", Part: "1"},
		},
	}
	const offered = "¿Cuál?\n1. Una\n2. Otra"
	var c tania.Conversation
	c.Remember(tania.Entry{ID: 7, From: tania.FromBot, Text: offered})
	g.Observe(echo, &c, now)
	if len(c.History) != 1 || c.History[0].Text != offered {
		t.Errorf("remembered %+v", c.History)
	}
	// The echo may come first: what was sent is remembered over it.
	var early tania.Conversation
	g.Observe(echo, &early, now)
	early.Remember(tania.Entry{ID: 7, From: tania.FromBot, Text: offered})
	g.Observe(echo, &early, now)
	if len(early.History) != 1 || early.History[0].Text != offered {
		t.Errorf("remembered %+v", early.History)
	}
}
