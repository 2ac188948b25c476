package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/outage"
	"tania/internal/reply"
	"tania/internal/tania"
	"tania/internal/worker/retry"
)

// Peers are the servers that answering depends on. A nil one is taken to be always there.
type Peers struct{ Chatwoot, Model *outage.Peer }

func (p Peers) withDefaults() Peers {
	if p.Chatwoot == nil {
		p.Chatwoot = outage.New(outage.Options{Name: outage.Chatwoot})
	}
	if p.Model == nil {
		p.Model = outage.New(outage.Options{Name: outage.Model})
	}
	return p
}

// waiting ends an attempt whose turn must wait for a server. It is no failure of the turn and counts as no attempt.
type waiting struct {
	reason tania.Reason
	after  time.Duration
	cause  error
	// again reports whether the turn waited for the same before, and that nothing is new.
	again bool
}

// Error names the server and the cause.
func (w *waiting) Error() string { return fmt.Sprintf("worker: %s: %v", w.reason, w.cause) }

// Unwrap gives the cause.
func (w *waiting) Unwrap() error { return w.cause }

// What of Chatwoot fails although a probe says that it is there may be a part of it that is away, or this turn's own: it is held to be
// away for this long, unless the same operation succeeds for others.
const unprovedPatience = 2 * time.Minute

// longestPause is the longest that such a turn waits at a time.
const longestPause = 30 * time.Second

// outage gives the wait for a server where an attempt failed because one is away, nil where it did not.
func (r *run) outage(ctx context.Context, err error) *waiting {
	var w *waiting
	switch {
	case errors.As(err, &w):
		return w
	case !chatwoot.Away(err):
		return nil
	}
	r.slots.Refused(time.Since(r.claimed))
	switch {
	case r.Peers.Chatwoot.Check(ctx, err):
		// Nothing is claimed before it is back, so that the turn is among the first then.
		return &waiting{reason: tania.ChatwootAway, after: retry.Backoff(r.RetryDelay, 1, time.Second), cause: err}
	}
	t := r.troubled(ctx, outage.Chatwoot, err, time.Now())
	if !r.patient(t, chatwoot.Operation(err)) {
		return nil
	}
	return &waiting{reason: tania.ChatwootAway, after: retry.After(err, retry.Backoff(r.RetryDelay, t.Tries, longestPause)), cause: err}
}

// patient reports whether a turn's trouble may still be an outage: for long where nobody fares better, else for as many tries as a
// turn has.
func (r *run) patient(t tania.Trouble, operation string) bool {
	if r.Peers.Chatwoot.SucceededSince(operation, t.Since) {
		return t.Tries <= r.MaxAttempts
	}
	return time.Since(t.Since) < unprovedPatience
}

// giveBack puts the turn back into its place to wait.
func (r *run) giveBack(ctx context.Context, record tania.Record, w *waiting) tania.Record {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), closingTime)
	defer done()
	record.Outcome = tania.OutcomeWaiting
	var records []tania.Record
	if !w.again {
		r.stats.deferred.Add(1)
		r.log.Info("turn waits", "reason", w.reason, "for", w.after, "cause", w.cause)
		records = r.records(record, "")
		for i := range records {
			records[i].Reason, records[i].Detail, records[i].Handoff = w.reason, w.cause.Error(), ""
		}
	}
	r.report("defer", r.Engine.Defer(ctx, r.t, w.after, records...))
	return record
}

// troubled notes that the turn met trouble with a server, which began at a time unless it lasts already, and gives what is known of it.
func (r *run) troubled(ctx context.Context, server string, cause error, began time.Time) tania.Trouble {
	t := tania.Trouble{Turn: r.t.ID, Since: began.UTC()}
	return r.setTrouble(ctx, t, func(have *tania.Trouble) {
		if have.Server != server {
			have.Server, have.Tries = server, 0
			if !have.GivenUp {
				have.Since = began.UTC()
			}
		}
		if !have.GivenUp {
			have.Cause = cause.Error()
		}
		have.Tries++
		have.Newest = r.newest().ID
	})
}

// setTrouble changes what is remembered of the turn's trouble, or begins with t. A store that does not take it leaves what is known.
func (r *run) setTrouble(ctx context.Context, t tania.Trouble, change func(*tania.Trouble)) tania.Trouble {
	r.hindered = true
	first := t
	_, err := r.Engine.UpdateConversation(ctx, r.t.Key, func(c *tania.Conversation) bool {
		t = first
		if c.Trouble != nil && c.Trouble.Turn == r.t.ID {
			t = *c.Trouble
		}
		change(&t)
		kept := t
		c.Trouble = &kept
		return true
	})
	r.report("remember trouble", err)
	return t
}

// trouble is what is remembered of this turn's, nil if it has had none.
func (r *run) trouble(memory *tania.Conversation) *tania.Trouble {
	if memory.Trouble == nil || memory.Trouble.Turn != r.t.ID {
		return nil
	}
	return memory.Trouble
}

// gone reports whether Chatwoot no longer has the conversation: it said so once, and a second look is told the same. A token that may
// not look is answered by its right alone, so that the first word counts. Otherwise what the look met is what the attempt failed by.
func (r *run) gone(ctx context.Context, said error) (bool, error) {
	_, err := r.Chatwoot.Conversation(ctx, r.t.Key)
	switch {
	case chatwoot.Gone(err), chatwoot.IsStatus(err, 401), chatwoot.IsStatus(err, 403):
		return true, nil
	case err != nil:
		return false, err
	}
	return false, fmt.Errorf("worker: the conversation is there, but %w", said)
}

// deleted ends the turn of a conversation that is gone: nobody reads an answer.
func (r *run) deleted(ctx context.Context, record tania.Record) tania.Record {
	record.Error, record.Reason, record.Detail = "", tania.Deleted, "Chatwoot no longer has the conversation"
	p := plan{Plan: reply.Silence(record)}
	r.report("complete", r.complete(ctx, p))
	return p.Record
}
