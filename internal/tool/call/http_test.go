package call_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tania/internal/tool"
	"tania/internal/tool/call"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// backend is a web server that says what it was asked.
type backend struct {
	*httptest.Server
	asked atomic.Int64
}

func serve(t *testing.T, answer http.HandlerFunc) *backend {
	t.Helper()
	b := &backend{}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		b.asked.Add(1)
		answer(w, q)
	}))
	t.Cleanup(b.Close)
	return b
}

func caller(t *testing.T, secrets map[string]string) *call.HTTP {
	t.Helper()
	h := call.NewHTTP(secrets)
	t.Cleanup(h.Close)
	return h
}

// reads is a tool that reads from a server; change makes it another.
func reads(b *backend, path string, change func(*tool.Tool)) *tool.Tool {
	t := &tool.Tool{Name: "look", Risk: tool.Read, HTTP: &tool.HTTP{
		Method: "GET", URL: b.URL + path, Private: []string{"127.0.0.1"}, Timeout: 5 * time.Second, MostBytes: 4096,
	}}
	if change != nil {
		change(t)
	}
	return t
}

func writes(b *backend, path string, change func(*tool.Tool)) *tool.Tool {
	return reads(b, path, func(t *tool.Tool) {
		t.Risk, t.HTTP.Method = tool.Write, "POST"
		if change != nil {
			change(t)
		}
	})
}

func TestARequestIsWrittenAsTheToolSays(t *testing.T) {
	var got string
	b := serve(t, func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		got = q.Method + " " + q.RequestURI + " " + q.Header.Get("Authorization") + " " + q.Header.Get("X-Who") + " " +
			q.Header.Get("Idempotency-Key") + " " + string(body)
		_, _ = w.Write([]byte(`{"ok":true}`))
	})
	h := caller(t, map[string]string{"KEY": "s3cret-{id}-value"})
	for name, c := range map[string]struct {
		tool      *tool.Tool
		arguments map[string]any
		want      string
	}{
		"what the address has not is the query": {
			reads(b, "/orders/{id}", nil), map[string]any{"id": "7", "page": 2.0, "tags": []any{"a", "b"}}, "GET /orders/7?page=2&tags=a%2Cb    ",
		},
		"an argument stays one segment": {
			reads(b, "/orders/{id}", nil), map[string]any{"id": "../admin?x=1#y"}, "GET /orders/..%2Fadmin%3Fx=1%23y    ",
		},
		"dots lead nowhere": {reads(b, "/orders/{id}/items", nil), map[string]any{"id": ".."}, "GET /orders/%2E%2E/items    "},
		"an argument stays one value": {
			reads(b, "/find?q={q}&n=1", nil), map[string]any{"q": "a&n=9", "x": "y"}, "GET /find?q=a%26n%3D9&n=1    ",
		},
		"secrets and arguments in headers": {
			reads(b, "/", func(t *tool.Tool) {
				t.HTTP.Headers = map[string]string{"Authorization": "Bearer ${secret:KEY}", "X-Who": "u-{who}"}
			}),
			map[string]any{"who": "${secret:KEY}\r\nX: y", "id": "7"},
			"GET /?id=7&who=%24%7Bsecret%3AKEY%7D%0D%0AX%3A+y Bearer s3cret-{id}-value u-${secret:KEY}X: y  ",
		},
		"what the address has not is the body": {
			writes(b, "/orders/{id}/refunds", nil), map[string]any{"id": "7", "amount": 2.5}, `POST /orders/7/refunds    {"amount":2.5}`,
		},
		"a body of its own, and a key": {
			writes(b, "/refunds", func(t *tool.Tool) {
				t.HTTP.Body = json.RawMessage(`{"order":{"id":"{id}"},"note":"by bot for {id}","sum":"{amount}","none":"{missing}"}`)
				t.Once = tool.Once{Header: "Idempotency-Key", Field: "key"}
			}), map[string]any{"id": "7", "amount": 2.5}, `POST /refunds   t1-1 {"key":"t1-1","note":"by bot for 7","order":{"id":"7"},"sum":2.5}`,
		},
	} {
		o, err := h.Call(t.Context(), call.Request{Tool: c.tool, Arguments: c.arguments, Key: "t1-1"})
		if err != nil || !o.OK || got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s\n(%+v, %v)", name, got, c.want, o, err)
		}
	}
}

func TestWhatTheModelIsGivenIsBounded(t *testing.T) {
	answer := ""
	status := 200
	b := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	})
	h := caller(t, map[string]string{"KEY": "the-secret-of-the-shop"})
	for name, c := range map[string]struct {
		answer, result string
		status         int
		want           string
		ok             bool
	}{
		"all of it":             {`{"a":1,"b":[2]}`, "", 200, `{"a":1,"b":[2]}`, true},
		"a part":                {`{"a":{"b":7}}`, ".a.b", 200, `7`, true},
		"several":               {`{"a":[{"n":1},{"n":2}]}`, ".a[].n", 200, `[1,2]`, true},
		"nothing":               {`{}`, "empty", 200, `null`, true},
		"no environment":        {`{}`, "env.PATH, $ENV.HOME", 200, `[null,null]`, true},
		"text":                  {"fine\n", "", 200, `"fine"`, true},
		"refused by the server": {`{"error":"no such order"}`, ".a", 404, `{"answer":{"error":"no such order"},"status":404}`, false},
		"a server that quotes a secret": {
			`{"you":"sent the-secret-of-the-shop"}`, "", 200, `{"you":"sent (secret)"}`, true,
		},
	} {
		answer, status = c.answer, c.status
		o, err := h.Call(t.Context(), call.Request{Tool: reads(b, "/", func(t *tool.Tool) { t.HTTP.Result = c.result })})
		got, _ := json.Marshal(o.Result)
		if err != nil || o.OK != c.ok || string(got) != c.want {
			t.Errorf("%s: %s, %v, %v", name, got, o.OK, err)
		}
	}
	answer, status = `"`+strings.Repeat("ñ", 5000)+`"`, 200
	o, err := h.Call(t.Context(), call.Request{Tool: reads(b, "/", nil)})
	got, _ := json.Marshal(o.Result)
	broken := strings.Contains(string(got), "\ufffd")
	if err != nil || len(got) > 4300 || !strings.Contains(string(got), "the answer has 10002 bytes") || broken {
		t.Errorf("a long answer: %d bytes, %v", len(got), err)
	}
	answer = strings.Repeat("x", 2<<20)
	if _, err = h.Call(t.Context(), call.Request{Tool: reads(b, "/", nil)}); err == nil || !strings.Contains(err.Error(), "than 1024 KiB") {
		t.Errorf("an endless answer: %v", err)
	}
	answer = `{"a":1}`
	for _, loops := range []string{"def f: f; f", "[range(1e9)] | length"} {
		began := time.Now()
		_, err = h.Call(t.Context(), call.Request{Tool: reads(b, "/", func(t *tool.Tool) { t.HTTP.Result = loops })})
		if err == nil || time.Since(began) > 10*time.Second {
			t.Errorf("%s: %v", loops, err)
		}
	}
}

func TestOnlyWhatMayBeRepeatedIs(t *testing.T) {
	fail := func(status int) func(w http.ResponseWriter) {
		return func(w http.ResponseWriter) { w.WriteHeader(status) }
	}
	hangUp := func(http.ResponseWriter) { panic(http.ErrAbortHandler) }
	keyed := func(t *tool.Tool) { t.Once.Header = "Idempotency-Key" }
	for name, c := range map[string]struct {
		writes bool
		change func(*tool.Tool)
		first  func(http.ResponseWriter)
		asked  int64
		// made is whether a failure may have been made; none: the call succeeds.
		fails, made bool
	}{
		"a read whose server fails":             {first: fail(500), asked: 2},
		"a read whose connection breaks":        {first: hangUp, asked: 2},
		"a write whose server fails":            {writes: true, first: fail(500), asked: 1, fails: true, made: true},
		"a write whose connection breaks":       {writes: true, first: hangUp, asked: 1, fails: true, made: true},
		"a write whose server has too much":     {writes: true, first: fail(429), asked: 2},
		"a write with a key, server fails":      {writes: true, change: keyed, first: fail(503), asked: 2},
		"a write with a key, connection breaks": {writes: true, change: keyed, first: hangUp, asked: 2},
	} {
		t.Run(name, func(t *testing.T) {
			keys := make(chan string, 2)
			var b *backend
			b = serve(t, func(w http.ResponseWriter, q *http.Request) {
				keys <- q.Header.Get("Idempotency-Key")
				if b.asked.Load() == 1 {
					c.first(w)
					return
				}
				_, _ = io.WriteString(w, "1")
			})
			of := reads
			if c.writes {
				of = writes
			}
			one := of(b, "/", c.change)
			one.HTTP.Retries = 2
			_, err := caller(t, nil).Call(t.Context(), call.Request{Tool: one, Key: "k"})
			if (err != nil) != c.fails || b.asked.Load() != c.asked || c.fails && call.MayHaveBeenMade(err) != c.made {
				t.Errorf("asked %d times: %v", b.asked.Load(), err)
			}
			if len(keys) == 2 {
				if first, second := <-keys, <-keys; first != second {
					t.Errorf("the keys are %q and %q", first, second)
				}
			}
		})
	}
}

func TestACallThatNeverLeftWasNotMade(t *testing.T) {
	b := serve(t, func(http.ResponseWriter, *http.Request) {})
	h := caller(t, nil)
	closed := serve(t, func(http.ResponseWriter, *http.Request) {})
	closed.Close()
	for name, one := range map[string]*tool.Tool{
		"a private address that is not named": writes(b, "/", func(t *tool.Tool) { t.HTTP.Private = nil }),
		"a secret that is not set":            writes(b, "/", func(t *tool.Tool) { t.HTTP.Headers = map[string]string{"X": "${secret:NONE}"} }),
		"nobody listens":                      writes(closed, "/", nil),
	} {
		_, err := h.Call(t.Context(), call.Request{Tool: one})
		if err == nil || call.MayHaveBeenMade(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b.asked.Load() != 0 {
		t.Errorf("%d requests left", b.asked.Load())
	}
}

func TestASecretGoesToItsOwnHostAlone(t *testing.T) {
	var seen string
	other := serve(t, func(w http.ResponseWriter, q *http.Request) {
		seen = q.Header.Get("Authorization")
		_, _ = io.WriteString(w, `"other"`)
	})
	b := serve(t, func(w http.ResponseWriter, q *http.Request) { http.Redirect(w, q, other.URL+"/x", http.StatusFound) })
	h := caller(t, map[string]string{"K": "the-secret"})
	named := func(hosts ...string) *tool.Tool {
		return reads(b, "/", func(t *tool.Tool) {
			t.HTTP.Hosts, t.HTTP.Headers = hosts, map[string]string{"Authorization": "${secret:K}"}
		})
	}
	if _, err := h.Call(t.Context(), call.Request{Tool: named()}); err == nil || other.asked.Load() != 0 {
		t.Errorf("a redirect to a host that is not named: %v", err)
	}
	u, _ := url.Parse(other.URL)
	o, err := h.Call(t.Context(), call.Request{Tool: named(u.Host)})
	if err != nil || o.Result != "other" || seen != "" {
		t.Errorf("a redirect to a host that is named: %+v, %v, with %q", o, err, seen)
	}
}

func TestTheTimeOfACallIsBounded(t *testing.T) {
	release := make(chan struct{})
	b := serve(t, func(_ http.ResponseWriter, q *http.Request) {
		select {
		case <-release:
		case <-q.Context().Done():
		}
	})
	defer close(release)
	_, err := caller(t, nil).Call(t.Context(), call.Request{Tool: writes(b, "/", func(t *tool.Tool) { t.HTTP.Timeout = 20 * time.Millisecond })})
	if err == nil || !call.MayHaveBeenMade(err) || !strings.Contains(err.Error(), "the time was over") {
		t.Errorf("%v", err)
	}
}
