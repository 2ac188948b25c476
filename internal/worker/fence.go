package worker

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/reply"
	"tania/internal/tania"
)

// errPaused is why an answer is not sent: an operator paused the bot while it was made. The turn is decided anew, and a human gets it.
// An answer of which an earlier attempt may have sent a part is finished.
var errPaused = errors.New("worker: the bot was paused")

// lookTimeout bounds a look at the conversation: the customer waits meanwhile.
const lookTimeout = 3 * time.Second

// lookout remembers of each bot until when its token may not look at conversations (an agent bot's before Chatwoot 4.14.2).
type lookout struct{ forbidden sync.Map }

func (l *lookout) mayLook(bot string, now time.Time) bool {
	until, ok := l.forbidden.Load(bot)
	return !ok || !now.Before(until.(time.Time)) //nolint:forcetypeassert // nothing else is stored
}

// look is one look at the conversation. ok is false, and c empty, where it failed, and where the token does not allow it, which is
// no error.
func (r *run) look(ctx context.Context) (c chatwoot.Conversation, ok bool, err error) {
	if !r.lookout.mayLook(r.Name, time.Now()) {
		return c, false, nil
	}
	ctx, done := context.WithTimeout(ctx, lookTimeout)
	defer done()
	c, err = r.Chatwoot.Conversation(ctx, r.t.Key)
	if chatwoot.IsStatus(err, 401) || chatwoot.IsStatus(err, 403) {
		r.lookout.forbidden.Store(r.Name, time.Now().Add(10*time.Minute))
		return c, false, nil
	}
	return c, err == nil, err
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
	switch live, ok, lookErr := r.look(ctx); {
	case chatwoot.Gone(lookErr), r.mustLook(lookErr):
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
	if r.resumed || r.retried || last == nil || last.Marker == nil {
		return false
	}
	return !slices.ContainsFunc(r.t.Messages, func(m tania.Message) bool { return last.Marker.Answers[m.ID] != digest(&m) })
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

// mustLook reports whether a look failed in a way that leaves nothing to send by either. A look that took too long, or that a version of
// Chatwoot cannot give (500), does not.
func (r *run) mustLook(err error) bool {
	return chatwoot.Away(err) && !chatwoot.IsStatus(err, 500) && !errors.Is(err, context.DeadlineExceeded)
}

// found is what is known of a part of a turn: whether it is in Chatwoot, and as which message (0: not known which).
type found struct {
	sent bool
	id   tania.MessageID
}

// wasSent finds out whether a part of the turn's plan is in Chatwoot: from the echo webhook, else by a look, where the
// token allows one. A part of which neither tells counts as not sent: the window that docs/delivery.md names.
func (r *run) wasSent(ctx context.Context, p plan, part string) (found, error) {
	memory, err := r.Engine.Conversation(ctx, r.t.Key)
	if err != nil {
		return found{}, err
	}
	for _, s := range memory.Sent {
		if s.Turn == r.t.ID && s.Part == part {
			return found{true, s.Message}, nil
		}
	}
	if r.Governor.BotUser != 0 {
		return r.listed(ctx, part)
	}
	live, _, err := r.look(ctx)
	if live.Last == nil {
		return found{}, err
	}
	if f := r.covers(live.Last, part); f.sent {
		return f, nil
	}
	return found{sent: part == firstPart && r.waitEnded(&live, p, &memory)}, nil
}

// waitEnded reports that the wait which the plan was made for is over, though a bot's look shows a later message alone: nothing else of the
// bot's ended it, as a later turn or this one's apology may, so the first part did. If a human did, the plan is no answer any more.
func (r *run) waitEnded(live *chatwoot.Conversation, p plan, memory *tania.Conversation) bool {
	return live.Last.ID > r.newest().ID && !p.Waiting.IsZero() && !live.WaitingSince.Equal(p.Waiting) &&
		!slices.ContainsFunc(memory.Sent, func(s tania.SentMark) bool { return s.Turn >= r.t.ID })
}

func (r *run) listed(ctx context.Context, part string) (found, error) {
	ctx, done := context.WithTimeout(ctx, lookTimeout)
	defer done()
	messages, err := r.Chatwoot.Messages(ctx, r.t.Key, chatwoot.MessageQuery{After: r.t.Messages[0].ID})
	for i := range messages {
		if f := r.covers(&messages[i], part); f.sent {
			return f, nil
		}
	}
	return found{}, err
}

// covers reports whether a message proves that a part was sent: it is that part, or a later one of the same reply.
func (r *run) covers(m *chatwoot.Message, part string) found {
	if m.Marker == nil || m.Marker.Turn != r.t.ID {
		return found{}
	}
	if m.Marker.Part == part {
		return found{true, m.ID}
	}
	seen, _ := strconv.Atoi(m.Marker.Part) // 0, which is before every part, where it is none of the reply
	asked, err := strconv.Atoi(part)
	return found{sent: err == nil && seen > asked}
}
