package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/config"
)

// Values that must never be printed.
const (
	apiToken = "Jh2cP9mVwXrT5kYbN8sQ4dLz"
	secret   = "s3cr3tTokenOf24Base58Chr"
	hookTok  = "hook-token-of-our-own"
	modelKey = "sk-proj-abcdefghijklmnop"
)

// load gives a configuration in an empty working directory.
func load(t *testing.T, environ ...string) (*config.Config, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	return config.Load(append([]string{"PORT=0"}, environ...), "")
}

// examine runs all checks and makes sure that no secret is in them.
func examine(t *testing.T, d Deps, environ ...string) []Check {
	t.Helper()
	c, err := load(t, environ...)
	d.ConfigError = err
	checks := Run(t.Context(), c, d)
	printed, err := json.Marshal(checks)
	if err != nil {
		t.Fatal(err)
	}
	for _, hidden := range []string{apiToken, secret, hookTok, modelKey} {
		if strings.Contains(string(printed), hidden) {
			t.Errorf("%s is printed: %s", hidden, printed)
		}
	}
	for _, check := range checks {
		if (check.Status == Fail || check.Status == Warn) && check.Fix == "" {
			t.Errorf("no fix: %+v", check)
		}
	}
	return checks
}

// expect looks for a check of that name and status whose text and fix hold the words.
func expect(t *testing.T, checks []Check, name string, status Status, words ...string) {
	t.Helper()
	for _, c := range checks {
		found := c.Name == name && c.Status == status
		for _, w := range words {
			found = found && strings.Contains(c.Text+" → "+c.Fix, w)
		}
		if found {
			return
		}
	}
	t.Errorf("no check %s %s with %q in:\n%s", name, status, words, list(checks))
}

// none makes sure that nothing is said under a name with a status.
func none(t *testing.T, checks []Check, name string, status Status) {
	t.Helper()
	for _, c := range checks {
		if c.Name == name && c.Status == status {
			t.Errorf("unexpected: %+v", c)
		}
	}
}

func list(checks []Check) string {
	var b strings.Builder
	for _, c := range checks {
		fmt.Fprintf(&b, "  %s %s: %s → %s\n", c.Status, c.Name, c.Text, c.Fix)
	}
	return b.String()
}

// site is a real server with fixed answers by path; a token other than apiToken is refused as Chatwoot does.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

type page struct {
	status int
	body   string
	header http.Header
}

func serve(t *testing.T, pages map[string]page) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.Path)
		s.mu.Unlock()
		if strings.HasPrefix(r.URL.Path, "/api/v1/") {
			switch r.Header.Get("Api-Access-Token") {
			case apiToken:
			case "":
				reply(w, page{status: 401, body: `{"errors":["You need to sign in or sign up before continuing."]}`})
				return
			default:
				reply(w, page{status: 401, body: `{"error":"Invalid Access Token"}`})
				return
			}
		}
		p, ok := pages[r.URL.Path]
		if !ok {
			p = page{status: 404, body: `{"error":"Resource could not be found"}`}
		}
		reply(w, p)
	}))
	t.Cleanup(s.Close)
	return s
}

func reply(w http.ResponseWriter, p page) {
	w.Header().Set("Content-Type", "application/json")
	for name, values := range p.header {
		w.Header()[name] = values
	}
	if p.status == 0 {
		p.status = http.StatusOK
	}
	w.WriteHeader(p.status)
	_, _ = w.Write([]byte(p.body))
}

func TestAnEmptyConfigurationSaysWhatToSet(t *testing.T) {
	checks := examine(t, Deps{})
	expect(t, checks, "configuration", OK)
	expect(t, checks, "bot.yaml", Info, "built-in")
	expect(t, checks, "data directory", OK, "will be made")
	expect(t, checks, "operators' routes", Info, "admin-token")
	expect(t, checks, "Chatwoot", Fail, "CHATWOOT_BASE_URL is not set")
	expect(t, checks, "webhook secret", Warn, "refused (401)")
	expect(t, checks, "model", Info, "offline responder")
	if Failed(checks) != 1 {
		t.Errorf("%d failed:\n%s", Failed(checks), list(checks))
	}
}

func TestAWrongConfigurationIsToldAndTheRestIsStillChecked(t *testing.T) {
	site := serve(t, bot("4.15.1"))
	checks := examine(t, Deps{}, "QUEUE_MAX_RETRIES=many", "TANIA_BOT=gone.yaml", "WORKER_CONCURENCY=3",
		"CHATWOOT_BASE_URL="+site.URL, "CHATWOOT_API_ACCESS_TOKEN="+apiToken, "CHATWOOT_ACCOUNT_ID=3", "REDIS_HOST=127.0.0.1", "REDIS_PORT=1")
	expect(t, checks, "configuration", Fail, `QUEUE_MAX_RETRIES="many"`, "a whole number", "correct it")
	expect(t, checks, "bot.yaml", Fail, "no such file")
	expect(t, checks, "Redis", Fail, "127.0.0.1:1", "REDIS_URL")
	expect(t, checks, "Chatwoot token", OK, "agent bot's")
	none(t, checks, "configuration", OK)
	none(t, checks, "bot.yaml", Info)
}

func TestAPortInUse(t *testing.T) {
	at := func(handler http.HandlerFunc) (*config.Config, string) {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		c, err := load(t, "HOST=127.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		_, port, err := net.SplitHostPort(server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if c.Server.Port, err = strconv.Atoi(port); err != nil {
			t.Fatal(err)
		}
		return c, port
	}
	c, port := at(func(w http.ResponseWriter, _ *http.Request) {
		reply(w, page{body: `{"ok":true,"status":"healthy","version":"v9"}`})
	})
	expect(t, Run(t.Context(), c, Deps{}), "port", Info, "a Tania (v9) runs on 127.0.0.1:"+port)
	c, port = at(http.NotFound)
	expect(t, Run(t.Context(), c, Deps{}), "port", Fail, "cannot listen on 127.0.0.1:"+port, "PORT")
}

func TestServiceHoursShowTheTimeThere(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 11, 23, 20, 5, 0, 0, time.UTC) }
	checks := examine(t, Deps{Now: now}, "GOVERNOR_SERVICE_HOURS_ENABLED=true", "GOVERNOR_SERVICE_HOURS_TIMEZONE=America/Mexico_City")
	expect(t, checks, "service hours", OK, "Mon 14:05 in America/Mexico_City")
	checks = examine(t, Deps{Now: now}, "GOVERNOR_SERVICE_HOURS_ENABLED=true")
	expect(t, checks, "service hours", Warn, "Mon 20:05 in UTC, the default", "GOVERNOR_SERVICE_HOURS_TIMEZONE")
}

func TestACancelledRunEndsAtOnce(t *testing.T) {
	site := serve(t, bot("4.15.1"))
	c, err := load(t, "CHATWOOT_BASE_URL="+site.URL, "CHATWOOT_API_ACCESS_TOKEN="+apiToken)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	expect(t, Run(ctx, c, Deps{}), "Chatwoot", Fail, "canceled")
	if len(site.asked) != 0 {
		t.Errorf("asked %q", site.asked)
	}
}
