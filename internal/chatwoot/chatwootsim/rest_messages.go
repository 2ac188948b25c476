package chatwootsim

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"tania/internal/tania"
)

// createMessage answers 200, not 201. Whatever goes wrong is 422 with the exception's text.
func (s *Server) createMessage(q *request) (int, any) {
	m := &Message{
		Type: Outgoing, Content: text(q.params["content"]), Private: truthy(q.params["private"]),
		ContentType: text(q.params["content_type"]), SourceID: text(q.params["source_id"]), echoID: text(q.params["echo_id"]),
		Sender: Sender{Kind: tania.ActorUser, ID: int64(q.user.ID), Name: q.user.Name},
	}
	if q.bot {
		m.Sender = Sender{Kind: tania.ActorBot, ID: s.o.Bot.ID, Name: s.o.Bot.Name}
	}
	m.Attributes, m.Attachments = structure(q.params["content_attributes"]), s.attach(q.Request, q.params["attachments"])
	switch kind := text(q.params["message_type"]); kind {
	case "", "outgoing", "1":
	case "incoming", "0":
		if q.c.Channel != tania.ChannelAPI {
			return unprocessable(errors.New("Incoming messages are only allowed in Api inboxes")) //nolint:staticcheck // Chatwoot's words
		}
		m.Type = Incoming
		m.Sender = Sender{Kind: tania.ActorContact, ID: int64(q.c.contact.ID), Name: q.c.contact.Name}
	case "template", "3":
		m.Type = Template
	case "activity", "2":
		m.Type = Activity
	default:
		return unprocessable(fmt.Errorf("'%s' is not a valid message_type", kind))
	}
	if m.ContentType != "" && !slices.Contains(contentTypes, m.ContentType) {
		return unprocessable(fmt.Errorf("'%s' is not a valid content_type", m.ContentType))
	}
	if err := s.save(q.c, m); err != nil {
		return unprocessable(err)
	}
	q.made = m.ID
	// A message ends the dots that announced it.
	if !m.Private && m.Type == Outgoing && q.bot {
		q.c.typingUntil = s.now()
	}
	saved := s.messageREST(q.c, m)
	if m.echoID != "" {
		saved["echo_id"] = m.echoID
	}
	return http.StatusOK, saved
}

// messageREST is _message.json.
func (s *Server) messageREST(c *conversation, m *Message) object {
	body := object{
		"id": m.ID, "content": orNull(m.Content), "inbox_id": c.Inbox, "conversation_id": c.ID, "message_type": typeNumbers[m.Type],
		"content_type": m.ContentType, "status": m.Status, "content_attributes": m.Attributes, "created_at": unix(m.Created),
		"private": m.Private, "source_id": orNull(m.SourceID),
	}
	if sender := s.senderPush(c, m.Sender); sender != nil {
		body["sender"] = sender
	}
	if len(m.Attachments) > 0 {
		body["attachments"] = s.attachmentsData(m)
	}
	return body
}

// Pages of the list of messages (MessageFinder).
const (
	latest = 20
	after  = 100
)

// listMessages gives the latest 20, up to 100 after an id, 20 before one, or those between two; ascending.
func (s *Server) listMessages(q *request) (int, any) {
	list := q.c.messages
	from, before := idIn(q, "after"), idIn(q, "before")
	within := slices.DeleteFunc(slices.Clone(list), func(m *Message) bool {
		return from != 0 && m.ID <= from || before != 0 && m.ID >= before
	})
	switch {
	case from != 0:
		within = within[:min(len(within), after)]
	default:
		within = within[max(0, len(within)-latest):]
	}
	payload := []any{}
	for _, m := range within {
		payload = append(payload, s.messageREST(q.c, m))
	}
	meta := object{
		"labels": q.c.Labels, "additional_attributes": additional(q.c), "contact": contactPush(q.c.contact),
		"agent_last_seen_at": isoOrNull(q.c.agentSeen), "assignee_last_seen_at": nil,
	}
	if u, ok := s.user(q.c.Assignee); ok {
		meta["assignee"] = userPush(u)
	}
	return http.StatusOK, object{"meta": meta, "payload": payload}
}

func idIn(q *request, name string) tania.MessageID {
	n, _ := strconv.ParseInt(q.URL.Query().Get(name), 10, 64)
	return tania.MessageID(n)
}

func (s *Server) destroyMessage(q *request) (int, any) {
	n, _ := strconv.ParseInt(q.PathValue("message"), 10, 64)
	if _, err := s.delete(tania.MessageID(n)); err != nil {
		return notFound()
	}
	return http.StatusOK, empty{}
}

// text reads a parameter as Rails does, where numbers and strings are much the same.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// truthy reads a flag: true, "true" or 1.
func truthy(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return v == "true" || v == "1"
	case float64:
		return v != 0
	}
	return false
}

// number reads an id: a number or a string of digits; 0 for anything else.
func number(v any) int64 {
	n, _ := strconv.ParseInt(text(v), 10, 64)
	return n
}
