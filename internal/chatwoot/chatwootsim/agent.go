package chatwootsim

import (
	"fmt"
	"slices"
	"time"

	"tania/internal/tania"
)

// AgentReplies is a human's reply. Whatever way it comes, a pending conversation stays pending: TakeOver opens it. A
// message from the phone has no sender, but external_echo.
func (s *Server) AgentReplies(id tania.ConversationID, user tania.UserID, text string, via Via) (Message, error) {
	m := Message{Type: Outgoing, Content: text}
	switch via {
	case ViaPhone:
		m.Attributes = map[string]any{"external_echo": true}
		return s.write(id, 0, m)
	case ViaGateway:
		m.Attributes = map[string]any{"external_sender_name": "WhatsApp", "external_created_at": s.now().Unix()}
		return s.write(id, 0, m)
	}
	return s.write(id, user, m)
}

// AgentWrites is an outgoing message with the marks that are given in it; user 0 is nobody.
func (s *Server) AgentWrites(id tania.ConversationID, user tania.UserID, m Message) (Message, error) {
	m.Type = Outgoing
	return s.write(id, user, m)
}

// CampaignWrites is a message of a campaign, which has the user as its sender (Campaigns::CampaignConversationBuilder).
func (s *Server) CampaignWrites(id tania.ConversationID, user tania.UserID, text string) (Message, error) {
	return s.write(id, user, Message{Type: Outgoing, Content: text, Additional: map[string]any{"campaign_id": 7}})
}

// AgentNote is a private note.
func (s *Server) AgentNote(id tania.ConversationID, user tania.UserID, text string) (Message, error) {
	return s.write(id, user, Message{Type: Outgoing, Content: text, Private: true})
}

// AutomationWrites is a message of an automation rule: outgoing, without a sender.
func (s *Server) AutomationWrites(id tania.ConversationID, text string) (Message, error) {
	return s.write(id, 0, Message{Type: Outgoing, Content: text, Attributes: map[string]any{"automation_rule_id": 4}})
}

func (s *Server) write(id tania.ConversationID, user tania.UserID, m Message) (Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, by, err := s.both(id, user)
	if err != nil {
		return Message{}, err
	}
	if user != 0 {
		m.Sender = Sender{Kind: tania.ActorUser, ID: int64(user), Name: by.Name}
	}
	err = s.save(c, &m)
	return m, err
}

// both looks up a conversation and the user who acts on it, 0 for the system.
func (s *Server) both(id tania.ConversationID, user tania.UserID) (*conversation, User, error) {
	c, ok := s.conversations[id]
	if !ok {
		return nil, User{}, fmt.Errorf("%w: conversation %d", ErrNotFound, id)
	}
	by, ok := s.user(user)
	if !ok && user != 0 {
		return nil, User{}, fmt.Errorf("%w: user %d", ErrNotFound, user)
	}
	return c, by, nil
}

// SetStatus changes the status in the dashboard; until is for snoozed. A user who opens it is not assigned by that.
func (s *Server) SetStatus(id tania.ConversationID, user tania.UserID, status tania.Status, until time.Time) error {
	return s.act(id, user, func(c *conversation, by User) error {
		if !slices.Contains(statuses, status) {
			return fmt.Errorf("%w: status %q", ErrNotFound, status)
		}
		s.setStatus(c, status, until, by.Name)
		return nil
	})
}

// Resolve marks a conversation resolved.
func (s *Server) Resolve(id tania.ConversationID, user tania.UserID) error {
	return s.SetStatus(id, user, tania.StatusResolved, time.Time{})
}

// Snooze hides a conversation until a time, or until the customer writes.
func (s *Server) Snooze(id tania.ConversationID, user tania.UserID, until time.Time) error {
	return s.SetStatus(id, user, tania.StatusSnoozed, until)
}

// TakeOver is an agent's "take over": the conversation opens and is theirs.
func (s *Server) TakeOver(id tania.ConversationID, user tania.UserID) error {
	return s.act(id, user, func(c *conversation, by User) error {
		s.setStatus(c, tania.StatusOpen, time.Time{}, by.Name)
		s.assign(c, user, false, by.Name)
		return nil
	})
}

// SetLabels replaces the labels.
func (s *Server) SetLabels(id tania.ConversationID, labels []string) error {
	return s.act(id, 0, func(c *conversation, _ User) error { s.setLabels(c, labels); return nil })
}

// AssignAgent gives the conversation to a user, 0 to nobody.
func (s *Server) AssignAgent(id tania.ConversationID, to, by tania.UserID) error {
	return s.act(id, by, func(c *conversation, by User) error {
		if _, ok := s.user(to); !ok && to != 0 {
			return fmt.Errorf("%w: user %d", ErrNotFound, to)
		}
		s.assign(c, to, false, by.Name)
		return nil
	})
}

// AssignBot makes the agent bot the assignee.
func (s *Server) AssignBot(id tania.ConversationID, by tania.UserID) error {
	return s.act(id, by, func(c *conversation, by User) error { s.assign(c, 0, true, by.Name); return nil })
}

// AssignOtherBot gives the conversation to an agent bot that is not the inbox's.
func (s *Server) AssignOtherBot(id tania.ConversationID, bot int64, by tania.UserID) error {
	return s.act(id, by, func(c *conversation, by User) error {
		c.OtherBot = bot
		s.updated(c, change{"assignee_agent_bot_id", s.botID(c.AssignedBot), bot})
		return nil
	})
}

// AssignTeam gives the conversation to a team, 0 to none.
func (s *Server) AssignTeam(id tania.ConversationID, team tania.TeamID, by tania.UserID) error {
	return s.act(id, by, func(c *conversation, by User) error {
		if _, ok := s.team(team); !ok && team != 0 {
			return fmt.Errorf("%w: team %d", ErrNotFound, team)
		}
		s.assignTeam(c, team, by.Name)
		return nil
	})
}

// DeleteMessage removes a message: a placeholder stays, its attachments are gone.
func (s *Server) DeleteMessage(id tania.MessageID) (Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.delete(id)
}

func (s *Server) delete(id tania.MessageID) (Message, error) {
	return s.amend(id, func(m *Message) {
		m.Content, m.ContentType, m.Attachments = deletedText, "text", nil
		m.Attributes = map[string]any{"deleted": true}
	})
}

// SetDelivery is the channel's word on an outgoing message: delivered, read, or failed with the channel's error.
func (s *Server) SetDelivery(id tania.MessageID, status, externalError string) (Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.amend(id, func(m *Message) {
		m.Status = status
		if externalError != "" {
			m.Attributes["external_error"] = externalError
		}
	})
}

func (s *Server) act(id tania.ConversationID, user tania.UserID, do func(*conversation, User) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, by, err := s.both(id, user)
	if err != nil {
		return err
	}
	return do(c, by)
}
