package shape

import (
	"html"
	"strings"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
)

// People come in several shapes: as a webhook has them at its top, as push_event_data has them inside conversations and
// messages, and as the REST partials have them.

func accountRef(w *chatwootsim.World) rails.Object {
	return rails.Object{"id": w.Options.Account.ID, "name": w.Options.Account.Name}
}

// contactWebhook is Contact#webhook_data: without a type.
func contactWebhook(w *chatwootsim.World, k *chatwootsim.Customer) rails.Object {
	data := ContactPush(k)
	delete(data, "type")
	data["account"], data["avatar"] = accountRef(w), ""
	return data
}

// ContactPush is the contact inside conversations and messages.
func ContactPush(k *chatwootsim.Customer) rails.Object {
	return rails.Object{
		"additional_attributes": rails.OrEmpty(k.Additional), "custom_attributes": rails.OrEmpty(k.Custom), "email": rails.OrNull(k.Email),
		"id":         k.ID,
		"identifier": rails.OrNull(k.Identifier), "name": k.Name, "phone_number": rails.OrNull(k.Phone), "thumbnail": "", "blocked": k.Blocked,
		"type": "contact",
	}
}

// ContactREST is the contact in GET conversation.
func ContactREST(k *chatwootsim.Customer) rails.Object {
	data := ContactPush(k)
	delete(data, "type")
	data["availability_status"], data["last_activity_at"], data["created_at"] = "offline", rails.Unix(k.Created), rails.Unix(k.Created)
	return data
}

func userWebhook(u chatwootsim.User) rails.Object {
	return rails.Object{"id": u.ID, "name": u.Name, "email": u.Email, "type": "user"}
}

// UserPush is a user inside conversations and messages.
func UserPush(u chatwootsim.User) rails.Object {
	return rails.Object{
		"id": u.ID, "name": u.Name, "available_name": FirstName(u), "avatar_url": "", "type": "user",
		"availability_status": "online", "thumbnail": "",
	}
}

// UserREST is _agent.json.
func UserREST(w *chatwootsim.World, u chatwootsim.User) rails.Object {
	return rails.Object{
		"id": u.ID, "account_id": w.Options.Account.ID, "availability_status": "online", "auto_offline": true, "confirmed": true,
		"email": u.Email, "provider": "email", "available_name": FirstName(u), "name": u.Name, "role": u.Role, "thumbnail": "",
	}
}

// FirstName is what customers see of a user.
func FirstName(u chatwootsim.User) string {
	first, _, _ := strings.Cut(u.Name, " ")
	return first
}

func botWebhook(w *chatwootsim.World) rails.Object {
	return rails.Object{"id": w.Options.Bot.ID, "name": w.Options.Bot.Name, "type": "agent_bot"}
}

func botPush(w *chatwootsim.World) rails.Object {
	return rails.Object{"id": w.Options.Bot.ID, "name": w.Options.Bot.Name, "avatar_url": "", "type": "agent_bot"}
}

// BotREST is _agent_bot_slim.json.
func BotREST(w *chatwootsim.World) rails.Object {
	return rails.Object{
		"id": w.Options.Bot.ID, "name": w.Options.Bot.Name, "description": "AI agent", "thumbnail": "", "outgoing_url": w.Options.Bot.URL,
		"bot_type": "webhook",
	}
}

func assigneePush(w *chatwootsim.World, c *chatwootsim.Thread) any {
	switch {
	case c.OtherBot != 0:
		return rails.Object{"id": c.OtherBot, "name": "Another bot", "avatar_url": "", "type": "agent_bot"}
	case c.AssignedBot:
		return botPush(w)
	}
	if u, ok := w.User(c.Assignee); ok {
		return UserPush(u)
	}
	return nil
}

func assigneeType(c *chatwootsim.Thread) any {
	switch {
	case c.AssignedBot || c.OtherBot != 0:
		return "AgentBot"
	case c.Assignee != 0:
		return "User"
	}
	return nil
}

func teamPush(w *chatwootsim.World, c *chatwootsim.Thread) any {
	if t, ok := w.Team(c.Team); ok {
		return rails.Object{"id": t.ID, "name": t.Name}
	}
	return nil
}

// TeamREST is a Team as JSON.
func TeamREST(w *chatwootsim.World, t chatwootsim.Team) rails.Object {
	return rails.Object{
		"id": t.ID, "name": t.Name, "description": nil, "allow_auto_assign": t.Agent != 0, "account_id": w.Options.Account.ID,
		"is_member": false,
	}
}

// rendered is a message's content at the top of a webhook: HTML in Chatwoot 4.4.0 to 4.12.0, raw before and since.
func rendered(w *chatwootsim.World, m *chatwootsim.Message) any {
	if m.Content != "" && w.Release.Since(chatwootsim.RendersHTML) && !w.Release.Since(chatwootsim.RawAgain) {
		return "<p>" + strings.ReplaceAll(html.EscapeString(m.Content), "\n", "<br />\n") + "</p>\n"
	}
	return rails.OrNull(m.Content)
}
