package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/chatwoot/chatwootsim"
	sim "tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/tania"
)

// installation is a simulated Chatwoot and a model around one tania, or more.
type installation struct {
	sim   *sim.Server
	tania *process
	said  said
	// taker names the process that took a message's webhook.
	taker func(tania.MessageID) string
	// settings are the variables that every process of it needs.
	settings []string
}

const botToken, webhookSecret = "bot-token", "webhook-secret"

// newInstallation makes one whose tania is not started yet.
func newInstallation(t *testing.T, env ...string) *installation {
	t.Helper()
	p := newProcess(t)
	in := install(t, "http://"+p.address, env...)
	in.tania = p
	p.env = append(p.env, in.settings...)
	return in
}

// install makes what is around tania; webhooks go to url.
func install(t *testing.T, url string, env ...string) *installation {
	t.Helper()
	model := httptest.NewServer(http.HandlerFunc(repeat))
	t.Cleanup(model.Close)
	sim, err := sim.New(chatwootsim.Options{
		Bot:           chatwootsim.Bot{Token: botToken, URL: url + "/chatwoot/webhook", Secret: webhookSecret},
		RetryInterval: 100 * time.Millisecond, TaniaURL: url,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	return &installation{sim: sim, taker: func(tania.MessageID) string { return "" }, settings: append([]string{
		"CHATWOOT_BASE_URL=" + server.URL, "CHATWOOT_ACCOUNT_ID=1", "CHATWOOT_API_ACCESS_TOKEN=" + botToken, "CHATWOOT_WEBHOOK_SECRET=" +
			webhookSecret,
		"OPENAI_BASE_URL=" + model.URL + "/v1", "OPENAI_API_KEY=none", "OPENAI_MODEL=repeater",
	}, env...)}
}

// await waits until a condition holds that depends on the simulator alone, which tells of every change.
func (in *installation) await(t testing.TB, long time.Duration, what string, condition func() bool) {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), long)
	defer done()
	if err := in.sim.WaitFor(ctx, condition); err != nil {
		t.Fatalf("waited %s in vain for %s: %v", long, what, err)
	}
}

// mark is in every customer message of these tests and comes back in the answer.
var mark = regexp.MustCompile(`\bq\d+x\d+\b`)

// repeat is a model that answers with the marks of the customer's turn, after a short while.
func repeat(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Messages []struct {
			Role    string          `json:"role"`
			Content json.RawMessage `json:"content"`
		} `json:"messages"`
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil || len(request.Messages) == 0 {
		http.Error(w, "no messages", http.StatusBadRequest)
		return
	}
	select {
	case <-time.After(rand.N(20 * time.Millisecond)):
	case <-r.Context().Done():
		return
	}
	last := string(request.Messages[len(request.Messages)-1].Content)
	answer, _ := json.Marshal("Recibido: " + strings.Join(mark.FindAllString(last, -1), " "))
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"id":"1","object":"chat.completion","created":1,"model":"repeater","choices":[{"index":0,"finish_reason":"stop",`+
		`"message":{"role":"assistant","content":%s}}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}`, answer)
}

// question is a customer's message with a mark.
func question(customer, n int) string {
	return fmt.Sprintf("quiero saber el precio del modelo q%dx%d", customer, n)
}

// awaitAll waits until nothing is left. However slow the machine is, what is left must get less: patience is for the next of it.
func (in *installation) awaitAll(t testing.TB, patience time.Duration, left func() int) error {
	t.Helper()
	for before := left(); before > 0; before = left() {
		ctx, done := context.WithTimeout(t.Context(), patience)
		err := in.sim.WaitFor(ctx, func() bool { return left() < before })
		done()
		if err != nil {
			return err
		}
	}
	return nil
}

// said is what was read of the bot's messages so far. Who waits for an answer looks at every change in the world: reading all messages
// again each time would take the processor from those who are waited for.
type said struct {
	mu    sync.Mutex
	read  map[tania.ConversationID]int
	marks map[tania.ConversationID][]string
}

// answered gives the marks in the bot's messages of a conversation, in the order in which they were sent.
func (in *installation) answered(id tania.ConversationID) []string {
	in.said.mu.Lock()
	defer in.said.mu.Unlock()
	if in.said.read == nil {
		in.said.read, in.said.marks = map[tania.ConversationID]int{}, map[tania.ConversationID][]string{}
	}
	messages := in.sim.BotMessages(id)
	for _, m := range messages[in.said.read[id]:] {
		in.said.marks[id] = append(in.said.marks[id], mark.FindAllString(m.Content, -1)...)
	}
	in.said.read[id] = len(messages)
	return slices.Clone(in.said.marks[id])
}

// turn is the turn that sent a message of the bot's.
func turn(m chatwootsim.Message) string {
	marker, _ := m.Attributes[chatwoot.MarkerKey].(map[string]any)
	id, _ := marker["turn"].(string)
	return id
}

// accepted gives the messages whose webhook was answered 200, and when it first was.
func (in *installation) accepted() map[tania.MessageID]time.Time {
	first := map[tania.MessageID]time.Time{}
	for _, d := range in.sim.Deliveries() {
		for _, a := range d.Attempts {
			if at, ok := first[d.Message]; a.Status == http.StatusOK && (!ok || a.At.Before(at)) {
				first[d.Message] = a.At
			}
		}
	}
	return first
}

// spools gives, of the messages of whose webhook a process has only ever said that it has it on its own disk, because Redis did not take
// it in time, which process that is.
func (in *installation) spools() map[tania.MessageID]string {
	queued, spools := map[tania.MessageID]bool{}, map[tania.MessageID]string{}
	for _, d := range in.sim.Deliveries() {
		for _, a := range d.Attempts {
			if a.Status != http.StatusOK {
				continue
			}
			if !strings.Contains(a.Answer, fmt.Sprintf(`"status":%q`, tania.TakenSpooled)) {
				queued[d.Message] = true
			}
			spools[d.Message] = in.taker(d.Message)
		}
	}
	maps.DeleteFunc(spools, func(id tania.MessageID, _ string) bool { return queued[id] })
	return spools
}
