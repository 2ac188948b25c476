package web_test

import (
	"slices"
	"strings"
	"testing"

	"tania/internal/dashboard"
	"tania/internal/tania"
	"tania/internal/web"
)

// open are the routes that everybody may ask.
var open = []string{
	"GET /healthz", "GET /readyz", "GET /chatwoot/health", "POST /chatwoot/webhook",
	"GET /sign-in", "POST /sign-in", "POST /sign-out", "GET /assets/{name}",
	"GET /sign-in/oidc", "GET /sign-in/oidc/callback",
}

// TestEveryRouteNamesTheRoleThatItNeeds: none is open by oversight, and nothing that changes something is open to who only reads.
func TestEveryRouteNamesTheRoleThatItNeeds(t *testing.T) {
	// The first asks with a body, the other changes nothing but who asks.
	forViewers := []string{"POST /admin/cache/explain", "POST /password"}
	o := web.Options{}
	o.Dashboard = dashboard.New(dashboard.Options{})
	routes := web.New(o).Routes()
	if len(routes) < 40 {
		t.Fatalf("only %d routes", len(routes))
	}
	for _, route := range routes {
		switch {
		case route.Needs == tania.Anyone:
			if !slices.Contains(open, route.Pattern) {
				t.Errorf("%s is open to everybody", route.Pattern)
			}
		case !route.Needs.Valid():
			t.Errorf("%s names no role: say in its table who may", route.Pattern)
		case route.Needs == tania.Viewer && !route.Reads() && !slices.Contains(forViewers, route.Pattern):
			t.Errorf("%s changes something, and a viewer may", route.Pattern)
		}
		if method, path, _ := strings.Cut(route.Pattern, " "); method == "" || !strings.HasPrefix(path, "/") {
			t.Errorf("%q names no method, so every method may", route.Pattern)
		}
	}
}
