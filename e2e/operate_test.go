package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/queue"
	"tania/internal/redistest"
)

// TestOperating does from the command line what an operator does in an emergency, on both engines.
func TestOperating(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { operating(t) })
	t.Run("redis", func(t *testing.T) { operating(t, "REDIS_URL="+redistest.Start(t).URL()) })
}

func operating(t *testing.T, env ...string) {
	var broken atomic.Bool
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() {
			http.Error(w, `{"error":{"message":"out of order"}}`, http.StatusBadRequest)
			return
		}
		repeat(w, r)
	}))
	t.Cleanup(model.Close)
	in := newInstallation(t, append(env, "QUEUE_DEBOUNCE_MS=0", "QUEUE_MAX_RETRIES=1", "ADMIN_TOKEN=an-admin-token-of-tests")...)
	in.tania.env = append(in.tania.env, "OPENAI_BASE_URL="+model.URL+"/v1")
	in.tania.start()
	run := func(args ...string) (string, error) {
		cmd := exec.Command(binary, append(args, "--env", "")...)
		cmd.Env = in.tania.env
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	must := func(want string, args ...string) {
		t.Helper()
		if out, err := run(args...); err != nil || !strings.Contains(out, want) {
			t.Fatalf("tania %s: %v: %q, want %q in it", strings.Join(args, " "), err, out, want)
		}
	}
	stats := func() (s queue.Stats) {
		t.Helper()
		out, err := run("queue", "stats", "--json")
		if err == nil {
			err = json.Unmarshal([]byte(out), &s)
		}
		if err != nil {
			t.Fatal(err, out)
		}
		return s
	}

	must("Paused", "queue", "pause")
	must("paused already", "queue", "pause")
	m, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: question(1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	await(t, 20*time.Second, "the message to wait", func() bool { return stats().Waiting == 1 })
	if s := stats(); !s.Paused || s.Active != 0 {
		t.Errorf("%+v", s)
	}
	must(`"changed": true`, "queue", "resume", "--json")
	in.await(t, 20*time.Second, "the answer", func() bool { return len(in.answered(m.Conversation)) == 1 })

	broken.Store(true)
	for customer := 2; customer <= 3; customer++ {
		if _, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: question(customer, 1)}); err != nil {
			t.Fatal(err)
		}
		await(t, 30*time.Second, "a dead letter", func() bool { return stats().Failed == int64(customer-1) })
	}
	out, err := run("dead", "list", "--json")
	var list []queue.DeadTurn
	if err == nil {
		err = json.Unmarshal([]byte(out), &list)
	}
	if err != nil || len(list) != 2 {
		t.Fatalf("%v: %s", err, out)
	}
	id := string(list[1].ID) // the older one
	must("q2x1", "dead", "show", id)
	must(id, "dead", "list")
	if out, err := run("dead", "retry", "nobody"); err == nil || !strings.Contains(out, "there is no dead letter nobody") {
		t.Errorf("%v: %s", err, out)
	}
	broken.Store(false)
	must("1 of 1", "dead", "retry", id)
	// Its conversation was opened to humans when it died, and none has answered: the customer is, now.
	await(t, 30*time.Second, "the retry", func() bool { s := stats(); return s.Failed == 1 && s.Waiting+s.Active+s.Delayed == 0 })
	if got := in.answered(list[1].Key.Conversation); len(got) != 1 {
		t.Errorf("the customer of the retried turn read %v", got)
	}
	must("1 of 1", "dead", "discard", "--all")
	must("no dead letters", "dead", "list")
}
