package web_test

import (
	"slices"
	"testing"

	"tania/internal/audit"
	"tania/internal/dashboard"
	"tania/internal/web"
)

// TestEveryChangeHasAnAction: a route that changes something and has none is in no audit log.
func TestEveryChangeHasAnAction(t *testing.T) {
	// Chatwoot's messages, and a question with a body.
	none := []string{"POST /chatwoot/webhook", "POST /admin/cache/explain"}
	// A browser comes back from a provider of sign-in by a GET.
	changing := []string{"GET /sign-in/oidc/callback"}
	o := web.Options{}
	o.Dashboard = dashboard.New(dashboard.Options{})
	for _, route := range web.New(o).Routes() {
		action := audit.ActionOf(route.Pattern)
		changes := !route.Reads() || slices.Contains(changing, route.Pattern)
		if want := changes && !slices.Contains(none, route.Pattern); want != (action != "") {
			t.Errorf("%s: the action is %q", route.Pattern, action)
		}
		if action != "" && !slices.Contains(audit.Actions(), action) {
			t.Errorf("%s: %q is not in the list of actions", route.Pattern, action)
		}
	}
}
