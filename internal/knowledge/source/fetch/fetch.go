// Package fetch reads documents from web servers that others run: over HTTP and HTTPS only, from public addresses unless one is named,
// within bounds of size and time, politely, and only what changed.
package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"tania/internal/wait"
)

// Options are what a Fetcher may do. The zero value is one that reads public addresses alone.
type Options struct {
	// UserAgent is how servers and their robots.txt call this program.
	UserAgent string
	// Private names what may be read although its address is private: hosts ("wiki.internal"), hosts with a port ("127.0.0.1:3000"),
	// addresses and networks ("10.1.0.0/16").
	Private []string
	// MaxBytes is the most that a body may have, after decompression.
	MaxBytes int64
	// Timeout bounds one try from connecting to the last byte, however slowly they come.
	Timeout time.Duration
	// Pause is what lies between two requests to one host, at least.
	Pause time.Duration
	// Tries is how often a request is sent while the server is away or asks for patience.
	Tries int
	// Patience is the longest wait that a server may ask for, by Retry-After or in its robots.txt.
	Patience time.Duration
	// Redirect says whether a request may be sent on, and may change where to; nil: it may, wherever Private allows. An error of it is final
	// where it is ErrRedirect.
	Redirect func(to *url.URL, via []*http.Request) error
	// Now and Sleep are the clock; Resolver finds addresses. Tests replace them.
	Now      func() time.Time
	Sleep    func(context.Context, time.Duration) error
	Resolver *net.Resolver
}

// withDefaults fills in what is not set.
func (o Options) withDefaults() Options {
	o.UserAgent = cmp.Or(o.UserAgent, "Tania")
	o.MaxBytes = cmp.Or(o.MaxBytes, 20<<20)
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.Pause = cmp.Or(o.Pause, 200*time.Millisecond)
	o.Tries = cmp.Or(o.Tries, 3)
	o.Patience = cmp.Or(o.Patience, time.Minute)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = wait.For
	}
	return o
}

// Fetcher reads documents. It may be used by several goroutines.
type Fetcher struct {
	options Options
	client  *http.Client
	pace    *pace
	robots  *robots
}

// New makes a fetcher.
func New(o Options) (*Fetcher, error) {
	o = o.withDefaults()
	private, err := parsePrivate(o.Private)
	if err != nil {
		return nil, err
	}
	f := &Fetcher{options: o, pace: newPace(o)}
	dialer := &guardedDialer{private: private, resolver: o.Resolver, timeout: o.Timeout}
	f.client = &http.Client{
		// Proxies of the environment are not used: what they connect to cannot be checked.
		Transport: &http.Transport{
			DialContext: dialer.dial, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second,
			TLSHandshakeTimeout: o.Timeout, MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: f.redirected,
	}
	f.robots = newRobots(f)
	return f, nil
}

// Close ends the connections that are open.
func (f *Fetcher) Close() { f.client.CloseIdleConnections() }

// Request is one document that is wanted.
type Request struct {
	URL string
	// Accept is what kind of answer is wanted, any where it is empty.
	Accept string
	// ETag and LastModified are those of an earlier answer: one that is still the same is not sent again.
	ETag, LastModified string
	// Robots asks the host's robots.txt first, as programs do that follow links.
	Robots bool
}

// Answer is what came.
type Answer struct {
	// URL is where it was found after redirects.
	URL string
	// NotModified reports that the document is the one whose ETag or LastModified was given; there is no body then.
	NotModified        bool
	ETag, LastModified string
	// ContentType is as the server says, with the charset.
	ContentType string
	Body        []byte
}

// StatusError is an answer that is not the document.
type StatusError struct {
	URL    string
	Status int
}

// Error names the document and the status.
func (e StatusError) Error() string {
	return fmt.Sprintf("%s answered %d %s", e.URL, e.Status, http.StatusText(e.Status))
}

// missing reports whether the server has nothing there for this program (4xx), rather than being away or overloaded.
func (e StatusError) missing() bool {
	return e.Status >= 400 && e.Status < 500 && e.Status != http.StatusTooManyRequests
}

// Gone reports whether the server said that there is no such document, or not any more.
func Gone(err error) bool {
	status, ok := errors.AsType[StatusError](err)
	return ok && (status.Status == http.StatusNotFound || status.Status == http.StatusGone)
}

// mostRedirects is how often one request is sent on.
const mostRedirects = 5

// What a document is refused for, whatever the server does next time.
var (
	ErrTooLarge    = errors.New("is larger than what is read")
	ErrPrivate     = errors.New("is at a private address, which has to be named to be read")
	ErrDisallowed  = errors.New("may not be read by programs, says robots.txt")
	ErrAddress     = errors.New("is no address of a web page: http:// or https://, and no password in it")
	ErrRedirect    = errors.New("redirects to where nothing is read from")
	errRedirects   = errors.New("redirects too often")
	errRobotsAway  = errors.New("has a robots.txt that cannot be read")
	refusedForGood = []error{ErrTooLarge, ErrPrivate, ErrDisallowed, ErrAddress, ErrRedirect, errRedirects, errRobotsAway}
)

// Get reads a document. It waits its turn with the host, and tries again while the server is away. An answer other than 200 and 304 is a
// StatusError.
func (f *Fetcher) Get(ctx context.Context, r Request) (*Answer, error) {
	u, err := parseURL(r.URL)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		answer, retry, err := f.try(ctx, u, r)
		if err == nil {
			return answer, nil
		}
		if retry == nil {
			return nil, err
		}
		f.pace.delay(u.Host, retry.wait(try))
		if try >= f.options.Tries || retry.after > f.options.Patience || ctx.Err() != nil {
			return nil, err
		}
	}
}

// parseURL accepts addresses of web pages. It drops the fragment, which servers never see.
func parseURL(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil {
		return nil, fmt.Errorf("fetch: %q %w", withoutUser(address, u), ErrAddress)
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// withoutUser is an address as an error may show it.
func withoutUser(address string, u *url.URL) string {
	if u == nil {
		return "the address"
	}
	if u.User == nil {
		return address
	}
	shown := *u
	shown.User = nil
	return shown.String()
}

// try sends a request once. retry is nil where another try would end the same way.
func (f *Fetcher) try(ctx context.Context, u *url.URL, r Request) (answer *Answer, retry *later, err error) {
	if r.Robots {
		if err := f.robots.allow(ctx, u); err != nil {
			return nil, nil, err
		}
	}
	if err := f.pace.wait(ctx, u.Host); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, f.options.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(context.WithValue(ctx, robotsKey{}, r.Robots), http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, nil, err
	}
	set := func(name, value string) {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	set("User-Agent", f.options.UserAgent)
	set("Accept", cmp.Or(r.Accept, "*/*"))
	set("If-None-Match", r.ETag)
	set("If-Modified-Since", r.LastModified)
	resp, err := f.client.Do(req)
	if err != nil {
		return nil, retryOf(err), plainError(err)
	}
	defer func() { _ = resp.Body.Close() }()
	return f.read(resp)
}

// retryOf is nil for errors that stay.
func retryOf(err error) *later {
	for _, final := range refusedForGood {
		if errors.Is(err, final) {
			return nil
		}
	}
	return &later{}
}

// plainError takes the method and the repeated address off an error of the client.
func plainError(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Errorf("fetch: %s: %w", e.URL, e.Err)
	}
	return fmt.Errorf("fetch: %w", err)
}

// read takes an answer's body, as much as is allowed.
func (f *Fetcher) read(resp *http.Response) (*Answer, *later, error) {
	address := resp.Request.URL.String()
	a := &Answer{
		URL: address, ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"), ContentType: resp.Header.Get("Content-Type"),
	}
	switch resp.StatusCode {
	case http.StatusNotModified:
		a.NotModified = true
		return a, nil, nil
	case http.StatusOK:
	case http.StatusTooManyRequests, http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return nil, &later{after: retryAfter(resp.Header, f.options.Now())}, StatusError{address, resp.StatusCode}
	default:
		return nil, nil, StatusError{address, resp.StatusCode}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, f.options.MaxBytes+1))
	if err != nil {
		return nil, &later{}, fmt.Errorf("fetch: %s: %w", address, err)
	}
	if int64(len(body)) > f.options.MaxBytes {
		return nil, nil, fmt.Errorf("fetch: %s %w (%d bytes)", address, ErrTooLarge, f.options.MaxBytes)
	}
	a.Body = body
	return a, nil, nil
}

type robotsKey struct{}

// redirected checks where a server sends a request on to. The address itself is checked when it is dialled.
func (f *Fetcher) redirected(req *http.Request, via []*http.Request) error {
	if len(via) > mostRedirects {
		return errRedirects
	}
	if _, err := parseURL(req.URL.String()); err != nil {
		return err
	}
	if f.options.Redirect != nil {
		if err := f.options.Redirect(req.URL, via); err != nil {
			return err
		}
	}
	if asked, _ := req.Context().Value(robotsKey{}).(bool); asked {
		if err := f.robots.allow(req.Context(), req.URL); err != nil {
			return err
		}
	}
	return f.pace.wait(req.Context(), req.URL.Host)
}
