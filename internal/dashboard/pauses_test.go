package dashboard_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tania/internal/audit"
	"tania/internal/bot"
	"tania/internal/bots/pauses"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/dashboard"
	"tania/internal/tania"
)

// pausable is a site whose bots can be paused, and the board of it.
func pausable(t *testing.T, token bool) (*site, *pauses.Board) {
	t.Helper()
	board := &pauses.Board{Account: 1, Log: slog.New(slog.DiscardHandler), Known: func(name string) bool { return name == bot.Main }}
	s := newSite(t, func(o *dashboard.Options) {
		if token {
			withToken(o)
		}
		board.Store, o.Bot.Pauses = o.Engine, board
	})
	return s, board
}

// TestAnOperatorPausesABotOnItsPage and has it answer again.
func TestAnOperatorPausesABotOnItsPage(t *testing.T) {
	s, board := pausable(t, false)
	_, body := s.ask(http.DefaultClient, "GET", "/bot", nil, nil)
	if !strings.Contains(body, "No bot is paused.") || !strings.Contains(body, `<option value="main">`) {
		t.Error("the page does not offer to pause the bot")
	}
	form := url.Values{"do": {"pause"}, "bot": {"main"}, "inbox": {" 11 "}, "why": {"a fair <b>"}}
	resp, _ := s.ask(http.DefaultClient, "POST", "/pauses", form, nil)
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/bot?done=bot_paused" {
		t.Errorf("%s to %q", resp.Status, resp.Header.Get("Location"))
	}
	list, err := board.List(t.Context())
	want := pauses.Scope{Bot: "main", Account: 1, Inbox: 11}
	if err != nil || len(list) != 1 || list[0].Scope != want || list[0].Why != "a fair <b>" {
		t.Fatalf("%+v, %v", list, err)
	}
	_, body = s.ask(http.DefaultClient, "GET", "/bot?done=bot_paused", nil, nil)
	for _, part := range []string{"The bot is silent there.", "bot main · inbox 11", "a fair &lt;b&gt;", `name="inbox" value="11"`} {
		if !strings.Contains(body, part) {
			t.Errorf("the page does not say %q", part)
		}
	}
	resp, _ = s.ask(http.DefaultClient, "POST", "/pauses", form, nil)
	if resp.Header.Get("Location") != "/bot?done=unchanged" {
		t.Errorf("a second time: %s to %q", resp.Status, resp.Header.Get("Location"))
	}
	form.Set("do", "resume")
	form.Set("account", "1")
	resp, _ = s.ask(http.DefaultClient, "POST", "/pauses", form, nil)
	if list, err := board.List(t.Context()); resp.Header.Get("Location") != "/bot?done=bot_resumed" || err != nil || len(list) != 0 {
		t.Errorf("resumed: %s, %+v, %v", resp.Header.Get("Location"), list, err)
	}
	var actions []audit.Action
	for _, e := range s.audited() {
		actions = append(actions, e.Action)
	}
	if !slices.Equal(actions, []audit.Action{audit.ResumeBot, audit.PauseBot, audit.PauseBot}) {
		t.Errorf("the audit log has %v", actions)
	}
}

func TestAConversationIsPausedOnItsPage(t *testing.T) {
	s, board := pausable(t, false)
	m, err := s.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: "¿A qué hora abren?"})
	if err != nil {
		t.Fatal(err)
	}
	key := tania.ConversationKey{Account: 1, Conversation: m.Conversation}
	s.ended()
	page := "/conversations/1/" + strings.TrimPrefix(key.String(), "1:")
	_, body := s.ask(http.DefaultClient, "GET", page, nil, nil)
	if !strings.Contains(body, "pause-here") || strings.Contains(body, "paused-here") {
		t.Error("the page does not offer to pause the bot")
	}
	form := url.Values{"do": {"pause"}, "account": {"1"}, "conversation": {strings.TrimPrefix(key.String(), "1:")}, "from": {"conversation"}}
	resp, _ := s.ask(http.DefaultClient, "POST", "/pauses", form, nil)
	if resp.Header.Get("Location") != page+"?done=bot_paused" {
		t.Errorf("%s to %q", resp.Status, resp.Header.Get("Location"))
	}
	if list, err := board.List(t.Context()); err != nil || len(list) != 1 || list[0].Conversation != key.Conversation {
		t.Errorf("%+v, %v", list, err)
	}
	_, body = s.ask(http.DefaultClient, "GET", page, nil, nil)
	if !strings.Contains(body, "paused-here") || !strings.Contains(body, "resume-here") || strings.Contains(body, `"pause-here"`) {
		t.Error("the page does not say that the bot is paused there")
	}
	if strings.Contains(body, "paused-around") {
		t.Error("the page names its own pause twice")
	}
	c, err := s.engine.Conversation(t.Context(), key)
	if err != nil || c.Inbox == 0 {
		t.Fatal(c.Inbox, err)
	}
	for _, p := range []pauses.Pause{
		{Scope: pauses.Scope{Bot: bot.Main}, By: "ana", Why: "a fair <b>"},
		{Scope: pauses.Scope{Inbox: c.Inbox}, By: "luis"},
		{Scope: pauses.Scope{Inbox: c.Inbox + 1}, By: "eva"},
	} {
		if _, err := board.Pause(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	_, body = s.ask(http.DefaultClient, "GET", page, nil, nil)
	for _, part := range []string{
		"bot main is paused, by ana.", "a fair &lt;b&gt;", fmt.Sprintf("inbox %d is paused, by luis.", c.Inbox), `href="/bot#pauses-title"`,
	} {
		if !strings.Contains(body, part) {
			t.Errorf("the page does not say %q", part)
		}
	}
	if strings.Count(body, "paused-around") != 2 || strings.Contains(body, "eva") {
		t.Error("the page names another inbox's pause")
	}
	for _, e := range s.audited() {
		if strings.Contains(e.On, key.String()) {
			t.Errorf("the audit log names a conversation: %+v", e)
		}
	}
}

func TestWhatCannotBePausedIsRefused(t *testing.T) {
	s, board := pausable(t, true)
	client := s.user(tania.Operator)
	for name, form := range map[string]url.Values{
		"nowhere": {"do": {"pause"}}, "no bot": {"do": {"pause"}, "bot": {"shop"}}, "no number": {"do": {"pause"}, "inbox": {"eleven"}},
		"a number below 0": {"do": {"pause"}, "conversation": {"-4"}},
	} {
		if resp, _ := s.ask(client, "POST", "/pauses", form, nil); resp.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %s", name, resp.Status)
		}
	}
	resp, _ := s.ask(s.user(tania.Editor), "POST", "/pauses", url.Values{"do": {"pause"}, "bot": {"main"}}, nil)
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("an editor: %s", resp.Status)
	}
	if list, err := board.List(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}
