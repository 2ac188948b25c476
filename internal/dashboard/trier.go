package dashboard

import (
	"context"
	"errors"
	"time"

	"tania/internal/answer"
	"tania/internal/dispatcher"
	"tania/internal/tania"
)

// Trier answers a text as a turn would, for nobody.
type Trier struct {
	Dispatcher *dispatcher.Dispatcher
	Answerer   *answer.Answerer
	// Timeout bounds an answer.
	Timeout time.Duration
	// Spend counts what a model's answer cost.
	Spend func(ctx context.Context, u tania.Usage) error
}

// handoffs are the routes that lead to a human.
var handoffs = map[tania.Route]tania.HandoffReason{
	tania.RouteHandoff: tania.HandoffRequested, tania.RouteFrustration: tania.HandoffFrustration, tania.RouteSensitive: tania.HandoffSensitive,
}

// Try gives the answer and what it took. With an error, which is the responder's or Spend's, it holds what was known by then.
func (t Trier) Try(ctx context.Context, text string) (Trial, error) {
	ctx, done := context.WithTimeout(ctx, t.Timeout)
	defer done()
	began := time.Now()
	choice := t.Dispatcher.Dispatch(text)
	made := Trial{Route: choice.Route, RouteWhy: choice.Why, Language: choice.Language, OfferHuman: choice.OfferHuman}
	made.took("dispatch", began)
	if reason, ok := handoffs[choice.Route]; ok {
		made.Handoff = reason
		return made, nil
	}
	began = time.Now()
	a, err := t.Answerer.Answer(ctx, answer.Question{
		Turn: "trial", Text: text, Language: choice.Language, Route: choice.Route, FAQ: choice.FAQ, OfferHuman: choice.OfferHuman,
	})
	made.took("answer", began)
	made.Answer, made.Known, made.Sources, made.Usage = a.Text, a.Known, a.Sources, a.Usage
	if a.Language != "" {
		made.Language = a.Language
	}
	if a.Handoff != nil {
		made.Handoff, made.HandoffWhy = tania.HandoffModel, a.Handoff.Reason
	}
	if a.Usage.Calls > 0 {
		// What was paid for is counted, also when whoever tried it has gone.
		spending, spent := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer spent()
		err = errors.Join(err, t.Spend(spending, a.Usage))
	}
	return made, err
}

func (t *Trial) took(name string, since time.Time) {
	t.Steps = append(t.Steps, tania.Step{Name: name, Millis: float64(time.Since(since).Microseconds()) / 1000})
}
