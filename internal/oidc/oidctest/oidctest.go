// Package oidctest is an OpenID Connect provider for tests: it has keys of its own and signs in whoever it is told.
package oidctest

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"tania/internal/oidc"
	roles "tania/internal/tania"
)

// Provider signs in whoever its claims are of.
type Provider struct {
	*httptest.Server
	t *testing.T

	mu sync.Mutex
	// key signs, kid names it; shown are the keys that are published.
	key *rsa.PrivateKey
	kid string
	// alg is RS256, unless a test has it sign by something that is no key of the provider's.
	alg   string
	shown map[string]*rsa.PublicKey
	// claims are of who is there; change changes a token's before it is signed.
	claims map[string]any
	change func(claims map[string]any)
	// codes are those that were given out and not used.
	codes map[string]url.Values
	away  bool
}

// What it knows Tania by.
const (
	ClientID     = "tania"
	ClientSecret = "a secret of the provider's" //nolint:gosec // of tests
)

// New starts one, which ends with the test.
func New(t *testing.T) *Provider {
	t.Helper()
	p := &Provider{t: t, alg: "RS256", shown: map[string]*rsa.PublicKey{}, codes: map[string]url.Values{}, claims: map[string]any{
		"sub": "00u1", "email": "Ana@Example.com", "email_verified": true, "groups": []string{"support", "staff"},
	}}
	p.Rotate("first")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.isAway() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *Provider) isAway() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.away
}

// Rotate signs by a new key from now on, and publishes that one alone.
func (p *Provider) Rotate(kid string) {
	p.t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.key, p.kid, p.shown = key, kid, map[string]*rsa.PublicKey{kid: &key.PublicKey}
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	answer(w, map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"},
	})
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []map[string]any
	for kid, key := range p.shown {
		list = append(list, map[string]any{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes()),
		})
	}
	answer(w, map[string]any{"keys": list})
}

// authorize signs in whoever is there, and sends them back with a code.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("response_type") != "code" || q.Get("client_id") != ClientID || q.Get("code_challenge_method") != "S256" {
		p.t.Errorf("asked with %v", q)
	}
	code := rand.Text()
	p.mu.Lock()
	p.codes[code] = q
	p.mu.Unlock()
	back := q.Get("redirect_uri") + "?" + url.Values{"code": {code}, "state": {q.Get("state")}}.Encode()
	http.Redirect(w, r, back, http.StatusSeeOther) //nolint:gosec // it is a test's own address
}

// token gives tokens for a code, once, to who knows the verifier of its challenge and the client's secret.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked, ok := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	id, secret, basic := r.BasicAuth()
	if unescaped, err := url.QueryUnescape(secret); err == nil {
		secret = unescaped
	}
	if !basic {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	if !ok || encode(sum[:]) != asked.Get("code_challenge") || id != ClientID || secret != ClientSecret ||
		r.PostFormValue("redirect_uri") != asked.Get("redirect_uri") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	claims := map[string]any{
		"iss": p.URL, "aud": ClientID, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(), "nonce": asked.Get("nonce"),
	}
	for name, value := range p.claims {
		claims[name] = value
	}
	if p.change != nil {
		p.change(claims)
	}
	answer(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": p.sign(claims)})
}

// sign makes a token. p.mu is held.
func (p *Provider) sign(claims map[string]any) string {
	part := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			p.t.Error(err)
		}
		return encode(text)
	}
	text := part(map[string]string{"alg": p.alg, "kid": p.kid}) + "." + part(claims)
	switch p.alg {
	case "none":
		return text + "."
	case "HS256":
		mac := hmac.New(sha256.New, p.key.N.Bytes())
		mac.Write([]byte(text))
		return text + "." + encode(mac.Sum(nil))
	}
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Error(err)
	}
	return text + "." + encode(signature)
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// Options are those of a Tania that it knows, at an address.
func (p *Provider) Options(tania string) oidc.Options {
	return oidc.Options{
		Issuer: p.URL, ClientID: ClientID, Secret: ClientSecret, Redirect: tania + "/sign-in/oidc/callback",
		Scopes: []string{"openid", "email"}, GroupsClaim: "groups", Key: "admin token",
		Roles: []oidc.Grant{{To: "support", Role: roles.Editor}, {To: "@example.com", Role: roles.Viewer}},
	}
}

// Is has another person there.
func (p *Provider) Is(claims map[string]any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.claims = claims
}

// Change changes tokens before they are signed; nil: none is.
func (p *Provider) Change(change func(claims map[string]any)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.change = change
}

// Away has it answer nothing, or answer again.
func (p *Provider) Away(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
}

// SignBy signs by another method: none, or HS256 with the public key as its secret.
func (p *Provider) SignBy(alg string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alg = alg
}

// Forge signs with a key that it does not publish.
func (p *Provider) Forge() {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		p.t.Error(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.key = key
}
