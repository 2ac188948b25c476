package llm

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"tania/internal/answer/llm/complaint"
	"tania/internal/tania"
)

// Away reports whether an error of Respond says that a server is away, rather than that it will not answer this prompt: no connection,
// no answer in time, 429, 5xx, a page where JSON was due, a breaker that such errors opened, or a model that is closed to us.
func Away(err error) bool {
	var u *UnavailableError
	if !errors.As(err, &u) {
		return errors.Is(err, ErrUnavailable) || errors.Is(err, context.DeadlineExceeded)
	}
	for _, cause := range u.Causes {
		var f *failure
		if errors.As(cause, &f) && f.away() || errors.Is(cause, ErrUnauthorized) {
			return true
		}
	}
	return false
}

// Closed reports whether what is away comes back only when somebody does something about it: the key is not accepted, the account has no
// money, there is no such model. Waiting a moment does not help.
func Closed(err error) bool {
	var u *UnavailableError
	if !errors.As(err, &u) {
		return false
	}
	closed := false
	for _, cause := range u.Causes {
		var f *failure
		switch {
		case errors.Is(cause, ErrUnauthorized) || errors.As(cause, &f) && f.closed():
			closed = true
		case f != nil && f.away():
			return false
		}
	}
	return closed
}

func (f *failure) closed() bool {
	switch {
	case f.kind == kindUnauthorized:
		return true
	case f.kind != kindStatus:
		return false
	}
	w := complaint.WordsOf([]byte(f.body), f.model)
	switch f.status {
	case http.StatusPaymentRequired:
		return true
	case http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		return !w.Says(ofContents)
	case http.StatusBadRequest:
		return w.Says(ofAccount)
	case http.StatusTooManyRequests:
		// Most words of quotas and bills come with limits that a minute lifts.
		return w.Says(usedUp)
	}
	return false
}

func (f *failure) away() bool {
	switch f.kind {
	case kindConnection, kindTimeout, kindBreaker, kindGarbage:
		return true
	case kindStatus:
		return f.closed() || f.status >= 500 || f.status == http.StatusTooManyRequests || f.status == http.StatusRequestTimeout
	}
	return f.closed()
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
	e := &errand{prompt: probePrompt, replies: plainReplies}
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
