package chatwootsim

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"tania/internal/tania"
)

// The public client API is for a contact's own program: no token, an API inbox by its identifier, a contact by the source_id.

// publicRoutes puts it into a mux. Every answer is for the contact of the path.
func (s *Server) publicRoutes(handle func(pattern string, need right, answer func(*request) (int, any))) {
	const inbox = "/public/api/v1/inboxes/{identifier}"
	const who = inbox + "/contacts/{source}"
	const one = who + "/conversations/{conversation}"
	handle("GET "+inbox, anybody, s.of(s.publicInbox))
	handle("POST "+inbox+"/contacts", anybody, s.of(s.publicContact))
	for pattern, answer := range map[string]func(*request) (int, any){
		"GET " + who:                           s.publicShowContact,
		"PATCH " + who:                         s.publicUpdateContact,
		"PUT " + who:                           s.publicUpdateContact,
		"GET " + who + "/conversations":        s.publicConversations,
		"POST " + who + "/conversations":       s.publicBegin,
		"GET " + one:                           s.publicConversation,
		"POST " + one + "/toggle_status":       s.publicResolve,
		"POST " + one + "/toggle_typing":       s.publicTypes,
		"POST " + one + "/update_last_seen":    func(*request) (int, any) { return http.StatusOK, empty{} },
		"GET " + one + "/messages":             s.publicMessages,
		"POST " + one + "/messages":            s.publicWrites,
		"PATCH " + one + "/messages/{message}": s.publicSubmits,
		"PUT " + one + "/messages/{message}":   s.publicSubmits,
	} {
		handle(pattern, anybody, s.of(answer))
	}
}

// of finds the inbox, the contact and the conversation of a path; without one of them the answer is 404.
func (s *Server) of(answer func(*request) (int, any)) func(*request) (int, any) {
	return func(q *request) (int, any) {
		identifier, source := q.PathValue("identifier"), q.PathValue("source")
		i := slices.IndexFunc(s.o.Inboxes, func(in Inbox) bool { return in.Identifier != "" && in.Identifier == identifier })
		if i < 0 {
			return notFound()
		}
		q.inbox = s.o.Inboxes[i]
		if source == "" {
			return answer(q)
		}
		for _, k := range s.contacts {
			if k.sources[q.inbox.ID] == source {
				q.contact = k
			}
		}
		if q.contact == nil || q.c != nil && (q.c.contact != q.contact || q.c.Inbox != q.inbox.ID) {
			return notFound()
		}
		return answer(q)
	}
}

func (s *Server) publicInbox(q *request) (int, any) {
	in := inboxREST(q.inbox)
	return http.StatusOK, object{
		"identifier": q.inbox.Identifier, "name": q.inbox.Name, "timezone": in["timezone"], "working_hours": in["working_hours"],
		"working_hours_enabled": false, "csat_survey_enabled": false, "greeting_enabled": q.inbox.Greeting != "",
		"identity_validation_enabled": false,
	}
}

// publicContact makes a contact, or finds the one of that identifier, address or number, and gives it a source_id in the inbox.
func (s *Server) publicContact(q *request) (int, any) {
	source := cmp.Or(text(q.params["source_id"]), uuid.NewString())
	for _, k := range s.contacts {
		if k.sources[q.inbox.ID] == source || known(k, q.params) {
			q.contact = k
		}
	}
	if q.contact == nil {
		k := &contact{}
		if status, refused := s.writeContact(k, q.params); status != 0 {
			return status, refused
		}
		q.contact = s.newContact(k.Contact)
		q.contact.custom = k.custom
	}
	q.contact.sources[q.inbox.ID] = source
	s.touch()
	return s.publicShowContact(q)
}

// known reports whether a contact is the one that is spoken of.
func known(k *contact, params object) bool {
	for name, have := range map[string]string{"identifier": k.Identifier, "email": k.Email, "phone_number": k.Phone} {
		if said := text(params[name]); said != "" && said == have {
			return true
		}
	}
	return false
}

func (s *Server) publicShowContact(q *request) (int, any) {
	k := q.contact
	return http.StatusOK, object{
		"source_id": k.sources[q.inbox.ID], "pubsub_token": "pubsub-" + k.sources[q.inbox.ID], "id": k.ID, "name": k.Name, "email": orNull(k.Email),
		"phone_number": orNull(k.Phone),
	}
}

func (s *Server) publicUpdateContact(q *request) (int, any) {
	if status, refused := s.writeContact(q.contact, q.params); status != 0 {
		return status, refused
	}
	s.touch()
	return http.StatusOK, contactRecord(q.contact, s.o.Account.ID)
}

// contactRecord is a Contact as JSON, where the public API renders the model itself.
func contactRecord(k *contact, account tania.AccountID) object {
	return object{
		"id": k.ID, "name": k.Name, "email": orNull(k.Email), "phone_number": orNull(k.Phone), "identifier": orNull(k.Identifier),
		"blocked": k.Blocked, "additional_attributes": or(k.additional), "custom_attributes": or(k.custom), "contact_type": "visitor",
		"country_code": nil, "last_activity_at": iso(k.created), "created_at": iso(k.created), "updated_at": iso(k.created), "last_name": "",
		"middle_name": "", "location": "", "account_id": account,
	}
}

func or(o object) object {
	if o == nil {
		return object{}
	}
	return o
}

func (s *Server) publicREST(c *conversation) object {
	messages := []any{}
	for _, m := range c.messages {
		if public(m) {
			messages = append(messages, s.publicMessage(c, m))
		}
	}
	return object{
		"id": c.ID, "uuid": c.uuid, "inbox_id": c.Inbox, "contact_last_seen_at": 0, "status": c.Status,
		"agent_last_seen_at": unix(c.agentSeen), "messages": messages, "contact": contactRecord(c.contact, s.o.Account.ID),
	}
}

// publicMessage is public/api/v1/models/_message.json.
func (s *Server) publicMessage(c *conversation, m *Message) object {
	body := object{
		"id": m.ID, "content": orNull(m.Content), "message_type": typeNumbers[m.Type], "content_type": m.ContentType,
		"content_attributes": m.Attributes, "created_at": unix(m.Created), "conversation_id": c.ID,
	}
	if len(m.Attachments) > 0 {
		body["attachments"] = s.attachmentsData(m)
	}
	if sender := s.senderPush(c, m.Sender); sender != nil {
		body["sender"] = sender
	}
	return body
}

func (s *Server) publicConversations(q *request) (int, any) {
	list := []any{}
	for _, c := range s.latest(func(c *conversation) bool { return c.contact == q.contact && c.Inbox == q.inbox.ID }) {
		list = append(list, s.publicREST(c))
	}
	return http.StatusOK, list
}

func (s *Server) publicBegin(q *request) (int, any) {
	c := s.begin(q.inbox, q.contact, s.now())
	c.CustomAttributes = merged(nil, q.params["custom_attributes"])
	s.emitConversation(c, "conversation_created", nil)
	return http.StatusOK, s.publicREST(c)
}

func (s *Server) publicConversation(q *request) (int, any) { return http.StatusOK, s.publicREST(q.c) }

// publicResolve is how a contact ends a conversation; one that is resolved stays so.
func (s *Server) publicResolve(q *request) (int, any) {
	s.setStatus(q.c, tania.StatusResolved, q.c.SnoozedUntil, q.contact.Name)
	return s.publicConversation(q)
}

func (s *Server) publicTypes(q *request) (int, any) {
	switch text(q.params["typing_status"]) {
	case "on":
		s.emitTyping(q.c, s.contactWebhook(q.contact), true, false)
	case "off":
		s.emitTyping(q.c, s.contactWebhook(q.contact), false, false)
	}
	return http.StatusOK, empty{}
}

func (s *Server) publicMessages(q *request) (int, any) {
	before := idIn(q, "before")
	var list []*Message
	for _, m := range q.c.messages {
		if public(m) && (before == 0 || m.ID < before) {
			list = append(list, m)
		}
	}
	payload := []any{}
	for _, m := range list[max(0, len(list)-latest):] {
		payload = append(payload, s.publicMessage(q.c, m))
	}
	return http.StatusOK, payload
}

func (s *Server) publicWrites(q *request) (int, any) {
	m := &Message{
		Type: Incoming, Content: text(q.params["content"]), Attributes: map[string]any{}, Attachments: s.attach(q.Request, q.params["attachments"]),
		Sender: Sender{Kind: tania.ActorContact, ID: int64(q.contact.ID), Name: q.contact.Name}, echoID: text(q.params["echo_id"]),
	}
	if err := s.save(q.c, m); err != nil {
		return http.StatusUnprocessableEntity, object{"message": err.Error()}
	}
	q.made = m.ID
	body := s.publicMessage(q.c, m)
	if m.echoID != "" {
		body["echo_id"] = m.echoID
	}
	return http.StatusOK, body
}

// publicSubmits is a contact's choice in a message of the bot's.
func (s *Server) publicSubmits(q *request) (int, any) {
	n, _ := strconv.ParseInt(q.PathValue("message"), 10, 64)
	if q.c.last(func(m *Message) bool { return int64(m.ID) == n }) == nil {
		return notFound()
	}
	m, err := s.amend(tania.MessageID(n), func(m *Message) {
		if chosen, ok := q.params["submitted_values"]; ok {
			m.Attributes["submitted_values"] = chosen
		}
	})
	if err != nil {
		return notFound()
	}
	return http.StatusOK, s.publicMessage(q.c, &m)
}
