package config

import (
	"net/url"
	"testing"
)

// TestTheModelsKeyIsForTheModelsServerAlone, however its address is written.
func TestTheModelsKeyIsForTheModelsServerAlone(t *testing.T) {
	address := func(s string) *url.URL {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	for _, x := range []struct {
		model, vectors string
		own            bool
	}{
		{"", "https://api.openai.com/v1", true},
		{"https://api.openai.com/v1", "https://API.openai.com:443/v1/", true},
		{"http://10.0.0.1/v1", "http://10.0.0.1:80/v1", true},
		{"", "https://api.openai.com.example.com/v1", false},
		{"", "http://api.openai.com/v1", false},
		{"https://models.example.com/v1", "https://models.example.com/v2", false},
		{"https://models.example.com/v1", "https://models.example.com:8443/v1", false},
		{"https://models.example.com/v1", "https://api.openai.com/v1", false},
	} {
		c := &Config{}
		c.Model.Key, c.Vectors.From.Server = "secret", address(x.vectors)
		if x.model != "" {
			c.Model.BaseURL = address(x.model)
		}
		if _, key, ok := c.VectorServer(); !ok || (key == "secret") != x.own {
			t.Errorf("model %q, vectors %q: key %q, %v", x.model, x.vectors, key, ok)
		}
	}
}
