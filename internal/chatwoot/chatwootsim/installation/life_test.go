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

func (s *shop) status(id tania.ConversationID) tania.Status {
	c, _ := s.Conversation(id)
	return c.Status
}

func TestTheStatusFollowsWhoWrites(t *testing.T) {
	dashboard := func(s *shop, id tania.ConversationID) {
		_, err := s.AgentReplies(id, 7, "Hello", chatwootsim.ViaDashboard)
		s.must(err)
	}
	again := func(s *shop, id tania.ConversationID) { s.writes("again", id) }
	for name, c := range map[string]struct {
		inbox tania.InboxID
		play  func(*shop, tania.ConversationID)
		want  tania.Status
	}{
		"new, with an active bot":            {11, func(*shop, tania.ConversationID) {}, tania.StatusPending},
		"new, without a bot":                 {14, func(*shop, tania.ConversationID) {}, tania.StatusOpen},
		"a human replies from the dashboard": {11, dashboard, tania.StatusPending},
		"a human replies by API": {11, func(s *shop, id tania.ConversationID) {
			s.call(userToken, "POST", conversationPath(id, "/messages"), `{"content":"x"}`)
		}, tania.StatusPending},
		"a human replies on the phone": {11, func(s *shop, id tania.ConversationID) {
			_, err := s.AgentReplies(id, 0, "x", chatwootsim.ViaPhone)
			s.must(err)
		}, tania.StatusPending},
		"a human takes over": {11, func(s *shop, id tania.ConversationID) { s.must(s.TakeOver(id, 7)) }, tania.StatusOpen},
		"the customer writes in an open one": {
			11, func(s *shop, id tania.ConversationID) { s.must(s.TakeOver(id, 7)); again(s, id) },
			tania.StatusOpen,
		},
		"the customer writes in a resolved": {
			11, func(s *shop, id tania.ConversationID) { s.must(s.Resolve(id, 7)); again(s, id) },
			tania.StatusPending,
		},
		"the same without a bot": {
			14, func(s *shop, id tania.ConversationID) { s.must(s.Resolve(id, 7)); again(s, id) },
			tania.StatusOpen,
		},
		"the customer writes in a snoozed one": {11, func(s *shop, id tania.ConversationID) {
			s.must(s.Snooze(id, 7, time.Time{}))
			again(s,
				id)
		}, tania.StatusOpen},
		"the bot hands over": {11, func(s *shop, id tania.ConversationID) {
			s.call(botToken, "POST", conversationPath(id, "/toggle_status"), `{"status":"open"}`)
		}, tania.StatusOpen},
		"an unknown status is asked for": {11, func(s *shop, id tania.ConversationID) {
			s.call(botToken, "POST", conversationPath(id, "/toggle_status"), `{"status":"done"}`)
		}, tania.StatusPending},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, nil)
			m, err := s.CustomerWrites(chatwootsim.CustomerMessage{Inbox: c.inbox, Text: "Hi"})
			s.must(err)
			c.play(s, m.Conversation)
			if got := s.status(m.Conversation); got != c.want {
				t.Errorf("status %s, want %s", got, c.want)
			}
		})
	}
}

func TestTheOldAssigneeStaysWhenACustomerComesBack(t *testing.T) {
	s := newShop(t, nil)
	id := s.writes("Hi").Conversation
	s.must(s.TakeOver(id, 7))
	s.must(s.Resolve(id, 7))
	s.writes("me again", id)
	if c, _ := s.Conversation(id); c.Assignee != 7 || c.Status != tania.StatusPending {
		t.Errorf("assignee %d, status %s", c.Assignee, c.Status)
	}
}

func TestNewVersionsAssignTheBotUntilItHandsOver(t *testing.T) {
	s := newShop(t, func(o *chatwootsim.Options) { o.Version = "4.17.0"; o.Teams[0].Agent = 7 })
	id := s.writes("Hi").Conversation
	c, _ := s.Conversation(id)
	s.settle()
	if got := at(t, s.last("message_created", nil), "conversation.meta.assignee.type"); !c.AssignedBot || got != "agent_bot" {
		t.Errorf("assigned bot: %v, in the webhook %v", c.AssignedBot, got)
	}
	s.call(botToken, "POST", conversationPath(id, "/assignments"), `{"team_id":5}`)
	if c, _ = s.Conversation(id); c.Assignee != 0 {
		t.Errorf("auto-assigned to %d while the bot owns it", c.Assignee)
	}
	s.call(botToken, "POST", conversationPath(id, "/toggle_status"), `{"status":"open"}`)
	s.call(botToken, "POST", conversationPath(id, "/assignments"), `{"team_id":0}`)
	s.call(botToken, "POST", conversationPath(id, "/assignments"), `{"team_id":5}`)
	if c, _ = s.Conversation(id); c.AssignedBot || c.Assignee != 7 {
		t.Errorf("after the handoff: bot %v, assignee %d", c.AssignedBot, c.Assignee)
	}
}

func TestTheDotsAreShownUntilOffAMessageOrThirtySeconds(t *testing.T) {
	s := newShop(t, nil)
	id := s.writes("Hi").Conversation
	typing := func() bool { c, _ := s.Conversation(id); return c.Typing }
	on := func() {
		s.call(botToken, http.MethodPost, conversationPath(id, "/toggle_typing_status"), `{"typing_status":"on"}`)
		if !typing() {
			t.Fatal("no dots after on")
		}
	}
	for name, end := range map[string]func(){
		"off": func() {
			s.call(botToken, http.MethodPost, conversationPath(id, "/toggle_typing_status"), `{"typing_status":"off"}`)
		},
		"a message":      func() { s.says(id, `{"content":"x"}`) },
		"thirty seconds": func() { s.pass(chatwootsim.TypingFor) },
	} {
		on()
		if end(); typing() {
			t.Errorf("the dots are still shown after %s", name)
		}
	}
}

// TestEventsComeInChatwootsOrder plays a conversation's life and looks at what the bot is told: never of activities.
func TestEventsComeInChatwootsOrder(t *testing.T) {
	s := newShop(t, nil)
	id := s.writes("Hi").Conversation
	s.says(id, `{"content":"Hello"}`)
	s.call(botToken, "POST", conversationPath(id, "/toggle_status"), `{"status":"open"}`)
	s.call(botToken, "POST", conversationPath(id, "/assignments"), `{"team_id":5}`)
	_, err := s.AgentNote(id, 7, "a note")
	s.must(err)
	s.must(s.Resolve(id, 7))
	s.writes("again", id)
	s.settle()
	want := []string{
		"message_created Hi", "message_created Hello", "conversation_updated",
		"conversation_opened", "conversation_status_changed", "conversation_updated", "conversation_updated",
		"message_created a note",
		"conversation_resolved", "conversation_status_changed", "conversation_updated",
		"conversation_status_changed", "conversation_updated", "message_created again", "conversation_updated",
	}
	if diff := cmp.Diff(want, s.bot.events()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var activities int
	for _, m := range s.Messages(id) {
		if m.Type == chatwootsim.Activity {
			activities++
		}
	}
	if activities == 0 {
		t.Error("no activity was written, so nothing was kept from the bot")
	}
}

func TestAnAccountsWebhookGetsItsOwnSetOfEvents(t *testing.T) {
	account := newReceiver(t, nil)
	s := newShop(t, func(o *chatwootsim.Options) { o.Hooks = []chatwootsim.Hook{{URL: account.URL, Secret: "x"}} })
	id := s.writes("Hi").Conversation
	s.must(s.CustomerTypes(id, true))
	s.must(s.SetStatus(id, 7, tania.StatusOpen, time.Time{}))
	s.settle()
	want := []string{
		"message_created Hi", "conversation_created", "conversation_typing_on", "conversation_status_changed",
		"conversation_updated",
	}
	if diff := cmp.Diff(want, account.events()); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	if got := s.bot.events(); slices.Contains(got, "conversation_created") || slices.Contains(got, "conversation_typing_on") {
		t.Errorf("the bot got %q", got)
	}
}

// TestAUsersTokenAnswersInOpenConversations plays the second way to be connected: no bot, a user's token, conversations open.
func TestAUsersTokenAnswersInOpenConversations(t *testing.T) {
	s := newShop(t, func(o *chatwootsim.Options) {
		o.Hooks = []chatwootsim.Hook{{URL: o.Bot.URL, Secret: "account", Events: []string{"message_created", "conversation_updated"}}}
		o.Bot = chatwootsim.Bot{}
		o.Inboxes = []chatwootsim.Inbox{{ID: 11, Name: "Website", Channel: tania.ChannelWebWidget}}
	})
	id := s.writes("Hi").Conversation
	got := s.call(userToken, "POST", conversationPath(id, "/messages"), `{"content":"Hello","content_attributes":{"tania":{"turn":"T"}}}`)
	if got.status != 200 || s.status(id) != tania.StatusOpen {
		t.Fatalf("status %d, conversation %s", got.status, s.status(id))
	}
	s.settle()
	echo := s.last("message_created", "Hello")
	if at(t, echo, "sender.type") != "user" || at(t, echo, "sender.id") != 8.0 || at(t, echo, "content_attributes.tania.turn") != "T" {
		t.Errorf("echo: %v", echo["sender"])
	}
	if len(s.BotMessages(id)) != 1 {
		t.Errorf("bot messages: %v", s.BotMessages(id))
	}
}

func TestAClickOnAnOptionIsAMessageOutsideTheWidget(t *testing.T) {
	s := newShop(t, nil)
	m, err := s.CustomerWrites(chatwootsim.CustomerMessage{Inbox: 12, Text: "Hola"})
	s.must(err)
	said := s.says(m.Conversation, choice)
	got, err := s.SubmitInputSelect(tania.MessageID(rails.Number(said.body["id"])), "Talk to a human")
	s.must(err)
	if got.Type != chatwootsim.Incoming || got.Content != "Talk to a human" || got.Attributes["in_reply_to"] == nil {
		t.Errorf("%+v", got)
	}
}

func TestATranscriptComesWithAnUpdate(t *testing.T) {
	s := newShop(t, nil)
	m, err := s.CustomerWrites(chatwootsim.CustomerMessage{
		Inbox:       12,
		Attachments: []chatwootsim.Attachment{{Type: "audio", URL: "https://chat.example.com/a.ogg"}},
	})
	s.must(err)
	_, err = s.Transcribe(m.ID, "quiero pan")
	s.must(err)
	s.settle()
	if got := at(t, s.last("message_updated", nil), "attachments.0.transcribed_text"); got != "quiero pan" {
		t.Errorf("transcribed_text %v", got)
	}
}

func TestWhatIsNotThereIsAnError(t *testing.T) {
	s := newShop(t, nil)
	id := s.writes("Hi").Conversation
	for name, err := range map[string]error{
		"conversation": s.Resolve(99, 7), "user": s.Resolve(id, 99), "agent": s.AssignAgent(id, 99, 7),
		"team": s.AssignTeam(id, 99, 7), "status": s.SetStatus(id, 7, "done", time.Time{}),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := s.CustomerWrites(chatwootsim.CustomerMessage{Inbox: 99, Text: "x"}); err == nil {
		t.Error("inbox: no error")
	}
}
