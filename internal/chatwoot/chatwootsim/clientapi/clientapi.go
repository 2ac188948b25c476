// Package clientapi is the public client API, for a contact's own program: no token, an API inbox by its identifier, a contact by the
// source_id.
package clientapi

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/chatwoot/chatwootsim/shape"
	"tania/internal/tania"
)

// client answers the routes.
type client struct{ *calls.Calls }

// Routes puts the API into a mux. Every answer is for the contact of the path.
func Routes(mux *http.ServeMux, c *calls.Calls) {
	s := &client{c}
	const inbox = "/public/api/v1/inboxes/{identifier}"
	const who = inbox + "/contacts/{source}"
	const one = who + "/conversations/{conversation}"
	c.Handle(mux, "GET "+inbox, calls.Anybody, s.of(s.publicInbox))
	c.Handle(mux, "POST "+inbox+"/contacts", calls.Anybody, s.of(s.publicContact))
	for pattern, answer := range map[string]func(*calls.Request) (int, any){
		"GET " + who:                           s.publicShowContact,
		"PATCH " + who:                         s.publicUpdateContact,
		"PUT " + who:                           s.publicUpdateContact,
		"GET " + who + "/conversations":        s.publicConversations,
		"POST " + who + "/conversations":       s.publicBegin,
		"GET " + one:                           s.publicConversation,
		"POST " + one + "/toggle_status":       s.publicResolve,
		"POST " + one + "/toggle_typing":       s.publicTypes,
		"POST " + one + "/update_last_seen":    func(*calls.Request) (int, any) { return http.StatusOK, calls.Empty{} },
		"GET " + one + "/messages":             s.publicMessages,
		"POST " + one + "/messages":            s.publicWrites,
		"PATCH " + one + "/messages/{message}": s.publicSubmits,
		"PUT " + one + "/messages/{message}":   s.publicSubmits,
	} {
		c.Handle(mux, pattern, calls.Anybody, s.of(answer))
	}
}

// of finds the inbox, the contact and the conversation of a path; without one of them the answer is 404.
func (s *client) of(answer func(*calls.Request) (int, any)) func(*calls.Request) (int, any) {
	return func(q *calls.Request) (int, any) {
		identifier, source := q.PathValue("identifier"), q.PathValue("source")
		i := slices.IndexFunc(s.Options.Inboxes, func(in chatwootsim.Inbox) bool { return in.Identifier != "" && in.Identifier == identifier })
		if i < 0 {
			return calls.NotFound()
		}
		q.Inbox = s.Options.Inboxes[i]
		if source == "" {
			return answer(q)
		}
		for _, k := range s.Customers {
			if k.Sources[q.Inbox.ID] == source {
				q.Customer = k
			}
		}
		if q.Customer == nil || q.Thread != nil && (q.Thread.Customer != q.Customer || q.Thread.Inbox != q.Inbox.ID) {
			return calls.NotFound()
		}
		return answer(q)
	}
}

func (s *client) publicInbox(q *calls.Request) (int, any) {
	in := shape.InboxREST(q.Inbox)
	return http.StatusOK, rails.Object{
		"identifier": q.Inbox.Identifier, "name": q.Inbox.Name, "timezone": in["timezone"], "working_hours": in["working_hours"],
		"working_hours_enabled": false, "csat_survey_enabled": false, "greeting_enabled": q.Inbox.Greeting != "",
		"identity_validation_enabled": false,
	}
}

// publicContact makes a contact, or finds the one of that identifier, address or number, and gives it a source_id in the inbox.
func (s *client) publicContact(q *calls.Request) (int, any) {
	source := cmp.Or(rails.Text(q.Params["source_id"]), uuid.NewString())
	for _, k := range s.Customers {
		if k.Sources[q.Inbox.ID] == source || known(k, q.Params) {
			q.Customer = k
		}
	}
	if q.Customer == nil {
		k := &chatwootsim.Customer{}
		if status, refused := s.WriteContact(k, q.Params); status != 0 {
			return status, refused
		}
		q.Customer = s.NewCustomer(k.Contact)
		q.Customer.Custom = k.Custom
	}
	q.Customer.Sources[q.Inbox.ID] = source
	s.Touch()
	return s.publicShowContact(q)
}

// known reports whether a contact is the one that is spoken of.
func known(k *chatwootsim.Customer, params rails.Object) bool {
	for name, have := range map[string]string{"identifier": k.Identifier, "email": k.Email, "phone_number": k.Phone} {
		if said := rails.Text(params[name]); said != "" && said == have {
			return true
		}
	}
	return false
}

func (s *client) publicShowContact(q *calls.Request) (int, any) {
	k := q.Customer
	return http.StatusOK, rails.Object{
		"source_id": k.Sources[q.Inbox.ID], "pubsub_token": "pubsub-" + k.Sources[q.Inbox.ID], "id": k.ID, "name": k.Name,
		"email":        rails.OrNull(k.Email),
		"phone_number": rails.OrNull(k.Phone),
	}
}

func (s *client) publicUpdateContact(q *calls.Request) (int, any) {
	if status, refused := s.WriteContact(q.Customer, q.Params); status != 0 {
		return status, refused
	}
	s.Touch()
	return http.StatusOK, contactRecord(q.Customer, s.Options.Account.ID)
}

// contactRecord is a Contact as JSON, where the public API renders the model itself.
func contactRecord(k *chatwootsim.Customer, account tania.AccountID) rails.Object {
	return rails.Object{
		"id": k.ID, "name": k.Name, "email": rails.OrNull(k.Email), "phone_number": rails.OrNull(k.Phone),
		"identifier": rails.OrNull(k.Identifier),
		"blocked":    k.Blocked, "additional_attributes": rails.OrEmpty(k.Additional), "custom_attributes": rails.OrEmpty(k.Custom),
		"contact_type": "visitor",
		"country_code": nil, "last_activity_at": rails.ISO(k.Created), "created_at": rails.ISO(k.Created), "updated_at": rails.ISO(k.Created),
		"last_name":   "",
		"middle_name": "", "location": "", "account_id": account,
	}
}

func (s *client) publicREST(c *chatwootsim.Thread) rails.Object {
	messages := []any{}
	for _, m := range c.Messages {
		if chatwootsim.Public(m) {
			messages = append(messages, s.publicMessage(c, m))
		}
	}
	return rails.Object{
		"id": c.ID, "uuid": c.UUID, "inbox_id": c.Inbox, "contact_last_seen_at": 0, "status": c.Status,
		"agent_last_seen_at": rails.Unix(c.AgentSeen), "messages": messages, "contact": contactRecord(c.Customer, s.Options.Account.ID),
	}
}

// publicMessage is public/api/v1/models/_message.json.
func (s *client) publicMessage(c *chatwootsim.Thread, m *chatwootsim.Message) rails.Object {
	body := rails.Object{
		"id": m.ID, "content": rails.OrNull(m.Content), "message_type": m.Type.Number(), "content_type": m.ContentType,
		"content_attributes": m.Attributes, "created_at": rails.Unix(m.Created), "conversation_id": c.ID,
	}
	if len(m.Attachments) > 0 {
		body["attachments"] = shape.AttachmentsData(s.World, m)
	}
	if sender := shape.SenderPush(s.World, c, m.Sender); sender != nil {
		body["sender"] = sender
	}
	return body
}

func (s *client) publicConversations(q *calls.Request) (int, any) {
	list := []any{}
	for _, c := range s.Latest(func(c *chatwootsim.Thread) bool { return c.Customer == q.Customer && c.Inbox == q.Inbox.ID }) {
		list = append(list, s.publicREST(c))
	}
	return http.StatusOK, list
}

func (s *client) publicBegin(q *calls.Request) (int, any) {
	c := s.Begin(q.Inbox, q.Customer, s.Now())
	c.CustomAttributes = rails.Merged(nil, q.Params["custom_attributes"])
	s.Publish(chatwootsim.Event{Name: chatwootsim.ConversationCreated, Conversation: c})
	return http.StatusOK, s.publicREST(c)
}

func (s *client) publicConversation(q *calls.Request) (int, any) {
	return http.StatusOK, s.publicREST(q.Thread)
}

// publicResolve is how a contact ends a conversation; one that is resolved stays so.
func (s *client) publicResolve(q *calls.Request) (int, any) {
	s.ChangeStatus(q.Thread, tania.StatusResolved, q.Thread.SnoozedUntil, q.Customer.Name)
	return s.publicConversation(q)
}

func (s *client) publicTypes(q *calls.Request) (int, any) {
	switch rails.Text(q.Params["typing_status"]) {
	case "on":
		s.PublishTyping(q.Thread, q.Customer.Sender(), true, false)
	case "off":
		s.PublishTyping(q.Thread, q.Customer.Sender(), false, false)
	}
	return http.StatusOK, calls.Empty{}
}

func (s *client) publicMessages(q *calls.Request) (int, any) {
	before := calls.IDIn(q, "before")
	var list []*chatwootsim.Message
	for _, m := range q.Thread.Messages {
		if chatwootsim.Public(m) && (before == 0 || m.ID < before) {
			list = append(list, m)
		}
	}
	payload := []any{}
	for _, m := range list[max(0, len(list)-calls.MessagesPage):] {
		payload = append(payload, s.publicMessage(q.Thread, m))
	}
	return http.StatusOK, payload
}

func (s *client) publicWrites(q *calls.Request) (int, any) {
	m := &chatwootsim.Message{
		Type: chatwootsim.Incoming, Content: rails.Text(q.Params["content"]), Attributes: map[string]any{},
		Attachments: s.Attach(q.Request, q.Params["attachments"]),
		Sender:      q.Customer.Sender(),
	}
	if err := s.Save(q.Thread, m); err != nil {
		return http.StatusUnprocessableEntity, rails.Object{"message": err.Error()}
	}
	q.Made = m.ID
	body := s.publicMessage(q.Thread, m)
	if echo := rails.Text(q.Params["echo_id"]); echo != "" {
		body["echo_id"] = echo
	}
	return http.StatusOK, body
}

// publicSubmits is a contact's choice in a message of the bot's.
func (s *client) publicSubmits(q *calls.Request) (int, any) {
	n, _ := strconv.ParseInt(q.PathValue("message"), 10, 64)
	if q.Thread.Last(func(m *chatwootsim.Message) bool { return int64(m.ID) == n }) == nil {
		return calls.NotFound()
	}
	m, err := s.Amend(tania.MessageID(n), func(m *chatwootsim.Message) {
		if chosen, ok := q.Params["submitted_values"]; ok {
			m.Attributes["submitted_values"] = chosen
		}
	})
	if err != nil {
		return calls.NotFound()
	}
	return http.StatusOK, s.publicMessage(q.Thread, &m)
}
