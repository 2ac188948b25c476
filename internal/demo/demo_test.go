package demo

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"testing"
)

// TestTheDemoSaysWhereItIsAndLeavesNothingBehind: both pages answer once it says so, the link opens the dashboard, and its end removes the
// store.
func TestTheDemoSaysWhereItIsAndLeavesNothingBehind(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	said, out := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, Options{Out: out, Log: slog.New(slog.DiscardHandler), Version: "test"}) }()
	text := make([]byte, 4096)
	n, err := said.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`http://\S+`).FindAllString(string(text[:n]), -1)
	if len(links) != 2 {
		t.Fatalf("two addresses are wanted: %q", text[:n])
	}
	for _, link := range links {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode >= http.StatusBadRequest {
			t.Errorf("%s: %d", link, answer.StatusCode)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if left, err := filepath.Glob(filepath.Join(temporary, "tania-demo-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
