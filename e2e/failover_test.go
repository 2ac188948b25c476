package e2e

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/queue"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// TestRedisIsAway starts tania without the Redis it is told of, kills it in between, and then brings Redis back.
func TestRedisIsAway(t *testing.T) {
	redis := redistest.Start(t)
	redis.Kill()
	in := newInstallation(t, "REDIS_URL="+redis.URL(), "QUEUE_DEBOUNCE_MS=50", "WORKER_TYPING_ENABLED=false",
		"GOVERNOR_RATE_LIMIT_ENABLED=false")
	in.tania.start()
	const customers, each = 5, 4
	conversations := make([]tania.ConversationID, customers)
	write := func(n int) {
		t.Helper()
		var written []tania.MessageID
		for c := range customers {
			m, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: conversations[c], Text: question(c, n)})
			if err != nil {
				t.Fatal(err)
			}
			conversations[c], written = m.Conversation, append(written, m.ID)
		}
		in.await(t, 30*time.Second, "the webhooks to be taken", func() bool {
			taken := in.accepted()
			return in.sim.Settled() && !slices.ContainsFunc(written, func(id tania.MessageID) bool { return taken[id].IsZero() })
		})
	}
	write(0)
	write(1)
	if s := in.stats(t); s.Shared || s.Engine != "redis" || s.Kept != int64(len(in.sim.Deliveries())) {
		t.Errorf("stats while Redis is away: %+v; %d webhooks were sent", s, len(in.sim.Deliveries()))
	}
	if health := in.get(t, "/chatwoot/health"); !strings.Contains(health, "degraded") {
		t.Error("health while Redis is away: ", health)
	}
	in.tania.kill()
	in.tania.start()
	write(2)
	for c := range customers {
		if got := in.answered(conversations[c]); got != nil {
			t.Error("answered without Redis: ", got)
		}
	}
	if err := redis.Launch(); err != nil {
		t.Fatal(err)
	}
	await(t, 30*time.Second, "Redis to have what was kept", func() bool { return in.stats(t).Kept == 0 })
	write(3)
	if err := in.awaitAll(t, 30*time.Second, func() int { return customers*each - in.answersIn(conversations) }); err != nil {
		t.Error(err)
	}
	for c := range customers {
		var want []string
		for n := range each {
			want = append(want, mark.FindString(question(c, n)))
		}
		if got := in.answered(conversations[c]); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("conversation %d: answered %v, want %v", conversations[c], got, want)
		}
	}
	if s := in.stats(t); !s.Shared || s.Messages != customers*each {
		t.Errorf("stats when Redis is back: %+v", s)
	}
}

// get is what a route of tania answers with 200. Where the machine is too busy for the store to answer in time, it asks again, as people
// do.
func (in *installation) get(t *testing.T, path string) (body string) {
	t.Helper()
	await(t, 30*time.Second, path+" to be answered", func() bool {
		status := 0
		if status, body = in.ask(t, path); status == http.StatusServiceUnavailable && strings.Contains(body, "the store does not answer now") {
			return false
		}
		if status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, status, body)
		}
		return true
	})
	return body
}

// ask gives a route's answer, which has to be JSON.
func (in *installation) ask(t *testing.T, path string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+in.tania.address+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if token := in.tania.token(); token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer json.RawMessage
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatalf("%s: %s %v", path, resp.Status, err)
	}
	return resp.StatusCode, string(answer)
}

func (in *installation) stats(t *testing.T) queue.Stats {
	t.Helper()
	var answer struct{ Queue queue.Stats }
	if err := json.Unmarshal([]byte(in.get(t, "/chatwoot/stats")), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Queue
}
