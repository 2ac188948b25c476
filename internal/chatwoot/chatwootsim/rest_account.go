package chatwootsim

import "net/http"

// profile is who a user's token is.
func (s *Server) profile(q *request) (int, any) {
	u := q.user
	return http.StatusOK, object{
		"id": u.ID, "access_token": u.Token, "account_id": s.o.Account.ID, "available_name": firstName(u), "avatar_url": "",
		"confirmed": true, "display_name": nil, "message_signature": nil, "email": u.Email, "hmac_identifier": "",
		"inviter_id": nil, "name": u.Name, "provider": "email", "pubsub_token": "", "role": u.Role, "ui_settings": object{},
		"uid": u.Email, "type": nil, "custom_attributes": object{},
		"accounts": []any{object{
			"id": s.o.Account.ID, "name": s.o.Account.Name, "status": "active", "active_at": iso(s.now()), "role": u.Role,
			"permissions": []string{u.Role}, "availability": "online", "availability_status": "online", "auto_offline": true,
		}},
	}
}

func (s *Server) listInboxes(*request) (int, any) {
	list := []any{}
	for _, in := range s.o.Inboxes {
		list = append(list, object{
			"id": in.ID, "name": in.Name, "channel_type": in.Channel, "channel_id": in.ID, "avatar_url": "",
			"greeting_enabled": in.Greeting != "", "greeting_message": orNull(in.Greeting), "enable_auto_assignment": false,
		})
	}
	return http.StatusOK, object{"payload": list}
}

func (s *Server) listTeams(*request) (int, any) {
	list := []any{}
	for _, t := range s.o.Teams {
		list = append(list, s.teamREST(t))
	}
	return http.StatusOK, list
}

func (s *Server) listAgents(*request) (int, any) {
	list := []any{}
	for _, u := range s.o.Users {
		list = append(list, s.userREST(u))
	}
	return http.StatusOK, list
}

// listBots shows the token and the secret to administrators alone.
func (s *Server) listBots(q *request) (int, any) {
	list := []any{}
	if b := s.o.Bot; b.Token != "" {
		one := s.botREST()
		one["bot_config"], one["account_id"], one["system_bot"] = object{}, s.o.Account.ID, false
		if q.user.Role == "administrator" {
			one["access_token"], one["secret"] = b.Token, b.Secret
		}
		list = append(list, one)
	}
	return http.StatusOK, list
}

func (s *Server) listWebhooks(q *request) (int, any) {
	if q.user.Role != "administrator" {
		return unauthorized("You are not authorized to do this action")
	}
	list := []any{}
	for i, h := range s.o.Hooks {
		if h.Inbox != 0 {
			continue
		}
		events := h.Events
		if events == nil {
			events = accountEvents
		}
		list = append(list, object{
			"id": i + 1, "name": nil, "url": h.URL, "account_id": s.o.Account.ID, "subscriptions": events, "secret": h.Secret,
		})
	}
	return http.StatusOK, object{"payload": object{"webhooks": list}}
}
