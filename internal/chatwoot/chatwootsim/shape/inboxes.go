package shape

import (
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
)

import "tania/internal/tania"

// InboxREST is _inbox.json.
func InboxREST(in chatwootsim.Inbox) rails.Object {
	hours := []any{}
	for day := range 7 {
		hours = append(hours, rails.Object{
			"day_of_week": day, "closed_all_day": false, "open_hour": 9, "open_minutes": 0, "close_hour": 17, "close_minutes": 0,
			"open_all_day": false,
		})
	}
	body := rails.Object{
		"id": in.ID, "avatar_url": "", "channel_id": in.ID, "name": in.Name, "channel_type": in.Channel,
		"greeting_enabled": in.Greeting != "", "greeting_message": rails.OrNull(in.Greeting), "working_hours_enabled": false,
		"enable_email_collect": true, "csat_survey_enabled": false, "enable_auto_assignment": false, "auto_assignment_config": rails.Object{},
		"out_of_office_message": nil, "working_hours": hours, "timezone": "UTC", "callback_webhook_url": nil,
		"allow_messages_after_resolved": true, "lock_to_single_conversation": false, "sender_name_type": "friendly", "business_name": nil,
		"phone_number": nil, "provider": nil,
	}
	if in.Channel == tania.ChannelAPI {
		body["inbox_identifier"], body["webhook_url"], body["hmac_mandatory"], body["additional_attributes"] = in.Identifier, nil, false,
			rails.Object{}
	}
	return body
}

// InboxSlim is _inbox_slim.json.
func InboxSlim(in chatwootsim.Inbox) rails.Object {
	return rails.Object{"id": in.ID, "avatar_url": "", "channel_id": in.ID, "name": in.Name, "channel_type": in.Channel, "provider": nil}
}
