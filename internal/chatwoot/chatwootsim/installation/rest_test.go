package installation

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/chatwoot/openapitest"
	"tania/internal/tania"
)

func TestWhatATokenMayNotDoIsAnsweredInChatwootsWords(t *testing.T) {
	s := newShop(t, nil)
	id := s.writes("Hi").Conversation
	one := conversationPath(id, "")
	for name, c := range map[string]struct {
		token, method, path, body string
		want                      string
	}{
		"no token":                         {"", "GET", one, "", "error_401_no_header"},
		"a token nobody has":               {"wrong", "GET", one, "", "error_401_invalid_token"},
		"a bot lists messages":             {botToken, "GET", one + "/messages", "", "error_401_bot_forbidden_endpoint"},
		"a bot asks for the profile":       {botToken, "GET", "/api/v1/profile", "", "error_401_bot_forbidden_endpoint"},
		"a bot lists teams":                {botToken, "GET", account + "/teams", "", "error_401_bot_forbidden_endpoint"},
		"a bot lists agents":               {botToken, "GET", account + "/agents", "", "error_401_bot_forbidden_endpoint"},
		"a bot lists contacts":             {botToken, "GET", account + "/contacts", "", "error_401_bot_forbidden_endpoint"},
		"a bot deletes a message":          {botToken, "DELETE", one + "/messages/1001", "", "error_401_bot_forbidden_endpoint"},
		"a bot in another's account":       {botToken, "GET", "/api/v1/accounts/4/conversations/1", "", "error_401_other_account"},
		"a bot, forbidden and elsewhere":   {botToken, "GET", "/api/v1/accounts/4/teams", "", "error_401_bot_forbidden_endpoint"},
		"a conversation that is not there": {botToken, "GET", account + "/conversations/999", "", "error_404"},
		"incoming in a widget": {
			botToken, "POST", one + "/messages", `{"content":"x","message_type":"incoming"}`,
			"error_422_incoming_non_api",
		},
		"items with an id": {
			botToken, "POST", one + "/messages",
			`{"content":"x","content_type":"input_select","content_attributes":{"items":[{"title":"a","value":"b","id":1}]}}`,
			"error_422_items_keys",
		},
		"too long a message": {
			botToken, "POST", one + "/messages", `{"content":"` + strings.Repeat("ñ", 150_001) + `"}`,
			"error_422_too_long",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.call(c.token, c.method, c.path, c.body)
			if diff := cmp.Diff(sample(t, "rest", c.want), any(got.body)); diff != "" {
				t.Errorf("body differs (-want +got):\n%s", diff)
			}
			if want := strings.Split(c.want, "_")[1]; fmt.Sprint(got.status) != want {
				t.Errorf("status %d, want %s", got.status, want)
			}
		})
	}
	if n := len(s.Messages(id)); n != 1 {
		t.Errorf("%d messages, want the customer's alone", n)
	}
}

func TestTheLongestMessageIsTaken(t *testing.T) {
	s := newShop(t, nil)
	if got := s.says(s.writes("Hi").Conversation, `{"content":"`+strings.Repeat("ñ", 150_000)+`"}`); got.status != 200 {
		t.Errorf("status %d: %s", got.status, got.raw)
	}
}

func TestTheTwoHundredthMessageWithinAMinuteIsRefused(t *testing.T) {
	s := newShop(t, nil)
	id := s.writes("Hi").Conversation
	for range 199 {
		s.writes("again", id)
	}
	got := s.says(id, `{"content":"x"}`)
	if diff := cmp.Diff(sample(t, "rest", "error_422_flood"), any(got.body)); diff != "" || got.status != 422 {
		t.Errorf("status %d (-want +got):\n%s", got.status, diff)
	}
	s.pass(time.Minute + time.Second)
	if got := s.says(id, `{"content":"x"}`); got.status != 200 {
		t.Errorf("a minute later: status %d", got.status)
	}
}

func TestAnswersHaveChatwootsShape(t *testing.T) {
	s := newShop(t, nil)
	id := s.writes("Hi, do you ship to Canada?").Conversation
	message := `{"content":"Yes, we ship to **all provinces**.","content_attributes":{"bot":{"turn_id":"01J0ABCDEF","part":1}},"echo_id":"turn-01J0ABCDEF-1"}`
	for _, c := range []struct {
		name, token, method, path, body string
		same                            []string
	}{
		{"assignments_200_bot", botToken, "POST", "/assignments", `{"assignee_id":2,"assignee_type":"AgentBot"}`, []string{"id", "name"}},
		{
			"messages_create_200", botToken, "POST", "/messages", message,
			[]string{"content", "echo_id", "message_type", "content_type", "content_attributes", "private", "status", "source_id"},
		},
		{"conversation_show_200_bot_token", botToken, "GET", "", "", []string{"status", "meta.assignee_type", "meta.assignee.name"}},
		{"labels_200", botToken, "POST", "/labels", `{"labels":["billing","vip"]}`, []string{"payload"}},
		{"labels_200", botToken, "GET", "/labels", "", []string{"payload"}},
		{
			"custom_attributes_200", botToken, "POST", "/custom_attributes", `{"custom_attributes":{"order_id":"1042"}}`,
			[]string{"custom_attributes"},
		},
		{"messages_index_200_user_token", userToken, "GET", "/messages", "", nil},
		{
			"toggle_status_200_bot_handoff", botToken, "POST", "/toggle_status", `{"status":"open"}`,
			[]string{"payload.success", "payload.current_status"},
		},
		{"assignments_200_user", botToken, "POST", "/assignments", `{"assignee_id":7}`, []string{"name", "email", "role"}},
		{"assignments_200_none", botToken, "POST", "/assignments", `{"assignee_id":12345}`, nil},
		{"toggle_status_200", botToken, "POST", "/toggle_status", `{"status":"resolved"}`, []string{"payload.success", "payload.current_status"}},
	} {
		t.Run(c.name+" "+c.method, func(t *testing.T) {
			got := s.call(c.token, c.method, conversationPath(id, c.path), c.body)
			if got.status != http.StatusOK {
				t.Fatalf("status %d: %s", got.status, got.raw)
			}
			want := sample(t, "rest", c.name)
			var body any
			s.must(json.Unmarshal([]byte(got.raw), &body))
			sameShape(t, want, body)
			sameValues(t, want, body, c.same...)
		})
	}
}

// TestCallsAndAnswersFitChatwootsDescription holds the simulator against Chatwoot's OpenAPI document, with the places
// where Chatwoot's own code differs from it.
func TestCallsAndAnswersFitChatwootsDescription(t *testing.T) {
	bot := openapitest.New(t)
	user := bot.ForUser()
	s := newShop(t, nil)
	id := s.writes("Hi").Conversation
	_, err := s.CustomerWrites(chatwootsim.CustomerMessage{
		Conversation: id,
		Attachments:  []chatwootsim.Attachment{{Type: "image", URL: "https://chat.example.com/a.jpg", ContentType: "image/jpeg"}},
	})
	s.must(err)
	for _, c := range []struct {
		token, method, path, body string
		status                    int
	}{
		{
			botToken, "POST", "/messages",
			`{"content":"Hello","message_type":"outgoing","private":false,"content_attributes":{"tania":{"turn":"T"}}}`, 200,
		},
		{botToken, "POST", "/messages", `{"content":"note","private":true,"echo_id":"e"}`, 200},
		{botToken, "POST", "/messages", `{"content":"x","message_type":"incoming"}`, 422},
		{botToken, "POST", "/toggle_typing_status", `{"typing_status":"on"}`, 200},
		{botToken, "POST", "/toggle_typing_status", `{"typing_status":"off"}`, 200},
		{botToken, "POST", "/labels", `{"labels":["a"]}`, 200},
		{botToken, "GET", "/labels", "", 200},
		{botToken, "POST", "/custom_attributes", `{"custom_attributes":{"a":"b"}}`, 200},
		{botToken, "POST", "/toggle_priority", `{"priority":"high"}`, 200},
		{botToken, "POST", "/toggle_priority", `{"priority":null}`, 200},
		{botToken, "GET", "", "", 200},
		{botToken, "POST", "/toggle_status", `{"status":"open"}`, 200},
		{botToken, "POST", "/assignments", `{"team_id":5}`, 200},
		{botToken, "POST", "/assignments", `{"assignee_id":7}`, 200},
		{botToken, "GET", "", "", 200},
		{botToken, "POST", "/assignments", `{"assignee_id":77}`, 200},
		{botToken, "POST", "/toggle_status", `{"status":"snoozed"}`, 200},
		{botToken, "POST", "/toggle_status", `{"status":"resolved"}`, 200},
		{userToken, "GET", "/messages", "", 200},
		{userToken, "GET", "/messages?after=1001", "", 200},
		{"wrong", "GET", "", "", 401},
		{"", "GET", "/labels", "", 401},
	} {
		t.Run(c.method+" "+c.path+" "+c.body, func(t *testing.T) {
			v := bot
			if c.token == userToken {
				v = user
			}
			req, err := http.NewRequestWithContext(t.Context(), c.method, s.http.URL+conversationPath(id, c.path), http.NoBody)
			s.must(err)
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Api-Access-Token", c.token)
			got := s.call(c.token, c.method, conversationPath(id, c.path), c.body)
			if got.status != c.status {
				t.Fatalf("status %d, want %d: %s", got.status, c.status, got.raw)
			}
			if c.token != "" {
				v.Request(t, req, []byte(c.body))
			}
			v.Response(t, req, &http.Response{StatusCode: got.status, Header: got.header, Request: req}, []byte(got.raw))
		})
	}
}

func TestTheListOfMessagesComesInPages(t *testing.T) {
	s := newShop(t, nil)
	first := s.writes("1")
	for i := 2; i <= 130; i++ {
		s.writes(fmt.Sprint(i), first.Conversation)
	}
	for _, c := range []struct {
		query string
		want  []string
	}{
		{"", numbers(111, 130)},
		{"?after=1002", numbers(3, 102)},
		{"?before=1050", numbers(30, 49)},
		{"?after=1002&before=1006", numbers(3, 5)},
		{"?after=1130", nil},
	} {
		t.Run("messages"+c.query, func(t *testing.T) {
			got := s.call(userToken, "GET", conversationPath(first.Conversation, "/messages"+c.query), "")
			var contents []string
			for _, m := range got.body["payload"].([]any) {
				contents = append(contents, rails.Text(m.(rails.Object)["content"]))
			}
			if diff := cmp.Diff(c.want, contents); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func numbers(from, to int) []string {
	var list []string
	for i := from; i <= to; i++ {
		list = append(list, fmt.Sprint(i))
	}
	return list
}

func TestLiquidRunsOnOutgoingContentButNotInBackticks(t *testing.T) {
	s := newShop(t, nil)
	id := s.writes("{{name}} stays in what a customer writes").Conversation
	if got := s.Messages(id)[0].Content; got != "{{name}} stays in what a customer writes" {
		t.Errorf("the customer's: %q", got)
	}
	for given, want := range map[string]string{
		"Hi {{contact.email}}, code `{{x}}`{% if a %}!{% endif %}": "Hi , code `{{x}}`!",
		"Dear {{ contact.name }}":                                  "Dear " + s.Conversations()[0].Contact.Name,
		"{{ unclosed":                                              "{{ unclosed",
	} {
		body, err := json.Marshal(rails.Object{"content": given})
		s.must(err)
		if got := s.says(id, string(body)).body["content"]; got != want {
			t.Errorf("%q became %q, want %q", given, got, want)
		}
	}
}

func TestOlderVersionsAllowBotsLess(t *testing.T) {
	for _, c := range []struct {
		version, method, path, body string
		want                        int
	}{
		{"4.11.1", "POST", "/toggle_typing_status", `{"typing_status":"on"}`, 401},
		{"4.11.2", "POST", "/toggle_typing_status", `{"typing_status":"on"}`, 200},
		{"4.14.1", "GET", "", "", 401},
		{"4.14.2", "GET", "", "", 200},
		{"4.14.1", "GET", "/labels", "", 401},
		{"4.14.2", "POST", "/labels", `{"labels":["a"]}`, 200},
		{"4.3.0", "POST", "/messages", `{"content":"x"}`, 200},
	} {
		s := newShop(t, func(o *chatwootsim.Options) { o.Version = c.version })
		if got := s.call(botToken, c.method, conversationPath(s.writes("Hi").Conversation, c.path), c.body); got.status != c.want {
			t.Errorf("%s: %s %s is %d, want %d", c.version, c.method, c.path, got.status, c.want)
		}
	}
}

func TestCustomAttributesAreReplacedUnlessANewVersionMerges(t *testing.T) {
	for version, want := range map[string]rails.Object{"4.16.2": {"b": "2"}, "4.17.0": {"a": "1", "b": "2"}} {
		s := newShop(t, func(o *chatwootsim.Options) { o.Version = version })
		id := s.writes("Hi").Conversation
		s.call(botToken, "POST", conversationPath(id, "/custom_attributes"), `{"custom_attributes":{"a":"1"}}`)
		s.call(botToken, "POST", conversationPath(id, "/custom_attributes"), `{"custom_attributes":{"b":"2"},"merge":true}`)
		c, _ := s.Conversation(id)
		if diff := cmp.Diff(want, c.CustomAttributes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", version, diff)
		}
	}
}

func TestSomeVersionsFailToShowAConversationWithATeam(t *testing.T) {
	s := newShop(t, func(o *chatwootsim.Options) { o.ShowFailsWithTeam = true })
	id := s.writes("Hi").Conversation
	before := s.call(botToken, "GET", conversationPath(id, ""), "")
	s.call(botToken, "POST", conversationPath(id, "/assignments"), `{"team_id":5}`)
	after := s.call(botToken, "GET", conversationPath(id, ""), "")
	if before.status != 200 || after.status != 500 {
		t.Errorf("before %d, after %d", before.status, after.status)
	}
}

func TestAnAPIInboxTakesIncomingMessagesFromTheAPI(t *testing.T) {
	s := newShop(t, nil)
	m, err := s.CustomerWrites(chatwootsim.CustomerMessage{Inbox: 13, Text: "Hi"})
	s.must(err)
	got := s.call(userToken, "POST", conversationPath(m.Conversation, "/messages"),
		`{"content":"more","message_type":"incoming","source_id":"ext-1"}`)
	last := s.Messages(m.Conversation)[1]
	if got.status != 200 || last.Type != chatwootsim.Incoming || last.Sender.Kind != tania.ActorContact || last.SourceID != "ext-1" {
		t.Errorf("status %d, saved %+v", got.status, last)
	}
}

func TestTheProfileIsAUsersOnly(t *testing.T) {
	s := newShop(t, nil)
	got := s.call(userToken, "GET", "/api/v1/profile", "")
	if got.status != 200 || rails.Number(got.body["id"]) != 8 || at(t, got.body, "accounts.0.id") != 3.0 {
		t.Errorf("%d %s", got.status, got.raw)
	}
}
