package chatwoot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// APIError is an answer of Chatwoot that is no success.
type APIError struct {
	Op     string
	Status int
	// Text is Chatwoot's own, shortened.
	Text string
	// RetryAfter is Chatwoot's wish, 0 if it has none.
	RetryAfter time.Duration
	// Page reports whether the answer is not Chatwoot's: a proxy's page, say, where JSON was due.
	Page bool
}

func (e *APIError) Error() string {
	return fmt.Sprintf("chatwoot: %s: %d %s: %s", e.Op, e.Status, http.StatusText(e.Status), e.Text)
}

// TransportError is a call to which no whole answer came.
type TransportError struct {
	Op  string
	Err error
	// Unsent is set when there was no connection to send it on.
	Unsent bool
}

func (e *TransportError) Error() string { return fmt.Sprintf("chatwoot: %s: %v", e.Op, e.Err) }

// Unwrap gives the network's error.
func (e *TransportError) Unwrap() error { return e.Err }

// IsStatus reports whether err is an answer of Chatwoot with that status.
func IsStatus(err error, status int) bool {
	var api *APIError
	return errors.As(err, &api) && api.Status == status
}

// Ambiguous reports whether a message may be in Chatwoot although posting it failed: no answer came, the server failed, or
// Chatwoot answered 422, which it does on any exception, after saving too.
func Ambiguous(err error) bool {
	var api *APIError
	if errors.As(err, &api) {
		return api.Status >= 500 || api.Status == http.StatusUnprocessableEntity || api.Status == http.StatusRequestTimeout || api.Status < 300
	}
	return carriedOut(err)
}

// Passing reports whether the same call may succeed later: no answer, 429, 408 or a server's failure.
func Passing(err error) bool {
	var api *APIError
	if errors.As(err, &api) {
		return api.Status >= 500 || api.Status == http.StatusTooManyRequests || api.Status == http.StatusRequestTimeout
	}
	var transport *TransportError
	return errors.As(err, &transport) || errors.Is(err, context.DeadlineExceeded)
}

// notFound is what Chatwoot says of a record that is not there (its RequestExceptionHandler). Routers, proxies and Rails itself, for a
// path that it does not have, say something else.
const notFound = "resource could not be found"

// Gone reports whether Chatwoot itself says that it does not have what was asked for. A second look should confirm it.
func Gone(err error) bool {
	var api *APIError
	return errors.As(err, &api) && api.Status == http.StatusNotFound && !api.Page && strings.Contains(strings.ToLower(api.Text), notFound)
}

// Away reports whether an error says that Chatwoot, or the way to it, is away, and nothing of the call: no answer, a server's failure,
// too many requests, somebody else's page, or a 404 that is not Chatwoot's own. A call that was cut short by its caller says nothing.
func Away(err error) bool {
	var api *APIError
	switch {
	case err == nil || errors.Is(err, context.Canceled):
		return false
	case !errors.As(err, &api):
		var transport *TransportError
		return errors.As(err, &transport)
	case api.Status == http.StatusNotFound:
		return !Gone(err)
	}
	return api.Page || api.Status/100 == 3 || Passing(err)
}

// Operation names the call that failed, empty where the error is none of a call.
func Operation(err error) string {
	var api *APIError
	var transport *TransportError
	switch {
	case errors.As(err, &api):
		return api.Op
	case errors.As(err, &transport):
		return transport.Op
	}
	return ""
}

// isPage reports whether a body is something else than JSON. An empty one says nothing of who wrote it.
func isPage(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) > 0 && !json.Valid(body)
}

func apiError(op string, resp *http.Response, body []byte) *APIError {
	e := &APIError{
		Op: op, Status: resp.StatusCode, Text: errorText(body), RetryAfter: retryAfter(resp.Header.Get("Retry-After")), Page: isPage(body),
	}
	if resp.StatusCode >= 300 && resp.StatusCode <= 399 {
		e.Text = "redirected to " + resp.Header.Get("Location") + ": CHATWOOT_BASE_URL must be the address itself (https, no path)"
	}
	return e
}

// errorText finds Chatwoot's words in {error}, {errors: […]}, {message, attributes}, or takes the beginning of the body.
func errorText(body []byte) string {
	var e struct {
		Error   wireText   `json:"error"`
		Message wireText   `json:"message"`
		Errors  []wireWord `json:"errors"`
		Names   []wireWord `json:"attributes"`
	}
	if lenient(body, &e) != nil {
		return excerpt(body)
	}
	switch {
	case e.Error != "":
		return shorten(string(e.Error))
	case e.Message != "" && len(e.Names) > 0:
		return shorten(fmt.Sprintf("%s (%s)", e.Message, words(e.Names, ", ")))
	case e.Message != "":
		return shorten(string(e.Message))
	case len(e.Errors) > 0:
		return shorten(words(e.Errors, "; "))
	}
	return excerpt(body)
}

// wireWord is a text, or an object with one under "message".
type wireWord string

// UnmarshalJSON never fails.
func (w *wireWord) UnmarshalJSON(data []byte) error {
	var text wireText
	var object struct {
		Message wireText `json:"message"`
	}
	_ = text.UnmarshalJSON(data)
	_ = json.Unmarshal(data, &object)
	*w = wireWord(text + object.Message)
	return nil
}

func words(list []wireWord, between string) string {
	var b strings.Builder
	for i, w := range list {
		if i > 0 {
			b.WriteString(between)
		}
		b.WriteString(string(w))
	}
	return b.String()
}

// excerpt is the beginning of an answer that is not Chatwoot's JSON, a proxy's page for example, on one line.
func excerpt(body []byte) string {
	s := string(body[:min(len(body), 4096)])
	if strings.Contains(s, "</") {
		s = htmlText(s, fromMail)
	}
	if s = strings.Join(strings.Fields(s), " "); s == "" {
		return "(empty answer)"
	}
	return shorten(s)
}

func shorten(s string) string {
	if r := []rune(strings.ToValidUTF8(s, "")); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}

// longestRetryAfter is what is believed of a Retry-After.
const longestRetryAfter = 24 * time.Hour

// retryAfter reads seconds or an HTTP date.
func retryAfter(s string) time.Duration {
	if seconds, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && seconds > 0 {
		return min(time.Duration(min(seconds, 1<<30))*time.Second, longestRetryAfter)
	}
	if at, err := http.ParseTime(s); err == nil {
		return min(max(time.Until(at), 0), longestRetryAfter)
	}
	return 0
}
