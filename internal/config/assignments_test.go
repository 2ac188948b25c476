package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/tania"
)

func loadBots(t *testing.T, yaml string, env ...string) (*Config, []*Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bot.yaml")
	if err := os.WriteFile(path, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(append([]string{
		"TANIA_BOT=" + path, "CHATWOOT_ACCOUNT_ID=3", "CHATWOOT_API_ACCESS_TOKEN=main-token", "CHATWOOT_INBOX_ALLOWLIST=11",
		"OPENAI_API_KEY=main-key", "OPENAI_MODEL=m", `CHATWOOT_INBOX_TO_TEAM={"11":4}`,
	}, env...), "")
	if err != nil {
		return c, nil, err
	}
	own, err := c.Assigned(c.Bot)
	return c, own, err
}

func TestAnAssignedBotHasSettingsOfItsOwn(t *testing.T) {
	c, own, err := loadBots(t, `
prices: {m: {input: 1, output: 1}}
bots:
  - name: support
    when: {inboxes: [12]}
    team: 9
    key_from: OPENAI_API_KEY_SUPPORT
    settings:
      GOVERNOR_SERVICE_HOURS_ENABLED: true
      GOVERNOR_SERVICE_HOURS_START: "22:00"
      GOVERNOR_SERVICE_HOURS_TIMEZONE: America/Bogota
      LLM_MONTHLY_BUDGET_USD: 5
  - {name: other, when: {account: 7}, token_from: CHATWOOT_API_ACCESS_TOKEN_OTHER, settings: {OPENAI_BASE_URL: "http://127.0.0.1:1/v1"}}
  - {name: vip, when: {labels: [vip]}}
`, "CHATWOOT_API_ACCESS_TOKEN_OTHER=other-token-0123456789", "OPENAI_API_KEY_SUPPORT=support-key-0123456789")
	if err != nil || len(own) != 3 {
		t.Fatal(err)
	}
	support, other, vip := own[0], own[1], own[2]
	if !support.Governor.ServiceHours || support.Governor.Hours.Start != 22*time.Hour || support.Location.String() != "America/Bogota" ||
		support.Handoff.Team != 9 || support.Handoff.Teams != nil || support.Model.MonthlyBudget != 5_000_000 ||
		support.Model.Key != "support-key-0123456789" || !slices.Equal(support.Governor.Inboxes, []tania.InboxID{12}) {
		t.Errorf("%+v", support)
	}
	if other.Chatwoot.Account != 7 || other.Chatwoot.Token != "other-token-0123456789" || other.Governor.Inboxes != nil ||
		other.Model.Key != "" {
		t.Errorf("%+v", other)
	}
	if !support.OwnModel(c) || support.SameServer(c) || other.SameServer(c) {
		t.Error("a key or a server of a bot's own counts as the main bot's")
	}
	if vip.OwnModel(c) || vip.Chatwoot.Token != "main-token" || !slices.Equal(vip.Governor.Inboxes, []tania.InboxID{11}) ||
		vip.Handoff.Teams[11] != 4 {
		t.Errorf("%+v", vip)
	}
	if c.Governor.ServiceHours || c.Model.MonthlyBudget != 0 || c.Location.String() != "UTC" || c.Chatwoot.Account != 3 {
		t.Errorf("the main bot has what another was given: %+v", c)
	}
	for _, secret := range []string{"other-token-0123456789", "support-key-0123456789"} {
		if !slices.Contains(c.Secrets(), secret) {
			t.Errorf("%s is not kept secret", secret)
		}
	}
	if len(c.Warnings) != 0 {
		t.Errorf("warnings: %q", c.Warnings)
	}
}

func TestWhatAnAssignedBotCannotHave(t *testing.T) {
	for given, want := range map[string]string{
		"settings: {REDIS_URL: x}":                                    "settings.REDIS_URL is not a variable that a bot has its own value of",
		"settings: {OPENAI_API_KEY: x}":                               "settings.OPENAI_API_KEY is not a variable",
		"settings: {GOVERNOR_LOOP_REPLYS: 1}":                         "did you mean GOVERNOR_LOOP_REPLIES?",
		"settings: {GOVERNOR_LOOP_REPLIES: many}":                     "settings.GOVERNOR_LOOP_REPLIES",
		"settings: {HANDOFF_LABEL: bot}":                              "is the same as BOT_LABEL",
		"settings: {GOVERNOR_SERVICE_HOURS_END: \"09:00\"}":           "leaves no hours",
		"token_from: ADMIN_TOKEN":                                     "token_from names no variable for it",
		"token_from: CHATWOOT_API_ACCESS_TOKEN":                       "token_from names no variable for it",
		"key_from: CHATWOOT_API_ACCESS_TOKEN_X":                       "key_from names no variable for it",
		"key_from: OPENAI_API_KEY_X":                                  "OPENAI_API_KEY_X, which is not set",
		"token_from: CHATWOOT_API_ACCESS_TOKEN_X, key_from: CHATWOOT": "CHATWOOT_API_ACCESS_TOKEN_X, which is not set",
	} {
		_, _, err := loadBots(t, "bots:\n  - {name: a, when: {inboxes: [12]}, "+given+"}\n")
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "bot.yaml:2:") {
			t.Errorf("%s: %v, want %q with the place", given, err, want)
		}
	}
}
