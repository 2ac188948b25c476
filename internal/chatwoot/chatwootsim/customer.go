package chatwootsim

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tania/internal/tania"
)

// CustomerMessage is what a customer writes. With a Conversation it goes there. Else with a Contact it goes to that
// contact's newest conversation in the inbox, or begins one; with neither it begins one with a new contact of that Name.
type CustomerMessage struct {
	// Inbox is the first one when 0.
	Inbox        tania.InboxID        `json:"inbox,omitempty"`
	Conversation tania.ConversationID `json:"conversation,omitempty"`
	Contact      tania.ContactID      `json:"contact,omitempty"`
	Name         string               `json:"name,omitempty"`
	Text         string               `json:"text"`
	Attachments  []Attachment         `json:"attachments,omitempty"`
	InReplyTo    tania.MessageID      `json:"in_reply_to,omitempty"`
	SourceID     string               `json:"source_id,omitempty"`
	// Attributes are more content_attributes: is_unsupported, email, …
	Attributes map[string]any `json:"content_attributes,omitempty"`
	// ContentType is text when empty: sticker, incoming_email, …
	ContentType string `json:"content_type,omitempty"`
	// Additional are additional_attributes.
	Additional map[string]any `json:"additional_attributes,omitempty"`
}

// CustomerWrites saves a customer's message and sends its webhooks.
func (s *Server) CustomerWrites(w CustomerMessage) (Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, fresh, err := s.place(w)
	if err != nil {
		return Message{}, err
	}
	attributes := map[string]any{}
	if c.Channel == tania.ChannelWebWidget {
		attributes["in_reply_to"] = nil
	}
	for key, value := range w.Attributes {
		attributes[key] = value
	}
	if w.InReplyTo != 0 {
		attributes["in_reply_to"] = w.InReplyTo
	}
	m := &Message{
		Type: Incoming, Content: w.Text, ContentType: w.ContentType, Attributes: attributes, Additional: w.Additional, Attachments: slices.Clone(w.Attachments), SourceID: w.SourceID,
		Sender: Sender{Kind: tania.ActorContact, ID: int64(c.contact.ID), Name: c.contact.Name},
	}
	err = s.save(c, m)
	if fresh && err == nil {
		s.emitConversation(c, "conversation_created", nil)
	}
	return *m, err
}

// place finds or begins the conversation that a customer's message belongs to.
func (s *Server) place(w CustomerMessage) (c *conversation, fresh bool, err error) {
	if w.Conversation != 0 {
		c, ok := s.conversations[w.Conversation]
		if !ok {
			return nil, false, fmt.Errorf("%w: conversation %d", ErrNotFound, w.Conversation)
		}
		return c, false, nil
	}
	if w.Inbox == 0 {
		w.Inbox = s.o.Inboxes[0].ID
	}
	in, ok := s.inbox(w.Inbox)
	if !ok {
		return nil, false, fmt.Errorf("%w: inbox %d", ErrNotFound, w.Inbox)
	}
	if w.Contact == 0 {
		return s.begin(in, s.newContact(tania.Contact{Name: w.Name}), time.Time{}), true, nil
	}
	who, ok := s.contacts[w.Contact]
	if !ok {
		return nil, false, fmt.Errorf("%w: contact %d", ErrNotFound, w.Contact)
	}
	for id := s.lastConv; id >= s.o.FirstConversation; id-- {
		if c, ok := s.conversations[id]; ok && c.Inbox == in.ID && c.contact.ID == who.ID {
			return c, false, nil
		}
	}
	return s.begin(in, who, time.Time{}), true, nil
}

// begin opens a conversation: pending where the inbox has an active bot.
func (s *Server) begin(in Inbox, who *contact, created time.Time) *conversation {
	if created.IsZero() {
		created = s.now()
	}
	s.lastConv++
	c := &conversation{
		Conversation: Conversation{
			ID: s.lastConv, Inbox: in.ID, Channel: in.Channel, Status: tania.StatusOpen, Labels: []string{},
			CustomAttributes: map[string]any{}, Created: created, Updated: created, LastActivity: created,
		},
		contact: who, uuid: uuid.NewString(),
	}
	if in.ActiveBot {
		c.Status = tania.StatusPending
		c.AssignedBot = s.version.since(assignsBot)
	}
	s.conversations[c.ID] = c
	s.touch()
	return c
}

// AddContact makes a contact; a name and an id are made up where there is none.
func (s *Server) AddContact(c tania.Contact) tania.Contact {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newContact(c).Contact
}

// EditContact changes a contact, to block it for example.
func (s *Server) EditContact(id tania.ContactID, edit func(*tania.Contact)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.contacts[id]
	if !ok {
		return fmt.Errorf("%w: contact %d", ErrNotFound, id)
	}
	edit(&c.Contact)
	c.ID = id
	s.touch()
	return nil
}

var (
	adjectives = []string{"quiet", "bright", "little", "autumn", "green", "wild", "gentle", "silver"}
	nouns      = []string{"river", "meadow", "sparrow", "cloud", "forest", "harbor", "maple", "stone"}
)

func (s *Server) newContact(k tania.Contact) *contact {
	if k.ID == 0 {
		s.lastContact++
		k.ID = s.lastContact
	}
	s.lastContact = max(s.lastContact, k.ID)
	if k.Name == "" {
		// As the widget names visitors, but the same in every run.
		k.Name = fmt.Sprintf("%s-%s-%d", adjectives[int(k.ID)%len(adjectives)], nouns[int(k.ID)/len(adjectives)%len(nouns)], int(k.ID)*37%1000)
	}
	c := &contact{Contact: k, sourceID: uuid.NewString(), created: s.now(), sources: map[tania.InboxID]string{}}
	if k.Phone != "" && k.Email == "" {
		c.sourceID = k.Phone[1:]
	}
	s.contacts[k.ID] = c
	return c
}

// SubmitInputSelect is a customer's click on an option. In the widget it is an update of the bot's message, elsewhere a
// message with the option's title.
func (s *Server) SubmitInputSelect(id tania.MessageID, title string) (Message, error) {
	s.mu.Lock()
	c, m := s.find(id)
	if m == nil {
		s.mu.Unlock()
		return Message{}, fmt.Errorf("%w: message %d", ErrNotFound, id)
	}
	chosen := map[string]any{"title": title, "value": title}
	items, _ := m.Attributes["items"].([]any)
	for _, item := range items {
		if fields, ok := item.(map[string]any); ok && fields["title"] == title {
			chosen["value"] = fields["value"]
		}
	}
	if c.Channel == tania.ChannelWebWidget {
		defer s.mu.Unlock()
		return s.amend(id, func(m *Message) { m.Attributes["submitted_values"] = []any{chosen} })
	}
	s.mu.Unlock()
	return s.CustomerWrites(CustomerMessage{Conversation: c.ID, Text: title, InReplyTo: id})
}

// Transcribe is Chatwoot's transcription of an audio, some time after the message.
func (s *Server) Transcribe(id tania.MessageID, text string) (Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.amend(id, func(m *Message) {
		m.Attachments = slices.Clone(m.Attachments)
		for i := range m.Attachments {
			if m.Attachments[i].Type == "audio" {
				m.Attachments[i].Transcript = text
			}
		}
	})
}

// CustomerEdits changes the text of a customer's message. Marked says that Chatwoot says so (WhatsApp gateways do, Telegram
// changes the content alone).
func (s *Server) CustomerEdits(id tania.MessageID, text string, marked bool) (Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.amend(id, func(m *Message) {
		if marked {
			m.Attributes["is_edited"], m.Attributes["previous_content"] = true, m.Content
		}
		m.Content = text
	})
}

// CustomerRevokes deletes a customer's message on their side: Chatwoot keeps its content and marks it.
func (s *Server) CustomerRevokes(id tania.MessageID) (Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.amend(id, func(m *Message) { m.Attributes["deleted_by_contact"] = true })
}

// TouchMessage tells of a change that leaves the text as it is: a translation, a delivery status.
func (s *Server) TouchMessage(id tania.MessageID) (Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.amend(id, func(m *Message) { m.Attributes["translations"] = map[string]any{"en": "…"} })
}

// CustomerTypes tells account webhooks that the customer types, or no longer does. Agent bots never hear of it.
func (s *Server) CustomerTypes(id tania.ConversationID, on bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.conversations[id]
	if !ok {
		return fmt.Errorf("%w: conversation %d", ErrNotFound, id)
	}
	s.emitTyping(c, s.contactWebhook(c.contact), on, false)
	return nil
}

func (s *Server) find(id tania.MessageID) (*conversation, *Message) {
	for _, c := range s.conversations {
		if m := c.last(func(m *Message) bool { return m.ID == id }); m != nil {
			return c, m
		}
	}
	return nil, nil
}
