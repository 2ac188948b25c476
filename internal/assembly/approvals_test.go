package assembly_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/operator"
	"tania/internal/tania"
)

// clerkModel is a server of a model that wants a refund, and says what came of it.
func clerkModel(t *testing.T) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		say := `{"role":"assistant","content":"Listo, quedó hecho."},"finish_reason":"stop"`
		if !strings.Contains(string(body), `"role":"tool"`) && strings.Contains(string(body), `"refund"`) {
			say = `{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"refund",` +
				`"arguments":"{\"order_id\":\"1042\",\"amount\":40}"}}]},"finish_reason":"tool_calls"`
		}
		_, _ = fmt.Fprintf(w, `{"model":"m","choices":[{"index":0,"message":%s}],"usage":{"prompt_tokens":9,"completion_tokens":3}}`, say)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1"
}

const refundBot = `name: Tienda
language: es
tools:
  refund:
    description: Reembolsa un pedido.
    risk: approve
    parameters:
      properties: {order_id: {type: string}, amount: {type: number}}
      required: [order_id, amount]
    http:
      method: POST
      url: %s/orders/{order_id}/refunds
      private: [127.0.0.1]
    once: {header: Idempotency-Key}
`

// TestTheTeamDecidesWhereItWorks: in a whole process an agent's note approves a call, the dashboard rejects one, a route approves one; who
// decided stands in the audit log and on the conversation's page, and a word that does not count is answered.
func TestTheTeamDecidesWhereItWorks(t *testing.T) {
	var refunds atomic.Int64
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refunds.Add(1)
		_, _ = io.WriteString(w, `{"refunded":true}`)
	}))
	t.Cleanup(shop.Close)
	x := newTown(t, map[string]string{"bot.yaml": fmt.Sprintf(refundBot, shop.URL)},
		"OPENAI_BASE_URL="+clerkModel(t), "OPENAI_API_KEY=k", "OPENAI_MODEL=m", "EMBEDDINGS=off")
	agent := x.shop.Options.Users[0]
	says := func(c tania.ConversationID, text string) {
		t.Helper()
		if _, err := x.shop.AgentNote(c, agent.ID, text); err != nil {
			t.Fatal(err)
		}
	}
	noted := func(c tania.ConversationID, text string) {
		t.Helper()
		x.until(x.shop, text, func() bool {
			for _, m := range x.shop.Messages(c) {
				if m.Private && m.Sender.Kind == tania.ActorBot && strings.Contains(m.Content, text) {
					return true
				}
			}
			return false
		})
	}
	asks := func() tania.ConversationID {
		t.Helper()
		c, _ := x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 11, Name: "Ana", Text: "¿Puede hacer algo con mi pedido 1042?"})
		noted(c, "Reembolsa un pedido. `refund` `amount: 40`, `order_id: \"1042\"` · cliente `Ana`")
		return c
	}
	ends := func(c tania.ConversationID) {
		t.Helper()
		x.until(x.shop, "the end", func() bool {
			said := x.shop.BotMessages(c)
			return said[len(said)-1].Content == "Listo, quedó hecho."
		})
	}
	first := asks()
	says(first, "/approve but not today")
	noted(first, "escriba solo `/approve`")
	if refunds.Load() != 0 {
		t.Fatal("a refund before the word")
	}
	says(first, "/approve")
	ends(first)
	noted(first, "hecho, lo aprobó `"+agent.Name+"`")
	says(first, "/approve")
	noted(first, "Aquí no hay nada que espere")

	b := x.browser()
	second := asks()
	page := ""
	for !strings.Contains(page, `value="approve"`) && t.Context().Err() == nil {
		page = b.ask("/parked", nil)
	}
	form := url.Values{"conversation": {fmt.Sprint("1:", second)}, "number": {"1"}, "do": {"reject"}, "why": {"ya es tarde"}}
	if page = b.ask("/parked", form); !strings.Contains(page, `data-testid="done"`) {
		t.Errorf("after a word: %s", page)
	}
	ends(second)
	noted(second, "no se hace, lo rechazó")

	third, shell := asks(), operator.RemoteApprovals(x.address, "operators-token-0123")
	key := tania.ConversationKey{Account: 1, Conversation: third}
	if _, err := shell.Decide(t.Context(), operator.Word{Key: key, Number: 1, By: "ines@laptop"}); err != nil {
		t.Fatal(err)
	}
	ends(third)
	if refunds.Load() != 2 {
		t.Errorf("%d refunds", refunds.Load())
	}
	log := x.read("/admin/audit")
	for _, want := range []string{
		`"as":"agent","by":"` + agent.Name + `","action":"call_approve","on":"refund"`, `"action":"call_reject"`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the audit log lacks %s: %s", want, log)
		}
	}
	for c, want := range map[tania.ConversationID]string{first: agent.Name, second: "ya es tarde"} {
		id := fmt.Sprint(c)
		for page = ""; !strings.Contains(page, `data-testid="ruling"`) && t.Context().Err() == nil; {
			page = b.ask("/conversations/1/"+id, nil)
		}
		if !strings.Contains(page, want) {
			t.Errorf("the page of %s lacks %s", id, want)
		}
	}
}
