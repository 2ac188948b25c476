package installation

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/tania"
)

// values of message webhooks that the scenarios repeat from the samples.
var messageValues = []string{
	"event", "content", "content_type", "content_attributes", "message_type", "private", "sender.type", "sender.name",
	"conversation.status", "conversation.channel", "conversation.labels", "conversation.priority", "conversation.can_reply",
	"conversation.custom_attributes", "conversation.unread_count", "conversation.snoozed_until",
	"conversation.meta.assignee_type", "conversation.meta.assignee", "conversation.meta.team",
	"conversation.messages.0.content", "conversation.messages.0.message_type", "conversation.messages.0.sender_type",
	"conversation.messages.0.status", "conversation.messages.0.content_attributes", "inbox", "account",
}

var conversationValues = []string{
	"event", "status", "channel", "labels", "priority", "custom_attributes", "meta.assignee", "meta.assignee_type", "meta.team",
}

// jane takes the conversation over, labels it and answers.
func jane(s *shop, id tania.ConversationID) {
	s.t.Helper()
	s.must(s.TakeOver(id, 7))
	s.must(s.AssignTeam(id, 5, 7))
	s.must(s.SetLabels(id, []string{"billing", "vip"}))
	s.call(userToken, http.MethodPost, conversationPath(id, "/custom_attributes"), `{"custom_attributes":{"order_id":"1042"}}`)
	s.call(userToken, http.MethodPost, conversationPath(id, "/toggle_priority"), `{"priority":"high"}`)
	_, err := s.AgentReplies(id, 7, "Hello, Jane here - taking over.", chatwootsim.ViaDashboard)
	s.must(err)
}

const (
	marked = `{"content":"Yes, we ship to **all provinces**.\n\nDelivery takes 5-7 days.","content_attributes":{"bot":{"turn_id":"01J0ABCDEF","part":1}}}`
	choice = `{"content":"What can I do for you?","content_type":"input_select","content_attributes":{"items":[{"title":"Track my order","value":"track_order"},{"title":"Return an item","value":"return_item"},{"title":"Talk to a human","value":"handoff"}]}}`
)

func TestMessageWebhooksHaveChatwootsShapeAndValues(t *testing.T) {
	whatsapp := chatwootsim.CustomerMessage{Inbox: 12, Text: "Hola", SourceID: "wamid.HBgNx"}
	for name, play := range map[string]func(s *shop){
		"message_created__web_widget__incoming_text": func(s *shop) { s.writes("Hi, do you ship to Canada?") },
		"message_created__web_widget__outgoing_agent_bot_echo": func(s *shop) {
			s.says(s.writes("Hi, do you ship to Canada?").Conversation, marked)
		},
		"message_created__web_widget__outgoing_user_still_pending": func(s *shop) {
			_, err := s.AgentReplies(s.writes("Hi").Conversation, 7, "Hello, Jane here - taking over.", chatwootsim.ViaAPI)
			s.must(err)
		},
		"message_created__web_widget__incoming_open_assigned_user": func(s *shop) {
			id := s.writes("Hi").Conversation
			jane(s, id)
			s.writes("Any news on my refund?", id)
		},
		"message_created__web_widget__private_note_user": func(s *shop) {
			id := s.writes("Hi").Conversation
			s.must(s.TakeOver(id, 7))
			_, err := s.AgentReplies(id, 7, "Hello, Jane here - taking over.", chatwootsim.ViaDashboard)
			s.must(err)
			_, err = s.AgentNote(id, 7, "Customer is VIP, be careful with refunds")
			s.must(err)
		},
		"message_created__web_widget__incoming_image_no_text": func(s *shop) {
			for _, text := range []string{"one", "two"} {
				_, err := s.CustomerWrites(chatwootsim.CustomerMessage{Inbox: 11, Contact: s.contactOnce(), Text: text})
				s.must(err)
			}
			_, err := s.CustomerWrites(chatwootsim.CustomerMessage{Contact: s.contactOnce(), Attachments: []chatwootsim.Attachment{{
				Type: "image", URL: "https://chat.example.com/screenshot.jpg", ContentType: "image/jpeg", Extension: "jpg", Size: 184233,
			}}})
			s.must(err)
		},
		"message_created__web_widget__template_greeting":     func(s *shop) { s.writes("Hi") },
		"message_created__web_widget__outgoing_input_select": func(s *shop) { s.says(s.writes("Hi").Conversation, choice) },
		"message_updated__web_widget__deleted": func(s *shop) {
			_, err := s.DeleteMessage(s.writes("Hi").ID)
			s.must(err)
		},
		"message_updated__web_widget__input_select_submitted": func(s *shop) {
			said := s.says(s.writes("Hi").Conversation, choice)
			_, err := s.SubmitInputSelect(tania.MessageID(rails.Number(said.body["id"])), "Talk to a human")
			s.must(err)
		},
		"message_created__whatsapp__incoming_text": func(s *shop) {
			_, err := s.CustomerWrites(chatwootsim.CustomerMessage{
				Inbox: 12, Contact: s.maria(), Text: "Hola, ¿dónde está mi pedido <1042>?",
				SourceID: "wamid.HBgN",
			})
			s.must(err)
		},
		"message_created__whatsapp__incoming_voice_note": func(s *shop) {
			whatsapp.Contact = s.maria()
			_, err := s.CustomerWrites(whatsapp)
			s.must(err)
			_, err = s.CustomerWrites(chatwootsim.CustomerMessage{
				Inbox: 12, Contact: whatsapp.Contact, SourceID: "wamid.HBgNV",
				Attachments: []chatwootsim.Attachment{{
					Type: "audio", URL: "https://chat.example.com/9c.ogg", ContentType: "audio/ogg", Extension: "ogg", Size: 15872,
				}},
			})
			s.must(err)
		},
		"message_updated__whatsapp__outgoing_failed": func(s *shop) {
			who := s.maria()
			m, err := s.CustomerWrites(chatwootsim.CustomerMessage{Inbox: 12, Contact: who, Text: "Hola"})
			s.must(err)
			s.Lock()
			s.Threads[m.Conversation].Unread = 0
			s.Unlock()
			s.pass(48 * time.Hour)
			said := s.says(m.Conversation, `{"content":"Oferta"}`)
			_, err = s.SetDelivery(tania.MessageID(rails.Number(said.body["id"])), "failed", "131047: Re-engagement message")
			s.must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, func(o *chatwootsim.Options) {
				if name == "message_created__web_widget__template_greeting" {
					o.Inboxes[0].Greeting = "Welcome to Example Store! How can we help?"
				}
			})
			s.play(name, play)
		})
	}
}

// play acts a scenario and compares the last webhook of the sample's event with the sample.
func (s *shop) play(name string, play func(*shop)) {
	s.t.Helper()
	want := sample(s.t, "payloads", name)
	play(s)
	s.settle()
	got := s.last(at(s.t, want, "event"), at(s.t, want, "content"))
	if got == nil {
		s.t.Fatalf("no such webhook among %q", s.bot.events())
	}
	values := messageValues
	if at(s.t, want, "message_type") == nil {
		values = conversationValues
	}
	// Names of visitors are made up.
	if at(s.t, want, "message_type") == "incoming" {
		values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "sender.name" })
	}
	sameShape(s.t, want, got)
	sameValues(s.t, want, got, values...)
	if diff := cmp.Diff(changedNames(want), changedNames(got)); diff != "" {
		s.t.Errorf("changed_attributes differ (-want +got):\n%s", diff)
	}
}

// last is the last webhook of an event, with the content where one is asked for.
func (s *shop) last(event, content any) rails.Object {
	var found rails.Object
	for _, h := range s.bot.all() {
		if h.event["event"] == event && (content == nil || h.event["content"] == content) {
			found = h.event
		}
	}
	return found
}

func (s *shop) contactOnce() tania.ContactID {
	s.Lock()
	defer s.Unlock()
	if c, ok := s.Customers[501]; ok {
		return c.ID
	}
	return s.NewCustomer(tania.Contact{}).ID
}

func (s *shop) maria() tania.ContactID {
	return s.AddContact(tania.Contact{ID: 502, Name: "María López", Phone: "+5215512345678"}).ID
}

func TestConversationWebhooksHaveChatwootsShapeAndValues(t *testing.T) {
	hola := func(s *shop) tania.ConversationID {
		m, err := s.CustomerWrites(chatwootsim.CustomerMessage{Inbox: 12, Contact: s.maria(), Text: "Hola"})
		s.must(err)
		return m.Conversation
	}
	answered := func(s *shop) tania.ConversationID {
		id := s.writes("Hi").Conversation
		_, err := s.AgentReplies(id, 7, "Hello, Jane here - taking over.", chatwootsim.ViaAPI)
		s.must(err)
		return id
	}
	for name, play := range map[string]func(s *shop){
		"conversation_opened__web_widget": func(s *shop) { s.must(s.SetStatus(answered(s), 7, tania.StatusOpen, time.Time{})) },
		"conversation_status_changed__web_widget__pending_to_open": func(s *shop) {
			s.call(botToken, http.MethodPost, conversationPath(answered(s), "/toggle_status"), `{"status":"open"}`)
		},
		"conversation_updated__web_widget__status_pending_to_open": func(s *shop) {
			s.must(s.SetStatus(answered(s), 7, tania.StatusOpen, time.Time{}))
		},
		"conversation_status_changed__whatsapp__snoozed": func(s *shop) {
			s.must(s.Snooze(hola(s), 7, time.Date(2026, 6, 18, 9, 0, 1, 0, time.UTC)))
		},
		"conversation_updated__web_widget__labels": func(s *shop) {
			s.call(botToken, http.MethodPost, conversationPath(s.writes("Hi").Conversation, "/labels"), `{"labels":["billing","vip"]}`)
		},
		"conversation_updated__whatsapp__assignee_user": func(s *shop) {
			id := hola(s)
			s.must(s.SetStatus(id, 7, tania.StatusOpen, time.Time{}))
			s.must(s.AssignAgent(id, 7, 7))
		},
		"conversation_updated__whatsapp__assignee_agent_bot": func(s *shop) { s.must(s.AssignBot(hola(s), 7)) },
		"conversation_updated__web_widget__waiting_since_cleared_by_bot_reply": func(s *shop) {
			s.says(s.writes("Hi").Conversation, `{"content":"Hello"}`)
		},
	} {
		t.Run(name, func(t *testing.T) { newShop(t, nil).play(name, play) })
	}
}

func TestWebhooksOfAnAccountHaveChatwootsShape(t *testing.T) {
	for name, play := range map[string]func(s *shop){
		"conversation_created__web_widget": func(s *shop) { s.writes("Hi, do you ship to Canada?") },
		"conversation_typing_on__web_widget__contact": func(s *shop) {
			s.must(s.CustomerTypes(s.writes("Hi").Conversation, true))
		},
		"conversation_typing_on__api__agent_bot": func(s *shop) {
			m, err := s.CustomerWrites(chatwootsim.CustomerMessage{Inbox: 13, Text: "How do I reset my PIN?"})
			s.must(err)
			s.call(botToken, http.MethodPost, conversationPath(m.Conversation, "/toggle_typing_status"), `{"typing_status":"on"}`)
		},
		"conversation_typing_on__web_widget__user_private": func(s *shop) {
			s.call(userToken, http.MethodPost, conversationPath(s.writes("Hi").Conversation, "/toggle_typing_status"),
				`{"typing_status":"on","is_private":true}`)
		},
		"webwidget_triggered__with_conversation": func(s *shop) { s.must(s.WidgetOpened(s.writes("Hi").Conversation)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, func(o *chatwootsim.Options) {
				o.Hooks, o.Bot.URL = []chatwootsim.Hook{{URL: o.Bot.URL, Secret: "account-secret"}}, ""
			})
			play(s)
			s.settle()
			want := sample(t, "payloads", name)
			got := s.last(at(t, want, "event"), nil)
			if got == nil {
				t.Fatalf("no such webhook among %q", s.bot.events())
			}
			// The account webhook of these scenarios has the same conversation as the bot's, which is compared there.
			sameShape(t, want, got)
			sameValues(t, want, got, "event", "is_private", "user.type", "status")
		})
	}
}
