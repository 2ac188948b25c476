package worker

import (
	"context"
	"errors"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/ledger"
	"tania/internal/reply"
	"tania/internal/worker/acts"
	"tania/internal/worker/quiet"
)

// asker asks for answers as a turn does: within the processing time, until the customer writes on, and with patience for a model that is
// away. What was paid for is booked, whatever becomes of the answer.
type asker struct {
	*run
	// since is when this decision's first question was asked.
	since time.Time
}

// Answer implements reply.Answerer. It ends with quiet.ErrNewer when the customer writes on, and with a waiting where there is patience.
func (a *asker) Answer(ctx context.Context, q answer.Question) (answer.Answer, error) {
	if q.Reading != nil && q.Reading.Unfinished() {
		// Nobody pays for an answer to half a sentence.
		if err := a.quiet.Pass(ctx, a.t.Newer); err != nil {
			return answer.Answer{}, err
		}
	}
	if a.since.IsZero() {
		a.since = time.Now()
	}
	made, err := a.within(ctx, q)
	if reason, person := acts.NeedsPerson(err); person {
		made.Handoff, made.Text, made.Language = &llm.Handoff{Reason: reason}, "", q.Language
		return made, nil
	}
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
	ctx, giveUp := context.WithTimeout(ctx, a.ProcessingTimeout)
	defer giveUp()
	newer := a.newer(ctx, giveUp)
	began := time.Now()
	made, err := a.Answerer.Answer(ctx, q)
	a.bears(ctx, made, err, time.Since(began))
	a.report("count", ledger.Pay(ctx, a.Engine, a.Name, made.Usage))
	giveUp()
	if <-newer {
		a.givenUp(ctx)
		return made, quiet.ErrNewer
	}
	return made, err
}

// bears tells the slots whether the model bears so many questions at once. Of an answer that was given up nobody knows.
func (a *asker) bears(ctx context.Context, made answer.Answer, err error, took time.Duration) {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
	case llm.Away(err):
		a.slots.Refused(took)
	case err == nil && made.Usage.Calls > 0:
		a.slots.Answered(took / time.Duration(made.Usage.Calls))
	}
}

// newer gives up the answer that is being made until ctx ends when the customer writes on, and then tells whether they did.
func (a *asker) newer(ctx context.Context, giveUp func()) <-chan bool {
	came := make(chan bool, 1)
	if !a.mayRestart() {
		came <- false
		return came
	}
	go func() {
		select {
		case <-a.t.Newer:
			// The quiet time in which the answer was begun may be over.
			may := a.mayRestart()
			if may {
				giveUp()
			} else {
				a.overlooked.Store(true)
			}
			came <- may
		case <-ctx.Done():
			came <- false
		}
	}()
	return came
}

var _ reply.Answerer = (*asker)(nil)
