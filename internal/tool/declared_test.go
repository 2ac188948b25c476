package tool_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"tania/internal/tool"
)

func read(t *testing.T, source string) ([]tool.Tool, []tool.Problem) {
	t.Helper()
	var declared map[string]tool.Declared
	if err := yaml.UnmarshalWithOptions([]byte(source), &declared, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return tool.Check(declared)
}

func TestAToolIsReadWhole(t *testing.T) {
	tools, problems := read(t, `
refund:
  description: Refunds an order.
  parameters: {properties: {order_id: {type: string}, amount: {type: number}}, required: [order_id]}
  http:
    method: post
    url: https://shop.example/orders/{order_id}/refunds?via=bot
    headers: {Authorization: 'Bearer ${secret:SHOP_KEY}'}
    timeout: 3s
    retries: 0
    result: .status
  once: {header: Idempotency-Key}
  check: get_refund
  after: [get_refund]
  max: [{count: 1, per: args.order_id}]
  confirm: true
get_refund:
  description: Looks a refund up.
  risk: read
  parameters: {type: object, properties: {order_id: {type: string}}}
  http: {url: 'https://shop.example/refunds/{order_id}'}
label:
  description: Marks the conversation.
  chatwoot: set_label
  parameters: {properties: {label: {enum: [vip, refund]}}}
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got := []string{tools[0].Name, tools[1].Name, tools[2].Name}; !slices.Equal(got, []string{"get_refund", "label", "refund"}) {
		t.Errorf("order is %q", got)
	}
	look, refund := tools[0], tools[2]
	if look.HTTP.Method != "GET" || look.HTTP.Timeout != 10*time.Second || look.HTTP.Retries != 2 || look.HTTP.MostBytes != 4096 {
		t.Errorf("what is not said is %+v", look.HTTP)
	}
	if h := refund.HTTP; h.Method != "POST" || h.Timeout != 3*time.Second || h.Retries != 0 || h.Result != ".status" {
		t.Errorf("refund is %+v", h)
	}
	if refund.Risk != tool.Write || !refund.Risk.Writes() || look.Risk.Writes() {
		t.Errorf("a tool that says nothing of its risk is %q", refund.Risk)
	}
	if !refund.Once.Keyed() || refund.Once.Check != "get_refund" || refund.Limits.Max[0].Per != "args.order_id" || !refund.Limits.Confirm {
		t.Errorf("refund is %+v", refund)
	}
	if got := refund.Secrets(); !slices.Equal(got, []string{"SHOP_KEY"}) {
		t.Errorf("secrets are %q", got)
	}
	if got := string(refund.Parameters); !strings.Contains(got, `"type":"object"`) {
		t.Errorf("parameters are %s", got)
	}
}

func TestWhatIsWrongWithATool(t *testing.T) {
	const head = "description: d\nrisk: read\nparameters: {properties: {id: {type: string}}}\n"
	for name, c := range map[string]struct{ declared, path, text string }{
		"no description":             {"risk: read\nhttp: {url: 'https://a.example'}", "t.description", "is missing"},
		"a risk that is none":        {"description: d\nrisk: high\nhttp: {url: 'https://a.example'}", "t.risk", `is "high"`},
		"nothing called":             {head, "t", "does not say what is called"},
		"two things called":          {head + "chatwoot: resolve\nhttp: {url: 'https://a.example'}", "t", "does not say what is called"},
		"a parameter chooses a host": {head + "http: {url: 'https://{id}.example/'}", "t.http.url", "has a parameter in its host"},
		"a parameter after a host":   {head + "http: {url: 'https://a.example{id}/'}", "t.http.url", "has a parameter in its host"},
		"a password in a URL":        {head + "http: {url: 'https://u:p@a.example/'}", "t.http.url", "has a name or password"},
		"a secret in a URL": {
			head + "http: {url: 'https://a.example/?k=${secret:K}'}", "t.http.url", "has a secret, which logs of servers show",
		},
		"a file":                   {head + "http: {url: 'file:///etc/passwd'}", "t.http.url", "is no address"},
		"a parameter not declared": {head + "http: {url: 'https://a.example/{other}'}", "t.http.url", "names {other}, which is no parameter"},
		"an expression that is none": {
			head + "http: {url: 'https://a.example', result: '.a['}", "t.http.result", "is no jq expression: unexpected EOF",
		},
		"a method that is none": {head + "http: {url: 'https://a.example', method: FETCH}", "t.http.method", `is "FETCH"`},
		"a body beside GET":     {head + "http: {url: 'https://a.example', body: {a: b}}", "t.http.body", "stands beside GET"},
		"a time-out of an hour": {head + "http: {url: 'https://a.example', timeout: 1h}", "t.http.timeout", `is "1h"`},
		"a hundred retries":     {head + "http: {url: 'https://a.example', retries: 100}", "t.http.retries", "is 100"},
		"a secret in small letters": {
			head + "http: {url: 'https://a.example', headers: {X: '${secret:key}'}}", "t.http.headers.X", `names the secret "key"`,
		},
		"a header of two lines":  {head + "http: {url: 'https://a.example', headers: {X: \"a\\nb\"}}", "t.http.headers.X", "has more than one line"},
		"a kind of ours unknown": {head + "chatwoot: explode", "t.chatwoot", `is "explode"`},
		"a key for a read":       {head + "once: {header: K}\nhttp: {url: 'https://a.example'}", "t", "reads, and needs no once and no check"},
		"a key for our own": {
			"description: d\nchatwoot: resolve\nonce: {header: K}", "t.once", "stands beside a call that has no request of ours",
		},
		"a check that is no tool": {
			"description: d\nchatwoot: resolve\ncheck: look", "t.check", `names "look", which is no tool with risk: read`,
		},
		"from_contact elsewhere": {
			head + "from_contact: {user: contact.id}\nchatwoot: resolve", "t.from_contact", `sets "user", which is no parameter`,
		},
		"parameters of a list": {"description: d\nparameters: {type: array}\nchatwoot: resolve", "t.parameters", "is no schema of an object"},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := read(t, "t:\n  "+strings.ReplaceAll(c.declared, "\n", "\n  "))
			if !slices.ContainsFunc(problems, func(p tool.Problem) bool { return p.Path == c.path && p.Text == c.text && p.Fix != "" }) {
				t.Errorf("problems are %+v", problems)
			}
		})
	}
	for _, name := range []string{"handoff", "Refund", "a-b", "1st"} {
		if _, problems := read(t, name+": {description: d, chatwoot: resolve}"); len(problems) != 1 || problems[0].Path != name {
			t.Errorf("a tool named %q: %+v", name, problems)
		}
	}
}

func TestAToolOfChatwootTakesWhatItsKindTakes(t *testing.T) {
	tools, problems := read(t, `
label:
  description: Marks it.
  chatwoot: set_label
  parameters: {properties: {label: {enum: [vip, refund], description: vip for regulars.}}}
late: {description: Snoozes it., chatwoot: snooze}
team:
  description: Gives it to a team.
  chatwoot: assign_team
  parameters: {properties: {team: {const: 5}}}
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for i, want := range []string{
		`{"properties":{"label":{"description":"vip for regulars.","enum":["vip","refund"],"type":"string"}},"required":["label"],"type":"object"}`,
		`{"properties":{"hours":{"exclusiveMinimum":0,"maximum":2160,"type":"number"}},"required":["hours"],"type":"object"}`,
		`{"properties":{"team":{"const":5,"type":"integer"}},"required":["team"],"type":"object"}`,
	} {
		if got := string(tools[i].Parameters); got != want || !tools[i].Repeatable() || tools[i].Risk != tool.Write {
			t.Errorf("%s takes %s", tools[i].Name, got)
		}
	}
	for source, want := range map[string]string{
		"chatwoot: set_label": "does not say which label",
		"chatwoot: assign_team\n  parameters: {properties: {team: {type: integer}}}":   "does not say which team",
		"chatwoot: resolve\n  parameters: {properties: {why: {type: string}}}":         "is nothing that resolve takes",
		"chatwoot: resolve\n  risk: read":                                              "is read, and the tool changes",
		"chatwoot: contact_note\n  once: {header: Idempotency-Key}":                    "no request of ours",
		"chatwoot: set_attribute\n  parameters: {properties: {value: {type: string}}}": "does not say which attribute",
	} {
		_, problems := read(t, "t:\n  description: d\n  "+source)
		if len(problems) != 1 || !strings.Contains(problems[0].Text, want) {
			t.Errorf("%s: %+v", source, problems)
		}
	}
}

// TestEveryToolOfChatwootIsKnown by the table of what they take.
func TestEveryToolOfChatwootIsKnown(t *testing.T) {
	for _, kind := range tool.ChatwootKinds {
		_, problems := read(t, "t: {description: d, chatwoot: "+kind+"}")
		for _, p := range problems {
			if p.Path == "t.chatwoot" {
				t.Errorf("%s: %+v", kind, p)
			}
		}
	}
}

func TestServersAreRead(t *testing.T) {
	servers := func(source string) (map[string]*tool.Server, []tool.Problem) {
		var declared map[string]tool.DeclaredServer
		if err := yaml.UnmarshalWithOptions([]byte(source), &declared, yaml.Strict()); err != nil {
			t.Fatal(err)
		}
		return tool.CheckServers(declared)
	}
	all, problems := servers(`
files: {command: npx, args: [-y, server-filesystem, /srv], env: {API_KEY: '${secret:KEY}'}}
shop: {url: 'https://mcp.shop.example/mcp', headers: {Authorization: 'Bearer ${secret:SHOP}'}, private: [10.0.0.0/8]}
`)
	if len(problems) > 0 || !slices.Equal(all["files"].Command, []string{"npx", "-y", "server-filesystem", "/srv"}) {
		t.Fatalf("%+v; %+v", all, problems)
	}
	var declared map[string]tool.Declared
	source := "look: {risk: read, mcp: {server: shop, tool: getOrder, timeout: 3s}}\nread: {risk: read, mcp: {server: files}}"
	if err := yaml.Unmarshal([]byte(source), &declared); err != nil {
		t.Fatal(err)
	}
	tools, problems := tool.CheckWith(declared, all)
	if len(problems) > 0 || tools[1].MCP.Tool != "read" {
		t.Fatalf("%+v; %+v", tools, problems)
	}
	want := tool.MCP{Server: "shop", Tool: "getOrder", At: all["shop"], Timeout: 3 * time.Second, MostBytes: 4096}
	if look := tools[0].MCP; *look != want {
		t.Errorf("%+v", look)
	}
	if got := slices.Concat(tools[0].Secrets(), tools[1].Secrets()); !slices.Equal(got, []string{"SHOP", "KEY"}) {
		t.Errorf("secrets are %q", got)
	}
	for source, want := range map[string]string{
		"a: {}": "does not say where the server is",
		"a: {command: x, url: 'https://a.example'}":           "does not say where the server is",
		"A!: {command: x}":                                    "cannot be a server's name",
		"a: {command: x, args: ['--key=${secret:KEY}']}":      "have a secret",
		"a: {command: x, headers: {A: b}}":                    "headers: and private: stand beside command",
		"a: {url: 'https://a.example', env: {A: b}}":          "args: and env: stand beside url",
		"a: {url: ftp://a.example}":                           "is no address",
		"a: {url: 'https://u:p@a.example'}":                   "has a password",
		"a: {command: x, env: {'A B': c}}":                    "is no variable",
		"a: {command: x, env: {A: '${secret:no}'}}":           `names the secret "no"`,
		"a: {url: 'https://a.example', headers: {'A:': '1'}}": "is no header",
	} {
		if _, problems := servers(source); len(problems) != 1 || !strings.Contains(problems[0].Text, want) {
			t.Errorf("%s: %+v", source, problems)
		}
	}
	for source, want := range map[string]string{
		"t: {risk: read, mcp: {server: none}}":                               `is "none", which is not declared`,
		"t: {risk: read, mcp: {server: shop, timeout: long}}":                `is "long"`,
		"t: {risk: read, mcp: {server: shop, most_bytes: 99999999}}":         "is 99999999",
		"t: {risk: read, mcp: {server: shop, result: '{'}}":                  "is no jq expression",
		"t: {mcp: {server: shop}, once: {field: key}}":                       "no request of ours",
		"t: {risk: read, mcp: {server: shop}, http: {url: 'https://a.com'}}": "does not say what is called",
	} {
		var declared map[string]tool.Declared
		if err := yaml.Unmarshal([]byte(source), &declared); err != nil {
			t.Fatal(err)
		}
		if _, problems := tool.CheckWith(declared, all); len(problems) == 0 || !strings.Contains(problems[0].Text, want) {
			t.Errorf("%s: %+v", source, problems)
		}
	}
}
