package doctor

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// embedder is a server of embeddings by one model.
func embedder(t *testing.T, model string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.URL.Path == "/v1/models":
			reply(w, page{body: `{"data":[{"id":"` + model + `"}]}`})
		case r.URL.Path == "/v1/embeddings" && strings.Contains(string(body), `"model":"`+model+`"`):
			reply(w, page{body: `{"data":[{"index":0,"embedding":[1,2]}]}`})
		default:
			reply(w, page{status: 404, body: `{"error":{"message":"no such model"}}`})
		}
	}))
	t.Cleanup(server.Close)
	return server.URL + "/v1"
}

// spoilt is the folder of a table that was cut off.
func spoilt(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"model.safetensors", "tokenizer.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestWhatMakesVectorsIsLookedAt(t *testing.T) {
	makes, talks := embedder(t, "nomic-embed-text"), embedder(t, "llama3.2")
	for _, c := range []struct {
		name    string
		environ []string
		status  Status
		words   []string
	}{
		{"no model", nil, Info, []string{"no server", "words alone"}},
		{"off", []string{"EMBEDDINGS=off", "OPENAI_BASE_URL=" + makes}, Info, []string{"off"}},
		{"the model's server", []string{"OPENAI_BASE_URL=" + makes}, OK, []string{makes, "nomic-embed-text"}},
		{"the model's server makes none", []string{"OPENAI_BASE_URL=" + talks}, Info, []string{talks, "words alone"}},
		{"another server", []string{"OPENAI_BASE_URL=" + talks, "EMBEDDINGS=" + makes}, OK, []string{makes}},
		{"a server that makes none", []string{"EMBEDDINGS=" + talks}, Warn, []string{talks, "no model of embeddings"}},
		{"a model by its name", []string{"EMBEDDINGS=" + makes, "OPENAI_EMBEDDING_MODEL=nomic-embed-text"}, OK, []string{"nomic-embed-text"}},
		{"a model that is not there", []string{"EMBEDDINGS=" + makes, "OPENAI_EMBEDDING_MODEL=bge"}, Warn, []string{"no such model"}},
		{"no table", []string{"EMBEDDINGS=" + spoilt(t)}, Fail, []string{"model.safetensors", "name a table of model2vec"}},
		{"no such table", []string{"EMBEDDINGS=" + filepath.Join(t.TempDir(), "none")}, Fail, []string{"none"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			expect(t, examine(t, Deps{}, c.environ...), vectorsCheck, c.status, c.words...)
		})
	}
}
