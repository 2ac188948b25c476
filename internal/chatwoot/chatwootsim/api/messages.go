package api

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/chatwoot/chatwootsim/shape"
	"tania/internal/tania"
)

// createMessage answers 200, not 201. Whatever goes wrong is 422 with the exception's text.
func (s *api) createMessage(q *calls.Request) (int, any) {
	m := &chatwootsim.Message{
		Type: chatwootsim.Outgoing, Content: rails.Text(q.Params["content"]), Private: rails.Truthy(q.Params["private"]),
		ContentType: rails.Text(q.Params["content_type"]), SourceID: rails.Text(q.Params["source_id"]),
		Sender: q.Sender(s.World),
	}
	m.Attributes, m.Attachments = rails.Structure(q.Params["content_attributes"]), s.Attach(q.Request, q.Params["attachments"])
	if template := rails.Structure(q.Params["template_params"]); template != nil {
		m.Additional = map[string]any{"template_params": template}
	}
	switch kind := rails.Text(q.Params["message_type"]); kind {
	case "", "outgoing", "1":
	case "incoming", "0":
		if q.Thread.Channel != tania.ChannelAPI {
			return calls.Unprocessable(errors.New("Incoming messages are only allowed in Api inboxes")) //nolint:staticcheck // Chatwoot's words
		}
		m.Type = chatwootsim.Incoming
		m.Sender = q.Thread.Customer.Sender()
	case "template", "3":
		m.Type = chatwootsim.Template
	case "activity", "2":
		m.Type = chatwootsim.Activity
	default:
		return calls.Unprocessable(fmt.Errorf("'%s' is not a valid message_type", kind))
	}
	if m.ContentType != "" && !slices.Contains(chatwootsim.ContentTypes, m.ContentType) {
		return calls.Unprocessable(fmt.Errorf("'%s' is not a valid content_type", m.ContentType))
	}
	if err := s.Save(q.Thread, m); err != nil {
		return calls.Unprocessable(err)
	}
	q.Made = m.ID
	// A message ends the dots that announced it.
	if !m.Private && m.Type == chatwootsim.Outgoing && q.Bot {
		q.Thread.TypingUntil = s.Now()
	}
	saved := s.messageREST(q.Thread, m)
	if echo := rails.Text(q.Params["echo_id"]); echo != "" {
		saved["echo_id"] = echo
	}
	return http.StatusOK, saved
}

// messageREST is _message.json.
func (s *api) messageREST(c *chatwootsim.Thread, m *chatwootsim.Message) rails.Object {
	body := rails.Object{
		"id": m.ID, "content": rails.OrNull(m.Content), "inbox_id": c.Inbox, "conversation_id": c.ID, "message_type": m.Type.Number(),
		"content_type": m.ContentType, "status": m.Status, "content_attributes": m.Attributes, "created_at": rails.Unix(m.Created),
		"private": m.Private, "source_id": rails.OrNull(m.SourceID),
	}
	if sender := shape.SenderPush(s.World, c, m.Sender); sender != nil {
		body["sender"] = sender
	}
	if len(m.Attachments) > 0 {
		body["attachments"] = shape.AttachmentsData(s.World, m)
	}
	return body
}

// after is how many messages there are in a page behind an id (MessageFinder).
const after = 100

// listMessages gives the latest 20, up to 100 after an id, 20 before one, or those between two; ascending.
func (s *api) listMessages(q *calls.Request) (int, any) {
	from, before := calls.IDIn(q, "after"), calls.IDIn(q, "before")
	within := slices.DeleteFunc(slices.Clone(q.Thread.Messages), func(m *chatwootsim.Message) bool {
		return from != 0 && m.ID <= from || before != 0 && m.ID >= before
	})
	switch {
	case from != 0:
		within = within[:min(len(within), after)]
	default:
		within = within[max(0, len(within)-calls.MessagesPage):]
	}
	payload := []any{}
	for _, m := range within {
		payload = append(payload, s.messageREST(q.Thread, m))
	}
	meta := rails.Object{
		"labels": q.Thread.Labels, "additional_attributes": shape.Additional(q.Thread), "contact": shape.ContactPush(q.Thread.Customer),
		"agent_last_seen_at": rails.ISOOrNull(q.Thread.AgentSeen), "assignee_last_seen_at": nil,
	}
	if u, ok := s.User(q.Thread.Assignee); ok {
		meta["assignee"] = shape.UserPush(u)
	}
	return http.StatusOK, rails.Object{"meta": meta, "payload": payload}
}

func (s *api) destroyMessage(q *calls.Request) (int, any) {
	n, _ := strconv.ParseInt(q.PathValue("message"), 10, 64)
	if _, err := s.Remove(tania.MessageID(n)); err != nil {
		return calls.NotFound()
	}
	return http.StatusOK, calls.Empty{}
}
