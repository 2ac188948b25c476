package bullmq

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// Why a job stays: one of these, or the governor's reason.
type Why string

// What a job may lack.
const (
	Gone           Why = "data_gone"
	NoObject       Why = "no_json_object"
	OtherEvent     Why = "other_event"
	Several        Why = "several_messages"
	NoConversation Why = "no_conversation"
	NoAccount      Why = "no_account"
	NoMessageID    Why = "no_message_id"
	NoContent      Why = "no_content"
)

// stays says why a job is not moved.
type stays struct {
	why    Why
	detail string
}

func (s stays) Error() string { return string(s.why) + ": " + s.detail }

// message reads a job's data: the webhook of Chatwoot in it, wherever it is and under whatever name, or else one that is put together
// from the fields that Node took out of it. The event has a message. The error is stays.
func message(data []byte, account tania.AccountID, received time.Time) (*chatwoot.Event, error) {
	root, ok := parse(data)
	if !ok {
		return nil, stays{NoObject, "its data is no JSON object"}
	}
	all := objects(root)
	loose := fields{all, account, received}
	found, other := webhooks(all, loose)
	switch id := loose.messageID(); {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		for _, event := range found {
			if int64(event.Message.ID) == id {
				return event, nil
			}
		}
		return nil, stays{Several, fmt.Sprintf("its data has the webhooks of %d messages and does not say which is meant", len(found))}
	case other != "":
		return nil, stays{OtherEvent, "its data is the webhook " + other + ", which is no message"}
	}
	return loose.message()
}

// parse reads a JSON object. Numbers stay as they are written: ids go up to 2^53.
func parse(data []byte) (map[string]any, bool) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var o map[string]any
	return o, decoder.Decode(&o) == nil && o != nil
}

// webhooks finds the message webhooks among the objects of a job, each message once. other names a webhook that is no message's.
func webhooks(all []*object, loose fields) (found []*chatwoot.Event, other string) {
	seen := map[tania.MessageID]bool{}
	for _, o := range all {
		if o.inWebhook() {
			continue // a conversation carries its last message
		}
		event := webhook(o.fields, loose)
		switch {
		case event == nil && other == "":
			other = otherEvent(o.fields)
		case event != nil && !seen[event.Message.ID]:
			seen[event.Message.ID] = true
			found = append(found, event)
		}
		o.webhook = event != nil
	}
	return found, other
}

// webhook reads an object as a message's webhook, nil when it is none: it has a conversation, and something of a message beside it.
func webhook(o map[string]any, loose fields) *chatwoot.Event {
	conversation, ok := o["conversation"].(map[string]any)
	if !ok || !has(o, "message_type", "content", "attachments") {
		return nil
	}
	full := map[string]any{"event": string(chatwoot.KindMessageCreated)}
	maps.Copy(full, o)
	if !has(o, "account") && !has(conversation, "account_id", "account") {
		full["account"] = map[string]any{"id": loose.accountID()}
	}
	event := decode(full)
	if event == nil || event.Message == nil {
		return nil
	}
	return event
}

// otherEvent names a webhook of something else.
func otherEvent(o map[string]any) string {
	name, _ := o["event"].(string)
	for _, kind := range []string{"conversation_", "contact_", "inbox_", "webwidget_"} {
		if strings.HasPrefix(name, kind) {
			return name
		}
	}
	return ""
}

func decode(full map[string]any) *chatwoot.Event {
	body, err := json.Marshal(full)
	if err != nil {
		return nil
	}
	event, err := chatwoot.Decode(body)
	if err != nil {
		return nil
	}
	return event
}

func has(o map[string]any, names ...string) bool {
	for _, name := range names {
		if o[name] != nil {
			return true
		}
	}
	return false
}
