package web_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/outage"
	"tania/internal/web"
)

// TestHealthAndStatsNameTheServersThatAreAway: webhooks are taken all the same, so /readyz stays 200.
func TestHealthAndStatsNameTheServersThatAreAway(t *testing.T) {
	var away atomic.Pointer[[]outage.State]
	s := newSite(t, func(o *web.Options) {
		o.Outages = func() []outage.State {
			if states := away.Load(); states != nil {
				return *states
			}
			return nil
		}
	})
	since := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		states []outage.State
		health any
		stats  []any
	}{
		{nil, nil, []any{}},
		{
			[]outage.State{{Name: outage.Chatwoot, Away: true, Since: since, Cause: "502 Bad Gateway", Outages: 2}},
			[]any{"chatwoot"},
			[]any{map[string]any{"name": "chatwoot", "away": true, "since": "2026-11-28T09:00:00Z", "cause": "502 Bad Gateway", "outages": 2.0}},
		},
		{
			[]outage.State{{Name: outage.Chatwoot, Away: true}, {Name: outage.Model, Away: true, Cause: "no connection"}},
			[]any{"chatwoot", "model"},
			[]any{
				map[string]any{"name": "chatwoot", "away": true, "outages": 0.0},
				map[string]any{"name": "model", "away": true, "cause": "no connection", "outages": 0.0},
			},
		},
	} {
		away.Store(&x.states)
		health := s.do(t, http.MethodGet, "/readyz", nil, nil)
		if health.status != http.StatusOK {
			t.Errorf("%d from /readyz while %+v, want 200", health.status, x.states)
		}
		if diff := cmp.Diff(x.health, health.body["away"]); diff != "" {
			t.Error("/readyz", diff)
		}
		if diff := cmp.Diff(any(x.stats), s.do(t, http.MethodGet, "/chatwoot/stats", nil, nil).body["away"]); diff != "" {
			t.Error("/stats", diff)
		}
	}
}
