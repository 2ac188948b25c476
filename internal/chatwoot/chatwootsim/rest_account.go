package chatwootsim

import (
	"net/http"

	"tania/internal/tania"
)

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
		list = append(list, inboxREST(in))
	}
	return http.StatusOK, object{"payload": list}
}

// inboxREST is _inbox.json.
func inboxREST(in Inbox) object {
	hours := []any{}
	for day := range 7 {
		hours = append(hours, object{
			"day_of_week": day, "closed_all_day": false, "open_hour": 9, "open_minutes": 0, "close_hour": 17, "close_minutes": 0, "open_all_day": false,
		})
	}
	body := object{
		"id": in.ID, "avatar_url": "", "channel_id": in.ID, "name": in.Name, "channel_type": in.Channel,
		"greeting_enabled": in.Greeting != "", "greeting_message": orNull(in.Greeting), "working_hours_enabled": false,
		"enable_email_collect": true, "csat_survey_enabled": false, "enable_auto_assignment": false, "auto_assignment_config": object{},
		"out_of_office_message": nil, "working_hours": hours, "timezone": "UTC", "callback_webhook_url": nil,
		"allow_messages_after_resolved": true, "lock_to_single_conversation": false, "sender_name_type": "friendly", "business_name": nil,
		"phone_number": nil, "provider": nil,
	}
	if in.Channel == tania.ChannelAPI {
		body["inbox_identifier"], body["webhook_url"], body["hmac_mandatory"], body["additional_attributes"] = in.Identifier, nil, false, object{}
	}
	return body
}

// inboxSlim is _inbox_slim.json.
func inboxSlim(in Inbox) object {
	return object{"id": in.ID, "avatar_url": "", "channel_id": in.ID, "name": in.Name, "channel_type": in.Channel, "provider": nil}
}

func (s *Server) showInbox(q *request) (int, any) {
	in, ok := s.inbox(tania.InboxID(number(q.PathValue("inbox"))))
	if !ok {
		return notFound()
	}
	return http.StatusOK, inboxREST(in)
}

// showInboxBot is the agent bot of an inbox, an empty object where there is none.
func (s *Server) showInboxBot(q *request) (int, any) {
	in, ok := s.inbox(tania.InboxID(number(q.PathValue("inbox"))))
	switch {
	case !ok:
		return notFound()
	case in.ActiveBot:
		return http.StatusOK, object{"agent_bot": s.botREST()}
	}
	return http.StatusOK, object{"agent_bot": object{}}
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
