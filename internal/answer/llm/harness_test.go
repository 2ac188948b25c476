package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"tania/internal/tania"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// asked is a request that reached the server.
type asked struct {
	Model    string
	Messages []struct{ Role, Content string }
	raw      map[string]any
	header   http.Header
}

// provider is a real HTTP server over in-memory connections, so that it runs in a synctest bubble, where waiting takes no time.
type provider struct {
	*httptest.Server
	listener *memoryListener
	mu       sync.Mutex
	requests []asked
}

// inBubble runs a test in a bubble with a provider whose answers are made by handle; n counts requests from 1.
func inBubble(t *testing.T, handle func(w http.ResponseWriter, r *http.Request, n int), test func(t *testing.T, p *provider)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := &provider{listener: &memoryListener{conns: make(chan net.Conn), closed: make(chan struct{})}}
		p.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			handle(w, r, p.record(t, r))
		}))
		p.Listener.Close()
		p.Listener = p.listener
		p.Start()
		defer p.Close()
		test(t, p)
	})
}

func (p *provider) record(t *testing.T, r *http.Request) int {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Errorf("read request: %v", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	a := asked{header: r.Header}
	if err := json.Unmarshal(body, &a); err != nil {
		t.Errorf("request is not JSON: %v", err)
	}
	if err := json.Unmarshal(body, &a.raw); err != nil {
		t.Errorf("request is not JSON: %v", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests = append(p.requests, a)
	return len(p.requests)
}

func (p *provider) seen() []asked {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]asked(nil), p.requests...)
}

// models are the models of the requests in order.
func (p *provider) models() []string {
	var names []string
	for _, a := range p.seen() {
		names = append(names, a.Model)
	}
	return names
}

const testKey = "sk-secret-0123456789abcdef"

// client makes an OpenAI that talks to the provider; change may alter its options.
func (p *provider) client(t *testing.T, change func(o *OpenAIOptions)) *OpenAI {
	t.Helper()
	o := OpenAIOptions{APIKey: testKey, BaseURL: "http://model.test/v1", Model: "first", Transport: p.listener.transport()}
	if change != nil {
		change(&o)
	}
	a := NewOpenAI(o)
	t.Cleanup(a.Close)
	return a
}

type memoryListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Close() error { l.once.Do(func() { close(l.closed) }); return nil }

func (l *memoryListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (l *memoryListener) transport() *http.Transport {
	return &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		here, there := net.Pipe()
		select {
		case l.conns <- there:
			return here, nil
		case <-l.closed:
			return nil, net.ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
}

// completion is a chat completion with a text.
func completion(text string) string {
	quoted, _ := json.Marshal(text)
	return `{"id":"c1","object":"chat.completion","model":"first-2026","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":` +
		string(quoted) + `}}],"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}}`
}

func say(w http.ResponseWriter, status int, body string, headers ...string) {
	w.Header().Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		w.Header().Set(headers[i], headers[i+1])
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// script answers the n-th request with the n-th reply, later ones with the last.
func script(replies ...func(w http.ResponseWriter, r *http.Request)) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, r *http.Request, n int) { replies[min(n, len(replies))-1](w, r) }
}

func reply(status int, body string, headers ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { say(w, status, body, headers...) }
}

func drop(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }

// hang answers nothing until the client goes away.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

var question = Prompt{System: "You are Tania.", Text: "¿abren hoy?", Language: tania.Spanish, User: "3:1287"}

func logTo(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
