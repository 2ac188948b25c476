package dashboard_test

import (
	"bufio"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tania/internal/access"
	"tania/internal/operator"
	"tania/internal/tania"
	"tania/internal/users"
	"tania/internal/web"
)

const password = "correct horse battery"

// user adds a user of a role, with the role's name, and gives a browser in which they are signed in.
func (s *site) user(role tania.Role) *http.Client {
	s.t.Helper()
	if err := s.dashboard.Users.Add(s.t.Context(), string(role), role, password); err != nil {
		s.t.Fatal(err)
	}
	client := newClient(s.t)
	s.signIn(client, string(role))
	return client
}

func (s *site) signIn(client *http.Client, name string) {
	s.t.Helper()
	if resp, _ := s.ask(client, "POST", "/sign-in", url.Values{"user": {name}, "password": {password}}, nil); resp.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("%s signs in: %s", name, resp.Status)
	}
}

func (s *site) isIn(client *http.Client) bool {
	s.t.Helper()
	resp, _ := s.ask(client, "GET", "/dead", nil, nil)
	return resp.StatusCode == http.StatusOK
}

// closedRoutes are those that not everybody may ask, with values in their paths.
func (s *site) closedRoutes() (routes []access.Route) {
	variables := strings.NewReplacer("{id}", "7", "{account}", "1", "{number}", "99", "{name}", "nobody", "{$}", "")
	for _, route := range s.Config.Handler.(*web.Server).Routes() {
		if route.Needs != tania.Anyone {
			route.Pattern = variables.Replace(route.Pattern)
			routes = append(routes, route)
		}
	}
	return routes
}

// TestARoleMayWhatItsRoutesNeed: a viewer's request to each route of operators is refused, and so on, for every route that there is.
func TestARoleMayWhatItsRoutesNeed(t *testing.T) {
	s := newIdleSite(t, withToken)
	for _, role := range tania.Roles() {
		client := s.user(role)
		for _, route := range s.closedRoutes() {
			method, path, _ := strings.Cut(route.Pattern, " ")
			if path == "/live" || role == tania.Operator && strings.Contains(path, "/queue/") || path == "/pause" && role == tania.Operator {
				continue // the stream lasts, and the pause is asked about below
			}
			resp, body := s.ask(client, method, path, nil, nil)
			if refused := resp.StatusCode == http.StatusForbidden; refused == role.May(route.Needs) {
				t.Errorf("%s, as %s, where %s is needed: %s %s", route.Pattern, role, route.Needs, resp.Status, body)
			}
		}
		if stats, err := s.engine.Stats(t.Context()); err != nil || stats.Paused {
			t.Fatalf("paused by %s: %+v, %v", role, stats, err)
		}
	}
	if resp, _ := s.ask(s.signedIn(), "POST", "/pause", url.Values{}, nil); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("who has the admin token pauses: %s", resp.Status)
	}
}

// TestNoOtherSiteActsForAUser: every request that changes something is refused when another site's page made the browser send it.
func TestNoOtherSiteActsForAUser(t *testing.T) {
	s := newIdleSite(t, withToken)
	client := s.user(tania.Operator)
	open := []access.Route{{Pattern: "POST /sign-in"}, {Pattern: "POST /sign-out"}}
	for _, route := range append(s.closedRoutes(), open...) {
		if route.Reads() {
			continue
		}
		method, path, _ := strings.Cut(route.Pattern, " ")
		for from, header := range map[string]http.Header{
			"another site": {"Sec-Fetch-Site": {"cross-site"}}, "a sibling": {"Sec-Fetch-Site": {"same-site"}},
			"another origin": {"Origin": {"https://evil.example"}}, "an opaque one": {"Origin": {"null"}},
		} {
			if resp, _ := s.ask(client, method, path, nil, header); resp.StatusCode != http.StatusForbidden &&
				resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s from %s: %s", route.Pattern, from, resp.Status)
			}
		}
	}
	if !s.isIn(client) {
		t.Error("another site signed the user out")
	}
}

// TestASessionCannotBePlanted: the id is always a new one, and what the browser had before is worth nothing afterwards.
func TestASessionCannotBePlanted(t *testing.T) {
	s := newIdleSite(t, withToken)
	client := s.user(tania.Viewer)
	known := cookieOf(t, client, s.URL)
	planted := func(value string) http.Header { return http.Header{"Cookie": {"tania_session=" + value}} }
	for what, value := range map[string]string{"an id of an attacker's own": "u.planted", "an attacker's session": known} {
		resp, _ := s.ask(http.DefaultClient, "POST", "/sign-in", url.Values{"user": {"viewer"}, "password": {password}}, planted(value))
		if resp.StatusCode != http.StatusSeeOther || resp.Cookies()[0].Value == value {
			t.Fatalf("%s is taken: %s", what, resp.Status)
		}
		if c := resp.Cookies()[0]; !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || !strings.HasPrefix(c.Value, "u.") {
			t.Errorf("cookie %v", c)
		}
		if resp, _ := s.ask(http.DefaultClient, "GET", "/dead", nil, planted(value)); resp.StatusCode == http.StatusOK {
			t.Errorf("%s opens the pages after the sign-in", what)
		}
	}
}

// TestAStolenCookieIsWorthNothingAfterAChange: of the password by the user, of the password, the role or all by an operator.
func TestAStolenCookieIsWorthNothingAfterAChange(t *testing.T) {
	s := newIdleSite(t, withToken)
	owner := s.user(tania.Viewer)
	thief := newClient(t)
	s.signIn(thief, "viewer")
	change := func(before, after string) string {
		resp, _ := s.ask(owner, "POST", "/password", url.Values{"before": {before}, "password": {after}}, nil)
		return resp.Header.Get("Location")
	}
	if to := change("a wrong password", password); to != "/password?problem=wrong" || !s.isIn(thief) {
		t.Errorf("who does not know the password changes it: to %s", to)
	}
	if to := change(password, "short"); to != "/password?problem=password" {
		t.Errorf("a short password: to %s", to)
	}
	if to := change(password, password+"!"); to != "/" || s.isIn(thief) || !s.isIn(owner) {
		t.Errorf("to %s, the thief is in: %v, the owner: %v", to, s.isIn(thief), s.isIn(owner))
	}
	remote := operator.RemoteUsers(s.URL, adminToken)
	for what, change := range map[string]func() error{
		"a password": func() error { return remote.SetPassword(t.Context(), "viewer", password) },
		"a role":     func() error { return remote.SetRole(t.Context(), "viewer", tania.Editor) },
		"a removal": func() error {
			return errors.Join(remote.Remove(t.Context(), "viewer"), remote.Add(t.Context(), "viewer", tania.Viewer, password))
		},
	} {
		if err := s.dashboard.Users.SetPassword(t.Context(), "viewer", password); err != nil {
			t.Fatal(err)
		}
		s.signIn(thief, "viewer")
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if s.isIn(thief) {
			t.Errorf("after %s the cookie opens the pages", what)
		}
	}
	if err := remote.Remove(t.Context(), "nobody"); !errors.Is(err, users.ErrUnknown) {
		t.Errorf("nobody is removed: %v", err)
	}
	err := remote.Add(t.Context(), "Eva", "root", password)
	if err == nil || !strings.Contains(err.Error(), "a role is viewer, editor or operator") {
		t.Errorf("a role that there is not: %v", err)
	}
	list, err := remote.List(t.Context())
	if err != nil || len(list) != 1 || list[0].Name != "viewer" {
		t.Errorf("users are %+v, %v", list, err)
	}
}

// TestTheSignInTellsNothing: not which names there are, and it leads nowhere else.
func TestTheSignInTellsNothing(t *testing.T) {
	s := newIdleSite(t, withToken)
	if _, body := s.ask(newClient(t), "GET", "/sign-in", nil, nil); strings.Contains(body, `name="password"`) {
		t.Error("without users a password is asked for")
	}
	s.user(tania.Viewer)
	try := func(name, word, next string) (*http.Response, string) {
		return s.ask(newClient(t), "POST", "/sign-in", url.Values{"user": {name}, "password": {word}, "next": {next}}, nil)
	}
	known, knownBody := try("viewer", "a wrong password", "/")
	unknown, unknownBody := try("nobody", "a wrong password", "/")
	if known.StatusCode != http.StatusUnauthorized || unknown.StatusCode != http.StatusUnauthorized ||
		strings.ReplaceAll(knownBody, "viewer", "nobody") != unknownBody {
		t.Errorf("the page tells whether there is a user: %s, %s", known.Status, unknown.Status)
	}
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)"} {
		if resp, _ := try("viewer", password, next); resp.Header.Get("Location") != "/" {
			t.Errorf("%q leads to %q", next, resp.Header.Get("Location"))
		}
	}
	if strings.Contains(s.log.String(), "wrong password") || strings.Contains(s.log.String(), password) {
		t.Error("a password is in the log")
	}
}

// TestAnOperatorManagesUsersOnThePage, and a viewer is not offered it.
func TestAnOperatorManagesUsersOnThePage(t *testing.T) {
	s := newIdleSite(t, withToken)
	client := s.signedIn()
	do := func(form url.Values) (*http.Response, string) {
		resp, _ := s.ask(client, "POST", "/users", form, nil)
		return s.ask(client, "GET", resp.Header.Get("Location"), nil, nil)
	}
	for _, c := range []struct {
		form url.Values
		says string
	}{
		{url.Values{"do": {"add"}, "user": {"Ana <b>"}, "role": {"editor"}, "password": {password}}, "The user was added."},
		{url.Values{"do": {"add"}, "user": {"ana <b>"}, "role": {"editor"}, "password": {password}}, "There is a user of that name."},
		{url.Values{"do": {"role"}, "user": {"Ana <b>"}, "role": {"viewer"}}, "The role was changed"},
		{url.Values{"do": {"role"}, "user": {"Ana <b>"}, "role": {"root"}}, "Choose a role."},
		{url.Values{"do": {"password"}, "user": {"Ana <b>"}, "password": {"short"}}, "A password has 12 characters or more"},
	} {
		resp, body := do(c.form)
		if resp.StatusCode != http.StatusOK || !strings.Contains(body, c.says) || !strings.Contains(body, "Ana &lt;b&gt;") {
			t.Errorf("%v: %s, and the page does not say %q", c.form, resp.Status, c.says)
		}
	}
	if _, body := do(url.Values{"do": {"remove"}, "user": {"Ana <b>"}}); !strings.Contains(body, `data-testid="no-users"`) {
		t.Error("the user is not removed")
	}
	_, body := s.ask(s.user(tania.Viewer), "GET", "/", nil, nil)
	if strings.Contains(body, `href="/users"`) || !strings.Contains(body, `data-role="viewer"`) ||
		!strings.Contains(body, `href="/password"`) {
		t.Error("a viewer's page is not a viewer's")
	}
}

// TestAStreamEndsWithItsSession: a page that is open shows nothing more when its user is removed.
func TestAStreamEndsWithItsSession(t *testing.T) {
	s := newIdleSite(t, withToken)
	client := s.user(tania.Viewer)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/live", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	lines := bufio.NewScanner(resp.Body)
	if !lines.Scan() {
		t.Fatal("the stream says nothing")
	}
	if err := s.dashboard.Users.Remove(t.Context(), "viewer"); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for lines.Scan() {
			continue
		}
	}()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Error("the stream of a user who was removed goes on")
	}
}
