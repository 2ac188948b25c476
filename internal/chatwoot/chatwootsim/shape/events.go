package shape

import (
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
)

// Event is the body of a webhook. It is written as the world is now.
func Event(w *chatwootsim.World, e chatwootsim.Event) rails.Object {
	c := e.Conversation
	switch e.Name {
	case chatwootsim.MessageCreated, chatwootsim.MessageUpdated:
		return messageWebhook(w, c, e.Message, e.Name)
	case chatwootsim.TypingOn, chatwootsim.TypingOff:
		return rails.Object{
			"event": e.Name, "user": senderWebhook(w, c, e.By), "conversation": conversationWebhook(w, c),
			"is_private": e.Private,
		}
	case chatwootsim.WidgetTriggered:
		in, _ := w.Inbox(c.Inbox)
		return rails.Object{
			"id": c.Customer.ID + 400, "contact": contactWebhook(w, c.Customer), "inbox": rails.Object{"id": in.ID, "name": in.Name},
			"account": accountRef(w), "current_conversation": conversationWebhook(w, c), "source_id": c.Customer.SourceID,
			"event": e.Name, "event_info": Additional(c),
		}
	}
	body := conversationWebhook(w, c)
	body["event"] = e.Name
	switch e.Name {
	case chatwootsim.ConversationStatusChanged:
		body["changed_attributes"] = nil
	case chatwootsim.ConversationUpdated:
		body["changed_attributes"] = changedAttributes(e.Changes)
	}
	return body
}

func changedAttributes(changes []chatwootsim.Change) (list []any) {
	for _, ch := range changes {
		list = append(list, rails.Object{ch.Name: rails.Object{"previous_value": ch.Before, "current_value": ch.After}})
	}
	return list
}
