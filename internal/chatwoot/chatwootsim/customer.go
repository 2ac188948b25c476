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
func (w *World) CustomerWrites(said CustomerMessage) (Message, error) {
	w.Lock()
	defer w.Unlock()
	c, fresh, err := w.place(said)
	if err != nil {
		return Message{}, err
	}
	attributes := map[string]any{}
	if c.Channel == tania.ChannelWebWidget {
		attributes["in_reply_to"] = nil
	}
	for key, value := range said.Attributes {
		attributes[key] = value
	}
	if said.InReplyTo != 0 {
		attributes["in_reply_to"] = said.InReplyTo
	}
	m := &Message{
		Type: Incoming, Content: said.Text, ContentType: said.ContentType, Attributes: attributes, Additional: said.Additional,
		Attachments: slices.Clone(said.Attachments), SourceID: said.SourceID,
		Sender: c.Customer.Sender(),
	}
	err = w.Save(c, m)
	if fresh && err == nil {
		w.Publish(Event{Name: ConversationCreated, Conversation: c})
	}
	return *m, err
}

// place finds or begins the conversation that a customer's message belongs to.
func (w *World) place(said CustomerMessage) (c *Thread, fresh bool, err error) {
	if said.Conversation != 0 {
		c, ok := w.Threads[said.Conversation]
		if !ok {
			return nil, false, fmt.Errorf("%w: conversation %d", ErrNotFound, said.Conversation)
		}
		return c, false, nil
	}
	if said.Inbox == 0 {
		said.Inbox = w.Options.Inboxes[0].ID
	}
	in, ok := w.Inbox(said.Inbox)
	if !ok {
		return nil, false, fmt.Errorf("%w: inbox %d", ErrNotFound, said.Inbox)
	}
	if said.Contact == 0 {
		return w.Begin(in, w.NewCustomer(tania.Contact{Name: said.Name}), time.Time{}), true, nil
	}
	who, ok := w.Customers[said.Contact]
	if !ok {
		return nil, false, fmt.Errorf("%w: contact %d", ErrNotFound, said.Contact)
	}
	for id := w.lastConv; id >= w.Options.FirstConversation; id-- {
		if c, ok := w.Threads[id]; ok && c.Inbox == in.ID && c.Customer.ID == who.ID {
			return c, false, nil
		}
	}
	return w.Begin(in, who, time.Time{}), true, nil
}

// Begin opens a conversation: pending where the inbox has an active bot.
func (w *World) Begin(in Inbox, who *Customer, created time.Time) *Thread {
	if created.IsZero() {
		created = w.Now()
	}
	w.lastConv++
	c := &Thread{
		Conversation: Conversation{
			ID: w.lastConv, Inbox: in.ID, Channel: in.Channel, Status: tania.StatusOpen, Labels: []string{},
			CustomAttributes: map[string]any{}, Created: created, Updated: created, LastActivity: created,
		},
		Customer: who, UUID: uuid.NewString(),
	}
	if in.ActiveBot {
		c.Status = tania.StatusPending
		c.AssignedBot = w.Release.Since(assignsBot)
	}
	w.Threads[c.ID] = c
	w.Touch()
	return c
}

// AddContact makes a contact; a name and an id are made up where there is none.
func (w *World) AddContact(c tania.Contact) tania.Contact {
	w.Lock()
	defer w.Unlock()
	return w.NewCustomer(c).Contact
}

// EditContact changes a contact, to block it for example.
func (w *World) EditContact(id tania.ContactID, edit func(*tania.Contact)) error {
	w.Lock()
	defer w.Unlock()
	c, ok := w.Customers[id]
	if !ok {
		return fmt.Errorf("%w: contact %d", ErrNotFound, id)
	}
	edit(&c.Contact)
	c.ID = id
	w.Touch()
	return nil
}

var (
	adjectives = []string{"quiet", "bright", "little", "autumn", "green", "wild", "gentle", "silver"}
	nouns      = []string{"river", "meadow", "sparrow", "cloud", "forest", "harbor", "maple", "stone"}
)

// NewCustomer makes a contact; a name and an id are made up where there is none. Callers hold the lock.
func (w *World) NewCustomer(k tania.Contact) *Customer {
	if k.ID == 0 {
		w.lastContact++
		k.ID = w.lastContact
	}
	w.lastContact = max(w.lastContact, k.ID)
	if k.Name == "" {
		// As the widget names visitors, but the same in every run.
		k.Name = fmt.Sprintf("%s-%s-%d", adjectives[int(k.ID)%len(adjectives)], nouns[int(k.ID)/len(adjectives)%len(nouns)], int(k.ID)*37%1000)
	}
	c := &Customer{Contact: k, SourceID: uuid.NewString(), Created: w.Now(), Sources: map[tania.InboxID]string{}}
	if k.Phone != "" && k.Email == "" {
		c.SourceID = k.Phone[1:]
	}
	w.Customers[k.ID] = c
	return c
}

// SubmitInputSelect is a customer's click on an option. In the widget it is an update of the bot's message, elsewhere a message: with the
// option's value on Telegram (callback_data) and LINE (the action's text), with its title on WhatsApp and Messenger.
func (w *World) SubmitInputSelect(id tania.MessageID, title string) (Message, error) {
	w.Lock()
	c, m := w.find(id)
	if m == nil {
		w.Unlock()
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
		defer w.Unlock()
		return w.Amend(id, func(m *Message) { m.Attributes["submitted_values"] = []any{chosen} })
	}
	w.Unlock()
	if value, ok := chosen["value"].(string); ok && (c.Channel == tania.ChannelTelegram || c.Channel == tania.ChannelLine) {
		title = value
	}
	return w.CustomerWrites(CustomerMessage{Conversation: c.ID, Text: title, InReplyTo: id})
}

// Transcribe is Chatwoot's transcription of an audio, some time after the message.
func (w *World) Transcribe(id tania.MessageID, text string) (Message, error) {
	w.Lock()
	defer w.Unlock()
	return w.Amend(id, func(m *Message) {
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
func (w *World) CustomerEdits(id tania.MessageID, text string, marked bool) (Message, error) {
	w.Lock()
	defer w.Unlock()
	return w.Amend(id, func(m *Message) {
		if marked {
			m.Attributes["is_edited"], m.Attributes["previous_content"] = true, m.Content
		}
		m.Content = text
	})
}

// CustomerRevokes deletes a customer's message on their side: Chatwoot keeps its content and marks it.
func (w *World) CustomerRevokes(id tania.MessageID) (Message, error) {
	w.Lock()
	defer w.Unlock()
	return w.Amend(id, func(m *Message) { m.Attributes["deleted_by_contact"] = true })
}

// TouchMessage tells of a change that leaves the text as it is: a translation, a delivery status.
func (w *World) TouchMessage(id tania.MessageID) (Message, error) {
	w.Lock()
	defer w.Unlock()
	return w.Amend(id, func(m *Message) { m.Attributes["translations"] = map[string]any{"en": "…"} })
}

// CustomerTypes tells account webhooks that the customer types, or no longer does. Agent bots never hear of it.
func (w *World) CustomerTypes(id tania.ConversationID, on bool) error {
	w.Lock()
	defer w.Unlock()
	c, ok := w.Threads[id]
	if !ok {
		return fmt.Errorf("%w: conversation %d", ErrNotFound, id)
	}
	w.PublishTyping(c, c.Customer.Sender(), on, false)
	return nil
}

func (w *World) find(id tania.MessageID) (*Thread, *Message) {
	for _, c := range w.Threads {
		if m := c.Last(func(m *Message) bool { return m.ID == id }); m != nil {
			return c, m
		}
	}
	return nil, nil
}

// WidgetOpened is webwidget_triggered: the visitor opened the widget.
func (w *World) WidgetOpened(id tania.ConversationID) error {
	return w.act(id, 0, func(c *Thread, _ User) error {
		w.Publish(Event{Name: WidgetTriggered, Conversation: c})
		return nil
	})
}
