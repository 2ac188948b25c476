package worker

import (
	"cmp"
	"context"
	"errors"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// errGivenUp ends an attempt at a turn that was given up before, and whose apology is still due.
var errGivenUp = errors.New("worker: the turn was given up")

// stepBuried is remembered of a turn that goes to the dead letters.
const stepBuried = "buried"

// giveUp is the end of a turn that failed for the last time: an apology, a human, the dead letters. While Chatwoot is away the apology
// waits as an answer would; what of it cannot be done is logged, for the dead turn holds the messages in any case.
func (r *run) giveUp(ctx context.Context, cause error) {
	t := r.setTrouble(ctx, tania.Trouble{Turn: r.t.ID}, func(t *tania.Trouble) {
		if !t.GivenUp {
			*t = tania.Trouble{Turn: r.t.ID, Cause: cause.Error(), Since: time.Now().UTC(), GivenUp: true}
		}
	})
	r.record.Outcome, r.record.Error = tania.OutcomeFailed, t.Cause
	r.log.Error("turn failed for the last time", "error", t.Cause)
	err := r.apologise(ctx, false)
	if chatwoot.Gone(err) {
		gone, found := r.gone(ctx, err)
		if gone {
			r.deleted(ctx)
			return
		}
		err = found
	}
	if err != nil && r.postponed(ctx, err) {
		return
	}
	if chatwoot.Away(err) {
		err = r.apologise(ctx, true)
	}
	r.bury(ctx, errors.New(t.Cause), err)
}

// bury moves the turn to the dead letters; untold is why the customer could not be told.
func (r *run) bury(ctx context.Context, cause, untold error) {
	r.record.Outcome = tania.OutcomeFailed
	if untold != nil {
		r.log.Error("apology or handoff failed", "error", untold)
		r.record.Detail = "the apology could not be sent: " + untold.Error()
	}
	_, err := r.Engine.UpdateConversation(ctx, r.t.Key, func(c *tania.Conversation) bool {
		c.Trouble = nil
		c.MarkDone(r.t.ID, stepBuried)
		return true
	})
	r.report("remember the end", err)
	records := r.records(nil)
	err = r.Engine.Bury(ctx, r.t, cause, records...)
	r.report("bury", err)
	if err == nil {
		r.stats.dead.Add(1)
		r.finished(records)
	}
}

func (r *run) apologise(ctx context.Context, last bool) error {
	if r.record.Language == "" {
		memory, err := r.Engine.Conversation(ctx, r.t.Key)
		if err != nil {
			return err
		}
		r.record.Language = r.language(r.Dispatcher.Dispatch(r.text()).Language, &memory)
	}
	p := &plan{
		Handoff: tania.HandoffFailed, HandoffDetail: r.record.Error,
		Message: r.Bot.Apology.In(r.record.Language, r.Bot.Language),
	}
	silenced, err := r.fence(ctx, p)
	if silenced || err != nil && !last {
		return err
	}
	r.record.Handoff = tania.HandoffFailed
	return r.handoff(ctx, p, last)
}

// wasDead reports whether the turn comes from the dead letters. One from before that was noted is known by its own handoff, which no plan
// of it asks for.
func (r *run) wasDead(memory *tania.Conversation, p *plan) bool {
	own := memory.HandedOver != nil && memory.HandedOver.Turn == r.t.ID && memory.HandedOver.Reason.Excuses()
	return memory.IsDone(r.t.ID, stepBuried) || own && (p == nil || p.Handoff == "")
}

// stillTimely gives the plan of an earlier attempt, or, where it comes too late, the apology for that in its place.
func (r *run) stillTimely(ctx context.Context, p *plan) (*plan, error) {
	age := r.late()
	if age == 0 {
		return p, nil
	}
	memory, err := r.Engine.Conversation(ctx, r.t.Key)
	if err != nil {
		return nil, err
	}
	r.record.Language = cmp.Or(r.record.Language, r.language("", &memory))
	late := r.tooLate(age)
	late.Waiting = p.Waiting
	return late, r.store(ctx, late)
}
