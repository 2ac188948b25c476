package chatwootsim

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBodiesAreReadAsRailsReadsThem: JSON, a form and a multipart form say the same.
func TestBodiesAreReadAsRailsReadsThem(t *testing.T) {
	want := object{
		"content": "Hola & adiós", "labels": []any{"a", "b"}, "message": object{"content": "x", "content_attributes": object{"in_reply_to": "5"}},
	}
	multi := "--B\r\n" + strings.Join([]string{
		"Content-Disposition: form-data; name=\"content\"\r\n\r\nHola & adiós", "Content-Disposition: form-data; name=\"labels[]\"\r\n\r\na",
		"Content-Disposition: form-data; name=\"labels[]\"\r\n\r\nb", "Content-Disposition: form-data; name=\"message[content]\"\r\n\r\nx",
		"Content-Disposition: form-data; name=\"message[content_attributes][in_reply_to]\"\r\n\r\n5",
	}, "\r\n--B\r\n") + "\r\n--B--\r\n"
	for kind, body := range map[string]string{
		"application/json":                  `{"content":"Hola & adiós","labels":["a","b"],"message":{"content":"x","content_attributes":{"in_reply_to":"5"}}}`,
		"":                                  `{"content":"Hola & adiós","labels":["a","b"],"message":{"content":"x","content_attributes":{"in_reply_to":"5"}}}`,
		"application/x-www-form-urlencoded": "content=Hola+%26+adi%C3%B3s&labels[]=a&labels%5B%5D=b&message[content]=x&message[content_attributes][in_reply_to]=5",
		"multipart/form-data; boundary=B":   multi,
	} {
		got, err := parameters(&http.Request{Header: http.Header{"Content-Type": {kind}}}, []byte(body))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", kind, err, diff)
		}
	}
	for kind, body := range map[string]string{"application/json": "{", "multipart/form-data; boundary=B": "x", "application/x-www-form-urlencoded": "a=%zz"} {
		if got, err := parameters(&http.Request{Header: http.Header{"Content-Type": {kind}}}, []byte(body)); err == nil {
			t.Errorf("%s: %v", kind, got)
		}
	}
}

// TestAMessageComesInAnyForm: content_attributes as a text of JSON, message_type as a number or its digits.
func TestAMessageComesInAnyForm(t *testing.T) {
	s := newShop(t, nil)
	m, err := s.CustomerWrites(CustomerMessage{Inbox: 13, Text: "Hi"})
	s.must(err)
	at := s.http.URL + conversationPath(m.Conversation, "/messages")
	for _, c := range []struct {
		kind, body string
		want       MessageType
	}{
		{"application/json", `{"content":"a","message_type":1,"content_attributes":"{\"k\":\"v\"}"}`, Outgoing},
		{"application/json", `{"content":"a","message_type":0,"content_attributes":{"k":"v"}}`, Incoming},
		{"application/x-www-form-urlencoded", `content=a&message_type=outgoing&private=false&content_attributes=%7B%22k%22%3A%22v%22%7D`, Outgoing},
		{"application/x-www-form-urlencoded", `content=a&message_type=1&content_attributes[k]=v`, Outgoing},
		{"application/x-www-form-urlencoded", `content=a&message_type=incoming&content_attributes[k]=v`, Incoming},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at, strings.NewReader(c.body))
		s.must(err)
		req.Header.Set("Content-Type", c.kind)
		req.Header["api_access_token"] = []string{userToken}
		resp, err := http.DefaultClient.Do(req)
		s.must(err)
		var body object
		s.must(json.NewDecoder(resp.Body).Decode(&body))
		s.must(resp.Body.Close())
		attributes, _ := body["content_attributes"].(object)
		if resp.StatusCode != http.StatusOK || body["message_type"] != float64(typeNumbers[c.want]) || attributes["k"] != "v" || body["private"] != false {
			t.Errorf("%s %s: %d %v", c.kind, c.body, resp.StatusCode, body)
		}
	}
	calls := s.Calls()
	if got := string(calls[len(calls)-1].Body); got != `{"content":"a","content_attributes":{"k":"v"},"message_type":"incoming"}` {
		t.Errorf("the log of calls has %s", got)
	}
}
