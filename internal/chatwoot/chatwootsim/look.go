package chatwootsim

import (
	"cmp"
	"slices"
	"time"

	"tania/internal/tania"
)

// Conversation gives a conversation as it is now.
func (s *Server) Conversation(id tania.ConversationID) (Conversation, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.conversations[id]
	if !ok {
		return Conversation{}, false
	}
	return s.show(c), true
}

// Conversations gives all conversations, by id.
func (s *Server) Conversations() []Conversation {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []Conversation{}
	for _, c := range s.conversations {
		list = append(list, s.show(c))
	}
	slices.SortFunc(list, func(a, b Conversation) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// Messages gives all messages of a conversation, of every type and author, by id.
func (s *Server) Messages(id tania.ConversationID) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []Message{}
	if c, ok := s.conversations[id]; ok {
		for _, m := range c.messages {
			list = append(list, *m)
		}
	}
	return list
}

// BotMessages gives the public messages that the bot sent, by id; with a user's token those of that user count.
func (s *Server) BotMessages(id tania.ConversationID) []Message {
	return slices.DeleteFunc(s.Messages(id), func(m Message) bool {
		return m.Private || m.Type != Outgoing || m.Sender.Kind != tania.ActorBot && !s.integration(m.Sender)
	})
}

// integration reports whether a sender is a user whose token an integration uses.
func (s *Server) integration(by Sender) bool {
	u, ok := s.user(tania.UserID(by.ID))
	return ok && by.Kind == tania.ActorUser && u.Token != ""
}

// Calls gives every call of the API so far, in the order of arrival. They are kept until the server goes, as are the
// deliveries: a simulator lives as long as a test or a demo.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Deliveries gives every webhook so far, in the order in which Chatwoot made them.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Delivery, 0, len(s.deliveries))
	for _, d := range s.deliveries {
		shown := *d
		shown.Attempts = slices.Clone(d.Attempts)
		list = append(list, shown)
	}
	return list
}

// Settled reports that no webhook is under way or waits for its turn or its retry.
func (s *Server) Settled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.underway == 0
}

// Overtaking reports that a webhook which a fault sends out of order is under way or waits for its turn.
func (s *Server) Overtaking() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.deliveries, func(d *Delivery) bool { return d.order.apart && !d.Done })
}

func (s *Server) show(c *conversation) Conversation {
	shown := c.Conversation
	shown.Contact = c.contact.Contact
	shown.CanReply = s.canReply(c)
	if left := c.typingUntil.Sub(s.now()); left > 0 {
		shown.Typing, shown.TypingLeft = true, left.Milliseconds()
	}
	return shown
}

// typingFor is how long the dots are shown after the last "on" (the widget's own timer).
const typingFor = 30 * time.Second
