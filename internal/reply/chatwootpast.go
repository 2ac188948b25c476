package reply

import (
	"context"
	"strings"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// pastTime bounds a look at what was said before: the customer waits meanwhile.
const pastTime = 3 * time.Second

// ChatwootPast reads what was said from Chatwoot, with the token of a user.
type ChatwootPast struct {
	Chatwoot interface {
		Messages(ctx context.Context, key tania.ConversationKey, q chatwoot.MessageQuery) ([]chatwoot.Message, error)
	}
	// BotUser is the user behind the token.
	BotUser tania.UserID
}

// Before implements Past.
func (p ChatwootPast) Before(ctx context.Context, key tania.ConversationKey, id tania.MessageID) ([]tania.Entry, error) {
	ctx, done := context.WithTimeout(ctx, pastTime)
	defer done()
	messages, err := p.Chatwoot.Messages(ctx, key, chatwoot.MessageQuery{Before: id})
	if err != nil {
		return nil, err
	}
	var entries []tania.Entry
	for i := range messages {
		if e, ok := p.entry(&messages[i]); ok {
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// entry is a message of Chatwoot's as the history has it; ok is false for what belongs into none.
func (p ChatwootPast) entry(m *chatwoot.Message) (e tania.Entry, ok bool) {
	e = tania.Entry{ID: m.ID, From: tania.FromBot, Name: m.Sender.Name, Text: strings.TrimSpace(m.Content), At: m.Created}
	switch {
	case m.Direction == chatwoot.Incoming:
		e.From = tania.FromCustomer
	case m.Direction != chatwoot.Outgoing:
		return e, false
	case m.OfHuman(p.BotUser):
		e.From = tania.FromHuman
	}
	return e, !m.Private && e.Text != "" && !m.Deleted && !m.Reaction && !m.Call
}
