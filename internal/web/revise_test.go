package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// updated is a message_updated of a customer's message.
func updated(id int, change map[string]any) []byte {
	m := map[string]any{"event": "message_updated", "content_attributes": map[string]any{"is_edited": true}}
	for k, v := range change {
		m[k] = v
	}
	return incoming(id, m)
}

// answerWaiting answers what waits, and gives the messages as they were answered.
func answerWaiting(t *testing.T, e queue.Engine) []tania.Message {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), 10*time.Second)
	defer done()
	turn, err := e.Claim(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var records []tania.Record
	for _, m := range turn.Messages {
		records = append(records, tania.Record{
			Key: turn.Key, Message: m.ID, Turn: turn.ID, Content: m.Spoken(), Edited: m.Edited, Revision: m.Revision,
			At: time.Now(), Outcome: tania.OutcomeAnswered, Reason: tania.Proceed,
		})
	}
	if err := e.Complete(t.Context(), turn, records...); err != nil {
		t.Fatal(err)
	}
	return turn.Messages
}

func TestACorrectedMessageIsAskedAnewOnce(t *testing.T) {
	s := newSite(t, nil)
	post := func(body []byte, want string) {
		t.Helper()
		if a := s.do(t, http.MethodPost, "/chatwoot/webhook", body, nil); a.status != 200 || a.body["status"] != want {
			t.Fatalf("%d %v, want %s", a.status, a.body, want)
		}
	}
	tuesday, thursday := map[string]any{"content": "para el martes"}, map[string]any{"content": "para el jueves"}
	post(incoming(70, tuesday), "queued")
	post(updated(70, thursday), "amended")
	post(updated(70, thursday), "noted")
	post(updated(70, tuesday), "amended")
	answerWaiting(t, s.engine)

	post(updated(70, thursday), "queued")
	post(updated(70, thursday), "ignored")
	if m := answerWaiting(t, s.engine); m[0].Content != "para el jueves" || m[0].Revision != 1 {
		t.Errorf("%+v", m)
	}
	post(updated(70, thursday), "ignored")
	post(updated(70, map[string]any{"content": "para el juebes"}), "noted")
	post(updated(70, tuesday), "queued")
	if m := answerWaiting(t, s.engine); m[0].Revision != 2 {
		t.Errorf("%+v", m)
	}
	if stats, err := s.engine.Stats(t.Context()); err != nil || stats.Completed != 3 || stats.Waiting+stats.Delayed != 0 {
		t.Errorf("%+v, %v", stats, err)
	}
}

func TestAfterACrashBetweenTheRevisionAndTheMemoryItIsNotAskedTwice(t *testing.T) {
	s := newSite(t, nil)
	key := tania.ConversationKey{Account: 3, Conversation: 1287}
	s.do(t, http.MethodPost, "/chatwoot/webhook", incoming(70, map[string]any{"content": "para el martes"}), nil)
	m := answerWaiting(t, s.engine)[0]
	if _, err := s.engine.UpdateConversation(t.Context(), key, func(c *tania.Conversation) bool {
		c.Remember(tania.Entry{ID: 70, From: tania.FromCustomer, Text: m.Content})
		return true
	}); err != nil {
		t.Fatal(err)
	}
	// As far as the process came that died: the revision is in the queue, and was answered there; neither record nor memory says so.
	m.Content, m.Revision = "para el jueves", 1
	if _, err := s.engine.Push(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	ctx, done := context.WithTimeout(t.Context(), 10*time.Second)
	defer done()
	turn, err := s.engine.Claim(ctx)
	if err == nil {
		err = s.engine.Complete(t.Context(), turn)
	}
	if err != nil {
		t.Fatal(err)
	}
	if a := s.do(t, http.MethodPost, "/chatwoot/webhook", updated(70, map[string]any{"content": "para el jueves"}),
		nil); a.body["status"] != "duplicate" {
		t.Errorf("%+v", a)
	}
	c, err := s.engine.Conversation(t.Context(), key)
	if err != nil || len(c.History) != 1 || c.History[0].Text != "para el jueves" {
		t.Errorf("%+v, %v", c.History, err)
	}
}

func TestAnUpdateThatWasOvertakenByALaterOneChangesNothing(t *testing.T) {
	s := newSite(t, nil)
	at := func(text, edited string) []byte {
		return updated(70, map[string]any{"content": text, "content_attributes": map[string]any{"is_edited": true, "edited_at": edited}})
	}
	s.do(t, http.MethodPost, "/chatwoot/webhook", incoming(70, map[string]any{"content": "para el martes"}), nil)
	s.do(t, http.MethodPost, "/chatwoot/webhook", at("para el viernes", "2026-06-17T09:05:00Z"), nil)
	s.do(t, http.MethodPost, "/chatwoot/webhook", at("para el jueves", "2026-06-17T09:04:00Z"), nil)
	if m := answerWaiting(t, s.engine); m[0].Content != "para el viernes" {
		t.Errorf("%+v", m[0])
	}
	if a := s.do(t, http.MethodPost, "/chatwoot/webhook", at("para el jueves", "2026-06-17T09:04:00Z"), nil); a.body["status"] == "queued" {
		t.Errorf("%+v", a)
	}
}

func TestOnlyAMessageThatWasAskedIsAskedAnew(t *testing.T) {
	s := newSite(t, nil)
	for name, c := range map[string]struct {
		first, then []byte
		want        string
	}{
		"one that nobody knows": {nil, updated(80, map[string]any{"content": "para el jueves"}), "noted"},
		"one that was empty at first": {
			incoming(81, map[string]any{"content": ""}), updated(81, map[string]any{"content": "para el jueves"}),
			"queued",
		},
		"a reaction": {
			incoming(82, map[string]any{"content": "👍", "content_attributes": map[string]any{"is_reaction": true}}),
			updated(82, map[string]any{"content": "❤️", "content_attributes": map[string]any{"is_reaction": true}}), "noted",
		},
	} {
		if c.first != nil {
			s.do(t, http.MethodPost, "/chatwoot/webhook", c.first, nil)
		}
		if a := s.do(t, http.MethodPost, "/chatwoot/webhook", c.then, nil); a.body["status"] != c.want &&
			!(c.want == "noted" && a.body["status"] == "ignored") {
			t.Errorf("%s: %v, want %s", name, a.body, c.want)
		}
	}
}
