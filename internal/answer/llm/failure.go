package llm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tania/internal/answer/llm/complaint"
	"tania/internal/lazyregexp"
)

// ErrUnauthorized means that the server does not accept the API key. It comes as an *UnavailableError.
var ErrUnauthorized = errors.New("llm: the server does not accept the API key (OPENAI_API_KEY)")

// UnavailableError says why no model answered. errors.Is finds ErrUnavailable, and ErrUnauthorized where that is the cause.
type UnavailableError struct {
	// Wait is the shortest time after which a model may be ready again, as servers and breakers tell; 0 when they do not.
	Wait time.Duration
	// Causes has one error per model that was asked.
	Causes []error
}

func (e *UnavailableError) Error() string {
	texts := make([]string, len(e.Causes))
	for i, cause := range e.Causes {
		texts[i] = cause.Error()
	}
	s := ErrUnavailable.Error() + ": " + strings.Join(texts, "; ")
	if e.Wait > 0 {
		s += fmt.Sprintf(" (ready again in %s)", e.Wait.Round(time.Second))
	}
	return s
}

// Unwrap gives ErrUnavailable and the causes.
func (e *UnavailableError) Unwrap() []error { return append([]error{ErrUnavailable}, e.Causes...) }

func unavailable(causes []error) error {
	e := &UnavailableError{Causes: causes}
	for _, cause := range causes {
		var f *failure
		if !errors.As(cause, &f) || f.retryAfter == 0 {
			continue
		}
		if e.Wait == 0 || f.retryAfter < e.Wait {
			e.Wait = f.retryAfter
		}
	}
	return e
}

type kind string

const (
	kindConnection   kind = "connection"
	kindTimeout      kind = "timeout"
	kindStatus       kind = "status"
	kindUnauthorized kind = "unauthorized"
	kindRefused      kind = "refused"
	kindGarbage      kind = "garbage"
	// kindUnread is a reply of which nothing is for a customer.
	kindUnread kind = "empty"
	// kindBotched is a call of a tool that the model wrote so badly that its server could not read it.
	kindBotched  kind = "botched"
	kindBreaker  kind = "breaker"
	kindCanceled kind = "canceled"
)

// failure is one call that gave no answer.
type failure struct {
	model  string
	kind   kind
	status int
	// text is short and without the key.
	text       string
	retryAfter time.Duration
	retryable  bool
	unhealthy  bool
	// truncated reports whether the length limit ended a reply which had no answer yet.
	truncated bool
	// wait is what a retry waits.
	wait time.Duration
	// body is the server's answer to a 400, by which the dialect adapts.
	body string
	// cause is why no answer came.
	cause error
}

func (f *failure) Error() string {
	if f.status != 0 {
		return fmt.Sprintf("%s: %d %s: %s", f.model, f.status, http.StatusText(f.status), f.text)
	}
	return fmt.Sprintf("%s: %s", f.model, f.text)
}

func (f *failure) Is(target error) bool {
	switch target {
	case ErrRefused:
		return f.kind == kindRefused
	case ErrUnauthorized:
		return f.kind == kindUnauthorized
	case context.DeadlineExceeded:
		return f.kind == kindTimeout
	}
	return false
}

// ofStatus judges an HTTP status of 400 and above.
func ofStatus(status int, header http.Header, body []byte) *failure {
	code, text := complaint.Read(body)
	f := &failure{kind: kindStatus, status: status, text: text, retryAfter: retryAfter(header, time.Now()), body: string(body)}
	switch {
	case status == http.StatusUnauthorized:
		f.kind, f.text = kindUnauthorized, "the API key (OPENAI_API_KEY) is not accepted: "+text
	case strings.Contains(code, "content_filter") || strings.Contains(code, "content_policy"):
		f.kind = kindRefused
	case status == http.StatusTooManyRequests:
		// A used-up account is no matter of seconds.
		f.retryable, f.unhealthy = !strings.Contains(code, "insufficient_quota"), true
	case status >= 500 || status == http.StatusRequestTimeout || status == http.StatusConflict || status == http.StatusTooEarly:
		f.retryable, f.unhealthy = true, true
	}
	return f
}

// complains reports whether a failure is about the request as it was put, and not about the account, the server or the model's health.
func (f *failure) complains(w complaint.Words) bool {
	switch f.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestTimeout:
		return false
	case http.StatusPaymentRequired:
		return w.Says(affordable)
	case http.StatusTooManyRequests:
		return w.Says(tooLarge)
	}
	return f.kind == kindStatus && f.status >= 400
}

// affordable is said where what is left of the account's money is enough for a shorter answer, or a shorter prompt.
var affordable = lazyregexp.New(`can only afford|prompt tokens limit exceeded`)

// tooLarge is said of a request that is larger than what may be used in a minute; waiting does not help it.
var tooLarge = lazyregexp.New(`(?:request|message|prompt|input)s? (?:is )?too (?:large|long)|must be reduced|reduce your (?:message|prompt|request)`)

// retryAfter reads Retry-After in seconds or as a date, and the retry-after-ms that OpenAI sends.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil && ms > 0 && ms < 1e10 {
		return time.Duration(ms * float64(time.Millisecond))
	}
	value := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseFloat(value, 64); err == nil && s > 0 && s < 1e7 {
		return time.Duration(s * float64(time.Second))
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
