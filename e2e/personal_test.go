package e2e

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
)

// taken are the bytes of all that a server is sent.
type taken struct {
	mu    sync.Mutex
	bytes strings.Builder
}

func (s *taken) take(r *http.Request) string {
	var body io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		if unpacked, err := gzip.NewReader(r.Body); err == nil {
			body = unpacked
		}
	}
	all, _ := io.ReadAll(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(&s.bytes, "%s %v %v\n%s\n", r.URL, r.URL.Query(), r.Header, all)
	return string(all)
}

func (s *taken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes.String()
}

// placeholders are those in what a model is sent.
var placeholders = regexp.MustCompile(`\[[A-Z_]+_\d+\]`)

// parrot is a model that calls a tool with all placeholders that it was shown in the conversation, that of an e-mail written in its own
// way, and then names those of what a reply may show. It makes vectors too.
func (s *taken) parrot(w http.ResponseWriter, r *http.Request) {
	body := s.take(r)
	w.Header().Set("Content-Type", "application/json")
	if strings.HasSuffix(r.URL.Path, "/embeddings") {
		var asked struct{ Input []string }
		_ = json.Unmarshal([]byte(body), &asked)
		_, _ = io.WriteString(w, `{"data":[`+strings.TrimSuffix(strings.Repeat(`{"embedding":[1,2,3]},`, len(asked.Input)), ",")+`]}`)
		return
	}
	if !strings.HasSuffix(r.URL.Path, "/completions") {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	var request struct {
		Messages []struct {
			Role    string
			Content json.RawMessage
		}
	}
	_ = json.Unmarshal([]byte(body), &request)
	said, tools := "", 0
	for _, m := range request.Messages {
		if m.Role == "tool" {
			tools++
		}
		if m.Role != "system" {
			said += string(m.Content)
		}
	}
	shown := placeholders.FindAllString(said, -1)
	message := map[string]any{"role": "assistant", "content": "Tengo " + strings.Join(slices.DeleteFunc(slices.Clone(shown), func(s string) bool {
		return !strings.HasPrefix(s, "[EMAIL") && !strings.HasPrefix(s, "[PHONE") && !strings.HasPrefix(s, "[TYPED")
	}), " y ") + "."}
	if tools == 0 && strings.Contains(said, "[EMAIL_1]") {
		note, _ := json.Marshal(map[string]string{"email": "[ email_1 ]", "note": strings.Join(shown, " ")})
		message = map[string]any{"role": "assistant", "content": nil, "tool_calls": []any{map[string]any{
			"id": "c1", "type": "function", "function": map[string]any{"name": "find_customer", "arguments": string(note)},
		}}}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{
		"id": "1", "object": "chat.completion", "model": "parrot", "usage": map[string]int{"prompt_tokens": 10, "completion_tokens": 5},
		"choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": message}},
	})
}

// TestPersonalDataLeavesThroughNothing: what customers write of themselves, and what a tool gives, is in no byte that the model's server,
// the log, the receiver of traces or the cache get; the customer, and the tool, get it.
func TestPersonalDataLeavesThroughNothing(t *testing.T) {
	var model, traces, shop taken
	parrot := httptest.NewServer(http.HandlerFunc(model.parrot))
	t.Cleanup(parrot.Close)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { traces.take(r) }))
	t.Cleanup(receiver.Close)
	tool := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shop.take(r)
		_, _ = io.WriteString(w, `{"phone":"+34 699 123 456","iban":"ES91 2100 0418 4502 0005 1332","email":"ana.lopez@example.com"}`)
	}))
	t.Cleanup(tool.Close)
	file := filepath.Join(t.TempDir(), "bot.yaml")
	if err := os.WriteFile(file, []byte(`name: Ana
language: es
tools:
  find_customer:
    description: Finds a customer by e-mail
    risk: read
    parameters: {properties: {email: {type: string}, note: {type: string}}, required: [email]}
    http: {url: "`+tool.URL+`/customers?email={email}&note={note}", private: [127.0.0.1]}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	in := newInstallation(t, "PII_MASK=all", "TANIA_BOT="+file, "LOG_LEVEL=debug", "QUEUE_DEBOUNCE_MS=0",
		"OPENAI_BASE_URL="+parrot.URL+"/v1", "EMBEDDINGS="+parrot.URL+"/v1", "OPENAI_EMBEDDING_MODEL=vectors",
		"OTEL_EXPORTER_OTLP_ENDPOINT="+receiver.URL, "OTEL_BSP_SCHEDULE_DELAY=50")
	in.tania.start()

	values := []string{
		"ana.lopez@example.com", "4111 1111 1111 1111", "+34 612 345 678", "12345678Z", "HEGG560427MVZRRL04", "529.982.247-25",
	}
	first, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{
		Text: "Hola, ¿qué datos tienen de mí? Soy " + values[0] + ", tarjeta " + values[1] + ", móvil " + values[2] + ", y escribo [CARD_2]",
	})
	if err != nil {
		t.Fatal(err)
	}
	reply := func(n int) string {
		in.await(t, 30*time.Second, "the reply", func() bool { return len(in.sim.BotMessages(first.Conversation)) >= n })
		return in.sim.BotMessages(first.Conversation)[n-1].Content
	}
	one := reply(1)
	for _, want := range []string{values[0], values[2], "[CARD_2]", "+34 699 123 456"} {
		if !strings.Contains(one, want) {
			t.Errorf("the reply lacks %s: %s", want, one)
		}
	}
	if _, err = in.sim.CustomerWrites(chatwootsim.CustomerMessage{
		Conversation: first.Conversation,
		Text: "Y además ¿qué saben de DNI " + values[3] + ", CURP " + values[4] + " y CPF " + values[5] +
			"? Mi correo sigue siendo ANA.LOPEZ@example.com",
	}); err != nil {
		t.Fatal(err)
	}
	if two := reply(2); !strings.Contains(strings.ToLower(two), values[0]) {
		t.Errorf("the second reply lacks the e-mail: %s", two)
	}
	for _, want := range values {
		if !strings.Contains(strings.ToLower(shop.String()), strings.ToLower(want)) {
			t.Errorf("the tool did not get %s: %s", want, shop.String())
		}
	}
	if got := model.String(); strings.Contains(got, "[EMAIL_2]") || !strings.Contains(got, "[TYPED_1]") {
		t.Errorf("one e-mail has two placeholders, or what the customer typed has none: %s", got)
	}
	data := ""
	for _, setting := range in.tania.env {
		if dir, ok := strings.CutPrefix(setting, "TANIA_DATA_DIR="); ok {
			data = dir
		}
	}
	in.tania.stop()
	seen := map[string]string{
		"the model's server": model.String(), "the log": in.tania.output.String(), "the receiver of traces": traces.String(),
	}
	files, err := filepath.Glob(filepath.Join(data, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasPrefix(filepath.Base(name), "tania.db") { // what was said is kept there
			continue
		}
		if raw, err := os.ReadFile(name); err == nil {
			seen[filepath.Base(name)] = string(raw)
		}
	}
	if seen["cache.db"] == "" || len(seen["the receiver of traces"]) < 1000 {
		t.Errorf("nothing was read of the cache or the traces: %v", files)
	}
	for where, got := range seen {
		for _, v := range append(values, "+34 699 123 456", "ES91 2100 0418 4502 0005 1332") {
			bare := strings.NewReplacer(" ", "", ".", "", "-", "").Replace(v)
			for _, form := range []string{v, bare, strings.ReplaceAll(v, "@", "%40")} {
				if at := strings.Index(strings.ToLower(got), strings.ToLower(form)); at >= 0 {
					t.Errorf("%s got %s: …%s…", where, form, got[max(0, at-200):at+len(form)])
				}
			}
		}
	}
}
