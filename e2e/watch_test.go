package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/redistest"
	"tania/internal/tania"
	"tania/internal/telemetry/otlptest"
)

// pair is an installation of one process that takes webhooks and one that answers, over Redis.
type pair struct {
	*installation
	worker *process
}

func newPair(t *testing.T, env ...string) *pair {
	t.Helper()
	server := redistest.Start(t)
	env = append(env, "REDIS_URL="+server.URL(), "QUEUE_DEBOUNCE_MS=20", "GOVERNOR_RATE_LIMIT_ENABLED=false", "LLM_MONTHLY_BUDGET_USD=20")
	in := newInstallation(t, env...)
	in.tania.args = []string{"serve", "--worker=false", "--env", ""}
	p := &pair{in, newProcess(t)}
	_, port, _ := net.SplitHostPort(p.worker.address)
	p.worker.args = []string{"worker", "--env", ""}
	p.worker.env = append(append(p.worker.env, in.settings...), "METRICS_PORT="+port)
	in.tania.start()
	p.worker.start()
	return p
}

// converse has a customer ask, and waits for the answer.
func (p *pair) converse(t *testing.T, customer int, id tania.ConversationID) tania.ConversationID {
	t.Helper()
	m, err := p.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: id, Text: question(customer, 1)})
	if err != nil {
		t.Fatal(err)
	}
	p.await(t, 30*time.Second, "the answer", func() bool {
		return slices.Contains(p.answered(m.Conversation), mark.FindString(question(customer, 1)))
	})
	return m.Conversation
}

func scrape(t *testing.T, address string, header ...string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

func TestATraceGoesFromTheWebhookToTheReplyOverTwoProcesses(t *testing.T) {
	receiver := otlptest.New(t)
	p := newPair(t, "OTEL_EXPORTER_OTLP_ENDPOINT="+receiver.URL, "OTEL_BSP_SCHEDULE_DELAY=50", "LOG_LEVEL=debug")
	id := p.converse(t, 1, 0)
	p.deliver(t, id, 900_000, "")
	// A sender that has a trace itself.
	given := p.deliver(t, id, 900_100, "4bf92f3577b34da6a3ce929d0e0e%04d")
	if took := p.worker.stop(); took > 5*time.Second {
		t.Errorf("the worker took %s to stop", took)
	}
	p.tania.stop()

	own, begun := "", time.Time{}
	for _, s := range receiver.Spans("") {
		if s.Name == "turn" && !strings.HasPrefix(s.TraceID, given[:len(given)-4]) && s.Start.After(begun) {
			own, begun = s.TraceID, s.Start
		}
	}
	for name, trace := range map[string]string{"a trace of its own": own, "the sender's trace": given} {
		t.Run(name, func(t *testing.T) {
			spans := map[string]otlptest.Span{}
			for _, s := range receiver.Spans(trace) {
				spans[s.Name] = s
			}
			const (
				webSide, workerSide = "tania", "tania-worker"
				model               = "model POST /v1/chat/completions"
				send                = "chatwoot POST /api/v1/accounts/{id}/conversations/{id}/messages"
				look                = "chatwoot GET /api/v1/accounts/{id}/conversations/{id}"
			)
			for _, want := range []struct{ name, service, parent string }{
				{"webhook", webSide, ""},
				{"push", webSide, "webhook"},
				{"wait", workerSide, "push"},
				{"turn", workerSide, "push"},
				{"govern", workerSide, "turn"},
				{"dispatch", workerSide, "turn"},
				{"answer", workerSide, "turn"},
				{model, workerSide, "answer"},
				{"fence", workerSide, "turn"},
				{look, workerSide, "fence"},
				{"send", workerSide, "turn"},
				{send, workerSide, "send"},
			} {
				s, ok := spans[want.name]
				if !ok || s.Service != want.service || want.parent != "" && s.Parent != spans[want.parent].SpanID ||
					s.End.Before(s.Start) || s.Failed {
					t.Errorf("%q is %+v, want it of %s within %q", want.name, s, want.service, want.parent)
				}
			}
			if turn := spans["turn"]; turn.Attributes["tania.conversation"] != fmt.Sprintf("1:%d", id) ||
				turn.Attributes["tania.outcome"] != "answered" {
				t.Errorf("%v", turn.Attributes)
			}
			if !regexp.MustCompile(`msg="turn ended" .*trace_id=` + trace).MatchString(p.worker.output.String()) {
				t.Error("the worker's log lines do not name the trace")
			}
		})
	}
	for _, s := range receiver.Spans("") {
		for k, v := range s.Attributes {
			if strings.Contains(v, "precio") || strings.Contains(v, botToken) {
				t.Errorf("%s: attribute %s holds what it must not: %s", s.Name, k, v)
			}
		}
	}
}

// deliver posts a customer's message in a trace of this pattern, or in none, and waits for the answer. A webhook that a slow Redis does not
// take at once is spooled, and its trace takes another way: then it posts another message, in another trace. It gives the trace of the
// last.
func (p *pair) deliver(t *testing.T, id tania.ConversationID, message int, pattern string) (trace string) {
	t.Helper()
	for n := range 20 {
		parent := ""
		if pattern != "" {
			trace = fmt.Sprintf(pattern, n)
			parent = "00-" + trace + "-00f067aa0ba902b7-01"
		}
		text := question(message+n, 1)
		status := p.post(t, id, message+n, text, parent)
		p.await(t, 30*time.Second, "the answer to "+text, func() bool {
			return slices.Contains(p.answered(id), mark.FindString(text))
		})
		if status == "queued" {
			return trace
		}
	}
	t.Fatal("Redis took no webhook at once")
	return ""
}

// post posts a signed webhook of a customer's message, with a traceparent, and gives the status that it is answered with.
func (p *pair) post(t *testing.T, id tania.ConversationID, message int, text, traceparent string) (status string) {
	t.Helper()
	body := fmt.Appendf(nil, `{"event":"message_created","id":%d,"message_type":"incoming","content":%q,"private":false,"account":{"id":1},"inbox":{"id":11},`+
		`"created_at":%q,"sender":{"id":501,"name":"Ana"},"conversation":{"id":%d,"inbox_id":11,"status":"pending","can_reply":true,"channel":"Channel::WebWidget"}}`,
		message, text, time.Now().UTC().Format(time.RFC3339Nano), id)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+p.tania.address+"/chatwoot/webhook", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	stamp, signature := chatwoot.Sign(webhookSecret, time.Now(), body)
	req.Header.Set(chatwoot.HeaderTimestamp, stamp)
	req.Header.Set(chatwoot.HeaderSignature, signature)
	req.Header.Set("Traceparent", traceparent)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var said struct{ Status string }
	if err := json.NewDecoder(resp.Body).Decode(&said); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v", resp.Status, err)
	}
	return said.Status
}

// metrics awaits a scrape that has lines which begin like these, and gives it.
func metrics(t *testing.T, address string, want []string) (text string) {
	t.Helper()
	var missing []string
	t.Cleanup(func() {
		for _, line := range missing {
			t.Logf("%s is not in\n%s", line, matching(text, line))
		}
	})
	await(t, 30*time.Second, "the metrics of "+address, func() bool {
		_, text = scrape(t, address)
		missing = slices.DeleteFunc(slices.Clone(want), func(line string) bool { return strings.Contains("\n"+text, "\n"+line) })
		return len(missing) == 0
	})
	return text
}

func TestMetricsOfARunningInstallation(t *testing.T) {
	p := newPair(t)
	id := p.converse(t, 1, 0)
	p.converse(t, 2, id)
	if _, err := p.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: id, Text: "quiero hablar con un humano"}); err != nil {
		t.Fatal(err)
	}
	// A scrape may fall into the counting of a turn, which is several metrics: the last turn's are awaited together.
	web := metrics(t, p.tania.address, []string{
		`tania_webhook_duration_seconds_count `,
		`tania_queue_messages_total 3`, `tania_queue_completed_total 3`, `tania_queue_waiting 0`, `tania_queue_up 1`, `tania_redis_up 1`,
		`tania_queue_kept 0`,
		`tania_worker_concurrency 0`, `tania_alert_threshold{alert="waiting"} 100`, `tania_alert_firing{alert="redis_lost"} 0`,
		`tania_budget_limit_usd 20`,
	})
	taken := 0 // a webhook that a slow Redis does not take at once is kept
	for _, n := range regexp.MustCompile(`(?m)^tania_webhook_requests_total\{code="200",reason="proceed",status="(?:queued|kept)"\} (\d+)$`).FindAllStringSubmatch(web, -1) {
		count, _ := strconv.Atoi(n[1])
		taken += count
	}
	if taken != 3 {
		t.Errorf("%d webhooks were taken, want 3\n%s", taken, matching(web, "tania_webhook_requests_total"))
	}
	worker := metrics(t, p.worker.address, []string{
		`tania_turns_total{outcome="answered"} 2`, `tania_turns_total{outcome="handed_over"} 1`,
		`tania_decisions_total{outcome="answered",reason="proceed",route="model"} 2`,
		`tania_decisions_total{outcome="handed_over",reason="proceed",route="handoff_request"} 1`,
		`tania_turn_step_duration_seconds_count{step="govern"} 3`, `tania_turn_step_duration_seconds_count{step="answer"} 2`,
		`tania_turn_waiting_seconds_count 3`, `tania_reply_latency_seconds_count 3`,
		// The third call sums the conversation up for the agent.
		`tania_model_calls_total{model="repeater",result="ok"} 3`, `tania_model_tokens_total{direction="input",model="repeater"} 30`,
		`tania_model_breaker_open{model="repeater"} 0`, `tania_server_away{server="chatwoot"} 0`, `tania_server_away{server="model"} 0`,
		`tania_chatwoot_clock_ahead_seconds 0`, `tania_chatwoot_calls_total{code="200",operation="send_message"} `,
		// 16 without a setting, or a few more.
		`tania_worker_concurrency 1`, `tania_queue_completed_total 3`, `go_goroutines `, `process_resident_memory_bytes `,
	})
	for _, body := range []string{web, worker} {
		if strings.Contains(body, fmt.Sprintf(`"1:%d"`, id)) || strings.Contains(body, "conversation=") {
			t.Error("a label names a conversation")
		}
	}
	resp, err := http.Get("http://" + p.worker.address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("the worker's /healthz is %s", resp.Status)
	}
}

// matching gives the lines of the metric that another line is of.
func matching(body, line string) string {
	name, _, _ := strings.Cut(strings.Fields(line)[0], "{")
	var list []string
	for l := range strings.Lines(body) {
		if strings.HasPrefix(l, name) {
			list = append(list, l)
		}
	}
	return strings.Join(list, "")
}

func TestMetricsWantTheAdminToken(t *testing.T) {
	const token = "0123456789abcdef0123"
	p := newPair(t, "ADMIN_TOKEN="+token)
	for _, address := range []string{p.tania.address, p.worker.address} {
		if status, _ := scrape(t, address); status != http.StatusUnauthorized {
			t.Errorf("%d without a token", status)
		}
		if status, body := scrape(t, address, "Authorization", "Bearer "+token); status != http.StatusOK ||
			!strings.Contains(body, "tania_build_info{") {
			t.Errorf("%d with the token", status)
		}
	}
}

func TestMetricsOfAProcessThatLostRedisComeInTime(t *testing.T) {
	server := redistest.Start(t)
	in := newInstallation(t, "REDIS_URL="+server.URL())
	in.tania.args = []string{"serve", "--env", ""}
	in.tania.start()
	if err := server.Freeze(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Thaw() }()
	began := time.Now()
	status, body := scrape(t, in.tania.address)
	if took := time.Since(began); took > 3*time.Second || status != http.StatusOK {
		t.Errorf("%d after %s", status, took)
	}
	for _, line := range []string{"tania_redis_up 0", "tania_queue_up 0", "tania_webhook_duration_seconds_count 0"} {
		if !strings.Contains("\n"+body, "\n"+line) {
			t.Errorf("%s is missing: %s", line, matching(body, line))
		}
	}
	if strings.Contains(body, "tania_queue_waiting ") {
		t.Error("a number is shown that is not known")
	}
}
