package chatwootsim

import (
	"time"

	"tania/internal/tania"
)

// MessageType is Chatwoot's message_type, a word in webhooks and a number elsewhere.
type MessageType string

// The message types. Activity messages are never sent by webhook.
const (
	Incoming MessageType = "incoming"
	Outgoing MessageType = "outgoing"
	Activity MessageType = "activity"
	Template MessageType = "template"
)

// Number is the type in the API.
func (t MessageType) Number() int {
	return map[MessageType]int{Incoming: 0, Outgoing: 1, Activity: 2, Template: 3}[t]
}

// Via is how a human's reply came.
type Via string

// The ways a human replies. A message from the phone has no sender, but a mark in content_attributes.
const (
	ViaDashboard Via = "dashboard"
	ViaAPI       Via = "api"
	ViaPhone     Via = "phone"
	// ViaGateway is the phone behind a gateway that says external_sender_name instead.
	ViaGateway Via = "gateway"
)

// Sender is who wrote a message; Kind is ActorNone for templates, activities and phones.
type Sender struct {
	Kind tania.Actor `json:"kind"`
	ID   int64       `json:"id,omitempty"`
	Name string      `json:"name,omitempty"`
}

// Message is one message as it is saved.
type Message struct {
	ID           tania.MessageID      `json:"id"`
	Conversation tania.ConversationID `json:"conversation"`
	Type         MessageType          `json:"type"`
	Private      bool                 `json:"private,omitempty"`
	// Content is null on the wire when empty.
	Content     string         `json:"content"`
	ContentType string         `json:"content_type"`
	Attributes  map[string]any `json:"content_attributes"`
	// Additional are additional_attributes: campaign_id, …
	Additional  map[string]any `json:"additional_attributes,omitempty"`
	Attachments []Attachment   `json:"attachments,omitempty"`
	Sender      Sender         `json:"sender"`
	// Status is sent, delivered, read or failed.
	Status   string    `json:"status"`
	SourceID string    `json:"source_id,omitempty"`
	Created  time.Time `json:"created"`
	Updated  time.Time `json:"updated"`
}

// Deleted reports whether the message was removed; its content is a placeholder then.
func (m Message) Deleted() bool { return m.Attributes["deleted"] == true }

// Attachment is a file, a location or a contact card; the last two have no URL.
type Attachment struct {
	ID int64 `json:"id,omitempty"`
	// Type is the file_type: image, audio, video, file, location, contact, …
	Type        string  `json:"type"`
	URL         string  `json:"url,omitempty"`
	ContentType string  `json:"content_type,omitempty"`
	Extension   string  `json:"extension,omitempty"`
	Size        int64   `json:"size,omitempty"`
	Title       string  `json:"title,omitempty"`
	Latitude    float64 `json:"latitude,omitempty"`
	Longitude   float64 `json:"longitude,omitempty"`
	// Transcript is what Chatwoot heard in an audio.
	Transcript string `json:"transcript,omitempty"`
}

// Conversation is a conversation as it is now.
type Conversation struct {
	ID      tania.ConversationID `json:"id"`
	Inbox   tania.InboxID        `json:"inbox"`
	Channel tania.Channel        `json:"channel"`
	Contact tania.Contact        `json:"contact"`
	Status  tania.Status         `json:"status"`
	// Assignee is a user, 0 none; AssignedBot says that the agent bot is the assignee (Chatwoot >= 4.17).
	Assignee    tania.UserID `json:"assignee,omitempty"`
	AssignedBot bool         `json:"assigned_bot,omitempty"`
	// OtherBot is the agent bot that is the assignee instead of the inbox's own, 0 none.
	OtherBot         int64          `json:"other_bot,omitempty"`
	Team             tania.TeamID   `json:"team,omitempty"`
	Labels           []string       `json:"labels"`
	CustomAttributes map[string]any `json:"custom_attributes"`
	Priority         string         `json:"priority,omitempty"`
	SnoozedUntil     time.Time      `json:"snoozed_until,omitzero"`
	// WaitingSince is when the oldest unanswered message of the customer came.
	WaitingSince time.Time `json:"waiting_since,omitzero"`
	FirstReply   time.Time `json:"first_reply,omitzero"`
	Created      time.Time `json:"created"`
	Updated      time.Time `json:"updated"`
	LastActivity time.Time `json:"last_activity"`
	Unread       int       `json:"unread"`
	CanReply     bool      `json:"can_reply"`
	// Typing reports whether the bot's dots are shown now, TypingLeft for how many milliseconds more.
	Typing     bool  `json:"typing"`
	TypingLeft int64 `json:"typing_left_ms,omitempty"`
}

// Thread is what the server keeps of one; slices and maps in it are replaced, never changed in place.
type Thread struct {
	Conversation
	Messages    []*Message
	Customer    *Customer
	UUID        string
	AgentSeen   time.Time
	TypingUntil time.Time
}

// Customer is a customer in an inbox.
type Customer struct {
	tania.Contact
	SourceID string
	Created  time.Time
	// Sources are the source_ids in the inboxes that were named for it; sourceID is that of all others.
	Sources            map[tania.InboxID]string
	Custom, Additional map[string]any
	Labels             []string
	Notes              []Note
}

// Note is what somebody noted of a contact.
type Note struct {
	ID      int64
	Content string
	By      tania.UserID
	At      time.Time
}

// Last is the newest message that is wanted, nil for none.
func (c *Thread) Last(want func(*Message) bool) *Message {
	for i := len(c.Messages) - 1; i >= 0; i-- {
		if want(c.Messages[i]) {
			return c.Messages[i]
		}
	}
	return nil
}

// Public reports whether the customer sees a message.
func Public(m *Message) bool { return m.Type != Activity && !m.Private }

// Sender is the contact as who wrote a message.
func (k *Customer) Sender() Sender {
	return Sender{Kind: tania.ActorContact, ID: int64(k.ID), Name: k.Name}
}
