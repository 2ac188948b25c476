package api

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/chatwoot/chatwootsim/shape"
	"tania/internal/tania"
)

// showConversation is _conversation.json. messages holds the last message of any kind.
func (s *api) showConversation(q *calls.Request) (int, any) {
	if s.Options.ShowFailsWithTeam && q.Thread.Team != 0 {
		return calls.ServerError()
	}
	return http.StatusOK, s.conversationREST(q.Thread)
}

func (s *api) conversationREST(c *chatwootsim.Thread) rails.Object {
	meta := rails.Object{"sender": shape.ContactREST(c.Customer), "channel": c.Channel, "hmac_verified": shape.Verified(s.World, c)}
	switch u, ok := s.User(c.Assignee); {
	case c.AssignedBot:
		meta["assignee"], meta["assignee_type"] = shape.BotREST(s.World), "AgentBot"
	case ok:
		meta["assignee"], meta["assignee_type"] = shape.UserREST(s.World, u), "User"
	}
	if t, ok := s.Team(c.Team); ok {
		meta["team"] = shape.TeamREST(s.World, t)
	}
	messages := []any{}
	if len(c.Messages) > 0 {
		messages = append(messages, shape.MessagePush(s.World, c, c.Messages[len(c.Messages)-1]))
	}
	var last any
	if m := c.Last(func(m *chatwootsim.Message) bool { return m.Type != chatwootsim.Activity }); m != nil {
		last = shape.MessagePush(s.World, c, m)
	}
	return rails.Object{
		"meta": meta, "id": c.ID, "messages": messages, "account_id": s.Options.Account.ID, "uuid": c.UUID,
		"additional_attributes": shape.Additional(c), "agent_last_seen_at": rails.Unix(c.AgentSeen), "assignee_last_seen_at": 0,
		"can_reply": s.CanReply(c), "contact_last_seen_at": 0, "custom_attributes": c.CustomAttributes, "inbox_id": c.Inbox,
		"labels": c.Labels, "muted": c.Customer.Blocked, "snoozed_until": rails.ISOOrNull(c.SnoozedUntil), "status": c.Status,
		"created_at": rails.Unix(c.Created), "updated_at": rails.Micros(c.Updated), "timestamp": rails.Unix(c.LastActivity),
		"first_reply_created_at": rails.Unix(c.FirstReply), "unread_count": c.Unread, "last_non_activity_message": last,
		"last_activity_at": rails.Unix(c.LastActivity), "priority": rails.OrNull(c.Priority), "waiting_since": rails.Unix(c.WaitingSince),
		"sla_policy_id": nil,
	}
}

// createConversation begins one for a contact, with its first message if there is one.
func (s *api) createConversation(q *calls.Request) (int, any) {
	in, ok := s.Inbox(tania.InboxID(rails.Number(q.Params["inbox_id"])))
	if !ok {
		return calls.NotFound()
	}
	who := s.Customers[tania.ContactID(rails.Number(q.Params["contact_id"]))]
	if source := rails.Text(q.Params["source_id"]); source != "" {
		for _, k := range s.Customers {
			if k.Sources[in.ID] == source || k.SourceID == source {
				who = k
			}
		}
	}
	if who == nil {
		return calls.NotFound()
	}
	c := s.Begin(in, who, time.Time{})
	c.CustomAttributes = rails.Merged(nil, q.Params["custom_attributes"])
	if u, ok := s.User(tania.UserID(rails.Number(q.Params["assignee_id"]))); ok {
		c.Assignee = u.ID
	}
	if t, ok := s.Team(tania.TeamID(rails.Number(q.Params["team_id"]))); ok {
		c.Team = t.ID
	}
	if status := tania.Status(rails.Text(q.Params["status"])); slices.Contains(chatwootsim.Statuses, status) {
		c.Status = status
	}
	q.Thread = c
	if message := rails.Structure(q.Params["message"]); message != nil {
		params := q.Params
		q.Params = message
		if status, answer := s.createMessage(q); status != http.StatusOK {
			return status, answer
		}
		q.Params = params
	}
	s.Publish(chatwootsim.Event{Name: chatwootsim.ConversationCreated, Conversation: c})
	return http.StatusOK, s.conversationREST(c)
}

func (s *api) updateConversation(q *calls.Request) (int, any) {
	if priority, ok := q.Params["priority"]; ok {
		s.ChangePriority(q.Thread, rails.Text(priority), q.Sender(s.World).Name)
	}
	return http.StatusOK, s.conversationREST(q.Thread)
}

// toggleStatus sets a status, or flips open and resolved without one. A bot's pending to open is the handoff, whose answer
// has success null.
func (s *api) toggleStatus(q *calls.Request) (int, any) {
	status := tania.Status(rails.Text(q.Params["status"]))
	var success any = true
	switch {
	case q.Bot && q.Thread.Status == tania.StatusPending && status == tania.StatusOpen:
		success = nil
		q.Thread.AssignedBot = false
	case status == "" && q.Thread.Status == tania.StatusOpen:
		status = tania.StatusResolved
	case status == "":
		status = tania.StatusOpen
	case !slices.Contains(chatwootsim.Statuses, status):
		return calls.ServerError()
	}
	var until time.Time
	if at := rails.Number(q.Params["snoozed_until"]); at > 0 {
		until = time.Unix(at, 0).UTC()
	}
	s.ChangeStatus(q.Thread, status, until, q.Sender(s.World).Name)
	if status == tania.StatusOpen && q.User.Role == "agent" {
		s.ChangeAssignee(q.Thread, q.User.ID, false, q.User.Name)
	}
	return http.StatusOK, rails.Object{"meta": rails.Object{}, "payload": rails.Object{
		"success": success, "conversation_id": q.Thread.ID, "current_status": q.Thread.Status,
		"snoozed_until": rails.ISOOrNull(q.Thread.SnoozedUntil),
	}}
}

func (s *api) toggleTyping(q *calls.Request) (int, any) {
	private := rails.Truthy(q.Params["is_private"])
	switch rails.Text(q.Params["typing_status"]) {
	case "on":
		if !private {
			q.Thread.TypingUntil = s.Now().Add(chatwootsim.TypingFor)
		}
		s.PublishTyping(q.Thread, q.Sender(s.World), true, private)
	case "off":
		q.Thread.TypingUntil = time.Time{}
		s.PublishTyping(q.Thread, q.Sender(s.World), false, private)
	}
	s.Touch()
	return http.StatusOK, calls.Empty{}
}

var priorities = []string{"", "low", "medium", "high", "urgent"}

func (s *api) togglePriority(q *calls.Request) (int, any) {
	priority := rails.Text(q.Params["priority"])
	if !slices.Contains(priorities, priority) {
		return calls.ServerError()
	}
	s.ChangePriority(q.Thread, priority, q.Sender(s.World).Name)
	return http.StatusOK, calls.Empty{}
}

// writeCustomAttributes replaces all of them; merge keeps the others, in versions that know it.
func (s *api) writeCustomAttributes(q *calls.Request) (int, any) {
	fresh := rails.Structure(q.Params["custom_attributes"])
	all := rails.Object{}
	if rails.Truthy(q.Params["merge"]) && s.Release.Since(chatwootsim.MergesAttributes) {
		maps.Copy(all, q.Thread.CustomAttributes)
	}
	maps.Copy(all, fresh)
	s.ChangeAttributes(q.Thread, all)
	return http.StatusOK, rails.Object{"custom_attributes": q.Thread.CustomAttributes}
}

// createAssignment assigns a user, the bot or a team. An id that does not exist unassigns, and the answer is null.
func (s *api) createAssignment(q *calls.Request) (int, any) {
	if to, ok := q.Params["assignee_id"]; ok {
		if rails.Text(q.Params["assignee_type"]) == "AgentBot" && rails.Number(to) == s.Options.Bot.ID {
			s.ChangeAssignee(q.Thread, 0, true, q.Sender(s.World).Name)
			return http.StatusOK, shape.BotREST(s.World)
		}
		u, known := s.User(tania.UserID(rails.Number(to)))
		s.ChangeAssignee(q.Thread, u.ID, false, q.Sender(s.World).Name)
		if !known {
			return http.StatusOK, nil
		}
		return http.StatusOK, shape.UserREST(s.World, u)
	}
	if to, ok := q.Params["team_id"]; ok {
		t, known := s.Team(tania.TeamID(rails.Number(to)))
		s.ChangeTeam(q.Thread, t.ID, q.Sender(s.World).Name)
		if known {
			return http.StatusOK, shape.TeamREST(s.World, t)
		}
	}
	return http.StatusOK, nil
}

func (s *api) listLabels(q *calls.Request) (int, any) {
	return http.StatusOK, rails.Object{"payload": q.Thread.Labels}
}

// createLabels replaces all labels.
func (s *api) createLabels(q *calls.Request) (int, any) {
	s.ChangeLabels(q.Thread, rails.Texts(q.Params["labels"]))
	return s.listLabels(q)
}
