package doctor

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// api is the body of Chatwoot's GET /api.
func api(version string) page {
	return page{body: fmt.Sprintf(`{"version":%q,"timestamp":"2026-11-23 20:00:00","queue_services":"ok","data_services":"ok"}`, version)}
}

func TestWhereChatwootIsNot(t *testing.T) {
	plain := serve(t, map[string]page{"/api": api("4.15.1")})
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secure.Close)
	closed, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	silent, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	host := strings.TrimPrefix(plain.URL, "http://")

	for _, x := range []struct {
		name, address string
		timeout       time.Duration // doctor's own when 0: only who never answers is not waited for
		words         []string
	}{
		{"a name that DNS does not know", "https://chatwoot.invalid", 0, []string{"not known to DNS", "CHATWOOT_BASE_URL"}},
		{"nothing listens", "http://" + closed.Addr().String(), 0, []string{"refuses the connection"}},
		{"it never answers", "http://" + silent.Addr().String(), 300 * time.Millisecond, []string{"does not answer in time"}},
		{"TLS asked of a server without", "https://" + host, 0, []string{"does not speak TLS", "begin CHATWOOT_BASE_URL with http://"}},
		{"a certificate of nobody", secure.URL, 0, []string{"does not trust", "SSL_CERT_FILE"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			checks := examine(t, Deps{Timeout: x.timeout}, "CHATWOOT_BASE_URL="+x.address, "CHATWOOT_API_ACCESS_TOKEN="+apiToken)
			expect(t, checks, "Chatwoot", Fail, x.words...)
			none(t, checks, tokenCheck, OK)
		})
	}
}

func TestWhatAnswersIsLookedAt(t *testing.T) {
	for _, x := range []struct {
		name   string
		page   page
		status Status
		words  []string
	}{
		{"Chatwoot", api("4.15.1"), OK, []string{"it is version 4.15.1"}},
		{"a fork with a suffix", api("v4.16.2-fork"), OK, []string{"4.16.2"}},
		{"a version in words", api("edge"), OK, []string{"does not tell its version"}},
		{"an old Chatwoot", api("4.9.1"), Warn, []string{"lacks typing dots", "upgrade Chatwoot"}},
		{
			"its Redis is down",
			page{body: `{"version":"4.15.1","queue_services":"failing","data_services":"ok"}`},
			Warn,
			[]string{"Redis (queue_services) is failing"},
		},
		{
			"to https",
			page{status: 301, header: http.Header{"Location": {"https://chat.example.com/api"}}},
			Fail,
			[]string{"redirects (301)", "set CHATWOOT_BASE_URL=https://chat.example.com"},
		},
		{
			"to a sign-in page elsewhere",
			page{status: 302, header: http.Header{"Location": {"https://sso.example.com/login?next=%2Fapi"}}},
			Fail,
			[]string{"to https://sso.example.com"},
		},
		{"a redirect to nowhere", page{status: 302}, Fail, []string{"redirects (302)"}},
		{"a hidden /api", page{status: 404, body: "<html>"}, OK, []string{"does not tell its version"}},
		{"a web page", page{status: 200, body: "<html>hello</html>"}, OK, []string{"does not tell its version"}},
		{"a proxy whose Chatwoot is down", page{status: 502, body: "Bad Gateway"}, Fail, []string{"answers 502", "is down"}},
		{"a Cloudflare challenge", page{status: 403, header: http.Header{"Cf-Mitigated": {"challenge"}}}, Fail, []string{"Cloudflare challenge"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			pages := bot("")
			pages["/api"] = x.page
			site := serve(t, pages)
			checks := examine(t, Deps{}, "CHATWOOT_BASE_URL="+site.URL, "CHATWOOT_API_ACCESS_TOKEN="+apiToken, "CHATWOOT_ACCOUNT_ID=3")
			expect(t, checks, "Chatwoot", x.status, x.words...)
			if x.status == OK {
				expect(t, checks, tokenCheck, OK)
			}
		})
	}
}

func TestAnythingElseIsNotAChatwoot(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<html>a shop \x1b[2J</html>"))
	}))
	t.Cleanup(other.Close)
	checks := examine(t, Deps{}, "CHATWOOT_BASE_URL="+other.URL, "CHATWOOT_API_ACCESS_TOKEN="+apiToken)
	expect(t, checks, "Chatwoot", Fail, "is not a Chatwoot", "without /app")
}

func TestTheClockIsComparedWithChatwoots(t *testing.T) {
	base := time.Now()
	for _, x := range []struct {
		ahead  time.Duration
		status Status
		words  string
	}{
		{0, OK, "agrees"},
		{-90 * time.Second, OK, "agrees"},
		{3 * time.Minute, Warn, "3m0s ahead of Chatwoot"},
		{-6 * time.Minute, Fail, "6m0s behind Chatwoot"},
		{time.Hour, Fail, "1h0m0s ahead"},
	} {
		t.Run(x.ahead.String(), func(t *testing.T) {
			pages := bot("4.15.1")
			p := pages["/api"]
			p.header = http.Header{"Date": {base.Add(-x.ahead).UTC().Format(http.TimeFormat)}}
			pages["/api"] = p
			site := serve(t, pages)
			checks := examine(t, Deps{Now: func() time.Time { return base.Truncate(time.Second) }}, "CHATWOOT_BASE_URL="+site.URL,
				"CHATWOOT_API_ACCESS_TOKEN="+apiToken)
			expect(t, checks, "clock", x.status, x.words)
		})
	}
}

func TestVersions(t *testing.T) {
	for text, want := range map[string]version{
		"4.15.1": {4, 15, 1}, "v4.16": {4, 16, 0}, "4.14.2-rc.1": {4, 14, 2}, "": {}, "edge": {},
		"4.x.1": {},
	} {
		if got := parseVersion(text); got != want {
			t.Errorf("%q is %v", text, got)
		}
	}
	if (version{}).before(signsBots) || !(version{4, 9, 9}).before(signsBots) || (version{4, 13, 0}).before(signsBots) ||
		(version{5, 0, 0}).before(signsBots) {
		t.Error("before is wrong")
	}
}

func TestARedirectedAddressKeepsItsPath(t *testing.T) {
	for location, want := range map[string]string{
		"/chat/api":                       "set CHATWOOT_BASE_URL=http://a.example/chat",
		"https://b.example/api/":          "set CHATWOOT_BASE_URL=https://b.example",
		"https://b.example:8443/desk/api": "set CHATWOOT_BASE_URL=https://b.example:8443/desk",
		"http://a.example/api":            "the address that answers itself",
	} {
		c, err := load(t)
		if err != nil {
			t.Fatal(err)
		}
		x := &examination{config: c}
		x.redirected(&url.URL{Scheme: "http", Host: "a.example"}, &answer{status: 301, header: http.Header{"Location": {location}}})
		expect(t, x.checks, "Chatwoot", Fail, want)
	}
}
