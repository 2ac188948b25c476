package installation

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
)

// TestAMessageComesInAnyForm: content_attributes as a text of JSON, message_type as a number or its digits.
func TestAMessageComesInAnyForm(t *testing.T) {
	s := newShop(t, nil)
	m, err := s.CustomerWrites(chatwootsim.CustomerMessage{Inbox: 13, Text: "Hi"})
	s.must(err)
	at := s.http.URL + conversationPath(m.Conversation, "/messages")
	for _, c := range []struct {
		kind, body string
		want       chatwootsim.MessageType
	}{
		{"application/json", `{"content":"a","message_type":1,"content_attributes":"{\"k\":\"v\"}"}`, chatwootsim.Outgoing},
		{"application/json", `{"content":"a","message_type":0,"content_attributes":{"k":"v"}}`, chatwootsim.Incoming},
		{
			"application/x-www-form-urlencoded", `content=a&message_type=outgoing&private=false&content_attributes=%7B%22k%22%3A%22v%22%7D`,
			chatwootsim.Outgoing,
		},
		{"application/x-www-form-urlencoded", `content=a&message_type=1&content_attributes[k]=v`, chatwootsim.Outgoing},
		{"application/x-www-form-urlencoded", `content=a&message_type=incoming&content_attributes[k]=v`, chatwootsim.Incoming},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at, strings.NewReader(c.body))
		s.must(err)
		req.Header.Set("Content-Type", c.kind)
		req.Header["api_access_token"] = []string{userToken}
		resp, err := http.DefaultClient.Do(req)
		s.must(err)
		var body rails.Object
		s.must(json.NewDecoder(resp.Body).Decode(&body))
		s.must(resp.Body.Close())
		attributes, _ := body["content_attributes"].(rails.Object)
		if resp.StatusCode != http.StatusOK || body["message_type"] != float64(c.want.Number()) || attributes["k"] != "v" ||
			body["private"] != false {
			t.Errorf("%s %s: %d %v", c.kind, c.body, resp.StatusCode, body)
		}
	}
	calls := s.Calls()
	if got := string(calls[len(calls)-1].Body); got != `{"content":"a","content_attributes":{"k":"v"},"message_type":"incoming"}` {
		t.Errorf("the log of calls has %s", got)
	}
}
