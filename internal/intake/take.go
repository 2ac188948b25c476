package intake

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tania/internal/approval"
	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// Receipt is what became of an event. The reason is the gate's, Duplicate for a message that is known, and empty where the gate was not
// what decided.
type Receipt struct {
	Status tania.Taken
	Reason tania.Reason
}

// Queued is the receipt of nearly every message: it waits for an answer.
var Queued = Receipt{Status: tania.TakenQueued, Reason: tania.Proceed}

// take stores what an event means: a message for the queue, or news of the conversation.
func (i *Intake) take(ctx context.Context, event *chatwoot.Event, now time.Time) (Receipt, error) {
	message, fromCustomer := event.CustomerMessage(now)
	verdict := i.Gate(event, now)
	if fromCustomer && (verdict.Proceed() || verdict.Reason == tania.OptedOut) {
		if err := i.hearConsent(ctx, event); err != nil {
			return Receipt{}, err
		}
	}
	ignored := Receipt{tania.TakenIgnored, verdict.Reason}
	g := i.GovernorOf(event)
	switch {
	case g.Serves(event) && event.NotDelivered(g.Self.Is):
		return i.undelivered(ctx, event, now)
	case fromCustomer && verdict.Proceed():
		return i.push(ctx, event, message)
	case event.Conversation.Key.Conversation == 0:
		return ignored, nil
	case fromCustomer:
		if err := i.noteContact(ctx, &message); err != nil {
			return Receipt{}, err
		}
		return ignored, i.Engine.SaveRecords(ctx, tania.Record{
			Key: message.Key, Message: message.ID, Inbox: message.Inbox, Content: message.Content, At: now,
			Outcome: tania.OutcomeSilent, Reason: verdict.Reason, Detail: verdict.Detail,
		})
	}
	if event.Kind == chatwoot.KindMessageUpdated && event.Message.Direction == chatwoot.Incoming {
		revised, err := i.revise(ctx, event, now)
		if err != nil || revised.Status != "" && !event.Message.Deleted {
			return revised, err
		}
		if revised.Status != "" {
			// An earlier attempt at its turn may have remembered it.
			_, err = i.note(ctx, event, now)
			return revised, err
		}
	}
	rated, err := i.rate(ctx, event, now) // before the memory has the event's labels
	if err != nil {
		return Receipt{}, err
	}
	decided, err := i.decide(ctx, event, now) // as above
	if err != nil {
		return Receipt{}, err
	}
	noted, err := i.note(ctx, event, now)
	if noted || rated || decided {
		return Receipt{tania.TakenNoted, verdict.Reason}, err
	}
	return ignored, err
}

// push stores a customer's message.
func (i *Intake) push(ctx context.Context, event *chatwoot.Event, m tania.Message) (Receipt, error) {
	if i.Attributes != nil {
		m.Attributes = i.Attributes(&event.Conversation)
	}
	ctx, traced := i.Tracer.Start(ctx, "push")
	m.Trace = i.Tracer.Traceparent(ctx)
	stored, err := i.Engine.Push(ctx, m)
	traced(err)
	if err == nil {
		err = i.newer(ctx, event) // also for one that is known: the process may have ended in between
	}
	switch {
	case err != nil:
		return Receipt{}, err
	case stored.Duplicate:
		return Receipt{tania.TakenDuplicate, tania.Duplicate}, nil
	}
	return Queued, nil
}

// hearConsent remembers for the contact that they opted out of messages, or in again.
func (i *Intake) hearConsent(ctx context.Context, event *chatwoot.Event) error {
	on, said, ok := i.GovernorOf(event).Consent(event)
	contact := event.Conversation.Contact.ID
	if !ok || contact == 0 {
		return nil
	}
	_, err := i.Engine.UpdateContact(ctx, event.Conversation.Key.Account, contact,
		func(m *tania.ContactMemory) bool { return m.Hear(on, said) })
	return err
}

// noteContact remembers whose conversation it is, so that its records are found when the contact is to be erased, and what is known of them
// from a message that is not answered, so that one that waits is not answered either when they have been blocked since.
func (i *Intake) noteContact(ctx context.Context, m *tania.Message) error {
	_, err := i.Engine.UpdateConversation(ctx, m.Key, func(c *tania.Conversation) bool { return c.KnowContact(m.Contact, m.Created) })
	return err
}

// note remembers what an event tells of its conversation.
func (i *Intake) note(ctx context.Context, event *chatwoot.Event, now time.Time) (noted bool, err error) {
	var doubted string
	var steppedIn bool
	ending, err := i.ending(ctx, event)
	if err != nil {
		return false, err
	}
	conversation, err := i.Engine.UpdateConversation(ctx, event.Conversation.Key, func(c *tania.Conversation) bool {
		before, since := c.Takeover, c.EpisodeSince
		noted = i.GovernorOf(event).Observe(event, c, now)
		ending.leave(c, since, now)
		doubted = i.corrected(before, c)
		steppedIn = tookOver(before, c.Takeover) && afterBot(c.History, event.Message.ID)
		why := withdraws(event, tookOver(before, c.Takeover))
		ruled := why != "" && c.Rule(tania.Ruling{Verdict: tania.ApprovalWithdrawn, Reason: why, At: now})
		return noted || ruled
	})
	if err == nil && i.approves(event) {
		err = approval.Wake(ctx, i.Engine, &conversation)
	}
	if doubted != "" && err == nil && i.Doubt != nil {
		i.Doubt(doubted, event.Conversation.Key)
	}
	if steppedIn && err == nil {
		err = i.review(ctx, event.Conversation.Key, now)
	}
	if ending != nil && err == nil {
		err = i.recallFrom(ctx, &conversation)
	}
	return noted && err == nil, err
}

// tookOver reports whether a human has just written.
func tookOver(before, after *tania.Takeover) bool {
	return after != nil && (before == nil || after.Last.After(before.Last))
}

// afterBot reports whether the team's last message before one is the bot's.
func afterBot(history []tania.Entry, id tania.MessageID) bool {
	for _, e := range slices.Backward(history) {
		if e.From != tania.FromCustomer && e.ID < id {
			return e.From == tania.FromBot
		}
	}
	return false
}

// review marks the bot's last answer, which a human of the team has just added to, or what it had missed and they have just answered. Its
// turn may still be ending: then nothing is marked.
func (i *Intake) review(ctx context.Context, key tania.ConversationKey, now time.Time) error {
	records, err := i.Engine.Records(ctx, key)
	if err != nil {
		return err
	}
	reviewed := tania.Reviewed(records, now, func(v *tania.Review) { v.Corrected = now })
	if len(reviewed) == 0 {
		reviewed = tania.MissedLast(records, func(v *tania.Review) { v.Answered = cmp.Or(v.Answered, now) })
	}
	if len(reviewed) == 0 {
		return nil
	}
	return i.Engine.SaveRecords(ctx, reviewed...)
}

// corrected gives the cached answer that a human has just stepped in after, "" if none did; it is doubted once.
func (i *Intake) corrected(before *tania.Takeover, c *tania.Conversation) string {
	now, hit := c.Takeover, c.LastHit
	if hit == nil || !tookOver(before, now) {
		return ""
	}
	c.LastHit = nil
	if since := now.Last.Sub(hit.At); since < 0 || since > i.DoubtWithin {
		return ""
	}
	return hit.Entry
}
