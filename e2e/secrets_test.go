package e2e

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot"
)

// TestATokenThatAServerQuotes: a Chatwoot, or what stands before it, answers with the token in an error, in a page and in a redirect, as it
// is, in an address and in base64. It is in no log line, no dead letter, no record and nothing that doctor says.
func TestATokenThatAServerQuotes(t *testing.T) {
	const token, secret = "bot/token+of=17&letters", "webhook-secret-of-tests"
	quotes := strings.Join([]string{token, url.QueryEscape(token), base64.StdEncoding.EncodeToString([]byte("bot:" + token))}, " and ")
	careless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/profile"):
			http.Redirect(w, r, "https://elsewhere.example/login?token="+url.QueryEscape(token), http.StatusFound)
		case r.Method == http.MethodGet:
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"error":"not allowed with ` + quotes + `"}`))
		default:
			http.Error(w, "<html><body>bad request with "+quotes+"</body></html>", http.StatusBadRequest)
		}
	}))
	t.Cleanup(careless.Close)
	p := newProcess(t, "QUEUE_DEBOUNCE_MS=0", "QUEUE_MAX_RETRIES=1", "LOG_LEVEL=debug", "CHATWOOT_BASE_URL="+careless.URL,
		"CHATWOOT_ACCOUNT_ID=1",
		"CHATWOOT_API_ACCESS_TOKEN="+token, "CHATWOOT_WEBHOOK_SECRET="+secret)
	p.start()
	body := forged(t)
	stamp, signature := chatwoot.Sign(secret, time.Now(), body)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+p.address+"/chatwoot/webhook", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{chatwoot.HeaderTimestamp: {stamp}, chatwoot.HeaderSignature: {signature}}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	run := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), binary, append(args, "--env", "")...)
		cmd.Env = p.env
		out, _ := cmd.CombinedOutput() // doctor fails, and has to
		return string(out)
	}
	p.output.await(t, 60*time.Second, "the refusal in the log", regexp.MustCompile("bad request with"))
	said := run("doctor") + run("dead", "list", "--json") + run("queue", "stats")
	said += p.output.String()
	for name, form := range map[string]string{
		"as it is": token, "in an address": url.QueryEscape(token),
		"in base64": base64.RawStdEncoding.EncodeToString([]byte("bot:" + token))[8:24],
	} {
		if at := strings.Index(said, form); at >= 0 {
			t.Errorf("the token is shown %s: …%s…", name, said[max(0, at-300):min(len(said), at+len(form)+50)])
		}
	}
	if strings.Count(said, "(secret)") < 3 {
		t.Errorf("nothing was hidden: %s", said)
	}
}
