package api

import (
	"net/http"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/chatwoot/chatwootsim/shape"
	"tania/internal/tania"
)

// profile is who a user's token is.
func (s *api) profile(q *calls.Request) (int, any) {
	u := q.User
	return http.StatusOK, rails.Object{
		"id": u.ID, "access_token": u.Token, "account_id": s.Options.Account.ID, "available_name": shape.FirstName(u), "avatar_url": "",
		"confirmed": true, "display_name": nil, "message_signature": nil, "email": u.Email, "hmac_identifier": "",
		"inviter_id": nil, "name": u.Name, "provider": "email", "pubsub_token": "", "role": u.Role, "ui_settings": rails.Object{},
		"uid": u.Email, "type": nil, "custom_attributes": rails.Object{},
		"accounts": []any{rails.Object{
			"id": s.Options.Account.ID, "name": s.Options.Account.Name, "status": "active", "active_at": rails.ISO(s.Now()), "role": u.Role,
			"permissions": []string{u.Role}, "availability": "online", "availability_status": "online", "auto_offline": true,
		}},
	}
}

func (s *api) listInboxes(*calls.Request) (int, any) {
	list := []any{}
	for _, in := range s.Options.Inboxes {
		list = append(list, shape.InboxREST(in))
	}
	return http.StatusOK, rails.Object{"payload": list}
}

func (s *api) showInbox(q *calls.Request) (int, any) {
	in, ok := s.Inbox(tania.InboxID(rails.Number(q.PathValue("inbox"))))
	if !ok {
		return calls.NotFound()
	}
	return http.StatusOK, shape.InboxREST(in)
}

// showInboxBot is the agent bot of an inbox, an empty object where there is none.
func (s *api) showInboxBot(q *calls.Request) (int, any) {
	in, ok := s.Inbox(tania.InboxID(rails.Number(q.PathValue("inbox"))))
	switch {
	case !ok:
		return calls.NotFound()
	case in.ActiveBot:
		return http.StatusOK, rails.Object{"agent_bot": shape.BotREST(s.World)}
	}
	return http.StatusOK, rails.Object{"agent_bot": rails.Object{}}
}

func (s *api) listTeams(*calls.Request) (int, any) {
	list := []any{}
	for _, t := range s.Options.Teams {
		list = append(list, shape.TeamREST(s.World, t))
	}
	return http.StatusOK, list
}

func (s *api) listAgents(*calls.Request) (int, any) {
	list := []any{}
	for _, u := range s.Options.Users {
		list = append(list, shape.UserREST(s.World, u))
	}
	return http.StatusOK, list
}

// listBots shows the token and the secret to administrators alone.
func (s *api) listBots(q *calls.Request) (int, any) {
	list := []any{}
	if b := s.Options.Bot; b.Token != "" {
		one := shape.BotREST(s.World)
		one["bot_config"], one["account_id"], one["system_bot"] = rails.Object{}, s.Options.Account.ID, false
		if q.User.Role == "administrator" {
			one["access_token"], one["secret"] = b.Token, b.Secret
		}
		list = append(list, one)
	}
	return http.StatusOK, list
}

func (s *api) listWebhooks(q *calls.Request) (int, any) {
	if q.User.Role != "administrator" {
		return calls.Unauthorized("You are not authorized to do this action")
	}
	list := []any{}
	for i, h := range s.Options.Hooks {
		if h.Inbox != 0 {
			continue
		}
		events := h.Events
		if events == nil {
			events = chatwootsim.AccountEvents
		}
		list = append(list, rails.Object{
			"id": i + 1, "name": nil, "url": h.URL, "account_id": s.Options.Account.ID, "subscriptions": events, "secret": h.Secret,
		})
	}
	return http.StatusOK, rails.Object{"payload": rails.Object{"webhooks": list}}
}
