package reply_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tania/internal/reply"
	"tania/internal/tania"
)

// archive is what is remembered, by the number of the conversation.
type archive struct {
	contact       tania.ContactMemory
	conversations map[tania.ConversationID]tania.Conversation
	err           error
}

func (a *archive) Contact(context.Context, tania.AccountID, tania.ContactID) (tania.ContactMemory, error) {
	return a.contact, nil
}

func (a *archive) Conversation(_ context.Context, key tania.ConversationKey) (tania.Conversation, error) {
	return a.conversations[key.Conversation], a.err
}

// TestAConversationThatIsAnothersNowTellsNothing: Chatwoot merges contacts, and one may be erased.
func TestAConversationThatIsAnothersNowTellsNothing(t *testing.T) {
	at := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	of := func(contact tania.ContactID, text string) tania.Conversation {
		return tania.Conversation{Contact: tania.Contact{ID: contact}, Left: []tania.Recollection{
			{Kind: tania.RecalledFact, Text: text, Message: 1, At: at},
			{Kind: tania.RecalledFact, Bot: "sales", Text: "to sales " + text, Message: 2, At: at},
		}}
	}
	a := &archive{conversations: map[tania.ConversationID]tania.Conversation{1: of(5, "a"), 2: of(6, "b"), 4: of(5, "d")}}
	for id := range tania.ConversationID(4) {
		a.contact.End(id+1, at)
	}
	said := func(name string) string {
		list, err := reply.Earlier(t.Context(), a, 1, 5, name, at.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, r := range list {
			texts = append(texts, r.Text)
		}
		return strings.Join(texts, ", ")
	}
	if said("") != "a, d" || said("sales") != "to sales a, to sales d" || said("other") != "" {
		t.Errorf("the main bot: %s; sales: %s; another: %s", said(""), said("sales"), said("other"))
	}
	if none, err := reply.Earlier(t.Context(), a, 1, 0, "", at); len(none) > 0 || err != nil {
		t.Errorf("of nobody: %+v, %v", none, err)
	}
	a.err = errors.New("away")
	if _, err := reply.Earlier(t.Context(), a, 1, 5, "", at); !errors.Is(err, a.err) {
		t.Errorf("got %v", err)
	}
}
