package chatwootsim

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"tania/internal/tania"
)

// Limits of Chatwoot's Message.
const (
	maxContent   = 150_000
	floodLimit   = 200
	floodPeriod  = time.Minute
	replyWindow  = 24 * time.Hour
	deletedText  = "This message was deleted"
	botErrorText = "Conversation was marked open by system due to an error with the agent bot."
)

// Errors of the simulator's own methods; the API's are in Chatwoot's words.
var (
	ErrNotFound = errors.New("chatwootsim: there is no such thing")
	// ErrInvalid is what Chatwoot's validations refuse.
	ErrInvalid = errors.New("Validation failed") //nolint:staticcheck // Rails' words
)

func invalid(what string) error { return fmt.Errorf("%w: %s", ErrInvalid, what) }

// save validates a message, gives it its id, changes the conversation as Chatwoot's callbacks do and sends its webhooks.
func (s *Server) save(c *conversation, m *Message) error {
	now := s.now()
	if utf8.RuneCountInString(m.Content) > maxContent {
		return invalid("Content is too long (maximum is 150000 characters), Processed message content is too long (maximum is 150000 characters)")
	}
	if m.Type != Activity && !s.o.NoFloodLimit && s.flooded(c, now) {
		return invalid("Too many messages")
	}
	if m.ContentType == "" {
		m.ContentType = "text"
	}
	if err := checkItems(m); err != nil {
		return err
	}
	if m.Type == Outgoing {
		m.Content = liquid(m.Content, c.contact.Name)
	}
	if m.Attributes == nil {
		m.Attributes = map[string]any{}
	}
	s.lastMessage++
	m.ID, m.Conversation, m.Status = s.lastMessage, c.ID, "sent"
	if m.Created.IsZero() {
		m.Created = now
	}
	m.Updated = m.Created
	for i := range m.Attachments {
		s.lastFile++
		m.Attachments[i].ID = s.lastFile
	}
	c.messages = append(c.messages, m)
	if m.Type == Activity {
		s.touch()
		return nil
	}
	s.settle(c, m)
	return nil
}

// settle does to the conversation what Chatwoot does after a message is created, in its order: a closed conversation
// reopens, the event goes out, and only then waiting_since and first_reply_created_at change.
func (s *Server) settle(c *conversation, m *Message) {
	first := len(c.messages) == 1
	c.LastActivity, c.Updated = m.Created, m.Created
	switch {
	case m.Type == Incoming:
		s.reopen(c)
		c.Unread++
		if first {
			c.WaitingSince = m.Created
		}
	case m.Type == Outgoing && m.Sender.Kind == tania.ActorUser:
		c.agentSeen, c.Unread = m.Created, 0
	}
	s.emitMessage(c, m, "message_created")
	s.touch()
	if m.Private {
		return
	}
	var changed []change
	switch {
	case m.Type == Incoming && c.WaitingSince.IsZero():
		changed = append(changed, change{"waiting_since", nil, iso(m.Created)})
		c.WaitingSince = m.Created
	case m.Type == Outgoing:
		if c.FirstReply.IsZero() && m.Sender.Kind == tania.ActorUser {
			changed = append(changed, change{"first_reply_created_at", nil, iso(m.Created)})
			c.FirstReply = m.Created
		}
		if !c.WaitingSince.IsZero() && m.Sender.Kind != tania.ActorNone {
			changed = append(changed, change{"waiting_since", iso(c.WaitingSince), nil})
			c.WaitingSince = time.Time{}
		}
	}
	if len(changed) > 0 {
		s.updated(c, changed...)
	}
	if in, ok := s.inbox(c.Inbox); ok && first && m.Type == Incoming && in.Greeting != "" {
		// A template that cannot be saved is left out, as Chatwoot does.
		_ = s.save(c, &Message{Type: Template, Content: in.Greeting})
	}
}

// reopen is what a customer's message does to a conversation that is not being worked on. The old assignee stays.
func (s *Server) reopen(c *conversation) {
	switch c.Status {
	case tania.StatusSnoozed:
		s.setStatus(c, tania.StatusOpen, time.Time{}, "")
	case tania.StatusResolved:
		if in, ok := s.inbox(c.Inbox); ok && in.ActiveBot {
			s.setStatus(c, tania.StatusPending, time.Time{}, "")
		} else {
			s.setStatus(c, tania.StatusOpen, time.Time{}, "")
		}
	}
}

func (s *Server) flooded(c *conversation, now time.Time) bool {
	count := 0
	for i := len(c.messages) - 1; i >= 0 && count < floodLimit; i-- {
		if now.Sub(c.messages[i].Created) > floodPeriod {
			break
		}
		count++
	}
	return count >= floodLimit
}

// windowed reports whether the channel lets one write only within 24 hours of the customer's last message.
func windowed(ch tania.Channel) bool {
	return ch == tania.ChannelWhatsApp || ch == tania.ChannelFacebook || ch == tania.ChannelInstagram
}

func (s *Server) canReply(c *conversation) bool {
	if !windowed(c.Channel) {
		return true
	}
	last := c.last(func(m *Message) bool { return m.Type == Incoming })
	return last != nil && s.now().Sub(last.Created) < replyWindow
}

var (
	codeOrLiquid = regexp.MustCompile("(?s)`.*?`|\\{\\{.*?\\}\\}|\\{%.*?%\\}")
	contactName  = regexp.MustCompile(`^\{\{-?\s*contact\.name\s*-?\}\}$`)
)

// liquid is what the template language leaves of an outgoing text: variables it does not know vanish, text in backticks is
// safe (Liquidable#process_liquid_in_content).
func liquid(text, contact string) string {
	return codeOrLiquid.ReplaceAllStringFunc(text, func(found string) string {
		switch {
		case strings.HasPrefix(found, "`"):
			return found
		case contactName.MatchString(found):
			return contact
		}
		return ""
	})
}

// amend writes a message again, tells it by message_updated and keeps the old one for those who hold it.
func (s *Server) amend(id tania.MessageID, amend func(*Message)) (Message, error) {
	for _, c := range s.conversations {
		for i, m := range c.messages {
			if m.ID != id {
				continue
			}
			changed := *m
			changed.Attributes = maps.Clone(m.Attributes)
			amend(&changed)
			changed.Updated = s.now()
			c.messages[i] = &changed
			s.emitMessage(c, &changed, "message_updated")
			s.touch()
			return changed, nil
		}
	}
	return Message{}, fmt.Errorf("%w: message %d", ErrNotFound, id)
}
