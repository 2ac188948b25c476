package llm_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tania/internal/answer/llm"
)

// embedder is a server that lists models, of which those of makes are models of embeddings.
type embedder struct {
	list  string
	code  int
	makes map[string]int
	asked []string
}

func (e *embedder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/v1/models":
		if e.code != 0 {
			w.WriteHeader(e.code)
		}
		_, _ = io.WriteString(w, e.list)
	case "/v1/embeddings":
		var asked struct {
			Model string
			Input []string
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		e.asked = append(e.asked, asked.Model)
		if code := e.makes[asked.Model]; code != http.StatusOK {
			w.WriteHeader(cmp.Or(code, http.StatusNotFound))
			_, _ = io.WriteString(w, `{"error":{"message":"no"}}`)
			return
		}
		_, _ = io.WriteString(w, `{"data":[`+strings.TrimSuffix(strings.Repeat(`{"embedding":[1,2]},`, len(asked.Input)), ",")+`]}`)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func TestAModelOfEmbeddingsIsFound(t *testing.T) {
	const ollama = `{"data":[{"id":"llama3.2"},{"id":"mxbai-embed-large"},{"id":"nomic-embed-text"}]}`
	for name, c := range map[string]struct {
		server embedder
		want   string
		none   bool
		asked  int
	}{
		"OpenAI's small one first": {
			embedder{list: `{"data":[{"id":"text-embedding-ada-002"},{"id":"text-embedding-3-small"}]}`, makes: map[string]int{
				"text-embedding-ada-002": 200, "text-embedding-3-small": 200,
			}}, "text-embedding-3-small", false, 1,
		},
		"by its name":        {embedder{list: ollama, makes: map[string]int{"mxbai-embed-large": 200}}, "mxbai-embed-large", false, 1},
		"the second works":   {embedder{list: ollama, makes: map[string]int{"nomic-embed-text": 200}}, "nomic-embed-text", false, 2},
		"a file's name":      {embedder{list: `{"data":[{"id":"/models/bge-m3.gguf"}]}`, makes: map[string]int{"/models/bge-m3.gguf": 200}}, "/models/bge-m3.gguf", false, 1},
		"no list":            {embedder{code: 404, makes: map[string]int{llm.DefaultEmbeddingModel: 200}}, llm.DefaultEmbeddingModel, false, 1},
		"no list, no vector": {embedder{code: 404}, "", true, 1},
		"answers only":       {embedder{list: `{"data":[{"id":"llama3.2"},{"id":"game5"}]}`}, "", true, 0},
		"not started for it": {embedder{list: ollama, makes: map[string]int{"mxbai-embed-large": 501}}, "", true, 2},
		"busy":               {embedder{list: ollama, makes: map[string]int{"mxbai-embed-large": 429}}, "", false, 1},
		"ill":                {embedder{list: ollama, makes: map[string]int{"mxbai-embed-large": 500}}, "", false, 1},
		"a list that fails":  {embedder{code: 503}, "", false, 0},
		"a wrong key":        {embedder{code: 401}, "", false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(&c.server)
			defer server.Close()
			a := llm.NewOpenAI(llm.OpenAIOptions{BaseURL: server.URL + "/v1", Model: "m"})
			defer a.Close()
			got, err := a.EmbeddingModel(t.Context())
			if got != c.want || (err == nil) != (c.want != "") || errors.Is(err, llm.ErrNoEmbeddings) != c.none {
				t.Errorf("got %q, %v", got, err)
			}
			if len(c.server.asked) != c.asked {
				t.Errorf("asked %q", c.server.asked)
			}
		})
	}
}

func TestAServerThatIsAwayMayHaveEmbeddings(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	const secret = "secret-of-mine"
	base := "http://" + secret + "@" + strings.TrimPrefix(server.URL, "http://")
	a := llm.NewOpenAI(llm.OpenAIOptions{BaseURL: base, Model: "m", Timeout: time.Second})
	_, err := a.EmbeddingModel(t.Context())
	if err == nil || errors.Is(err, llm.ErrNoEmbeddings) || strings.Contains(err.Error(), secret) {
		t.Errorf("got %v", err)
	}
}

func TestTextsThatAreRefusedAreToldFromAServerThatIsIll(t *testing.T) {
	for code, want := range map[int]bool{400: true, 413: true, 422: true, 404: false, 429: false, 500: false} {
		server := httptest.NewServer(&embedder{makes: map[string]int{"m": code}})
		a := llm.NewOpenAI(llm.OpenAIOptions{BaseURL: server.URL + "/v1", Model: "m"})
		_, _, err := a.Embed(t.Context(), "m", []string{"a"})
		if errors.Is(err, llm.ErrTextsNotTaken) != want || err == nil {
			t.Errorf("%d: %v", code, err)
		}
		server.Close()
		a.Close()
	}
}
