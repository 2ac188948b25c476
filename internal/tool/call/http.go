package call

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tania/internal/knowledge/source/fetch"
	"tania/internal/scrub"
	"tania/internal/tool"
	"tania/internal/wait"
)

// mostRead bounds what is read of an answer, in bytes, before it is cut down.
const mostRead = 1 << 20

// HTTP calls web servers. It is safe for concurrent use.
type HTTP struct {
	secrets map[string]string
	// scrub takes the secrets out of what servers say.
	scrub *scrub.Scrubber
	// clients are by the private addresses that they may call.
	clients sync.Map
	// wait waits before a repetition.
	wait func(ctx context.Context, d time.Duration) error
}

// NewHTTP gives a caller that puts secrets, by name, into headers.
func NewHTTP(secrets map[string]string) *HTTP {
	hide := scrub.New(slices.Collect(maps.Values(secrets))...)
	return &HTTP{secrets: secrets, scrub: hide, wait: wait.For}
}

// Close drops idle connections.
func (h *HTTP) Close() {
	h.clients.Range(func(_, c any) bool {
		c.(*http.Client).CloseIdleConnections() //nolint:forcetypeassert // nothing else is stored
		return true
	})
}

// Call implements Caller. A read is tried again where its server is away, and a write that carries a key; another write is tried again only
// where the last try is known to have come to nothing.
func (h *HTTP) Call(ctx context.Context, r Request) (Outcome, error) {
	t := r.Tool
	for try := 0; ; try++ {
		o, wait, err := h.once(ctx, r)
		if try >= t.HTTP.Retries || !mayRepeat(t, err) {
			return o, err
		}
		if h.wait(ctx, max(wait, backoff(try))) != nil {
			return o, err
		}
	}
}

// mayRepeat reports whether a call that failed may be made again at once.
func mayRepeat(t *tool.Tool, err error) bool {
	f, failed := errors.AsType[*FailedError](err)
	if !failed || !f.Again {
		return false
	}
	return !f.Made || !t.Risk.Writes() || t.Once.Keyed()
}

// longestWait bounds what a server may ask to be waited: a customer waits too.
const longestWait = 5 * time.Second

func backoff(try int) time.Duration {
	d := 200 * time.Millisecond << min(try, 4)
	return d/2 + rand.N(d/2)
}

// once makes one try, and says how long the server wants to be left alone after it.
func (h *HTTP) once(ctx context.Context, r Request) (Outcome, time.Duration, error) {
	ctx, done := context.WithTimeout(ctx, r.Tool.HTTP.Timeout)
	defer done()
	q, err := h.request(ctx, r)
	if err != nil {
		return Outcome{}, 0, err
	}
	client, err := h.client(r.Tool.HTTP)
	if err != nil {
		return Outcome{}, 0, err
	}
	answer, err := client.Do(q)
	if err != nil {
		return Outcome{}, 0, h.unanswered(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, mostRead+1))
	switch {
	case answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500:
		f := &FailedError{
			Text: fmt.Sprintf("the server said %d", answer.StatusCode), Again: true,
			Made: answer.StatusCode != http.StatusTooManyRequests,
		}
		return Outcome{}, retryAfter(answer.Header), f
	case err != nil:
		return Outcome{}, 0, &FailedError{Text: "the answer broke off", Made: true, Again: true}
	case len(body) > mostRead:
		return Outcome{}, 0, &FailedError{Text: fmt.Sprintf("the answer is longer than %d KiB", mostRead>>10), Made: true}
	}
	ok := answer.StatusCode >= 200 && answer.StatusCode < 300
	result, err := h.result(r.Tool.HTTP, ok, body)
	if err != nil {
		return Outcome{}, 0, &FailedError{Text: err.Error(), Made: true}
	}
	if !ok {
		result = map[string]any{"status": answer.StatusCode, "answer": result}
	}
	return Outcome{Result: result, OK: ok, Status: answer.StatusCode}, 0, nil
}

// retryAfter is what the server asks to be waited, within reason.
func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, longestWait)
}

// unanswered is the failure of a request that no answer came to. Before there is a connection nothing can have been done.
func (h *HTTP) unanswered(err error) error {
	if errors.Is(err, fetch.ErrPrivate) || errors.Is(err, errRedirect) {
		return notMade("%s", innermost(err))
	}
	f := &FailedError{Text: "no answer: " + h.scrub.Text(innermost(err)), Made: true, Again: true}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		f.Made = false
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		f.Made = false
	}
	return f
}

// innermost is an error's text without the address that was asked, which may have what a customer wrote.
func innermost(err error) string {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "the time was over"
	}
	return err.Error()
}

// client is that of a tool: it talks to public addresses, and to the private ones that the tool names.
func (h *HTTP) client(t *tool.HTTP) (*http.Client, error) {
	key := strings.Join(append(slices.Clone(t.Private), append([]string{"|"}, t.Hosts...)...), " ")
	if c, ok := h.clients.Load(key); ok {
		return c.(*http.Client), nil //nolint:forcetypeassert // nothing else is stored
	}
	dial, err := fetch.Dialer(t.Private, t.Timeout)
	if err != nil {
		return nil, notMade("%v", err)
	}
	hosts := t.Hosts
	c := &http.Client{
		Transport: &http.Transport{DialContext: dial, MaxIdleConnsPerHost: 8, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true},
		CheckRedirect: func(q *http.Request, via []*http.Request) error {
			switch {
			case via[0].Method != http.MethodGet:
				return http.ErrUseLastResponse
			case len(via) > mostRedirects, q.URL.Scheme != via[0].URL.Scheme && q.URL.Scheme != "https":
				return errRedirect
			case q.URL.Host != via[0].URL.Host && !slices.Contains(hosts, q.URL.Host) && !slices.Contains(hosts, q.URL.Hostname()):
				return fmt.Errorf("%w: %s", errRedirect, q.URL.Host)
			case q.URL.Host != via[0].URL.Host:
				q.Header = http.Header{"Accept": {"application/json"}} //nolint:gosec // it takes the first host's secrets out
			}
			return nil
		},
	}
	kept, _ := h.clients.LoadOrStore(key, c)
	return kept.(*http.Client), nil //nolint:forcetypeassert // nothing else is stored
}

const mostRedirects = 3

var errRedirect = errors.New("call: the server sends on to a host that the tool does not name")

// request writes a call as the tool says.
func (h *HTTP) request(ctx context.Context, r Request) (*http.Request, error) {
	t, used := r.Tool.HTTP, map[string]bool{}
	address := inAddress(t.URL, r.Arguments, used)
	var body io.Reader
	if t.Method != http.MethodGet {
		written, err := bodyOf(t.Body, r.Arguments, used)
		if err != nil {
			return nil, notMade("the body cannot be written: %v", err)
		}
		if f := r.Tool.Once.Field; f != "" {
			written[f] = r.Key
		}
		if len(written) > 0 {
			data, err := json.Marshal(written)
			if err != nil {
				return nil, notMade("the body cannot be written: %v", err)
			}
			body = bytes.NewReader(data)
		}
	}
	q, err := http.NewRequestWithContext(ctx, t.Method, address, body)
	if err != nil {
		return nil, notMade("the address cannot be written")
	}
	if t.Method == http.MethodGet && len(t.Body) == 0 {
		q.URL.RawQuery = withRest(q.URL.RawQuery, t.URL, r.Arguments, used)
	}
	q.Header.Set("Accept", "application/json")
	q.Header.Set("User-Agent", "Tania")
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	for name, template := range t.Headers {
		value, err := h.header(template, r.Arguments)
		if err != nil {
			return nil, err
		}
		q.Header.Set(name, value)
	}
	if name := r.Tool.Once.Header; name != "" {
		q.Header.Set(name, r.Key)
	}
	return q, nil
}

// header fills a header's value. What an argument has of line ends is left out.
func (h *HTTP) header(template string, arguments map[string]any) (string, error) {
	value, missing := tool.WithSecrets(template, h.secrets, func(name string) string {
		return strings.Map(func(c rune) rune {
			if c < ' ' || c == 0x7f {
				return -1
			}
			return c
		}, text(arguments[name]))
	})
	if missing != "" {
		return "", notMade("the secret %s is not set (TOOL_SECRET_%s)", missing, missing)
	}
	return value, nil
}
