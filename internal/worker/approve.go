package worker

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tania/internal/answer/choice"
	"tania/internal/approval"
	"tania/internal/chatwoot"
	"tania/internal/chatwoot/channels"
	"tania/internal/reply"
	"tania/internal/tania"
	"tania/internal/tool/once"
	"tania/internal/worker/acts"
	"tania/internal/worker/quiet"
	"tania/internal/worker/sent"
)

// heard gives the conversation with what became of the turn's request for the team's word: the customer's own no, and the end of patience,
// decide too. A message that is taken in now needs nobody to wake the turn for it.
func (r *run) heard(ctx context.Context, memory *tania.Conversation) (*tania.Conversation, error) {
	if a := memory.Approval; !a.Of(r.t.ID) || a.Closed {
		return memory, nil
	}
	now, late := r.storeNow(), false
	changed, err := r.Engine.UpdateConversation(ctx, r.t.Key, func(c *tania.Conversation) bool {
		if !c.Approval.Of(r.t.ID) {
			return false
		}
		a := *c.Approval
		a.Newer = false
		late = a.Ruling == nil && !now.Before(a.Until)
		switch {
		case (a.Ruling == nil || a.Ruling.Verdict == tania.ApprovalGiven) && r.declined(&a):
			a.Ruling = &tania.Ruling{Verdict: tania.ApprovalWithdrawn, Reason: tania.WithdrawnByCustomer, At: now}
		case late:
			a.Ruling = &tania.Ruling{Verdict: tania.ApprovalExpired, At: now}
		}
		c.Approval = &a
		return true
	})
	if err != nil {
		return memory, err
	}
	// Behind the flag that was taken back, so that no message is between the two.
	_, err = r.Engine.Absorb(ctx, r.t)
	return &changed, err
}

// besideNo are words that say nothing more beside a no.
const besideNo = "déjalo déjelo dejalo leave it deixa deixe cancel cancela cancele"

// declined reports whether the customer has said no, and nothing else, since the team was asked.
func (r *run) declined(a *tania.Approval) bool {
	since := slices.DeleteFunc(slices.Clone(r.said()), func(m tania.Message) bool { return m.ID <= a.Newest || m.Undelivered != nil })
	return len(since) > 0 && choice.Agrees(reply.Text(since), besideNo) == choice.No
}

// takeUp goes by what the team has decided on the turn's request, before anything else is: what it approved is done, whether or not the bot
// may still speak. It reports true where the plan is made by that.
func (r *run) takeUp(ctx context.Context, memory *tania.Conversation) (plan, bool, error) {
	p := r.undecided()
	if r.box == nil {
		return p, false, nil
	}
	_, _, err := r.box.Before(ctx)
	if _, person := acts.NeedsPerson(err); err != nil && !person {
		p.Record.Acts = r.box.Acts()
		return p, false, err
	}
	p, err = r.closeRequests(ctx, p, false)
	p.Record.Acts = r.box.Acts()
	a := memory.Approval
	if err == nil && r.unheard(a) {
		return p, true, &once.ApprovalError{Request: *r.box.Pending()}
	}
	if err != nil || a.Ruling == nil || a.Ruling.Verdict != tania.ApprovalExpired || r.retried {
		return p, false, err
	}
	p.Record.Language, p.Record.Reason = reply.Language(r.Bot, "", memory.Language), tania.Proceed
	p.Record.Outcome, p.Record.Handoff = tania.OutcomeHandedOver, tania.HandoffApproval
	p.Handoff, p.HandoffDetail = tania.HandoffApproval, fmt.Sprintf("%s %s", a.Tool, a.Arguments)
	return p, true, nil
}

// unheard reports whether nothing came since the turn was parked: it waits on, and nothing is decided anew.
func (r *run) unheard(a *tania.Approval) bool {
	waits := r.box.Pending()
	if waits == nil || waits.Entry != a.Entry || a.Note == 0 {
		return false
	}
	return a.Ruling == nil && !a.Closed && a.Read == r.box.Reads()
}

// askTeam asks the team for its word on a call, tells the customer that it is being looked at, and parks the turn. An earlier attempt may
// have come as far as it likes: each is done once.
func (r *run) askTeam(ctx context.Context, p plan, asked once.Request) (plan, error) {
	p.Record.Reason, p.Record.Outcome, p.Record.Handoff = tania.AwaitsApproval, tania.OutcomeWaiting, ""
	p, silenced, err := r.fence(ctx, p)
	if err != nil {
		return p, err
	}
	if silenced {
		p = p.silenced()
		if p, err = r.endRequests(ctx, p); err != nil {
			return p, err
		}
		return p, r.complete(ctx, p)
	}
	memory, err := r.opened(ctx, asked)
	if err != nil {
		return p, err
	}
	if more, err := r.Engine.Absorb(ctx, r.t); more || err != nil {
		return p, cmp.Or(err, quiet.ErrNewer)
	}
	if p, err = r.closeRequests(ctx, p, false); err != nil {
		return p, err
	}
	p.Record.Language = reply.Language(r.Bot, p.Record.Language, memory.Language)
	a, newest := *memory.Approval, r.newest()
	entry := strconv.Itoa(asked.Entry)
	note := approval.Asking(r.Bot.Language, &a, newest.Contact.Name, r.ApprovalPatience)
	p, have, err := r.sayOnce(ctx, p, approval.Part(asked.Entry), note, true)
	if err != nil {
		return p, err
	}
	if _, err = r.Engine.UpdateConversation(ctx, r.t.Key, func(c *tania.Conversation) bool {
		return r.change(c, asked.Entry, func(a *tania.Approval) { a.Note = max(a.Note, have.ID, newest.ID) })
	}); err != nil {
		return p, err
	}
	told := channels.Fit(newest.Channel, r.Bot.Approval.In(p.Record.Language, r.Bot.Language))
	for i, text := range told {
		if p, _, err = r.sayOnce(ctx, p, fmt.Sprintf("looked-at-%s-%d", entry, i+1), text, false); err != nil {
			return p, err
		}
	}
	return r.park(ctx, p, &a)
}

// opened remembers the request with the conversation, from where it is decided on.
func (r *run) opened(ctx context.Context, asked once.Request) (tania.Conversation, error) {
	now := r.storeNow()
	return r.Engine.UpdateConversation(ctx, r.t.Key, func(c *tania.Conversation) bool {
		before := c.Approval
		if before.Of(r.t.ID) && before.Entry == asked.Entry {
			return r.change(c, asked.Entry, func(a *tania.Approval) { a.Read, a.Newest, a.Closed = r.box.Reads(), r.newest().ID, false })
		}
		a := tania.Approval{
			Turn: r.t.ID, Entry: asked.Entry, Number: 1, Tool: asked.Tool, About: asked.About, Arguments: asked.Arguments,
			Read: r.box.Reads(), Newest: r.newest().ID, At: now, Until: now.Add(r.ApprovalPatience),
		}
		if before != nil {
			a.Number = before.Number + 1
			// Somebody may still have the earlier request before their eyes, and mean that one.
			a.Named = now.Sub(before.At) < namedWithin && (before.Ruling == nil || before.Ruling.Verdict == tania.ApprovalWithdrawn)
		}
		c.Approval = &a
		return true
	})
}

// namedWithin is how long somebody may mean an earlier request, which was withdrawn, by a word without its number.
const namedWithin = 24 * time.Hour

// change changes what is remembered of one of the turn's requests, and reports false where the conversation has another by now.
func (r *run) change(c *tania.Conversation, entry int, change func(*tania.Approval)) bool {
	if !c.Approval.Of(r.t.ID) || c.Approval.Entry != entry {
		return false
	}
	a := *c.Approval
	change(&a)
	c.Approval = &a
	return true
}

// looksAgain is how long a turn is parked at a time. What came while it was being parked wakes it at once, by a look of the process that
// parked it; where that process died in between, this look finds it.
const looksAgain = 15 * time.Second

// park gives the turn up until the team has decided, the customer writes, or patience ends.
func (r *run) park(ctx context.Context, p plan, a *tania.Approval) (plan, error) {
	line := approval.Line(r.Bot.Language, a, r.newest().Contact.Name)
	left := min(max(a.Until.Sub(r.storeNow()), time.Millisecond), looksAgain)
	if err := r.Engine.Park(ctx, r.t, left, []byte(line), r.records(p.Record, p.Text())...); err != nil {
		return p, err
	}
	r.stats.deferred.Add(1)
	r.log.Info("turn waits", "reason", p.Record.Reason, "for", left)
	// The turn's lease is over, and with it what ctx is good for.
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), closingTime)
	defer done()
	c, err := r.Engine.Conversation(ctx, r.t.Key)
	if err == nil && c.Approval.Of(r.t.ID) {
		// What was decided, or written, before the turn was parked could not wake it.
		err = approval.Wake(ctx, r.Engine, &c)
	}
	r.report("wake", err)
	return p, nil
}

// goesOn are the reasons with which a request still waits: the bot may speak, or says for a while nothing.
var goesOn = []tania.Reason{tania.Proceed, tania.AwaitsApproval, tania.Empty, tania.RateLimited, tania.TooLong, tania.OutsideHours}

// stands reports whether a plan is one beside which the request still waits.
func (r *run) stands(p plan) bool {
	return r.box != nil && r.box.Pending() != nil && p.Handoff == "" && slices.Contains(goesOn, p.Record.Reason)
}

// meanwhile says what is said beside a request that waits still, and parks the turn again.
func (r *run) meanwhile(ctx context.Context, p plan) (plan, error) {
	var err error
	asked := *r.box.Pending()
	for i := range p.Parts {
		if p, _, err = r.sayOnce(ctx, p, fmt.Sprintf("meanwhile-%d-%d", r.newest().ID, i+1), p.Part(i), false); err != nil {
			return p, err
		}
	}
	memory, err := r.opened(ctx, asked)
	if err != nil {
		return p, err
	}
	if more, err := r.Engine.Absorb(ctx, r.t); more || err != nil {
		return p, cmp.Or(err, quiet.ErrNewer)
	}
	p.Record.Reason, p.Record.Outcome = tania.AwaitsApproval, tania.OutcomeWaiting
	return r.park(ctx, p, memory.Approval)
}

// endRequests withdraws what still waits at the end of the turn, and tells the team what became of its requests.
func (r *run) endRequests(ctx context.Context, p plan) (plan, error) {
	if r.box == nil {
		return p, nil
	}
	cause := tania.WithdrawnAtEnd
	if p.Record.Reason == tania.HumanActive || p.Record.Reason == tania.HumanAssigned {
		cause = tania.WithdrawnForHuman
	}
	if err := r.box.End(ctx, cause); err != nil {
		return p, err
	}
	p, err := r.closeRequests(ctx, p, true)
	p.Record.Acts = r.box.Acts()
	return p, err
}

// closeRequests tells the team what became of each request of the turn that was decided on. Before the end one that was approved, and not
// made because the customer has written since, may still be.
func (r *run) closeRequests(ctx context.Context, p plan, end bool) (plan, error) {
	for _, d := range r.box.Decided() {
		if !end && d.Ruling.Verdict == tania.ApprovalGiven && d.Act == nil && d.Refused == "" {
			continue
		}
		var err error
		if p, err = r.closeRequest(ctx, p, d); err != nil {
			return p, err
		}
	}
	return p, nil
}

func (r *run) closeRequest(ctx context.Context, p plan, d once.Decided) (plan, error) {
	step := "approval-closed-" + strconv.Itoa(d.Entry)
	memory, err := r.Engine.Conversation(ctx, r.t.Key)
	if err != nil || memory.IsDone(r.t.ID, step) {
		return p, err
	}
	// A request that nobody was told of needs no end, and the handoff tells of one on which nobody has decided.
	if memory.WasSent(r.t.ID, approval.Part(d.Entry)) && d.Ruling.Verdict != tania.ApprovalExpired {
		c := approval.Closed{Ruling: d.Ruling, Act: d.Act, Refused: d.Refused, Number: r.numberOf(&memory, d.Entry)}
		if p, _, err = r.sayOnce(ctx, p, step, approval.Closing(r.Bot.Language, c), true); err != nil {
			return p, err
		}
	}
	_, err = r.Engine.UpdateConversation(ctx, r.t.Key, func(c *tania.Conversation) bool {
		r.change(c, d.Entry, func(a *tania.Approval) { a.Ruling, a.Closed = &d.Ruling, true })
		c.MarkDone(r.t.ID, step)
		return true
	})
	return p, err
}

// numberOf is the number by which people know a request: the last one's, or those before it in the turn.
func (r *run) numberOf(memory *tania.Conversation, entry int) int {
	a := memory.Approval
	if !a.Of(r.t.ID) {
		return 1
	}
	n := a.Number
	if a.Entry != entry {
		n--
	}
	return max(n, 1)
}

// sayOnce sends a message that is no part of the turn's plan, unless it is known to be in Chatwoot, and remembers it.
func (r *run) sayOnce(ctx context.Context, p plan, part, text string, private bool) (plan, sent.Part, error) {
	have, err := r.wasSent(ctx, p, part)
	if err == nil && !have.Sent {
		have, err = r.post(ctx, p, part, chatwoot.OutgoingMessage{Content: text, Private: private})
	}
	if err != nil {
		return p, have, err
	}
	_, err = r.Engine.UpdateConversation(ctx, r.t.Key, func(c *tania.Conversation) bool {
		r.remember(c, p)
		c.MarkSent(tania.SentMark{Turn: r.t.ID, Part: part, Message: have.ID})
		if !private {
			c.Remember(tania.Entry{ID: have.ID, From: tania.FromBot, Name: r.Bot.Name, Text: text, At: time.Now().UTC()})
		}
		return true
	})
	return p, have, err
}
