package openapitest

import (
	"net/http"
	"os"
	"strings"
	"testing"
)

// call is a request with the answer that Chatwoot gives to it. path is within a conversation, or whole where it begins with /api or
// /public; answer is a file of ../testdata/rest or a JSON text.
type call struct {
	name               string
	method, path, body string
	status             int
	answer             string
	user               bool
}

// calls are Chatwoot's, as its code has them.
var calls = []call{
	{
		"a message", "POST", "/messages",
		`{"content":"x","message_type":"outgoing","private":false,"content_attributes":{"tania":{"turn":"T","part":"1"}},"echo_id":"a","source_id":"b"}`, 200, "messages_create_200", false,
	},
	{"a message with a file", "POST", "/messages", `{"content":"x"}`, 200, `{"id":1,"attachments":[{"id":1}]}`, false},
	{"a message without text", "POST", "/messages", `{"content":"x"}`, 200, `{"id":1,"content":null}`, false},
	{"too many messages", "POST", "/messages", `{"content":"x"}`, 422, "error_422_flood", false},
	{"no such conversation", "POST", "/messages", `{"content":"x"}`, 404, "error_404", false},
	{"over the limit", "POST", "/messages", `{"content":"x"}`, 429, `Retry later`, false},
	{"API switched off", "POST", "/messages", `{"content":"x"}`, 403, "error_403_api_disabled_cloud", false},
	{"API switched off for typing", "POST", "/toggle_typing_status", `{"typing_status":"on"}`, 403, "error_403_api_disabled_cloud", false},
	{"no token", "GET", "/labels", "", 401, "error_401_no_header", false},
	{"a bot where bots may not", "GET", "/labels", "", 401, "error_401_bot_forbidden_endpoint", false},
	{"a wrong token", "POST", "/messages", `{"content":"x"}`, 401, "error_401_invalid_token", false},
	{"the list", "GET", "/messages?after=70000", "", 200, "messages_index_200_user_token", true},
	{
		"a list with files and an assignee", "GET", "/messages", "", 200,
		`{"meta":{"assignee":{"id":7,"type":"user"}},"payload":[{"id":1,"attachments":[{"id":1}]}]}`, true,
	},
	{"a list with a message without text", "GET", "/messages", "", 200, `{"meta":{},"payload":[{"id":1,"content":null}]}`, true},
	{"a conversation", "GET", "", "", 200, "conversation_show_200_bot_token", false},
	{"a snoozed conversation", "GET", "", "", 200, `{"id":1287,"status":"snoozed","meta":{"sender":{"id":501}}}`, false},
	{
		"a conversation of a team", "GET", "", "", 200, `{"id":1287,"status":"open","meta":{"sender":{"id":501},"team":{"id":4,"name":"sales"}}}`,
		false,
	},
	{"a conversation of a team before the mend", "GET", "", "", 500, ``, false},
	{"a handoff", "POST", "/toggle_status", `{"status":"open"}`, 200, "toggle_status_200_bot_handoff", false},
	{"another status", "POST", "/toggle_status", `{"status":"resolved"}`, 200, "toggle_status_200", false},
	{"typing", "POST", "/toggle_typing_status", `{"typing_status":"on","is_private":false}`, 200, ``, false},
	{"no priority", "POST", "/toggle_priority", `{"priority":null}`, 200, ``, false},
	{"an agent", "POST", "/assignments", `{"assignee_id":7}`, 200, "assignments_200_user", false},
	{"a bot", "POST", "/assignments", `{"assignee_id":2,"assignee_type":"AgentBot"}`, 200, "assignments_200_bot", false},
	{"an unknown agent", "POST", "/assignments", `{"assignee_id":999}`, 200, "assignments_200_none", false},
	{"labels", "POST", "/labels", `{"labels":["billing","vip"]}`, 200, "labels_200", false},
	{"custom attributes", "POST", "/custom_attributes", `{"custom_attributes":{"order_id":"1042"}}`, 200, "custom_attributes_200", false},
	{
		"a contact", "POST", "/api/v1/accounts/3/contacts", `{"inbox_id":1}`, 200,
		`{"payload":{"contact":{"id":5},"contact_inbox":{"source_id":"s"}}}`, true,
	},
	{
		"a search for contacts", "GET", "/api/v1/accounts/3/contacts/search?q=a", ``, 200,
		`{"meta":{"count":0,"current_page":1,"has_more":false},"payload":[]}`, true,
	},
	{
		"a new conversation", "POST", "/api/v1/accounts/3/conversations", `{"source_id":"s","inbox_id":1}`, 200, `{"id":1,"status":"open"}`,
		true,
	},
	{
		"a visitor's message", "POST", "/public/api/v1/inboxes/i/contacts/s/conversations/1/messages", `{"content":"x"}`, 200,
		`{"id":1,"echo_id":"e"}`, true,
	},
	{"a filter", "POST", "/api/v1/accounts/3/conversations/filter", `{"payload":[]}`, 200, `{"meta":{"all_count":0},"payload":[]}`, true},
	{"an API inbox", "GET", "/api/v1/accounts/3/inboxes/13", ``, 200, `{"id":13,"inbox_identifier":"i"}`, true},
	{
		"too long an attribute", "POST", "/custom_attributes", `{"custom_attributes":{"order_id":"1042"}}`, 422,
		"error_422_record_invalid_other_endpoints", false,
	},
}

func (c call) findings(t *testing.T, v *Validator) []finding {
	t.Helper()
	if c.user {
		v = v.ForUser()
	}
	req, resp := c.exchange(t)
	body := []byte(c.answer)
	if c.answer != "" && !strings.ContainsAny(c.answer, "{ ") {
		var err error
		if body, err = os.ReadFile("../testdata/rest/" + c.answer + ".json"); err != nil {
			t.Fatal(err)
		}
	}
	if strings.HasPrefix(c.path, "/public/") {
		return v.response(req, resp, body) // there is no token whose right is to be checked
	}
	return append(v.request(req, []byte(c.body)), v.response(req, resp, body)...)
}

func (c call) exchange(t *testing.T) (*http.Request, *http.Response) {
	t.Helper()
	path := c.path
	if !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/public/") {
		path = "/api/v1/accounts/3/conversations/1287" + path
	}
	req, err := http.NewRequest(c.method, "http://127.0.0.1:3000"+path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set(headerSafe, "token")
	if c.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, &http.Response{StatusCode: c.status, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, Request: req}
}

func TestChatwootsAnswersDifferOnlyWhereListed(t *testing.T) {
	v := New(t)
	for _, c := range calls {
		t.Run(c.name, func(t *testing.T) { report(t, unlisted(c.findings(t, v))) })
	}
}

func TestEveryDeviationStillDeviates(t *testing.T) {
	v := New(t)
	var found []finding
	for _, c := range calls {
		found = append(found, c.findings(t, v)...)
	}
	for _, d := range Deviations {
		needed := false
		for _, f := range found {
			needed = needed || d.covers(f)
		}
		if !needed {
			t.Errorf("%s: %s (%s) deviates no more: take it off the list", d.Operation, d.Place, d.Why)
		}
	}
}

func TestWhatIsWrongIsFound(t *testing.T) {
	v := New(t)
	for _, c := range []call{
		{"a misspelled key", "POST", "/labels", `{"lables":["a"]}`, 200, "labels_200", false},
		{"a missing key", "POST", "/toggle_status", `{}`, 200, "toggle_status_200", false},
		{"a status that does not exist", "POST", "/toggle_status", `{"status":"closed"}`, 200, "toggle_status_200", false},
		{"a wrong type", "POST", "/assignments", `{"team_id":"four"}`, 200, "assignments_200_user", false},
		{"an unknown path", "POST", "/typing", `{}`, 200, "", false},
		{"an unknown method", "DELETE", "/labels", ``, 200, "labels_200", false},
		{"a bot that lists", "GET", "/messages", ``, 200, "messages_index_200_user_token", false},
		{"a wrong answer", "GET", "/labels", ``, 200, `{"payload":"vip "}`, false},
		{"an answer with a foreign key", "GET", "/labels", ``, 200, `{"labels": []}`, false},
		{"created instead of ok", "POST", "/messages", `{"content":"x"}`, 201, "messages_create_200", false},
	} {
		if len(unlisted(c.findings(t, v))) == 0 {
			t.Errorf("%s passes", c.name)
		}
	}
	req, _ := calls[0].exchange(t)
	req.Header.Del(headerSafe)
	if len(unlisted(v.request(req, []byte(calls[0].body)))) == 0 {
		t.Error("a request without a token passes")
	}
}
