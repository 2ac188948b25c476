package chatwootsim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"tania/internal/tania"
)

// Kinds of targets of webhooks.
const (
	ToBot      = "agent_bot"
	ToAccount  = "account"
	ToAPIInbox = "api_inbox"
)

// target is an address that gets webhooks.
type target struct {
	kind, url, secret string
	// events are those it gets, nil is all.
	events []string
	inbox  tania.InboxID
}

// Events a bot gets, before and since conversation_updated and conversation_status_changed were added for it. Activity,
// conversation_created, typing and contact events never come to a bot.
var (
	botEventsOld = []string{"message_created", "message_updated", "conversation_opened", "conversation_resolved", "webwidget_triggered"}
	botEvents    = append([]string{"conversation_status_changed", "conversation_updated"}, botEventsOld...)
	// accountEvents are those of account webhooks; the opened and resolved of bots are not among them.
	accountEvents = []string{
		"conversation_created", "conversation_updated", "conversation_status_changed", "message_created", "message_updated",
		"webwidget_triggered", "conversation_typing_on", "conversation_typing_off",
	}
)

func (s *Server) newTargets() []target {
	var list []target
	if b := s.o.Bot; b.URL != "" {
		events := botEvents
		if !s.version.since(botsSeeUpdates) {
			events = botEventsOld
		}
		list = append(list, target{kind: ToBot, url: b.URL, secret: s.signedSince(signsBots, b.Secret), events: events})
	}
	for _, h := range s.o.Hooks {
		t := target{kind: ToAccount, url: h.URL, secret: s.signedSince(signsAccounts, h.Secret), events: accountEvents, inbox: h.Inbox}
		if h.Inbox != 0 {
			t.kind = ToAPIInbox
		}
		if h.Events != nil {
			t.events = slices.DeleteFunc(slices.Clone(accountEvents), func(e string) bool { return !slices.Contains(h.Events, e) })
		}
		list = append(list, t)
	}
	return list
}

// SetWebhookURL moves the agent bot's webhooks to another address. Those made before keep theirs, as Chatwoot's jobs do.
// ErrNotFound when there is no bot with an address.
func (s *Server) SetWebhookURL(url string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.targets {
		if s.targets[i].kind == ToBot {
			s.targets[i].url, s.o.Bot.URL = url, url
			s.touch()
			return nil
		}
	}
	return fmt.Errorf("%w: an agent bot with a webhook", ErrNotFound)
}

func (s *Server) target(i int) target {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.targets[i]
}

// signedSince gives the secret where this version signs already.
func (s *Server) signedSince(v version, secret string) string {
	if !s.version.since(v) {
		return ""
	}
	return secret
}

// gets reports whether a target is told of an event in a conversation.
func (s *Server) gets(t target, c *conversation, event string) bool {
	if !slices.Contains(t.events, event) {
		return false
	}
	if t.kind == ToBot {
		in, _ := s.inbox(c.Inbox)
		return in.ActiveBot || c.AssignedBot
	}
	return t.inbox == 0 || t.inbox == c.Inbox
}

func (s *Server) emitMessage(c *conversation, m *Message, event string) {
	if m.Type == Activity {
		return
	}
	s.emit(c, m.ID, event, func() object { return s.messageWebhook(c, m, event) })
}

// emitConversation sends a conversation's event, with more keys beside it.
func (s *Server) emitConversation(c *conversation, event string, more object) {
	s.emit(c, 0, event, func() object {
		body := s.conversationWebhook(c)
		body["event"] = event
		maps.Copy(body, more)
		return body
	})
}

func (s *Server) emitTyping(c *conversation, who object, on, private bool) {
	event := "conversation_typing_off"
	if on {
		event = "conversation_typing_on"
	}
	s.emit(c, 0, event, func() object {
		return object{"event": event, "user": who, "conversation": s.conversationWebhook(c), "is_private": private}
	})
}

// WidgetOpened is webwidget_triggered: the visitor opened the widget.
func (s *Server) WidgetOpened(id tania.ConversationID) error {
	return s.act(id, 0, func(c *conversation, _ User) error {
		in, _ := s.inbox(c.Inbox)
		s.emit(c, 0, "webwidget_triggered", func() object {
			return object{
				"id": c.contact.ID + 400, "contact": s.contactWebhook(c.contact), "inbox": object{"id": in.ID, "name": in.Name},
				"account": s.accountRef(), "current_conversation": s.conversationWebhook(c), "source_id": c.contact.sourceID,
				"event": "webwidget_triggered", "event_info": additional(c),
			}
		})
		return nil
	})
}

// emit makes one delivery for each target that gets the event. The body is written once, as Chatwoot writes it: Go escapes
// < > & and U+2028/9 in JSON as ActiveSupport does.
func (s *Server) emit(c *conversation, message tania.MessageID, event string, body func() object) {
	var written []byte
	for i, t := range s.targets {
		if !s.gets(t, c, event) {
			continue
		}
		if written == nil {
			data, err := json.Marshal(body())
			if err != nil {
				s.log.Error("webhook not written", "event", event, "error", err)
				return
			}
			written = data
		}
		s.enqueue(i, &Delivery{
			Event: event, Conversation: c.ID, Message: message, To: t.kind, URL: t.url, Body: written, Made: s.now(),
		})
	}
}
