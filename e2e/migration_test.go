package e2e

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/doctor"
	"tania/internal/redistest"
)

// TestTheMigrationIsChecked runs the check list against processes that were just started, that have worked, and that have trouble.
func TestTheMigrationIsChecked(t *testing.T) {
	redis := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	in := newInstallation(t, "REDIS_URL="+redis.URL(), "QUEUE_DEBOUNCE_MS=0")
	in.tania.args = []string{"serve", "--worker=false", "--env", ""}
	worker := newProcess(t)
	worker.args, worker.env = []string{"worker", "--env", ""}, in.tania.env
	examine := func(env ...string) map[string]doctor.Check {
		t.Helper()
		cmd := exec.Command(binary, "doctor", "--migration", "--json", "--env", "")
		cmd.Env = append(append([]string(nil), in.tania.env...), env...)
		out, _ := cmd.Output() // that a check failed is its exit code
		var list []doctor.Check
		if err := json.Unmarshal(out, &list); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		checks := map[string]doctor.Check{}
		for _, c := range list {
			checks[c.Name[:1]] = c
			if (c.Status == doctor.Fail || c.Status == doctor.Warn) != (c.Fix != "") {
				t.Errorf("%s %s: %s, fix %q", c.Status, c.Name, c.Text, c.Fix)
			}
		}
		return checks
	}
	expect := func(when string, got map[string]doctor.Check, want string) {
		t.Helper()
		for i, status := range strings.Fields(want) {
			c := got[string(rune('1'+i))]
			if string(c.Status) != status {
				t.Errorf("%s: %s %s: %s; want %s", when, c.Status, c.Name, c.Text, status)
			}
		}
	}

	if c := examine()["r"]; c.Status != doctor.Fail || !strings.Contains(c.Fix, "start tania serve") {
		t.Errorf("nothing runs: %+v", c)
	}
	in.tania.start()
	expect("just started", examine(), "ok ok warn warn warn warn")
	expect("another secret", examine("CHATWOOT_WEBHOOK_SECRET=another"), "ok fail warn warn warn warn")

	worker.launch()
	m, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: question(1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	in.await(t, 20*time.Second, "the answer", func() bool { return len(in.answered(m.Conversation)) == 1 })
	handed, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: "quiero hablar con una persona"})
	if err != nil {
		t.Fatal(err)
	}
	await(t, 20*time.Second, "the handoff", func() bool {
		c, _ := in.sim.Conversation(handed.Conversation)
		return c.Status == "open" && in.stats(t).Completed == 2
	})
	checks := examine()
	expect("at work", checks, "ok ok ok warn ok ok")
	for _, c := range checks {
		t.Logf("%-4s %s: %s", c.Status, c.Name, c.Text)
	}

	worker.kill()
	redis.Kill()
	expect("Redis is away", examine(), "fail")
}
