package worker_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/call"
	"tania/internal/tool/mcpclient"
	"tania/internal/tool/policy"
)

// shopServer is a web shop that notes what is done to it.
type shopServer struct {
	*httptest.Server
	mu   sync.Mutex
	done []string
	keys map[string]bool
}

func (s *shopServer) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key := q.Header.Get("Idempotency-Key"); key == "" || !s.keys[key] {
		s.done = append(s.done, q.Method+" "+q.URL.Path)
		s.keys[key] = true
	}
	if strings.HasSuffix(q.URL.Path, "/break") {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_, _ = io.WriteString(w, `{"status":"pending"}`)
}

func (s *shopServer) seen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.done, ", ")
}

// withTools gives a bot a shop that it may look at, cancel orders of where the customer says yes, break, and refund where a person does.
func withTools(t *testing.T, o *settings) *shopServer {
	t.Helper()
	s := &shopServer{keys: map[string]bool{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	mayCall(t, o, s.URL)
	h := call.NewHTTP(nil)
	t.Cleanup(h.Close)
	o.worker.Tools.HTTP = h
	return s
}

// mayCall gives a bot the tools of a shop.
func mayCall(t *testing.T, o *settings, shop string) {
	t.Helper()
	one := func(name, method string, risk tool.Risk) tool.Tool {
		return tool.Tool{
			Name: name, Description: name, Risk: risk, Parameters: json.RawMessage(`{"type":"object","properties":{"id":{"type":"string"}}}`),
			HTTP: &tool.HTTP{Method: method, URL: shop + "/{id}/" + name, Private: []string{"127.0.0.1"}, Timeout: 1 << 32, MostBytes: 4096},
		}
	}
	cancel := one("cancel", "POST", tool.Write)
	cancel.Limits.Confirm, cancel.Limits.After = true, []string{"look"}
	refund := one("refund", "POST", tool.Approve)
	refund.Once.Header = "Idempotency-Key"
	tools := []tool.Tool{one("look", "GET", tool.Read), cancel, one("break", "POST", tool.Write), refund}
	rules, problems := policy.New(tools, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	o.bot = func(b *bot.Bot) { b.Tools, b.Policy = tools, rules }
	o.worker.ToolCalls, o.translates = 8, true
}

// wants is a model that calls tools in an order, one to a step, and then says what the last one gave.
func wants(names ...string) model {
	return func(_ context.Context, p llm.Prompt) (llm.Response, error) {
		usage := tania.Usage{Model: "m", Calls: 1, InputTokens: 10, OutputTokens: 5}
		if len(p.Steps) < len(names) && len(p.Tools) > 0 {
			return llm.Response{Calls: []llm.Call{{Tool: names[len(p.Steps)], Arguments: map[string]any{"id": "7"}}}, Usage: usage}, nil
		}
		text := "nothing"
		if n := len(p.Steps); n > 0 {
			text = p.Steps[n-1].Calls[0].Result
		}
		return llm.Response{Text: "It says: " + text, Known: true, Usage: usage}, nil
	}
}

func (r *rig) lastOf(c tania.ConversationID) string {
	said := r.said(c)
	if len(said) == 0 {
		return ""
	}
	return said[len(said)-1]
}

// TestAToolIsCalledAndItsCallIsRecorded: what came of it is said, stands in the record, and is remembered of the conversation.
func TestAToolIsCalledAndItsCallIsRecorded(t *testing.T) {
	var shop *shopServer
	r := newRig(t, wants("look"), func(o *settings) { shop = withTools(t, o) })
	c := r.write(0, "¿Dónde está mi pedido 7?")
	r.until("the answer", func() bool { return r.lastOf(c) == `It says: {"status":"pending"}` })
	r.stop()
	d := r.record(c)
	if shop.seen() != "GET /7/look" || len(d.Acts) != 1 {
		t.Fatalf("shop saw %s, acts %+v", shop.seen(), d.Acts)
	}
	if a := d.Acts[0]; !a.OK || a.Tool != "look" || string(a.Arguments) != `{"id":"7"}` {
		t.Errorf("shop saw %s, acts %+v", shop.seen(), d.Acts)
	}
	memory, err := r.engine.Conversation(t.Context(), tania.ConversationKey{Account: 1, Conversation: c})
	if err != nil || len(memory.Acts) != 1 || d.Usage.Calls != 2 {
		t.Errorf("remembered %+v, %v; %+v", memory.Acts, err, d.Usage)
	}
}

// TestAWriteWaitsForTheCustomersYes, which comes in a later message, and for no other call.
func TestAWriteWaitsForTheCustomersYes(t *testing.T) {
	var shop *shopServer
	steps := map[bool]model{false: wants("look", "cancel"), true: wants("cancel")}
	r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		return steps[strings.Contains(p.Text, "sí")](ctx, p)
	}, func(o *settings) { shop = withTools(t, o) })
	c := r.write(0, "Is there a way to void order number 7?")
	r.until("the question", func() bool { return strings.HasPrefix(r.lastOf(c), "It says: refused: Not yet") })
	r.until("the webhooks", r.sim.Settled)
	if shop.seen() != "GET /7/look" {
		t.Errorf("before the yes the shop saw %s", shop.seen())
	}
	r.write(c, "sí")
	r.until("the answer", func() bool { return r.lastOf(c) == `It says: {"status":"pending"}` })
	if shop.seen() != "GET /7/look, POST /7/cancel" {
		t.Errorf("the shop saw %s", shop.seen())
	}
}

// TestAPersonLooksWhereNobodyKnows what a server did that failed.
func TestAPersonLooksWhereNobodyKnows(t *testing.T) {
	var shop *shopServer
	r := newRig(t, wants("break"), func(o *settings) { shop = withTools(t, o) })
	c := r.write(0, "¿Puede hacer algo con mi pedido 7?")
	r.until("the note", func() bool { return strings.Contains(r.note(c), "may have been done, or not") })
	r.stop()
	if d := r.record(c); shop.seen() != "POST /7/break" || d.Outcome != tania.OutcomeHandedOver || len(d.Acts) != 1 {
		t.Errorf("shop saw %q; %s with %+v", shop.seen(), d.Outcome, d.Acts)
	}
}

// TestAToolOfAnMCPServerIsCalled in a whole turn, while one whose server is away is not offered.
func TestAToolOfAnMCPServerIsCalled(t *testing.T) {
	server := mcp.NewServer(&mcp.Implementation{Name: "shop", Version: "1"}, nil)
	type order struct {
		ID string `json:"id"`
	}
	mcp.AddTool(server, &mcp.Tool{Name: "get_order", Description: "Gives the status."},
		func(_ context.Context, _ *mcp.CallToolRequest, o order) (*mcp.CallToolResult, any, error) {
			return nil, map[string]any{"status": "sent " + o.ID}, nil
		})
	site := httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, nil))
	t.Cleanup(func() { site.CloseClientConnections(); site.Close() })
	servers := mcpclient.New(mcpclient.Options{Log: slog.New(slog.DiscardHandler), Patience: time.Second})
	t.Cleanup(servers.Close)
	at := func(url string) *tool.MCP {
		s := &tool.Server{Name: "shop", URL: url, Private: []string{"127.0.0.1"}}
		return &tool.MCP{Server: "shop", Tool: "get_order", At: s, Timeout: 5 * time.Second, MostBytes: 4096}
	}
	tools := []tool.Tool{{Name: "away", Risk: tool.Read, MCP: at("http://127.0.0.1:1/")}, {Name: "look", Risk: tool.Read, MCP: at(site.URL)}}
	rules, problems := policy.New(tools, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var offered atomic.Value
	seen := wants("look")
	r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		if len(p.Tools) > 0 {
			offered.Store(p.Tools)
		}
		return seen(ctx, p)
	}, func(o *settings) {
		o.bot = func(b *bot.Bot) { b.Tools, b.Policy = tools, rules }
		o.worker.Tools.MCP, o.worker.MCP, o.worker.ToolCalls, o.translates = servers, servers, 8, true
	})
	c := r.write(0, "¿Dónde está mi pedido 7?")
	r.until("the answer", func() bool { return r.lastOf(c) == `It says: {"status":"sent 7"}` })
	r.ended()
	all, _ := offered.Load().([]llm.Tool)
	if len(all) != 1 || all[0].Name != "look" || all[0].Description != "Gives the status." {
		t.Errorf("offered was %+v", all)
	}
	if d := r.record(c); len(d.Acts) != 1 || !d.Acts[0].OK {
		t.Errorf("%+v", d.Acts)
	}
}
