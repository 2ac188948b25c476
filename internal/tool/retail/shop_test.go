package retail_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tania/internal/tool/retail"
)

// TestTheShopTakesTheRightCalls plays every task: each write is taken. A look-up may find nothing.
func TestTheShopTakesTheRightCalls(t *testing.T) {
	tasks, err := retail.Tasks()
	if err != nil {
		t.Fatal(err)
	}
	writes := 0
	for _, task := range tasks {
		shop := retail.Open()
		for _, a := range task.Criteria.Actions {
			_, err := shop.Call(a.Tool, a.Arguments)
			if err != nil && retail.IsWrite(a.Tool) {
				t.Errorf("task %s: %s: %v", task.ID, a.Tool, err)
			}
		}
		writes += len(shop.Writes())
	}
	t.Logf("%d tasks, %d writes", len(tasks), writes)
	if writes == 0 {
		t.Error("nothing was written")
	}
}

func TestWhatTheShopDoesNotTake(t *testing.T) {
	pending, delivered := "#W5061109", "#W2378156"
	type arguments = map[string]any
	back := func(item, payment string) arguments {
		return arguments{"order_id": delivered, "item_ids": []string{item}, "payment_method_id": payment}
	}
	swap := func(order, item, other string) arguments {
		a := back(item, "credit_card_9513926")
		a["order_id"], a["new_item_ids"] = order, []string{other}
		return a
	}
	pays := func(order, payment string) arguments {
		return arguments{"order_id": order, "payment_method_id": payment}
	}
	for name, c := range map[string]struct {
		tool      string
		arguments arguments
	}{
		"a delivered order is cancelled":    {"cancel_pending_order", arguments{"order_id": delivered, "reason": "no longer needed"}},
		"another reason":                    {"cancel_pending_order", arguments{"order_id": pending, "reason": "too dear"}},
		"an order that there is not":        {"get_order_details", arguments{"order_id": "#W0"}},
		"an argument that there is not":     {"get_order_details", arguments{"order_id": pending, "as": "admin"}},
		"an item that was not ordered":      {"return_delivered_order_items", back("1", "credit_card_9513926")},
		"another's payment method":          {"return_delivered_order_items", back("1151293680", "paypal_3742148")},
		"an item of another product":        {"exchange_delivered_order_items", swap(delivered, "1151293680", "9612497925")},
		"a calculation with a call":         {"calculate", arguments{"expression": "len(x)"}},
		"the payment method that it has":    {"modify_pending_order_payment", pays(pending, "paypal_3742148")},
		"a tool that there is not":          {"refund_everything", nil},
		"an address of an order delivered":  {"modify_pending_order_address", arguments{"order_id": delivered, "city": "Austin"}},
		"items of an order delivered":       {"modify_pending_order_items", swap(delivered, "1151293680", "7706410293")},
		"an exchange of an order not there": {"exchange_delivered_order_items", swap(pending, "3694871183", "8555936349")},
	} {
		shop := retail.Open()
		before := shop.State()
		if _, err := shop.Call(c.tool, c.arguments); err == nil {
			t.Errorf("%s: was taken", name)
		}
		if shop.State() != before || len(shop.Writes()) > 0 {
			t.Errorf("%s: changed something", name)
		}
	}
}

// TestAKeyIsHonouredOnce: what comes again with its key does nothing, and is answered as before.
func TestAKeyIsHonouredOnce(t *testing.T) {
	server := &retail.Server{Shop: retail.Open()}
	web := httptest.NewServer(server)
	defer web.Close()
	post := func(key string) (int, string) {
		q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, web.URL+"/cancel_pending_order",
			strings.NewReader(`{"order_id": "#W5061109", "reason": "no longer needed"}`))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Idempotency-Key", key)
		r, err := web.Client().Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Body.Close() }()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(body)
	}
	status, body := post("a")
	if again, same := post("a"); status != 200 || again != status || same != body || server.Repeated() != 1 {
		t.Errorf("%d %s, and again %d %s", status, body, again, same)
	}
	if status, _ := post("b"); status != http.StatusUnprocessableEntity || len(server.Shop.Writes()) != 1 {
		t.Errorf("with another key it is %d, and %v was written", status, server.Shop.Writes())
	}
}
