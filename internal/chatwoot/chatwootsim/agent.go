package chatwootsim

import (
	"fmt"
	"slices"
	"time"

	"tania/internal/tania"
)

// AgentReplies is a human's reply. Whatever way it comes, a pending conversation stays pending: TakeOver opens it. A
// message from the phone has no sender, but external_echo.
func (w *World) AgentReplies(id tania.ConversationID, user tania.UserID, text string, via Via) (Message, error) {
	m := Message{Type: Outgoing, Content: text}
	switch via {
	case ViaPhone:
		m.Attributes = map[string]any{"external_echo": true}
		return w.write(id, 0, m)
	case ViaGateway:
		m.Attributes = map[string]any{"external_sender_name": "WhatsApp", "external_created_at": w.Now().Unix()}
		return w.write(id, 0, m)
	}
	return w.write(id, user, m)
}

// AgentWrites is an outgoing message with the marks that are given in it; user 0 is nobody.
func (w *World) AgentWrites(id tania.ConversationID, user tania.UserID, m Message) (Message, error) {
	m.Type = Outgoing
	return w.write(id, user, m)
}

// CampaignWrites is a message of a campaign, which has the user as its sender (Campaigns::CampaignConversationBuilder).
func (w *World) CampaignWrites(id tania.ConversationID, user tania.UserID, text string) (Message, error) {
	return w.write(id, user, Message{Type: Outgoing, Content: text, Additional: map[string]any{"campaign_id": 7}})
}

// AgentNote is a private note.
func (w *World) AgentNote(id tania.ConversationID, user tania.UserID, text string) (Message, error) {
	return w.write(id, user, Message{Type: Outgoing, Content: text, Private: true})
}

// AutomationWrites is a message of an automation rule: outgoing, without a sender.
func (w *World) AutomationWrites(id tania.ConversationID, text string) (Message, error) {
	return w.write(id, 0, Message{Type: Outgoing, Content: text, Attributes: map[string]any{"automation_rule_id": 4}})
}

func (w *World) write(id tania.ConversationID, user tania.UserID, m Message) (Message, error) {
	w.Lock()
	defer w.Unlock()
	c, by, err := w.both(id, user)
	if err != nil {
		return Message{}, err
	}
	if user != 0 {
		m.Sender = Sender{Kind: tania.ActorUser, ID: int64(user), Name: by.Name}
	}
	err = w.Save(c, &m)
	return m, err
}

// both looks up a conversation and the user who acts on it, 0 for the system.
func (w *World) both(id tania.ConversationID, user tania.UserID) (*Thread, User, error) {
	c, ok := w.Threads[id]
	if !ok {
		return nil, User{}, fmt.Errorf("%w: conversation %d", ErrNotFound, id)
	}
	by, ok := w.User(user)
	if !ok && user != 0 {
		return nil, User{}, fmt.Errorf("%w: user %d", ErrNotFound, user)
	}
	return c, by, nil
}

// SetStatus changes the status in the dashboard; until is for snoozed. A user who opens it is not assigned by that.
func (w *World) SetStatus(id tania.ConversationID, user tania.UserID, status tania.Status, until time.Time) error {
	return w.act(id, user, func(c *Thread, by User) error {
		if !slices.Contains(Statuses, status) {
			return fmt.Errorf("%w: status %q", ErrNotFound, status)
		}
		w.ChangeStatus(c, status, until, by.Name)
		return nil
	})
}

// Resolve marks a conversation resolved.
func (w *World) Resolve(id tania.ConversationID, user tania.UserID) error {
	return w.SetStatus(id, user, tania.StatusResolved, time.Time{})
}

// Snooze hides a conversation until a time, or until the customer writes.
func (w *World) Snooze(id tania.ConversationID, user tania.UserID, until time.Time) error {
	return w.SetStatus(id, user, tania.StatusSnoozed, until)
}

// TakeOver is an agent's "take over": the conversation opens and is theirs.
func (w *World) TakeOver(id tania.ConversationID, user tania.UserID) error {
	return w.act(id, user, func(c *Thread, by User) error {
		w.ChangeStatus(c, tania.StatusOpen, time.Time{}, by.Name)
		w.ChangeAssignee(c, user, false, by.Name)
		return nil
	})
}

// SetLabels replaces the labels.
func (w *World) SetLabels(id tania.ConversationID, labels []string) error {
	return w.act(id, 0, func(c *Thread, _ User) error { w.ChangeLabels(c, labels); return nil })
}

// AssignAgent gives the conversation to a user, 0 to nobody.
func (w *World) AssignAgent(id tania.ConversationID, to, by tania.UserID) error {
	return w.act(id, by, func(c *Thread, by User) error {
		if _, ok := w.User(to); !ok && to != 0 {
			return fmt.Errorf("%w: user %d", ErrNotFound, to)
		}
		w.ChangeAssignee(c, to, false, by.Name)
		return nil
	})
}

// AssignBot makes the agent bot the assignee.
func (w *World) AssignBot(id tania.ConversationID, by tania.UserID) error {
	return w.act(id, by, func(c *Thread, by User) error { w.ChangeAssignee(c, 0, true, by.Name); return nil })
}

// AssignOtherBot gives the conversation to an agent bot that is not the inbox's.
func (w *World) AssignOtherBot(id tania.ConversationID, bot int64, by tania.UserID) error {
	return w.act(id, by, func(c *Thread, by User) error {
		c.OtherBot = bot
		w.updated(c, Change{"assignee_agent_bot_id", w.botID(c.AssignedBot), bot})
		return nil
	})
}

// AssignTeam gives the conversation to a team, 0 to none.
func (w *World) AssignTeam(id tania.ConversationID, team tania.TeamID, by tania.UserID) error {
	return w.act(id, by, func(c *Thread, by User) error {
		if _, ok := w.Team(team); !ok && team != 0 {
			return fmt.Errorf("%w: team %d", ErrNotFound, team)
		}
		w.ChangeTeam(c, team, by.Name)
		return nil
	})
}

// DeleteMessage removes a message: a placeholder stays, its attachments are gone.
func (w *World) DeleteMessage(id tania.MessageID) (Message, error) {
	w.Lock()
	defer w.Unlock()
	return w.Remove(id)
}

// Remove deletes a message as DeleteMessage does. Callers hold the lock.
func (w *World) Remove(id tania.MessageID) (Message, error) {
	return w.Amend(id, func(m *Message) {
		m.Content, m.ContentType, m.Attachments = deletedText, "text", nil
		m.Attributes = map[string]any{"deleted": true}
	})
}

// SetDelivery is the channel's word on an outgoing message: delivered, read, or failed with the channel's error.
func (w *World) SetDelivery(id tania.MessageID, status, externalError string) (Message, error) {
	w.Lock()
	defer w.Unlock()
	return w.deliver(id, status, externalError)
}

// deliver is SetDelivery. Callers hold the lock.
func (w *World) deliver(id tania.MessageID, status, externalError string) (Message, error) {
	return w.Amend(id, func(m *Message) {
		m.Status = status
		if externalError != "" {
			m.Attributes["external_error"] = externalError
		}
	})
}

func (w *World) act(id tania.ConversationID, user tania.UserID, do func(*Thread, User) error) error {
	w.Lock()
	defer w.Unlock()
	c, by, err := w.both(id, user)
	if err != nil {
		return err
	}
	return do(c, by)
}
