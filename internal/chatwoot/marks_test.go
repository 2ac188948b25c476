package chatwoot_test

import (
	"encoding/json"
	"testing"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// marked decodes a customer's message with some of its fields set.
func marked(t *testing.T, change map[string]any) *chatwoot.Message {
	t.Helper()
	body := map[string]any{
		"event": "message_created", "id": 7, "message_type": "incoming", "content": "hola", "account": map[string]any{"id": 3},
		"created_at": "2026-06-17T09:00:01.000Z", "sender": map[string]any{"id": 501},
		"conversation": map[string]any{"id": 9, "inbox_id": 11, "status": "pending"},
	}
	for k, v := range change {
		body[k] = v
	}
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	e, err := chatwoot.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	return e.Message
}

func attributes(a any) map[string]any { return map[string]any{"content_attributes": a} }

func TestMarksOfAMessage(t *testing.T) {
	for name, c := range map[string]struct {
		change map[string]any
		holds  func(*chatwoot.Message) bool
	}{
		"none": {nil, func(m *chatwoot.Message) bool {
			return !m.Reaction && !m.AutoReply && !m.Imported && !m.Call &&
				m.Origin == nil && m.Written.IsZero()
		}},
		"a reaction":             {attributes(map[string]any{"is_reaction": true}), func(m *chatwoot.Message) bool { return m.Reaction }},
		"attributes as a string": {attributes(`{"is_reaction":"true"}`), func(m *chatwoot.Message) bool { return m.Reaction }},
		"a reaction by its type": {map[string]any{"content_type": "reaction"}, func(m *chatwoot.Message) bool { return m.Reaction }},
		"no reaction":            {attributes(map[string]any{"is_reaction": nil}), func(m *chatwoot.Message) bool { return !m.Reaction }},
		"a machine's mail": {
			attributes(map[string]any{"email": map[string]any{"auto_reply": true}}),
			func(m *chatwoot.Message) bool { return m.AutoReply },
		},
		"a bounce": {
			attributes(map[string]any{"email": map[string]any{"from": "Postmaster@example.com"}}),
			func(m *chatwoot.Message) bool { return m.AutoReply },
		},
		"a bounce with its name": {attributes(map[string]any{"email": map[string]any{"from": []any{"Mail Delivery System <MAILER-DAEMON@mx.example.com>"}}}), func(m *chatwoot.Message) bool { return m.AutoReply }},
		"a mailbox nobody reads": {
			attributes(map[string]any{"email": map[string]any{"from": []any{"no-reply@shop.example.com"}}}),
			func(m *chatwoot.Message) bool { return m.AutoReply },
		},
		"an absence": {
			attributes(map[string]any{"email": map[string]any{"subject": "Respuesta automática: Pedido 31"}}),
			func(m *chatwoot.Message) bool { return m.AutoReply },
		},
		"an absence in English": {
			attributes(map[string]any{"email": map[string]any{"subject": "Out of Office: Re: order"}}),
			func(m *chatwoot.Message) bool { return m.AutoReply },
		},
		"a report of a mail": {
			attributes(map[string]any{"email": map[string]any{"subject": "Undelivered Mail Returned to Sender"}}),
			func(m *chatwoot.Message) bool { return m.AutoReply },
		},
		"a question about one": {attributes(map[string]any{"email": map[string]any{
			"subject": "Re: Automatic reply: Pedido 31",
			"from":    "noreplyana@example.com",
		}}), func(m *chatwoot.Message) bool { return !m.AutoReply }},
		"office hours": {attributes(map[string]any{"email": map[string]any{
			"subject": "Out of office hours, are you open?",
			"from":    "postal@example.com",
		}}), func(m *chatwoot.Message) bool { return !m.AutoReply }},
		"a person's mail": {
			attributes(map[string]any{"email": map[string]any{"from": []any{"postmaster.ana@example.com", 5}}}),
			func(m *chatwoot.Message) bool { return !m.AutoReply },
		},
		"an import": {
			map[string]any{"additional_attributes": map[string]any{"imported": true}},
			func(m *chatwoot.Message) bool { return m.Imported },
		},
		"free attributes": {
			map[string]any{
				"additional_attributes": "x",
				"attachments":           []any{map[string]any{"file_type": "contact", "meta": []any{1}}},
			},
			func(m *chatwoot.Message) bool { return !m.Imported && len(m.Attachments) == 1 },
		},
		"a transcript in meta": {
			map[string]any{"attachments": []any{map[string]any{
				"file_type": "audio", "transcribed_text": "",
				"meta": map[string]any{"transcribed_text": "quiero un pastel"},
			}}},
			func(m *chatwoot.Message) bool { return m.Attachments[0].Transcript == "quiero un pastel" },
		},
		"a transcript at the top": {map[string]any{"attachments": []any{map[string]any{
			"file_type": "audio", "transcribed_text": "uno",
			"meta": nil,
		}}}, func(m *chatwoot.Message) bool { return m.Attachments[0].Transcript == "uno" }},
		"a message held up": {
			attributes(map[string]any{"external_created_at": 1781500000}),
			func(m *chatwoot.Message) bool { return m.Written.Equal(time.Unix(1781500000, 0)) },
		},
		"in milliseconds": {
			attributes(map[string]any{"external_created_at": 1781500000000}),
			func(m *chatwoot.Message) bool { return m.Written.Equal(time.Unix(1781500000, 0)) },
		},
		"a later time of theirs": {
			attributes(map[string]any{"external_created_at": 1881500000}),
			func(m *chatwoot.Message) bool { return m.Written.IsZero() },
		},
		"an advertisement": {attributes(map[string]any{"referral": map[string]any{
			"headline": "Pasteles", "body": "A domicilio",
			"source_url": "https://fb.me/1",
		}}), func(m *chatwoot.Message) bool {
			return *m.Origin == tania.Origin{Kind: tania.FromAd, Text: "Pasteles\nA domicilio"}
		}},
		"a story": {
			attributes(map[string]any{"story_id": "1", "story_sender": "2"}),
			func(m *chatwoot.Message) bool { return m.Origin.Kind == tania.FromStory },
		},
		"a sticker": {
			map[string]any{"content_type": "sticker", "content": "![s](https://x/y.png)"},
			func(m *chatwoot.Message) bool { return m.Content == "" && m.Attachments[0].Type == "image" },
		},
		"a caption": {
			map[string]any{"content_type": "image", "content": "¿tienen este? https://x/y.png"},
			func(m *chatwoot.Message) bool { return m.Content != "" && m.Attachments[0].Type == "image" },
		},
		"a link in words": {
			map[string]any{"content": "https://x.example/y.png"},
			func(m *chatwoot.Message) bool { return m.Content != "" && len(m.Attachments) == 0 },
		},
	} {
		if m := marked(t, c.change); !c.holds(m) {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestWhoWroteAnOutgoingMessage(t *testing.T) {
	user := map[string]any{"id": 7, "name": "Jane", "type": "user"}
	for name, c := range map[string]struct {
		sender       any
		attributes   map[string]any
		additional   map[string]any
		atWork, ever bool
	}{
		"a user":                     {user, nil, nil, true, true},
		"a campaign of a user":       {user, nil, map[string]any{"campaign_id": 5}, false, false},
		"an automation":              {nil, map[string]any{"automation_rule_id": 4}, nil, false, false},
		"nobody":                     {nil, nil, nil, false, false},
		"the phone":                  {nil, map[string]any{"external_echo": true}, nil, true, true},
		"the phone behind a gateway": {nil, map[string]any{"external_sender_name": "WhatsApp"}, nil, true, true},
		"a bot with a phone's name": {
			map[string]any{"id": 2, "type": "agent_bot"},
			map[string]any{"external_sender_name": "WhatsApp"},
			nil,
			false, false,
		},
		"an imported reply": {nil, map[string]any{"external_sender_name": "WhatsApp", "imported": true}, nil, false, true},
		"a user's reaction": {user, map[string]any{"is_reaction": true}, nil, false, true},
	} {
		m := marked(t, map[string]any{
			"message_type": "outgoing", "sender": c.sender, "content_attributes": c.attributes,
			"additional_attributes": c.additional,
		})
		if m.ByHuman(0) != c.atWork || m.OfHuman(0) != c.ever {
			t.Errorf("%s: at work %v, of a human %v", name, m.ByHuman(0), m.OfHuman(0))
		}
	}
}
