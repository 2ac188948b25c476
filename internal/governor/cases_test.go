package governor

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// webhooksOf gives the webhooks of a case from the field, decoded.
func webhooksOf(t *testing.T, name string) (events []*chatwoot.Event) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "cases", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Steps []json.RawMessage `json:"steps"`
	}
	if err := json.Unmarshal(body, &c); err != nil {
		t.Fatal(err)
	}
	for _, raw := range c.Steps {
		var step struct {
			Webhook json.RawMessage `json:"webhook"`
		}
		if json.Unmarshal(raw, &step) != nil || step.Webhook == nil {
			continue
		}
		ev, err := chatwoot.Decode(step.Webhook)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		events = append(events, ev)
	}
	return events
}

func TestCasesFromTheFieldAreJudgedByTheirMarks(t *testing.T) {
	for name, want := range map[string][]tania.Reason{
		"line-sticker":               {tania.Proceed},
		"mail-auto-reply":            {tania.AutoReply},
		"phone-reply-without-sender": {tania.Proceed, tania.Outgoing, tania.Proceed},
		"quoted-reply":               {tania.Proceed, tania.Proceed, tania.Proceed},
		"reaction-to-a-message":      {tania.Proceed, tania.Reaction, tania.Reaction},
	} {
		events := webhooksOf(t, name)
		if len(events) != len(want) {
			t.Errorf("%s: %d webhooks", name, len(events))
			continue
		}
		g := New(pending())
		var memory tania.Conversation
		for i, ev := range events {
			if v := g.Gate(ev, noon); v.Reason != want[i] {
				t.Errorf("%s, webhook %d: %s (%s), want %s", name, i+1, v.Reason, v.Detail, want[i])
			}
			g.Observe(ev, &memory, noon)
		}
		if human := name == "phone-reply-without-sender"; (memory.Takeover != nil) != human {
			t.Errorf("%s: takeover %+v", name, memory.Takeover)
		}
	}
	if m := webhooksOf(t, "line-sticker")[0].Message; m.Content != "" || len(m.Attachments) != 1 || m.Attachments[0].Type != "image" {
		t.Errorf("a sticker is read as %+v", m)
	}
	mail := webhooksOf(t, "mail-auto-reply")[0]
	mail.Message.AutoReply = false
	if v := New(pending()).Gate(mail, noon); !v.Proceed() {
		t.Errorf("the same mail of a person: %s", v.Reason)
	}
}
