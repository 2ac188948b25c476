package worker

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/handoff"
	"tania/internal/reply"
	"tania/internal/tania"
	"tania/internal/worker/sent"
)

// deliver sends the plan: the parts in order, then the handoff. What an earlier attempt sent is not sent again.
func (r *run) deliver(ctx context.Context, p plan) (plan, error) {
	if p.Quiet() {
		return p, nil
	}
	ctx, done := r.step(ctx, "send")
	p, err := r.sendAll(ctx, p)
	p.Record.Steps = append(p.Record.Steps, done())
	return p, err
}

func (r *run) sendAll(ctx context.Context, p plan) (plan, error) {
	p = r.inItsWords(p)
	if err := r.checkpoint(ctx, p); err != nil {
		return p, err
	}
	for i, text := range p.Parts {
		var err error
		if i > 0 && p.Paced && !r.resumed {
			stopped, err := r.typed(ctx, text)
			if err == nil && stopped != "" {
				p.Plan = p.Until(i, stopped)
			}
			if err != nil || stopped != "" {
				return p, err
			}
		}
		m := chatwoot.OutgoingMessage{Content: text, Template: p.Template}
		if options := p.OptionsOf(i); len(options) > 0 {
			m.ContentType, m.Attributes = chatwoot.InputSelect, map[string]any{"items": options}
		}
		if p, err = r.sendOnce(ctx, p, strconv.Itoa(i+1), m, p.Part(i)); err != nil {
			return p, err
		}
	}
	if p.Handoff == "" {
		return r.close(ctx, p)
	}
	return r.handoff(ctx, p, false)
}

// checkpoint stores the plan before its first word leaves. The part a message has is its place in this plan, so an
// attempt that has one keeps it.
func (r *run) checkpoint(ctx context.Context, p plan) error {
	if r.resumed {
		return nil
	}
	return r.store(ctx, p)
}

// inItsWords is the plan with all that it says, so that a later attempt says the same whatever version of the bot it finds.
func (r *run) inItsWords(p plan) plan {
	if p.Handoff != "" && p.Message == "" {
		p.Message = r.Bot.Handoff.In(p.Record.Language, r.Bot.Language)
	}
	return p
}

func (r *run) store(ctx context.Context, p plan) error {
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("worker: write checkpoint: %w", err)
	}
	return r.Engine.Checkpoint(ctx, r.t, data)
}

// sendOnce sends one part unless it is known to be in Chatwoot, and remembers it as it reads. A first attempt has sent nothing.
func (r *run) sendOnce(ctx context.Context, p plan, part string, m chatwoot.OutgoingMessage, read string) (plan, error) {
	var have sent.Part
	var err error
	if r.resumed {
		have, err = r.wasSent(ctx, p, part)
	}
	if err == nil && !have.Sent {
		have, err = r.post(ctx, p, part, m)
	}
	if err != nil {
		return p, err
	}
	if have.ID != 0 {
		p.Record.Replies = append(p.Record.Replies, have.ID)
	}
	_, err = r.Engine.UpdateConversation(ctx, r.t.Key, func(c *tania.Conversation) bool {
		r.remember(c, p)
		c.MarkSent(tania.SentMark{Turn: r.t.ID, Part: part, Message: have.ID})
		c.Remember(tania.Entry{ID: have.ID, From: tania.FromBot, Name: r.Bot.Name, Text: read, At: time.Now().UTC()})
		return true
	})
	return p, err
}

// post sends one message. When its fate is unknown it looks before it gives up.
func (r *run) post(ctx context.Context, p plan, part string, message chatwoot.OutgoingMessage) (sent.Part, error) {
	if err := r.lease.Ensure(ctx); err != nil {
		return sent.Part{}, err
	}
	message.Marker = r.marker(p, part)
	m, err := r.Chatwoot.SendMessage(ctx, r.t.Key, message)
	if err == nil {
		if m.Sender.Kind == tania.ActorBot {
			r.Governor.Self.Learn(m.Sender.ID)
		}
		return sent.Part{Sent: true, ID: m.ID}, nil
	}
	if chatwoot.Ambiguous(err) {
		if have, lookErr := r.wasSent(ctx, p, part); lookErr == nil && have.Sent {
			r.log.Warn("message was saved although the call failed", "part", part, "error", err)
			return have, nil
		}
	}
	return sent.Part{}, fmt.Errorf("worker: send part %s: %w", part, err)
}

// marker is what a part of the plan is recognised by. The last part of a reply says what it answers; a handoff's are named, not counted.
func (r *run) marker(p plan, part string) *chatwoot.Marker {
	m := &chatwoot.Marker{Turn: r.t.ID, Part: part, Again: p.repeats(part)}
	if part == strconv.Itoa(len(p.Parts)) {
		m.Answers = sent.Answers(r.t)
	}
	return m
}

// handoff brings a human in. With last the customer's message is no longer waited for.
func (r *run) handoff(ctx context.Context, p plan, last bool) (plan, error) {
	memory, err := r.Engine.UpdateConversation(ctx, r.t.Key, func(c *tania.Conversation) bool {
		r.remember(c, p)
		return true
	})
	if err != nil {
		return p, err
	}
	sum := &summed{run: r, episode: memory.Episode()}
	report, err := r.Handoff.Run(ctx, handoff.Case{
		Turn: r.t.ID, Key: r.t.Key, Reason: p.Handoff, Detail: p.HandoffDetail,
		Language: p.Record.Language, Message: p.Message, Contact: r.newest().Contact, Inbox: r.newest().Inbox,
		Channel: r.newest().Channel, History: sum.episode, Sources: memory.LastSources, Unsaid: p.Unsaid, Resumed: r.resumed,
		Silent: p.Unreachable || p.Handoff.Silent(), Summarise: sum.wanted(p.Handoff),
		Sent: func(ctx context.Context, part string) (bool, error) {
			have, err := r.wasSent(ctx, p, part)
			return have.Sent, err
		},
		Away: func(ctx context.Context, err error) bool {
			return chatwoot.Away(err) && r.Peers.Chatwoot.Check(ctx, err)
		},
		Held: r.lease.Ensure, Last: last, Procedure: atHandoff(&memory, r.t.ID),
	})
	p.Record.Usage = p.Record.Usage.Add(sum.usage)
	for _, s := range report.Steps {
		if s.Err != "" {
			p.Record.Unchecked = append(p.Record.Unchecked, "handoff "+s.Name+": "+s.Err)
		}
	}
	return p, err
}

// remember notes the turn's messages and what was learnt of the conversation. It may run any number of times.
func (r *run) remember(c *tania.Conversation, p plan) {
	for _, m := range r.said() {
		if m.Undelivered != nil {
			break
		}
		if text := m.Told(); text != "" && !m.Deleted {
			c.Remember(tania.Entry{ID: m.ID, From: tania.FromCustomer, Name: m.Contact.Name, Text: text, At: m.Created})
		}
		if !slices.ContainsFunc(c.Arrivals, m.Received.Equal) {
			c.Arrivals = append(c.Arrivals, m.Received)
		}
	}
	minuteAgo := time.Now().Add(-time.Minute)
	c.Arrivals = slices.DeleteFunc(c.Arrivals, minuteAgo.After)
	newest := r.newest()
	c.Inbox, c.Channel = newest.Inbox, newest.Channel
	c.KnowContact(newest.Contact, newest.Created)
	if p.Record.Language != "" {
		c.Language = p.Record.Language
	}
	if p.Notice != "" {
		if c.Notices == nil {
			c.Notices = map[tania.Notice]time.Time{}
		}
		c.Notices[p.Notice] = time.Now().UTC()
	}
	c.Acted(p.Record.Acts)
	c.AskedFor(r.t.ID, p.Asks)
	if n := len(p.Placeholders); n > 0 {
		c.Placeholders = p.Placeholders[max(0, n-tania.PlaceholderLimit):]
	}
	if p.Procedure != nil {
		c.Procedure = p.Procedure
	}
	if !p.Quiet() && !r.undelivered() {
		c.LastHit = p.Hit(r.said())
		c.Said(r.t.ID, reply.Text(r.said()), p.Choices)
	}
	if len(p.Parts) > 0 && len(p.Repeats) == 0 {
		c.LastSources = p.Record.Sources
	}
	if p.Record.Outcome == tania.OutcomeNotKnown && !slices.Contains(c.NotKnown, r.t.ID) {
		c.NotKnown = append(c.NotKnown, r.t.ID)
		c.NotKnown = c.NotKnown[max(0, len(c.NotKnown)-tania.NotKnownLimit):]
	}
	c.Updated = time.Now().UTC()
}
