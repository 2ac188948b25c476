package chatwoot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"time"

	"tania/internal/tania"
)

// maxAnswer bounds an answer of Chatwoot, in bytes.
const maxAnswer = 4 << 20

// maxRetryAfter bounds how long a Retry-After is waited for within a call; a longer wait is the caller's.
const maxRetryAfter = 10 * time.Second

// ClientOptions are a client's settings; zero values mean the defaults.
type ClientOptions struct {
	// BaseURL is Chatwoot's address, without /api. Token is an agent bot's or a user's.
	BaseURL, Token string
	// Transport carries the requests; nil is one of our own with connections kept open.
	Transport http.RoundTripper
	// Timeout bounds one try, 10 s by default; MaxRetries are the tries after the first, 2 by default, none if negative.
	Timeout    time.Duration
	MaxRetries int
	// Observe is told of every try, nil: nobody is.
	Observe func(tania.ChatwootCall)
	// Clock learns from the answers, and puts the times in them in ours; nil: they are taken as they are.
	Clock *Clock
}

// Client calls Chatwoot's REST API. It is safe for concurrent use.
type Client struct {
	base    string
	token   string
	http    *http.Client
	timeout time.Duration
	retries int
	observe func(tania.ChatwootCall)
	clock   *Clock
}

// NewClient gives a client; nothing is called yet.
func NewClient(o ClientOptions) *Client {
	if o.Transport == nil {
		o.Transport = NewTransport()
	}
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	switch {
	case o.MaxRetries == 0:
		o.MaxRetries = 2
	case o.MaxRetries < 0:
		o.MaxRetries = 0
	}
	if o.Observe == nil {
		o.Observe = func(tania.ChatwootCall) {}
	}
	return &Client{
		base: strings.TrimRight(o.BaseURL, "/"), token: o.Token, timeout: o.Timeout, retries: o.MaxRetries, observe: o.Observe, clock: o.Clock,
		http: &http.Client{Transport: o.Transport, CheckRedirect: noRedirect},
	}
}

// Clock is what the client learns Chatwoot's time with; nil without one.
func (c *Client) Clock() *Clock { return c.clock }

// NewTransport gives the transport that a client has of its own, with connections kept open, to wrap in another.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout: 5 * time.Second, MaxIdleConns: 100, MaxIdleConnsPerHost: 100, IdleConnTimeout: 60 * time.Second,
		ForceAttemptHTTP2: true,
	}
}

// noRedirect keeps a redirect from turning a POST into a GET and from carrying the token elsewhere.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// request is one operation. Safe ones may be carried out twice without harm.
type request struct {
	op, method, path string
	body             any
	safe             bool
}

// do carries out a request, with retries by its safety, and decodes the answer into out (nil: it is not read).
func (c *Client) do(ctx context.Context, r request, out any) error {
	var body []byte
	if r.body != nil {
		var err error
		if body, err = json.Marshal(r.body); err != nil {
			return fmt.Errorf("chatwoot: %s: %w", r.op, err)
		}
	}
	for try := 0; ; try++ {
		err := c.try(ctx, r, body, out)
		if err == nil || try >= c.retries || ctx.Err() != nil || !retriable(r, err) {
			return err
		}
		if !pause(ctx, wait(err, try)) {
			return err
		}
	}
}

func (c *Client) try(ctx context.Context, r request, body []byte, out any) error {
	ctx, done := context.WithTimeout(ctx, c.timeout)
	defer done()
	began := time.Now()
	status, err := c.roundTrip(ctx, r, body, out)
	c.observe(tania.ChatwootCall{Op: r.op, Status: status, Duration: time.Since(began), Err: err})
	return err
}

func (c *Client) roundTrip(ctx context.Context, r request, body []byte, out any) (status int, err error) {
	var asked, connected bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { asked = true },
		GotConn: func(httptrace.GotConnInfo) { connected = true },
	})
	req, err := http.NewRequestWithContext(ctx, r.method, c.base+r.path, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("chatwoot: %s: %w", r.op, err)
	}
	// Rails reads both spellings as the same header; nginx drops those with underscores unless told otherwise.
	req.Header.Set("Api-Access-Token", c.token)
	req.Header.Set("Accept", "application/json")
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, &TransportError{Op: r.op, Err: err, Unsent: asked && !connected}
	}
	c.clock.dated(resp.Header, time.Now())
	defer func() {
		// A body read to its end lets the connection be used again.
		_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
		_ = resp.Body.Close()
	}()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	switch {
	case err != nil:
		return resp.StatusCode, &TransportError{Op: r.op, Err: err}
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return resp.StatusCode, apiError(r.op, resp, answer)
	case out == nil || len(bytes.TrimSpace(answer)) == 0:
		return resp.StatusCode, nil
	}
	if err := lenient(answer, out); err != nil {
		return resp.StatusCode, &APIError{Op: r.op, Status: resp.StatusCode, Text: "the answer is no JSON: " + excerpt(answer), Page: true}
	}
	return resp.StatusCode, nil
}

// retriable reports whether a failed try may be repeated: always where the request cannot have been carried out, and
// on passing failures where carrying it out twice does no harm.
func retriable(r request, err error) bool {
	return Passing(err) && (r.safe || !carriedOut(err))
}

// carriedOut reports whether a request may have had its effect.
func carriedOut(err error) bool {
	var api *APIError
	if errors.As(err, &api) {
		return api.Status != http.StatusTooManyRequests
	}
	var transport *TransportError
	return errors.As(err, &transport) && !transport.Unsent
}

// wait is how long to wait before the next try: as long as Chatwoot says, else doubling with jitter.
func wait(err error, try int) time.Duration {
	var api *APIError
	if errors.As(err, &api) && api.RetryAfter > 0 {
		return api.RetryAfter
	}
	d := 200 * time.Millisecond << try
	return d/2 + rand.N(d/2)
}

// pause reports whether the wait was worth it: not when it is longer than a call may wait, or than its context lasts.
func pause(ctx context.Context, d time.Duration) bool {
	if deadline, ok := ctx.Deadline(); d > maxRetryAfter || ok && time.Until(deadline) < d {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func conversationPath(key tania.ConversationKey, rest string) string {
	return "/api/v1/accounts/" + strconv.FormatInt(int64(key.Account), 10) +
		"/conversations/" + strconv.FormatInt(int64(key.Conversation), 10) + rest
}
