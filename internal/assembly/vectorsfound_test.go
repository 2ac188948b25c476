package assembly

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/config"
	"tania/internal/tania"
	"tania/internal/telemetry"
)

// embeds is the address of a server that makes vectors by the model "right".
func embeds(t *testing.T) *url.URL {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Model string }
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Model != "right" {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"error":{"message":"no such model"}}`)
			return
		}
		_, _ = io.WriteString(w, `{"data":[{"index":0,"embedding":[1,2]}]}`)
	}))
	t.Cleanup(server.Close)
	address, err := url.Parse(server.URL + "/v1")
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// said has a log's words, and ends a context when some come.
type said struct {
	bytes.Buffer
	until string
	over  context.CancelFunc
}

func (s *said) Write(line []byte) (int, error) {
	if strings.Contains(string(line), s.until) {
		s.over()
	}
	return s.Buffer.Write(line)
}

// vectorsOf are those that settings make.
func vectorsOf(t *testing.T, server *url.URL, model string, log io.Writer) *vectorParts {
	t.Helper()
	c := &config.Config{DataDir: t.TempDir()}
	c.Vectors.From.Server, c.Model.Embedding = server, model
	p, err := newVectors(c, func() *bots.Registry { return nil }, nil, func(context.Context, tania.Usage) {},
		watch{metrics: telemetry.NewMetrics("")}, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.close() })
	return p
}

// TestAModelOfVectorsThatIsMisspeltIsSaidAtOnce: before, it was said to make vectors, until it was asked for one.
func TestAModelOfVectorsThatIsMisspeltIsSaidAtOnce(t *testing.T) {
	server := embeds(t)
	ctx, done := context.WithCancel(t.Context())
	defer done()
	log := &said{until: "OPENAI_EMBEDDING_MODEL (wrong)", over: done}
	if p := vectorsOf(t, server, "wrong", log); p.Find(ctx) || p.Name() != "" {
		t.Errorf("found %q; log: %s", p.Name(), log)
	}
	if strings.Contains(log.String(), "a server makes vectors") || !strings.Contains(log.String(), "no such model") {
		t.Errorf("the log says %s", log)
	}
	if p := vectorsOf(t, server, "right", log); !p.Find(t.Context()) {
		t.Errorf("a model that is there is not found; log: %s", log)
	}
}

// TestServersShareNoCachedAnswers: a model may have the same name on two servers, and not the same vectors.
func TestServersShareNoCachedAnswers(t *testing.T) {
	scopes := map[string]bool{}
	for range 2 {
		p := vectorsOf(t, embeds(t), "right", io.Discard)
		if !p.Find(t.Context()) {
			t.Fatal("nothing makes vectors")
		}
		scopes[newScoper(&config.Config{}, bot.Default(), "", p.Vectors).version()] = true
	}
	if len(scopes) != 2 {
		t.Errorf("two servers have the scopes %v", scopes)
	}
	if got := vectorsName("https://api.openai.com/v1/", "text-embedding-3-small"); got != "text-embedding-3-small" {
		t.Errorf("OpenAI's vectors are called %q: caches that have them would begin anew", got)
	}
}
