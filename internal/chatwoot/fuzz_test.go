package chatwoot

import (
	"encoding/hex"
	"errors"
	"testing"
	"time"
	"unicode/utf8"
)

func hexOf(b []byte) string { return hex.EncodeToString(b) }

// FuzzDecode: whatever comes is an event with ids in their range and valid text, or an error that is ErrMalformed.
func FuzzDecode(f *testing.F) {
	for _, body := range samples(f) {
		f.Add(body)
	}
	f.Add([]byte(`{"event":"message_created","id":"9007199254740992","account":{"id":1},"conversation":{"id":1,"messages":[null]},"content":"<p>\ud83d</p>"}`))
	f.Add([]byte(`{"event":"message_updated","id":1e3,"account":{"id":1},"conversation":{"id":1.0},"content_attributes":"{\"email\":{\"html_content\":{\"full\":\"<p>x</p>\"}}}"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := Decode(body)
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Fatal(err)
			}
			return
		}
		inRange := func(ids ...int64) {
			for _, id := range ids {
				if id < 0 || id > maxID {
					t.Fatalf("id %d in %q", id, body)
				}
			}
		}
		c := e.Conversation
		inRange(int64(c.Key.Account), int64(c.Key.Conversation), int64(c.Inbox), int64(c.Contact.ID), c.AssigneeID, int64(c.Team))
		if m := e.Message; m != nil {
			inRange(int64(m.ID), int64(m.InReplyTo), m.Sender.ID, int64(m.Sender.Contact.ID))
			if m.ID == 0 || c.Key.Account == 0 || c.Key.Conversation == 0 {
				t.Fatalf("a message without ids in %q", body)
			}
			if !utf8.ValidString(m.Content) {
				t.Fatalf("content %q", m.Content)
			}
		}
		m, ok := e.CustomerMessage(time.Unix(0, 0))
		if ok && (m.ID == 0 || !utf8.ValidString(m.Content)) {
			t.Fatalf("%+v", m)
		}
	})
}
