package assembly_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/assembly"
	"tania/internal/bots/pauses"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/config"
	"tania/internal/operator"
	"tania/internal/pulse"
	"tania/internal/tania"
)

// town is a process over a Chatwoot with two accounts, of which the first has three inboxes.
type town struct {
	t       *testing.T
	shop    *installation.Server
	other   *installation.Server
	dir     string
	address string
}

const (
	shopToken, otherToken = "the-token-of-the-shop", "the-token-of-the-other"
	hookToken             = "hook-token"
)

// newTown starts it; files are bot.yaml and what is beside it, more are settings.
func newTown(t *testing.T, files map[string]string, more ...string) *town {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	x := &town{t: t, dir: t.TempDir(), address: "http://" + listener.Addr().String()}
	hook := x.address + "/chatwoot/webhook?token=" + hookToken
	inbox := func(id tania.InboxID) chatwootsim.Inbox {
		return chatwootsim.Inbox{ID: id, Name: "Inbox", Channel: tania.ChannelWebWidget, ActiveBot: true}
	}
	x.shop = newSim(t, chatwootsim.Options{
		Account: chatwootsim.Account{ID: 1, Name: "Shop"}, Bot: chatwootsim.Bot{ID: 2, Token: shopToken, URL: hook},
		Inboxes: []chatwootsim.Inbox{inbox(11), inbox(12), inbox(13)},
		Teams:   []chatwootsim.Team{{ID: 5, Name: "Sales"}, {ID: 6, Name: "Support"}},
	})
	x.other = newSim(t, chatwootsim.Options{
		Account: chatwootsim.Account{ID: 2, Name: "Other"}, Bot: chatwootsim.Bot{ID: 3, Token: otherToken, URL: hook},
		Inboxes: []chatwootsim.Inbox{inbox(21)},
	})
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/v1/accounts/2/") {
			x.other.Handler().ServeHTTP(w, r)
			return
		}
		x.shop.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(api.Close)
	for name, text := range files {
		x.write(name, text)
	}
	settings, err := config.Load(append([]string{
		"CHATWOOT_BASE_URL=" + api.URL, "CHATWOOT_ACCOUNT_ID=1", "CHATWOOT_API_ACCESS_TOKEN=" + shopToken, "CHATWOOT_WEBHOOK_TOKEN=" + hookToken,
		"CHATWOOT_API_ACCESS_TOKEN_OTHER=" + otherToken, `CHATWOOT_INBOX_TO_TEAM={"11":5,"12":5}`, "CHATWOOT_INBOX_ALLOWLIST=11,13",
		"TANIA_BOT=" + filepath.Join(x.dir, "bot.yaml"), "TANIA_DATA_DIR=" + t.TempDir(), "QUEUE_DEBOUNCE_MS=0",
		"ADMIN_TOKEN=operators-token-0123",
	}, more...), "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- assembly.Process{
			Settings: settings, Listener: listener, Worker: true, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Began: time.Now(),
			Version: "test",
		}.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return x
}

func newSim(t *testing.T, o chatwootsim.Options) *installation.Server {
	t.Helper()
	o.RetryInterval = 20 * time.Millisecond // the process may still be starting
	sim, err := installation.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	return sim
}

func (x *town) write(name, text string) {
	x.t.Helper()
	path := filepath.Join(x.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		x.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		x.t.Fatal(err)
	}
}

// asks has a customer write, and gives the conversation and what the bot has said in it when it has said more.
func (x *town) asks(sim *installation.Server, m chatwootsim.CustomerMessage) (tania.ConversationID, string) {
	x.t.Helper()
	before := 0
	if m.Conversation != 0 {
		before = len(sim.BotMessages(m.Conversation))
	}
	written, err := sim.CustomerWrites(m)
	if err != nil {
		x.t.Fatal(err)
	}
	x.until(sim, "an answer to "+m.Text, func() bool { return len(sim.BotMessages(written.Conversation)) > before })
	said := sim.BotMessages(written.Conversation)
	return written.Conversation, said[len(said)-1].Content
}

func (x *town) until(sim *installation.Server, what string, condition func() bool) {
	x.t.Helper()
	ctx, done := context.WithTimeout(x.t.Context(), time.Minute)
	defer done()
	if err := sim.WaitFor(ctx, condition); err != nil {
		x.t.Fatalf("%s: %v", what, err)
	}
}

// record is the decision on the newest message of a conversation, which is stored a moment after its answer is sent.
func (x *town) record(account, conversation string) string {
	x.t.Helper()
	for x.t.Context().Err() == nil {
		if body := x.read("/admin/conversations/" + account + "/" + conversation); strings.Contains(body, `"outcome"`) {
			return body
		}
	}
	return ""
}

// read asks an operators' route.
func (x *town) read(path string) string {
	x.t.Helper()
	q, err := http.NewRequestWithContext(x.t.Context(), http.MethodGet, x.address+path, nil)
	if err != nil {
		x.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer operators-token-0123")
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		x.t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil {
		x.t.Fatal(err)
	}
	return string(body)
}

func (x *town) wantSaid(got, part, who string) {
	x.t.Helper()
	if !strings.Contains(got, part) {
		x.t.Errorf("%s: the bot said %q, want %q in it", who, got, part)
	}
}

// aroundToday are days of which one is today in any zone.
func aroundToday() string {
	var days []string
	for d := -1; d <= 1; d++ {
		days = append(days, time.Now().UTC().AddDate(0, 0, d).Format(time.DateOnly))
	}
	return strings.Join(days, ", ")
}

// countsBots waits until the statistics tell of each bot apart: two turns of main's were answered, and one of support's was handed over.
func (x *town) countsBots() {
	x.t.Helper()
	for shell := operator.RemoteBots(x.address, "operators-token-0123"); x.t.Context().Err() == nil; {
		counted, err := shell.Stats(x.t.Context())
		if err != nil {
			x.t.Fatal(err)
		}
		of := map[string]pulse.OfBot{}
		for _, b := range counted {
			of[b.Bot] = b
		}
		if of["support"].HandedOver == 0 { // what was measured is stored within a second
			continue
		}
		if of["main"].Answered != 2 || of["other"].Turns != 1 || of["vip"].Answered != 1 || counted[0].Bot != "main" {
			x.t.Errorf("counted are %+v", counted)
		}
		return
	}
}

// TestEachPlaceHasItsBot: two accounts, three inboxes and a label, with knowledge, language, hours, team, label and token of each bot's
// own; one is taught anew, and the others stay as they are.
func TestEachPlaceHasItsBot(t *testing.T) {
	x := newTown(t, map[string]string{
		"bot.yaml": `
name: Tienda
language: es
texts: {greeting: Aquí la tienda}
faq:
  - questions: ["¿Cuánto cuesta el envío?"]
    answer: Cuesta 90 pesos.
bots:
  - name: vip
    when: {labels: [vip]}
    file: vip.yaml
  - name: support
    when: {inboxes: [12]}
    file: support/bot.yaml
    team: 6
    settings: {HANDOFF_LABEL: escalated}
  - name: closed
    when: {inboxes: [13]}
    settings:
      GOVERNOR_SERVICE_HOURS_ENABLED: true
      GOVERNOR_SERVICE_HOURS_HOLIDAYS: [` + aroundToday() + `]
  - name: other
    when: {account: 2}
    file: other.yaml
    token_from: CHATWOOT_API_ACCESS_TOKEN_OTHER
`,
		"vip.yaml":              "texts: {greeting: A sus órdenes}\n",
		"support/bot.yaml":      "language: en\nlanguages: [en]\ntexts: {greeting: Support here}\nknowledge: [manual.md]\n",
		"support/manual.md":     "# How do I reset the router\n\nHold the button for ten seconds to reset the router.\n",
		"other.yaml":            "texts: {greeting: Aquí la otra}\n",
		"support/unrelated.txt": "not read",
	})
	if log := x.read("/admin/audit"); !strings.Contains(log, `"as":"file","by":"bot.yaml","action":"bot_publish","on":"1","outcome":"done"`) {
		t.Errorf("the audit log does not say that the file was published: %s", log)
	}
	main, said := x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 11, Text: "Hola"})
	x.wantSaid(said, "Aquí la tienda", "the shop")
	support, said := x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 12, Text: "Hola"})
	x.wantSaid(said, "Support here", "support, which the list of inboxes does not name")
	_, said = x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 13, Text: "Hola"})
	x.wantSaid(said, "fuera de horario", "closed")
	_, said = x.asks(x.other, chatwootsim.CustomerMessage{Text: "Hola"})
	x.wantSaid(said, "Aquí la otra", "the other account")

	_, said = x.asks(x.shop, chatwootsim.CustomerMessage{Conversation: support, Text: "How do I reset the router?"})
	x.wantSaid(said, "ten seconds", "support")
	_, said = x.asks(x.shop, chatwootsim.CustomerMessage{Conversation: main, Text: "¿Cuánto cuesta el envío?"})
	x.wantSaid(said, "90 pesos", "the shop")
	_, said = x.asks(x.shop, chatwootsim.CustomerMessage{Conversation: support, Text: "How much is the shipping? ¿Cuánto cuesta el envío?"})
	if strings.Contains(said, "90") {
		t.Errorf("support knows what the shop does: %q", said)
	}

	if err := x.shop.SetLabels(main, []string{"vip"}); err != nil {
		t.Fatal(err)
	}
	_, said = x.asks(x.shop, chatwootsim.CustomerMessage{Conversation: main, Text: "Buenos días"})
	x.wantSaid(said, "A sus órdenes", "vip")

	x.handsOver(support)
	x.countsBots()
	if decided := x.record("1", "2"); !strings.Contains(decided, `"bot":"support"`) {
		t.Errorf("no record names support: %s", decided)
	}

	x.write("support/bot.yaml", "language: en\nlanguages: [en]\ntexts: {greeting: New support here}\nknowledge: [manual.md]\n")
	if _, err := operator.RemoteBots(x.address, "operators-token-0123").Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, said = x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 12, Text: "Hola"})
	x.wantSaid(said, "New support here", "support, taught anew")
	_, said = x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 11, Text: "Hola"})
	x.wantSaid(said, "Aquí la tienda", "the shop, not taught anew")

	x.write("bot.yaml", "texts: {greeting: x}\nbots: [{name: a, when: {account: 3}, token_from: CHATWOOT_API_ACCESS_TOKEN_NONE}]\n")
	if _, err := operator.RemoteBots(x.address, "operators-token-0123").Reload(t.Context()); err == nil ||
		!strings.Contains(err.Error(), "CHATWOOT_API_ACCESS_TOKEN_NONE, which is not set") {
		t.Errorf("a bot without its token is taken in: %v", err)
	}
}

// handsOver has a customer of support ask for a human, who is to come from support's team.
func (x *town) handsOver(c tania.ConversationID) {
	x.t.Helper()
	if _, err := x.shop.CustomerWrites(chatwootsim.CustomerMessage{Conversation: c, Text: "I want to talk to a human"}); err != nil {
		x.t.Fatal(err)
	}
	x.until(x.shop, "a handoff to the team, with the label", func() bool {
		now, _ := x.shop.Conversation(c)
		return now.Team == 6 && now.Status == tania.StatusOpen && slices.Contains(now.Labels, "escalated")
	})
}

// TestAPausedInboxIsTheTeams: the process hears of it through its route, and the other inboxes go on.
func TestAPausedInboxIsTheTeams(t *testing.T) {
	x := newTown(t, map[string]string{"bot.yaml": `
texts: {greeting: Aquí la tienda}
bots:
  - {name: support, when: {inboxes: [12]}, team: 6}
`})
	if _, said := x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 12, Text: "Hola"}); said != "Aquí la tienda" {
		t.Errorf("the bot said %q", said)
	}
	all := operator.RemotePauses(x.address, "operators-token-0123")
	if _, err := all.Pause(t.Context(), pauses.Pause{Scope: pauses.Scope{Bot: "suport"}}); err == nil {
		t.Error("a bot is paused that there is not")
	}
	if changed, err := all.Pause(t.Context(), pauses.Pause{Scope: pauses.Scope{Bot: "support"}, By: "ana"}); err != nil || !changed {
		t.Fatal(changed, err)
	}
	m, err := x.shop.CustomerWrites(chatwootsim.CustomerMessage{Inbox: 12, Text: "Hola"})
	if err != nil {
		t.Fatal(err)
	}
	x.until(x.shop, "the team", func() bool {
		now, _ := x.shop.Conversation(m.Conversation)
		return now.Status == tania.StatusOpen && now.Team == 6
	})
	if said := x.shop.BotMessages(m.Conversation); len(said) != 0 {
		t.Errorf("a paused bot said %q", said[0].Content)
	}
	x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 11, Text: "Hola"})
	if _, err := all.Resume(t.Context(), pauses.Scope{Bot: "support"}, "ana"); err != nil {
		t.Fatal(err)
	}
	x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 12, Text: "Hola"})
}
