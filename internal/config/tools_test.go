package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSecretsOfToolsAreVariables(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.yaml")
	const source = "name: Ana\ntools:\n  where:\n    description: Where.\n    risk: read\n" +
		"    http: {url: 'https://shop.example/', headers: {Authorization: '${secret:SHOP_KEY}'}}\n"
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	load := func(more ...string) *Config {
		c, err := LoadSettings(append([]string{"TANIA_BOT=" + path}, more...), "")
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	warned := func(c *Config) bool {
		return slices.ContainsFunc(c.Warnings, func(w string) bool { return strings.Contains(w, "TOOL_SECRET_SHOP_KEY") })
	}
	if c := load(); !warned(c) || len(c.ToolSecrets()) != 0 {
		t.Errorf("not set: %q", c.Warnings)
	}
	c := load("TOOL_SECRET_SHOP_KEY=the-key-of-the-shop")
	if warned(c) || c.ToolSecrets()["SHOP_KEY"] != "the-key-of-the-shop" || !slices.Contains(c.secrets(), "the-key-of-the-shop") {
		t.Errorf("set: %q, %v", c.Warnings, c.ToolSecrets())
	}
}
