package chatwootsim

import (
	"time"

	"tania/internal/tania"
)

// object is a JSON object in the making.
type object = map[string]any

// messageWebhook is the body of message_created and message_updated (Message#webhook_data).
func (s *Server) messageWebhook(c *conversation, m *Message, event string) object {
	in, _ := s.inbox(c.Inbox)
	body := object{
		"account": s.accountRef(), "additional_attributes": orEmpty(m.Additional), "content_attributes": m.Attributes,
		"content_type": m.ContentType, "content": s.rendered(m), "conversation": s.conversationWebhook(c),
		"created_at": iso(m.Created), "id": m.ID, "inbox": object{"id": in.ID, "name": in.Name},
		"message_type": m.Type, "private": m.Private, "sender": s.senderWebhook(c, m.Sender), "source_id": orNull(m.SourceID),
		"event": event,
	}
	if len(m.Attachments) > 0 {
		body["attachments"] = s.attachmentsData(m)
	}
	return body
}

// conversationWebhook is Conversations::EventDataPresenter#webhook_data. messages holds the last public message.
func (s *Server) conversationWebhook(c *conversation) object {
	messages := []any{}
	if m := c.last(public); m != nil {
		messages = append(messages, s.messagePush(c, m))
	}
	return object{
		"additional_attributes": additional(c), "can_reply": s.canReply(c), "channel": c.Channel,
		"contact_inbox": object{
			"id": c.contact.ID + 400, "contact_id": c.contact.ID, "inbox_id": c.Inbox, "source_id": c.contact.sourceID,
			"created_at": iso(c.contact.created), "updated_at": iso(c.contact.created), "hmac_verified": false, "pubsub_token": c.uuid,
		},
		"id": c.ID, "inbox_id": c.Inbox, "messages": messages, "labels": c.Labels,
		"meta": object{
			"sender": contactPush(c.contact), "assignee": s.assigneePush(c), "assignee_type": assigneeType(c),
			"team": s.teamPush(c), "hmac_verified": false,
		},
		"status": c.Status, "custom_attributes": c.CustomAttributes, "snoozed_until": isoOrNull(c.SnoozedUntil),
		"unread_count": c.Unread, "first_reply_created_at": isoOrNull(c.FirstReply), "priority": orNull(c.Priority),
		"waiting_since": unix(c.WaitingSince), "agent_last_seen_at": unix(c.agentSeen), "contact_last_seen_at": 0,
		"last_activity_at": unix(c.LastActivity), "timestamp": unix(c.LastActivity), "created_at": unix(c.Created),
		"updated_at": micros(c.Updated), "account": s.accountRef(),
	}
}

// messagePush is Message#push_event_data: what conversation.messages and GET conversation hold.
func (s *Server) messagePush(c *conversation, m *Message) object {
	body := object{
		"id": m.ID, "content": orNull(m.Content), "account_id": s.o.Account.ID, "inbox_id": c.Inbox, "conversation_id": c.ID,
		"message_type": typeNumbers[m.Type], "created_at": unix(m.Created), "updated_at": iso(m.Updated), "private": m.Private,
		"status": m.Status, "source_id": orNull(m.SourceID), "content_type": m.ContentType, "content_attributes": m.Attributes,
		"sender_type": senderTypes[m.Sender.Kind], "sender_id": orNil(m.Sender.ID), "external_source_ids": object{},
		"additional_attributes": orEmpty(m.Additional), "processed_message_content": orNull(m.Content), "sentiment": object{},
		"conversation": object{
			"assignee_id": orNil(int64(c.Assignee)), "unread_count": c.Unread, "last_activity_at": unix(c.LastActivity),
			"contact_inbox": object{"source_id": c.contact.sourceID},
		},
	}
	if sender := s.senderPush(c, m.Sender); sender != nil {
		body["sender"] = sender
	}
	if len(m.Attachments) > 0 {
		body["attachments"] = s.attachmentsData(m)
	}
	return body
}

// senderTypes are the class names of senders; none is null.
var senderTypes = map[tania.Actor]any{
	tania.ActorContact: "Contact", tania.ActorUser: "User", tania.ActorBot: "AgentBot", tania.ActorCaptain: "Captain::Assistant",
}

// senderWebhook is the sender at the top of a message webhook: a contact has no type there.
func (s *Server) senderWebhook(c *conversation, by Sender) any {
	switch by.Kind {
	case tania.ActorContact:
		return s.contactWebhook(c.contact)
	case tania.ActorUser:
		u, _ := s.user(tania.UserID(by.ID))
		return userWebhook(u)
	case tania.ActorBot:
		return s.botWebhook()
	}
	return nil
}

// senderPush is the sender inside messages; the key is absent without one.
func (s *Server) senderPush(c *conversation, by Sender) any {
	switch by.Kind {
	case tania.ActorContact:
		return contactPush(c.contact)
	case tania.ActorUser:
		u, _ := s.user(tania.UserID(by.ID))
		return userPush(u)
	case tania.ActorBot:
		return s.botPush()
	}
	return nil
}

func (s *Server) attachmentsData(m *Message) []any {
	var list []any
	for _, a := range m.Attachments {
		data := object{"id": a.ID, "message_id": m.ID, "file_type": a.Type, "account_id": s.o.Account.ID, "data_url": orNull(a.URL)}
		switch a.Type {
		case "location":
			data["coordinates_lat"], data["coordinates_long"], data["fallback_title"] = a.Latitude, a.Longitude, a.Title
		case "contact":
			data["fallback_title"], data["meta"] = a.Title, object{}
		case "fallback":
			data["fallback_title"] = a.Title
		default:
			data["extension"], data["content_type"], data["file_size"] = orNull(a.Extension), a.ContentType, a.Size
			data["thumb_url"], data["width"], data["height"] = "", nil, nil
			if a.Type == "audio" {
				data["transcribed_text"] = a.Transcript
			}
		}
		list = append(list, data)
	}
	return list
}

// additional is what the widget knows of the visitor's browser.
func additional(c *conversation) object {
	if c.Channel != tania.ChannelWebWidget {
		return object{}
	}
	return object{
		"browser": object{
			"device_name": "Unknown", "browser_name": "Chrome", "platform_name": "macOS", "browser_version": "137.0.0.0",
			"platform_version": "10.15.7",
		},
		"referer":          "https://shop.example.com/pricing?utm_source=ad&utm_medium=cpc",
		"initiated_at":     object{"timestamp": c.Created.Format("Mon Jan 02 2006 15:04:05 GMT+0000 (Coordinated Universal Time)")},
		"browser_language": "en",
	}
}

// iso is a time as Ruby's as_json has it: ISO 8601 with milliseconds.
func iso(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func isoOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return iso(t)
}

// unix is a time in seconds, 0 for none.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// micros is a time in seconds with microseconds, as updated_at.to_f.
func micros(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func orEmpty(o object) object {
	if o == nil {
		return object{}
	}
	return o
}

func orNil(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
