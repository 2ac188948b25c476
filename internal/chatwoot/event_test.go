package chatwoot

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/tania"
)

func TestWhatTheCustomerSaid(t *testing.T) {
	received := time.Date(2026, 6, 17, 11, 0, 2, 0, time.FixedZone("CEST", 7200))
	tests := []struct {
		sample      string
		edits       map[string]any
		content     string
		attachments []tania.Attachment
		ok          bool
	}{
		{"message_created__web_widget__incoming_text", nil, "Hi, do you ship to Canada?", nil, true},
		{"message_created__whatsapp__incoming_button_reply", nil, "Hablar con un humano", nil, true},
		{"message_created__whatsapp__incoming_location", nil, "", []tania.Attachment{{Type: "location"}}, true},
		{"message_created__whatsapp__incoming_unsupported", nil, "", []tania.Attachment{{Type: "unsupported"}}, true},
		{
			"message_created__whatsapp__incoming_location",
			map[string]any{"attachments": []any{map[string]any{"file_type": "contact", "fallback_title": "+34600"}}},
			"",
			[]tania.Attachment{{Type: "contact"}},
			true,
		},
		{
			"message_created__whatsapp__incoming_location",
			map[string]any{"attachments": []any{map[string]any{
				"file_type": "audio", "data_url": "http://a.example/a.ogg",
				"transcribed_text": "hola",
			}}},
			"",
			[]tania.Attachment{{Type: "audio", URL: "http://a.example/a.ogg", Transcript: "hola"}},
			true,
		},
		{"message_updated__web_widget__input_select_submitted", nil, "Talk to a human", nil, true},
		{
			"message_updated__web_widget__input_select_submitted",
			map[string]any{"content_attributes.submitted_values": []any{
				map[string]any{"name": "n", "value": "Ana"},
				7,
				map[string]any{"title": "B"},
			}},
			"Ana\nB", nil, true,
		},
		{"message_updated__web_widget__input_select_submitted", map[string]any{"content_attributes.submitted_values": "x"}, "", nil, false},
		{"message_updated__web_widget__input_email_submitted", nil, "", nil, false},
		{"message_updated__web_widget__deleted", nil, "", nil, false},
		{"message_created__web_widget__outgoing_agent_bot_echo", nil, "", nil, false},
		{"message_created__web_widget__outgoing_user", nil, "", nil, false},
		{"message_created__web_widget__template_greeting", nil, "", nil, false},
		{"message_created__web_widget__private_note_user", nil, "", nil, false},
		{"conversation_created__web_widget", nil, "", nil, false},
		{"contact_created__whatsapp", nil, "", nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.sample, func(t *testing.T) {
			e := decode(t, edited(t, tt.sample, tt.edits))
			m, ok := e.CustomerMessage(received)
			if ok != tt.ok {
				t.Fatal(ok)
			}
			if !ok {
				return
			}
			if m.Content != tt.content {
				t.Errorf("%q, want %q", m.Content, tt.content)
			}
			if diff := cmp.Diff(tt.attachments, m.Attachments); diff != "" {
				t.Error(diff)
			}
			if m.ID != e.Message.ID || m.Key != e.Conversation.Key || m.Contact.ID == 0 || m.Received != received.UTC() ||
				!m.CanReply || m.Status != tania.StatusPending {
				t.Errorf("%+v", m)
			}
		})
	}
}

func TestWhoWroteAMessage(t *testing.T) {
	const me = 40
	mark := &Marker{Turn: "T", Part: "1"}
	user := func(id int64) Sender { return Sender{Kind: tania.ActorUser, ID: id} }
	tests := []struct {
		name         string
		message      Message
		byHuman, own bool
	}{
		{"a human from the dashboard", Message{Direction: Outgoing, Sender: user(7)}, true, false},
		{"a human on the phone", Message{Direction: Outgoing, Phone: true}, true, false},
		{"a human's private note", Message{Direction: Outgoing, Sender: user(7), Private: true}, false, false},
		{"an automation rule in a user's name", Message{Direction: Outgoing, Sender: user(7), Automation: true}, false, false},
		{"a bot", Message{Direction: Outgoing, Sender: Sender{Kind: tania.ActorBot, ID: 2}}, false, false},
		{"an integration without a sender", Message{Direction: Outgoing}, false, false},
		{"Tania by her mark", Message{Direction: Outgoing, Sender: user(7), Marker: mark}, false, true},
		{"Tania by her user", Message{Direction: Outgoing, Sender: user(me)}, false, true},
		{"a contact with the same id", Message{Direction: Incoming, Sender: Sender{Kind: tania.ActorContact, ID: me}}, false, false},
		{"a customer", Message{Direction: Incoming, Sender: Sender{Kind: tania.ActorContact, ID: 7}}, false, false},
		{"a template", Message{Direction: Template}, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.message.ByHuman(me); got != tt.byHuman {
				t.Errorf("ByHuman %v", got)
			}
			if got := tt.message.Own(me); got != tt.own {
				t.Errorf("Own %v", got)
			}
		})
	}
	if (&Message{Direction: Outgoing, Sender: Sender{Kind: tania.ActorUser}}).Own(0) {
		t.Error("a user without an id is taken for a bot token's")
	}
}

func TestAssigneesAndTransitions(t *testing.T) {
	agent := map[string]any{"id": 7, "name": "Jane", "type": "user"}
	tests := []struct {
		name  string
		edits map[string]any
		kind  tania.Actor
		id    int64
	}{
		{"a user", map[string]any{"meta.assignee": agent, "meta.assignee_type": "User"}, tania.ActorUser, 7},
		{"a user before 4.8", map[string]any{"meta.assignee": map[string]any{"id": 7}, "meta.assignee_type": gone{}}, tania.ActorUser, 7},
		{"a bot by assignee_type", map[string]any{"meta.assignee": map[string]any{"id": 2}, "meta.assignee_type": "AgentBot"}, tania.ActorBot, 2},
		{
			"a bot by its own type (4.17)",
			map[string]any{"meta.assignee": map[string]any{"id": 2, "type": "agent_bot"}, "meta.assignee_type": nil},
			tania.ActorBot, 2,
		},
		{"Captain", map[string]any{"meta.assignee": map[string]any{"id": 2}, "meta.assignee_type": "Captain::Assistant"}, tania.ActorCaptain, 2},
		{"nobody", map[string]any{"meta.assignee": nil, "meta.assignee_type": nil}, tania.ActorNone, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := decode(t, edited(t, "conversation_updated__web_widget__status_pending_to_open", tt.edits))
			if e.Conversation.AssigneeKind != tt.kind || e.Conversation.AssigneeID != tt.id {
				t.Errorf("%s %d", e.Conversation.AssigneeKind, e.Conversation.AssigneeID)
			}
			if e.StatusBefore != tania.StatusPending || e.StatusAfter != tania.StatusOpen {
				t.Errorf("%s to %s", e.StatusBefore, e.StatusAfter)
			}
		})
	}
	for _, changed := range []any{nil, "x", 7, []any{}, []any{nil, 7}, map[string]any{"status": 1}, []any{map[string]any{"status": "open"}}} {
		e := decode(t, edited(t, "conversation_status_changed__web_widget__pending_to_open", map[string]any{"changed_attributes": changed}))
		if e.StatusBefore != "" || e.StatusAfter != "" || e.Conversation.Status != tania.StatusOpen {
			t.Errorf("changed_attributes %v: %q to %q", changed, e.StatusBefore, e.StatusAfter)
		}
	}
}
