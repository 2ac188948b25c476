package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot"
	"tania/internal/queue"
	"tania/internal/tania"
)

// run is one attempt at a turn.
type run struct {
	*Worker
	t      *queue.Turn
	lease  *lease
	log    *slog.Logger
	record tania.Record
	// claimed is this process's time at the claim; it has no meaning beside another process's.
	claimed time.Time
	// resumed says that an earlier attempt may have sent some of the plan already.
	resumed bool
	// retried says that the turn was dead, and an operator wants it answered.
	retried bool
	// hindered says that trouble is remembered of the turn, which its end must forget.
	hindered bool
	// end is set where the attempt ends without an outcome. restartsBefore counts those of earlier attempts.
	end            tania.Outcome
	restartsBefore int
}

// work gives a turn its one attempt and tells the queue how it ended. It reports false where Chatwoot turned out to be away.
func (w *Worker) work(ctx context.Context, t *queue.Turn) (well bool) {
	w.stats.active.Add(1)
	defer w.stats.active.Add(-1)
	claimed := time.Now()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	lease := newLease(w.Engine, t, w.Lease)
	kept := lease.keep(ctx, cancel)
	r := &run{
		Worker: w, t: t, lease: lease, resumed: t.Checkpoint != nil,
		claimed: claimed,
		log:     w.Log.With("conversation", t.Key.String(), "turn", t.ID, "attempt", t.Attempt),
		record:  tania.Record{Key: t.Key, Turn: t.ID, Attempt: t.Attempt}, restartsBefore: t.Restarts,
	}
	ctx, traced := r.traced(ctx)
	err := errDiedBefore
	switch away := w.Peers.Chatwoot.Err(); {
	case away != nil:
		err = &waiting{reason: tania.ChatwootAway, after: backoff(time.Second, 1, time.Second), cause: away, again: true}
	case t.Attempt <= w.MaxAttempts:
		err = r.attempt(ctx)
	}
	if err != nil {
		// What is said to the queue now must be said although the turn's context may have ended.
		closing, done := context.WithTimeout(context.WithoutCancel(ctx), closingTime)
		r.ended(closing, context.Cause(ctx), err)
		done()
	}
	r.observed(claimed)
	traced(err, slog.String("tania.outcome", string(r.record.Outcome)), slog.String("tania.reason", string(r.record.Reason)),
		slog.String("tania.route", string(r.record.Route)))
	cancel(nil)
	<-kept
	return !w.Peers.Chatwoot.State().Away
}

// closingTime bounds what is said to the queue, and to the customer, when an attempt has ended.
const closingTime = 10 * time.Second

// errDiedBefore is why a turn is given up that the queue hands out once more after its last attempt: no worker survived it.
var errDiedBefore = errors.New("worker: every attempt ended with its process or its lease")

// attempt is the life of a turn.
func (r *run) attempt(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("worker: panic: %v", p)
			r.log.Error("turn panicked", "panic", p, "stack", string(debug.Stack()))
		}
	}()
	for {
		if err = r.once(ctx); !errors.Is(err, queue.ErrAmended) {
			return err
		}
		// What was made answers a message as it no longer reads. How often that may happen is the customer's affair.
		r.log.Info("turn starts over", "why", "a message was changed", "restarts", r.t.Restarts)
		r.stats.restarted.Add(1)
		select {
		case <-r.t.Newer: // of the change that is read now
		default:
		}
		if _, err := r.Engine.Absorb(ctx, r.t); err != nil {
			return err
		}
	}
}

// once makes an answer to the turn's messages as they read now, and sends it. It gives queue.ErrAmended when they read otherwise before the
// answer was settled.
func (r *run) once(ctx context.Context) error {
	memory, err := r.Engine.Conversation(ctx, r.t.Key)
	if err != nil {
		return err
	}
	t := r.trouble(&memory)
	if r.hindered = t != nil; r.hindered {
		if t.GivenUp {
			return errGivenUp
		}
		if err := r.stillWaits(ctx, t); err != nil {
			return err
		}
	}
	plan, err := r.resume()
	r.retried = r.wasDead(&memory, plan)
	switch {
	case err != nil:
	case plan == nil:
		typing := r.startTyping(ctx)
		defer func() { typing.stop(err) }()
		if t != nil {
			typing.begin() // the dots that were left on are switched off in any case
		}
		plan, err = r.think(ctx, &memory, typing)
	case plan.Handoff == "":
		plan, err = r.stillTimely(ctx, plan)
	}
	if err != nil {
		return err
	}
	if plan.Wait > 0 {
		return r.wait(ctx, plan)
	}
	if !plan.quiet() {
		silenced, err := r.fence(ctx, plan)
		if err != nil {
			return err
		}
		if silenced {
			plan = r.silence()
		}
	}
	if err := r.deliver(ctx, plan); err != nil {
		return err
	}
	return r.complete(ctx, plan)
}

// ended tells the queue of an attempt that did not complete the turn.
func (r *run) ended(ctx context.Context, cause, err error) {
	switch {
	case errors.Is(err, queue.ErrLost) || errors.Is(cause, queue.ErrLost):
		r.end = tania.EndLost
		r.log.Warn("turn lost to another worker")
	case errors.Is(err, queue.ErrClosed):
		r.end = tania.EndGivenBack
	case errors.Is(cause, errStopping):
		r.end = tania.EndGivenBack
		r.log.Info("turn given back", "why", "stopping")
		r.report("release", r.Engine.Release(ctx, r.t))
	default:
		r.failed(ctx, err)
	}
}

// failed decides about an attempt that failed: the conversation is gone, a server is away, the turn is given up, or tried again.
func (r *run) failed(ctx context.Context, err error) {
	if chatwoot.Gone(err) {
		gone, found := r.gone(ctx, err)
		if gone {
			r.deleted(ctx)
			return
		}
		err = found
	}
	switch {
	case r.postponed(ctx, err):
	case errors.Is(err, errGivenUp) || r.t.Attempt >= r.MaxAttempts:
		r.giveUp(ctx, err)
	default:
		after := retryAfter(err, backoff(r.RetryDelay, r.t.Attempt, time.Minute))
		r.record.Outcome, r.record.Error = tania.OutcomeRetrying, err.Error()
		r.log.Warn("turn failed, will be retried", "error", err, "after", after)
		r.stats.retried.Add(1)
		r.report("retry", r.Engine.Retry(ctx, r.t, after, err, r.records(nil)...))
	}
}

// report logs what the queue would not take; the lease's expiry is then what recovers it.
func (r *run) report(op string, err error) {
	if err != nil && !errors.Is(err, queue.ErrLost) {
		r.log.Error("the queue refused an operation", "op", op, "error", err)
	}
}

// retryAfter is the wait that servers or breakers ask for, where it is longer than our own, and at most a minute.
func retryAfter(err error, own time.Duration) time.Duration {
	var unavailable *llm.UnavailableError
	if errors.As(err, &unavailable) {
		own = max(own, min(unavailable.Wait, time.Minute))
	}
	var api *chatwoot.APIError
	if errors.As(err, &api) {
		own = max(own, min(api.RetryAfter, time.Minute))
	}
	return own
}

// backoff doubles the first wait with each attempt up to most, less a random part of up to a half.
func backoff(first time.Duration, attempt int, most time.Duration) time.Duration {
	d := most
	if shift := attempt - 1; shift < 16 && first<<shift < most {
		d = first << max(shift, 0)
	}
	if d <= 1 {
		return d
	}
	return d - rand.N(d/2)
}

// text is the turn's messages as one, with what was heard in voice notes.
func (r *run) text() string {
	var lines []string
	for _, m := range r.t.Messages {
		if m.Deleted {
			continue
		}
		if s := m.Spoken(); s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "\n")
}
