package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/queue/queuetest"
	"tania/internal/redistest"
)

// The secrets of these tests, each recognisable.
const (
	secretAdmin    = "SECRET-admin-7f3a91"
	secretModel    = "SECRET-model-c0ffee"
	secretWebhook  = "SECRET-query-5eed00"
	secretPassword = "SECRET-redis-d15ea5"
	// wrongSecret is what an attacker, or a person who mistyped, sends.
	wrongSecret = "SECRET-wrong-bad1de"
)

// TestNoSecretIsShown provokes errors in real processes, and looks for secrets in all that they wrote and answered.
func TestNoSecretIsShown(t *testing.T) {
	redis := redistest.Start(t, "--requirepass", secretPassword)
	// A model that quotes the key back, as careless servers do, and a Chatwoot that fails with the token in its error.
	var mu sync.Mutex
	var seen []string
	careless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen = append(seen, r.Header.Get("Authorization"))
		mu.Unlock()
		http.Error(w, `{"error":{"message":"bad key `+r.Header.Get("Authorization")+`"}}`, http.StatusBadRequest) // no outage: the turn fails
	}))
	t.Cleanup(careless.Close)
	var traces lockedBuffer
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(&traces, r.Body)
	}))
	t.Cleanup(receiver.Close)
	in := newInstallation(t, "QUEUE_DEBOUNCE_MS=0", "QUEUE_MAX_RETRIES=1", "LOG_LEVEL=debug", "OTEL_EXPORTER_OTLP_ENDPOINT="+receiver.URL,
		"CHATWOOT_WEBHOOK_TOKEN="+secretWebhook)
	in.tania.env = append(in.tania.env, "OPENAI_BASE_URL="+careless.URL+"/v1", "OPENAI_API_KEY="+secretModel, "ADMIN_TOKEN="+secretAdmin,
		"REDIS_URL=redis://:"+secretPassword+"@"+redis.Addr())
	in.tania.start()

	var said bytes.Buffer
	ask := func(method, path, body string, header http.Header) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+in.tania.address+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = header
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		_ = resp.Header.Write(&said)
		if _, err := io.Copy(&said, resp.Body); err != nil {
			t.Fatal(err)
		}
	}
	operator := http.Header{"Authorization": {"Bearer " + secretAdmin}}
	if _, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: question(1, 1)}); err != nil {
		t.Fatal(err)
	}
	tellFailed := func() bool {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+in.tania.address+"/chatwoot/stats", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = operator
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return false
		}
		defer func() { _ = resp.Body.Close() }()
		text, _ := io.ReadAll(resp.Body)
		return strings.Contains(string(text), `"failed":1`)
	}
	await(t, 30*time.Second, "a dead letter", tellFailed)
	ask("POST", "/chatwoot/webhook?token="+wrongSecret, `{}`, http.Header{
		"X-Chatwoot-Signature": {"sha256=" + wrongSecret},
		"X-Chatwoot-Timestamp": {"1"},
	})
	ask("POST", "/chatwoot/webhook?token="+secretWebhook, `{`, nil)
	ask("GET", "/nowhere?token="+secretWebhook, "", nil)
	ask("GET", "/chatwoot/stats?token="+secretWebhook, "", http.Header{"Authorization": {"Bearer " + wrongSecret}})
	ask("GET", "/chatwoot/stats", "", operator)
	ask("GET", "/admin/dead", "", operator)
	ask("GET", "/admin/dead/none%0d%0aSet-Cookie:%20x=y", "", operator)
	ask("GET", "/admin/conversations/1/1", "", operator)
	redis.Kill()
	ask("GET", "/chatwoot/health?token="+secretWebhook, "", nil)
	ask("GET", "/chatwoot/stats", "", operator)
	ask("POST", "/chatwoot/queue/pause", "", operator)
	for _, args := range [][]string{{"doctor"}, {"queue", "stats"}, {"dead", "list"}, {"forget", "--contact", "1"}, {"health"}} {
		cmd := exec.Command(binary, append(args, "--env", "")...)
		cmd.Env = in.tania.env
		out, _ := cmd.CombinedOutput() // that it may fail is the point
		said.Write(out)
	}
	in.tania.stop()

	if !strings.Contains(traces.String(), "webhook") {
		t.Errorf("no trace of a webhook was sent, in %d bytes: nothing was tested", len(traces.String()))
	}
	all := in.tania.output.String() + said.String() + traces.String()
	for _, secret := range []string{secretAdmin, secretModel, secretWebhook, secretPassword, wrongSecret, botToken, webhookSecret} {
		if at := strings.Index(all, secret); at >= 0 {
			t.Errorf("%s is shown: …%s…", secret, all[max(0, at-200):min(len(all), at+len(secret)+50)])
		}
	}
	if strings.Contains(said.String(), "\nSet-Cookie:") {
		t.Error("a path put a header into an answer")
	}
	mu.Lock()
	defer mu.Unlock()
	if len(seen) == 0 || !strings.Contains(seen[0], secretModel) {
		t.Errorf("the model was asked with %q: nothing was tested", seen)
	}
}

// TestForgetAContact erases a customer by the command, on both engines, and looks for their words in the store's files.
func TestForgetAContact(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { forgetting(t, nil) })
	t.Run("redis", func(t *testing.T) { forgetting(t, redistest.Start(t, "--appendonly", "yes", "--rdbcompression", "no")) })
}

func forgetting(t *testing.T, redis *redistest.Server) {
	data := t.TempDir()
	env := []string{"QUEUE_DEBOUNCE_MS=0", "TANIA_DATA_DIR=" + data, "ADMIN_TOKEN=" + secretAdmin}
	if redis != nil {
		env = append(env, "REDIS_URL="+redis.URL())
	}
	in := newInstallation(t, env...)
	in.tania.start()
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(binary, append(args, "--env", "")...)
		cmd.Env = in.tania.env
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("tania %s: %v: %s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	const words, others = "esdrujula-inconfundible", "palabra-de-otra-persona"
	mine, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: question(1, 1) + " " + words})
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: question(2, 1) + " " + others})
	if err != nil {
		t.Fatal(err)
	}
	in.await(t, 30*time.Second, "both to be answered", func() bool {
		return len(in.answered(mine.Conversation)) == 1 && len(in.answered(theirs.Conversation)) == 1
	})
	run("queue", "pause")
	if _, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: mine.Conversation, Text: question(1, 2) + " " +
		words}); err != nil {
		t.Fatal(err)
	}
	await(t, 30*time.Second, "the second message to wait, and nothing else to come", func() bool {
		return in.sim.Settled() && strings.Contains(run("queue", "stats", "--json"), `"waiting": 1`)
	})
	places := []string{data}
	if redis != nil {
		places = append(places, redis.Dir())
	}
	found := func(text string) (names []string) {
		for _, dir := range places {
			names = append(names, queuetest.FilesWith(t, dir, text)...)
		}
		return names
	}
	if len(found(words)) == 0 {
		t.Fatal("the words were never stored")
	}
	conversation, _ := in.sim.Conversation(mine.Conversation)
	contact := conversation.Contact.ID
	out := run("forget", "--contact", fmt.Sprint(contact), "--account", "1", "--json")
	if !strings.Contains(out, `"conversations": 1`) || !strings.Contains(out, `"messages": 1`) {
		t.Errorf("it says %s", out)
	}
	await(t, 30*time.Second, "the words to be gone", func() bool { return len(found(words)) == 0 })
	await(t, 30*time.Second, "the other customer's words to be there still", func() bool { return len(found(others)) > 0 })
	run("queue", "resume")
	if again, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: mine.Conversation, Text: question(1, 3)}); err != nil {
		t.Fatal(err)
	} else {
		in.await(t, 30*time.Second, "an answer to what comes later", func() bool { return len(in.answered(again.Conversation)) == 2 })
	}
}
