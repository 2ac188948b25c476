package dashboard_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tania/internal/audit"
	"tania/internal/oidc"
	"tania/internal/oidc/oidctest"
	"tania/internal/tania"
	"tania/internal/users"
)

// byProvider is a site that people sign in to by a provider, and a browser.
func byProvider(t *testing.T) (*site, *oidctest.Provider, *http.Client) {
	t.Helper()
	p := oidctest.New(t)
	s := newIdleSite(t, withToken)
	s.dashboard.Elsewhere = oidc.New(p.Options(s.URL))
	return s, p, newClient(t)
}

// TestSomebodySignsInByTheProvider, gets the role that is meant for them, and loses it when the provider says so.
func TestSomebodySignsInByTheProvider(t *testing.T) {
	s, p, client := byProvider(t)
	if _, body := s.ask(client, "GET", "/sign-in?next=/questions", nil, nil); !strings.Contains(body, "/sign-in/oidc?next=%2Fquestions") {
		t.Error("the form does not lead to the provider")
	}
	arrives := func(want int, path string) string {
		t.Helper()
		resp, err := client.Get(s.URL + "/sign-in/oidc?next=/questions")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode != want || resp.Request.URL.Path != path {
			t.Errorf("%s at %s, want %d at %s", resp.Status, resp.Request.URL.Path, want, path)
		}
		return resp.Request.URL.String()
	}
	arrives(http.StatusOK, "/questions")
	if resp, _ := s.ask(client, "POST", "/bot/try", url.Values{"text": {"hola"}}, nil); resp.StatusCode != http.StatusOK {
		t.Errorf("an editor tries: %s", resp.Status)
	}
	if resp, _ := s.ask(client, "POST", "/pause", nil, nil); resp.StatusCode != http.StatusForbidden {
		t.Errorf("an editor pauses: %s", resp.Status)
	}
	if list, err := s.dashboard.Users.List(t.Context()); err != nil || len(list) != 1 || list[0].Name != "ana@example.com" ||
		list[0].Role != tania.Editor || list[0].Sessions != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	// No password is one of theirs.
	if _, _, err := s.dashboard.Users.SignIn(t.Context(), "ana@example.com", ""); !errors.Is(err, users.ErrRefused) {
		t.Errorf("with an empty password: %v", err)
	}
	p.Is(map[string]any{"sub": "00u1", "email": "ana@example.com", "email_verified": true})
	arrives(http.StatusOK, "/questions")
	if resp, _ := s.ask(client, "POST", "/bot/try", url.Values{"text": {"hola"}}, nil); resp.StatusCode != http.StatusForbidden {
		t.Errorf("who is a viewer now tries: %s", resp.Status)
	}
	p.Is(map[string]any{"sub": "00u2", "email": "eve@evil.test", "email_verified": true})
	arrives(http.StatusForbidden, "/sign-in/oidc/callback")
	var seen []audit.Entry
	for _, e := range s.audited() {
		if e.Action == audit.SignIn {
			seen = append(seen, e)
		}
	}
	if len(seen) != 3 || seen[0].Outcome != audit.Refused || seen[0].By != "eve@evil.test" || seen[0].As != audit.Nobody ||
		seen[2].Outcome != audit.Done || seen[2].By != "ana@example.com" || seen[2].As != audit.User {
		t.Errorf("the audit log has %+v", seen)
	}
}

func TestASignInThatIsReplayedOrForgedOpensNothing(t *testing.T) {
	s, _, client := byProvider(t)
	stop := *client
	stop.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	step := func(client *http.Client, address string) *http.Response {
		t.Helper()
		resp, err := client.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp
	}
	back := step(&stop, step(&stop, s.URL+"/sign-in/oidc").Header.Get("Location")).Header.Get("Location")
	if resp := step(&http.Client{CheckRedirect: stop.CheckRedirect}, back); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("in another browser: %s", resp.Status)
	}
	if resp := step(&stop, back); resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/" {
		t.Errorf("the one that began it: %s to %q", resp.Status, resp.Header.Get("Location"))
	}
	if resp := step(&stop, back); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("replayed: %s", resp.Status)
	}
	evil := step(&stop, s.URL+"/sign-in/oidc?next=https://evil.test/")
	if back := step(&stop, step(&stop, evil.Header.Get("Location")).Header.Get("Location")); back.Header.Get("Location") != "/" {
		t.Errorf("sent to %q after the sign-in", back.Header.Get("Location"))
	}
}

func TestAProviderDoesNotOpenAPasswordsUser(t *testing.T) {
	s, p, client := byProvider(t)
	if err := s.dashboard.Users.Add(t.Context(), "Ana@Example.com", tania.Operator, password); err != nil {
		t.Fatal(err)
	}
	resp, err := client.Get(s.URL + "/sign-in/oidc")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusConflict {
		t.Errorf("%s", resp.Status)
	}
	p.Away(true)
	s.dashboard.Elsewhere = oidc.New(p.Options(s.URL))
	resp, body := s.ask(client, "GET", "/sign-in/oidc", nil, nil)
	if resp.StatusCode != http.StatusBadGateway || !strings.Contains(body, "admin token") {
		t.Errorf("while the provider is away: %s", resp.Status)
	}
	s.signIn(client, "ana@example.com")
}
