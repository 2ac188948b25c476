// Package shape is how Chatwoot writes what it has as JSON: in webhooks, in push_event_data and in the REST API.
package shape

import (
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/tania"
)

// messageWebhook is the body of message_created and message_updated (Message#webhook_data).
func messageWebhook(w *chatwootsim.World, c *chatwootsim.Thread, m *chatwootsim.Message, event string) rails.Object {
	in, _ := w.Inbox(c.Inbox)
	body := rails.Object{
		"account": accountRef(w), "additional_attributes": rails.OrEmpty(m.Additional), "content_attributes": m.Attributes,
		"content_type": m.ContentType, "content": rendered(w, m), "conversation": conversationWebhook(w, c),
		"created_at": rails.ISO(m.Created), "id": m.ID, "inbox": rails.Object{"id": in.ID, "name": in.Name},
		"message_type": m.Type, "private": m.Private, "sender": senderWebhook(w, c, m.Sender), "source_id": rails.OrNull(m.SourceID),
		"event": event,
	}
	if len(m.Attachments) > 0 {
		body["attachments"] = AttachmentsData(w, m)
	}
	return body
}

// conversationWebhook is Conversations::EventDataPresenter#webhook_data. messages holds the last public message.
func conversationWebhook(w *chatwootsim.World, c *chatwootsim.Thread) rails.Object {
	messages := []any{}
	if m := c.Last(chatwootsim.Public); m != nil {
		messages = append(messages, MessagePush(w, c, m))
	}
	return rails.Object{
		"additional_attributes": Additional(c), "can_reply": w.CanReply(c), "channel": c.Channel,
		"contact_inbox": rails.Object{
			"id": c.Customer.ID + 400, "contact_id": c.Customer.ID, "inbox_id": c.Inbox, "source_id": c.Customer.SourceID,
			"created_at": rails.ISO(c.Customer.Created), "updated_at": rails.ISO(c.Customer.Created), "hmac_verified": Verified(w, c),
			"pubsub_token": c.UUID,
		},
		"id": c.ID, "inbox_id": c.Inbox, "messages": messages, "labels": c.Labels,
		"meta": rails.Object{
			"sender": ContactPush(c.Customer), "assignee": assigneePush(w, c), "assignee_type": assigneeType(c),
			"team": teamPush(w, c), "hmac_verified": Verified(w, c),
		},
		"status": c.Status, "custom_attributes": c.CustomAttributes, "snoozed_until": rails.ISOOrNull(c.SnoozedUntil),
		"unread_count": c.Unread, "first_reply_created_at": rails.ISOOrNull(c.FirstReply), "priority": rails.OrNull(c.Priority),
		"waiting_since": rails.Unix(c.WaitingSince), "agent_last_seen_at": rails.Unix(c.AgentSeen), "contact_last_seen_at": 0,
		"last_activity_at": rails.Unix(c.LastActivity), "timestamp": rails.Unix(c.LastActivity), "created_at": rails.Unix(c.Created),
		"updated_at": rails.Micros(c.Updated), "account": accountRef(w),
	}
}

// MessagePush is Message#push_event_data: what conversation.messages and GET conversation hold.
func MessagePush(w *chatwootsim.World, c *chatwootsim.Thread, m *chatwootsim.Message) rails.Object {
	body := rails.Object{
		"id": m.ID, "content": rails.OrNull(m.Content), "account_id": w.Options.Account.ID, "inbox_id": c.Inbox, "conversation_id": c.ID,
		"message_type": m.Type.Number(), "created_at": rails.Unix(m.Created), "updated_at": rails.ISO(m.Updated), "private": m.Private,
		"status": m.Status, "source_id": rails.OrNull(m.SourceID), "content_type": m.ContentType, "content_attributes": m.Attributes,
		"sender_type": senderTypes[m.Sender.Kind], "sender_id": rails.OrNil(m.Sender.ID), "external_source_ids": rails.Object{},
		"additional_attributes": rails.OrEmpty(m.Additional), "processed_message_content": rails.OrNull(m.Content), "sentiment": rails.Object{},
		"conversation": rails.Object{
			"assignee_id": rails.OrNil(int64(c.Assignee)), "unread_count": c.Unread, "last_activity_at": rails.Unix(c.LastActivity),
			"contact_inbox": rails.Object{"source_id": c.Customer.SourceID},
		},
	}
	if sender := SenderPush(w, c, m.Sender); sender != nil {
		body["sender"] = sender
	}
	if len(m.Attachments) > 0 {
		body["attachments"] = AttachmentsData(w, m)
	}
	return body
}

// senderTypes are the class names of senders; none is null.
var senderTypes = map[tania.Actor]any{
	tania.ActorContact: "Contact", tania.ActorUser: "User", tania.ActorBot: "AgentBot", tania.ActorCaptain: "Captain::Assistant",
}

// senderWebhook is the sender at the top of a message webhook: a contact has no type there.
func senderWebhook(w *chatwootsim.World, c *chatwootsim.Thread, by chatwootsim.Sender) any {
	switch by.Kind {
	case tania.ActorContact:
		return contactWebhook(w, c.Customer)
	case tania.ActorUser:
		u, _ := w.User(tania.UserID(by.ID))
		return userWebhook(u)
	case tania.ActorBot:
		return botWebhook(w)
	}
	return nil
}

// SenderPush is the sender inside messages; the key is absent without one.
func SenderPush(w *chatwootsim.World, c *chatwootsim.Thread, by chatwootsim.Sender) any {
	switch by.Kind {
	case tania.ActorContact:
		return ContactPush(c.Customer)
	case tania.ActorUser:
		u, _ := w.User(tania.UserID(by.ID))
		return UserPush(u)
	case tania.ActorBot:
		return botPush(w)
	}
	return nil
}

// AttachmentsData are the files, places and cards of a message.
func AttachmentsData(w *chatwootsim.World, m *chatwootsim.Message) []any {
	var list []any
	for _, a := range m.Attachments {
		data := rails.Object{
			"id": a.ID, "message_id": m.ID, "file_type": a.Type, "account_id": w.Options.Account.ID,
			"data_url": rails.OrNull(a.URL),
		}
		switch a.Type {
		case "location":
			data["coordinates_lat"], data["coordinates_long"], data["fallback_title"] = a.Latitude, a.Longitude, a.Title
		case "contact":
			data["fallback_title"], data["meta"] = a.Title, rails.Object{}
		case "fallback":
			data["fallback_title"] = a.Title
		default:
			data["extension"], data["content_type"], data["file_size"] = rails.OrNull(a.Extension), a.ContentType, a.Size
			data["thumb_url"], data["width"], data["height"] = "", nil, nil
			if a.Type == "audio" {
				data["transcribed_text"] = a.Transcript
			}
		}
		list = append(list, data)
	}
	return list
}

// Additional is what the widget knows of the visitor's browser.
func Additional(c *chatwootsim.Thread) rails.Object {
	if c.Channel != tania.ChannelWebWidget {
		return rails.Object{}
	}
	return rails.Object{
		"browser": rails.Object{
			"device_name": "Unknown", "browser_name": "Chrome", "platform_name": "macOS", "browser_version": "137.0.0.0",
			"platform_version": "10.15.7",
		},
		"referer":          "https://shop.example.com/pricing?utm_source=ad&utm_medium=cpc",
		"initiated_at":     rails.Object{"timestamp": c.Created.Format("Mon Jan 02 2006 15:04:05 GMT+0000 (Coordinated Universal Time)")},
		"browser_language": "en",
	}
}

// Verified reports whether the website vouched for a contact in an inbox.
func Verified(w *chatwootsim.World, c *chatwootsim.Thread) bool {
	in, _ := w.Inbox(c.Inbox)
	return in.Verified
}
