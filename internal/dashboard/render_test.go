package dashboard

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func TestPageThatCannotBeMadeIsNotBegun(t *testing.T) {
	var log strings.Builder
	d := New(Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	w := httptest.NewRecorder()
	d.write(w, httptest.NewRequest(http.MethodGet, "/", nil), http.StatusOK, h.Main(
		g.Text("begun"),
		g.NodeFunc(func(io.Writer) error { return errors.New("out of ink") }),
	))
	if body := w.Body.String(); w.Code != http.StatusInternalServerError || strings.Contains(body, "begun") || strings.Contains(body, "ink") {
		t.Errorf("%d: %s", w.Code, body)
	}
	if !strings.Contains(log.String(), "out of ink") {
		t.Errorf("the log does not say why: %s", log.String())
	}
}
