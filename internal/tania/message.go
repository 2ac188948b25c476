package tania

import (
	"slices"
	"strings"
	"time"
)

// Message is one message of a customer, as the queue keeps it.
type Message struct {
	ID  MessageID       `json:"id"`
	Key ConversationKey `json:"key"`

	Inbox   InboxID `json:"inbox,omitempty"`
	Channel Channel `json:"channel,omitempty"`
	Contact Contact `json:"contact"`
	// Address is the contact's in the inbox: a number, an identifier of the platform, or a group's.
	Address string `json:"address,omitempty"`
	// Verified reports that the website vouched for who the contact is.
	Verified bool `json:"verified,omitempty"`

	// Content is plain text: markup of e-mail and of old Chatwoot versions is removed.
	Content     string       `json:"content"`
	Attachments []Attachment `json:"attachments,omitempty"`
	InReplyTo   MessageID    `json:"in_reply_to,omitempty"`
	// Origin is what the customer wrote this from, nil for nothing in particular.
	Origin *Origin `json:"origin,omitempty"`

	// Attributes are what is known of the customer beside this, of what the bot may go by.
	Attributes []Attribute `json:"attributes,omitempty"`

	// The conversation as it was when Chatwoot built the webhook.
	Status       Status   `json:"status,omitempty"`
	CanReply     bool     `json:"can_reply"`
	Labels       []string `json:"labels,omitempty"`
	AssigneeKind Actor    `json:"assignee_kind,omitempty"`
	AssigneeID   int64    `json:"assignee_id,omitempty"`

	// Created is Chatwoot's time, Received ours; both UTC.
	Created  time.Time `json:"created"`
	Received time.Time `json:"received"`
	// Settled is set where Created is by our clock: how far Chatwoot's is from it was known when the message came.
	Settled bool `json:"settled,omitempty"`
	// Written is when the customer wrote it, where the channel tells, in its own time: a phone may have been offline.
	Written time.Time `json:"written,omitzero"`
	// Trace is the W3C traceparent of the webhook, empty without tracing.
	Trace string `json:"trace,omitempty"`
	// Deleted is set when the customer or an agent removed the message before it was answered.
	Deleted bool `json:"deleted,omitempty"`
	// Edited is when the text was last changed, in Chatwoot's time; zero for never, or when that is not known.
	Edited time.Time `json:"edited,omitzero"`
	// Revision counts the times that a message came again after it had been answered, because what it asks was changed: with its id it is the
	// name by which it is known whether it came before. 0 is the message as it was written.
	Revision int `json:"revision,omitempty"`

	// Undelivered is set where this is no message of a customer but one of the bot's that its channel did not deliver, with no Content.
	Undelivered *Undelivered `json:"undelivered,omitempty"`
}

// manyReaders are the ends of WhatsApp's addresses for groups, status lists and channels, as the bridges that use a paired phone give
// them to Chatwoot: as the contact's identifier, or as its address in the inbox.
var manyReaders = []string{"@g.us", "@broadcast", "@newsletter"}

// Group is the address, in small letters, of the group that a contact stands for, whose members Chatwoot does not tell apart; "" for one
// person. address is the contact's in the inbox.
func (c Contact) Group(address string) string {
	for _, address := range []string{c.Identifier, address, c.Phone} {
		address = strings.ToLower(address)
		if slices.ContainsFunc(manyReaders, func(end string) bool { return strings.HasSuffix(address, end) }) {
			return address
		}
	}
	return ""
}

// Identified reports whether it is certain enough who writes to tell them what is known of the contact: a platform or a telephone network
// says who it is, or the website did, by Chatwoot's identity validation. Without that a visitor of a website becomes whoever's e-mail
// address they type (https://www.chatwoot.com/docs/product/channels/live-chat/sdk/identity-validation). In a group it may be any member.
func (m *Message) Identified() bool {
	if m.Contact.Group(m.Address) != "" {
		return false
	}
	return m.Verified || m.Channel != ChannelWebWidget && m.Channel != ChannelAPI
}

// Spoken is a message's text and what was heard in its voice notes.
func (m *Message) Spoken() string {
	s := m.Content
	for _, a := range m.Attachments {
		if a.Transcript != "" {
			s += "\n" + a.Transcript
		}
	}
	return strings.TrimSpace(s)
}

// longestFile bounds what is remembered of a file, in characters.
const longestFile = 600

// Told is what a message tells, for the history: what is spoken, and what its pictures and documents say, shortened.
func (m *Message) Told() string {
	s := m.Spoken()
	for _, a := range m.Attachments {
		if a.Text != "" {
			text := []rune(strings.Join(strings.Fields(a.Text), " "))
			s += "\n[" + a.Type + ": " + string(text[:min(len(text), longestFile)]) + "]"
		}
	}
	return strings.TrimSpace(s)
}

// clockDoubt is how far Chatwoot's clock may be from ours where nothing is known of it: a zone set wrong, or daylight saving.
const clockDoubt = 90 * time.Minute

// longestWay is longer than any channel delivers: WhatsApp, the most patient, keeps what it cannot deliver for up to 30 days
// (https://www.whatsapp.com/legal/privacy-policy, "Undelivered Messages"). An older time tells of a clock, an import or a replay.
const longestWay = 30 * 24 * time.Hour

// Late is how long the message was on its way to us: from the customer to Chatwoot, as Chatwoot and the channel tell, and from there to
// us. Where the difference of the two clocks is not known, only what is more than they may differ by counts as that way. What is too
// long to be a way is none.
func (m *Message) Late() time.Duration {
	var late time.Duration
	if !m.Written.IsZero() && !m.Created.IsZero() {
		late = believable(m.Created.Sub(m.Written))
	}
	if m.Created.Unix() > 0 && !m.Received.IsZero() {
		if way := m.Received.Sub(m.Created); way > clockDoubt || m.Settled && way > 0 {
			late += believable(way)
		}
	}
	return late
}

func believable(way time.Duration) time.Duration {
	if way < 0 || way > longestWay {
		return 0
	}
	return way
}

// Contact is the customer.
type Contact struct {
	ID         ContactID `json:"id"`
	Name       string    `json:"name,omitempty"`
	Email      string    `json:"email,omitempty"`
	Phone      string    `json:"phone,omitempty"`
	Identifier string    `json:"identifier,omitempty"`
	Blocked    bool      `json:"blocked,omitempty"`
}

// Origin is where a message was begun: the advertisement that was clicked, or the story that is answered.
type Origin struct {
	Kind OriginKind `json:"kind"`
	// Text is what is known of it: an advertisement's headline and text, empty for a story.
	Text string `json:"text,omitempty"`
}

// OriginKind is a kind of Origin.
type OriginKind string

// The kinds of origins.
const (
	FromAd    OriginKind = "ad"
	FromStory OriginKind = "story"
)

// Attachment is a file, a location or a contact card; the last two have no URL.
type Attachment struct {
	// Type is Chatwoot's file_type: image, audio, video, file, location, fallback, share, …
	Type string `json:"type"`
	URL  string `json:"url,omitempty"`
	// Transcript is what was heard in a voice note: by Chatwoot, which may tell it later, in a message_updated, or by us.
	Transcript string `json:"transcript,omitempty"`
	// Text is what a picture shows or a document says, as we read it.
	Text string `json:"text,omitempty"`
	// Own reports whether we read the file, and Chatwoot did not tell what is in it.
	Own bool `json:"own,omitempty"`
}

// Read is what we read in the files of a message, without their addresses; nil where we read none.
func (m *Message) Read() []Attachment {
	if !slices.ContainsFunc(m.Attachments, func(a Attachment) bool { return a.Own }) {
		return nil
	}
	read := make([]Attachment, len(m.Attachments))
	for i, a := range m.Attachments {
		read[i].Type = a.Type
		if a.Own {
			read[i].Transcript, read[i].Text, read[i].Own = a.Transcript, a.Text, true
		}
	}
	return read
}

// Keep puts what we read in the files of a message into its attachments as Chatwoot tells them anew: a file is read once, and what another
// ear heard in it later is no correction of the customer's.
func Keep(read, anew []Attachment) []Attachment {
	for i := range min(len(read), len(anew)) {
		if read[i].Own && read[i].Type == anew[i].Type {
			anew[i].Transcript, anew[i].Text, anew[i].Own = read[i].Transcript, read[i].Text, true
		}
	}
	return anew
}

// Status of a conversation.
type Status string

// The four statuses of Chatwoot.
const (
	StatusPending  Status = "pending"
	StatusOpen     Status = "open"
	StatusSnoozed  Status = "snoozed"
	StatusResolved Status = "resolved"
)

// Channel is Chatwoot's channel class, "Channel::Whatsapp" for example. Two classes carry more than one network; where the webhook
// tells which, the channel is the network's: Instagram's direct messages behind a Facebook page are ChannelInstagram, and WhatsApp by
// way of Twilio is ChannelTwilioWhatsApp.
type Channel string

// Channels whose text needs differ.
const (
	ChannelWebWidget Channel = "Channel::WebWidget"
	ChannelAPI       Channel = "Channel::Api"
	ChannelWhatsApp  Channel = "Channel::Whatsapp"
	ChannelFacebook  Channel = "Channel::FacebookPage"
	ChannelInstagram Channel = "Channel::Instagram"
	ChannelTelegram  Channel = "Channel::Telegram"
	ChannelLine      Channel = "Channel::Line"
	ChannelSMS       Channel = "Channel::Sms"
	ChannelTwilio    Channel = "Channel::TwilioSms"
	ChannelTikTok    Channel = "Channel::Tiktok"
	ChannelX         Channel = "Channel::TwitterProfile"
	ChannelEmail     Channel = "Channel::Email"

	ChannelTwilioWhatsApp Channel = "Channel::TwilioSms/whatsapp"
)

// Actor says who wrote a message or owns a conversation.
type Actor string

// The kinds of actors; ActorNone is an automation, a template or a phone.
const (
	ActorNone    Actor = ""
	ActorContact Actor = "contact"
	ActorUser    Actor = "user"
	ActorBot     Actor = "agent_bot"
	ActorCaptain Actor = "captain_assistant"
)

// Language is a two-letter code. The bot speaks these three; a model may speak others.
type Language string

// The languages of the rules, the quick replies and the built-in texts.
const (
	Spanish    Language = "es"
	English    Language = "en"
	Portuguese Language = "pt"
)
