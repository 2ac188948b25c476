package bot_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"tania/internal/bot"
)

func TestToolsOfABot(t *testing.T) {
	load := func(source string) (*bot.Bot, error) {
		return bot.LoadFS(fstest.MapFS{"bot.yaml": {Data: []byte(source)}}, "bot.yaml")
	}
	const good = "name: Ana\ntools:\n  where:\n    description: Where an order is.\n    risk: read\n    http: {url: 'https://shop.example/where'}\n"
	b, err := load(good)
	if err != nil || len(b.Tools) != 1 || b.Tools[0].Name != "where" {
		t.Fatalf("%+v, %v", b, err)
	}
	plain, err := load("name: Ana\n")
	if err != nil || plain.Version == b.Version {
		t.Errorf("a tool leaves the version as it is: %v", err)
	}
	_, err = load(strings.Replace(good, "https://shop", "https://{id}.shop", 1))
	if err == nil || !strings.Contains(err.Error(), "bot.yaml:6:") || !strings.Contains(err.Error(), "fix: write https://HOST/PATH") {
		t.Errorf("a wrong address: %v", err)
	}
	_, err = load(strings.Replace(good, "description", "descripton", 1))
	if err == nil || !strings.Contains(err.Error(), "did you mean description?") {
		t.Errorf("a mistyped key: %v", err)
	}
}

// TestLimitsOfToolsAreCheckedWithTheFile: an expression that cannot hold is told with its line.
func TestLimitsOfToolsAreCheckedWithTheFile(t *testing.T) {
	const good = `name: Ana
tool_facts:
  order: get_order(id = args.id)
tools:
  get_order:
    description: An order.
    risk: read
    parameters: {properties: {id: {type: string}}}
    http: {url: 'https://shop.example/{id}'}
  refund:
    description: Refunds an order.
    risk: write
    parameters: {properties: {id: {type: string}, amount: {type: number}}}
    http: {method: POST, url: 'https://shop.example/refund'}
    require:
      - {if: args.amount <= order.total, say: More than was paid.}
`
	load := func(old, new string) (*bot.Bot, error) {
		source := strings.Replace(good, old, new, 1)
		return bot.LoadFS(fstest.MapFS{"bot.yaml": {Data: []byte(source)}}, "bot.yaml")
	}
	b, err := load("", "")
	if err != nil || b.Policy == nil {
		t.Fatalf("%+v, %v", b, err)
	}
	for _, c := range []struct{ old, new, want, fix string }{
		{"order.total", "ordr.total", "bot.yaml:16:", "did you mean order?"},
		{"args.amount", "args.amuont", "bot.yaml:16:", "did you mean args.amount?"},
		{"get_order(id =", "get_ordr(id =", "bot.yaml:3:", "did you mean get_order?"},
		{"args.amount <= order.total", "args.amount", "", ""},
	} {
		_, err := load(c.old, c.new)
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", c.new, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.fix) {
			t.Errorf("%s: %v", c.new, err)
		}
	}
}

// TestTheShopOfTheTestsLoads: the file whose limits package policy measures is one that a bot may have.
func TestTheShopOfTheTestsLoads(t *testing.T) {
	b, err := bot.Load("../tool/policy/testdata/retail/bot.yaml")
	if err != nil || len(b.Tools) != 16 || b.Policy == nil {
		t.Errorf("%v", err)
	}
}

// TestTheGuidesExampleLoads: whoever copies it has a bot with limits.
func TestTheGuidesExampleLoads(t *testing.T) {
	for _, guide := range []string{"../../docs/limits.md", "../../docs/es/limites.md"} {
		page, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(page), "```yaml\n")
		example, _, _ := strings.Cut(rest, "```")
		b, err := bot.LoadFS(fstest.MapFS{"bot.yaml": {Data: []byte(example)}}, "bot.yaml")
		if err != nil || len(b.Tools) != 2 || b.Policy == nil {
			t.Errorf("%s: %v", guide, err)
		}
	}
}
