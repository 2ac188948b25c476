package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"testing"
	"time"

	"tania/internal/bullmq"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/nodetest"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// TestANodeInstallationIsMoved: its API took webhooks and its workers died at work. Its jobs, written by BullMQ, are moved while Tania
// answers.
func TestANodeInstallationIsMoved(t *testing.T) {
	redis := redistest.Start(t)
	in := newInstallation(t, "REDIS_URL="+redis.URL(), "QUEUE_DEBOUNCE_MS=0", "WORKER_TYPING_ENABLED=false",
		"GOVERNOR_RATE_LIMIT_ENABLED=false")
	api := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(api.Close)
	if err := in.sim.SetWebhookURL(api.URL); err != nil {
		t.Fatal(err)
	}
	states := []string{"failed", "dead", "delayed", "prioritized", "wait", "active"}
	conversations := make([]tania.ConversationID, 12)
	want := map[tania.ConversationID][]string{}
	for n := range 3 {
		for c := range conversations {
			m, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: conversations[c], Text: question(c, n)})
			if err != nil {
				t.Fatal(err)
			}
			conversations[c] = m.Conversation
			want[m.Conversation] = append(want[m.Conversation], mark.FindString(m.Content))
		}
	}
	in.await(t, 20*time.Second, "the webhooks", func() bool { return len(in.accepted()) == 3*len(conversations) })
	jobs, seen := []any{}, map[tania.MessageID]bool{}
	for _, d := range slices.Backward(in.sim.Deliveries()) {
		if d.Message == 0 || seen[d.Message] || d.Event != "message_created" {
			continue
		}
		seen[d.Message] = true
		n := len(jobs)
		jobs = append(jobs, map[string]any{"state": states[(n+n/len(states))%len(states)], "priority": 1 + n%7, "data": map[string]any{
			"conversationId": d.Conversation, "accountId": 1, "governorContext": map[string]any{"messageId": d.Message}, "originalBody": d.Body,
		}})
	}
	input, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	node := nodetest.Start(t, nodetest.Install(t, "bullmq@5.81.5", "ioredis@5.9.2"), "../internal/bullmq/testdata/jobs.mjs", input,
		fmt.Sprint("REDIS_PORT=", redis.Port))
	node.Await("written")
	node.Kill()
	await(t, 30*time.Second, "the dead worker's locks to end", func() bool { return redis.Do(t, "KEYS", "bull:*:lock") == "" })

	if err := in.sim.SetWebhookURL("http://" + in.tania.address + "/chatwoot/webhook"); err != nil {
		t.Fatal(err)
	}
	in.tania.start()
	cmd := exec.Command(binary, "queue", "import-bullmq", "--failed", "--json", "--env", "")
	cmd.Env = in.tania.env
	out, err := cmd.Output()
	var report bullmq.Report
	if err != nil || json.Unmarshal(out, &report) != nil || report.Imported != len(jobs) || len(report.Left) != 0 {
		t.Fatalf("%v: %s", err, out)
	}
	if err := in.awaitAll(t, 30*time.Second, func() int { return len(jobs) - in.answersIn(conversations) }); err != nil {
		t.Error(err)
	}
	for _, c := range conversations {
		if got := in.answered(c); !slices.Equal(got, want[c]) {
			t.Errorf("conversation %d: answered %v, want %v", c, got, want[c])
		}
	}
}
