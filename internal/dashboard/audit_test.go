package dashboard_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/audit"
	"tania/internal/dashboard/session"
	"tania/internal/tania"
)

// audited are the entries of the log, the newest first.
func (s *site) audited() []audit.Entry {
	s.t.Helper()
	list, err := s.dashboard.Audit.List(s.t.Context(), time.Time{})
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// TestEveryChangeIsAudited: a request to each route that changes something makes one entry, which says who asked and from where.
func TestEveryChangeIsAudited(t *testing.T) {
	s := newIdleSite(t, withToken)
	client := s.user(tania.Operator)
	asked := 0
	for _, route := range s.closedRoutes() {
		method, path, _ := strings.Cut(route.Pattern, " ")
		if route.Reads() || path == "/admin/cache/explain" {
			continue
		}
		asked++
		before := len(s.audited())
		resp, _ := s.ask(client, method, path, nil, nil)
		list := s.audited()
		if len(list) != before+1 {
			t.Errorf("%s: %s, and %d entries", route.Pattern, resp.Status, len(list)-before)
			continue
		}
		e := list[0]
		if e.As != audit.User || e.By != "operator" || e.From != "127.0.0.1" || !slices.Contains(audit.Actions(), e.Action) {
			t.Errorf("%s: %+v", route.Pattern, e)
		}
		want := audit.Done
		switch {
		case resp.StatusCode >= http.StatusInternalServerError:
			want = audit.Failed
		case resp.StatusCode >= http.StatusBadRequest || strings.Contains(resp.Header.Get("Location"), "problem="):
			want = audit.Refused
		}
		if e.Outcome != want {
			t.Errorf("%s: %s is said to be %s", route.Pattern, resp.Status, e.Outcome)
		}
	}
	if asked < 20 {
		t.Errorf("only %d routes were asked", asked)
	}
}

// TestTheLogSaysWhatWasDone: to whom, by whom and whether it was; no password is in it, and nothing that somebody typed who is not known.
func TestTheLogSaysWhatWasDone(t *testing.T) {
	s := newIdleSite(t, withToken)
	_, _ = s.ask(newClient(t), "POST", "/sign-in", url.Values{"user": {"my-secret-password"}, "password": {"a wrong password"}}, nil)
	admin := s.signedIn()
	for _, form := range []url.Values{
		{"do": {"add"}, "user": {"Ana <b>"}, "role": {"editor"}, "password": {password}},
		{"do": {"role"}, "user": {"Ana <b>"}, "role": {"root"}},
		{"do": {"remove"}, "user": {"Ana <b>"}},
	} {
		_, _ = s.ask(admin, "POST", "/users", form, nil)
	}
	_, _ = s.ask(admin, "POST", "/dead", url.Values{"do": {"discard"}, "turn": {"01AAA", "01BBB"}}, nil)
	_, _ = s.ask(admin, "POST", "/admin/forget?account=1&contact=4711", nil, nil)
	_, page := s.ask(admin, "GET", "/audit", nil, nil)
	_, _ = s.ask(admin, "POST", "/sign-out", nil, nil)
	_, _ = s.ask(newClient(t), "POST", "/sign-out", nil, nil) // by nobody: there is nothing to say
	link := session.SignInLink(s.URL, adminToken, s.now.Now().Add(time.Minute))
	_, _ = s.ask(newClient(t), "GET", strings.TrimPrefix(link, s.URL), nil, nil)
	list := s.audited()
	slices.Reverse(list)
	var got []string
	for _, e := range list {
		got = append(got, strings.TrimSpace(string(e.As)+" "+string(e.Action)+" "+e.On)+" "+string(e.Outcome))
	}
	want := []string{
		"nobody sign_in refused", "admin_token sign_in done", "admin_token user_add Ana <b> done", "admin_token user_role Ana <b> refused",
		"admin_token user_remove Ana <b> done", "admin_token dead_discard 01AAA 01BBB done", "admin_token forget done",
		"admin_token sign_out done", "admin_token sign_in done",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the log says %q\nwant %q", got, want)
	}
	if !strings.Contains(page, "Ana &lt;b&gt;") || !strings.Contains(page, "Discard dead letters") {
		t.Error("the page does not show what was done")
	}
	for _, secret := range []string{password, "my-secret-password", "a wrong password", "4711"} {
		for _, e := range list {
			if strings.Contains(e.By+e.On+e.From, secret) {
				t.Errorf("%q is in %+v", secret, e)
			}
		}
	}
	if resp, _ := s.ask(s.user(tania.Editor), "GET", "/audit", nil, nil); resp.StatusCode != http.StatusForbidden {
		t.Errorf("an editor reads the log: %s", resp.Status)
	}
}

// TestWhatARoleDoesNotAllowIsAudited, once for each request that would have changed something, and no request that reads.
func TestWhatARoleDoesNotAllowIsAudited(t *testing.T) {
	s := newIdleSite(t, withToken)
	client := s.user(tania.Viewer)
	before := len(s.audited())
	for _, path := range []string{"/pause", "/cache/clear", "/users"} {
		if resp, _ := s.ask(client, "POST", path, nil, nil); resp.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s", path, resp.Status)
		}
	}
	if resp, _ := s.ask(client, "GET", "/audit", nil, nil); resp.StatusCode != http.StatusForbidden {
		t.Errorf("the log: %s", resp.Status)
	}
	list := s.audited()
	if len(list) != before+3 {
		t.Fatalf("%d entries, want 3 more than %d", len(list), before)
	}
	for i, want := range []audit.Action{audit.ChangeUser, audit.ClearCache, audit.Pause} {
		if e := list[i]; e.Action != want || e.Outcome != audit.Refused || e.As != audit.User || e.By != "viewer" || e.From != "127.0.0.1" {
			t.Errorf("%+v, want a refused %s", e, want)
		}
	}
}
