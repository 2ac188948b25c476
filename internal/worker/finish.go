package worker

import (
	"context"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/queue"
	"tania/internal/reply"
	"tania/internal/tania"
)

// complete ends the turn with its records.
func (r *run) complete(ctx context.Context, p plan) error {
	if p.Quiet() || r.hindered {
		if _, err := r.Engine.UpdateConversation(ctx, r.t.Key, func(c *tania.Conversation) bool {
			if p.Quiet() {
				r.remember(c, p)
			}
			c.Trouble = nil
			return true
		}); err != nil {
			return err
		}
	}
	records := r.records(p.Record, p.Text())
	var doubted []tania.Record
	if p.Doubts {
		doubted = r.doubted(ctx)
	}
	if err := r.Engine.Complete(ctx, r.t, append(doubted, records...)...); err != nil {
		return err
	}
	switch p.Record.Outcome {
	case tania.OutcomeAnswered:
		r.stats.answered.Add(1)
	case tania.OutcomeNotKnown:
		r.stats.notKnown.Add(1)
		// The answer was sent: a count that is missing is better than a turn that fails.
		counting, done := context.WithTimeout(context.WithoutCancel(ctx), closingTime)
		r.report("count", r.Engine.Count(counting, map[string]int64{queue.CounterNotKnown: 1}))
		done()
	case tania.OutcomeAskedBack:
		r.stats.askedBack.Add(1)
	case tania.OutcomeHandedOver:
		r.stats.handedOver.Add(1)
	default:
		r.stats.silent.Add(1)
	}
	r.finished(p.Record, records)
	return nil
}

// doubted gives the records of the answer that the customer was not content with: the conversation's last one before the turn.
func (r *run) doubted(ctx context.Context) []tania.Record {
	all, err := r.Engine.Records(ctx, r.t.Key)
	if err != nil {
		// What is said of an earlier answer is less than this turn's end.
		r.log.Warn("an answer that the customer doubts was not marked", "error", err)
		return nil
	}
	before := all[:0]
	for _, record := range all {
		if record.Turn != r.t.ID && record.Message < r.t.Messages[0].ID {
			before = append(before, record)
		}
	}
	now := time.Now().UTC()
	return tania.Reviewed(before, now, func(v *tania.Review) { v.Doubted = now })
}

// wait gives the turn back until the governor lets it go on; the customer is told once why.
func (r *run) wait(ctx context.Context, p plan) (plan, error) {
	for _, text := range p.Parts {
		var err error
		if p, err = r.sendOnce(ctx, p, string(p.Notice), chatwoot.OutgoingMessage{Content: text}, text); err != nil {
			// The waiting matters more than the telling.
			r.log.Warn("notice not sent", "notice", p.Notice, "error", err)
			break
		}
	}
	r.stats.deferred.Add(1)
	r.log.Info("turn waits", "reason", p.Record.Reason, "for", p.Wait)
	return p, r.Engine.Defer(ctx, r.t, p.Wait, r.records(p.Record, p.Text())...)
}

// records makes the decision record of each of the turn's messages from the turn's; said is what the customer read.
func (r *run) records(base tania.Record, said string) []tania.Record {
	base.At, base.Restarts, base.Reply = time.Now().UTC(), r.restarts(), said
	acts := base.Acts
	base.Acts = nil
	records, all := make([]tania.Record, len(r.t.Messages)), make([]tania.MessageID, len(r.t.Messages))
	for i, m := range r.t.Messages {
		records[i], all[i] = base, m.ID
		records[i].Message, records[i].Inbox, records[i].Content, records[i].Received = m.ID, m.Inbox, m.Spoken(), m.Received
		records[i].Edited, records[i].Revision, records[i].Read = m.Edited, m.Revision, m.Read()
		records[i].Undelivered = m.Undelivered
		if m.Undelivered != nil && !r.undelivered() {
			records[i] = reply.Overtaken(base, m)
		}
	}
	// The list stands once, or what is stored of a burst would grow with its square.
	records[len(records)-1].Messages, records[len(records)-1].Acts = all, acts
	return records
}

// finished logs the decision and tells who waits for it.
func (r *run) finished(d tania.Record, records []tania.Record) {
	r.log.Info("turn ended", "outcome", d.Outcome, "reason", d.Reason, "route", d.Route, "handoff", d.Handoff,
		"messages", len(records), "model", d.Usage.Model, "cost_micro_usd", d.Usage.Cost,
		"waited_ms", time.Since(r.t.Due).Milliseconds())
	for _, record := range records {
		r.Finished(record)
	}
}
