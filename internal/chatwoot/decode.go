package chatwoot

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	fastjson "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tania/internal/chatwoot/background"
	"tania/internal/tania"
)

// ErrMalformed is in every error of Decode.
var ErrMalformed = errors.New("chatwoot: malformed webhook")

// wirePayload is any webhook, read as a message event: the message's fields at the top level, the conversation below.
// A conversation event has the conversation's own fields at its top level and is read a second time for them.
type wirePayload struct {
	wireMessage
	Event        wireText          `json:"event"`
	Account      wireRef           `json:"account"`
	InboxRef     wireRef           `json:"inbox"`
	Conversation *wireConversation `json:"conversation"`
	Current      *wireConversation `json:"current_conversation"`
	Changed      json.RawMessage   `json:"changed_attributes"`
}

// Decode reads a webhook. Unknown keys and events are tolerated, and so are wrong types where a message can be
// understood without the field. The error wraps ErrMalformed: no JSON object, or a message without usable ids.
func Decode(body []byte) (*Event, error) { return DecodeFor(0, body) }

// DecodeFor reads a webhook of an installation that serves one account, which is the one that a webhook without any is of; 0: none.
func DecodeFor(account tania.AccountID, body []byte) (*Event, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	if len(body) == 0 || body[0] != '{' {
		return nil, fmt.Errorf("%w: not a JSON object", ErrMalformed)
	}
	var p wirePayload
	if err := lenient(body, &p); err != nil {
		return nil, err
	}
	e := &Event{Name: string(p.Event), Kind: kind(string(p.Event))}
	ids := accounts{p.Account.ID, wireID(account)}
	switch e.Kind {
	case KindOther:
		return e, nil
	case KindMessageCreated, KindMessageUpdated:
		return e, e.message(&p, ids)
	case KindWebwidgetTriggered:
		if p.Current != nil {
			e.Conversation = p.Current.conversation(ids)
		}
		return e, nil
	}
	var c wireConversation
	if err := lenient(body, &c); err != nil {
		return nil, err
	}
	e.Conversation = c.conversation(ids)
	e.StatusBefore, e.StatusAfter = transition(p.Changed)
	return e, keyed(e.Conversation.Key)
}

// accounts are those a payload may be of: the one it names at its top, and the one it is of when it names none at all.
type accounts struct{ named, assumed wireID }

// message reads a message event.
func (e *Event) message(p *wirePayload, ids accounts) error {
	m := &p.wireMessage
	if p.Conversation == nil {
		return fmt.Errorf("%w: %s without a conversation", ErrMalformed, e.Name)
	}
	e.Conversation = p.Conversation.conversation(ids)
	e.Conversation.Background = p.atTheTop(e.Conversation.Background)
	if e.Conversation.Inbox == 0 {
		e.Conversation.Inbox = tania.InboxID(p.InboxRef.ID.known())
	}
	if m.ID <= 0 {
		return fmt.Errorf("%w: message id missing, or not from 1 to 2^53", ErrMalformed)
	}
	if raw := p.Conversation.Messages; len(raw) > 0 && raw[0].ID == m.ID {
		m.fromConversation(&raw[0])
	}
	if e.Kind == KindMessageCreated {
		m.updated = wireTime{} // nothing was changed yet
	}
	message := m.message(e.Conversation.Channel)
	e.Message = &message
	if message.Sender.Kind == tania.ActorContact && message.Direction == Incoming {
		e.Conversation.Contact = merge(message.Sender.Contact, e.Conversation.Contact)
	}
	return keyed(e.Conversation.Key)
}

// fromConversation takes what messages[0] has and the top level has not: the delivery status, the new part of a mail, and
// the content as it was written where the top level has it rendered as HTML (Chatwoot 4.4.0 to 4.12.0).
func (w *wireMessage) fromConversation(raw *wireRaw) {
	w.Status, w.Processed, w.updated = raw.Status, raw.Processed, raw.Updated
	if raw.Content != "" {
		w.Content, w.raw = raw.Content, true
	}
}

func keyed(k tania.ConversationKey) error {
	if k.Account <= 0 || k.Conversation <= 0 {
		return fmt.Errorf("%w: account id or conversation id missing, or not from 1 to 2^53", ErrMalformed)
	}
	return nil
}

// tolerant makes the fast decoder take what encoding/json takes.
var tolerant = fastjson.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// lenient decodes what is of the right type and leaves the rest. The fast decoder, which takes half the time, stops at a
// value of a wrong type; then encoding/json reads on behind it.
func lenient(body []byte, into any) error {
	if fastjson.Unmarshal(body, into, tolerant) == nil {
		return nil
	}
	err := json.Unmarshal(body, into)
	var mistyped *json.UnmarshalTypeError
	if err != nil && !errors.As(err, &mistyped) {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return nil
}

func kind(name string) Kind {
	switch k := Kind(name); k {
	case KindMessageCreated, KindMessageUpdated, KindConversationCreated, KindConversationUpdated,
		KindConversationStatusChanged, KindConversationOpened, KindConversationResolved, KindWebwidgetTriggered:
		return k
	}
	return KindOther
}

// transition finds the status change in changed_attributes: a list of objects with one key each, null in some events.
func transition(changed json.RawMessage) (before, after tania.Status) {
	var list []map[string]struct {
		Before wireText `json:"previous_value"`
		After  wireText `json:"current_value"`
	}
	_ = json.Unmarshal(changed, &list)
	for _, attributes := range list {
		if change, ok := attributes["status"]; ok {
			return tania.Status(change.Before), tania.Status(change.After)
		}
	}
	return "", ""
}

func (c *wireConversation) conversation(ids accounts) Conversation {
	account := cmp.Or(ids.named, c.Account.ID, c.AccountID, ids.assumed)
	out := Conversation{
		Key:   tania.ConversationKey{Account: tania.AccountID(account), Conversation: tania.ConversationID(c.ID)},
		Inbox: tania.InboxID(c.Inbox.known()), Channel: tania.Channel(c.Channel), Status: tania.Status(c.Status),
		CanReply: !bool(c.CannotReply), Labels: c.Labels, SnoozedUntil: c.SnoozedUntil.Time, WaitingSince: c.WaitingSince.Time,
		CustomAttributes: c.CustomAttributes, Updated: c.Updated.Time, Background: c.background(),
	}
	if out.Channel == "" {
		out.Channel = tania.Channel(c.Meta.Channel)
	}
	out.Channel = network(out.Channel, c)
	out.Address, out.Verified = string(c.ContactInbox.Source), bool(c.ContactInbox.Verified || c.Meta.Verified)
	if c.Meta.Sender != nil {
		out.Contact = c.Meta.Sender.contact()
	}
	if out.Contact.ID == 0 {
		out.Contact.ID = tania.ContactID(c.ContactInbox.Contact.known())
	}
	if a := c.Meta.Assignee; a != nil {
		out.AssigneeID, out.AssigneeName = a.ID.known(), string(a.Name)
		out.AssigneeKind = assigneeKind(string(c.Meta.AssigneeType), string(a.Type))
	}
	if c.Meta.Team != nil {
		out.Team = tania.TeamID(c.Meta.Team.ID.known())
	}
	return out
}

// network is the channel of the network that a conversation is on, where its class carries more than one: Instagram's direct messages
// come through a Facebook page (Instagram::MessageBuilder marks them), and a Twilio contact's address on WhatsApp has a prefix
// (Twilio::IncomingMessageService).
func network(class tania.Channel, c *wireConversation) tania.Channel {
	switch {
	case class == tania.ChannelFacebook && c.Additional.Type == "instagram_direct_message":
		return tania.ChannelInstagram
	case class == tania.ChannelTwilio && strings.HasPrefix(string(c.ContactInbox.Source), "whatsapp:"):
		return tania.ChannelTwilioWhatsApp
	}
	return class
}

// looked is the conversation with its last message.
func (l *wireLooked) looked(account tania.AccountID) Conversation {
	c := l.conversation(accounts{named: wireID(account)})
	last := l.LastSaid
	if last == nil && len(l.Messages) > 0 {
		last = &l.Messages[0]
	}
	if last != nil && last.ID > 0 {
		m := last.message(c.Channel)
		c.Last = &m
	}
	return c
}

// assigneeKind reads assignee_type (since 4.8.0), else the assignee's own type; older payloads knew users only.
func assigneeKind(assigneeType, ownType string) tania.Actor {
	switch {
	case assigneeType == "AgentBot" || ownType == string(tania.ActorBot):
		return tania.ActorBot
	case ownType == string(tania.ActorCaptain) || strings.HasPrefix(assigneeType, "Captain"):
		return tania.ActorCaptain
	}
	return tania.ActorUser
}

func (w *wireMessage) message(channel tania.Channel) Message {
	m := Message{
		ID: tania.MessageID(w.ID), Direction: Direction(w.Direction), Private: bool(w.Private), ContentType: string(w.ContentType),
		InReplyTo: tania.MessageID(w.Attributes.InReplyTo.known()), Sender: w.sender(), Marker: marker(w.Attributes.Marker),
		Automation: bool(w.Attributes.Automation), Unsupported: bool(w.Attributes.Unsupported), ExternalError: string(w.Attributes.ExternalError),
		Submitted: submitted(w.Attributes), Status: string(w.Status), Created: w.Created.Time,
		Content: shown(plainContent(w, channel)),
	}
	m.marked(w)
	for i := range w.Attachments {
		a := &w.Attachments[i]
		m.Attachments = append(m.Attachments, tania.Attachment{Type: string(a.Type), URL: string(a.URL), Transcript: shown(a.heard())})
	}
	if kind, words := mediaContent(m.ContentType, m.Content); kind != "" {
		m.Content = words
		if len(m.Attachments) == 0 {
			m.Attachments = []tania.Attachment{{Type: kind}}
		}
	}
	return m
}

// sender reads who wrote a message. A contact has no type in message webhooks, and "contact" in older ones and in REST.
func (w *wireMessage) sender() Sender {
	if w.Sender == nil {
		return Sender{}
	}
	s := Sender{ID: w.Sender.ID.known(), Name: string(w.Sender.Name)}
	switch kind := tania.Actor(w.Sender.Type); kind {
	case tania.ActorUser, tania.ActorBot, tania.ActorCaptain:
		s.Kind = kind
	case tania.ActorNone, tania.ActorContact:
		s.Kind, s.Contact = tania.ActorContact, w.Sender.contact()
	}
	return s
}

// marker reads Tania's mark; anything else under its key is not one.
func marker(data json.RawMessage) *Marker {
	var m struct {
		Turn    wireText        `json:"turn"`
		Part    json.RawMessage `json:"part"`
		Answers json.RawMessage `json:"answers"`
		Again   wireID          `json:"again"`
	}
	if len(data) == 0 || json.Unmarshal(data, &m) != nil || m.Turn == "" {
		return nil
	}
	mark := &Marker{Turn: tania.TurnID(m.Turn), Part: strings.Trim(string(m.Part), `"`), Again: tania.MessageID(m.Again.known())}
	if json.Unmarshal(m.Answers, &mark.Answers) != nil {
		mark.Answers = nil
	}
	return mark
}

// submitted reads what a customer chose ([{title,value}]), typed in a form ([{name,value}]), or left as an address.
func submitted(a wireAttributes) []string {
	if a.Address != "" {
		return []string{string(a.Address)}
	}
	if len(a.Submitted) == 0 {
		return nil
	}
	var values []struct {
		Title wireText `json:"title"`
		Value wireText `json:"value"`
	}
	// An error leaves what could be read.
	_ = json.Unmarshal(a.Submitted, &values)
	var chosen []string
	for _, v := range values {
		if v.Title == "" {
			v.Title = v.Value
		}
		if v.Title != "" {
			chosen = append(chosen, string(v.Title))
		}
	}
	return chosen
}

// merge fills a contact's gaps from another view of it.
func merge(a, b tania.Contact) tania.Contact {
	if a.ID == 0 {
		return b
	}
	if b.ID != a.ID {
		return a
	}
	for _, f := range []struct{ into, from *string }{
		{&a.Name, &b.Name},
		{&a.Email, &b.Email},
		{&a.Phone, &b.Phone},
		{&a.Identifier, &b.Identifier},
	} {
		if *f.into == "" {
			*f.into = *f.from
		}
	}
	a.Blocked = a.Blocked || b.Blocked
	return a
}

// background is what a conversation's payload tells of its customer.
func (c *wireConversation) background() background.Background {
	b := background.Background{
		Page: string(c.Additional.Referer), BrowserLanguage: string(c.Additional.Language), Began: string(c.Additional.Began.At),
	}
	if c.Meta.Sender != nil {
		b.Contact, b.ContactMore = c.Meta.Sender.Custom, c.Meta.Sender.Additional
	}
	return b
}

// atTheTop adds what a message's webhook tells at its top: the inbox's name, and its sender as the newer view of the contact. What the
// sender lacks stays as the conversation has it, where they are one.
func (p *wirePayload) atTheTop(b background.Background) background.Background {
	b.Inbox = string(p.InboxRef.Name)
	s := p.Sender
	if s == nil || s.Type != "" && s.Type != "contact" {
		return b
	}
	if other := p.Conversation.Meta.Sender; other != nil && other.ID != s.ID {
		b.Contact, b.ContactMore = nil, nil
	}
	if told(s.Custom) {
		b.Contact = s.Custom
	}
	if told(s.Additional) {
		b.ContactMore = s.Additional
	}
	return b
}

// told reports whether a value is there.
func told(value json.RawMessage) bool { return len(value) > 0 && string(value) != "null" }
