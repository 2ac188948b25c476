package dashboard

import (
	"testing"
)

func TestNextPageStaysHere(t *testing.T) {
	for next, want := range map[string]string{
		"/dead": "/dead", "/conversations?q=3%3A12": "/conversations?q=3%3A12", "": "/", "dead": "/", "//evil.example": "/",
		"https://evil.example/": "/",
		`/\evil.example`:        "/", "/\t/evil.example": "/", "javascript:alert(1)": "/", "/%zz": "/",
	} {
		if got := nextPage(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}
