package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
)

// TestWrongSettingsStopTheStart reads what an operator reads.
func TestWrongSettingsStopTheStart(t *testing.T) {
	cmd := exec.Command(binary, "serve", "--env", "")
	cmd.Env = []string{
		"PORT=eighty", "WORKER_CONCURRENCY=0", "CHATWOOT_BASE_URL=chat.example.com", "GOVERNOR_SERVICE_HOURS_TIMEZONE=Mexico",
		"CHATWOOT_API_ACCESS_TOKEN=s3cr3t-t0ken", "CHATWOOT_WEBHOOK_SECRET=s3cr3t-t0ken",
	}
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatal("tania started")
	}
	for _, want := range []string{
		"PORT", "eighty", "WORKER_CONCURRENCY", "CHATWOOT_BASE_URL", "GOVERNOR_SERVICE_HOURS_TIMEZONE", "allowed",
		"CHATWOOT_WEBHOOK_SECRET",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the error does not say %q", want)
		}
	}
	if strings.Contains(string(out), "s3cr3t-t0ken") {
		t.Error("the error shows a secret")
	}
	if t.Failed() {
		t.Logf("it says:\n%s", out)
	}
}

func TestHelpListsEveryVariable(t *testing.T) {
	out, err := exec.Command(binary, "serve", "--help").CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"PORT (8787)", "BOT_AGENT_TIMEOUT_MINUTES (5)", "QUEUE_DEBOUNCE_MS (1500)", "CHATWOOT_INBOX_TO_TEAM",
		"OPENAI_BASE_URL", "TANIA_DATA_DIR (./data)",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the help does not say %q", want)
		}
	}
}

// TestSIGTERMGivesTurnsBack stops tania while a model does not answer, and starts it with one that does.
func TestSIGTERMGivesTurnsBack(t *testing.T) {
	in := newInstallation(t, "QUEUE_DEBOUNCE_MS=0", "WORKER_TYPING_ENABLED=false")
	asked := make(chan struct{}, 1)
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case asked <- struct{}{}:
		default:
		}
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server see the connection end
		<-r.Context().Done()
	}))
	t.Cleanup(hanging.Close)
	answering := in.tania.env
	in.tania.env = append(slices.Clone(answering), "OPENAI_BASE_URL="+hanging.URL+"/v1", "EMBEDDINGS=off")
	in.tania.start()
	m, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: question(1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-asked:
	case <-time.After(20 * time.Second):
		t.Fatal("the model was not asked")
	}
	if took := in.tania.stop(); took > 10*time.Second {
		t.Errorf("the stop took %s, want at most 10 s", took)
	}
	in.tania.env = answering
	in.tania.start()
	in.await(t, 20*time.Second, "the answer after the restart", func() bool { return len(in.answered(m.Conversation)) == 1 })
}

// TestOneProcessPerDataDirectory shows what a second process says.
func TestOneProcessPerDataDirectory(t *testing.T) {
	in := newInstallation(t)
	in.tania.start()
	second := newProcess(t)
	for _, v := range in.tania.env {
		if strings.HasPrefix(v, "TANIA_DATA_DIR=") || strings.HasPrefix(v, "CHATWOOT_") {
			second.env = append(second.env, v)
		}
	}
	second.launch()
	err := second.cmd.Wait()
	second.cmd = nil
	if err == nil || !strings.Contains(second.output.String(), "in use by another Tania process") {
		t.Errorf("the second process ended with %v and said %s", err, second.output.String())
	}
}

// TestSynchronousWebhook is the rollback to version 4: the answer is made inside the request.
func TestSynchronousWebhook(t *testing.T) {
	in := newInstallation(t, "USE_ASYNC_WEBHOOK=false")
	in.tania.start()
	m, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: question(1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	in.await(t, 20*time.Second, "the webhook to be answered", func() bool { return !in.accepted()[m.ID].IsZero() })
	if got := in.answered(m.Conversation); len(got) != 1 {
		t.Errorf("when the webhook was answered the bot had said %q, want one answer", got)
	}
}
