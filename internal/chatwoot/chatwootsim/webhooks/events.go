package webhooks

import (
	"encoding/json"
	"fmt"
	"slices"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/shape"
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
)

func (s *Webhooks) newTargets() []target {
	var list []target
	if b := s.Options.Bot; b.URL != "" {
		events := botEvents
		if !s.Release.Since(chatwootsim.BotsSeeUpdates) {
			events = botEventsOld
		}
		list = append(list, target{kind: ToBot, url: b.URL, secret: s.signedSince(chatwootsim.SignsBots, b.Secret), events: events})
	}
	for _, h := range s.Options.Hooks {
		t := target{
			kind: ToAccount, url: h.URL, secret: s.signedSince(chatwootsim.SignsAccounts, h.Secret), events: chatwootsim.AccountEvents,
			inbox: h.Inbox,
		}
		if h.Inbox != 0 {
			t.kind = ToAPIInbox
		}
		if h.Events != nil {
			t.events = slices.DeleteFunc(slices.Clone(chatwootsim.AccountEvents), func(e string) bool { return !slices.Contains(h.Events, e) })
		}
		list = append(list, t)
	}
	return list
}

// SetURL moves the agent bot's webhooks to another address. Those made before keep theirs, as Chatwoot's jobs do.
// ErrNotFound when there is no bot with an address.
func (s *Webhooks) SetURL(url string) error {
	s.Lock()
	defer s.Unlock()
	for i := range s.targets {
		if s.targets[i].kind == ToBot {
			s.targets[i].url, s.Options.Bot.URL = url, url
			s.Touch()
			return nil
		}
	}
	return fmt.Errorf("%w: an agent bot with a webhook", chatwootsim.ErrNotFound)
}

func (s *Webhooks) target(i int) target {
	s.Lock()
	defer s.Unlock()
	return s.targets[i]
}

// signedSince gives the secret where this version signs already.
func (s *Webhooks) signedSince(v chatwootsim.Release, secret string) string {
	if !s.Release.Since(v) {
		return ""
	}
	return secret
}

// gets reports whether a target is told of an event in a conversation.
func (s *Webhooks) gets(t target, c *chatwootsim.Thread, event string) bool {
	if !slices.Contains(t.events, event) {
		return false
	}
	if t.kind == ToBot {
		in, _ := s.Inbox(c.Inbox)
		return in.ActiveBot || c.AssignedBot
	}
	return t.inbox == 0 || t.inbox == c.Inbox
}

// emit makes one delivery for each target that gets the event. The body is written once, as Chatwoot writes it: Go escapes
// < > & and U+2028/9 in JSON as ActiveSupport does.
func (s *Webhooks) emit(event chatwootsim.Event) {
	var written []byte
	for i, t := range s.targets {
		if !s.gets(t, event.Conversation, event.Name) {
			continue
		}
		if written == nil {
			data, err := json.Marshal(shape.Event(s.World, event))
			if err != nil {
				s.Options.Log.Error("webhook not written", "event", event.Name, "error", err)
				return
			}
			written = data
		}
		d := &Delivery{Event: event.Name, Conversation: event.Conversation.ID, To: t.kind, URL: t.url, Body: written, Made: s.Now()}
		if event.Message != nil {
			d.Message = event.Message.ID
		}
		s.enqueue(i, d)
	}
}
