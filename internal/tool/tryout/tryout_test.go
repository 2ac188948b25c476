package tryout_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/tool"
	"tania/internal/tool/call"
	"tania/internal/tool/once"
	"tania/internal/tool/policy"
	"tania/internal/tool/tryout"
)

// TestATrialReadsAndWritesNothing, unless it is told to: reads and the look-ups of limits are made, a write is said to have gone well.
func TestATrialReadsAndWritesNothing(t *testing.T) {
	var reads, writes atomic.Int32
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Method == http.MethodGet {
			reads.Add(1)
		} else {
			writes.Add(1)
			w.WriteHeader(http.StatusCreated)
		}
		_, _ = io.WriteString(w, `{"total": 20}`)
	}))
	t.Cleanup(shop.Close)
	one := func(name, method string, risk tool.Risk) tool.Tool {
		return tool.Tool{
			Name: name, Description: name, Risk: risk, Parameters: json.RawMessage(`{"type":"object","properties":{"amount":{"type":"number"}}}`),
			HTTP: &tool.HTTP{Method: method, URL: shop.URL, Private: []string{"127.0.0.1"}, Timeout: 5 * time.Second, MostBytes: 4096},
		}
	}
	pay := one("pay", "POST", tool.Write)
	pay.Limits.Require = []tool.Condition{{If: "args.amount <= look().total"}}
	note := tool.Tool{Name: "note", Description: "d", Risk: tool.Write, Parameters: pay.Parameters, Chatwoot: "contact_note"}
	tools := []tool.Tool{one("look", "GET", tool.Read), note, pay, one("refund", "POST", tool.Approve)}
	rules, problems := policy.New(tools, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	h := call.NewHTTP(nil)
	t.Cleanup(h.Close)
	for _, making := range []bool{false, true} {
		reads.Store(0)
		writes.Store(0)
		box := tryout.New(tryout.Options{Tools: tools, Policy: rules, Callers: once.Callers{HTTP: h}, Writes: making, Calls: 3})
		say := func(name string, amount float64) string {
			said, err := box.Call(context.Background(), llm.Call{Tool: name, Arguments: map[string]any{"amount": amount}})
			if err != nil {
				t.Fatal(err)
			}
			return said
		}
		if said := say("look", 1); said != `{"total":20}` || box.Status() != 200 {
			t.Errorf("a read says %s, %d", said, box.Status())
		}
		if said := say("pay", 21); !strings.HasPrefix(said, "refused") || writes.Load() != 0 {
			t.Errorf("beyond its limits: %s", said)
		}
		said := say("pay", 20)
		if acts := box.Acts(); !acts[len(acts)-1].OK || !box.Wrote() {
			t.Errorf("%+v", acts)
		}
		if made := writes.Load() == 1; made != making || reads.Load() != 2 || strings.Contains(said, "trial") == making {
			t.Errorf("with writes %v: %d reads, %d writes, %s", making, reads.Load(), writes.Load(), said)
		}
		if status := box.Status(); making != (status == 201) {
			t.Errorf("with writes %v the status is %d", making, status)
		}
		if said := say("note", 1); making == strings.Contains(said, "trial") {
			t.Errorf("what nothing calls says %s", said)
		}
		said, err := box.Call(t.Context(), llm.Call{Tool: "refund", Arguments: map[string]any{}})
		if making == (err == nil) || !making && said != tryout.NotApproved {
			t.Errorf("with writes %v, what is to be approved: %q, %v", making, said, err)
		}
		steps, _, err := box.Before(t.Context())
		if _, waits := errors.AsType[*once.ApprovalError](err); waits != making || !making && len(steps) != 4 {
			t.Errorf("with writes %v the journal has %+v, %v", making, steps, err)
		}
		if calls, _ := box.Bounds(); calls != 3 {
			t.Errorf("%d calls are allowed", calls)
		}
	}
}
