package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/cache"
	"tania/internal/cache/store"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// teller is a model that tells, about whatever it is asked, how often it was asked, and waits before it answers while it is held.
type teller struct {
	*httptest.Server
	asked, judged atomic.Int64
	hold          chan struct{}
}

func newTeller(t *testing.T) *teller {
	m := &teller{}
	m.Server = httptest.NewServer(http.HandlerFunc(m.answer))
	t.Cleanup(m.Close)
	return m
}

func (m *teller) answer(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Messages []struct{ Content json.RawMessage }
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil || len(request.Messages) == 0 {
		http.Error(w, "no messages", http.StatusBadRequest)
		return
	}
	text := "SAME"
	if strings.Contains(string(request.Messages[0].Content), "You compare two answers") {
		m.judged.Add(1)
	} else {
		text = fmt.Sprintf("Respuesta número %d: abrimos de nueve a seis.", m.asked.Add(1))
		if m.hold != nil {
			select {
			case <-m.hold:
			case <-r.Context().Done():
				return
			}
		}
	}
	answer, _ := json.Marshal(text)
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"id":"1","object":"chat.completion","created":1,"model":"teller","choices":[{"index":0,"finish_reason":"stop",`+
		`"message":{"role":"assistant","content":%s}}],"usage":{"prompt_tokens":900,"completion_tokens":60,"total_tokens":960}}`, answer)
}

// caching is an installation whose customers ask.
type caching struct {
	*installation
	t     *testing.T
	model *teller
	env   []string
}

// ask has a new customer ask, and gives the conversation.
func (c *caching) ask(text string) tania.ConversationID {
	c.t.Helper()
	m, err := c.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: text})
	if err != nil {
		c.t.Fatal(err)
	}
	return m.Conversation
}

// answer waits for the n-th message of the bot in a conversation.
func (c *caching) answer(id tania.ConversationID, n int) string {
	c.t.Helper()
	c.await(c.t, 20*time.Second, "the answer", func() bool { return len(c.sim.BotMessages(id)) >= n })
	return c.sim.BotMessages(id)[n-1].Content
}

// run runs tania on the command line, and gives what it prints.
func (c *caching) run(args ...string) string {
	c.t.Helper()
	cmd := exec.Command(binary, append(args, "--env", "")...)
	cmd.Env = c.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		c.t.Fatalf("tania %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// entries waits until the cache has so many.
func (c *caching) entries(n int) []store.Entry {
	c.t.Helper()
	var list []store.Entry
	await(c.t, 20*time.Second, fmt.Sprintf("%d entries in the cache", n), func() bool {
		list = nil
		if err := json.Unmarshal([]byte(c.run("cache", "list", "--json", "--limit", "0")), &list); err != nil {
			c.t.Fatal(err)
		}
		kept := 0
		for _, e := range list {
			if !e.Warm {
				kept++
			}
		}
		return kept == n
	})
	return list
}

const opening = "¿Cuál es el horario de atención de la tienda?"

// TestCaching asks, asks again, explains, clears and restarts, on both engines, as an operator sees it.
func TestCaching(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { operatingCache(t) })
	t.Run("redis", func(t *testing.T) { operatingCache(t, "REDIS_URL="+redistest.Start(t).URL()) })
}

func operatingCache(t *testing.T, env ...string) {
	model := newTeller(t)
	in := newInstallation(t, append(env, "QUEUE_DEBOUNCE_MS=0", "ADMIN_TOKEN=an-admin-token-of-tests")...)
	in.tania.env = append(in.tania.env, "OPENAI_BASE_URL="+model.URL+"/v1")
	in.tania.start()
	c := &caching{installation: in, t: t, model: model, env: in.tania.env}

	first := c.answer(c.ask(opening), 1)
	list := c.entries(1)
	second := c.ask("hola, CUAL ES EL HORARIO DE ATENCION DE LA TIENDA por favor")
	if got := c.answer(second, 1); got != first || model.asked.Load() != 1 {
		t.Errorf("the second customer read %q, the first %q; the model was asked %d times", got, first, model.asked.Load())
	}
	records := c.records(second)
	if len(records) != 1 || records[0].Route != tania.RouteCached || records[0].CacheTier != "exact" || records[0].CacheEntry != list[0].ID ||
		records[0].CacheScore != 1 {
		t.Errorf("the decision record does not name the entry: %+v", records)
	}
	c.answer(c.ask("¿Cuál es el horario de atención del almacén?"), 1)
	if model.asked.Load() != 2 {
		t.Errorf("another place's question was answered from the cache")
	}
	out := c.run("cache", "explain", "cual es el horario de atencion de la tienda?")
	for _, want := range []string{"admitted", "hit, exact, entry " + list[0].ID} {
		if !strings.Contains(out, want) {
			t.Errorf("explain: want %q in %s", want, out)
		}
	}
	if out := c.run("cache", "explain", "¿Dónde está mi pedido?"); !strings.Contains(out, "refused: personal") {
		t.Errorf("explain: %s", out)
	}
	if out := c.run("cache", "show", list[0].ID); !strings.Contains(out, first) {
		t.Errorf("show: %s", out)
	}

	c.stats(func(s cache.Stats) bool { return s.ExactHits == 1 && s.SavedTokens == 960 })
	in.tania.kill()
	in.tania.start()
	if got := c.answer(c.ask(opening), 1); got != first {
		t.Errorf("after a restart the answer was %q, before %q", got, first)
	}
	if out := c.run("cache", "invalidate", "--pattern", "*horario*almacen*"); !strings.Contains(out, "1 entries") {
		t.Errorf("invalidate: %s", out)
	}
	if out := c.run("cache", "clear"); !strings.Contains(out, "1 entries") {
		t.Errorf("clear: %s", out)
	}
	if got := c.answer(c.ask(opening), 1); got == first {
		t.Error("a cleared answer was given")
	}
	// What was counted in the last second before the kill may be lost.
	c.stats(func(s cache.Stats) bool {
		return s.ExactHits >= 1 && s.SavedTokens == 960*s.ExactHits && s.Misses >= 1
	})
}

// stats waits until the statistics are as wanted; they are written once a second.
func (c *caching) stats(wanted func(cache.Stats) bool) {
	c.t.Helper()
	await(c.t, 20*time.Second, "the statistics", func() bool {
		var s cache.Stats
		if err := json.Unmarshal([]byte(c.run("cache", "stats", "--json")), &s); err != nil {
			c.t.Fatal(err)
		}
		return wanted(s)
	})
}

// records gives a conversation's decision records.
func (c *caching) records(id tania.ConversationID) []tania.Record {
	c.t.Helper()
	var answer struct{ Records []tania.Record }
	await(c.t, 20*time.Second, "the decision record", func() bool {
		request, _ := http.NewRequest(http.MethodGet, fmt.Sprintf("http://%s/admin/conversations/1/%d", c.address(), id), nil)
		request.Header.Set("Authorization", "Bearer an-admin-token-of-tests")
		resp, err := http.DefaultClient.Do(request)
		if err != nil {
			return false
		}
		defer func() { _ = resp.Body.Close() }()
		return json.NewDecoder(resp.Body).Decode(&answer) == nil && len(answer.Records) > 0
	})
	return answer.Records
}

func (c *caching) address() string {
	if c.tania != nil {
		return c.tania.address
	}
	for _, v := range c.env {
		if port, ok := strings.CutPrefix(v, "PORT="); ok {
			return "127.0.0.1:" + port
		}
	}
	return ""
}

// newCachingFleet is two APIs and three workers that have loaded the cache, and a model that is held.
func newCachingFleet(t *testing.T, env ...string) (*fleet, *caching) {
	redis := redistest.Start(t).URL()
	model := newTeller(t)
	model.hold = make(chan struct{})
	f := newFleet(t, redis, redis, append(env, "QUEUE_DEBOUNCE_MS=0", "ADMIN_TOKEN=an-admin-token-of-tests",
		"OPENAI_BASE_URL="+model.URL+"/v1")...)
	for _, p := range f.workers {
		p.output.await(t, 30*time.Second, "a worker to have the cache", regexp.MustCompile("cache loaded"))
	}
	return f, &caching{installation: f.installation, t: t, model: model, env: f.apis[0].env}
}

// TestCachingInAFleet has many customers ask the same at once, an operator clear while an answer is made, and customers doubt an answer,
// with two APIs and three workers.
func TestCachingInAFleet(t *testing.T) {
	t.Parallel()
	_, c := newCachingFleet(t, "WORKER_CONCURRENCY=5")
	model := c.model
	var crowd []tania.ConversationID
	for range 12 {
		crowd = append(crowd, c.ask(opening))
	}
	await(t, 20*time.Second, "the model to be asked", func() bool { return model.asked.Load() > 0 })
	close(model.hold)
	var first string
	for _, id := range crowd {
		got := c.answer(id, 1)
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("one customer read %q, another %q", first, got)
		}
	}
	if n := model.asked.Load(); n != 1 {
		t.Errorf("the model was asked %d times by %d customers with one question", n, len(crowd))
	}
	c.entries(1)

	// A doubted answer is demoted everywhere, then made again.
	doubter := c.ask(opening)
	c.answer(doubter, 1)
	if _, err := c.sim.CustomerWrites(chatwootsim.CustomerMessage{
		Conversation: doubter,
		Text:         "pregunto por el horario de atención de la tienda",
	}); err != nil {
		t.Fatal(err)
	}
	if got := c.answer(doubter, 2); got == first {
		t.Error("a customer who asks again was given the same answer again")
	}
	for range 6 { // whichever worker takes it
		if got := c.answer(c.ask(opening), 1); got == first {
			t.Error("a doubted answer was given to others")
		}
	}

	if out := c.run("cache", "clear"); !strings.Contains(out, "forgotten") {
		t.Error(out)
	}
	asked := model.asked.Load()
	c.answer(c.ask(opening), 1)
	if model.asked.Load() == asked {
		t.Error("a cleared answer was given")
	}
}

// TestATurnDoesNotWaitForItsOwnDeadAttempt kills the worker that is asking the model. What it had said, that it is answering the question,
// holds for longer than its lease: the turn is not to wait for that when it is run again.
func TestATurnDoesNotWaitForItsOwnDeadAttempt(t *testing.T) {
	f, c := newCachingFleet(t, "QUEUE_LEASE_MS=1000")
	model := c.model
	id := c.ask(opening)
	await(t, 20*time.Second, "the model to be asked", func() bool { return model.asked.Load() == 1 })
	for _, p := range f.workers {
		p.kill()
	}
	f.workers[1].launch()
	close(model.hold)
	if got := c.answer(id, 1); !strings.Contains(got, "número 2") {
		t.Errorf("%q is not what the model was asked for the second time", got)
	}
	records := c.records(id)
	if len(records) != 1 || records[0].Route != tania.RouteModel {
		t.Fatalf("%+v", records)
	}
	for _, step := range records[0].Steps {
		if step.Name == "cache_wait" {
			t.Errorf("the turn waited for %.0f ms", step.Millis)
		}
	}
}
