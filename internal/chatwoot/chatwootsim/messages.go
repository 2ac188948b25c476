package chatwootsim

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/tania"
)

// Limits of Chatwoot's Message.
const (
	maxContent  = 150_000
	floodLimit  = 200
	floodPeriod = time.Minute
	replyWindow = 24 * time.Hour
	deletedText = "This message was deleted"
)

// Errors of the simulator's own methods; the API's are in Chatwoot's words.
var (
	ErrNotFound = errors.New("chatwootsim: there is no such thing")
	// ErrInvalid is what Chatwoot's validations refuse.
	ErrInvalid = errors.New("Validation failed") //nolint:staticcheck // Rails' words
)

func invalid(what string) error { return fmt.Errorf("%w: %s", ErrInvalid, what) }

// Save validates a message, gives it its id, changes the conversation as Chatwoot's callbacks do and sends its webhooks.
func (w *World) Save(c *Thread, m *Message) error {
	now := w.Now()
	if utf8.RuneCountInString(m.Content) > maxContent {
		return invalid("Content is too long (maximum is 150000 characters), Processed message content is too long (maximum is 150000 characters)")
	}
	if m.Type != Activity && !w.Options.NoFloodLimit && w.flooded(c, now) {
		return invalid("Too many messages")
	}
	if m.ContentType == "" {
		m.ContentType = "text"
	}
	if err := checkItems(m); err != nil {
		return err
	}
	if m.Type == Outgoing {
		m.Content = liquid(m.Content, c.Customer.Name)
	}
	if m.Attributes == nil {
		m.Attributes = map[string]any{}
	}
	w.lastMessage++
	m.ID, m.Conversation, m.Status = w.lastMessage, c.ID, "sent"
	if m.Created.IsZero() {
		m.Created = now
	}
	m.Updated = m.Created
	for i := range m.Attachments {
		w.lastFile++
		m.Attachments[i].ID = w.lastFile
	}
	c.Messages = append(c.Messages, m)
	if m.Type == Activity {
		w.Touch()
		return nil
	}
	w.settle(c, m)
	if why := w.refused(c, m); why != "" {
		_, err := w.deliver(m.ID, "failed", why)
		return err
	}
	return nil
}

// settle does to the conversation what Chatwoot does after a message is created, in its order: a closed conversation
// reopens, the event goes out, and only then waiting_since and first_reply_created_at change.
func (w *World) settle(c *Thread, m *Message) {
	first := len(c.Messages) == 1
	c.LastActivity, c.Updated = m.Created, m.Created
	switch {
	case m.Type == Incoming:
		w.reopen(c)
		c.Unread++
		if first {
			c.WaitingSince = m.Created
		}
	case m.Type == Outgoing && m.Sender.Kind == tania.ActorUser:
		c.AgentSeen, c.Unread = m.Created, 0
	}
	w.Publish(Event{Name: MessageCreated, Conversation: c, Message: m})
	w.Touch()
	if m.Private {
		return
	}
	var changed []Change
	switch {
	case m.Type == Incoming && c.WaitingSince.IsZero():
		changed = append(changed, Change{"waiting_since", nil, rails.ISO(m.Created)})
		c.WaitingSince = m.Created
	case m.Type == Outgoing:
		if c.FirstReply.IsZero() && m.Sender.Kind == tania.ActorUser {
			changed = append(changed, Change{"first_reply_created_at", nil, rails.ISO(m.Created)})
			c.FirstReply = m.Created
		}
		if !c.WaitingSince.IsZero() && m.Sender.Kind != tania.ActorNone {
			changed = append(changed, Change{"waiting_since", rails.ISO(c.WaitingSince), nil})
			c.WaitingSince = time.Time{}
		}
	}
	if len(changed) > 0 {
		w.updated(c, changed...)
	}
	if in, ok := w.Inbox(c.Inbox); ok && first && m.Type == Incoming && in.Greeting != "" {
		// A template that cannot be saved is left out, as Chatwoot does.
		_ = w.Save(c, &Message{Type: Template, Content: in.Greeting})
	}
}

// reopen is what a customer's message does to a conversation that is not being worked on. The old assignee stays.
func (w *World) reopen(c *Thread) {
	switch c.Status {
	case tania.StatusSnoozed:
		w.ChangeStatus(c, tania.StatusOpen, time.Time{}, "")
	case tania.StatusResolved:
		if in, ok := w.Inbox(c.Inbox); ok && in.ActiveBot {
			w.ChangeStatus(c, tania.StatusPending, time.Time{}, "")
		} else {
			w.ChangeStatus(c, tania.StatusOpen, time.Time{}, "")
		}
	}
}

func (w *World) flooded(c *Thread, now time.Time) bool {
	count := 0
	for i := len(c.Messages) - 1; i >= 0 && count < floodLimit; i-- {
		if now.Sub(c.Messages[i].Created) > floodPeriod {
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

// CanReply reports whether the channel lets one write to the customer now.
func (w *World) CanReply(c *Thread) bool {
	if !windowed(c.Channel) {
		return true
	}
	last := c.Last(func(m *Message) bool { return m.Type == Incoming })
	return last != nil && w.Now().Sub(last.Created) < replyWindow
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

// Amend writes a message again, tells it by message_updated and keeps the old one for those who hold it.
func (w *World) Amend(id tania.MessageID, amend func(*Message)) (Message, error) {
	for _, c := range w.Threads {
		for i, m := range c.Messages {
			if m.ID != id {
				continue
			}
			changed := *m
			changed.Attributes = maps.Clone(m.Attributes)
			amend(&changed)
			changed.Updated = w.Now()
			c.Messages[i] = &changed
			w.Publish(Event{Name: MessageUpdated, Conversation: c, Message: &changed})
			w.Touch()
			return changed, nil
		}
	}
	return Message{}, fmt.Errorf("%w: message %d", ErrNotFound, id)
}
