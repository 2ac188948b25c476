package chatwootsim

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"tania/internal/tania"
)

// statuses are those a conversation may have.
var statuses = []tania.Status{tania.StatusOpen, tania.StatusResolved, tania.StatusPending, tania.StatusSnoozed}

// change is one entry of changed_attributes.
type change struct {
	name          string
	before, after any
}

// updated notes what changed and sends conversation_updated.
func (s *Server) updated(c *conversation, changes ...change) {
	before := c.Updated
	c.Updated = s.now()
	var list []any
	for _, ch := range append(changes, change{"updated_at", iso(before), iso(c.Updated)}) {
		list = append(list, object{ch.name: object{"previous_value": ch.before, "current_value": ch.after}})
	}
	s.emitConversation(c, "conversation_updated", object{"changed_attributes": list})
	s.touch()
}

// setStatus changes the status and tells it as Chatwoot does: first the events of the new status, with changed_attributes
// null, then the conversation_updated that holds the transition. It does nothing when the status is that already.
func (s *Server) setStatus(c *conversation, status tania.Status, until time.Time, by string) {
	before := c.Status
	if before == status {
		return
	}
	c.Status, c.SnoozedUntil = status, time.Time{}
	if status == tania.StatusSnoozed {
		c.SnoozedUntil = until
	}
	if status == tania.StatusResolved {
		c.WaitingSince = time.Time{}
	}
	c.Updated = s.now()
	switch status {
	case tania.StatusOpen:
		s.emitConversation(c, "conversation_opened", nil)
	case tania.StatusResolved:
		s.emitConversation(c, "conversation_resolved", nil)
	}
	s.emitConversation(c, "conversation_status_changed", object{"changed_attributes": nil})
	s.updated(c, change{"status", before, status})
	words := map[tania.Status]string{
		tania.StatusOpen: "Conversation was reopened by %s", tania.StatusResolved: "Conversation was marked resolved by %s",
		tania.StatusPending: "Conversation was marked as pending by %s", tania.StatusSnoozed: "Conversation was snoozed by %s",
	}
	s.activity(c, fmt.Sprintf(words[status], orSystem(by)))
}

// activity writes a line of the system into the conversation. It is shown in the dashboard and never sent by webhook.
func (s *Server) activity(c *conversation, text string) {
	// Nothing of an activity can be refused.
	_ = s.save(c, &Message{Type: Activity, Content: text})
}

// assign gives the conversation to a user or to the agent bot, which exclude one another, or to nobody.
func (s *Server) assign(c *conversation, user tania.UserID, bot bool, by string) {
	by = orSystem(by)
	var changes []change
	if c.Assignee != user {
		changes = append(changes, change{"assignee_id", orNil(int64(c.Assignee)), orNil(int64(user))})
	}
	if c.AssignedBot != bot {
		changes = append(changes, change{"assignee_agent_bot_id", s.botID(c.AssignedBot), s.botID(bot)})
	}
	if c.OtherBot != 0 {
		changes = append(changes, change{"assignee_agent_bot_id", c.OtherBot, s.botID(bot)})
	}
	if len(changes) == 0 {
		return
	}
	c.Assignee, c.AssignedBot, c.OtherBot = user, bot, 0
	s.updated(c, changes...)
	to := "Conversation unassigned by " + by
	if u, ok := s.user(user); ok {
		to = "Assigned to " + u.Name + " by " + by
		if u.Name == by {
			to = u.Name + " self-assigned this conversation"
		}
	} else if bot {
		to = "Assigned to " + s.o.Bot.Name + " by " + by
	}
	s.activity(c, to)
}

// assignTeam gives the conversation to a team and, where the bot does not own it, to the agent its auto-assignment takes.
func (s *Server) assignTeam(c *conversation, id tania.TeamID, by string) {
	by = orSystem(by)
	if c.Team == id {
		return
	}
	before := c.Team
	c.Team = id
	s.updated(c, change{"team_id", orNil(int64(before)), orNil(int64(id))})
	t, ok := s.team(id)
	if !ok {
		s.activity(c, "Unassigned from the team by "+by)
		return
	}
	s.activity(c, "Assigned to "+t.Name+" by "+by)
	if t.Agent != 0 && c.Status == tania.StatusOpen && c.Assignee == 0 && !c.AssignedBot {
		s.assign(c, t.Agent, false, t.Name)
	}
}

func (s *Server) setLabels(c *conversation, labels []string) {
	fresh := []string{}
	for _, l := range labels {
		if l = strings.TrimSpace(l); l != "" && !slices.Contains(fresh, l) {
			fresh = append(fresh, l)
		}
	}
	before := c.Labels
	if slices.Equal(before, fresh) {
		return
	}
	c.Labels = fresh
	s.updated(c, change{"label_list", before, fresh},
		change{"cached_label_list", strings.Join(before, ", "), strings.Join(fresh, ", ")})
}

func (s *Server) setCustomAttributes(c *conversation, attributes map[string]any) {
	before := c.CustomAttributes
	if reflect.DeepEqual(before, attributes) {
		return
	}
	c.CustomAttributes = maps.Clone(attributes)
	s.updated(c, change{"custom_attributes", before, c.CustomAttributes})
}

func (s *Server) setPriority(c *conversation, priority string, by string) {
	before := c.Priority
	if before == priority {
		return
	}
	c.Priority = priority
	s.updated(c, change{"priority", orNull(before), orNull(priority)})
	if priority == "" {
		s.activity(c, by+" removed the priority")
		return
	}
	s.activity(c, by+" set the priority to "+priority)
}

// orSystem is who an activity names.
func orSystem(by string) string {
	if by == "" {
		return "system"
	}
	return by
}

func (s *Server) botID(assigned bool) any {
	if assigned {
		return s.o.Bot.ID
	}
	return nil
}
