package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/dashboard"
)

func TestPagesNeedASession(t *testing.T) {
	s := newSite(t, withToken)
	for _, path := range append([]string{"/conversations/1/1", "/dead/x"}, everyPage...) {
		resp, body := s.ask(http.DefaultClient, "GET", path, nil, nil)
		if resp.StatusCode != http.StatusSeeOther || !strings.HasPrefix(resp.Header.Get("Location"), "/sign-in") ||
			strings.Contains(body, "tiles") {
			t.Errorf("GET %s: %s to %q", path, resp.Status, resp.Header.Get("Location"))
		}
	}
	for _, path := range []string{"/live", "/series"} {
		if resp, _ := s.ask(http.DefaultClient, "GET", path, nil, nil); resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("GET %s: %s", path, resp.Status)
		}
	}
	for _, path := range []string{"/pause", "/resume", "/dead", "/cache/clear", "/cache/invalidate", "/bot/try"} {
		if resp, _ := s.ask(http.DefaultClient, "POST", path, url.Values{}, nil); resp.StatusCode != http.StatusSeeOther {
			t.Errorf("POST %s: %s", path, resp.Status)
		}
	}
	if stats, err := s.engine.Stats(t.Context()); err != nil || stats.Paused {
		t.Errorf("paused by nobody: %+v, %v", stats, err)
	}
}

func TestSession(t *testing.T) {
	s := newSite(t, withToken)
	client := s.signedIn()
	resp, _ := s.ask(newClient(t), "POST", "/sign-in", url.Values{"token": {adminToken}, "next": {"/dead"}},
		http.Header{"X-Forwarded-Proto": {"https"}})
	c := resp.Cookies()[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" ||
		c.MaxAge <= 0 || resp.Header.Get("Location") != "/dead" {
		t.Errorf("cookie %v to %s", c, resp.Header.Get("Location"))
	}
	if strings.Contains(c.Value, adminToken) {
		t.Error("the token is in the cookie")
	}
	with := func(value string) int {
		resp, _ := s.ask(http.DefaultClient, "GET", "/dead", nil, http.Header{"Cookie": {c.Name + "=" + value}})
		return resp.StatusCode
	}
	if got := with(c.Value); got != 200 {
		t.Errorf("the cookie gives %d", got)
	}
	payload, signature, _ := strings.Cut(c.Value, ".")
	for name, value := range map[string]string{
		"no signature": payload, "an empty signature": payload + ".", "another payload": "x" + payload + "." + signature,
		"nothing": "", "a dot": ".", "half a signature": payload + "." + signature[:20],
		"signed by another token": newSessionOf(t, "another-token-of-sixteen"),
	} {
		if got := with(value); got == 200 {
			t.Errorf("%s opens the page", name)
		}
	}
	if _, err := s.engine.Stats(t.Context()); err != nil {
		t.Fatal(err)
	}
	if resp, _ := s.ask(client, "GET", "/", nil, nil); resp.StatusCode != 200 {
		t.Errorf("the session gives %s", resp.Status)
	}
	stolen := cookieOf(t, client, s.URL)
	if resp, _ := s.ask(client, "POST", "/sign-out", url.Values{}, nil); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("sign-out: %s", resp.Status)
	}
	if got := with(stolen); got == 200 {
		t.Error("a session that was signed out goes on")
	}
	s.now.forward(13 * time.Hour)
	if got := with(c.Value); got == 200 {
		t.Error("a session of thirteen hours goes on")
	}
}

func TestTheSignInShowsNoCounts(t *testing.T) {
	s := newSite(t, withToken)
	_, body := s.ask(newClient(t), "GET", "/sign-in", nil, nil)
	if strings.Contains(body, "<nav") || strings.Contains(body, `class="count"`) {
		t.Errorf("who is not signed in reads the menu: %s", body)
	}
}

func newSessionOf(t *testing.T, token string) string {
	t.Helper()
	other := newSite(t, func(o *dashboard.Options) { o.AdminToken = token })
	resp, _ := other.ask(newClient(t), "POST", "/sign-in", url.Values{"token": {token}}, nil)
	return resp.Cookies()[0].Value
}

func cookieOf(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return client.Jar.Cookies(u)[0].Value
}

func TestSignInIsLimited(t *testing.T) {
	s := newSite(t, withToken)
	try := func(token string) int {
		resp, _ := s.ask(newClient(t), "POST", "/sign-in", url.Values{"token": {token}}, nil)
		return resp.StatusCode
	}
	for i := range 5 {
		if got := try("wrong"); got != http.StatusUnauthorized {
			t.Fatalf("try %d: %d", i, got)
		}
	}
	if got := try(adminToken); got != http.StatusTooManyRequests {
		t.Errorf("the sixth try, with the right token: %d", got)
	}
	for range 100 {
		_ = try("wrong")
	}
	if refused := len(s.audited()); refused != 6 {
		t.Errorf("5 wrong tokens and 101 tries above the limit are %d entries of the audit log, want 6", refused)
	}
	s.now.forward(13 * time.Second)
	if got := try(adminToken); got != http.StatusSeeOther {
		t.Errorf("13 s later: %d", got)
	}
	if got := try(adminToken); got != http.StatusSeeOther {
		t.Errorf("a right token counted as a try: %d", got)
	}
	if strings.Contains(s.log.String(), "wrong") && strings.Contains(s.log.String(), adminToken) {
		t.Error("a token is in the log")
	}
}

func TestOtherSitesCannotAct(t *testing.T) {
	for name, change := range map[string]func(*dashboard.Options){"with a token": withToken, "without a token": nil} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, change)
			client := http.DefaultClient
			if change != nil {
				client = s.signedIn()
			}
			for header, values := range map[string]http.Header{
				"another site":   {"Sec-Fetch-Site": {"cross-site"}},
				"a sibling":      {"Sec-Fetch-Site": {"same-site"}},
				"another origin": {"Origin": {"https://evil.example"}},
				"an opaque one":  {"Origin": {"null"}},
			} {
				if resp, _ := s.ask(client, "POST", "/pause", url.Values{}, values); resp.StatusCode != http.StatusForbidden {
					t.Errorf("%s: %s", header, resp.Status)
				}
			}
			if stats, _ := s.engine.Stats(t.Context()); stats.Paused {
				t.Error("the bot is paused")
			}
			if resp, _ := s.ask(client, "POST", "/pause", url.Values{},
				http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {s.URL}}); resp.StatusCode != http.StatusSeeOther {
				t.Errorf("our own form: %s", resp.Status)
			}
		})
	}
}

func TestWithoutATokenOnlyThisMachine(t *testing.T) {
	s := newSite(t, nil)
	s.write(chatwootsim.CustomerMessage{Text: "hola"})
	s.ended()
	for name, header := range map[string]http.Header{
		"a name pointed to loopback": {"Host": {"evil.example"}},
		"through a proxy":            {"X-Forwarded-For": {"10.0.0.9"}},
		"from another page":          {"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"cors"}},
	} {
		for _, path := range append([]string{"/series", "/live", "/conversations/1/1"}, everyPage...) {
			resp, body := s.ask(http.DefaultClient, "GET", path, nil, header)
			if resp.StatusCode != http.StatusForbidden || strings.Contains(body, "hola") {
				t.Errorf("%s, %s: %s", name, path, resp.Status)
			}
		}
	}
	for _, path := range everyPage {
		if resp, body := s.ask(http.DefaultClient, "GET", path, nil, nil); resp.StatusCode != 200 || !strings.Contains(body, "<h1>") {
			t.Errorf("%s: %s", path, resp.Status)
		}
	}
	link := http.Header{"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"navigate"}}
	if resp, body := s.ask(http.DefaultClient, "GET", "/conversations/1/1", nil, link); resp.StatusCode != 200 ||
		strings.Contains(body, "hola") || !strings.Contains(body, "refresh") {
		t.Errorf("a link from another page: %s %s", resp.Status, body)
	}
}
