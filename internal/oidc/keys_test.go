package oidc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"
)

// TestKeysAreReadAndThoseThatAreNoneAreNot reads keys as providers write them.
func TestKeysAreReadAndThoseThatAreNoneAreNot(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	x, y := base64.RawURLEncoding.EncodeToString(point[1:33]), base64.RawURLEncoding.EncodeToString(point[33:])
	read := func(text string) any {
		t.Helper()
		var k webKey
		if err := json.Unmarshal([]byte(text), &k); err != nil {
			t.Fatal(err)
		}
		return k.public()
	}
	if got, ok := read(fmt.Sprintf(`{"kty": "EC", "crv": "P-256", "x": %q, "y": %q}`, x, y)).(*ecdsa.PublicKey); !ok || !got.Equal(&key.PublicKey) {
		t.Errorf("%v", got)
	}
	for name, text := range map[string]string{
		"no point of the curve": fmt.Sprintf(`{"kty": "EC", "crv": "P-256", "x": %q, "y": %q}`, x, x),
		"another curve":         fmt.Sprintf(`{"kty": "EC", "crv": "P-384", "x": %q, "y": %q}`, x, y),
		"an unknown curve":      fmt.Sprintf(`{"kty": "EC", "crv": "secp256k1", "x": %q, "y": %q}`, x, y),
		"half a point":          fmt.Sprintf(`{"kty": "EC", "crv": "P-256", "x": %q}`, x),
		"a short RSA key":       fmt.Sprintf(`{"kty": "RSA", "n": %q, "e": "AQAB"}`, x),
		"no exponent":           fmt.Sprintf(`{"kty": "RSA", "n": %q}`, x),
		"a secret":              `{"kty": "oct", "k": "AAAA"}`,
	} {
		if got := read(text); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}
