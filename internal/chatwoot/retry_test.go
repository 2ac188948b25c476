package chatwoot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// pipes is a listener within the process, whose connections work with the fake clock of synctest.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	// refused makes the next dials fail.
	refused int
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	if p.refused > 0 {
		p.refused--
		return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	}
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours, nil
}

// inBubble runs f with the clock stopped and a server that answers with the replies.
func inBubble(t *testing.T, replies []reply, f func(*server, *pipes, *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &server{replies: replies}
		p := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
		httpServer := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
		go func() { _ = httpServer.Serve(p) }()
		transport := &http.Transport{DialContext: p.dial}
		f(s, p, NewClient(ClientOptions{BaseURL: "http://chatwoot.test", Token: token, Transport: transport}))
		transport.CloseIdleConnections()
		_ = httpServer.Close()
		synctest.Wait()
	})
}

func TestWhatIsTriedAgain(t *testing.T) {
	ok := reply{200, `{"id":1,"payload":[]}`, nil}
	const dropped = 0
	for _, tt := range []struct {
		status         int
		safe, unsafe   bool
		ambiguous      bool
		passing, fails bool
	}{
		{200, false, false, false, false, false},
		{dropped, true, false, true, true, true},
		{301, false, false, false, false, true},
		{400, false, false, false, false, true},
		{401, false, false, false, false, true},
		{403, false, false, false, false, true},
		{404, false, false, false, false, true},
		{408, true, false, true, true, true},
		{422, false, false, true, false, true},
		{429, true, true, false, true, true},
		{500, true, false, true, true, true},
		{502, true, false, true, true, true},
		{503, true, false, true, true, true},
		{504, true, false, true, true, true},
	} {
		t.Run(fmt.Sprint("status ", tt.status), func(t *testing.T) {
			check := func(op string, again bool, call func(*Client) error) {
				first := reply{tt.status, `{"id":1}`, nil}
				inBubble(t, []reply{first, ok}, func(s *server, _ *pipes, c *Client) {
					err := call(c)
					if tries := len(s.asked); (tries == 2) != again || tries > 2 {
						t.Errorf("%s: %d tries", op, tries)
					}
					if (err != nil) != (tt.fails && !again) {
						t.Errorf("%s: %v", op, err)
					}
				})
				inBubble(t, []reply{first}, func(s *server, _ *pipes, c *Client) {
					err := call(c)
					if (err != nil) != tt.fails || Ambiguous(err) != tt.ambiguous || Passing(err) != tt.passing {
						t.Errorf("%s: %v: ambiguous %v, passing %v", op, err, Ambiguous(err), Passing(err))
					}
					if tries := len(s.asked); again && tries != 3 || !again && tries != 1 {
						t.Errorf("%s: %d tries before giving up", op, tries)
					}
				})
			}
			ctx := context.Background()
			check("a message", tt.unsafe, func(c *Client) error {
				_, err := c.SendMessage(ctx, conversation, OutgoingMessage{Content: "x"})
				return err
			})
			check("reading", tt.safe, func(c *Client) error { _, err := c.Labels(ctx, conversation); return err })
			check("typing", tt.safe, func(c *Client) error { return c.SetTyping(ctx, conversation, true) })
		})
	}
}

func TestAMessageIsTriedAgainWhenItWasNeverSent(t *testing.T) {
	inBubble(t, []reply{{200, `{"id":5}`, nil}}, func(s *server, p *pipes, c *Client) {
		p.refused = 2
		m, err := c.SendMessage(context.Background(), conversation, OutgoingMessage{Content: "x"})
		if err != nil || m.ID != 5 || len(s.asked) != 1 {
			t.Errorf("%v, %v after %v", m, err, s.asked)
		}
		c.http.CloseIdleConnections()
		p.refused = 9
		_, err = c.SendMessage(context.Background(), conversation, OutgoingMessage{Content: "x"})
		if err == nil || Ambiguous(err) || !Passing(err) || p.refused != 6 {
			t.Errorf("%v: ambiguous %v, %d dials left", err, Ambiguous(err), p.refused)
		}
	})
}

func TestAMessageThatTimedOutIsNotSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
		var asked atomic.Int32
		httpServer := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		})}
		go func() { _ = httpServer.Serve(p) }()
		transport := &http.Transport{DialContext: p.dial}
		c := NewClient(ClientOptions{BaseURL: "http://chatwoot.test", Token: token, Transport: transport, Timeout: 3 * time.Second})
		began := time.Now()
		_, err := c.SendMessage(context.Background(), conversation, OutgoingMessage{Content: "x"})
		if time.Since(began) != 3*time.Second || asked.Load() != 1 || !Ambiguous(err) || !Passing(err) {
			t.Errorf("%v after %v and %d tries", err, time.Since(began), asked.Load())
		}
		transport.CloseIdleConnections()
		_ = httpServer.Close()
		synctest.Wait()
	})
}

func TestHowLongIsWaited(t *testing.T) {
	limited := func(after string) reply { return reply{429, "Retry later", http.Header{"Retry-After": {after}}} }
	tests := []struct {
		name     string
		replies  func(now time.Time) []reply
		timeout  time.Duration
		from, to time.Duration
		tries    int
		fails    bool
	}{
		{
			"with doubling and jitter where nothing is said", func(time.Time) []reply { return []reply{{503, "", nil}} }, 0, 300 * time.Millisecond,
			600 * time.Millisecond, 3, true,
		},
		{
			"the seconds asked for", func(time.Time) []reply { return []reply{limited("7"), {200, `{"id":1}`, nil}} }, 0, 7 * time.Second,
			7 * time.Second, 2, false,
		},
		{"until the date asked for", func(now time.Time) []reply {
			return []reply{limited(now.Add(9 * time.Second).UTC().Format(http.TimeFormat)), {200, `{"id":1}`, nil}}
		}, 0, 8 * time.Second, 9 * time.Second, 2, false},
		{"not for longer than a call may wait", func(time.Time) []reply { return []reply{limited("3600")} }, 0, 0, 0, 1, true},
		{"not for longer than the context lasts", func(time.Time) []reply { return []reply{limited("7")} }, 5 * time.Second, 0, 0, 1, true},
		{"a date gone by is now", func(time.Time) []reply {
			return []reply{limited("Mon, 02 Jan 1995 15:04:05 GMT"), {200, `{"id":1}`, nil}}
		}, 0, 100 * time.Millisecond, 200 * time.Millisecond, 2, false},
		{
			"nonsense is nothing", func(time.Time) []reply { return []reply{limited("soon"), {200, `{"id":1}`, nil}} }, 0, 100 * time.Millisecond,
			200 * time.Millisecond, 2, false,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, []reply{{200, "", nil}}, func(s *server, _ *pipes, c *Client) {
				s.replies = tt.replies(time.Now())
				ctx, cancel := context.WithCancel(context.Background())
				if tt.timeout != 0 {
					ctx, cancel = context.WithTimeout(context.Background(), tt.timeout)
				}
				defer cancel()
				began := time.Now()
				_, err := c.SendMessage(ctx, conversation, OutgoingMessage{Content: "x"})
				if tt.tries == 3 {
					_, err = c.Labels(ctx, conversation)
					s.asked = s.asked[1:]
				}
				if waited := time.Since(began); waited < tt.from || waited > tt.to || len(s.asked) != tt.tries || (err != nil) != tt.fails {
					t.Errorf("%v, %d tries, %v", waited, len(s.asked), err)
				}
			})
		})
	}
}

func TestErrorsCarryStatusAndChatwootsWords(t *testing.T) {
	after := http.Header{"Retry-After": {"30"}}
	for _, tt := range []struct {
		name  string
		reply reply
		want  APIError
	}{
		{"{error}", reply{404, rest(t, "error_404"), nil}, APIError{Status: 404, Text: "Resource could not be found"}},
		{
			"{errors: […]}",
			reply{401, rest(t, "error_401_no_header"), nil},
			APIError{Status: 401, Text: "You need to sign in or sign up before continuing."},
		},
		{
			"{message, attributes}",
			reply{422, rest(t, "error_422_record_invalid_other_endpoints"), nil},
			APIError{Status: 422, Text: "Custom attributes note length should be < 1500 (custom_attributes)"},
		},
		{"{errors: [objects]}", reply{422, `{"errors":[{"message":"a"},{"message":"b"}]}`, nil}, APIError{Status: 422, Text: "a; b"}},
		{"plain text", reply{429, "Retry later\n", after}, APIError{Status: 429, Text: "Retry later", RetryAfter: 30 * time.Second, Page: true}},
		{
			"HTML of a proxy",
			reply{502, "<html><head><title>502</title></head><body><h1>Bad Gateway</h1><hr>nginx</body></html>", nil},
			APIError{Status: 502, Text: "Bad Gateway nginx", Page: true},
		},
		{"nothing", reply{500, "", nil}, APIError{Status: 500, Text: "(empty answer)"}},
		{"JSON of another kind", reply{500, `{"status":"down"}`, nil}, APIError{Status: 500, Text: `{"status":"down"}`}},
		{
			"a redirect",
			reply{301, "", http.Header{"Location": {"https://chat.example.com/x"}}},
			APIError{Status: 301, Text: "redirected to https://chat.example.com/x: CHATWOOT_BASE_URL must be the address itself (https, no path)"},
		},
		{
			"no JSON",
			reply{200, "<html><body>Log in</body></html>", nil},
			APIError{Status: 200, Text: "the answer is no JSON: Log in", Page: true},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, tt.reply)
			_, err := s.client(t, noRetries).Labels(t.Context(), conversation)
			var got *APIError
			if !errors.As(err, &got) {
				t.Fatal(err)
			}
			tt.want.Op = "read labels"
			if diff := cmp.Diff(&tt.want, got); diff != "" {
				t.Error(diff)
			}
			if !IsStatus(err, tt.reply.status) || len(s.asked) != 1 {
				t.Errorf("%v after %v", err, s.asked)
			}
		})
	}
}
