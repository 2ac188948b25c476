// Package oidc signs people in by an OpenID Connect provider: authorization code flow with PKCE, state and nonce. What comes in are the
// settings and a browser's two requests; what goes out is who somebody is and which role they have.
package oidc

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"tania/internal/tania"
)

// Errors by which callers decide.
var (
	// ErrRefused means that what came back proves nothing: another browser's, too late, used before, or not signed for this Tania.
	ErrRefused = errors.New("oidc: the sign-in is refused")
	// ErrNoRole means that the provider knows the person, and no role is meant for them.
	ErrNoRole = errors.New("oidc: no role is meant for this person")
	// ErrAway means that the provider does not answer as it should.
	ErrAway = errors.New("oidc: the provider does not answer")
)

// Options are the settings. All but Transport and Now are required.
type Options struct {
	Issuer, ClientID, Secret string
	// Redirect is the address, as browsers see it, to which the provider sends them back.
	Redirect string
	Scopes   []string
	// GroupsClaim names the claim that lists a person's groups.
	GroupsClaim string
	Roles       []Grant
	// Key signs what a browser keeps between the two requests.
	Key       string
	Transport http.RoundTripper
	Now       func() time.Time
}

const (
	// patience bounds what the provider is asked in one request.
	patience = 10 * time.Second
	// life is how long a person may take at the provider.
	life = 10 * time.Minute
	// largest bounds what is read of the provider's answer, in bytes.
	largest = 1 << 20
	// CookieName is what a browser keeps between the two requests.
	CookieName = "tania_oidc"
)

// SignIn signs people in. It is safe for concurrent use.
type SignIn struct {
	Options
	key    []byte
	client *http.Client

	mu sync.Mutex
	// provider is known after the first request; used are states that came back, until they would be too old.
	provider *provider
	used     map[string]time.Time
}

// New prepares it; the provider is asked when somebody signs in for the first time.
func New(o Options) *SignIn {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	key, err := hkdf.Key(sha256.New, []byte(o.Key), nil, "tania oidc 1", sha256.Size)
	if err != nil {
		panic(err) // only for a length that SHA-256 cannot give
	}
	client := &http.Client{Timeout: patience, Transport: bounded{o.Transport}}
	return &SignIn{Options: o, key: key, client: client, used: map[string]time.Time{}}
}

// attempt is what a browser keeps, signed: what comes back must fit.
type attempt struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Next     string `json:"x"`
	Until    int64  `json:"u"`
}

// Start gives the provider's address to which a browser goes, and the cookie by which it is known when it comes back. next is where it goes
// then.
func (s *SignIn) Start(ctx context.Context, next string, secure bool) (to string, cookie *http.Cookie, err error) {
	known, err := s.discover(ctx)
	if err != nil {
		return "", nil, err
	}
	a := attempt{State: rand.Text(), Nonce: rand.Text(), Verifier: rand.Text() + rand.Text(), Next: next, Until: s.Now().Add(life).Unix()}
	challenge := sha256.Sum256([]byte(a.Verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {s.ClientID}, "redirect_uri": {s.Redirect}, "scope": {strings.Join(s.Scopes, " ")},
		"state": {a.State}, "nonce": {a.Nonce},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}
	to = known.Authorization + map[bool]string{true: "&", false: "?"}[strings.Contains(known.Authorization, "?")] + q.Encode()
	return to, s.cookie(s.seal(a), int(life.Seconds()), secure), nil
}

// Forget gives the cookie that removes Start's.
func (s *SignIn) Forget(secure bool) *http.Cookie { return s.cookie("", -1, secure) }

// cookie comes back with a visit that another site leads to: the provider's.
func (s *SignIn) cookie(value string, age int, secure bool) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure follows the request: on loopback there is no https
		Name: CookieName, Value: value, Path: "/sign-in/oidc", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure,
	}
}

// Person is who signed in.
type Person struct {
	// Name is a verified e-mail address, else the provider's subject.
	Name string
	Role tania.Role
	// Next is where they wanted to go.
	Next string
}

// Finish reads what a browser brings back from the provider. With an error the person's name is given as far as it is known.
func (s *SignIn) Finish(ctx context.Context, r *http.Request) (Person, error) {
	a, err := s.began(r)
	if err != nil {
		return Person{}, err
	}
	q := r.URL.Query()
	if said := q.Get("error"); said != "" {
		return Person{}, fmt.Errorf("%w: the provider says %.60q", ErrRefused, said)
	}
	known, err := s.discover(ctx)
	if err != nil {
		return Person{}, err
	}
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	raw, err := known.exchange(ctx, s.ClientID, s.Secret, url.Values{
		"grant_type": {"authorization_code"}, "code": {q.Get("code")}, "redirect_uri": {s.Redirect}, "code_verifier": {a.Verifier},
	})
	if err != nil {
		return Person{}, err
	}
	claims, err := known.verify(ctx, raw, s.ClientID, s.Now)
	if err != nil {
		return Person{}, err
	}
	if nonce, _ := claims["nonce"].(string); subtle.ConstantTimeCompare([]byte(nonce), []byte(a.Nonce)) != 1 {
		return Person{}, fmt.Errorf("%w: the token was made for another sign-in", ErrRefused)
	}
	return s.person(claims, a.Next)
}

// person reads the claims of a token that was verified.
func (s *SignIn) person(claims jwt.MapClaims, next string) (Person, error) {
	// What is of another type is not there.
	subject, _ := claims["sub"].(string)
	email, _ := claims["email"].(string)
	if verified, _ := claims["email_verified"].(bool); !verified {
		email = ""
	}
	who := Person{Name: subject, Next: next}
	if email = strings.ToLower(strings.TrimSpace(email)); email != "" {
		who.Name = email
	}
	if who.Role = RoleOf(s.Roles, email, groupsIn(claims[s.GroupsClaim])); who.Role == "" {
		return who, fmt.Errorf("%w: %s", ErrNoRole, who.Name)
	}
	return who, nil
}

// groupsIn reads a list of groups, or one.
func groupsIn(claim any) (groups []string) {
	list, ok := claim.([]any)
	if !ok {
		list = []any{claim}
	}
	for _, one := range list {
		if name, _ := one.(string); name != "" {
			groups = append(groups, name)
		}
	}
	return groups
}

// began gives the attempt that a browser comes back from, once.
func (s *SignIn) began(r *http.Request) (attempt, error) {
	c, err := r.Cookie(CookieName)
	if err != nil {
		return attempt{}, fmt.Errorf("%w: this browser did not begin it, or its cookie is gone", ErrRefused)
	}
	a, ok := s.unseal(c.Value)
	now := s.Now()
	switch {
	case !ok:
		return attempt{}, fmt.Errorf("%w: the cookie is not ours", ErrRefused)
	case now.Unix() >= a.Until:
		return attempt{}, fmt.Errorf("%w: it took longer than %s", ErrRefused, life)
	case subtle.ConstantTimeCompare([]byte(r.URL.Query().Get("state")), []byte(a.State)) != 1:
		return attempt{}, fmt.Errorf("%w: the state is another sign-in's", ErrRefused)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for state, until := range s.used {
		if !now.Before(until) {
			delete(s.used, state)
		}
	}
	if _, again := s.used[a.State]; again {
		return attempt{}, fmt.Errorf("%w: it was used before", ErrRefused)
	}
	s.used[a.State] = time.Unix(a.Until, 0)
	return a, nil
}

// discover gives what the provider says of itself, which is asked once.
func (s *SignIn) discover(ctx context.Context) (*provider, error) {
	s.mu.Lock()
	known := s.provider
	s.mu.Unlock()
	if known != nil {
		return known, nil
	}
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	known, err := discoverAt(ctx, s.client, s.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAway, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.provider = known
	return known, nil
}

func (s *SignIn) seal(a attempt) string {
	body, err := json.Marshal(a)
	if err != nil {
		panic(err) // strings and a number always encode
	}
	payload := base64.RawURLEncoding.EncodeToString(body)
	return payload + "." + base64.RawURLEncoding.EncodeToString(s.mac(payload))
}

func (s *SignIn) unseal(value string) (a attempt, ok bool) {
	payload, signature, _ := strings.Cut(value, ".")
	mac, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(mac, s.mac(payload)) {
		return attempt{}, false
	}
	body, err := base64.RawURLEncoding.DecodeString(payload)
	return a, err == nil && json.Unmarshal(body, &a) == nil
}

func (s *SignIn) mac(payload string) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(payload))
	return h.Sum(nil)
}

// bounded reads so much of an answer and no more.
type bounded struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = http.MaxBytesReader(nil, answer.Body, largest)
	}
	return answer, err
}
