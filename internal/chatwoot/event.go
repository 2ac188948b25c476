// Package chatwoot speaks with Chatwoot: it decodes and verifies webhooks, calls the REST API, and fits text to channels.
// What it knows of Chatwoot was read in the source of v4.15.1 and of the develop branch of August 2026.
package chatwoot

import (
	"strings"
	"time"

	"tania/internal/chatwoot/background"
	"tania/internal/tania"
)

// Kind is a webhook event that Tania understands; everything else is KindOther.
type Kind string

// The kinds, named as Chatwoot names the events.
const (
	KindOther                     Kind = ""
	KindMessageCreated            Kind = "message_created"
	KindMessageUpdated            Kind = "message_updated"
	KindConversationCreated       Kind = "conversation_created"
	KindConversationUpdated       Kind = "conversation_updated"
	KindConversationStatusChanged Kind = "conversation_status_changed"
	KindConversationOpened        Kind = "conversation_opened"
	KindConversationResolved      Kind = "conversation_resolved"
	KindWebwidgetTriggered        Kind = "webwidget_triggered"
)

// Event is a decoded webhook.
type Event struct {
	// Name is Chatwoot's, of unknown events too.
	Name string
	Kind Kind
	// Conversation is zero (Key.Conversation 0) for events without one.
	Conversation Conversation
	// Message is nil for events without one.
	Message *Message
	// StatusBefore and StatusAfter are the transition in a conversation_updated's changed_attributes, empty if none.
	StatusBefore, StatusAfter tania.Status
}

// Conversation is Chatwoot's view of a conversation, from a webhook or from GET /conversations/{id}.
type Conversation struct {
	Key     tania.ConversationKey
	Inbox   tania.InboxID
	Channel tania.Channel
	Contact tania.Contact
	// Address is the contact's in the inbox (contact_inbox.source_id): a number, an identifier of the platform, or a group's.
	Address string
	// Verified reports that the website vouched for who the contact is (hmac_verified of contact_inbox, or of meta).
	Verified bool
	Status   tania.Status
	// CanReply is true where Chatwoot does not say.
	CanReply     bool
	Labels       []string
	AssigneeKind tania.Actor
	AssigneeID   int64
	AssigneeName string
	Team         tania.TeamID
	SnoozedUntil time.Time
	// WaitingSince is when the first message came that the customer waits for an answer to, in whole seconds; zero when none does. What a
	// bot or a human says to the customer ends the wait, the customer's next message begins another (Message#update_waiting_since).
	WaitingSince time.Time
	// Background is what is known of the customer and of where they write.
	Background background.Background
	// CustomAttributes are the conversation's, as JSON values.
	CustomAttributes map[string]any
	// Updated is updated_at; zero where the payload has none.
	Updated time.Time
	// Ahead is how far Chatwoot's clock was taken to be ahead when the times here were put in this machine's.
	Ahead time.Duration
	// Last is the last message that is no activity (Chatwoot adds an activity when a webhook fails, as it does while Tania is
	// down), where Client.Conversation read it; nil if there is none, and in webhooks.
	Last *Message
}

// Attributes gives what is known of the conversation's customer of what is named, in that order, without what is not known.
func (c *Conversation) Attributes(names []string) []tania.Attribute {
	b := c.Background
	b.Person, b.Conversation = c.Contact, c.CustomAttributes
	return b.Attributes(names)
}

// Direction of a message.
type Direction string

// The message types; activity messages never come by webhook, only by REST.
const (
	Incoming Direction = "incoming"
	Outgoing Direction = "outgoing"
	Template Direction = "template"
	Activity Direction = "activity"
)

// Message is a message in a webhook or a REST answer.
type Message struct {
	ID        tania.MessageID
	Direction Direction
	Private   bool
	// Content is plain text: HTML of e-mail and of Chatwoot 4.4.0 to 4.12.0 is removed, a quoted e-mail history is cut.
	Content     string
	ContentType string
	Attachments []tania.Attachment
	InReplyTo   tania.MessageID
	Sender      Sender
	// Marker is Tania's own mark, nil on messages of others.
	Marker *Marker
	// Phone is set on what a human typed on the phone that the inbox is connected to, Automation on messages of automation
	// rules, Campaign on those of a campaign, which may have a user as their sender.
	Phone, Automation, Campaign bool
	// Reaction is an emoji put on a message, AutoReply a mail that a machine sent, Imported a message from before the inbox
	// was connected, Call the record of a phone call.
	Reaction, AutoReply, Imported, Call bool
	// Deleted, Unsupported and ExternalError come from content_attributes.
	Deleted, Unsupported bool
	ExternalError        string
	// Origin is the advertisement or the story that the customer wrote from, nil for none.
	Origin *tania.Origin
	// Submitted holds the titles (or values) the customer chose in an input_select, or typed in a form.
	Submitted []string
	// Status is sent, delivered, read or failed; only in REST answers and messages[0].
	Status string
	// Created is when Chatwoot saved the message. Written is when it was written where the channel says that this was earlier,
	// because a phone was offline for example; else zero.
	Created, Written time.Time
	// Settled is set by a Clock that knows Chatwoot's: Created is by ours then.
	Settled bool
	// Edited is when the message was last changed, as far as the webhook tells; zero where it never was.
	Edited time.Time
}

// Sender of a message. Kind is ActorNone for templates, automations and the phone.
type Sender struct {
	Kind tania.Actor
	ID   int64
	Name string
	// Contact is filled in for ActorContact.
	Contact tania.Contact
}

// Marker is put into content_attributes under MarkerKey with every message Tania sends. It comes back in the echo
// webhook and in REST, and is how a message is recognised as sent: Chatwoot's API has no idempotency keys.
type Marker struct {
	Turn tania.TurnID `json:"turn"`
	// Part is "1", "2", … for the parts of a reply and a word for other messages of a turn.
	Part string `json:"part"`
	// Answers are the customer's messages that a reply answers, each with a digest of its words, on the reply's last part alone: by them the
	// whole reply is found when the store lost the turn.
	Answers map[tania.MessageID]string `json:"answers,omitempty"`
	// Again is the message that this one repeats, because it was not delivered; 0 for none.
	Again tania.MessageID `json:"again,omitempty"`
}

// MarkerKey is the key of a Marker in content_attributes.
const MarkerKey = "tania"

// ByHuman reports whether a human of the team wrote the message to the customer, now: from the dashboard, the API, Slack
// (sender.type user) or the phone. Tania's own messages under a user's token carry a marker and are not; neither are campaigns
// and reactions, which end no conversation with the bot, nor what was imported.
// botUser is the user id behind Tania's token, 0 for a bot token.
func (m *Message) ByHuman(botUser tania.UserID) bool {
	return m.OfHuman(botUser) && !m.Reaction && !m.Imported
}

// OfHuman reports whether the message is a human's of the team, whenever it was written.
func (m *Message) OfHuman(botUser tania.UserID) bool {
	if m.Direction != Outgoing || m.Private || m.Own(botUser) || m.Automation || m.Campaign {
		return false
	}
	return m.Phone || m.Sender.Kind == tania.ActorUser
}

// Own reports whether Tania sent the message.
func (m *Message) Own(botUser tania.UserID) bool {
	return m.Marker != nil || botUser != 0 && m.Sender.Kind == tania.ActorUser && m.Sender.ID == int64(botUser)
}

// CustomerMessage gives the event as a message for the queue: a new incoming message, or the customer's choice in an
// input_select or form of the bot. received is our time. ok is false for every other event.
func (e *Event) CustomerMessage(received time.Time) (m tania.Message, ok bool) {
	if e.Message == nil {
		return m, false
	}
	switch {
	case e.Kind == KindMessageCreated && e.Message.Direction == Incoming:
		return e.queued(e.Message.Content, received), true
	case e.Kind == KindMessageUpdated && e.Message.Direction == Outgoing && len(e.Message.Submitted) > 0:
		m = e.queued(strings.Join(e.Message.Submitted, "\n"), received)
		// It was said when it was submitted, which changed the message and, with it, the conversation.
		for _, at := range []time.Time{e.Message.Edited, e.Conversation.Updated} {
			if at.After(m.Created) {
				m.Created = at
			}
		}
		return m, true
	}
	return m, false
}

// Revised gives a changed message of a customer as it now reads; it says no more than that it may be another than the one that came. The
// event is a message_updated of an incoming message. received is our time.
func (e *Event) Revised(received time.Time) tania.Message {
	m := e.queued(e.Message.Content, received)
	m.Edited = e.Message.Edited
	if m.Edited.After(m.Created) {
		// What it now asks was asked when it was changed.
		m.Created = m.Edited
	}
	return m
}

// NotDelivered reports whether the event says that a channel did not deliver the bot's message to the customer: Chatwoot keeps what the
// network said in external_error (Messages::StatusUpdateService), and the status where the message is the conversation's last.
// bot knows the agent bot behind Tania's own token by its id.
func (e *Event) NotDelivered(bot func(id int64) bool) bool {
	m := e.Message
	if m == nil || e.Kind != KindMessageUpdated || m.Direction != Outgoing || m.Private || m.Deleted {
		return false
	}
	return m.Failed() && (m.Marker != nil || m.Sender.Kind == tania.ActorBot && bot(m.Sender.ID))
}

// Failed reports whether the channel did not deliver the message, as far as is told.
func (m *Message) Failed() bool {
	return m.Status == "failed" || m.Status == "" && m.ExternalError != ""
}

// Undelivered gives a message that was not delivered for the queue; u is what is known of it. received is our time.
func (e *Event) Undelivered(u tania.Undelivered, received time.Time) tania.Message {
	m := e.queued("", received)
	m.Attachments, m.Undelivered = nil, &u
	// It may be picked from later, which is another thing that came of the same message.
	m.Revision = 1
	for _, at := range []time.Time{e.Message.Edited, e.Conversation.Updated} {
		if at.After(m.Created) {
			m.Created = at // when it is known of
		}
	}
	return m
}

// queued is the event's message as the queue keeps it.
func (e *Event) queued(content string, received time.Time) tania.Message {
	c, attachments := e.Conversation, e.Message.Attachments
	if e.Message.Unsupported {
		// The content is a placeholder that depends on Chatwoot's version and language.
		content, attachments = "", append(attachments, tania.Attachment{Type: "unsupported"})
	}
	return tania.Message{
		ID: e.Message.ID, Key: c.Key, Inbox: c.Inbox, Channel: c.Channel, Contact: c.Contact, Address: c.Address, Verified: c.Verified,
		Content: content, Attachments: attachments, InReplyTo: e.Message.InReplyTo, Origin: e.Message.Origin,
		Status: c.Status, CanReply: c.CanReply, Labels: c.Labels, AssigneeKind: c.AssigneeKind, AssigneeID: c.AssigneeID,
		Created: e.Message.Created, Settled: e.Message.Settled, Written: e.Message.Written, Received: received.UTC(), Deleted: e.Message.Deleted,
	}
}
