package reply

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/cache"
	"tania/internal/cache/shareable"
	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// Rehearsal decides on a message that nobody wrote, as a turn would be decided on. It leaves nothing behind but what a model's answer
// costs.
type Rehearsal struct {
	// Deps are those of turns. Its Answerer is asked within Timeout; a model that is away is not waited for.
	Deps
	Timeout time.Duration
	// Cached is the cache, nil where it is off.
	Cached *cache.Cache
	// Memory has what is remembered, Chatwoot how a conversation is now.
	Memory   Remembers
	Chatwoot interface {
		Conversation(ctx context.Context, key tania.ConversationKey) (chatwoot.Conversation, error)
	}
	// Paused says who paused the bot in a conversation and why, "" where nobody did; nil: nobody did anywhere.
	Paused func(key tania.ConversationKey, inbox tania.InboxID) string
	// Inbox is where a customer writes who has no conversation yet; nil or 0: it is not known.
	Inbox func() tania.InboxID
	// TryTools gives what the model may call in a trial, nil for nothing; nil: there are no tools.
	TryTools func(ctx context.Context, c *Case) TrialTools
}

// TrialTools are tools that note what was called.
type TrialTools interface {
	answer.Toolbox
	Acts() []tania.Act
}

// Rehearsed is what a rehearsal gave.
type Rehearsed struct {
	Plan
	// Inbox is where the message was taken to be written.
	Inbox tania.InboxID
	// Before counts the messages before it that are remembered.
	Before int
}

// ErrNoConversation is given for a conversation that neither Chatwoot nor Tania knows.
var ErrNoConversation = errors.New("reply: no such conversation")

// Try gives the plan for a text that a customer would write now into a conversation; 0: one who writes for the first time. With an error,
// which is the responder's or the store's, it holds what was known by then.
func (r Rehearsal) Try(ctx context.Context, key tania.ConversationKey, text string) (Rehearsed, error) {
	d := r.withDefaults()
	c, err := r.written(ctx, key, text, d.Clock().UTC())
	if err != nil {
		return Rehearsed{}, err
	}
	if r.Paused != nil {
		c.Paused = r.Paused(key, c.newest().Inbox)
	}
	d.Answerer = hurried{d.Answerer, r.Timeout}
	if r.Cached != nil {
		d.Cache = peeking{r.Cached}
	}
	if key.Conversation == 0 {
		d.Past = nil
	}
	d.Memories = r.Memory
	var tools TrialTools
	if r.TryTools != nil {
		if tools = r.TryTools(ctx, &c); tools != nil {
			d.Tools = tools
		}
	}
	p, err := Decide(ctx, c, d)
	if tools != nil {
		p.Record.Acts = tools.Acts()
	}
	return Rehearsed{Plan: p, Inbox: c.newest().Inbox, Before: len(c.Memory.History)}, err
}

// written is the case of a message that is written now.
func (r Rehearsal) written(ctx context.Context, key tania.ConversationKey, text string, now time.Time) (Case, error) {
	m := tania.Message{Key: key, Content: text, Status: tania.StatusPending, CanReply: true, Created: now, Received: now}
	c := Case{Turn: "trial", Attempt: 1, Now: now}
	if key.Conversation == 0 {
		if r.Inbox != nil {
			m.Inbox = r.Inbox()
		}
		c.Messages = []tania.Message{m}
		return c, nil
	}
	var err error
	if c.Memory, err = r.Memory.Conversation(ctx, key); err != nil {
		return c, err
	}
	if c.Live, c.LiveErr = r.look(ctx, key); c.Live == nil && (chatwoot.Gone(c.LiveErr) || c.Memory.Updated.IsZero() &&
		c.Memory.SeenAt.IsZero()) {
		return c, errors.Join(fmt.Errorf("%w: %s", ErrNoConversation, key), c.LiveErr)
	}
	m = r.into(m, &c)
	if c.Live != nil {
		c.Live.Status = "" // the message changes it, and has what it is then
	}
	if d := r.Governor; d != nil && m.Contact.ID != 0 && d.HearsConsent(m.Channel) {
		if c.Contact, err = r.Memory.Contact(ctx, key.Account, m.Contact.ID); err != nil {
			return c, err
		}
	}
	c.Messages = []tania.Message{m}
	return c, nil
}

// look looks at the conversation; nil where the token does not allow it, or with an error.
func (r Rehearsal) look(ctx context.Context, key tania.ConversationKey) (*chatwoot.Conversation, error) {
	ctx, done := context.WithTimeout(ctx, pastTime)
	defer done()
	live, err := r.Chatwoot.Conversation(ctx, key)
	switch {
	case err == nil:
		return &live, nil
	case chatwoot.IsStatus(err, 401), chatwoot.IsStatus(err, 403):
		return nil, nil
	}
	return nil, err
}

// into puts a message into a conversation as its webhook would have it.
func (r Rehearsal) into(m tania.Message, c *Case) tania.Message {
	known := c.Memory
	m.Inbox, m.Channel, m.Contact, m.Status, m.CanReply, m.Labels = known.Inbox, known.Channel, known.Contact, known.Status, known.CanReply,
		known.Labels
	m.AssigneeKind, m.AssigneeID = known.AssigneeKind, known.AssigneeID
	for _, e := range known.History {
		m.ID = max(m.ID, e.ID)
	}
	if now := c.Live; now != nil {
		m.Inbox, m.Channel, m.Contact, m.Address, m.Status, m.CanReply, m.Labels = now.Inbox, now.Channel, now.Contact, now.Address, now.Status,
			now.CanReply, now.Labels
		m.AssigneeKind, m.AssigneeID = now.AssigneeKind, now.AssigneeID
		m.Attributes, m.Verified = now.Attributes(r.Bot.Needed()), now.Verified
		if now.Last != nil {
			m.ID = max(m.ID, now.Last.ID)
		}
	}
	m.ID++
	m.Status = r.reopened(m.Status)
	return m
}

// reopened is the status of a conversation once a customer has written into it: a resolved one becomes the bot's where its inbox has one,
// else open, as does a snoozed one (Message#reopen_conversation, reopen_resolved_conversation).
func (r Rehearsal) reopened(s tania.Status) tania.Status {
	switch {
	case s == tania.StatusResolved && (r.Governor == nil || r.Governor.BotUser == 0):
		return tania.StatusPending
	case s == tania.StatusResolved, s == tania.StatusSnoozed:
		return tania.StatusOpen
	}
	return s
}

// hurried is an Answerer that waits for no model.
type hurried struct {
	Answerer
	timeout time.Duration
}

// Answer implements Answerer.
func (h hurried) Answer(ctx context.Context, q answer.Question) (answer.Answer, error) {
	asking, done := context.WithTimeout(ctx, h.timeout)
	defer done()
	a, err := h.Answerer.Answer(asking, q)
	if err != nil && ctx.Err() == nil && llm.Away(err) {
		err = &NoModelError{Cause: err}
	}
	return a, err
}

// peeking is a cache that is asked and not changed.
type peeking struct{ cache *cache.Cache }

// Doubt implements Cache. A doubt that a customer's turn would leave with an entry is not left by a rehearsal, which may be given that
// entry still.
func (peeking) Doubt(string, tania.ConversationKey, cache.Signal) {}

// Look implements Cache.
func (p peeking) Look(ctx context.Context, r shareable.Request) cache.Look {
	return p.cache.Peek(ctx, r)
}

// Await implements Cache.
func (peeking) Await(_ context.Context, _ shareable.Request, l cache.Look, _ time.Duration) cache.Look {
	return l
}

// Settle implements Cache.
func (p peeking) Settle(_ context.Context, r shareable.Request, l cache.Look, made *shareable.Candidate) shareable.Refusal {
	if made == nil {
		return ""
	}
	return p.cache.Refuses(r, l, *made)
}
