package installation

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/chatwoot/chatwootsim/webhooks"
	"tania/internal/tania"
)

// TestACustomersDayOverHTTP plays a life as a separate process's tests do, by the simulator's own routes alone.
func TestACustomersDayOverHTTP(t *testing.T) {
	s := newShop(t, nil)
	post := func(path, body string) rails.Object {
		t.Helper()
		got := s.call("", http.MethodPost, path, body)
		if got.status != http.StatusOK {
			t.Fatalf("%s %s: %d %s", path, body, got.status, got.raw)
		}
		return got.body
	}
	first := post("/sim/customer", `{"inbox":11,"text":"Hi"}`)
	if rails.Number(first["conversation"]) != 1 || rails.Number(first["id"]) != 1001 {
		t.Fatalf("first message: %v", first)
	}
	post("/sim/customer", `{"conversation":1,"attachments":[{"type":"audio","url":"https://chat.example.com/a.ogg"}]}`)
	post("/sim/transcribe", `{"message":1002,"text":"quiero pan"}`)
	post("/sim/agent", `{"conversation":1,"user":7,"text":"secret","private":true}`)
	post("/sim/agent", `{"conversation":1,"text":"from the phone","via":"phone"}`)
	post("/sim/takeover", `{"conversation":1,"user":7}`)
	post("/sim/assign", `{"conversation":1,"team":5}`)
	post("/sim/labels", `{"conversation":1,"labels":["vip"]}`)
	post("/sim/delete", `{"message":1001}`)
	post("/sim/block", `{"contact":501,"on":true}`)
	post("/sim/status", `{"conversation":1,"user":7,"status":"resolved"}`)
	s.says(1, choice)
	last := s.BotMessages(1)[0]
	post("/sim/select", `{"message":`+rails.Text(float64(last.ID))+`,"text":"Track my order"}`)
	post("/sim/delivery", `{"message":`+rails.Text(float64(last.ID))+`,"status":"failed","text":"131047"}`)
	post("/sim/typing", `{"conversation":1,"on":true}`)
	s.settle()

	c, _ := s.Conversation(1)
	got := rails.Object{
		"status": c.Status, "assignee": c.Assignee, "team": c.Team, "labels": strings.Join(c.Labels, " "), "blocked": c.Contact.Blocked,
	}
	want := rails.Object{
		"status": tania.StatusResolved, "assignee": tania.UserID(7), "team": tania.TeamID(5), "labels": "vip",
		"blocked": true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	messages := s.Messages(1)
	if m := messages[0]; !m.Deleted() || m.Content != "This message was deleted" {
		t.Errorf("deleted: %+v", m)
	}
	if m := messages[3]; m.Sender.Kind != tania.ActorNone || m.Attributes["external_echo"] != true {
		t.Errorf("from the phone: %+v", m)
	}

	var log struct {
		Calls      []calls.Call
		Deliveries []webhooks.Delivery
		Settled    bool
	}
	s.must(json.Unmarshal([]byte(s.call("", "GET", "/sim/log", "").raw), &log))
	if len(log.Calls) != 1 || !log.Calls[0].Saved || log.Calls[0].By != "bot" || log.Calls[0].Message != last.ID || !log.Settled {
		t.Errorf("calls: %+v", log.Calls)
	}
	if len(log.Deliveries) == 0 || log.Deliveries[0].Body != nil || len(log.Deliveries[0].Attempts) != 1 {
		t.Errorf("deliveries: %+v", log.Deliveries)
	}
	s.must(json.Unmarshal([]byte(s.call("", "GET", "/sim/log?bodies=true", "").raw), &log))
	if !json.Valid(log.Deliveries[0].Body) {
		t.Error("no body was asked for and none came")
	}
}

func TestFaultsOverHTTP(t *testing.T) {
	s := newShop(t, nil)
	id := s.writes("Hi").Conversation
	if got := s.call("", "POST", "/sim/faults",
		`{"faults":[{"kind":"status","status":500,"saved":true,"path":"/messages"}]}`); got.status != 200 {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if got := s.says(id, `{"content":"x"}`); got.status != 500 || len(s.BotMessages(id)) != 1 {
		t.Errorf("status %d, %d saved", got.status, len(s.BotMessages(id)))
	}
	if got := s.call("", "POST", "/sim/faults", `{"faults":[{"kind":"fire"}]}`); got.status != 422 {
		t.Errorf("an unknown fault: %d", got.status)
	}
	s.call("", "DELETE", "/sim/faults", "")
	if got := s.says(id, `{"content":"x"}`); got.status != 200 {
		t.Errorf("healed: %d", got.status)
	}
}

func TestTheSimulatorsRoutesSayWhatIsWrong(t *testing.T) {
	s := newShop(t, nil)
	for body, want := range map[string]int{
		`{"conversation":99,"text":"x"}`: 404, `{"inbox":99,"text":"x"}`: 404, `{`: 400, `{"text":7}`: 400,
		`{"text":"` + strings.Repeat("x", 150_001) + `"}`: 422,
	} {
		if got := s.call("", "POST", "/sim/customer", body); got.status != want || got.body["error"] == nil {
			t.Errorf("%.40s: %d %.100s, want %d", body, got.status, got.raw, want)
		}
	}
}

func TestThePageShowsTheStateAndIsToldOfEveryChange(t *testing.T) {
	s := newShop(t, nil)
	for path, want := range map[string]string{
		"/": "text/html", "/app.js": "text/javascript", "/page.css": "text/css",
		"/icon.svg": "image/svg+xml",
	} {
		if got := s.call("", "GET", path, ""); got.status != 200 || !strings.HasPrefix(got.header.Get("Content-Type"), want) {
			t.Errorf("%s: %d %s", path, got.status, got.header.Get("Content-Type"))
		}
	}
	ctx, leave := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.http.URL+"/sim/events", http.NoBody)
	s.must(err)
	stream, err := http.DefaultClient.Do(req)
	s.must(err)
	defer func() { _ = stream.Body.Close() }()
	defer leave()
	lines := bufio.NewScanner(stream.Body)
	next := func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		t.Fatal("the stream ended")
		return ""
	}
	before := next()
	s.writes("Hi <b>")
	if after := next(); after == before {
		t.Errorf("version %s twice", after)
	}
	state := s.call("", "GET", "/sim/state?conversation=1", "").body
	if at(t, state, "messages.0.content") != "Hi <b>" || at(t, state, "conversations.0.preview") != "Hi <b>" ||
		at(t, state, "conversations.0.status") != "pending" {
		t.Errorf("state: %v", state)
	}
}

func TestTheTokensOfIntegrationsAreNotShownOnThePage(t *testing.T) {
	s := newShop(t, nil)
	if raw := s.call("", "GET", "/sim/state", "").raw; strings.Contains(raw, userToken) || strings.Contains(raw, botToken) ||
		strings.Contains(raw, "Integration") {
		t.Errorf("state: %s", raw)
	}
}

func TestDecisionsComeFromTania(t *testing.T) {
	var asked, token string
	status := http.StatusOK
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, token = r.URL.Path, r.Header.Get("Authorization")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"records":[{"message":1001,"outcome":"answered"}]}`))
	}))
	defer bot.Close()
	s := newShop(t, func(o *chatwootsim.Options) { o.TaniaURL, o.AdminToken = bot.URL+"/", "admin" })
	got := s.call("", "GET", "/sim/decisions/1", "")
	if got.status != 200 || at(t, got.body, "records.0.outcome") != "answered" || asked != "/admin/conversations/3/1" ||
		token != "Bearer admin" {
		t.Errorf("%d %s; asked %s with %q", got.status, got.raw, asked, token)
	}
	status = http.StatusNotFound
	if got := s.call("", "GET", "/sim/decisions/1", ""); got.status != 200 || got.raw != `{"records":[]}` {
		t.Errorf("nothing known: %d %s", got.status, got.raw)
	}
	status = http.StatusUnauthorized
	if got := s.call("", "GET", "/sim/decisions/1", ""); got.status != http.StatusBadGateway {
		t.Errorf("refused: %d %s", got.status, got.raw)
	}
}

func TestDecisionsComeFromAFunction(t *testing.T) {
	s := newShop(t, func(o *chatwootsim.Options) {
		o.Decisions = func(_ context.Context, key tania.ConversationKey) ([]byte, error) {
			if key.Conversation != 1 {
				return nil, chatwootsim.ErrNoDecisions
			}
			return []byte(`{"records":[{"message":7}]}`), nil
		}
	})
	if got := s.call("", "GET", "/sim/decisions/1", ""); at(t, got.body, "records.0.message") != 7.0 {
		t.Errorf("%s", got.raw)
	}
	if got := s.call("", "GET", "/sim/decisions/2", ""); got.raw != `{"records":[]}` {
		t.Errorf("%s", got.raw)
	}
}

func TestWaitForEndsWithItsContext(t *testing.T) {
	s := newShop(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.WaitFor(ctx, func() bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestSettingsThatMakeNoChatwootAreRefused(t *testing.T) {
	for name, o := range map[string]chatwootsim.Options{
		"a version":               {Version: "new"},
		"an inbox without an id":  {Inboxes: []chatwootsim.Inbox{{Name: "x", Channel: tania.ChannelAPI}}},
		"a bot that is not there": {Inboxes: []chatwootsim.Inbox{{ID: 1, Channel: tania.ChannelAPI, ActiveBot: true}}},
		"a token of two":          {Bot: chatwootsim.Bot{Token: "t"}, Users: []chatwootsim.User{{ID: 1, Token: "t"}}},
	} {
		if s, err := chatwootsim.New(o); err == nil {
			s.Close()
			t.Errorf("%s: no error", name)
		}
	}
}
