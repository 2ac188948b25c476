package bots

import (
	"slices"

	"tania/internal/bot"
	"tania/internal/chatwoot"
	"tania/internal/governor"
	"tania/internal/tania"
)

// Place is where a conversation is, as far as that decides who answers. What is not known is 0 or empty, and is in no list.
type Place struct {
	Account tania.AccountID
	Inbox   tania.InboxID
	Channel tania.Channel
	Labels  []string
}

// PlaceOf is the place of a message, as it was when the message came.
func PlaceOf(m *tania.Message) Place { return Place{m.Key.Account, m.Inbox, m.Channel, m.Labels} }

// PlaceOfEvent is the place of a webhook's conversation.
func PlaceOfEvent(c *chatwoot.Conversation) Place {
	return Place{c.Key.Account, c.Inbox, c.Channel, c.Labels}
}

// Now is the place as it is by what is remembered of the conversation since a message came.
func (p Place) Now(m *tania.Message, c *tania.Conversation) Place {
	if !c.SeenAt.IsZero() && !c.SeenAt.Before(m.Created) {
		p.Labels = c.Labels
	}
	return p
}

// in reports whether the place is one of those named.
func (p Place) in(w *bot.When, main *governor.Governor) bool {
	switch {
	case w.Account != 0 && p.Account != w.Account,
		w.Account == 0 && main != nil && main.Account != 0 && p.Account != main.Account,
		len(w.Inboxes) > 0 && !slices.Contains(w.Inboxes, p.Inbox),
		len(w.Channels) > 0 && !slices.Contains(w.Channels, p.Channel),
		len(w.Labels) > 0 && !slices.ContainsFunc(p.Labels, func(l string) bool { return slices.Contains(w.Labels, l) }):
		return false
	}
	return true
}
