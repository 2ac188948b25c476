package operator_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"tania/internal/operator"
)

// TestTheTokenDoesNotFollowARedirect has a process, or who took its port, send the caller elsewhere.
func TestTheTokenDoesNotFollowARedirect(t *testing.T) {
	asked := make(chan string, 1)
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.Header.Get("Authorization") }))
	defer other.Close()
	first := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer first.Close()
	if _, err := operator.Remote(first.URL, "token").Stats(t.Context()); err == nil {
		t.Error("a redirect is an answer")
	}
	select {
	case token := <-asked:
		t.Errorf("the other host was asked, with %q", token)
	default:
	}
}
