package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"tania/internal/web"
)

// TestTheIndexNamesTheRoutesThatThereAre: each can be asked for, and those that once were missing are there.
func TestTheIndexNamesTheRoutesThatThereAre(t *testing.T) {
	metrics := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	s := newSite(t, func(o *web.Options) { o.Metrics = metrics })
	named, _ := s.do(t, http.MethodGet, "/", nil, nil).body["routes"].([]any)
	var routes []string
	for _, r := range named {
		routes = append(routes, r.(string))
	}
	for _, want := range []string{
		"POST /chatwoot/webhook", "GET /chatwoot/health", "GET /healthz", "GET /readyz", "GET /metrics",
		"GET /admin/dead/{id}", "POST /admin/dead/{id}/retry", "DELETE /admin/dead/{id}", "GET /admin/dead/retry-all",
	} {
		if !slices.Contains(routes, want) {
			t.Errorf("%s is not named", want)
		}
	}
	variables := strings.NewReplacer("{id}", "7", "{account}", "1")
	for _, r := range routes {
		method, path, _ := strings.Cut(r, " ")
		a := s.do(t, method, variables.Replace(path), nil, nil)
		if a.status == http.StatusMethodNotAllowed || a.status == http.StatusNotFound && a.body["error"] == nil {
			t.Errorf("%s is named, and not there: %d", r, a.status)
		}
	}
	if len(slices.Compact(slices.Sorted(slices.Values(routes)))) != len(routes) {
		t.Errorf("named twice: %q", routes)
	}
}

// TestALimitIsANumber, of which 0 is all where all can be had.
func TestALimitIsANumber(t *testing.T) {
	s := newSite(t, nil)
	for path, status := range map[string]int{
		"/admin/dead?limit=0": 400, "/admin/dead?limit=x": 400, "/admin/dead?limit=1": 200, "/admin/records?limit=-1": 400,
		"/admin/cache?limit=-1": 400, "/admin/cache?limit=0": 404, // the cache is off
	} {
		if a := s.do(t, http.MethodGet, path, nil, nil); a.status != status {
			t.Errorf("%s: %d, want %d", path, a.status, status)
		}
	}
}
