package worker

import (
	"context"
	"errors"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/ledger"
	"tania/internal/reply"
)

// asker asks for answers as a turn does: within the processing time, until the customer writes on, and with patience for a model that is
// away. What was paid for is booked, whatever becomes of the answer.
type asker struct {
	*run
	// since is when this decision's first question was asked.
	since time.Time
}

// Answer implements reply.Answerer. It gives up with errNewer when the customer writes on, and with a waiting while there is patience left.
func (a *asker) Answer(ctx context.Context, q answer.Question) (answer.Answer, error) {
	if a.since.IsZero() {
		a.since = time.Now()
	}
	made, err := a.within(ctx, q)
	if err == nil || !llm.Away(err) {
		return made, err
	}
	return made, a.modelAway(ctx, a.since, err)
}

// WithoutModel implements reply.Answerer.
func (a *asker) WithoutModel(ctx context.Context, q answer.Question) (answer.Answer, bool) {
	return a.Answerer.WithoutModel(ctx, q)
}

// within asks within the processing time.
func (a *asker) within(ctx context.Context, q answer.Question) (answer.Answer, error) {
	ctx, done := context.WithTimeout(ctx, a.ProcessingTimeout)
	defer done()
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	if a.mayRestart() {
		watching := make(chan struct{})
		go func() {
			defer close(watching)
			select {
			case <-a.t.Newer:
				giveUp(errNewer)
			case <-ctx.Done():
			}
		}()
		defer func() { giveUp(nil); <-watching }()
	}
	made, err := a.Answerer.Answer(ctx, q)
	a.report("count", ledger.Pay(ctx, a.Engine, made.Usage))
	if errors.Is(context.Cause(ctx), errNewer) {
		return made, errNewer
	}
	return made, err
}

var _ reply.Answerer = (*asker)(nil)
