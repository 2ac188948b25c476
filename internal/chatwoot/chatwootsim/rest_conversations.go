package chatwootsim

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"tania/internal/tania"
)

// showConversation is _conversation.json. messages holds the last message of any kind.
func (s *Server) showConversation(q *request) (int, any) {
	if s.o.ShowFailsWithTeam && q.c.Team != 0 {
		return serverError()
	}
	return http.StatusOK, s.conversationREST(q.c)
}

func (s *Server) conversationREST(c *conversation) object {
	meta := object{"sender": contactREST(c.contact), "channel": c.Channel, "hmac_verified": false}
	switch u, ok := s.user(c.Assignee); {
	case c.AssignedBot:
		meta["assignee"], meta["assignee_type"] = s.botREST(), "AgentBot"
	case ok:
		meta["assignee"], meta["assignee_type"] = s.userREST(u), "User"
	}
	if t, ok := s.team(c.Team); ok {
		meta["team"] = s.teamREST(t)
	}
	messages := []any{}
	if len(c.messages) > 0 {
		messages = append(messages, s.messagePush(c, c.messages[len(c.messages)-1]))
	}
	var last any
	if m := c.last(func(m *Message) bool { return m.Type != Activity }); m != nil {
		last = s.messagePush(c, m)
	}
	return object{
		"meta": meta, "id": c.ID, "messages": messages, "account_id": s.o.Account.ID, "uuid": c.uuid,
		"additional_attributes": additional(c), "agent_last_seen_at": unix(c.agentSeen), "assignee_last_seen_at": 0,
		"can_reply": s.canReply(c), "contact_last_seen_at": 0, "custom_attributes": c.CustomAttributes, "inbox_id": c.Inbox,
		"labels": c.Labels, "muted": c.contact.Blocked, "snoozed_until": isoOrNull(c.SnoozedUntil), "status": c.Status,
		"created_at": unix(c.Created), "updated_at": micros(c.Updated), "timestamp": unix(c.LastActivity),
		"first_reply_created_at": unix(c.FirstReply), "unread_count": c.Unread, "last_non_activity_message": last,
		"last_activity_at": unix(c.LastActivity), "priority": orNull(c.Priority), "waiting_since": unix(c.WaitingSince),
		"sla_policy_id": nil,
	}
}

// createConversation begins one for a contact, with its first message if there is one.
func (s *Server) createConversation(q *request) (int, any) {
	in, ok := s.inbox(tania.InboxID(number(q.params["inbox_id"])))
	if !ok {
		return notFound()
	}
	who := s.contacts[tania.ContactID(number(q.params["contact_id"]))]
	if source := text(q.params["source_id"]); source != "" {
		for _, k := range s.contacts {
			if k.sources[in.ID] == source || k.sourceID == source {
				who = k
			}
		}
	}
	if who == nil {
		return notFound()
	}
	c := s.begin(in, who, time.Time{})
	c.CustomAttributes = merged(nil, q.params["custom_attributes"])
	if u, ok := s.user(tania.UserID(number(q.params["assignee_id"]))); ok {
		c.Assignee = u.ID
	}
	if t, ok := s.team(tania.TeamID(number(q.params["team_id"]))); ok {
		c.Team = t.ID
	}
	if status := tania.Status(text(q.params["status"])); slices.Contains(statuses, status) {
		c.Status = status
	}
	q.c = c
	if message := structure(q.params["message"]); message != nil {
		params := q.params
		q.params = message
		if status, answer := s.createMessage(q); status != http.StatusOK {
			return status, answer
		}
		q.params = params
	}
	s.emitConversation(c, "conversation_created", nil)
	return http.StatusOK, s.conversationREST(c)
}

func (s *Server) updateConversation(q *request) (int, any) {
	if priority, ok := q.params["priority"]; ok {
		s.setPriority(q.c, text(priority), q.by(s))
	}
	return http.StatusOK, s.conversationREST(q.c)
}

// toggleStatus sets a status, or flips open and resolved without one. A bot's pending to open is the handoff, whose answer
// has success null.
func (s *Server) toggleStatus(q *request) (int, any) {
	status := tania.Status(text(q.params["status"]))
	var success any = true
	switch {
	case q.bot && q.c.Status == tania.StatusPending && status == tania.StatusOpen:
		success = nil
		q.c.AssignedBot = false
	case status == "" && q.c.Status == tania.StatusOpen:
		status = tania.StatusResolved
	case status == "":
		status = tania.StatusOpen
	case !slices.Contains(statuses, status):
		return serverError()
	}
	var until time.Time
	if at := number(q.params["snoozed_until"]); at > 0 {
		until = time.Unix(at, 0).UTC()
	}
	s.setStatus(q.c, status, until, q.by(s))
	if status == tania.StatusOpen && q.user.Role == "agent" {
		s.assign(q.c, q.user.ID, false, q.user.Name)
	}
	return http.StatusOK, object{"meta": object{}, "payload": object{
		"success": success, "conversation_id": q.c.ID, "current_status": q.c.Status, "snoozed_until": isoOrNull(q.c.SnoozedUntil),
	}}
}

func (s *Server) toggleTyping(q *request) (int, any) {
	private := truthy(q.params["is_private"])
	var who object
	if q.bot {
		who = s.botWebhook()
	} else {
		who = userWebhook(q.user)
	}
	switch text(q.params["typing_status"]) {
	case "on":
		if !private {
			q.c.typingUntil = s.now().Add(typingFor)
		}
		s.emitTyping(q.c, who, true, private)
	case "off":
		q.c.typingUntil = time.Time{}
		s.emitTyping(q.c, who, false, private)
	}
	s.touch()
	return http.StatusOK, empty{}
}

var priorities = []string{"", "low", "medium", "high", "urgent"}

func (s *Server) togglePriority(q *request) (int, any) {
	priority := text(q.params["priority"])
	if !slices.Contains(priorities, priority) {
		return serverError()
	}
	s.setPriority(q.c, priority, q.by(s))
	return http.StatusOK, empty{}
}

// writeCustomAttributes replaces all of them; merge keeps the others, in versions that know it.
func (s *Server) writeCustomAttributes(q *request) (int, any) {
	fresh := structure(q.params["custom_attributes"])
	all := object{}
	if truthy(q.params["merge"]) && s.version.since(mergesAttributes) {
		maps.Copy(all, q.c.CustomAttributes)
	}
	maps.Copy(all, fresh)
	s.setCustomAttributes(q.c, all)
	return http.StatusOK, object{"custom_attributes": q.c.CustomAttributes}
}

// createAssignment assigns a user, the bot or a team. An id that does not exist unassigns, and the answer is null.
func (s *Server) createAssignment(q *request) (int, any) {
	if to, ok := q.params["assignee_id"]; ok {
		if text(q.params["assignee_type"]) == "AgentBot" && number(to) == s.o.Bot.ID {
			s.assign(q.c, 0, true, q.by(s))
			return http.StatusOK, s.botREST()
		}
		u, known := s.user(tania.UserID(number(to)))
		s.assign(q.c, u.ID, false, q.by(s))
		if !known {
			return http.StatusOK, nil
		}
		return http.StatusOK, s.userREST(u)
	}
	if to, ok := q.params["team_id"]; ok {
		t, known := s.team(tania.TeamID(number(to)))
		s.assignTeam(q.c, t.ID, q.by(s))
		if known {
			return http.StatusOK, s.teamREST(t)
		}
	}
	return http.StatusOK, nil
}

func (s *Server) listLabels(q *request) (int, any) {
	return http.StatusOK, object{"payload": q.c.Labels}
}

// createLabels replaces all labels.
func (s *Server) createLabels(q *request) (int, any) {
	s.setLabels(q.c, texts(q.params["labels"]))
	return s.listLabels(q)
}
