package chatwoot

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"tania/internal/chatwoot/template"
	"tania/internal/tania"
)

// OutgoingMessage is a message to send.
type OutgoingMessage struct {
	Content string
	// Private makes it a note that the customer does not see.
	Private bool
	// ContentType is text when empty.
	ContentType string
	// Attributes are content_attributes; Marker and InReplyTo are put among them.
	Attributes map[string]any
	Marker     *Marker
	InReplyTo  tania.MessageID
	// Template is the approved template that the message is sent as; nil: none.
	Template *template.Message
}

// InputSelect is the content_type of a message with options to be picked, which are its attributes' "items", each with a title and a value.
const InputSelect = "input_select"

// SendMessage posts a message. It is tried again only when it certainly was not saved; see Ambiguous for the rest. An answer that is
// no message is an error, whatever its status.
// source_id is never sent: it would stop delivery to WhatsApp and others.
func (c *Client) SendMessage(ctx context.Context, key tania.ConversationKey, m OutgoingMessage) (Message, error) {
	attributes := maps.Clone(m.Attributes)
	if attributes == nil {
		attributes = map[string]any{}
	}
	if m.Marker != nil {
		attributes[MarkerKey] = m.Marker
	}
	if m.InReplyTo != 0 {
		attributes["in_reply_to"] = m.InReplyTo
	}
	body := map[string]any{"content": m.Content, "message_type": Outgoing, "private": m.Private, "content_attributes": attributes}
	if m.ContentType != "" {
		body["content_type"] = m.ContentType
	}
	if m.Template != nil {
		body["template_params"] = m.Template
	}
	var saved wireMessage
	const op = "send message"
	err := c.do(ctx, request{op: op, method: http.MethodPost, path: conversationPath(key, "/messages"), body: body}, &saved)
	if err == nil && saved.ID <= 0 {
		// A maintenance page, or a proxy that answers for a Chatwoot that is away.
		err = &APIError{Op: op, Status: http.StatusOK, Text: "the answer is no message: it has no id", Page: true}
	}
	if err != nil {
		return Message{}, err
	}
	c.clock.learn(fromChatwoot, saved.Created.Time, time.Now())
	return c.ours(saved.message("")), nil
}

// ours puts a message's time in this machine's.
func (c *Client) ours(m Message) Message {
	m.Created = c.clock.Ours(m.Created)
	return m
}

// ReadClock asks for Chatwoot's time, which its address tells everybody, and has the Clock learn it.
func (c *Client) ReadClock(ctx context.Context) error {
	var answer struct {
		Timestamp wireText `json:"timestamp"`
	}
	if err := c.do(ctx, request{op: "read clock", method: http.MethodGet, path: "/api", safe: true}, &answer); err != nil {
		return err
	}
	at, err := time.Parse(time.DateTime, string(answer.Timestamp))
	if err != nil {
		return fmt.Errorf("chatwoot: read clock: %w", err)
	}
	c.clock.learn(fromChatwoot, at, time.Now())
	return nil
}

// SetTyping shows or hides the typing dots (agent bots: Chatwoot >= 4.11.2). The widget hides them by itself after 30 s.
func (c *Client) SetTyping(ctx context.Context, key tania.ConversationKey, on bool) error {
	status := "off"
	if on {
		status = "on"
	}
	return c.post(ctx, "typing "+status, conversationPath(key, "/toggle_typing_status"), map[string]any{"typing_status": status}, nil)
}

// SetStatus changes the status and gives the one that results. A bot's pending → open is Chatwoot's handoff.
func (c *Client) SetStatus(ctx context.Context, key tania.ConversationKey, s tania.Status) (tania.Status, error) {
	var answer struct {
		Payload struct {
			Current wireText `json:"current_status"`
		} `json:"payload"`
	}
	err := c.post(ctx, "set status", conversationPath(key, "/toggle_status"), map[string]any{"status": s}, &answer)
	if answer.Payload.Current == "" {
		return s, err
	}
	return tania.Status(answer.Payload.Current), err
}

// AssignTeam gives the conversation to a team.
func (c *Client) AssignTeam(ctx context.Context, key tania.ConversationKey, team tania.TeamID) error {
	return c.assign(ctx, key, "assign team", map[string]any{"team_id": team}, int64(team))
}

// AssignAgent gives the conversation to a user. An id that Chatwoot does not know unassigns, which is an error here.
func (c *Client) AssignAgent(ctx context.Context, key tania.ConversationKey, user tania.UserID) error {
	return c.assign(ctx, key, "assign agent", map[string]any{"assignee_id": user}, int64(user))
}

func (c *Client) assign(ctx context.Context, key tania.ConversationKey, op string, body any, want int64) error {
	var assigned *wireRef
	if err := c.post(ctx, op, conversationPath(key, "/assignments"), body, &assigned); err != nil {
		return err
	}
	if assigned == nil {
		err := &APIError{Op: op, Status: http.StatusUnprocessableEntity, Text: fmt.Sprintf("Chatwoot knows no id %d and assigned nobody", want)}
		c.observe(tania.ChatwootCall{Op: op, Status: err.Status, Err: err}) // the call itself was seen as one that went well
		return err
	}
	return nil
}

// Labels reads the labels (agent bots: Chatwoot >= 4.14.2).
func (c *Client) Labels(ctx context.Context, key tania.ConversationKey) ([]string, error) {
	return c.labels(ctx, request{op: "read labels", method: http.MethodGet, path: conversationPath(key, "/labels"), safe: true})
}

// AddLabels reads the labels, adds those that are missing and writes all, since a write replaces them. It gives the result.
func (c *Client) AddLabels(ctx context.Context, key tania.ConversationKey, labels ...string) ([]string, error) {
	have, err := c.Labels(ctx, key)
	if err != nil {
		return nil, err
	}
	all := slices.Clone(have)
	for _, l := range labels {
		if !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	if len(all) == len(have) {
		return have, nil
	}
	return c.labels(ctx, request{
		op: "write labels", method: http.MethodPost, path: conversationPath(key, "/labels"), body: map[string]any{"labels": all}, safe: true,
	})
}

func (c *Client) labels(ctx context.Context, r request) ([]string, error) {
	var answer struct {
		Payload []string `json:"payload"`
	}
	err := c.do(ctx, r, &answer)
	return answer.Payload, err
}

// CustomAttributes reads the conversation's custom attributes.
func (c *Client) CustomAttributes(ctx context.Context, key tania.ConversationKey) (map[string]any, error) {
	conversation, err := c.Conversation(ctx, key)
	return conversation.CustomAttributes, err
}

// MergeCustomAttributes reads the custom attributes, adds and writes all, since a write replaces them (Chatwoot merges only
// after 4.16.2, when asked). Where they cannot be read nothing is written.
func (c *Client) MergeCustomAttributes(ctx context.Context, key tania.ConversationKey, add map[string]any) error {
	all, err := c.CustomAttributes(ctx, key)
	if err != nil {
		return err
	}
	merged := map[string]any{}
	maps.Copy(merged, all)
	maps.Copy(merged, add)
	return c.post(ctx, "write custom attributes", conversationPath(key, "/custom_attributes"), map[string]any{"custom_attributes": merged},
		nil)
}

// SetPriority sets urgent, high, medium, low or, with "", none.
func (c *Client) SetPriority(ctx context.Context, key tania.ConversationKey, priority string) error {
	var p any
	if priority != "" {
		p = priority
	}
	return c.post(ctx, "set priority", conversationPath(key, "/toggle_priority"), map[string]any{"priority": p}, nil)
}

// Conversation reads a conversation (agent bots: Chatwoot >= 4.14.2). Its Last message may be of any kind, and some versions
// answer 500 while a team is assigned.
func (c *Client) Conversation(ctx context.Context, key tania.ConversationKey) (Conversation, error) {
	var answer wireLooked
	err := c.do(ctx, request{op: "read conversation", method: http.MethodGet, path: conversationPath(key, ""), safe: true}, &answer)
	if err != nil {
		return Conversation{}, err
	}
	looked := answer.looked(key.Account)
	c.clock.settle(&looked)
	return looked, nil
}

// MessageQuery asks for messages before or after one; zero is the latest 20.
type MessageQuery struct{ Before, After tania.MessageID }

// Messages lists messages, ascending: with After up to 100, else up to 20. A user's token only; a bot's is answered 401.
func (c *Client) Messages(ctx context.Context, key tania.ConversationKey, q MessageQuery) ([]Message, error) {
	query := url.Values{}
	if q.Before != 0 {
		query.Set("before", strconv.FormatInt(int64(q.Before), 10))
	}
	if q.After != 0 {
		query.Set("after", strconv.FormatInt(int64(q.After), 10))
	}
	path := conversationPath(key, "/messages")
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	var answer struct {
		Payload []wireMessage `json:"payload"`
	}
	err := c.do(ctx, request{op: "list messages", method: http.MethodGet, path: path, safe: true}, &answer)
	var list []Message
	for i := range answer.Payload {
		list = append(list, c.ours(answer.Payload[i].message("")))
	}
	return list, err
}

// Profile is the user behind a user's token.
type Profile struct {
	ID       tania.UserID
	Name     string
	Email    string
	Accounts []tania.AccountID
}

// Profile asks who the token is. A bot's token is answered 401.
func (c *Client) Profile(ctx context.Context) (Profile, error) {
	var answer struct {
		ID       wireID    `json:"id"`
		Name     wireText  `json:"name"`
		Email    wireText  `json:"email"`
		Accounts []wireRef `json:"accounts"`
	}
	err := c.do(ctx, request{op: "read profile", method: http.MethodGet, path: "/api/v1/profile", safe: true}, &answer)
	p := Profile{ID: tania.UserID(answer.ID), Name: string(answer.Name), Email: string(answer.Email)}
	for _, a := range answer.Accounts {
		p.Accounts = append(p.Accounts, tania.AccountID(a.ID))
	}
	return p, err
}

// Ping asks for nothing but whether Chatwoot is there: whose the token is, which a bot's token is not told. The error is one of Away.
func (c *Client) Ping(ctx context.Context) error {
	once := *c
	once.retries = 0
	if _, err := once.Profile(ctx); Away(err) {
		return err
	}
	return nil
}

// post is a POST that may be repeated without harm.
func (c *Client) post(ctx context.Context, op, path string, body, out any) error {
	return c.do(ctx, request{op: op, method: http.MethodPost, path: path, body: body, safe: true}, out)
}

// Do makes a call that has no method of its own. One with POST is tried again only when it certainly was not carried out.
func (c *Client) Do(ctx context.Context, op, method, path string, body, out any) error {
	return c.do(ctx, request{op: op, method: method, path: path, body: body, safe: method != http.MethodPost}, out)
}
