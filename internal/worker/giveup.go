package worker

import (
	"cmp"
	"context"
	"errors"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/language"
	"tania/internal/reply"
	"tania/internal/tania"
)

// errGivenUp ends an attempt at a turn that was given up before, and whose apology is still due.
var errGivenUp = errors.New("worker: the turn was given up")

// stepBuried is remembered of a turn that goes to the dead letters.
const stepBuried = "buried"

// giveUp is the end of a turn that failed for the last time: an apology, a human, the dead letters. While Chatwoot is away the apology
// waits as an answer would; what of it cannot be done is logged, for the dead letter holds the messages in any case.
func (r *run) giveUp(ctx context.Context, record tania.Record, cause error) tania.Record {
	t := r.setTrouble(ctx, tania.Trouble{Turn: r.t.ID}, func(t *tania.Trouble) {
		if !t.GivenUp {
			*t = tania.Trouble{Turn: r.t.ID, Cause: cause.Error(), Since: time.Now().UTC(), GivenUp: true}
		}
	})
	record.Outcome, record.Error = tania.OutcomeFailed, t.Cause
	r.log.Error("turn failed for the last time", "error", t.Cause)
	record, err := r.apologise(ctx, record, false)
	if chatwoot.Gone(err) {
		gone, found := r.gone(ctx, err)
		if gone {
			return r.deleted(ctx, record)
		}
		err = found
	}
	if err != nil {
		if w := r.outage(ctx, err); w != nil {
			return r.giveBack(ctx, record, w)
		}
	}
	if chatwoot.Away(err) {
		record, err = r.apologise(ctx, record, true)
	}
	return r.bury(ctx, record, errors.New(t.Cause), err)
}

// bury moves the turn to the dead letters; untold is why the customer could not be told.
func (r *run) bury(ctx context.Context, record tania.Record, cause, untold error) tania.Record {
	record.Outcome = tania.OutcomeFailed
	if untold != nil {
		r.log.Error("apology or handoff failed", "error", untold)
		record.Detail = "the apology could not be sent: " + untold.Error()
	}
	_, err := r.Engine.UpdateConversation(ctx, r.t.Key, func(c *tania.Conversation) bool {
		c.Trouble = nil
		c.MarkDone(r.t.ID, stepBuried)
		if c.Approval.Of(r.t.ID) {
			c.Rule(tania.Ruling{Verdict: tania.ApprovalWithdrawn, Reason: tania.WithdrawnAtEnd, At: r.storeNow()})
		}
		return true
	})
	r.report("remember the end", err)
	records := r.records(record, "")
	err = r.Engine.Bury(ctx, r.t, cause, records...)
	r.report("bury", err)
	if err == nil {
		r.stats.dead.Add(1)
		r.finished(record, records)
	}
	return record
}

// apologise says that no answer comes, and brings a human. With last the customer's message is no longer waited for.
func (r *run) apologise(ctx context.Context, record tania.Record, last bool) (tania.Record, error) {
	if record.Language == "" {
		memory, err := r.Engine.Conversation(ctx, r.t.Key)
		if err != nil {
			return record, err
		}
		record.Language = reply.Language(r.Bot, language.Detect(reply.Text(r.said())), memory.Language)
	}
	p := plan{Plan: reply.Plan{
		Handoff: tania.HandoffFailed, HandoffDetail: record.Error,
		Message: r.Bot.Apology.In(record.Language, r.Bot.Language), Record: record,
	}}
	p, silenced, err := r.fence(ctx, p)
	if silenced || err != nil && !last {
		return p.Record, err
	}
	p.Record.Handoff = tania.HandoffFailed
	p, err = r.handoff(ctx, p, last)
	return p.Record, err
}

// wasDead reports whether the turn comes from the dead letters. One from before that was noted is known by the handoff of its apology,
// which no plan of it asks for.
func (r *run) wasDead(memory *tania.Conversation, p *plan) bool {
	own := memory.HandedOver != nil && memory.HandedOver.Turn == r.t.ID
	return memory.IsDone(r.t.ID, stepBuried) || own && (p == nil || p.Handoff == "")
}

// stillTimely gives the plan of an earlier attempt, or, where it comes too late, the apology for that in its place.
func (r *run) stillTimely(ctx context.Context, p plan, memory *tania.Conversation) (plan, error) {
	record := p.Record
	record.Language = cmp.Or(record.Language, reply.Language(r.Bot, "", memory.Language))
	late, tooLate := reply.TooLate(r.caseOf(memory, tania.ContactMemory{}), reply.Deps{Bot: r.Bot, MaxAge: r.ReplyMaxAge}, record)
	if !tooLate {
		return p, nil
	}
	instead := plan{Plan: late, Waiting: p.Waiting}
	return instead, r.store(ctx, instead)
}
