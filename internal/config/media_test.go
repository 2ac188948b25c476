package config

import (
	"net/url"
	"testing"
)

// TestAServerBesideTheModels is asked with the model's key where it is the model's server, and with no key of another's.
func TestAServerBesideTheModels(t *testing.T) {
	address := func(s string) (u *url.URL) {
		if s != "" {
			var err error
			if u, err = url.Parse(s); err != nil {
				t.Fatal(err)
			}
		}
		return u
	}
	for _, x := range []struct {
		model, server, name string
		own                 Secret
		// base is where it is asked, key with which key; without base, it is not.
		base string
		key  Secret
	}{
		{},
		{model: "http://10.0.0.1/v1"},
		{name: "whisper-1", base: "https://api.openai.com/v1", key: "secret"},
		{model: "http://10.0.0.1/v1", name: "whisper-1", base: "http://10.0.0.1/v1", key: "secret"},
		{model: "http://10.0.0.1/v1", name: "whisper-1", own: "other", base: "http://10.0.0.1/v1", key: "other"},
		{server: "http://10.0.0.2/v1", base: "http://10.0.0.2/v1"},
		{server: "http://10.0.0.2/v1", own: "other", base: "http://10.0.0.2/v1", key: "other"},
		{model: "http://10.0.0.2/v1", server: "http://10.0.0.2:80/v1/", base: "http://10.0.0.2/v1", key: "secret"},
	} {
		c := &Config{Model: Model{Key: "secret", BaseURL: address(x.model)}}
		b := Beside{BaseURL: address(x.server), Model: x.name, Key: x.own}
		if base, key, ok := b.Server(c); base != x.base || key != x.key || ok != (x.base != "") {
			t.Errorf("%+v: asked at %q with %q, %v", x, base, key, ok)
		}
	}
}
