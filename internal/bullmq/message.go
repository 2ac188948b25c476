package bullmq

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// notAMessage says why a job is no customer's message.
type notAMessage string

func (e notAMessage) Error() string { return string(e) }

// message reads a job's data: Chatwoot's webhook, bare or under one of the usual names, or the message's parts under
// theirs ("conversationId", "conversation_id", …).
func message(data []byte, account tania.AccountID, received time.Time) (tania.Message, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // ids up to 2^53
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		return tania.Message{}, notAMessage("its data is no JSON object")
	}
	for _, part := range append([]any{object}, under(object)...) {
		inner, ok := part.(map[string]any)
		if !ok {
			continue
		}
		if m, ok := webhook(inner, received); ok {
			return m, nil
		}
	}
	return parts(object, account, received)
}

// under is what stands under the names that webhooks are stored by.
func under(object map[string]any) (list []any) {
	for _, name := range []string{"payload", "body", "webhook", "event", "data", "message"} {
		list = append(list, object[name])
	}
	return list
}

// webhook reads a whole webhook of an incoming message.
func webhook(object map[string]any, received time.Time) (tania.Message, bool) {
	if _, ok := object["conversation"].(map[string]any); !ok {
		return tania.Message{}, false
	}
	if _, named := object["event"].(string); !named {
		object["event"] = string(chatwoot.KindMessageCreated)
	}
	body, err := json.Marshal(object)
	if err != nil {
		return tania.Message{}, false
	}
	event, err := chatwoot.Decode(body)
	if err != nil {
		return tania.Message{}, false
	}
	return event.CustomerMessage(received)
}

// parts reads a message that Node took apart.
func parts(object map[string]any, account tania.AccountID, received time.Time) (tania.Message, error) {
	m := tania.Message{
		ID:      tania.MessageID(number(object, "messageId", "message_id", "msgId", "chatwootMessageId")),
		Inbox:   tania.InboxID(number(object, "inboxId", "inbox_id")),
		Channel: tania.Channel(text(object, "channel", "channelType")),
		Content: text(object, "content", "text", "userMessage", "messageContent", "message", "body", "query"),
		Contact: tania.Contact{
			ID:    tania.ContactID(number(object, "contactId", "contact_id", "senderId", "sender_id")),
			Name:  text(object, "contactName", "contact_name", "senderName", "sender_name", "name"),
			Phone: text(object, "phone", "phoneNumber", "phone_number"), Email: text(object, "email"),
		},
		CanReply: true, Created: received, Received: received,
	}
	m.Key = tania.ConversationKey{
		Account:      tania.AccountID(number(object, "accountId", "account_id")),
		Conversation: tania.ConversationID(number(object, "conversationId", "conversation_id", "conversationDisplayId", "conversation")),
	}
	if m.Key.Account == 0 {
		m.Key.Account = account
	}
	switch {
	case m.Key.Conversation == 0:
		return m, notAMessage("its data names no conversation")
	case m.Key.Account == 0:
		return m, notAMessage("its data names no account; set CHATWOOT_ACCOUNT_ID")
	case m.ID == 0:
		return m, notAMessage("its data names no message id, without which it could be answered twice")
	case strings.TrimSpace(m.Content) == "":
		return m, notAMessage("its data has no text")
	}
	return m, nil
}

// number is the first positive whole number under one of the names; text of digits is one.
func number(object map[string]any, names ...string) int64 {
	for _, name := range names {
		var digits string
		switch v := object[name].(type) {
		case json.Number:
			digits = v.String()
		case string:
			digits = v
		}
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil && n > 0 && n <= 1<<53 {
			return n
		}
	}
	return 0
}

// text is the first text under one of the names.
func text(object map[string]any, names ...string) string {
	for _, name := range names {
		if s, ok := object[name].(string); ok && s != "" {
			return s
		}
	}
	return ""
}
