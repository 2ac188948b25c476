package intake

import (
	"context"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/episode"
	"tania/internal/tania"
)

// ending is an event that may end an episode with a bot that remembers what episodes leave.
type ending struct {
	bot     string
	records []tania.Record
}

// ending gives what is needed where an event ends an episode; nil: it ends none, or nothing is to be remembered. Of groups nothing is:
// what one member said of themselves would be another's.
func (i *Intake) ending(ctx context.Context, event *chatwoot.Event) (*ending, error) {
	resolved := event.Conversation.Status == tania.StatusResolved && event.Kind != chatwoot.KindMessageCreated
	if i.Recalls == nil || !resolved || event.Conversation.Contact.Group(event.Conversation.Address) != "" {
		return nil, nil //nolint:nilnil // no ending is no error
	}
	bot, recalls := i.Recalls(&event.Conversation)
	if !recalls {
		return nil, nil //nolint:nilnil // as above
	}
	records, err := i.Engine.Records(ctx, event.Conversation.Key)
	return &ending{bot, records}, err
}

// leave has a conversation remember what the episode left that began at a time and has just ended, if one has.
func (e *ending) leave(c *tania.Conversation, since, now time.Time) {
	if e == nil || !c.EpisodeSince.After(since) {
		return
	}
	var said []tania.Entry
	for _, entry := range c.History {
		if !entry.At.Before(since) && entry.At.Before(c.EpisodeSince) {
			said = append(said, entry)
		}
	}
	if ended := (&episode.Episode{Bot: e.bot, Conversation: c.Key.Conversation, Entries: said, Records: e.records}); len(said) > 0 {
		c.Leave(e.bot, ended.Left(), now)
	}
}

// recallFrom has a conversation found by its contact's later ones. It is done again with each webhook of a resolved conversation: an
// earlier one may have come that far and no further.
func (i *Intake) recallFrom(ctx context.Context, c *tania.Conversation) error {
	if len(c.Left) == 0 || c.Contact.ID == 0 {
		return nil
	}
	_, err := i.Engine.UpdateContact(ctx, c.Key.Account, c.Contact.ID,
		func(m *tania.ContactMemory) bool { return m.End(c.Key.Conversation, c.EpisodeSince) })
	return err
}
