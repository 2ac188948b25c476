package llm

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

// model is one model with its circuit breaker and what was learnt of the parameters it takes.
type model struct {
	name    string
	breaker circuitbreaker.CircuitBreaker[Response]
	dialect dialect
	// failed is the last failure that spoke against the model's health: what an open breaker stands for.
	failed atomic.Pointer[failure]
}

// Delays before a retry when the server asks for none, and the least time that is worth a call: one that is cut off
// sooner is paid and never read.
const (
	firstDelay = 500 * time.Millisecond
	longDelay  = 4 * time.Second
	leastCall  = time.Second
)

func newModel(name string, o OpenAIOptions) *model {
	m := &model{name: name, dialect: dialect{first: firstTokensName(o.BaseURL)}}
	m.breaker = circuitbreaker.NewBuilder[Response]().
		HandleIf(func(_ Response, err error) bool { return m.counts(err) }).
		WithFailureThreshold(o.BreakerFailures).
		WithSuccessThreshold(1).
		WithDelayFunc(func(e failsafe.ExecutionAttempt[Response]) time.Duration {
			var f *failure
			if e != nil && errors.As(e.LastError(), &f) {
				return max(o.BreakerDelay, f.retryAfter)
			}
			return o.BreakerDelay
		}).
		OnStateChanged(func(e circuitbreaker.StateChangedEvent) {
			o.Log.Warn("circuit breaker", "model", name, "from", e.OldState.String(), "to", e.NewState.String())
		}).
		Build()
	return m
}

// counts reports whether an error speaks against the model's health. A caller who gave up does not, but must not pass for
// a probe that succeeded either.
func (m *model) counts(err error) bool {
	var f *failure
	if errors.As(err, &f) && f.kind != kindCanceled {
		return f.unhealthy
	}
	return err != nil && m.breaker.IsHalfOpen()
}

// ask asks one model, with retries, within its share of the caller's time. left counts the models that may still be
// asked, this one among them.
func (a *OpenAI) ask(ctx context.Context, m *model, e *errand, left int) (Response, error) {
	ctx, done := share(ctx, left)
	defer done()
	var last *failure
	r, err := failsafe.With[Response](a.retries(ctx, left), m.breaker).WithContext(ctx).
		GetWithExecution(func(attempt failsafe.Execution[Response]) (Response, error) {
			r, f := a.call(ctx, m, e)
			if last = f; f == nil {
				return r, nil
			}
			if f.unhealthy {
				m.failed.Store(f)
			}
			f.wait = backoff(attempt.Attempts(), f.retryAfter)
			return Response{}, f
		})
	switch {
	case err == nil:
		return r, nil
	case errors.Is(err, circuitbreaker.ErrOpen) && last == nil:
		return Response{}, m.notAsked()
	case last != nil:
		return Response{}, last
	default:
		return Response{}, err
	}
}

// notAsked is the failure of a model whose breaker is open: it says what opened it.
func (m *model) notAsked() *failure {
	f := &failure{model: m.name, kind: kindBreaker, retryAfter: m.breaker.RemainingDelay(), text: "not asked, since it failed again and again"}
	if last := m.failed.Load(); last != nil {
		f.status, f.text = last.status, last.text
	}
	return f
}

// retries gives up where a wait and a call do not fit into what is left of the time, so that the next model can use it.
// A call that timed out is only repeated when no other model is left.
func (a *OpenAI) retries(ctx context.Context, left int) failsafe.Policy[Response] {
	return retrypolicy.NewBuilder[Response]().
		WithMaxRetries(a.options.MaxRetries).
		ReturnLastFailure().
		AbortIf(func(_ Response, err error) bool {
			var f *failure
			if !errors.As(err, &f) || !f.retryable || f.kind == kindTimeout && left > 1 {
				return err != nil
			}
			until, bounded := ctx.Deadline()
			return f.retryAfter > longestWait || bounded && time.Until(until) < f.wait+leastCall
		}).
		WithDelayFunc(func(e failsafe.ExecutionAttempt[Response]) time.Duration {
			var f *failure
			if errors.As(e.LastError(), &f) {
				return f.wait
			}
			return firstDelay
		}).
		Build()
}

// longestWait is how long a Retry-After may be to be waited for here; the worker's own retry waits better for longer ones.
const longestWait = 30 * time.Second

// backoff is what the server asks for, else grows exponentially, with jitter.
func backoff(attempt int, retryAfter time.Duration) time.Duration {
	if retryAfter > 0 {
		return retryAfter + rand.N(100*time.Millisecond)
	}
	d := min(longDelay, firstDelay<<min(attempt-1, 5))
	return d/2 + rand.N(d/2)
}

// share keeps a part of the remaining time for the models that are left: the first of two gets two thirds, of three a half.
func share(ctx context.Context, left int) (context.Context, context.CancelFunc) {
	until, ok := ctx.Deadline()
	if !ok || left == 1 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(until)*2/time.Duration(left+1))
}
