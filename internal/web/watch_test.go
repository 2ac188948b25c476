package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tania/internal/tania"
	"tania/internal/web"
)

func TestEveryWebhookIsObserved(t *testing.T) {
	var seen []web.Delivery
	s := newSite(t, func(o *web.Options) { o.Observe = func(d web.Delivery) { seen = append(seen, d) } })
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
	want := []web.Delivery{
		{Code: 200, Status: "queued", Reason: tania.Proceed},
		{Code: 200, Status: "duplicate", Reason: tania.Duplicate},
		{Code: 200, Status: "ignored", Reason: tania.Private},
		{Code: 400, Status: "refused"},
		{Code: 401, Status: "refused"},
		{Code: 500, Status: "failed"},
	}
	if diff := cmp.Diff(want, seen, cmpopts.IgnoreFields(web.Delivery{}, "Duration")); diff != "" {
		t.Error(diff)
	}
	for _, d := range seen {
		if d.Duration <= 0 {
			t.Errorf("%+v took no time", d)
		}
	}
}

func TestMetricsAreForOperators(t *testing.T) {
	metrics := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	open := newSite(t, func(o *web.Options) { o.Metrics = metrics })
	if a := open.do(t, http.MethodGet, "/metrics", nil, nil); a.status != 200 {
		t.Errorf("on loopback: %d", a.status)
	}
	if a := open.do(t, http.MethodGet, "/metrics", nil, http.Header{"X-Forwarded-For": {"198.51.100.7"}}); a.status != 403 {
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
