package chatwootsim

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/tania"
)

// Statuses are those a conversation may have.
var Statuses = []tania.Status{tania.StatusOpen, tania.StatusResolved, tania.StatusPending, tania.StatusSnoozed}

// Change is one entry of changed_attributes.
type Change struct {
	Name          string
	Before, After any
}

// updated notes what changed and sends conversation_updated.
func (w *World) updated(c *Thread, changes ...Change) {
	before := c.Updated
	c.Updated = w.Now()
	changes = append(changes, Change{"updated_at", rails.ISO(before), rails.ISO(c.Updated)})
	w.Publish(Event{Name: ConversationUpdated, Conversation: c, Changes: changes})
	w.Touch()
}

// ChangeStatus changes the status and tells it as Chatwoot does: first the events of the new status, with changed_attributes
// null, then the conversation_updated that holds the transition. It does nothing when the status is that already.
func (w *World) ChangeStatus(c *Thread, status tania.Status, until time.Time, by string) {
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
	c.Updated = w.Now()
	switch status {
	case tania.StatusOpen:
		w.Publish(Event{Name: ConversationOpened, Conversation: c})
	case tania.StatusResolved:
		w.Publish(Event{Name: ConversationResolved, Conversation: c})
	}
	w.Publish(Event{Name: ConversationStatusChanged, Conversation: c})
	w.updated(c, Change{"status", before, status})
	words := map[tania.Status]string{
		tania.StatusOpen: "Conversation was reopened by %s", tania.StatusResolved: "Conversation was marked resolved by %s",
		tania.StatusPending: "Conversation was marked as pending by %s", tania.StatusSnoozed: "Conversation was snoozed by %s",
	}
	w.AddActivity(c, fmt.Sprintf(words[status], orSystem(by)))
}

// AddActivity writes a line of the system into the conversation. It is shown in the dashboard and never sent by webhook.
func (w *World) AddActivity(c *Thread, text string) {
	// Nothing of an activity can be refused.
	_ = w.Save(c, &Message{Type: Activity, Content: text})
}

// ChangeAssignee gives the conversation to a user or to the agent bot, which exclude one another, or to nobody.
func (w *World) ChangeAssignee(c *Thread, user tania.UserID, bot bool, by string) {
	by = orSystem(by)
	var changes []Change
	if c.Assignee != user {
		changes = append(changes, Change{"assignee_id", rails.OrNil(int64(c.Assignee)), rails.OrNil(int64(user))})
	}
	if c.AssignedBot != bot {
		changes = append(changes, Change{"assignee_agent_bot_id", w.botID(c.AssignedBot), w.botID(bot)})
	}
	if c.OtherBot != 0 {
		changes = append(changes, Change{"assignee_agent_bot_id", c.OtherBot, w.botID(bot)})
	}
	if len(changes) == 0 {
		return
	}
	c.Assignee, c.AssignedBot, c.OtherBot = user, bot, 0
	w.updated(c, changes...)
	to := "Conversation unassigned by " + by
	if u, ok := w.User(user); ok {
		to = "Assigned to " + u.Name + " by " + by
		if u.Name == by {
			to = u.Name + " self-assigned this conversation"
		}
	} else if bot {
		to = "Assigned to " + w.Options.Bot.Name + " by " + by
	}
	w.AddActivity(c, to)
}

// ChangeTeam gives the conversation to a team and, where the bot does not own it, to the agent its auto-assignment takes.
func (w *World) ChangeTeam(c *Thread, id tania.TeamID, by string) {
	by = orSystem(by)
	if c.Team == id {
		return
	}
	before := c.Team
	c.Team = id
	w.updated(c, Change{"team_id", rails.OrNil(int64(before)), rails.OrNil(int64(id))})
	t, ok := w.Team(id)
	if !ok {
		w.AddActivity(c, "Unassigned from the team by "+by)
		return
	}
	w.AddActivity(c, "Assigned to "+t.Name+" by "+by)
	if t.Agent != 0 && c.Status == tania.StatusOpen && c.Assignee == 0 && !c.AssignedBot {
		w.ChangeAssignee(c, t.Agent, false, t.Name)
	}
}

// ChangeLabels replaces the labels. Callers hold the lock.
func (w *World) ChangeLabels(c *Thread, labels []string) {
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
	w.updated(c, Change{"label_list", before, fresh},
		Change{"cached_label_list", strings.Join(before, ", "), strings.Join(fresh, ", ")})
}

// ChangeAttributes replaces the custom attributes. Callers hold the lock.
func (w *World) ChangeAttributes(c *Thread, attributes map[string]any) {
	before := c.CustomAttributes
	if reflect.DeepEqual(before, attributes) {
		return
	}
	c.CustomAttributes = maps.Clone(attributes)
	w.updated(c, Change{"custom_attributes", before, c.CustomAttributes})
}

// ChangePriority sets the priority, "" for none. Callers hold the lock.
func (w *World) ChangePriority(c *Thread, priority string, by string) {
	before := c.Priority
	if before == priority {
		return
	}
	c.Priority = priority
	w.updated(c, Change{"priority", rails.OrNull(before), rails.OrNull(priority)})
	if priority == "" {
		w.AddActivity(c, by+" removed the priority")
		return
	}
	w.AddActivity(c, by+" set the priority to "+priority)
}

// orSystem is who an activity names.
func orSystem(by string) string {
	if by == "" {
		return "system"
	}
	return by
}

func (w *World) botID(assigned bool) any {
	if assigned {
		return w.Options.Bot.ID
	}
	return nil
}
