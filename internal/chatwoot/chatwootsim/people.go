package chatwootsim

import (
	"html"
	"strings"
)

// People come in several shapes: as a webhook has them at its top, as push_event_data has them inside conversations and
// messages, and as the REST partials have them.

func (s *Server) accountRef() object { return object{"id": s.o.Account.ID, "name": s.o.Account.Name} }

// contactWebhook is Contact#webhook_data: without a type.
func (s *Server) contactWebhook(k *contact) object {
	data := contactPush(k)
	delete(data, "type")
	data["account"], data["avatar"] = s.accountRef(), ""
	return data
}

func contactPush(k *contact) object {
	return object{
		"additional_attributes": or(k.additional), "custom_attributes": or(k.custom), "email": orNull(k.Email), "id": k.ID,
		"identifier": orNull(k.Identifier), "name": k.Name, "phone_number": orNull(k.Phone), "thumbnail": "", "blocked": k.Blocked,
		"type": "contact",
	}
}

// contactREST is the contact in GET conversation.
func contactREST(k *contact) object {
	data := contactPush(k)
	delete(data, "type")
	data["availability_status"], data["last_activity_at"], data["created_at"] = "offline", unix(k.created), unix(k.created)
	return data
}

func userWebhook(u User) object {
	return object{"id": u.ID, "name": u.Name, "email": u.Email, "type": "user"}
}

func userPush(u User) object {
	return object{
		"id": u.ID, "name": u.Name, "available_name": firstName(u), "avatar_url": "", "type": "user",
		"availability_status": "online", "thumbnail": "",
	}
}

// userREST is _agent.json.
func (s *Server) userREST(u User) object {
	return object{
		"id": u.ID, "account_id": s.o.Account.ID, "availability_status": "online", "auto_offline": true, "confirmed": true,
		"email": u.Email, "provider": "email", "available_name": firstName(u), "name": u.Name, "role": u.Role, "thumbnail": "",
	}
}

func firstName(u User) string {
	first, _, _ := strings.Cut(u.Name, " ")
	return first
}

func (s *Server) botWebhook() object {
	return object{"id": s.o.Bot.ID, "name": s.o.Bot.Name, "type": "agent_bot"}
}

func (s *Server) botPush() object {
	return object{"id": s.o.Bot.ID, "name": s.o.Bot.Name, "avatar_url": "", "type": "agent_bot"}
}

// botREST is _agent_bot_slim.json.
func (s *Server) botREST() object {
	return object{
		"id": s.o.Bot.ID, "name": s.o.Bot.Name, "description": "AI agent", "thumbnail": "", "outgoing_url": s.o.Bot.URL,
		"bot_type": "webhook",
	}
}

func (s *Server) assigneePush(c *conversation) any {
	switch {
	case c.OtherBot != 0:
		return object{"id": c.OtherBot, "name": "Another bot", "avatar_url": "", "type": "agent_bot"}
	case c.AssignedBot:
		return s.botPush()
	}
	if u, ok := s.user(c.Assignee); ok {
		return userPush(u)
	}
	return nil
}

func assigneeType(c *conversation) any {
	switch {
	case c.AssignedBot || c.OtherBot != 0:
		return "AgentBot"
	case c.Assignee != 0:
		return "User"
	}
	return nil
}

func (s *Server) teamPush(c *conversation) any {
	if t, ok := s.team(c.Team); ok {
		return object{"id": t.ID, "name": t.Name}
	}
	return nil
}

// teamREST is a Team as JSON.
func (s *Server) teamREST(t Team) object {
	return object{
		"id": t.ID, "name": t.Name, "description": nil, "allow_auto_assign": t.Agent != 0, "account_id": s.o.Account.ID,
		"is_member": false,
	}
}

// rendered is a message's content at the top of a webhook: HTML in Chatwoot 4.4.0 to 4.12.0, raw before and since.
func (s *Server) rendered(m *Message) any {
	if m.Content != "" && s.version.since(rendersHTML) && !s.version.since(rawAgain) {
		return "<p>" + strings.ReplaceAll(html.EscapeString(m.Content), "\n", "<br />\n") + "</p>\n"
	}
	return orNull(m.Content)
}
