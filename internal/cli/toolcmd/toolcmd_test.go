package toolcmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/cobra"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/cli"
	"tania/internal/tania"
)

// run gives a command line to the group, and what it prints.
func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	var asked cli.Command
	root := tools(func(c cli.Command) func(*cobra.Command, []string) {
		return func(*cobra.Command, []string) { asked = c }
	}, &out)
	cli.Root(root)
	root.SetArgs(args)
	root.SetOut(&out)
	if err := root.Execute(); err != nil {
		return out.String(), err
	}
	err := asked.Run(t.Context())
	return out.String(), err
}

// shop is a server that notes what it was asked.
type shop struct {
	*httptest.Server
	mu   sync.Mutex
	seen []string
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		s.mu.Lock()
		s.seen = append(s.seen, fmt.Sprintf("%s %s %s %s", q.Method, q.URL, q.Header.Get("Authorization"), body))
		s.mu.Unlock()
		if strings.HasSuffix(q.URL.Path, "/9") {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, `{"status":"sent","total":20,"internal":"x"}`)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *shop) took() (seen []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen, s.seen = s.seen, nil
	return seen
}

// env writes bot.yaml and .env, and gives the latter's path.
func env(t *testing.T, botFile string, more ...string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "bot.yaml")
	if err := os.WriteFile(file, []byte(botFile), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, ".env")
	lines := append([]string{"TANIA_BOT=" + file, "TOOL_SECRET_KEY=very-secret-key"}, more...)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (s *shop) botFile() string {
	return strings.ReplaceAll(`
tools:
  get_order:
    description: Gives the status of an order.
    risk: read
    parameters: {properties: {order_id: {type: string}, lines: {type: boolean}}, required: [order_id]}
    http:
      url: SHOP/orders/{order_id}
      private: [127.0.0.1]
      headers: {Authorization: 'Bearer ${secret:KEY}'}
      result: "{status, total}"
  cancel:
    description: Cancels an order.
    parameters: {properties: {order_id: {type: string}, user: {type: string}}, required: [order_id]}
    http: {method: POST, url: 'SHOP/orders/{order_id}/cancel', private: [127.0.0.1], headers: {Authorization: '${secret:OTHER}'}}
    after: [get_order]
    confirm: true
    per_conversation: 2
  refund:
    description: Refunds an order.
    risk: approve
    parameters: {properties: {order_id: {type: string}, amount: {type: number}, user: {type: string}}, required: [order_id, amount]}
    http: {method: POST, url: 'SHOP/orders/{order_id}/refund', private: [127.0.0.1]}
    from_contact: {user: contact.identifier}
    require: [{if: args.amount <= get_order(order_id = args.order_id).total, say: That is more than it cost.}]
    max: [{count: 1, per: args.order_id}]
    once: {header: Idempotency-Key}
  label: {description: Marks it., chatwoot: set_label, parameters: {properties: {label: {enum: [vip, handoff]}}}}
  close: {description: Closes it., chatwoot: resolve}
`, "SHOP", s.URL)
}

func TestToolsAreListed(t *testing.T) {
	s := newShop(t)
	path := env(t, s.botFile())
	out, err := run(t, "list", "--env", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"get_order  read     GET " + s.URL + "/orders/{order_id}",
		"after get_order; 2 a conversation; the customer's yes; TOOL_SECRET_OTHER not set",
		"1 from the contact; 1 conditions before; 1 per args.order_id; key of its own",
		"label      write    chatwoot set_label",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %q in\n%s", want, out)
		}
	}
	if out, err = run(t, "list", "--json", "--env", path); err != nil || strings.Contains(out, "very-secret") {
		t.Errorf("%v\n%s", err, out)
	}
	var list []listed
	err = json.Unmarshal([]byte(out), &list)
	if err != nil || len(list) != 5 || list[0].Name != "cancel" || list[0].Missing[0] != "TOOL_SECRET_OTHER" {
		t.Errorf("%v: %+v", err, list)
	}
	if out, err := run(t, "list", "--env", env(t, "name: Tania")); err != nil || !strings.Contains(out, "has no tools") {
		t.Errorf("%v: %s", err, out)
	}
	_, err = run(t, "list", "--env", env(t, "tools: {x: {description: d}}"))
	if err == nil || !strings.Contains(err.Error(), "does not say what is called") {
		t.Errorf("a wrong bot.yaml: %v", err)
	}
	if _, err := run(t, "list", "--bot", "shop", "--env", path); err == nil || !strings.Contains(err.Error(), `no bot "shop"`) {
		t.Errorf("a bot that is none: %v", err)
	}
}

// TestACallIsMadeAsTheBotWould: with its checks, secrets and look-ups, and what the model would be given is printed.
func TestACallIsMadeAsTheBotWould(t *testing.T) {
	s := newShop(t)
	path := env(t, s.botFile())
	const look, lines = "GET /orders/7 Bearer very-secret-key ", "GET /orders/7?lines=true Bearer very-secret-key "
	const known = " --verified --contact identifier=u1"
	for name, c := range map[string]struct {
		args, out, fail string
		seen            []string
	}{
		"a read":            {"get_order order_id=7", `{"status":"sent","total":20}`, "", []string{look}},
		"JSON":              {`get_order {"order_id":"7","lines":true}`, "200, ", "", []string{lines}},
		"a type":            {"get_order order_id=7 lines=true", "200, ", "", []string{lines}},
		"what is not there": {"get_order order_id=9", "404, ", "the call failed", []string{"GET /orders/9 Bearer very-secret-key "}},
		"too few arguments": {"get_order", "order_id", "arguments", nil},
		"a wrong type":      {"get_order order_id=7 lines=perhaps", "lines", "arguments", nil},
		"an unknown tool":   {"get_ordr", "", "no tool", nil},
		"no pair":           {"get_order 7", "", "KEY=VALUE", nil},
		"JSON that is none": {"get_order {7", "", "no JSON object", nil},
		"a write without yes": {
			"refund order_id=7 amount=5" + known, `would be called with {"amount":5,"order_id":"7","user":"u1"}`, "--yes", []string{look, look},
		},
		"a write": {
			"refund order_id=7 amount=5 --yes" + known, "200, ", "", []string{look, look, `POST /orders/7/refund  {"amount":5,"user":"u1"}`},
		},
		"a write beyond limits": {"refund order_id=7 amount=21 --yes" + known, "more than it cost", "require", []string{look}},
		"a contact not known":   {"refund order_id=7 amount=5 --yes", "not known for certain", "identity", nil},
		"a contact of nothing":  {"refund order_id=7 amount=5 --contact colour=red", "", `"colour" is not known`, nil},
		"a secret not set":      {"cancel order_id=7 --yes", "TOOL_SECRET_OTHER", "the call failed", nil},
	} {
		out, err := run(t, append([]string{"try", "--env", path}, strings.Fields(c.args)...)...)
		if fail := fmt.Sprint(err); !strings.Contains(out, c.out) || (err != nil) != (c.fail != "") || !strings.Contains(fail, c.fail) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		cut := strings.HasPrefix(c.args, "get_order") && c.fail == ""
		if strings.Contains(out, "very-secret") || cut && strings.Contains(out, "internal") {
			t.Errorf("%s shows\n%s", name, out)
		}
		if seen := s.took(); strings.Join(seen, "|") != strings.Join(c.seen, "|") {
			t.Errorf("%s: the shop saw %q", name, seen)
		}
	}
	out, err := run(t, "try", "get_order", "order_id=7", "--json", "--env", path)
	var r tried
	if err == nil {
		err = json.Unmarshal([]byte(out), &r)
	}
	if err != nil || r.Status != 200 || !strings.Contains(string(r.Arguments), `"7"`) {
		t.Errorf("%v\n%s", err, out)
	}
	if !r.OK || !r.Made || r.Millis <= 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAToolOfChatwootIsTried(t *testing.T) {
	s := newShop(t)
	sim, err := installation.New(chatwootsim.Options{Bot: chatwootsim.Bot{Token: "bot-token"}})
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(sim.Handler())
	t.Cleanup(func() { sim.Close(); api.Close() })
	m, err := sim.CustomerWrites(chatwootsim.CustomerMessage{Text: "hola"})
	if err != nil {
		t.Fatal(err)
	}
	in := fmt.Sprintf("--conversation=%d", m.Conversation)
	path := env(t, s.botFile(), "CHATWOOT_BASE_URL="+api.URL, "CHATWOOT_ACCOUNT_ID=1", "CHATWOOT_API_ACCESS_TOKEN=bot-token")
	seen := func() chatwootsim.Conversation { c, _ := sim.Conversation(m.Conversation); return c }
	for _, c := range []struct {
		args  []string
		fail  string
		holds func() bool
	}{
		{[]string{"label", "label=vip", "--yes"}, "--conversation", func() bool { return len(seen().Labels) == 0 }},
		{[]string{"label", "label=vip", in}, "--yes", func() bool { return len(seen().Labels) == 0 }},
		{[]string{"label", "label=vip", in, "--yes"}, "", func() bool { return len(seen().Labels) == 1 }},
		{[]string{"label", "label=handoff", in, "--yes"}, "the call failed", func() bool { return len(seen().Labels) == 1 }},
		{[]string{"close", in, "--yes"}, "", func() bool { return seen().Status == tania.StatusResolved }},
	} {
		out, err := run(t, append([]string{"try", "--env", path}, c.args...)...)
		if (err != nil) != (c.fail != "") || !strings.Contains(fmt.Sprint(err), c.fail) || !c.holds() {
			t.Errorf("%q: %v\n%s%+v", c.args, err, out, seen())
		}
	}
}

// TestADescriptionIsImported: the tools go to the standard output, and load; what is to be looked at goes beside them.
func TestADescriptionIsImported(t *testing.T) {
	const description = "../../tool/openapi/testdata/shop.yaml"
	out, err := run(t, "import", description, "--operations", "getOrder,plantTree", "--server", "https://shop.example")
	if err != nil {
		t.Fatal(err)
	}
	listing, err := run(t, "list", "--env", env(t, out))
	if err != nil || !strings.Contains(listing, "plant_tree") || !strings.Contains(listing, "GET https://shop.example/orders/{orderId}") {
		t.Errorf("%v\n%s\n%s", err, listing, out)
	}
	if out, err := run(t, "import", description, "--only", "read"); err != nil || strings.Contains(out, "risk: write") {
		t.Errorf("%v\n%s", err, out)
	}
	for want, args := range map[string][]string{
		"no such file": {"import", filepath.Join(t.TempDir(), "none.yaml")},
		"want one of":  {"import", description, "--only", "writes"},
		"no operation": {"import", description, "--operations", "nothing"},
		"FILE":         {"import"},
	} {
		if out, err := run(t, args...); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(out, "tools:") {
			t.Errorf("%q: %v\n%s", args, err, out)
		}
	}
}
