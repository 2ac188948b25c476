package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"tania/internal/bots"
	"tania/internal/chatwoot"
	"tania/internal/pii/placeholder"
	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/tool/once"
	"tania/internal/worker/lease"
	"tania/internal/worker/quiet"
	"tania/internal/worker/reading"
	"tania/internal/worker/retry"
)

// run is one attempt at a turn.
type run struct {
	*Worker
	// Runtime is the bot as it was published when the attempt began.
	*bots.Runtime
	t     *queue.Turn
	lease *lease.Lease
	log   *slog.Logger
	// claimed is this process's time at the claim; it has no meaning beside another process's.
	claimed time.Time
	// resumed reports whether an earlier attempt may have sent some of the plan already.
	resumed bool
	// retried reports whether the turn was dead, and an operator wants it answered.
	retried bool
	// hindered reports whether trouble is remembered of the turn, which its end must forget.
	hindered bool
	// restartsBefore counts the restarts of earlier attempts.
	restartsBefore int
	// box has the tools of this attempt, nil where the bot has none, or where it carries out the plan of an earlier one.
	box     *once.Box
	reading reading.Attempt
	quiet   quiet.Time
	// lend gives the turn's slot to another: a turn that only waits needs none.
	lend func()
	// overlooked reports whether the customer wrote on and the turn did not start over for it.
	overlooked atomic.Bool
	// placeholders are the conversation's for its personal data, nil where none is hidden.
	placeholders *placeholder.Table
}

// work gives a turn its one attempt and tells the queue how it ended. It reports false where Chatwoot turned out to be away. lend gives its
// slot to another while it only waits.
func (w *Worker) work(ctx context.Context, t *queue.Turn, lend func()) (well bool) {
	w.stats.active.Add(1)
	defer w.stats.active.Add(-1)
	claimed := time.Now()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	held := lease.New(w.Engine, t, w.Lease)
	kept := held.Keep(ctx, cancel)
	by, unknown := w.runtime(ctx, t)
	r := &run{
		Worker: w, Runtime: by, t: t, lease: held,
		resumed: t.Checkpoint != nil, claimed: claimed,
		log: w.Log.With("conversation", t.Key.String(), "turn", t.ID, "attempt", t.Attempt), restartsBefore: t.Restarts,
	}
	r.reading = reading.Attempt{Media: w.Media, Store: w.Engine, Turn: t, Language: r.spoken()}
	r.listen(lend)
	defer func() { r.lend() }()
	ctx, traced := r.traced(ctx)
	p, err := r.undecided(), errDiedBefore
	switch away := w.Peers.Chatwoot.Err(); {
	case away != nil:
		err = &waiting{reason: tania.ChatwootAway, after: retry.Backoff(time.Second, 1, time.Second), cause: away, again: true}
	case unknown != nil:
		err = unknown
	case t.Attempt <= w.MaxAttempts:
		p, err = r.attempt(ctx)
	}
	record := p.Record
	end := record.Outcome
	if err != nil {
		// What is said to the queue now must be said although the turn's context may have ended.
		closing, done := context.WithTimeout(context.WithoutCancel(ctx), closingTime)
		record, end = r.ended(closing, context.Cause(ctx), record, err)
		done()
	}
	r.observed(claimed, record, end)
	traced(err, slog.String("tania.outcome", string(record.Outcome)), slog.String("tania.reason", string(record.Reason)),
		slog.String("tania.route", string(record.Route)))
	cancel(nil)
	<-kept
	return !w.Peers.Chatwoot.State().Away
}

// runtime is the bot that answers a turn, with the API as it uses it. With an error, the store's, it is a guess.
func (w *Worker) runtime(ctx context.Context, t *queue.Turn) (*bots.Runtime, error) {
	newest := &t.Messages[len(t.Messages)-1]
	place := bots.PlaceOf(newest)
	var err error
	if w.Bots.ByLabels() {
		var memory tania.Conversation
		if memory, err = w.Engine.Conversation(ctx, t.Key); err == nil {
			place = place.Now(newest, &memory)
		}
	}
	by := *w.Bots.For(place)
	if by.Chatwoot == nil {
		by.Chatwoot = w.Chatwoot
	}
	return &by, err
}

// closingTime bounds what is said to the queue, and to the customer, when an attempt has ended.
const closingTime = 10 * time.Second

// errDiedBefore is why a turn is given up that the queue hands out once more after its last attempt: no worker survived it.
var errDiedBefore = errors.New("worker: every attempt ended with its process or its lease")

// attempt is the life of a turn.
func (r *run) attempt(ctx context.Context) (p plan, err error) {
	p = r.undecided()
	dots := r.startTyping(ctx)
	defer func() { dots.stop(err) }()
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("worker: panic: %v", panicked)
			r.log.Error("turn panicked", "panic", panicked, "stack", string(debug.Stack()))
		}
	}()
	for {
		p, err = r.once(ctx, dots)
		if errors.Is(err, errPaused) {
			r.log.Info("turn starts over", "why", "the bot was paused")
			continue
		}
		if errors.Is(err, quiet.ErrNewer) {
			continue
		}
		if !errors.Is(err, queue.ErrAmended) {
			return p, err
		}
		// What was made answers a message as it no longer reads. How often that may happen is the customer's affair.
		r.log.Info("turn starts over", "why", "a message was changed", "restarts", r.restarts())
		r.stats.restarted.Add(1)
		select {
		case <-r.t.Newer: // of the change that is read now
		default:
		}
		if _, err := r.Engine.Absorb(ctx, r.t); err != nil {
			return p, err
		}
	}
}

// once makes an answer to the turn's messages as they read now, and sends it. It gives queue.ErrAmended when they read otherwise before the
// answer was settled. The plan that it gives is as the attempt left it, also with an error.
func (r *run) once(ctx context.Context, dots *typing) (p plan, err error) {
	p, err = r.planned(ctx, dots)
	if asked, ok := errors.AsType[*once.ApprovalError](err); ok {
		return r.askTeam(ctx, p, asked.Request)
	}
	switch {
	case err != nil:
		return p, err
	case p.Wait > 0:
		return r.wait(ctx, p)
	case !p.Quiet():
		var silenced bool
		if p, silenced, err = r.fence(ctx, p); err != nil {
			return p, err
		}
		if silenced {
			p = p.silenced()
		}
	}
	if r.stands(p) {
		return r.meanwhile(ctx, p)
	}
	if p, err = r.endRequests(ctx, p); err != nil {
		return p, err
	}
	if p, err = r.deliver(ctx, p); err != nil {
		return p, err
	}
	return p, r.complete(ctx, p)
}

// planned makes the turn's plan, or takes up that of an earlier attempt.
func (r *run) planned(ctx context.Context, dots *typing) (plan, error) {
	memory, err := r.Engine.Conversation(ctx, r.t.Key)
	if err != nil {
		return r.undecided(), err
	}
	t := r.trouble(&memory)
	if r.hindered = t != nil; r.hindered {
		if t.GivenUp {
			return r.undecided(), errGivenUp
		}
		if err := r.stillWaits(ctx, t); err != nil {
			return r.undecided(), err
		}
	}
	resumed, err := r.resume()
	r.retried = r.wasDead(&memory, resumed)
	switch {
	case err != nil:
		return r.undecided(), err
	case resumed == nil:
		if t != nil {
			dots.begin() // the dots that were left on are switched off in any case
		}
		return r.think(ctx, &memory, dots)
	case resumed.Handoff == "":
		return r.stillTimely(ctx, *resumed, &memory)
	}
	return *resumed, nil
}

// ended tells the queue of an attempt that did not complete the turn.
func (r *run) ended(ctx context.Context, cause error, record tania.Record, err error) (_ tania.Record, end tania.Outcome) {
	switch {
	case errors.Is(err, queue.ErrLost) || errors.Is(cause, queue.ErrLost):
		r.log.Warn("turn lost to another worker")
		return record, tania.EndLost
	case errors.Is(err, queue.ErrClosed):
		return record, tania.EndGivenBack
	case errors.Is(cause, errStopping):
		r.log.Info("turn given back", "why", "stopping")
		r.report("release", r.Engine.Release(ctx, r.t))
		return record, tania.EndGivenBack
	}
	record = r.failed(ctx, record, err)
	return record, record.Outcome
}

// failed decides about an attempt that failed: the conversation is gone, a server is away, the turn is given up, or tried again.
func (r *run) failed(ctx context.Context, record tania.Record, err error) tania.Record {
	if chatwoot.Gone(err) {
		gone, found := r.gone(ctx, err)
		if gone {
			return r.deleted(ctx, record)
		}
		err = found
	}
	if w := r.outage(ctx, err); w != nil {
		return r.giveBack(ctx, record, w)
	}
	if errors.Is(err, errGivenUp) || r.t.Attempt >= r.MaxAttempts {
		return r.giveUp(ctx, record, err)
	}
	after := retry.After(err, retry.Backoff(r.RetryDelay, r.t.Attempt, time.Minute))
	record.Outcome, record.Error = tania.OutcomeRetrying, err.Error()
	r.log.Warn("turn failed, will be retried", "error", err, "after", after)
	r.stats.retried.Add(1)
	r.report("retry", r.Engine.Retry(ctx, r.t, after, err, r.records(record, "")...))
	return record
}

// report logs what the queue would not take; the lease's expiry is then what recovers it.
func (r *run) report(op string, err error) {
	if err != nil && !errors.Is(err, queue.ErrLost) {
		r.log.Error("the queue refused an operation", "op", op, "error", err)
	}
}
