package worker

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/call"
	"tania/internal/tool/chatwoottool"
	"tania/internal/worker/sent"
)

// chatwootTools call Chatwoot for the turn, as long as the bot may speak in its conversation.
func (r *run) chatwootTools(memory *tania.Conversation) call.Caller {
	return &chatwoottool.Caller{
		API: r.Chatwoot, Key: r.t.Key, Contact: r.newest().Contact.ID, Now: func() time.Time { return time.Now().UTC() },
		Steers: func(label string) bool { return r.Steers != nil && r.Steers(label) },
		May: func(ctx context.Context) (string, error) {
			why, _, err := r.stillOurs(ctx, memory)
			return why, err
		},
	}
}

// stillOurs asks what the fence asks before something is sent: why the bot may change nothing in the conversation any more, empty where it
// may. It gives the look at the conversation, empty where there was none.
func (r *run) stillOurs(ctx context.Context, memory *tania.Conversation) (why string, live chatwoot.Conversation, err error) {
	if err := r.lease.Ensure(ctx); err != nil {
		return "", live, err
	}
	now := r.caseOf(memory, tania.ContactMemory{})
	facts := now.Facts()
	live, looked, err := r.inChatwoot().Look(ctx)
	switch {
	case chatwoot.Gone(err), sent.MustLook(err):
		return "", live, err
	case err != nil:
		facts.LiveErr = err
	case looked:
		facts.Live = &live
	}
	if v := r.Governor.Fence(facts); !v.Proceed() {
		return string(v.Reason), live, nil
	}
	return "", live, nil
}

// closingOf is how the turn's calls leave the conversation once the answer was sent; nil: as it is. What the customer wrote on since such a
// call has taken it back.
func (r *run) closingOf(acts []tania.Act) (c *chatwoottool.Closing) {
	for _, a := range acts {
		i := slices.IndexFunc(r.Bot.Tools, func(t tool.Tool) bool { return t.Name == a.Tool })
		var arguments map[string]any
		if !a.OK || i < 0 || a.At.Before(r.newest().Received) || json.Unmarshal(a.Arguments, &arguments) != nil {
			continue
		}
		if closes := chatwoottool.ClosingOf(&r.Bot.Tools[i], arguments, a.At); closes != nil {
			c = closes
		}
	}
	return c
}

// close leaves the conversation as the plan says, when the answer has been sent: not where a human has come, or the customer has written
// on, whose message would then wait in a resolved conversation.
func (r *run) close(ctx context.Context, p plan) (plan, error) {
	if p.Closing == nil || p.Record.Outcome != tania.OutcomeAnswered {
		return p, nil
	}
	memory, err := r.Engine.Conversation(ctx, r.t.Key)
	if err != nil {
		return p, err
	}
	why, live, err := r.stillOurs(ctx, &memory)
	if err != nil {
		return p, err
	}
	if why == "" && r.wroteOn(&live) {
		why = "the customer wrote on"
	}
	if why == "" {
		err = p.Closing.Close(ctx, r.Chatwoot, r.t.Key)
		if chatwoot.Away(err) || chatwoot.Gone(err) {
			return p, err
		}
	}
	if err != nil {
		why = err.Error()
	}
	if why != "" {
		p.Record.Unchecked = append(p.Record.Unchecked, "not "+string(p.Closing.Status)+": "+why)
	}
	return p, nil
}

// wroteOn reports whether the customer is known to have written since the turn's messages.
func (r *run) wroteOn(live *chatwoot.Conversation) bool {
	if r.overlooked.Load() {
		return true
	}
	select {
	case <-r.t.Newer:
		return true
	default:
	}
	return live.Last != nil && live.Last.ID > r.newest().ID && live.Last.Sender.Kind == tania.ActorContact
}
