package bullmq

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// fields are those of a message that Node took apart. Names are folded: messageId is message_id.
type fields struct {
	all      []*object
	account  tania.AccountID
	received time.Time
}

// message puts the webhook together again that the fields were taken from.
func (f fields) message() (*chatwoot.Event, error) {
	conversation, account, id := f.conversationID(), f.accountID(), f.messageID()
	text, attachments := f.text(), f.attachments()
	switch {
	case conversation == 0:
		return nil, stays{NoConversation, "its data names no conversation"}
	case account == 0:
		return nil, stays{NoAccount, "its data names no account; set CHATWOOT_ACCOUNT_ID"}
	case id == 0:
		return nil, stays{NoMessageID, "its data names no message id, without which it could be answered twice"}
	case strings.TrimSpace(text) == "" && len(attachments) == 0:
		return nil, stays{NoContent, "its data has neither text nor attachments"}
	}
	sender := f.contact()
	event := decode(map[string]any{
		"event": string(chatwoot.KindMessageCreated), "id": id, "content": text, "attachments": attachments,
		"message_type": f.direction(), "private": f.first("private", "isprivate"),
		"content_type": f.first("contenttype"), "content_attributes": f.first("contentattributes"),
		"created_at": f.created().Format(time.RFC3339Nano), "sender": sender,
		"account": map[string]any{"id": account}, "conversation": f.conversation(conversation, sender),
	})
	if event == nil || event.Message == nil {
		return nil, stays{NoMessageID, "its fields make no message"}
	}
	return event, nil
}

// first is the outermost value under one of the names, an earlier name before a later one of the same object; nil when there is none.
func (f fields) first(names ...string) any {
	return f.find(names, func(v any) bool { return v != nil })
}

func (f fields) find(names []string, want func(any) bool) any {
	for _, o := range f.all {
		folded := make(map[string]any, len(o.fields))
		for name, value := range o.fields {
			folded[fold(name)] = value
		}
		for _, name := range names {
			if value := folded[name]; want(value) {
				return value
			}
		}
	}
	return nil
}

// named is the outermost object under one of the names.
func (f fields) named(names ...string) fields {
	for _, name := range names {
		for _, o := range f.all {
			if o.name == name {
				return fields{all: []*object{o}}
			}
		}
	}
	return fields{}
}

// number is the outermost positive whole number under one of the names; a text of digits is one.
func (f fields) number(names ...string) int64 {
	value := f.find(names, func(v any) bool { return whole(v) > 0 })
	return whole(value)
}

func whole(value any) int64 {
	var digits string
	switch v := value.(type) {
	case json.Number:
		digits = v.String()
	case string:
		digits = v
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > 1<<53 {
		return 0
	}
	return n
}

// words is the outermost text that is not blank.
func (f fields) words(names ...string) string {
	text, _ := f.find(names, func(v any) bool {
		s, ok := v.(string)
		return ok && strings.TrimSpace(s) != ""
	}).(string)
	return text
}

func (f fields) messageID() int64 {
	if id := f.number("messageid", "msgid", "chatwootmessageid"); id > 0 {
		return id
	}
	return f.named("message", "msg").number("id")
}

func (f fields) conversationID() int64 {
	if id := f.number("conversationdisplayid", "conversationid", "conversation", "displayid"); id > 0 {
		return id
	}
	return f.named("conversation").number("id")
}

func (f fields) accountID() int64 {
	if id := f.number("accountid", "account"); id > 0 {
		return id
	}
	if id := f.named("account").number("id"); id > 0 {
		return id
	}
	return int64(f.account)
}

func (f fields) inboxID() int64 {
	if id := f.number("inboxid", "inbox"); id > 0 {
		return id
	}
	return f.named("inbox").number("id")
}

func (f fields) text() string {
	return f.words("messagetext", "messagecontent", "usermessage", "content", "text", "message", "body", "query")
}

// direction is incoming unless it is said to be something else.
func (f fields) direction() any {
	if said := f.first("messagetype"); said != nil {
		return said
	}
	return string(chatwoot.Incoming)
}

func (f fields) contact() map[string]any {
	c := f.named("contact", "sender", "customer")
	value := func(flat []string, names ...string) any {
		if v := c.first(names...); v != nil {
			return v
		}
		return f.first(flat...)
	}
	return map[string]any{
		"id":           value([]string{"contactid", "senderid", "customerid"}, "id"),
		"name":         value([]string{"contactname", "sendername", "customername"}, "name"),
		"email":        value([]string{"contactemail", "email"}, "email"),
		"phone_number": value([]string{"contactphone", "phonenumber", "phone"}, "phonenumber", "phone"),
		"identifier":   value([]string{"contactidentifier", "identifier"}, "identifier"),
		"blocked":      value([]string{"contactblocked", "blocked"}, "blocked", "isblocked"),
	}
}

// conversation is what the fields say of it, over what an object of that name says.
func (f fields) conversation(id int64, sender map[string]any) map[string]any {
	c := map[string]any{}
	if o := f.named("conversation"); len(o.all) > 0 {
		maps.Copy(c, o.all[0].fields)
	}
	c["id"] = id
	if inbox := f.inboxID(); inbox > 0 {
		c["inbox_id"] = inbox
	}
	for name, value := range map[string]any{
		"channel": f.words("channel", "channeltype"), "status": f.words("conversationstatus"), "labels": f.first("labels"),
		"can_reply": f.first("canreply"), "meta": map[string]any{"sender": sender},
	} {
		if c[name] == nil {
			c[name] = value
		}
	}
	return c
}

func (f fields) attachments() []any {
	list, _ := f.find([]string{"attachments"}, func(v any) bool {
		l, ok := v.([]any)
		return ok && len(l) > 0
	}).([]any)
	var all []any
	for _, one := range list {
		o, ok := one.(map[string]any)
		if !ok {
			continue
		}
		a := fields{all: []*object{{fields: o}}}
		all = append(all, map[string]any{
			"file_type": a.words("filetype", "type"), "data_url": a.words("dataurl", "url"),
			"transcribed_text": a.words("transcribedtext", "transcript"),
		})
	}
	return all
}

// created is when the customer wrote: in ISO 8601, in seconds or milliseconds since 1970, else when the job was added.
func (f fields) created() time.Time {
	value := f.first("createdat", "messagecreatedat")
	if text, ok := value.(string); ok {
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return at.UTC()
		}
	}
	switch n := whole(value); {
	case n > 1e11:
		return time.UnixMilli(n).UTC()
	case n > 0:
		return time.Unix(n, 0).UTC()
	}
	return f.received
}
