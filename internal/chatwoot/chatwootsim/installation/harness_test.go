package installation

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/tania"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	botToken   = "bot-token"
	userToken  = "user-token"
	adminToken = "admin-token"
	secret     = "s3cr3tTokenOf24Base58Chr" //nolint:gosec // of no real bot
	account    = "/api/v1/accounts/3"
)

// hook is what one webhook request held.
type hook struct {
	header http.Header
	body   []byte
	event  rails.Object
}

// receiver takes webhooks as a bot would; answer decides its status by the number of requests before.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	hooks  []hook
	answer func(n int, h hook) int
}

func newReceiver(t *testing.T, answer func(n int, h hook) int) *receiver {
	t.Helper()
	rec := &receiver{answer: answer}
	rec.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		h := hook{header: r.Header.Clone(), body: body}
		if err := json.Unmarshal(body, &h.event); err != nil {
			t.Errorf("webhook is no JSON: %v", err)
		}
		rec.mu.Lock()
		n := len(rec.hooks)
		rec.hooks = append(rec.hooks, h)
		rec.mu.Unlock()
		status := http.StatusOK
		if rec.answer != nil {
			status = rec.answer(n, h)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(rec.Close)
	return rec
}

func (r *receiver) all() []hook {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]hook(nil), r.hooks...)
}

// events names what came, in order; message events with the content.
func (r *receiver) events() []string {
	var names []string
	for _, h := range r.all() {
		name := rails.Text(h.event["event"])
		if strings.HasPrefix(name, "message_") {
			name += " " + rails.Text(h.event["content"])
		}
		names = append(names, name)
	}
	return names
}

// shop is an installation of three inboxes as the samples have it, with a clock that stands still until it is moved.
type shop struct {
	*Server
	t    *testing.T
	http *httptest.Server
	bot  *receiver
	mu   sync.Mutex
	time time.Time
}

func newShop(t *testing.T, change func(*chatwootsim.Options)) *shop {
	t.Helper()
	s := &shop{t: t, bot: newReceiver(t, nil), time: time.Date(2026, 6, 17, 9, 0, 1, 9_123_000, time.UTC)}
	o := chatwootsim.Options{
		Account: chatwootsim.Account{ID: 3, Name: "Example Store"},
		Bot:     chatwootsim.Bot{ID: 2, Name: "Support Bot", Token: botToken, Secret: secret, URL: s.bot.URL + "/chatwoot/webhook"},
		Users: []chatwootsim.User{
			{ID: 7, Name: "Jane Cooper", Email: "jane@example.com"},
			{ID: 8, Name: "Integration", Email: "integration@example.com", Token: userToken},
			{ID: 9, Name: "Ann Admin", Email: "ann@example.com", Role: "administrator", Token: adminToken},
		},
		Teams: []chatwootsim.Team{{ID: 5, Name: "billing"}},
		Inboxes: []chatwootsim.Inbox{
			{ID: 11, Name: "Website", Channel: tania.ChannelWebWidget, ActiveBot: true},
			{ID: 12, Name: "WhatsApp Support", Channel: tania.ChannelWhatsApp, ActiveBot: true},
			{ID: 13, Name: "Mobile App", Channel: tania.ChannelAPI, ActiveBot: true},
			{ID: 14, Name: "No bot", Channel: tania.ChannelWebWidget},
		},
		RetryInterval: time.Millisecond, Clock: s.clock, Seed: 1,
	}
	if change != nil {
		change(&o)
	}
	server, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Server = server
	t.Cleanup(server.Close)
	s.http = httptest.NewServer(server.Handler())
	t.Cleanup(s.http.Close)
	return s
}

func (s *shop) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.time
}

func (s *shop) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.time = s.time.Add(d)
}

// writes is a customer's message in the website's inbox, or in the conversation given.
func (s *shop) writes(text string, in ...tania.ConversationID) chatwootsim.Message {
	s.t.Helper()
	w := chatwootsim.CustomerMessage{Inbox: 11, Text: text}
	if len(in) > 0 {
		w.Conversation = in[0]
	}
	m, err := s.CustomerWrites(w)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// settle waits until every webhook was delivered or given up.
func (s *shop) settle() {
	s.t.Helper()
	s.await(s.Settled)
}

func (s *shop) await(condition func() bool) {
	s.t.Helper()
	ctx, done := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer done()
	s.must(s.WaitFor(ctx, condition))
}

// reply is an answer of the API.
type reply struct {
	status int
	header http.Header
	raw    string
	body   rails.Object
}

// call calls the API; body is JSON, or empty.
func (s *shop) call(token, method, path, body string) reply {
	s.t.Helper()
	r, err := s.try(token, method, path, body)
	s.must(err)
	return r
}

func (s *shop) try(token, method, path, body string) (reply, error) {
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.http.URL+path, strings.NewReader(body))
	s.must(err)
	if token != "" {
		req.Header.Set("Api-Access-Token", token)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	r := reply{status: resp.StatusCode, header: resp.Header, raw: string(data)}
	if bytes.HasPrefix(data, []byte("{")) {
		s.must(json.Unmarshal(data, &r.body))
	}
	return r, nil
}

// says is a bot's message by the API.
func (s *shop) says(id tania.ConversationID, body string) reply {
	s.t.Helper()
	return s.call(botToken, http.MethodPost, conversationPath(id, "/messages"), body)
}

func conversationPath(id tania.ConversationID, rest string) string {
	return account + "/conversations/" + rails.Text(float64(id)) + rest
}
