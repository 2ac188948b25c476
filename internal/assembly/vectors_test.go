package assembly_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"tania/internal/chatwoot/chatwootsim"
)

// interpreter is a model's server. It answers always the same, and its vectors are near for texts that say the same in Spanish and English.
type interpreter struct {
	*httptest.Server

	mu sync.Mutex
	// prompts are the system texts of its answers, texts those that it made vectors of.
	prompts, texts []string
	// hangs has it take vectors' requests and never answer.
	hangs bool
	over  chan struct{}
}

func newInterpreter(t *testing.T) *interpreter {
	x := &interpreter{over: make(chan struct{})}
	x.Server = httptest.NewServer(x)
	t.Cleanup(func() { close(x.over); x.Close() })
	return x
}

func (x *interpreter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Model    string
		Input    []string
		Messages []struct{ Role, Content string }
	}
	_ = json.NewDecoder(r.Body).Decode(&asked)
	switch r.URL.Path {
	case "/v1/models":
		_, _ = io.WriteString(w, `{"data":[{"id":"talker"},{"id":"interpreter-embed"}]}`)
	case "/v1/embeddings":
		if x.embeds(asked.Input) {
			<-x.over
			return
		}
		var data []map[string]any
		for i, text := range asked.Input {
			data = append(data, map[string]any{"index": i, "embedding": meant(text)})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"data": data})
	case "/v1/chat/completions":
		x.mu.Lock()
		x.prompts = append(x.prompts, asked.Messages[0].Content)
		x.mu.Unlock()
		_, _ = io.WriteString(w, `{"choices":[{"message":{"content":"Claro que sí [1]."},"finish_reason":"stop"}]}`)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// embeds notes texts, and reports whether they get no answer.
func (x *interpreter) embeds(texts []string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.texts = append(x.texts, texts...)
	return x.hangs
}

// sense are words by what they mean in English.
var sense = map[string]string{"trineos": "sleds", "tambores": "drums", "palas": "shovels"}

// meant is a vector in which those of a text's words add up, each of them by chance.
func meant(text string) []float32 {
	v := make([]float32, 256)
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if in := sense[word]; in != "" {
			word = in
		}
		h := fnv.New64a()
		_, _ = h.Write([]byte(word))
		chance := rand.New(rand.NewPCG(h.Sum64(), 1))
		for i := range v {
			v[i] += float32(chance.NormFloat64())
		}
	}
	return v
}

const drums = "Sleds, drums and shovels go behind the stairs."

var syllables = []string{"ba", "ke", "lo", "mi", "nu", "pra", "ste", "vor", "zin", "dal"}

// hall is a bot whose knowledge is more than a prompt has room for, in English.
func hall() map[string]string {
	var text strings.Builder
	chance := rand.New(rand.NewPCG(3, 4))
	for i := range 400 {
		fmt.Fprintf(&text, "# Machine %d\n", i)
		for range 30 {
			for range 3 {
				text.WriteString(syllables[chance.IntN(len(syllables))])
			}
			text.WriteString(" ")
		}
		text.WriteString("\n\n")
	}
	return map[string]string{
		"bot.yaml":           "name: Hall\nlanguage: en\nknowledge: [knowledge]\n",
		"knowledge/hall.md":  text.String(),
		"knowledge/store.md": "# Under the roof\n" + drums + "\n",
	}
}

const askedForDrums = "¿Y los trineos, tambores y palas?"

// TestAQuestionFindsKnowledgeInAnotherLanguage asks in Spanish what stands in English, before and after the server has made vectors.
func TestAQuestionFindsKnowledgeInAnotherLanguage(t *testing.T) {
	server := newInterpreter(t)
	online := []string{"OPENAI_BASE_URL=" + server.URL + "/v1", "OPENAI_MODEL=talker", "SEMANTIC_CACHE_ENABLED=false"}
	ask := func(x *town) string {
		x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 11, Text: askedForDrums})
		server.mu.Lock()
		defer server.mu.Unlock()
		return server.prompts[len(server.prompts)-1]
	}
	if prompt := ask(newTown(t, hall(), append(online, "EMBEDDINGS=off")...)); strings.Contains(prompt, drums) || !strings.Contains(prompt, "Machine") {
		t.Errorf("by words the entry is found: the question is too easy\n%s", prompt)
	}
	if len(server.texts) != 0 {
		t.Errorf("switched off, vectors are made of %q", server.texts)
	}
	x := newTown(t, hall(), online...)
	for !strings.Contains(ask(x), drums) {
		if t.Context().Err() != nil {
			t.Fatal("the entry is not found")
		}
	}

	// What is changed is asked for, and nothing else.
	server.mu.Lock()
	server.texts = nil
	server.mu.Unlock()
	x.write("knowledge/store.md", "# Under the roof\n"+drums+"\nThey are of steel.\n")
	for !strings.Contains(ask(x), "of steel") {
		if t.Context().Err() != nil {
			t.Fatal("the change is not found")
		}
	}
	server.mu.Lock()
	if n := len(slices.DeleteFunc(slices.Clone(server.texts), func(text string) bool { return text == askedForDrums })); n > 1 {
		t.Errorf("after a change of one passage vectors were made of %d texts: %.300q", n, server.texts)
	}
	server.hangs = true
	server.mu.Unlock()

	// A server that hangs delays nobody for long.
	for range 5 {
		ask(x)
	}
	if prompt := ask(x); !strings.Contains(prompt, "Machine") {
		t.Errorf("without vectors there is no knowledge: %s", prompt)
	}
}

// TestATableMakesVectors: the cross of languages again, with a table in a file and no server of vectors.
func TestATableMakesVectors(t *testing.T) {
	server, dir := newInterpreter(t), t.TempDir()
	vocabulary, rows := map[string]int{"[UNK]": 0}, [][]float32{make([]float32, 256)}
	learn := func(word string, vector []float32) {
		vocabulary[word] = len(rows)
		rows = append(rows, vector)
	}
	for spanish, english := range sense {
		learn(spanish, meant(spanish))
		learn(english, meant(spanish))
	}
	for _, syllable := range syllables {
		learn(syllable, meant(syllable))
		learn("##"+syllable, meant(syllable))
	}
	var data []byte
	for _, row := range rows {
		for _, x := range row {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(x))
		}
	}
	header := fmt.Sprintf(`{"embeddings":{"dtype":"F32","shape":[%d,256],"data_offsets":[0,%d]}}`, len(rows), len(data))
	content := append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
	tokens, err := json.Marshal(map[string]any{
		"normalizer":    map[string]any{"type": "BertNormalizer", "lowercase": true},
		"pre_tokenizer": map[string]any{"type": "BertPreTokenizer"},
		"model": map[string]any{
			"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocabulary,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"model.safetensors": append(content, data...), "tokenizer.json": tokens} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	x := newTown(t, hall(), "OPENAI_BASE_URL="+server.URL+"/v1", "OPENAI_MODEL=talker", "SEMANTIC_CACHE_ENABLED=false", "EMBEDDINGS="+dir)
	for found := false; !found; {
		if t.Context().Err() != nil {
			t.Fatal("the entry is not found")
		}
		x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 11, Text: askedForDrums})
		server.mu.Lock()
		found = strings.Contains(server.prompts[len(server.prompts)-1], drums)
		server.mu.Unlock()
	}
	if len(server.texts) != 0 {
		t.Errorf("the server was asked for vectors of %q", server.texts)
	}
}
