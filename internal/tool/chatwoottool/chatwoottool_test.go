package chatwoottool_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/call"
	"tania/internal/tool/chatwoottool"
)

var now = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// world is a Chatwoot with a conversation, and a caller of its tools by a user's token or the bot's.
type world struct {
	*installation.Server
	*chatwoottool.Caller
	client *chatwoot.Client
	// not is why nothing may be changed.
	not string
}

func newWorld(t *testing.T, token string) *world {
	t.Helper()
	w := &world{}
	var err error
	w.Server, err = installation.New(chatwootsim.Options{
		Bot:   chatwootsim.Bot{Token: "bot"},
		Users: []chatwootsim.User{{ID: 9, Name: "Tania", Token: "user", Role: "administrator"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(w.Handler())
	t.Cleanup(func() { w.Close(); api.Close() })
	m, err := w.CustomerWrites(chatwootsim.CustomerMessage{Text: "hola"})
	if err != nil {
		t.Fatal(err)
	}
	seen, _ := w.Conversation(m.Conversation)
	w.client = chatwoot.NewClient(chatwoot.ClientOptions{BaseURL: api.URL, Token: token, MaxRetries: -1})
	w.Caller = &chatwoottool.Caller{
		API: w.client, Key: tania.ConversationKey{Account: 1, Conversation: m.Conversation}, Contact: seen.Contact.ID,
		May:    func(context.Context) (string, error) { return w.not, nil },
		Steers: func(l string) bool { return strings.EqualFold(l, "handoff") }, Now: func() time.Time { return now },
	}
	return w
}

func (w *world) call(t *testing.T, kind string, arguments map[string]any) (call.Outcome, error) {
	t.Helper()
	tl := &tool.Tool{Name: kind, Chatwoot: kind, Risk: tool.Write}
	return w.Call(t.Context(), call.Request{Tool: tl, Arguments: arguments})
}

func (w *world) seen() chatwootsim.Conversation {
	c, _ := w.Conversation(w.Key.Conversation)
	return c
}

func (w *world) contact() chatwootsim.Customer {
	w.Lock()
	defer w.Unlock()
	return *w.Customers[w.Contact]
}

// TestTwiceIsOnce: every tool does what it says, and done again it leaves the same.
func TestTwiceIsOnce(t *testing.T) {
	w := newWorld(t, "user")
	if err := w.SetLabels(w.Key.Conversation, []string{"old", "vip"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind      string
		arguments map[string]any
		holds     func() bool
	}{
		{"set_label", map[string]any{"label": "refund"}, func() bool { return slices.Equal(w.seen().Labels, []string{"old", "vip", "refund"}) }},
		{"remove_label", map[string]any{"label": "old"}, func() bool { return slices.Equal(w.seen().Labels, []string{"vip", "refund"}) }},
		{"set_priority", map[string]any{"priority": "high"}, func() bool { return w.seen().Priority == "high" }},
		{"set_priority", map[string]any{"priority": "none"}, func() bool { return w.seen().Priority == "" }},
		{"assign_team", map[string]any{"team": 5.0}, func() bool { return w.seen().Team == 5 }},
		{
			"set_attribute",
			map[string]any{"attribute": "order", "value": "1042"},
			func() bool { return w.seen().CustomAttributes["order"] == "1042" },
		},
		{"set_attribute", map[string]any{"attribute": "paid", "value": true}, func() bool {
			return w.seen().CustomAttributes["paid"] == true && w.seen().CustomAttributes["order"] == "1042"
		}},
		{"set_contact_attribute", map[string]any{"attribute": "size", "value": 42.0}, func() bool { return w.contact().Custom["size"] == 42.0 }},
		{"set_contact_attribute", map[string]any{"attribute": "plan", "value": "pro"}, func() bool {
			return w.contact().Custom["plan"] == "pro" && w.contact().Custom["size"] == 42.0
		}},
		{"contact_note", map[string]any{"text": "Wants it before Friday."}, func() bool {
			notes := w.contact().Notes
			return len(notes) == 1 && notes[0].Content == "Wants it before Friday." && notes[0].By == 9
		}},
	} {
		for range 2 {
			o, err := w.call(t, c.kind, c.arguments)
			if err != nil || !o.OK || !c.holds() {
				t.Errorf("%s %v: %+v, %v; %+v, %+v", c.kind, c.arguments, o, err, w.seen(), w.contact())
			}
		}
	}
}

// TestWhatIsNotDone: nothing that steers Tania, nothing once a human has the conversation, nothing without the arguments, and nothing that
// the token may not.
func TestWhatIsNotDone(t *testing.T) {
	for name, c := range map[string]struct {
		kind, token, not string
		arguments        map[string]any
		want             string
	}{
		"a label of Tania's":            {"set_label", "bot", "", map[string]any{"label": "Handoff "}, "Tania's own"},
		"a label of Tania's taken away": {"remove_label", "bot", "", map[string]any{"label": "handoff"}, "Tania's own"},
		"a human is there":              {"set_label", "bot", "human_active", map[string]any{"label": "vip"}, "human_active"},
		"no label":                      {"set_label", "bot", "", nil, "no label"},
		"no team":                       {"assign_team", "bot", "", map[string]any{"team": "5"}, "no team"},
		"no priority":                   {"set_priority", "bot", "", nil, "no priority"},
		"an attribute with no value":    {"set_attribute", "bot", "", map[string]any{"attribute": "x"}, "the value"},
		"no attribute":                  {"set_attribute", "bot", "", map[string]any{"value": "x"}, "no attribute"},
		"an empty note":                 {"contact_note", "user", "", map[string]any{"text": " "}, "empty"},
		"a kind that is none":           {"delete_all", "user", "", nil, "nothing of that name"},
		"resolving over a human":        {"resolve", "user", "human_active", nil, "human_active"},
	} {
		w := newWorld(t, c.token)
		w.not = c.not
		if err := w.SetLabels(w.Key.Conversation, []string{"handoff"}); err != nil {
			t.Fatal(err)
		}
		_, err := w.call(t, c.kind, c.arguments)
		if f, ok := errors.AsType[*call.FailedError](err); !ok || f.Made || !strings.Contains(f.Text, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if !slices.Equal(w.seen().Labels, []string{"handoff"}) || len(w.contact().Notes) > 0 {
			t.Errorf("%s: it was done: %+v", name, w.seen())
		}
	}
	w := newWorld(t, "bot")
	o, err := w.call(t, "contact_note", map[string]any{"text": "x"})
	if said := fmt.Sprint(o.Result); err != nil || o.OK || o.Status != 401 || !strings.Contains(said, "user's token") {
		t.Errorf("a bot's token writes notes: %+v, %v", o, err)
	}
}

// TestAnAbsentChatwootLeavesTheCallToALaterAttempt, also where it carried the call out.
func TestAnAbsentChatwootLeavesTheCallToALaterAttempt(t *testing.T) {
	for _, saved := range []bool{false, true} {
		w := newWorld(t, "bot")
		fault := chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 502, Saved: saved, Count: 1, Method: "POST"}
		if err := w.Inject(fault); err != nil {
			t.Fatal(err)
		}
		_, err := w.call(t, "set_label", map[string]any{"label": "vip"})
		if !call.Repeats(err) || !chatwoot.Away(err) {
			t.Fatalf("saved %v: %v", saved, err)
		}
		if o, err := w.call(t, "set_label", map[string]any{"label": "vip"}); err != nil || !o.OK || !slices.Equal(w.seen().Labels, []string{"vip"}) {
			t.Errorf("saved %v, then: %+v, %v; %v", saved, o, err, w.seen().Labels)
		}
	}
}

// TestClosing leaves the conversation only when it is told to, and as often as one likes.
func TestClosing(t *testing.T) {
	w := newWorld(t, "bot")
	for _, kind := range []string{"resolve", "snooze"} {
		if o, err := w.call(t, kind, map[string]any{"hours": 3.0}); err != nil || !o.OK || w.seen().Status != tania.StatusPending {
			t.Errorf("%s acts before the answer: %+v, %v; %s", kind, o, err, w.seen().Status)
		}
	}
	snooze := chatwoottool.ClosingOf(&tool.Tool{Chatwoot: "snooze"}, map[string]any{"hours": 3.0}, now)
	resolve := chatwoottool.ClosingOf(&tool.Tool{Chatwoot: "resolve"}, nil, now)
	for _, c := range []*chatwoottool.Closing{snooze, snooze, resolve, resolve} {
		if err := c.Close(t.Context(), w.client, w.Key); err != nil || w.seen().Status != c.Status || !w.seen().SnoozedUntil.Equal(c.Until) {
			t.Errorf("%+v leaves %s until %s: %v", c, w.seen().Status, w.seen().SnoozedUntil, err)
		}
	}
	if !snooze.Until.Equal(now.Add(3*time.Hour)) || chatwoottool.ClosingOf(&tool.Tool{Chatwoot: "set_label"}, nil, now) != nil {
		t.Errorf("snoozed until %s", snooze.Until)
	}
	for hours, want := range map[float64]time.Duration{0: time.Minute, -5: time.Minute, 1e9: 90 * 24 * time.Hour} {
		c := chatwoottool.ClosingOf(&tool.Tool{Chatwoot: "snooze"}, map[string]any{"hours": hours}, now)
		if got := c.Until.Sub(now); got != want {
			t.Errorf("%v hours are %s", hours, got)
		}
	}
}
