package chatwoot

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/chatwoot/openapitest"
	"tania/internal/tania"
)

var conversation = tania.ConversationKey{Account: 3, Conversation: 1287}

const token = "Jh2cP9mVwXrT5kYbN8sQ4dLz"

// reply is one answer of the server: a file of testdata/rest, or a text. A status of 0 closes the connection unanswered.
type reply struct {
	status int
	body   string
	header http.Header
}

func rest(t testing.TB, name string) string {
	t.Helper()
	body, err := os.ReadFile("testdata/rest/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// server answers with the replies in turn, the last again and again, and keeps what was asked.
type server struct {
	*httptest.Server
	mu      sync.Mutex
	replies []reply
	asked   []string
	bodies  []string
	headers []http.Header
	conns   int
}

func serve(t testing.TB, replies ...reply) *server {
	t.Helper()
	s := &server{replies: replies}
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.mu.Lock()
			s.conns++
			s.mu.Unlock()
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
	s.bodies = append(s.bodies, string(body))
	s.headers = append(s.headers, r.Header)
	next := s.replies[0]
	if len(s.replies) > 1 {
		s.replies = s.replies[1:]
	}
	if next.status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	for k, v := range next.header {
		w.Header()[k] = v
	}
	w.WriteHeader(next.status)
	_, _ = io.WriteString(w, next.body)
}

func (s *server) client(t testing.TB, options ...func(*ClientOptions)) *Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	o := ClientOptions{BaseURL: s.URL + "/", Token: token, Transport: transport, Timeout: 5 * time.Second}
	for _, option := range options {
		option(&o)
	}
	return NewClient(o)
}

// described checks every exchange against Chatwoot's OpenAPI description.
type described struct {
	t         testing.TB
	validator *openapitest.Validator
	next      http.RoundTripper
}

func (d described) RoundTrip(req *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(req.Body)
	req.Body = io.NopCloser(bytes.NewReader(body))
	d.validator.Request(d.t, req, body)
	resp, err := d.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	answer, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	d.validator.Response(d.t, req, resp, answer)
	return resp, nil
}

// TestEveryCallIsAsChatwootDescribesIt: method, path, header, body and answer, but for the deviations of openapitest.
func TestEveryCallIsAsChatwootDescribesIt(t *testing.T) {
	bot := openapitest.New(t)
	tests := []struct {
		name    string
		user    bool
		replies []reply
		call    func(context.Context, *Client) (any, error)
		want    any
		asked   []string
		bodies  []string
	}{
		{
			"a message", false,
			[]reply{{200, rest(t, "messages_create_200"), nil}},
			func(ctx context.Context, c *Client) (any, error) {
				m, err := c.SendMessage(ctx, conversation, OutgoingMessage{
					Content: "¿Sí? <b>", ContentType: "text", Marker: &Marker{Turn: "T1", Part: "1"}, InReplyTo: 70001, Attributes: map[string]any{"a": 1},
				})
				return []any{m.ID, m.Direction, m.Sender.Kind}, err
			},
			[]any{tania.MessageID(70005), Outgoing, tania.ActorBot},
			[]string{"POST /api/v1/accounts/3/conversations/1287/messages"},
			[]string{`{"content":"¿Sí? \u003cb\u003e","content_attributes":{"a":1,"in_reply_to":70001,"tania":{"turn":"T1","part":"1"}},"content_type":"text","message_type":"outgoing","private":false}`},
		},
		{
			"a private note", false,
			[]reply{{200, rest(t, "messages_create_200"), nil}},
			func(ctx context.Context, c *Client) (any, error) {
				m, err := c.SendMessage(ctx, conversation, OutgoingMessage{Content: "note", Private: true})
				return m.ID, err
			},
			tania.MessageID(70005),
			[]string{"POST /api/v1/accounts/3/conversations/1287/messages"},
			[]string{`{"content":"note","content_attributes":{},"message_type":"outgoing","private":true}`},
		},
		{
			"typing on", false,
			[]reply{{200, "", nil}},
			func(ctx context.Context, c *Client) (any, error) { return nil, c.SetTyping(ctx, conversation, true) },
			nil,
			[]string{"POST /api/v1/accounts/3/conversations/1287/toggle_typing_status"},
			[]string{`{"typing_status":"on"}`},
		},
		{
			"typing off", false,
			[]reply{{200, "", nil}},
			func(ctx context.Context, c *Client) (any, error) { return nil, c.SetTyping(ctx, conversation, false) },
			nil,
			[]string{"POST /api/v1/accounts/3/conversations/1287/toggle_typing_status"},
			[]string{`{"typing_status":"off"}`},
		},
		{
			"a bot's handoff, whose success is null", false,
			[]reply{{200, rest(t, "toggle_status_200_bot_handoff"), nil}},
			func(ctx context.Context, c *Client) (any, error) {
				return c.SetStatus(ctx, conversation, tania.StatusOpen)
			},
			tania.StatusOpen,
			[]string{"POST /api/v1/accounts/3/conversations/1287/toggle_status"},
			[]string{`{"status":"open"}`},
		},
		{
			"a status other than the one asked for", false,
			[]reply{{200, rest(t, "toggle_status_200"), nil}},
			func(ctx context.Context, c *Client) (any, error) {
				return c.SetStatus(ctx, conversation, tania.StatusOpen)
			},
			tania.StatusResolved,
			[]string{"POST /api/v1/accounts/3/conversations/1287/toggle_status"},
			[]string{`{"status":"open"}`},
		},
		{
			"a team", false,
			[]reply{{200, `{"id":4,"name":"sales"}`, nil}},
			func(ctx context.Context, c *Client) (any, error) { return nil, c.AssignTeam(ctx, conversation, 4) },
			nil,
			[]string{"POST /api/v1/accounts/3/conversations/1287/assignments"},
			[]string{`{"team_id":4}`},
		},
		{
			"an agent", false,
			[]reply{{200, rest(t, "assignments_200_user"), nil}},
			func(ctx context.Context, c *Client) (any, error) { return nil, c.AssignAgent(ctx, conversation, 7) },
			nil,
			[]string{"POST /api/v1/accounts/3/conversations/1287/assignments"},
			[]string{`{"assignee_id":7}`},
		},
		{
			"an agent that Chatwoot does not know", false,
			[]reply{{200, rest(t, "assignments_200_none"), nil}},
			func(ctx context.Context, c *Client) (any, error) {
				err := c.AssignAgent(ctx, conversation, 999)
				return IsStatus(err, 422) && strings.Contains(err.Error(), "999") && !Passing(err), nil
			},
			true,
			[]string{"POST /api/v1/accounts/3/conversations/1287/assignments"},
			[]string{`{"assignee_id":999}`},
		},
		{
			"labels that are missing are added to those there", false,
			[]reply{{200, rest(t, "labels_200"), nil}, {200, `{"payload":["billing","vip","bot"]}`, nil}},
			func(ctx context.Context, c *Client) (any, error) {
				return c.AddLabels(ctx, conversation, "vip", "bot", "bot")
			},
			[]string{"billing", "vip", "bot"},
			[]string{"GET /api/v1/accounts/3/conversations/1287/labels", "POST /api/v1/accounts/3/conversations/1287/labels"},
			[]string{"", `{"labels":["billing","vip","bot"]}`},
		},
		{
			"labels that are there are not written", false,
			[]reply{{200, rest(t, "labels_200"), nil}},
			func(ctx context.Context, c *Client) (any, error) { return c.AddLabels(ctx, conversation, "vip") },
			[]string{"billing", "vip"},
			[]string{"GET /api/v1/accounts/3/conversations/1287/labels"},
			[]string{""},
		},
		{
			"custom attributes are read, merged and written", false,
			[]reply{{200, `{"id":1287,"custom_attributes":{"order_id":"1042","a":{"b":1}}}`, nil}, {200, rest(t, "custom_attributes_200"), nil}},
			func(ctx context.Context, c *Client) (any, error) {
				return nil, c.MergeCustomAttributes(ctx, conversation, map[string]any{"reason": "x", "a": 2})
			},
			nil,
			[]string{"GET /api/v1/accounts/3/conversations/1287", "POST /api/v1/accounts/3/conversations/1287/custom_attributes"},
			[]string{"", `{"custom_attributes":{"a":2,"order_id":"1042","reason":"x"}}`},
		},
		{
			"a priority", false,
			[]reply{{200, "", nil}},
			func(ctx context.Context, c *Client) (any, error) {
				return nil, c.SetPriority(ctx, conversation, "high")
			},
			nil,
			[]string{"POST /api/v1/accounts/3/conversations/1287/toggle_priority"},
			[]string{`{"priority":"high"}`},
		},
		{
			"no priority", false,
			[]reply{{200, "", nil}},
			func(ctx context.Context, c *Client) (any, error) { return nil, c.SetPriority(ctx, conversation, "") },
			nil,
			[]string{"POST /api/v1/accounts/3/conversations/1287/toggle_priority"},
			[]string{`{"priority":null}`},
		},
		{
			"a conversation", false,
			[]reply{{200, rest(t, "conversation_show_200_bot_token"), nil}},
			func(ctx context.Context, c *Client) (any, error) {
				v, err := c.Conversation(ctx, conversation)
				return []any{
					v.Key, v.Status, v.Channel, v.Contact.ID, v.AssigneeKind, v.CanReply, v.Inbox, v.Last.ID, v.Last.Direction,
					v.Last.Sender.Kind, v.Updated, v.WaitingSince,
				}, err
			},
			[]any{
				conversation, tania.StatusPending, tania.ChannelWebWidget, tania.ContactID(501), tania.ActorBot, true, tania.InboxID(11),
				tania.MessageID(70005), Outgoing, tania.ActorBot, time.Unix(1781686806, 9123000).UTC(),
				time.Time{},
			},
			[]string{"GET /api/v1/accounts/3/conversations/1287"},
			[]string{""},
		},
		{
			"messages", true,
			[]reply{{200, rest(t, "messages_index_200_user_token"), nil}},
			func(ctx context.Context, c *Client) (any, error) {
				list, err := c.Messages(ctx, conversation, MessageQuery{After: 70000, Before: 80000})
				var got []any
				for _, m := range list {
					got = append(got, m.ID, m.Direction, m.Sender.Kind)
				}
				return got[:6], err
			},
			[]any{tania.MessageID(70001), Incoming, tania.ActorContact, tania.MessageID(70005), Outgoing, tania.ActorBot},
			[]string{"GET /api/v1/accounts/3/conversations/1287/messages?after=70000&before=80000"},
			[]string{""},
		},
		{
			"who the token is", true,
			[]reply{{200, `{"id":7,"name":"Jane","email":"jane@example.com","accounts":[{"id":3},{"id":5}]}`, nil}},
			func(ctx context.Context, c *Client) (any, error) { return c.Profile(ctx) },
			Profile{ID: 7, Name: "Jane", Email: "jane@example.com", Accounts: []tania.AccountID{3, 5}},
			[]string{"GET /api/v1/profile"},
			[]string{""},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, tt.replies...)
			v := bot
			if tt.user {
				v = bot.ForUser()
			}
			c := s.client(t, func(o *ClientOptions) { o.Transport = described{t, v, o.Transport} })
			got, err := tt.call(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.asked, s.asked); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.bodies, s.bodies); diff != "" {
				t.Error(diff)
			}
			for _, h := range s.headers {
				if h.Get("Api-Access-Token") != token {
					t.Errorf("no token in %v", h)
				}
			}
		})
	}
}

func TestNothingIsWrittenWhereItCannotBeRead(t *testing.T) {
	for _, replies := range [][]reply{{{500, "", nil}}, {{404, `{"error":"Resource could not be found"}`, nil}}, {{200, "<html>", nil}}} {
		s := serve(t, replies...)
		c := s.client(t, noRetries)
		_, errLabels := c.AddLabels(t.Context(), conversation, "x")
		errAttributes := c.MergeCustomAttributes(t.Context(), conversation, map[string]any{"x": 1})
		if errLabels == nil || errAttributes == nil || strings.Contains(strings.Join(s.asked, " "), "POST") {
			t.Errorf("%v, %v after %v", errLabels, errAttributes, s.asked)
		}
	}
}

func noRetries(o *ClientOptions) { o.MaxRetries = -1 }

func TestConnectionsAreUsedAgain(t *testing.T) {
	big := `{"error":"` + strings.Repeat("x", 40<<10) + `"}`
	s := serve(t, reply{200, rest(t, "labels_200"), nil}, reply{404, big, nil}, reply{200, rest(t, "labels_200"), nil}, reply{401, "", nil})
	c := s.client(t)
	for range 4 {
		_, _ = c.Labels(t.Context(), conversation)
		_ = c.SetTyping(t.Context(), conversation, true)
	}
	if s.conns != 1 {
		t.Errorf("%d connections for %d requests", s.conns, len(s.asked))
	}
}

func TestAHugeAnswerIsNotReadWhole(t *testing.T) {
	s := serve(t, reply{200, `{"payload":["` + strings.Repeat("x", 5<<20) + `"]}`, nil})
	if _, err := s.client(t).Labels(t.Context(), conversation); err == nil || len(err.Error()) > 1000 {
		t.Errorf("%.200v", err)
	}
}

func TestEveryTryIsObserved(t *testing.T) {
	s := serve(t, reply{503, "", nil}, reply{200, rest(t, "labels_200"), nil})
	var calls []tania.ChatwootCall
	c := s.client(t, func(o *ClientOptions) { o.Observe = func(call tania.ChatwootCall) { calls = append(calls, call) } })
	if _, err := c.Labels(t.Context(), conversation); err != nil {
		t.Fatal(err)
	}
	if len(calls) != 2 || calls[0].Op != "read labels" || calls[0].Status != 503 || calls[0].Err == nil ||
		calls[1].Status != 200 || calls[1].Err != nil || calls[1].Duration <= 0 {
		t.Errorf("%+v", calls)
	}
}

func TestTheContextEndsACall(t *testing.T) {
	hang := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer s.Close()
	defer close(hang)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	c := NewClient(ClientOptions{BaseURL: s.URL, Token: token, Transport: transport})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Labels(ctx, conversation); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := c.SendMessage(ctx, conversation, OutgoingMessage{Content: "x"})
	if !errors.Is(err, context.DeadlineExceeded) || !Ambiguous(err) || !Passing(err) {
		t.Errorf("%v", err)
	}
}

func TestNoErrorHoldsTheToken(t *testing.T) {
	s := serve(t, reply{401, rest(t, "error_401_invalid_token"), nil})
	closed := serve(t, reply{200, "", nil})
	closed.Close()
	for _, base := range []string{s.URL, closed.URL, "http://user:" + token + "@127.0.0.1:1", "::", "ftp://x"} {
		c := NewClient(ClientOptions{BaseURL: base, Token: token, Transport: &http.Transport{}, MaxRetries: -1})
		_, err := c.SendMessage(t.Context(), conversation, OutgoingMessage{Content: "x"})
		if err == nil || strings.Contains(err.Error(), token) {
			t.Errorf("%s: %v", base, err)
		}
	}
}
