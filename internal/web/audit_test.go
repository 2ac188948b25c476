package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/audit"
	"tania/internal/dashboard"
	"tania/internal/operator"
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

// TestWhoMayNotUseTheOperatorsRoutesIsNoted, with a token that is none, or for what would have changed something; not a probe that brings
// nothing.
func TestWhoMayNotUseTheOperatorsRoutesIsNoted(t *testing.T) {
	var log *audit.Log
	s := newSite(t, func(o *web.Options) {
		o.AdminToken = "operators-token-0123"
		log = audit.New(o.Engine, time.Now, nil)
		o.Audit = log
	})
	wrong := http.Header{"Authorization": {"Bearer a-guess"}}
	for range 3 {
		for _, c := range []struct {
			method, path string
			header       http.Header
		}{{"GET", "/admin/dead", nil}, {"GET", "/admin/users", wrong}, {"POST", "/chatwoot/queue/pause", nil}} {
			if got := s.do(t, c.method, c.path, nil, c.header); got.status != http.StatusUnauthorized {
				t.Fatalf("%s %s: %d", c.method, c.path, got.status)
			}
		}
	}
	list, err := log.List(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		got = append(got, strings.Join([]string{string(e.As), e.From, string(e.Action), e.On, string(e.Outcome)}, "|"))
	}
	slices.Sort(got)
	want := []string{"nobody|127.0.0.1|pause||refused", "nobody|127.0.0.1|route_ask|GET /admin/users|refused"}
	if !slices.Equal(got, want) {
		t.Errorf("noted is %q, want %q", got, want)
	}
}

// TestACommandHasTheProcessNoteWhatItDid, and nothing else.
func TestACommandHasTheProcessNoteWhatItDid(t *testing.T) {
	var log *audit.Log
	s := newSite(t, func(o *web.Options) { log = audit.New(o.Engine, time.Now, nil); o.Audit = log })
	did := operator.Deed{Action: audit.Learn, On: "https://a.example/hc/b", By: "ana@laptop"}
	if err := operator.NoteRemotely(t.Context(), s.URL, "", did); err != nil {
		t.Fatal(err)
	}
	did.Action = audit.AddUser
	if err := operator.NoteRemotely(t.Context(), s.URL, "", did); err == nil {
		t.Error("a command says that it added a user")
	}
	list, err := log.List(t.Context(), time.Time{})
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if e := list[1]; e.Action != audit.Learn || e.On != did.On || e.By != "ana@laptop" || list[0].Outcome != audit.Refused {
		t.Errorf("%+v", list)
	}
}
