package bot_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"tania/internal/bot"
	"tania/internal/setting"
	"tania/internal/tania"
)

func files(all map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range all {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestAssignmentsAreRead(t *testing.T) {
	b, err := bot.LoadFS(files(map[string]string{
		"bot.yaml": `
name: Main
bots:
  - name: support
    when: {account: 5, inboxes: [11, 12], channels: [whatsapp], labels: [vip]}
    file: support/bot.yaml
    token_from: CHATWOOT_API_ACCESS_TOKEN_SUPPORT
    key_from: OPENAI_API_KEY_SUPPORT
    team: 4
    settings: {GOVERNOR_SERVICE_HOURS_ENABLED: true, OPENAI_MAX_TOKENS: 500, GOVERNOR_BLOCKED_CONTACTS: [a@b.c, 7], BOT_LABEL: back}
  - name: night
    when: {inboxes: [13]}
`,
		"support/bot.yaml": "name: Support\nknowledge: [manual.md]\ntexts: {unknown: \"{nombre}\"}\n", "support/manual.md": "# Reset\n\nHold the button.\n",
		"support/learned/page.md": "no front matter",
	}), "bot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	first, second := b.Assignments[0], b.Assignments[1]
	want := bot.When{
		Account: 5, Inboxes: []tania.InboxID{11, 12}, Channels: []tania.Channel{tania.ChannelWhatsApp, tania.ChannelTwilioWhatsApp},
		Labels: []string{"vip"},
	}
	if diff := cmp.Diff(want, first.When); diff != "" {
		t.Error(diff)
	}
	settings := map[string]string{
		"GOVERNOR_SERVICE_HOURS_ENABLED": "true", "OPENAI_MAX_TOKENS": "500", "GOVERNOR_BLOCKED_CONTACTS": "a@b.c,7", "BOT_LABEL": "back",
	}
	if diff := cmp.Diff(settings, first.Settings); diff != "" {
		t.Error(diff)
	}
	if first.Bot.Name != "Support" || len(first.Bot.Knowledge) != 1 || first.Bot.Knowledge[0].Source != "manual.md#Reset" || first.Team != 4 ||
		first.TokenFrom != "CHATWOOT_API_ACCESS_TOKEN_SUPPORT" || first.KeyFrom != "OPENAI_API_KEY_SUPPORT" {
		t.Errorf("%+v", first)
	}
	if second.Bot != b {
		t.Error("an assignment without a file has another bot than the main one")
	}
	if said := strings.Join(b.Warnings, "\n"); !strings.Contains(said, "support/bot.yaml:3") || !strings.Contains(said, "{nombre}") {
		t.Errorf("what is strange in the file of an assigned bot is not said with its place: %s", said)
	}
}

// TestAnAssignedBotDoesNotChangeTheMainOne, whose cached answers stay.
func TestAnAssignedBotDoesNotChangeTheMainOne(t *testing.T) {
	version := func(support string) string {
		b, err := bot.LoadFS(files(map[string]string{
			"bot.yaml": "name: Main\nbots: [{name: a, when: {inboxes: [11]}, file: a.yaml}]\n", "a.yaml": "name: " + support + "\n",
		}), "bot.yaml")
		if err != nil {
			t.Fatal(err)
		}
		return b.Version
	}
	if version("One") != version("Two") {
		t.Error("the main bot has another version")
	}
}

func TestWhatIsWrongWithAssignments(t *testing.T) {
	long := "bots:\n" + strings.Repeat("  - {name: a, when: {inboxes: [1]}}\n", 101)
	for name, c := range map[string]struct {
		yaml, want, at string
	}{
		"no name":             {"bots: [{when: {inboxes: [11]}}]", `"" is not a name of a bot`, "bot.yaml:1:"},
		"a strange name":      {"bots: [{name: Soporte 1, when: {inboxes: [11]}}]", "is not a name of a bot", "bot.yaml:1:"},
		"the main bot's name": {"bots: [{name: main, when: {inboxes: [11]}}]", "is that of the bot of this file", "bot.yaml:1:"},
		"two of a name": {
			"bots:\n  - {name: a, when: {inboxes: [11]}}\n  - {name: a, when: {inboxes: [12]}}", "is the name of an earlier bot", "bot.yaml:3:",
		},
		"no place":           {"bots: [{name: a}]", "names no place", "bot.yaml:1:"},
		"an inbox below 1":   {"bots: [{name: a, when: {inboxes: [0]}}]", "is not the id of an inbox", "bot.yaml:1:"},
		"an account below 0": {"bots: [{name: a, when: {account: -1}}]", "is not the id of an account", "bot.yaml:1:"},
		"a team below 0":     {"bots: [{name: a, when: {account: 1}, team: -1}]", "is not the id of a team", "bot.yaml:1:"},
		"a strange channel":  {"bots: [{name: a, when: {channels: [fax]}}]", `"fax" is not a channel`, "bot.yaml:1:"},
		"any channel":        {"bots: [{name: a, when: {channels: [default]}}]", `"default" is not a channel`, "bot.yaml:1:"},
		"a strange label":    {"bots: [{name: a, when: {labels: [VIP]}}]", `"VIP" is not a label`, "bot.yaml:1:"},
		"never reached": {
			"bots:\n  - {name: a, when: {inboxes: [11, 12]}}\n  - {name: b, when: {inboxes: [11], labels: [vip]}}",
			"is never reached: all of it is assigned to a before", "bot.yaml:3:",
		},
		"an inbox twice": {
			"bots:\n  - {name: a, when: {inboxes: [11]}}\n  - {name: b, when: {inboxes: [12, 11]}}", "names inbox 11, as a does", "bot.yaml:3:",
		},
		"a channel of an inbox twice": {
			"bots:\n  - {name: a, when: {inboxes: [11], channels: [sms]}}\n  - {name: b, when: {inboxes: [11, 12], channels: [sms, web]}}",
			"names inbox 11 with channel", "bot.yaml:3:",
		},
		"a file outside": {"bots: [{name: a, when: {account: 1}, file: ../b.yaml}]", "is not beside or below bot.yaml", "bot.yaml:1:"},
		"no such file":   {"bots: [{name: a, when: {account: 1}, file: b.yaml}]", "(b.yaml) is not there", "bot.yaml:1:"},
		"a wrong file":   {"bots: [{name: a, when: {account: 1}, file: in/wrong.yaml}]", `unknown key "nmae"`, "in/wrong.yaml:1:"},
		"bots within bots": {
			"bots: [{name: a, when: {account: 1}, file: in/nested.yaml}]", "stands in the file of an assigned bot", "in/nested.yaml:1:",
		},
		"too many":            {long, "has more than 100 bots", "bot.yaml:"},
		"a key with an error": {"bots: [{name: a, whn: {account: 1}}]", "did you mean when?", "bot.yaml:1:"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := bot.LoadFS(files(map[string]string{
				"bot.yaml": c.yaml, "in/wrong.yaml": "nmae: x\n", "in/nested.yaml": "bots: [{name: a, when: {account: 1}}]\n",
			}), "bot.yaml")
			problems, _ := errors.AsType[setting.Problems](err)
			if len(problems) != 1 || !strings.Contains(problems[0].Text+problems[0].Fix, c.want) || !strings.HasPrefix(problems[0].Name, c.at) ||
				problems[0].Fix == "" {
				t.Errorf("%v, want %q at %s with a fix", err, c.want, c.at)
			}
		})
	}
}

// TestOrderDecidesBetweenPlacesOfDifferentKinds: these overlap, and none is refused.
func TestOrderDecidesBetweenPlacesOfDifferentKinds(t *testing.T) {
	b, err := bot.LoadFS(files(map[string]string{"bot.yaml": `
bots:
  - {name: a, when: {labels: [vip]}}
  - {name: b, when: {inboxes: [11], labels: [press]}}
  - {name: c, when: {inboxes: [11]}}
  - {name: d, when: {channels: [sms]}}
  - {name: e, when: {account: 5, inboxes: [11]}}
  - {name: g, when: {inboxes: [12], channels: [web]}}
  - {name: h, when: {inboxes: [12], channels: [email]}}
  - {name: f, when: {account: 5}}
`}), "bot.yaml")
	if err != nil || len(b.Assignments) != 8 {
		t.Fatal(err)
	}
}
