package oidc_test

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tania/internal/oidc"
	"tania/internal/oidc/oidctest"
	"tania/internal/tania"
)

// visit goes to the provider as a browser does, and gives the request that it comes back with.
func visit(t *testing.T, p *oidctest.Provider, s *oidc.SignIn) *http.Request {
	t.Helper()
	to, cookie, err := s.Start(t.Context(), "/questions", true)
	if err != nil {
		t.Fatal(err)
	}
	if cookie.SameSite != http.SameSiteLaxMode || !cookie.HttpOnly || !cookie.Secure {
		t.Errorf("%+v", cookie)
	}
	client := *p.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Get(to)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	back := resp.Header.Get("Location")
	if !strings.HasPrefix(back, "https://tania.test/sign-in/oidc/callback?") {
		t.Fatalf("%s to %q", resp.Status, back)
	}
	r := httptest.NewRequest(http.MethodGet, back, nil)
	r.AddCookie(cookie)
	return r
}

func TestWhoSignsInHasTheHighestRoleOfThoseMeantForThem(t *testing.T) {
	p := oidctest.New(t)
	s := oidc.New(p.Options("https://tania.test"))
	got, err := s.Finish(t.Context(), visit(t, p, s))
	if want := (oidc.Person{Name: "ana@example.com", Role: tania.Editor, Next: "/questions"}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	for name, c := range map[string]struct {
		claims map[string]any
		name   string
		role   tania.Role
	}{
		"a domain alone":                 {map[string]any{"groups": "others"}, "ana@example.com", tania.Viewer},
		"one group, not a list":          {map[string]any{"groups": "support", "email": "x@other.test"}, "x@other.test", tania.Editor},
		"an address that is not proven":  {map[string]any{"groups": nil, "email_verified": false}, "00u1", ""},
		"a verified flag that is a text": {map[string]any{"groups": nil, "email_verified": "true"}, "00u1", ""},
		"a domain that only ends so":     {map[string]any{"groups": nil, "email": "ana@notexample.com"}, "ana@notexample.com", ""},
	} {
		claims := map[string]any{"sub": "00u1", "email": "Ana@Example.com", "email_verified": true}
		maps.Copy(claims, c.claims)
		p.Is(claims)
		got, err := s.Finish(t.Context(), visit(t, p, s))
		if got.Name != c.name || got.Role != c.role || errors.Is(err, oidc.ErrNoRole) != (c.role == "") {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestWhatProvesNothingIsRefused: a token of another client or issuer, too old, of another sign-in, or signed by somebody else.
func TestWhatProvesNothingIsRefused(t *testing.T) {
	p := oidctest.New(t)
	s := oidc.New(p.Options("https://tania.test"))
	for name, change := range map[string]func(map[string]any){
		"another audience": func(c map[string]any) { c["aud"] = "another" },
		"another issuer":   func(c map[string]any) { c["iss"] = "https://evil.test" },
		"expired":          func(c map[string]any) { c["exp"] = time.Now().Add(-time.Minute).Unix() },
		"another nonce":    func(c map[string]any) { c["nonce"] = "stolen" },
		"no nonce":         func(c map[string]any) { delete(c, "nonce") },
		"not valid yet":    func(c map[string]any) { c["nbf"] = time.Now().Add(time.Hour).Unix() },
	} {
		p.Change(change)
		if got, err := s.Finish(t.Context(), visit(t, p, s)); !errors.Is(err, oidc.ErrRefused) || got.Role != "" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	p.Change(nil)
	r := visit(t, p, s)
	p.Forge()
	if got, err := s.Finish(t.Context(), r); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("another's signature: %+v, %v", got, err)
	}
}

func TestABrowserComesBackOnceAndAsItLeft(t *testing.T) {
	p := oidctest.New(t)
	now := time.Now()
	o := p.Options("https://tania.test")
	o.Now = func() time.Time { return now }
	s := oidc.New(o)
	first := visit(t, p, s)
	if _, err := s.Finish(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Finish(t.Context(), first); !errors.Is(err, oidc.ErrRefused) || !strings.Contains(err.Error(), "used before") {
		t.Errorf("replayed: %v", err)
	}
	// Another process does not know of it, and the provider takes no code twice.
	if _, err := oidc.New(o).Finish(t.Context(), first); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("replayed at another process: %v", err)
	}
	with := func(change func(r *http.Request)) *http.Request {
		r := visit(t, p, s)
		change(r)
		return r
	}
	other, err := first.Cookie(oidc.CookieName)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*http.Request{
		"without the cookie": with(func(r *http.Request) { r.Header.Del("Cookie") }),
		"with another's":     with(func(r *http.Request) { r.Header.Set("Cookie", other.String()) }),
		"with a forged one":  with(func(r *http.Request) { r.Header.Set("Cookie", oidc.CookieName+"=e30.AAAA") }),
		"with another state": with(func(r *http.Request) {
			q := r.URL.Query()
			q.Set("state", "x")
			r.URL.RawQuery = q.Encode()
		}),
		"with an error": with(func(r *http.Request) {
			r.URL.RawQuery = url.Values{"state": {r.URL.Query().Get("state")}, "error": {"access_denied"}}.Encode()
		}),
		"with a code that is none": with(func(r *http.Request) {
			q := r.URL.Query()
			q.Set("code", "x")
			r.URL.RawQuery = q.Encode()
		}),
	} {
		if got, err := s.Finish(t.Context(), r); !errors.Is(err, oidc.ErrRefused) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	late := visit(t, p, s)
	now = now.Add(11 * time.Minute)
	if _, err := s.Finish(t.Context(), late); !errors.Is(err, oidc.ErrRefused) || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("too late: %v", err)
	}
}

// TestATokenThatIsSignedByNoKeyIsRefused: with no signature, and by a secret that is the provider's public key.
func TestATokenThatIsSignedByNoKeyIsRefused(t *testing.T) {
	p := oidctest.New(t)
	s := oidc.New(p.Options("https://tania.test"))
	for _, alg := range []string{"none", "HS256"} {
		p.SignBy(alg)
		if got, err := s.Finish(t.Context(), visit(t, p, s)); !errors.Is(err, oidc.ErrRefused) || got.Role != "" {
			t.Errorf("%s: %+v, %v", alg, got, err)
		}
	}
}

func TestTheProvidersNewKeyIsFetched(t *testing.T) {
	p := oidctest.New(t)
	s := oidc.New(p.Options("https://tania.test"))
	for _, kid := range []string{"first", "second", "third"} {
		if kid != "first" {
			p.Rotate(kid)
		}
		if got, err := s.Finish(t.Context(), visit(t, p, s)); err != nil || got.Role != tania.Editor {
			t.Errorf("by the key %s: %+v, %v", kid, got, err)
		}
	}
}

func TestAProviderThatIsAwayIsAskedAgain(t *testing.T) {
	p := oidctest.New(t)
	s := oidc.New(p.Options("https://tania.test"))
	p.Away(true)
	if _, _, err := s.Start(t.Context(), "/", false); !errors.Is(err, oidc.ErrAway) {
		t.Errorf("%v", err)
	}
	p.Away(false)
	r := visit(t, p, s)
	p.Away(true)
	if _, err := s.Finish(t.Context(), r); !errors.Is(err, oidc.ErrAway) {
		t.Errorf("%v", err)
	}
}

func TestGrants(t *testing.T) {
	for text, want := range map[string]oidc.Grant{
		"ana@example.com=operator": {To: "ana@example.com", Role: tania.Operator}, " a = b = viewer": {To: "a = b", Role: tania.Viewer},
		"*=viewer": {To: "*", Role: tania.Viewer}, "=viewer": {}, "a=admin": {}, "a": {}, "a=anyone": {},
	} {
		if got, err := oidc.ParseGrant(text); got != want || (err == nil) != (want != oidc.Grant{}) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	all := []oidc.Grant{{"*", tania.Viewer}, {"ANA@example.com", tania.Operator}, {"a=b", tania.Editor}}
	for name, c := range map[string]struct {
		email  string
		groups []string
		want   tania.Role
	}{
		"everybody": {"", nil, tania.Viewer}, "an address": {"ana@example.com", nil, tania.Operator},
		"a group":                     {"", []string{"a=b"}, tania.Editor},
		"a group named as an address": {"", []string{"ANA@example.com"}, tania.Viewer},
	} {
		if got := oidc.RoleOf(all, c.email, c.groups); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := oidc.RoleOf(all[1:], "", nil); got != "" {
		t.Errorf("nobody is meant: %s", got)
	}
}
