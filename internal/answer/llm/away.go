package llm

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"tania/internal/tania"
)

// Away reports whether an error of Respond says that a server is away, rather than that it will not answer this prompt: no connection,
// no answer in time, 429, 5xx, a page where JSON was due, or a breaker that such errors opened.
func Away(err error) bool {
	var u *UnavailableError
	if !errors.As(err, &u) {
		return errors.Is(err, ErrUnavailable) || errors.Is(err, context.DeadlineExceeded)
	}
	for _, cause := range u.Causes {
		var f *failure
		if errors.As(cause, &f) && f.away() {
			return true
		}
	}
	return false
}

func (f *failure) away() bool {
	switch f.kind {
	case kindConnection, kindTimeout, kindBreaker, kindGarbage:
		return true
	case kindStatus:
		return f.status >= 500 || f.status == http.StatusTooManyRequests || f.status == http.StatusRequestTimeout
	}
	return false
}

// Cause is what servers said, in words for a person: that of each model, without what Tania makes of it.
func Cause(err error) string {
	var u *UnavailableError
	if !errors.As(err, &u) || len(u.Causes) == 0 {
		return err.Error()
	}
	texts := make([]string, len(u.Causes))
	for i, cause := range u.Causes {
		texts[i] = cause.Error()
	}
	return strings.Join(texts, "; ")
}

// probePrompt costs next to nothing.
var probePrompt = Prompt{System: "You are asked whether you are there. Answer with the word OK alone.", Text: "OK?"}

// Ping asks each model whether it is there, once, past its circuit breaker, and closes the breaker of the first that is. The error is
// Respond's; an answer of whatever kind, a refusal too, is none.
func (a *OpenAI) Ping(ctx context.Context) (tania.Usage, error) {
	e := &errand{prompt: probePrompt}
	var failed []error
	for _, m := range a.models {
		_, f := a.call(ctx, m, e)
		if f == nil || !f.away() {
			m.breaker.Close()
			return e.spent, nil
		}
		failed = append(failed, f)
		if ctx.Err() != nil {
			break
		}
	}
	return e.spent, unavailable(failed)
}
