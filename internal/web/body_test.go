package web_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/governor"
	"tania/internal/tania"
	"tania/internal/web"
)

// largeMail is a short mail with so many bytes of HTML, at the top level and again below the conversation.
func largeMail(t *testing.T, id, html int) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/large-mail.json")
	if err != nil {
		t.Fatal(err)
	}
	var mail map[string]any
	if err := json.Unmarshal(text, &mail); err != nil {
		t.Fatal(err)
	}
	first := mail["conversation"].(map[string]any)["messages"].([]any)[0].(map[string]any)
	mail["id"], first["id"] = id, id
	for _, place := range []map[string]any{mail, first} {
		part := place["content_attributes"].(map[string]any)["email"].(map[string]any)["html_content"].(map[string]any)
		part["full"] = "<p>" + strings.Repeat(`<o:p>ñ\"😀</o:p>`, html/22)
	}
	body, err := json.Marshal(mail)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestALargeMailIsTaken: signed over every byte of it, of which little is kept.
func TestALargeMailIsTaken(t *testing.T) {
	now := time.Date(2026, 6, 17, 9, 0, 0, 0, time.UTC)
	s := newSite(t, func(o *web.Options) {
		o.Verifier, o.Now = chatwoot.NewVerifier("s3cret"), func() time.Time { return now }
		o.Intake = governed(o, governor.Options{})
	})
	for i, html := range []int{1000, 550_000, 1_000_000, 2_000_000} {
		body := largeMail(t, 80001+i, html)
		stamp, signature := chatwoot.Sign("s3cret", now, body)
		header := http.Header{chatwoot.HeaderTimestamp: {stamp}, chatwoot.HeaderSignature: {signature}}
		if i > 0 {
			forged := append(append([]byte{}, body[:len(body)/2]...), append([]byte("x"), body[len(body)/2+1:]...)...)
			if got := s.do(t, "POST", "/chatwoot/webhook", forged, header); got.status != 401 {
				t.Errorf("%d bytes, one of them changed: %d %v", len(body), got.status, got.body)
			}
		}
		if got := s.do(t, "POST", "/chatwoot/webhook", body, header); got.status != 200 || got.body["status"] != "queued" {
			t.Fatalf("%d bytes: %d %v", len(body), got.status, got.body)
		}
		turn, err := s.engine.Claim(t.Context())
		if err != nil || len(turn.Messages) != 1 || turn.Messages[0].Content != "Quisiera rentar el salón" {
			t.Fatalf("%d bytes: %v, %+v", len(body), err, turn)
		}
		if err := s.engine.Complete(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
	}
}

// TestATooLargeBodyIsNamed: with the number of its bytes, where it is known.
func TestATooLargeBodyIsNamed(t *testing.T) {
	var seen []tania.Delivery
	s := newSite(t, func(o *web.Options) { o.Observe = func(d tania.Delivery) { seen = append(seen, d) } })
	body := bytes.Repeat([]byte("a"), web.MaxBody+1)
	if got := s.do(t, "POST", "/chatwoot/webhook", body, nil); got.status != 413 {
		t.Errorf("%d %v", got.status, got.body)
	}
	if log := s.log.String(); !strings.Contains(log, "level=WARN") || !strings.Contains(log, "bytes=10485761") {
		t.Errorf("the log says %s", log)
	}
	s.log.Reset()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/chatwoot/webhook",
		struct{ *bytes.Reader }{bytes.NewReader(body)})
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = -1
	answer, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if log := s.log.String(); answer.StatusCode != 413 || !strings.Contains(log, "more than 10485760") {
		t.Errorf("without a length: %d, the log says %s", answer.StatusCode, log)
	}
	if len(seen) != 2 || seen[0].Code != 413 || seen[0].Status != "refused" {
		t.Errorf("counted as %+v", seen)
	}
}

// TestManyLargeBodiesAtOnce: more than are read at once; all are taken in the end.
func TestManyLargeBodiesAtOnce(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Intake = governed(o, governor.Options{}) })
	body := largeMail(t, 1, 500_000)
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			if got := s.do(t, "POST", "/chatwoot/webhook", body, nil); got.status != 200 {
				t.Errorf("%d %v", got.status, got.body)
			}
		})
	}
	all.Wait()
}

// TestStrangeWebhooksAreNamedOnce: events nobody knows, and what programs in between make of a webhook.
func TestStrangeWebhooksAreNamedOnce(t *testing.T) {
	s := newSite(t, nil)
	plain := string(incoming(1, nil))
	text, err := json.Marshal(plain)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ body, say string }{
		"an event nobody knows": {`{"event":"captain_thought","account":{"id":3}}`, "captain_thought"},
		"n8n":                   {`[{"headers":{"host":"x"},"params":{},"body":` + plain + `}]`, "[0].body"},
		"Make":                  {`{"body":` + plain + `}`, `wrapped_in="\"body\""`},
		"a text":                {`{"data":{"payload":` + string(text) + `}}`, "data.payload (a text)"},
		"a list":                {`[` + plain + `]`, `wrapped_in="\"[0]\""`},
	} {
		for i := range 3 {
			s.log.Reset()
			s.do(t, "POST", "/chatwoot/webhook", []byte(c.body), nil)
			if log := s.log.String(); strings.Contains(log, c.say) != (i == 0) || i == 0 && !strings.Contains(log, "fix=") {
				t.Errorf("%s, time %d: %s", name, i+1, log)
			}
		}
	}
	for name, c := range map[string]struct{ body, say string }{
		"a form":             {"source=zap&payload=" + url.QueryEscape(plain), "the form's field payload"},
		"no event":           {strings.Replace(plain, `"event":"message_created"`, `"kind":"message_created"`, 1), "names no event"},
		"an unknown account": {strings.ReplaceAll(plain, `"account":{"id":3`, `"account":{"id":77`), "account=77 served=3"},
	} {
		s := newSite(t, func(o *web.Options) { o.Intake = governed(o, governor.Options{Account: 3}) })
		for i := range 3 {
			s.log.Reset()
			s.do(t, "POST", "/chatwoot/webhook", []byte(c.body), nil)
			if log := s.log.String(); strings.Contains(log, c.say) != (i == 0) || i == 0 && !strings.Contains(log, "fix=") {
				t.Errorf("%s, time %d: %s", name, i+1, log)
			}
		}
	}
	s.log.Reset()
	for range 3 {
		s.do(t, "POST", "/chatwoot/webhook", []byte(`{}`), nil)
	}
	if log := s.log.String(); strings.Contains(log, "wrapped") {
		t.Errorf("an empty object is wrapped: %s", log)
	}
}
