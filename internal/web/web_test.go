package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tania/internal/chatwoot"
	"tania/internal/governor"
	"tania/internal/intake"
	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
	"tania/internal/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// site is a server over a real engine.
type site struct {
	*httptest.Server
	engine *sqlitequeue.Engine
	log    *bytes.Buffer
}

func newSite(t *testing.T, change func(*web.Options)) *site {
	t.Helper()
	engine, err := sqlitequeue.Open(t.Context(), filepath.Join(t.TempDir(), "tania.db"), queue.Options{Debounce: -1, DebounceMax: -1})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{engine: engine, log: &bytes.Buffer{}}
	o := web.Options{
		Engine: engine,
		Log:    slog.New(slog.NewTextHandler(s.log, nil)), Version: "test",
		WorkerStats: func() any { return map[string]int{"active": 0} },
		LLMStats:    func(context.Context) (any, error) { return map[string]int{"calls": 0}, nil },
	}
	if change != nil {
		change(&o)
	}
	if o.Intake == nil {
		o.Intake = governed(&o, governor.Options{Blocklist: true, Inboxes: []tania.InboxID{11}})
	}
	o.OpenHere = o.OpenHere || o.AdminToken == ""
	s.Server = httptest.NewServer(web.New(o))
	t.Cleanup(func() {
		s.Close()
		s.CloseClientConnections()
		_ = engine.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return s
}

// governed is the way into a server's engine, with the settings of the rules.
func governed(o *web.Options, rules governor.Options) *intake.Intake {
	return intake.New(intake.Options{Engine: o.Engine, Governor: governor.New(rules), Clock: o.Clock, Now: o.Now})
}

// answer is a response as a test reads it.
type answer struct {
	status int
	body   map[string]any
}

func (s *site) do(t *testing.T, method, path string, body []byte, header http.Header) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		req.Header[k] = v
	}
	if host := header.Get("Host"); host != "" {
		req.Host = host
	}
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{status: resp.StatusCode}
	_ = json.Unmarshal(raw, &a.body)
	return a
}

// incoming is a message_created of a customer.
func incoming(id int, change map[string]any) []byte {
	m := map[string]any{
		"event": "message_created", "id": id, "message_type": "incoming", "content": "hola", "private": false,
		"account": map[string]any{"id": 3}, "inbox": map[string]any{"id": 11}, "created_at": "2026-06-17T09:00:01.000Z",
		"sender":       map[string]any{"id": 501, "name": "Ana"},
		"conversation": map[string]any{"id": 1287, "inbox_id": 11, "status": "pending", "can_reply": true, "channel": "Channel::WebWidget"},
	}
	for k, v := range change {
		m[k] = v
	}
	body, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return body
}

func TestWebhookMeetsBadInput(t *testing.T) {
	s := newSite(t, nil)
	conversation := func(change map[string]any) map[string]any {
		c := map[string]any{"id": 1287, "inbox_id": 11, "status": "pending", "can_reply": true}
		for k, v := range change {
			c[k] = v
		}
		return map[string]any{"conversation": c}
	}
	for name, c := range map[string]struct {
		body   []byte
		status int
		answer string
	}{
		"an empty body":                    {nil, 400, ""},
		"not JSON":                         {[]byte("payload=1&x=2"), 400, ""},
		"JSON that ends early":             {[]byte(`{"event":"message_created"`), 400, ""},
		"a list":                           {[]byte(`[1,2]`), 400, ""},
		"null":                             {[]byte(`null`), 400, ""},
		"an empty object":                  {[]byte(`{}`), 200, "ignored"},
		"an event nobody knows":            {[]byte(`{"event":"captain_thought","id":1}`), 200, "ignored"},
		"null everywhere":                  {[]byte(`{"event":"message_created","id":null,"account":null,"conversation":null,"sender":null,"content":null}`), 400, ""},
		"a negative message id":            {incoming(-5, nil), 400, ""},
		"an id over 2^53":                  {incoming(1, map[string]any{"id": json.Number("9007199254740993")}), 400, ""},
		"an id far too large":              {incoming(1, map[string]any{"id": json.Number("1e300")}), 400, ""},
		"a negative conversation id":       {incoming(2, conversation(map[string]any{"id": -1})), 400, ""},
		"a message without a conversation": {incoming(3, map[string]any{"conversation": nil}), 400, ""},
		"eleven mebibytes":                 {incoming(4, map[string]any{"content": strings.Repeat("a", 11<<20)}), 413, ""},
		"three mebibytes of short texts":   {incoming(5, map[string]any{"tags": strings.Split(strings.Repeat("a,", 768<<10), ",")}), 413, ""},
		"deep nesting":                     {[]byte(strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000)), 400, ""},
		"wrong types where they do not matter": {incoming(10, map[string]any{
			"content_type": 5, "content_attributes": 7, "attachments": "none",
			"sender": []int{1},
		}), 200, "queued"},
		"an id as a string":         {incoming(11, map[string]any{"id": "11"}), 200, "queued"},
		"the largest id":            {incoming(12, map[string]any{"id": json.Number("9007199254740992")}), 200, "queued"},
		"an emoji":                  {incoming(13, map[string]any{"content": "🙏"}), 200, "queued"},
		"no text and no attachment": {incoming(14, map[string]any{"content": "  \n "}), 200, "ignored"},
		"an attachment without text": {incoming(15, map[string]any{
			"content":     nil,
			"attachments": []any{map[string]any{"file_type": "image"}},
		}), 200, "queued"},
		"a blocked contact": {
			incoming(16, map[string]any{"sender": map[string]any{"id": 9, "blocked": true}}), 200,
			"ignored",
		},
		"an inbox that is not served": {incoming(17, conversation(map[string]any{"inbox_id": 99})), 200, "ignored"},
		"a byte order mark":           {append([]byte("\xef\xbb\xbf"), incoming(18, nil)...), 200, "queued"},
		"bytes that are no UTF-8":     {[]byte(strings.Replace(string(incoming(19, nil)), "hola", "h\xffola", 1)), 200, "queued"},
		"the same key twice":          {[]byte(strings.Replace(string(incoming(20, nil)), `{`, `{"event":"x",`, 1)), 200, "queued"},
		"a private note": {incoming(21, map[string]any{
			"private": true, "message_type": "outgoing",
			"conversation": map[string]any{"id": 21},
		}), 200, "noted"},
		"a template": {incoming(22, map[string]any{
			"message_type": "template", "sender": nil,
			"conversation": map[string]any{"id": 22},
		}), 200, "noted"},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.do(t, "POST", "/chatwoot/webhook", c.body, nil)
			if got.status != c.status || c.answer != "" && got.body["status"] != c.answer {
				t.Errorf("answered %d %v, want %d %s", got.status, got.body, c.status, c.answer)
			}
		})
	}
	if stats, err := s.engine.Stats(t.Context()); err != nil || stats.Messages != 8 {
		t.Errorf("stored %d messages (%v), want the 8 that were queued", stats.Messages, err)
	}
}

func TestSameMessageTwiceIsOne(t *testing.T) {
	s := newSite(t, nil)
	for i, want := range []string{"queued", "duplicate", "duplicate"} {
		if got := s.do(t, "POST", "/chatwoot/webhook", incoming(7, nil),
			http.Header{chatwoot.HeaderDelivery: {"same"}}); got.body["status"] != want {
			t.Errorf("delivery %d: %v, want %s", i+1, got.body, want)
		}
	}
}

func TestSignature(t *testing.T) {
	now := time.Date(2026, 6, 17, 9, 0, 0, 0, time.UTC)
	s := newSite(t, func(o *web.Options) {
		o.Verifier = chatwoot.NewVerifier("old", "new")
		o.Now = func() time.Time { return now }
	})
	body := incoming(1, nil)
	signed := func(secret string, at time.Time, b []byte) http.Header {
		stamp, signature := chatwoot.Sign(secret, at, b)
		return http.Header{chatwoot.HeaderTimestamp: {stamp}, chatwoot.HeaderSignature: {signature}}
	}
	for name, c := range map[string]struct {
		header http.Header
		status int
	}{
		"the first secret":       {signed("old", now, body), 200},
		"the second secret":      {signed("new", now, body), 200},
		"four minutes late":      {signed("new", now.Add(-4*time.Minute), body), 200},
		"six minutes late":       {signed("new", now.Add(-6*time.Minute), body), 401},
		"six minutes early":      {signed("new", now.Add(6*time.Minute), body), 401},
		"another secret":         {signed("guess", now, body), 401},
		"another body":           {signed("new", now, incoming(2, nil)), 401},
		"no signature":           {nil, 401},
		"a signature of nothing": {http.Header{chatwoot.HeaderTimestamp: {"1781686800"}, chatwoot.HeaderSignature: {"sha256="}}, 401},
		"a timestamp of words": {http.Header{
			chatwoot.HeaderTimestamp: {"now"},
			chatwoot.HeaderSignature: signed("new", now, body)[chatwoot.HeaderSignature],
		}, 401},
		"a timestamp of all nines": {http.Header{
			chatwoot.HeaderTimestamp: {"9223372036854775807"},
			chatwoot.HeaderSignature: signed("new", now, body)[chatwoot.HeaderSignature],
		}, 401},
	} {
		t.Run(name, func(t *testing.T) {
			if got := s.do(t, "POST", "/chatwoot/webhook", body, c.header); got.status != c.status {
				t.Errorf("answered %d %v, want %d", got.status, got.body, c.status)
			}
		})
	}
}

func TestTokenDecidesWithoutASecret(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Token = "t0ken" })
	for name, c := range map[string]struct {
		path   string
		header http.Header
		status int
	}{
		"in the query": {"/chatwoot/webhook?token=t0ken", nil, 200},
		"in a header":  {"/chatwoot/webhook", http.Header{"X-Webhook-Token": {"t0ken"}}, 200},
		"as a bearer":  {"/chatwoot/webhook", http.Header{"Authorization": {"Bearer t0ken"}}, 200},
		"wrong":        {"/chatwoot/webhook?token=t0ke", nil, 401},
		"missing":      {"/chatwoot/webhook", nil, 401},
		"empty":        {"/chatwoot/webhook?token=", nil, 401},
	} {
		t.Run(name, func(t *testing.T) {
			if got := s.do(t, "POST", c.path, incoming(1, nil), c.header); got.status != c.status {
				t.Errorf("answered %d, want %d", got.status, c.status)
			}
		})
	}
	if strings.Contains(s.log.String(), "t0ken") {
		t.Error("the token is in the log")
	}
}

func TestOperatorsRoutes(t *testing.T) {
	for name, c := range map[string]struct {
		admin  string
		header http.Header
		status int
	}{
		"loopback without a token":                  {"", nil, 200},
		"loopback through a proxy":                  {"", http.Header{"X-Forwarded-For": {"203.0.113.9"}}, 401},
		"a page of another site":                    {"", http.Header{"Sec-Fetch-Site": {"cross-site"}}, 401},
		"a name that was pointed here":              {"", http.Header{"Host": {"evil.example:8787"}}, 401},
		"with the token":                            {"s3cret", http.Header{"Authorization": {"Bearer s3cret"}}, 200},
		"with the token as a key":                   {"s3cret", http.Header{"X-Api-Key": {"s3cret"}}, 200},
		"with the token through a proxy":            {"s3cret", http.Header{"X-Api-Key": {"s3cret"}, "X-Forwarded-For": {"203.0.113.9"}}, 200},
		"loopback without the token that is wanted": {"s3cret", nil, 401},
		"with a wrong token":                        {"s3cret", http.Header{"X-Api-Key": {"s3cre"}}, 401},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(o *web.Options) { o.AdminToken = c.admin })
			for _, route := range []string{
				"GET /chatwoot/stats", "POST /chatwoot/queue/pause", "POST /chatwoot/queue/resume",
				"POST /chatwoot/cache/clear", "GET /admin/dead", "POST /admin/dead/retry-all",
			} {
				method, path, _ := strings.Cut(route, " ")
				if got := s.do(t, method, path, nil, c.header); got.status != c.status {
					t.Errorf("%s answered %d %v, want %d", route, got.status, got.body, c.status)
				}
			}
			for _, open := range []string{"/chatwoot/health", "/healthz", "/readyz", "/"} {
				if got := s.do(t, "GET", open, nil, c.header); got.status != 200 {
					t.Errorf("%s answered %d, want 200", open, got.status)
				}
			}
		})
	}
}

func TestPauseTellsWhatChanged(t *testing.T) {
	s := newSite(t, nil)
	for _, c := range []struct {
		path            string
		paused, changed bool
	}{
		{"pause", true, true}, {"pause", true, false}, {"resume", false, true}, {"resume", false, false},
	} {
		got := s.do(t, "POST", "/chatwoot/queue/"+c.path, nil, nil)
		if got.body["paused"] != c.paused || got.body["changed"] != c.changed {
			t.Errorf("%s answered %v, want paused %v, changed %v", c.path, got.body, c.paused, c.changed)
		}
	}
}

func TestDeadTurns(t *testing.T) {
	s := newSite(t, nil)
	ctx := t.Context()
	for id := range 3 {
		s.do(t, "POST", "/chatwoot/webhook", incoming(id+1, nil), nil)
		turn, err := s.engine.Claim(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.engine.Bury(ctx, turn, fmt.Errorf("failure %d", id+1)); err != nil {
			t.Fatal(err)
		}
	}
	list := s.do(t, "GET", "/admin/dead", nil, nil).body["dead"].([]any)
	if len(list) != 3 {
		t.Fatalf("%d dead letters, want 3", len(list))
	}
	newest := list[0].(map[string]any)
	id := newest["id"].(string)
	if newest["error"] != "failure 3" {
		t.Errorf("the newest died of %v", newest["error"])
	}
	for _, c := range []struct {
		route  string
		status int
	}{
		{"GET /admin/dead/" + id, 200},
		{"DELETE /admin/dead/" + id, 200},
		{"DELETE /admin/dead/" + id, 404},
		{"GET /admin/dead/" + id, 404},
		{"POST /admin/dead/" + id + "/retry", 404},
		{"POST /admin/dead/" + list[1].(map[string]any)["id"].(string) + "/retry", 200},
		{"POST /admin/dead/retry-all", 202}, // the work is Serve's
		{"GET /admin/dead/retry-all", 200},
		{"GET /admin/dead?limit=x", 400},
	} {
		method, path, _ := strings.Cut(c.route, " ")
		if got := s.do(t, method, path, nil, nil); got.status != c.status {
			t.Errorf("%s answered %d %v, want %d", c.route, got.status, got.body, c.status)
		}
	}
	if stats, _ := s.engine.Stats(ctx); stats.Failed != 1 || stats.Waiting != 1 {
		t.Errorf("stats %+v, want one dead letter and one conversation waiting", stats)
	}
}

func TestRecordsSayWhyTheBotStaysSilent(t *testing.T) {
	s := newSite(t, nil)
	s.do(t, "POST", "/chatwoot/webhook", incoming(1, map[string]any{"content": ""}), nil)
	got := s.do(t, "GET", "/admin/conversations/3/1287", nil, nil)
	records, _ := got.body["records"].([]any)
	if len(records) != 1 || records[0].(map[string]any)["reason"] != "empty" {
		t.Errorf("answered %v, want one record with the reason empty", got.body)
	}
	for path, status := range map[string]int{
		"/admin/conversations/3/1": 404, "/admin/conversations/3/x": 400,
		"/admin/conversations/-3/1": 400,
	} {
		if got := s.do(t, "GET", path, nil, nil); got.status != status {
			t.Errorf("%s answered %d, want %d", path, got.status, status)
		}
	}
}

func TestHumansMessageIsDurableBefore200(t *testing.T) {
	s := newSite(t, nil)
	body := incoming(9, map[string]any{"message_type": "outgoing", "sender": map[string]any{"id": 7, "name": "Jane", "type": "user"}})
	if got := s.do(t, "POST", "/chatwoot/webhook", body, nil); got.body["status"] != "noted" || got.body["reason"] != "outgoing" {
		t.Fatalf("answered %v", got.body)
	}
	c, err := s.engine.Conversation(t.Context(), tania.ConversationKey{Account: 3, Conversation: 1287})
	if err != nil || c.Takeover == nil || c.Takeover.By != 7 {
		t.Errorf("remembered %+v (%v), want a takeover by user 7", c, err)
	}
}

func TestDeletedMessageThatWaits(t *testing.T) {
	s := newSite(t, nil)
	s.do(t, "POST", "/chatwoot/webhook", incoming(1, nil), nil)
	deletion := incoming(1, map[string]any{
		"event": "message_updated", "content": "This message was deleted",
		"content_attributes": map[string]any{"deleted": true},
	})
	if got := s.do(t, "POST", "/chatwoot/webhook", deletion, nil); got.body["status"] != "amended" {
		t.Fatalf("answered %v", got.body)
	}
	turn, err := s.engine.Claim(t.Context())
	if err != nil || !turn.Messages[0].Deleted || turn.Messages[0].Content != "" {
		t.Errorf("claimed %+v (%v), want a deleted message without its text", turn, err)
	}
}

func TestStoreThatFailsIsA500(t *testing.T) {
	s := newSite(t, nil)
	if err := s.engine.Close(); err != nil {
		t.Fatal(err)
	}
	if got := s.do(t, "POST", "/chatwoot/webhook", incoming(1, nil), nil); got.status != 500 {
		t.Errorf("answered %d, want the 500 that Chatwoot retries", got.status)
	}
	if got := s.do(t, "GET", "/chatwoot/health", nil, nil); got.status != 503 {
		t.Errorf("health answered %d, want 503", got.status)
	}
	if !strings.Contains(s.log.String(), "webhook not stored") {
		t.Error("nothing in the log says that the webhook was not stored")
	}
}

func TestSynchronousWebhookWaitsForTheDecision(t *testing.T) {
	answers := &web.Answers{}
	s := newSite(t, func(o *web.Options) { o.Answers, o.AnswerTimeout = answers, time.Minute })
	done := make(chan struct{})
	go func() {
		defer close(done)
		turn, err := s.engine.Claim(context.Background())
		if err != nil {
			t.Error(err)
			return
		}
		record := tania.Record{
			Key: turn.Key, Message: turn.Messages[0].ID, Outcome: tania.OutcomeAnswered, Reason: tania.Proceed,
			Reply: "¡Hola!",
		}
		if err := s.engine.Complete(context.Background(), turn, record); err != nil {
			t.Error(err)
		}
		answers.Finished(record)
	}()
	got := s.do(t, "POST", "/chatwoot/webhook", incoming(1, nil), nil)
	<-done
	decision, _ := got.body["decision"].(map[string]any)
	if got.body["status"] != "answered" || decision["reply"] != "¡Hola!" {
		t.Errorf("answered %v, want the decision", got.body)
	}
}

func TestAWebhookWithoutAnAccountIsOfTheOneThatIsServed(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Intake = governed(o, governor.Options{Account: 3}) })
	body := incoming(70, map[string]any{"account": nil})
	if a := s.do(t, http.MethodPost, "/chatwoot/webhook", body, nil); a.status != 200 || a.body["status"] != "queued" {
		t.Errorf("%+v", a)
	}
	if a := s.do(t, http.MethodPost, "/chatwoot/webhook", incoming(70, nil), nil); a.body["status"] != "duplicate" {
		t.Errorf("the same message with its account: %+v", a)
	}
	if a := s.do(t, http.MethodPost, "/chatwoot/webhook", incoming(71, map[string]any{"account": map[string]any{"id": 4}}),
		nil); a.body["reason"] != "inbox_not_allowed" {
		t.Errorf("another account: %+v", a)
	}
	unnamed := newSite(t, nil)
	if a := unnamed.do(t, http.MethodPost, "/chatwoot/webhook", body, nil); a.status != 400 {
		t.Errorf("where no account is configured: %+v", a)
	}
}
