package reply

import (
	"context"
	"slices"
	"time"

	"tania/internal/answer"
	"tania/internal/tania"
)

// Remembers is where it is remembered what episodes left; a queue.Memory is one.
type Remembers interface {
	Conversation(ctx context.Context, key tania.ConversationKey) (tania.Conversation, error)
	Contact(ctx context.Context, account tania.AccountID, contact tania.ContactID) (tania.ContactMemory, error)
}

// Recollections gives what earlier episodes of a contact left, with whatever bot, oldest first. A conversation that is another's
// now gives nothing.
func Recollections(
	ctx context.Context, memory Remembers, account tania.AccountID, contact tania.ContactID, now time.Time,
) ([]tania.Recollection, error) {
	if contact == 0 {
		return nil, nil
	}
	known, err := memory.Contact(ctx, account, contact)
	if err != nil {
		return nil, err
	}
	var all []tania.Recollection
	for _, ended := range known.Ended {
		c, err := memory.Conversation(ctx, tania.ConversationKey{Account: account, Conversation: ended.Conversation})
		if err != nil {
			return nil, err
		}
		if c.Contact.ID == contact {
			all = append(all, c.Left...)
		}
	}
	return tania.Recall(all, now), nil
}

// Earlier gives what earlier episodes of a contact with one bot left; name is the bot's, empty for the main one.
func Earlier(
	ctx context.Context, memory Remembers, account tania.AccountID, contact tania.ContactID, name string, now time.Time,
) ([]tania.Recollection, error) {
	all, err := Recollections(ctx, memory, account, contact, now)
	return slices.DeleteFunc(all, func(r tania.Recollection) bool { return r.Bot != name }), err
}

// recalling is a question with what earlier episodes of the customer left, where the bot remembers them, and not in a group. That they
// could not be read is no reason not to answer.
func (d *decision) recalling(ctx context.Context, q answer.Question, record tania.Record) (answer.Question, tania.Record) {
	m := d.newest()
	if d.Memories == nil || !d.Bot.Recalls || q.Route != tania.RouteModel || m.Contact.Group(m.Address) != "" {
		return q, record
	}
	var err error
	if q.Earlier, err = Earlier(ctx, d.Memories, m.Key.Account, m.Contact.ID, d.Name, d.Now); err != nil {
		record.Unchecked = append(record.Unchecked, "memory: "+err.Error())
	}
	if !m.Identified() {
		q.Earlier = slices.DeleteFunc(q.Earlier, func(r tania.Recollection) bool { return r.Conversation != m.Key.Conversation })
	}
	return q, record
}
