package web_test

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tania/internal/tania"
	"tania/internal/web"
)

func TestEveryWebhookIsObserved(t *testing.T) {
	var seen []tania.Delivery
	s := newSite(t, func(o *web.Options) { o.Observe = func(d tania.Delivery) { seen = append(seen, d) } })
	post := func(body []byte, header http.Header) { s.do(t, http.MethodPost, "/chatwoot/webhook", body, header) }
	post(incoming(1, nil), nil)
	post(incoming(1, nil), nil)
	post(incoming(2, map[string]any{"private": true}), nil)
	post([]byte("no JSON"), nil)
	post(incoming(3, nil), http.Header{"X-Forwarded-For": {"198.51.100.7"}})
	if err := s.engine.Close(); err != nil {
		t.Fatal(err)
	}
	post(incoming(4, nil), nil)
	want := []tania.Delivery{
		{Code: 200, Status: "queued", Reason: tania.Proceed},
		{Code: 200, Status: "duplicate", Reason: tania.Duplicate},
		{Code: 200, Status: "ignored", Reason: tania.Private},
		{Code: 400, Status: "refused"},
		{Code: 401, Status: "refused"},
		{Code: 500, Status: "failed"},
	}
	if diff := cmp.Diff(want, seen, cmpopts.IgnoreFields(tania.Delivery{}, "Duration")); diff != "" {
		t.Error(diff)
	}
	for _, d := range seen {
		if d.Duration <= 0 {
			t.Errorf("%+v took no time", d)
		}
	}
}

// TestAWebhookThatNothingProtectsIsTakenFromThisMachineAlone: without a secret or a token anybody could write in a customer's name.
func TestAWebhookThatNothingProtectsIsTakenFromThisMachineAlone(t *testing.T) {
	s := newSite(t, nil)
	elsewhere := http.Header{"X-Forwarded-For": {"198.51.100.7"}}
	if a := s.do(t, http.MethodPost, "/chatwoot/webhook", incoming(1, nil), elsewhere); a.status != http.StatusUnauthorized {
		t.Errorf("from elsewhere: %d, want 401", a.status)
	}
	if n, err := s.engine.Stats(t.Context()); err != nil || n.Messages != 0 {
		t.Errorf("%d messages are stored (%v), want none", n.Messages, err)
	}
	if a := s.do(t, http.MethodPost, "/chatwoot/webhook", incoming(1, nil), nil); a.status != http.StatusOK {
		t.Errorf("from this machine: %d, want 200", a.status)
	}
}

func TestMetricsAreForOperators(t *testing.T) {
	metrics := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	open := newSite(t, func(o *web.Options) { o.Metrics = metrics })
	if a := open.do(t, http.MethodGet, "/metrics", nil, nil); a.status != 200 {
		t.Errorf("on loopback: %d", a.status)
	}
	if a := open.do(t, http.MethodGet, "/metrics", nil, http.Header{"X-Forwarded-For": {"198.51.100.7"}}); a.status != 401 {
		t.Errorf("from elsewhere: %d", a.status)
	}
	token := strings.Repeat("t", 20)
	closed := newSite(t, func(o *web.Options) { o.Metrics, o.AdminToken = metrics, token })
	for given, want := range map[string]int{"": 401, "Bearer wrong": 401, "Bearer " + token: 200} {
		if a := closed.do(t, http.MethodGet, "/metrics", nil, http.Header{"Authorization": {given}}); a.status != want {
			t.Errorf("%q: %d, want %d", given, a.status, want)
		}
	}
}

func TestConnectionsOfClientsAreCounted(t *testing.T) {
	s := web.New(web.Options{Log: slog.New(slog.DiscardHandler)})
	server := s.NewHTTPServer()
	count, closed := server.ConnState, make(chan struct{})
	server.ConnState = func(c net.Conn, state http.ConnState) {
		count(c, state)
		if state == http.StateClosed {
			closed <- struct{}{}
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	var clients []*http.Transport
	for want := range int64(3) {
		if got := s.Connections(); got != want {
			t.Errorf("%d connections, want %d", got, want)
		}
		client := &http.Transport{}
		clients = append(clients, client)
		resp, err := (&http.Client{Transport: client}).Get("http://" + l.Addr().String() + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	for _, client := range clients {
		client.CloseIdleConnections()
		<-closed
	}
	if got := s.Connections(); got != 0 {
		t.Errorf("%d connections of clients that have gone", got)
	}
	_ = server.Close()
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}
