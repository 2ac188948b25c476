package bot_test

import (
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
