package worker

import (
	"context"
	"errors"

	"tania/internal/chatwoot"
	"tania/internal/reply"
	"tania/internal/tania"
	"tania/internal/worker/sent"
)

// errPaused is why an answer is not sent: an operator paused the bot while it was made. The turn is decided anew, and a human gets it.
// An answer of which an earlier attempt may have sent a part is finished.
var errPaused = errors.New("worker: the bot was paused")

// inChatwoot finds out what of the turn is in Chatwoot.
func (r *run) inChatwoot() sent.Turn {
	return sent.Turn{Turn: r.t, Chatwoot: r.Chatwoot, Lookout: &r.lookout, Bot: r.Name, Lists: r.Governor.BotUser != 0}
}

// fence asks, right before something is sent, whether the bot may still speak: has a human stepped in, has the status
// changed, has our lease gone? It gives the plan with the verdict in its record, and reports true when it must not be carried out.
func (r *run) fence(ctx context.Context, p plan) (_ plan, silenced bool, err error) {
	ctx, done := r.step(ctx, "fence")
	p, silenced, err = r.judgedNow(ctx, p)
	p.Record.Steps = append(p.Record.Steps, done())
	return p, silenced, err
}

func (r *run) judgedNow(ctx context.Context, p plan) (_ plan, silenced bool, err error) {
	memory, err := r.Engine.Conversation(ctx, r.t.Key)
	if err != nil {
		return p, false, err
	}
	contact, err := r.contact(ctx)
	if err != nil {
		return p, false, err
	}
	if p.Handoff != "" && memory.HandedOver != nil && memory.HandedOver.Turn == r.t.ID {
		// This very turn's handoff has begun: what it changed is no reason not to finish it.
		return p, false, nil
	}
	now := r.caseOf(&memory, contact)
	if now.Paused != "" && !r.resumed && p.Handoff == "" {
		return p, false, errPaused
	}
	facts := now.Facts()
	switch live, ok, lookErr := r.inChatwoot().Look(ctx); {
	case chatwoot.Gone(lookErr), sent.MustLook(lookErr):
		return p, false, lookErr
	case lookErr != nil:
		facts.LiveErr = lookErr
	case ok:
		facts.Live = &live
		if !r.resumed {
			p.Waiting = live.WaitingSince
		}
	}
	if facts.Live != nil && r.answered(facts.Live.Last) {
		p, err = r.withReplyOf(ctx, p, facts.Live.Last)
		return p, true, err
	}
	v := r.Governor.Fence(facts)
	p.Record.Unchecked = append(p.Record.Unchecked, v.Unchecked...)
	if v.Proceed() {
		return p, false, nil
	}
	if v.Reason == tania.CannotReply {
		p, err = r.outsideWindow(ctx, p, v.Detail)
		return p, false, err
	}
	p.Record.Reason, p.Record.Detail = v.Reason, v.Detail
	r.log.Info("answer withheld", "reason", v.Reason, "detail", v.Detail)
	return p, true, nil
}

// outsideWindow is the plan as it can be carried out where the channel takes no messages of the bot now.
func (r *run) outsideWindow(ctx context.Context, p plan, detail string) (plan, error) {
	newest := r.newest()
	instead := p
	instead.Plan = reply.OutsideWindow(p.Plan, &newest, r.Bot, detail, r.resumed)
	if !r.resumed || instead.Unreachable == p.Unreachable {
		return instead, nil
	}
	// A later attempt must not find the plan that could not be carried out.
	return instead, r.store(ctx, instead)
}

// answered reports whether the last message is the whole reply to the turn's messages, though no attempt at this turn is known to have sent
// anything: the store lost what it knew of it, as a replica does that became the master before it had everything. A turn that an operator
// wants answered once more is.
func (r *run) answered(last *chatwoot.Message) bool {
	return !r.resumed && !r.retried && sent.Answered(r.t, last)
}

// withReplyOf ends the plan with the reply that is in Chatwoot, and remembers that.
func (r *run) withReplyOf(ctx context.Context, p plan, last *chatwoot.Message) (plan, error) {
	p.Record.Reason, p.Record.Detail = tania.Duplicate, "the messages were answered by turn "+string(last.Marker.Turn)
	p.Record.Replies = append(p.Record.Replies, last.ID)
	r.log.Warn("answer withheld", "reason", p.Record.Reason, "detail", p.Record.Detail)
	_, err := r.Engine.UpdateConversation(ctx, r.t.Key, func(c *tania.Conversation) bool {
		c.Remember(tania.Entry{ID: last.ID, From: tania.FromBot, Name: r.Bot.Name, Text: last.Content, At: last.Created})
		return true
	})
	return p, err
}

// wasSent finds out whether a part of the turn's plan is in Chatwoot.
func (r *run) wasSent(ctx context.Context, p plan, part string) (sent.Part, error) {
	memory, err := r.Engine.Conversation(ctx, r.t.Key)
	if err != nil {
		return sent.Part{}, err
	}
	return r.inChatwoot().Find(ctx, &memory, part, p.Waiting)
}
