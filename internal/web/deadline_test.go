package web_test

import (
	"net/http"
	"testing"

	"tania/internal/queue/redisqueue"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/redistest"
	"tania/internal/web"
)

// TestRoutesAnswerWhileRedisIsFrozen asks what an operator asks in an incident. Without a deadline each would hang for as long as
// Redis does.
func TestRoutesAnswerWhileRedisIsFrozen(t *testing.T) {
	server := redistest.Start(t)
	o, err := redisconn.ParseURL(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := redisqueue.Open(t.Context(), redisqueue.Options{Redis: o})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = engine.Close() }()
	s := newSite(t, func(o *web.Options) { o.Engine = engine })
	if err := server.Freeze(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Thaw() }()
	for _, path := range []string{"/admin/records", "/admin/questions", "/admin/conversations/1/1", "/admin/dead", "/admin/dead/x"} {
		if a := s.do(t, http.MethodGet, path, nil, nil); a.status != http.StatusServiceUnavailable || a.body["error"] == "" {
			t.Errorf("GET %s: %d %v, want 503 and why", path, a.status, a.body)
		}
	}
}
