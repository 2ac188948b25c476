package chatwoot

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tania/internal/tania"
)

// The wire types name only what Tania reads. A value of a wrong type leaves its field empty and the rest intact.

// wireID is an id: a number, or a string of digits as some integrations send.
type wireID int64

// maxID is the largest integer that JSON numbers carry exactly in every language.
const maxID = 1 << 53

// UnmarshalJSON never fails: what is no id at all reads as 0, and what is out of range as a negative number.
func (id *wireID) UnmarshalJSON(data []byte) error {
	s := string(bytes.Trim(data, `"`))
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f, errFloat := strconv.ParseFloat(s, 64)
		switch {
		case errFloat != nil:
			n = 0
		case f != math.Trunc(f) || math.Abs(f) > maxID:
			n = -1
		default:
			n = int64(f)
		}
	}
	if n > maxID {
		n = -1
	}
	*id = wireID(n)
	return nil
}

// known is the id, or 0 where it is none, for those that a message can be understood without.
func (id wireID) known() int64 { return max(int64(id), 0) }

// wireText is a string; null and other types read as "".
type wireText string

// UnmarshalJSON never fails.
func (t *wireText) UnmarshalJSON(data []byte) error {
	*t = ""
	if len(data) < 2 || data[0] != '"' {
		return nil
	}
	if inner := data[1 : len(data)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		*t = wireText(inner)
		return nil
	}
	var s string
	if json.Unmarshal(data, &s) == nil {
		*t = wireText(s)
	}
	return nil
}

// wireTime is a time: ISO 8601, unix seconds (with a fraction) or milliseconds, or null.
type wireTime struct{ time.Time }

// UnmarshalJSON never fails.
func (t *wireTime) UnmarshalJSON(data []byte) error {
	s := string(bytes.Trim(data, `"`))
	if strings.Contains(s, "T") {
		if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
			t.Time = at.UTC()
		}
	} else if f, err := strconv.ParseFloat(s, 64); err == nil && f > 0 && f < 1e14 {
		if f >= 1e11 { // the year 5138 in seconds, 1973 in milliseconds
			f /= 1e3
		}
		seconds, fraction := math.Modf(f)
		t.Time = time.Unix(int64(seconds), int64(fraction*1e6)*1e3).UTC()
	}
	return nil
}

// wireDirection is a message_type: a word in webhooks, a number in messages[] and REST.
type wireDirection string

// UnmarshalJSON never fails.
func (d *wireDirection) UnmarshalJSON(data []byte) error {
	switch s := string(bytes.Trim(data, `"`)); s {
	case "0", string(Incoming):
		*d = wireDirection(Incoming)
	case "1", string(Outgoing):
		*d = wireDirection(Outgoing)
	case "2", string(Activity):
		*d = wireDirection(Activity)
	case "3", string(Template):
		*d = wireDirection(Template)
	default:
		*d = ""
	}
	return nil
}

// wireFlag is a boolean: true, "true", or a number that is not 0, an automation_rule_id for example. All else reads as false.
type wireFlag bool

// UnmarshalJSON never fails.
func (f *wireFlag) UnmarshalJSON(data []byte) error {
	switch s := string(bytes.Trim(data, `"`)); s {
	case "true":
		*f = true
	case "false", "null", "":
		*f = false
	default:
		n, err := strconv.ParseFloat(s, 64)
		*f = err == nil && n != 0
	}
	return nil
}

// wireNo is a boolean that is true unless it is said to be false: it holds whether that is said.
type wireNo bool

// UnmarshalJSON never fails.
func (n *wireNo) UnmarshalJSON(data []byte) error {
	*n = string(bytes.Trim(data, `"`)) == "false"
	return nil
}

type wireContact struct {
	ID         wireID   `json:"id"`
	Name       wireText `json:"name"`
	Email      wireText `json:"email"`
	Phone      wireText `json:"phone_number"`
	Identifier wireText `json:"identifier"`
	Blocked    wireFlag `json:"blocked"`
	// Type is absent on a contact in message webhooks, "contact" elsewhere and on those of 2021.
	Type wireText `json:"type"`
	// Custom and Additional are free; they are read where somebody asks for one of them.
	Custom     json.RawMessage `json:"custom_attributes"`
	Additional json.RawMessage `json:"additional_attributes"`
}

func (c wireContact) contact() tania.Contact {
	return tania.Contact{
		ID: tania.ContactID(c.ID.known()), Name: string(c.Name), Email: string(c.Email), Phone: string(c.Phone),
		Identifier: string(c.Identifier), Blocked: bool(c.Blocked),
	}
}

type wireAttachment struct {
	Type       wireText `json:"file_type"`
	URL        wireText `json:"data_url"`
	Transcript wireText `json:"transcribed_text"`
	// Meta has the transcript too, and in gateways' attachments alone. Contact cards have other things in it.
	Meta wireMeta `json:"meta"`
}

type wireMeta struct {
	Transcript wireText `json:"transcribed_text"`
}

// UnmarshalJSON never fails: meta is free.
func (m *wireMeta) UnmarshalJSON(data []byte) error {
	type plain wireMeta
	var p plain
	// An error leaves what could be read.
	_ = lenient(data, &p)
	*m = wireMeta(p)
	return nil
}

// heard is what was understood of a voice note.
func (a *wireAttachment) heard() string {
	if a.Transcript != "" {
		return string(a.Transcript)
	}
	return string(a.Meta.Transcript)
}

type wireMessage struct {
	ID          wireID           `json:"id"`
	Direction   wireDirection    `json:"message_type"`
	Private     wireFlag         `json:"private"`
	Content     wireText         `json:"content"`
	Processed   wireText         `json:"processed_message_content"`
	ContentType wireText         `json:"content_type"`
	Attributes  wireAttributes   `json:"content_attributes"`
	Additional  wireMarks        `json:"additional_attributes"`
	Attachments []wireAttachment `json:"attachments"`
	Sender      *wireContact     `json:"sender"`
	Status      wireText         `json:"status"`
	Created     wireTime         `json:"created_at"`
	// raw is set on content that is known to be as it was written; updated is from messages[0], zero where that is of another.
	raw     bool
	updated wireTime
}

type wireConversation struct {
	ID          wireID   `json:"id"`
	Inbox       wireID   `json:"inbox_id"`
	Channel     wireText `json:"channel"`
	Status      wireText `json:"status"`
	CannotReply wireNo   `json:"can_reply"`
	Labels      []string `json:"labels"`
	Meta        struct {
		Sender       *wireContact `json:"sender"`
		Channel      wireText     `json:"channel"`
		Assignee     *wireContact `json:"assignee"`
		AssigneeType wireText     `json:"assignee_type"`
		Verified     wireFlag     `json:"hmac_verified"`
		Team         *struct {
			ID wireID `json:"id"`
		} `json:"team"`
	} `json:"meta"`
	SnoozedUntil     wireTime       `json:"snoozed_until"`
	WaitingSince     wireTime       `json:"waiting_since"`
	CustomAttributes map[string]any `json:"custom_attributes"`
	Updated          wireTime       `json:"updated_at"`
	Messages         []wireRaw      `json:"messages"`
	Account          wireRef        `json:"account"`
	AccountID        wireID         `json:"account_id"`
	ContactInbox     struct {
		Contact  wireID   `json:"contact_id"`
		Source   wireText `json:"source_id"`
		Verified wireFlag `json:"hmac_verified"`
	} `json:"contact_inbox"`
	Additional wireAdditional `json:"additional_attributes"`
}

// wireAdditional is what Tania reads of a conversation's additional_attributes.
type wireAdditional struct {
	Type     wireText  `json:"type"`
	Referer  wireText  `json:"referer"`
	Language wireText  `json:"browser_language"`
	Began    wireBegan `json:"initiated_at"`
}

// wireBegan is the browser's time when a conversation was begun.
type wireBegan struct {
	At wireText `json:"timestamp"`
}

// wireRaw is what messages[0] of a webhook has and its top level has not.
type wireRaw struct {
	ID        wireID   `json:"id"`
	Content   wireText `json:"content"`
	Processed wireText `json:"processed_message_content"`
	Status    wireText `json:"status"`
	Updated   wireTime `json:"updated_at"`
}

// wireLooked is a conversation as REST shows it.
type wireLooked struct {
	wireConversation
	Messages []wireMessage `json:"messages"`
	LastSaid *wireMessage  `json:"last_non_activity_message"`
}

type wireRef struct {
	ID   wireID   `json:"id"`
	Name wireText `json:"name"`
}

// wireAttributes is content_attributes. Some integrations send it as a string of JSON.
type wireAttributes struct {
	InReplyTo     wireID          `json:"in_reply_to"`
	ExternalEcho  wireFlag        `json:"external_echo"`
	Automation    wireFlag        `json:"automation_rule_id"`
	Deleted       wireFlag        `json:"deleted"`
	Unsupported   wireFlag        `json:"is_unsupported"`
	Reaction      wireFlag        `json:"is_reaction"`
	Revoked       wireFlag        `json:"deleted_by_contact"`
	Imported      wireFlag        `json:"imported"`
	Edited        wireTime        `json:"edited_at"`
	PhoneName     wireText        `json:"external_sender_name"`
	External      wireTime        `json:"external_created_at"`
	StoryID       wireText        `json:"story_id"`
	ReplyToStory  json.RawMessage `json:"reply_to_story"`
	Referral      *wireReferral   `json:"referral"`
	ExternalError wireText        `json:"external_error"`
	Submitted     json.RawMessage `json:"submitted_values"`
	Address       wireText        `json:"submitted_email"`
	Marker        json.RawMessage `json:"tania"`
	Email         *wireEmail      `json:"email"`
}

// wireReferral is the advertisement that brought the customer (WhatsApp: "Click to WhatsApp").
type wireReferral struct {
	Headline wireText `json:"headline"`
	Body     wireText `json:"body"`
}

// wireMarks is what Tania reads of a message's additional_attributes.
type wireMarks struct {
	Campaign wireFlag `json:"campaign_id"`
	Imported wireFlag `json:"imported"`
}

// UnmarshalJSON never fails: the attributes are free.
func (a *wireMarks) UnmarshalJSON(data []byte) error {
	type plain wireMarks
	var p plain
	// An error leaves what could be read.
	_ = lenient(data, &p)
	*a = wireMarks(p)
	return nil
}

type wireEmail struct {
	AutoReply wireFlag      `json:"auto_reply"`
	From      wireAddresses `json:"from"`
	Subject   wireText      `json:"subject"`
	Text      wireEmailBody `json:"text_content"`
	HTML      wireEmailBody `json:"html_content"`
}

// wireEmailBody has the whole, and what is left of it without quoted history and signature.
type wireEmailBody struct {
	Full   wireText `json:"full"`
	Reply  wireText `json:"reply"`
	Quoted wireText `json:"quoted"`
}

// wireAddresses are mail addresses: a list, or one.
type wireAddresses []string

// UnmarshalJSON never fails.
func (a *wireAddresses) UnmarshalJSON(data []byte) error {
	var one wireText
	if len(data) > 0 && data[0] == '"' {
		_ = one.UnmarshalJSON(data)
		*a = wireAddresses{string(one)}
		return nil
	}
	var list []wireText
	// An error leaves what could be read.
	_ = json.Unmarshal(data, &list)
	*a = nil
	for _, s := range list {
		*a = append(*a, string(s))
	}
	return nil
}

// UnmarshalJSON never fails.
func (a *wireAttributes) UnmarshalJSON(data []byte) error {
	if string(data) == "{}" || string(data) == "null" {
		*a = wireAttributes{}
		return nil
	}
	if len(data) > 0 && data[0] == '"' {
		var inner string
		if json.Unmarshal(data, &inner) != nil {
			return nil
		}
		data = []byte(inner)
	}
	type plain wireAttributes
	var p plain
	// An error leaves what could be read.
	_ = lenient(data, &p)
	*a = wireAttributes(p)
	return nil
}
