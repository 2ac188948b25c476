package access_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"tania/internal/access"
)

// TestFromAnotherSite: with Sec-Fetch-Site, and with what older browsers send in its place.
func TestFromAnotherSite(t *testing.T) {
	for name, c := range map[string]struct {
		header  http.Header
		another bool
	}{
		"curl":                               {http.Header{}, false},
		"an address that was typed":          {http.Header{"Sec-Fetch-Site": {"none"}}, false},
		"our own page":                       {http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {"http://localhost:8787"}}, false},
		"our own page, an older browser":     {http.Header{"Origin": {"http://localhost:8787"}}, false},
		"our own page in capitals":           {http.Header{"Origin": {"http://LOCALHOST:8787"}}, false},
		"our own page, by its Referer":       {http.Header{"Referer": {"http://localhost:8787/dead"}}, false},
		"another site":                       {http.Header{"Sec-Fetch-Site": {"cross-site"}}, true},
		"a sibling":                          {http.Header{"Sec-Fetch-Site": {"same-site"}}, true},
		"a word nobody knows":                {http.Header{"Sec-Fetch-Site": {"elsewhere"}}, true},
		"another site, an older browser":     {http.Header{"Origin": {"https://evil.example"}}, true},
		"another port":                       {http.Header{"Origin": {"http://localhost:3000"}}, true},
		"a page without an origin":           {http.Header{"Origin": {"null"}}, true},
		"an origin that is none":             {http.Header{"Origin": {"http://%zz"}}, true},
		"another site, by its Referer alone": {http.Header{"Referer": {"https://evil.example/localhost:8787/"}}, true},
	} {
		r := httptest.NewRequest(http.MethodPost, "http://localhost:8787/admin/forget", http.NoBody)
		r.Header = c.header
		if got := access.FromAnotherSite(r); got != c.another {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestSame(t *testing.T) {
	if !access.Same("a", "a") || access.Same("a", "b") || access.Same("a", "aa") || access.Same("", "a") {
		t.Error("secrets are compared wrongly")
	}
}
