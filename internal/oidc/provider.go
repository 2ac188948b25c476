package oidc

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// provider is what one says of itself, and its keys as they were read last.
type provider struct {
	Issuer        string `json:"issuer"`
	Authorization string `json:"authorization_endpoint"`
	Token         string `json:"token_endpoint"`
	Keys          string `json:"jwks_uri"`
	// AuthMethods are how a client may prove to the provider who it is.
	AuthMethods []string `json:"token_endpoint_auth_methods_supported"`

	client *http.Client
	mu     sync.Mutex
	keys   map[string]any
}

// discoverAt asks a provider what it says of itself (OpenID Connect Discovery 1.0, section 4).
func discoverAt(ctx context.Context, client *http.Client, issuer string) (*provider, error) {
	p := &provider{client: client}
	if err := p.get(ctx, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration", p); err != nil {
		return nil, err
	}
	if p.Issuer != issuer {
		return nil, fmt.Errorf("it calls itself %.100q, and OIDC_ISSUER is %q", p.Issuer, issuer)
	}
	if p.Authorization == "" || p.Token == "" || p.Keys == "" {
		return nil, errors.New("it does not name its endpoints")
	}
	return p, nil
}

func (p *provider) get(ctx context.Context, address string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := p.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, answer.Status)
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	return nil
}

// exchange gives the token of who signed in, for the code that the provider sent them back with (RFC 6749, sections 2.3.1 and 4.1.3).
func (p *provider) exchange(ctx context.Context, client, secret string, form url.Values) (idToken string, err error) {
	inBody := secret == "" || len(p.AuthMethods) > 0 && !slices.Contains(p.AuthMethods, "client_secret_basic")
	if inBody {
		form.Set("client_id", client)
		if secret != "" {
			form.Set("client_secret", secret)
		}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Token, strings.NewReader(form.Encode()))
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrAway, err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	if !inBody {
		r.SetBasicAuth(url.QueryEscape(client), url.QueryEscape(secret))
	}
	answer, err := p.client.Do(r)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrAway, err)
	}
	defer func() { _ = answer.Body.Close() }()
	var said struct {
		Token string `json:"id_token"`
		Error string `json:"error"`
	}
	wrong := json.NewDecoder(answer.Body).Decode(&said)
	switch {
	case answer.StatusCode >= http.StatusInternalServerError:
		return "", fmt.Errorf("%w: %s", ErrAway, answer.Status)
	case answer.StatusCode != http.StatusOK:
		return "", fmt.Errorf("%w: the provider refuses the code: %s, %.60q", ErrRefused, answer.Status, said.Error)
	case wrong != nil:
		return "", fmt.Errorf("%w: %w", ErrAway, wrong)
	}
	return said.Token, nil
}

// methods are the signatures that are taken: those by a key of the provider's alone, and never one by a secret that both know, or none.
var methods = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}

// leeway is how far the provider's clock may be off.
const leeway = 30 * time.Second

// verify gives the claims of a token that the provider made for a client and that counts now (OpenID Connect Core 1.0, section 3.1.3.7).
func (p *provider) verify(ctx context.Context, raw, client string, now func() time.Time) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	parser := jwt.NewParser(jwt.WithValidMethods(methods), jwt.WithIssuer(p.Issuer), jwt.WithAudience(client), jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(now), jwt.WithLeeway(leeway))
	var away error
	_, err := parser.ParseWithClaims(raw, claims, func(t *jwt.Token) (any, error) {
		kid, _ := t.Header["kid"].(string)
		var key any
		key, away = p.key(ctx, kid)
		return key, away
	})
	if errors.Is(away, ErrAway) {
		return nil, away
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	to, _ := claims.GetAudience()
	if by, _ := claims["azp"].(string); by != client && (by != "" || len(to) > 1) {
		return nil, fmt.Errorf("%w: the token was made for %.60q too", ErrRefused, by)
	}
	return claims, nil
}

// key gives the provider's key of a name; what is not known yet is asked for.
func (p *provider) key(ctx context.Context, kid string) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if key, ok := p.named(kid); ok {
		return key, nil
	}
	var set struct {
		Keys []webKey `json:"keys"`
	}
	if err := p.get(ctx, p.Keys, &set); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAway, err)
	}
	p.keys = map[string]any{}
	for _, k := range set.Keys {
		if key := k.public(); key != nil && (k.Use == "" || k.Use == "sig") {
			p.keys[k.ID] = key
		}
	}
	if key, ok := p.named(kid); ok {
		return key, nil
	}
	return nil, fmt.Errorf("the provider has no key %.60q", kid)
}

// named gives a key that is known; a token that names none is signed by the only one.
func (p *provider) named(kid string) (any, bool) {
	if kid == "" && len(p.keys) == 1 {
		for _, key := range p.keys {
			return key, true
		}
	}
	key, ok := p.keys[kid]
	return key, ok
}

// webKey is a public key in the form of RFC 7517 and 7518.
type webKey struct {
	Type  string `json:"kty"`
	ID    string `json:"kid"`
	Use   string `json:"use"`
	Curve string `json:"crv"`
	N     number `json:"n"`
	E     number `json:"e"`
	X     number `json:"x"`
	Y     number `json:"y"`
}

// leastBits is the shortest RSA key that is taken.
const leastBits = 2048

// public gives the key, nil for one of a kind that is not known or that is too short.
func (k webKey) public() any {
	switch k.Type {
	case "RSA":
		if k.N.of == nil || k.E.of == nil || k.N.of.BitLen() < leastBits || k.E.of.BitLen() > 31 || k.E.of.Int64() < 3 {
			return nil
		}
		return &rsa.PublicKey{N: k.N.of, E: int(k.E.of.Int64())}
	case "EC":
		curve := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}[k.Curve]
		if curve == nil || k.X.of == nil || k.Y.of == nil {
			return nil
		}
		size := (curve.Params().BitSize + 7) / 8
		if k.X.of.BitLen() > 8*size || k.Y.of.BitLen() > 8*size {
			return nil
		}
		point := slices.Concat([]byte{4}, k.X.of.FillBytes(make([]byte, size)), k.Y.of.FillBytes(make([]byte, size)))
		key, err := ecdsa.ParseUncompressedPublicKey(curve, point)
		if err != nil { // no point of the curve
			return nil
		}
		return key
	}
	return nil
}

// number is a whole number as keys have it: its bytes, in base64.
type number struct{ of *big.Int }

// UnmarshalText implements encoding.TextUnmarshaler.
func (n *number) UnmarshalText(text []byte) error {
	raw, err := base64.RawURLEncoding.DecodeString(string(text))
	if err == nil && len(raw) > 0 {
		n.of = new(big.Int).SetBytes(raw)
	}
	return err
}
