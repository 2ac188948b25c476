package bullmq

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"

	"tania/internal/tania"
)

// widget is a webhook as Chatwoot sends it: message 80001 of conversation 1288.
func widget(t testing.TB, change func(map[string]any)) map[string]any {
	t.Helper()
	body, err := os.ReadFile("testdata/message_created.json")
	if err != nil {
		t.Fatal(err)
	}
	o, ok := parse(body)
	if !ok {
		t.Fatal("no JSON")
	}
	if change != nil {
		change(o)
	}
	return o
}

func text(t testing.TB, value any) string {
	t.Helper()
	b, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestTheWebhookIsFoundWhereverItIs, under any name, as an object, as text, as text of text, and as Node's buffer.
func TestTheWebhookIsFoundWhereverItIs(t *testing.T) {
	body := widget(t, nil)
	want, err := message([]byte(text(t, body)), 0, added("1795471906691"))
	if err != nil {
		t.Fatal(err)
	}
	var bytes []int
	for _, b := range []byte(text(t, body)) {
		bytes = append(bytes, int(b))
	}
	other := widget(t, func(o map[string]any) { o["id"] = 80002 })
	for name, data := range map[string]any{
		"the original's form": map[string]any{
			"conversationId": 1288, "accountId": 3, "inboxId": 12, "messageText": "another text", "contact": map[string]any{"id": 1},
			"routing": map[string]any{"intent": "general"}, "governorContext": map[string]any{"messageId": want.Message.ID}, "originalBody": body,
		},
		"an unknown name": map[string]any{"zzz": body},
		"deep":            map[string]any{"job": map[string]any{"request": map[string]any{"body": body}}},
		"text":            map[string]any{"rawBody": text(t, body)},
		"text of text":    map[string]any{"rawBody": text(t, text(t, body))},
		"Node's buffer":   map[string]any{"raw": map[string]any{"type": "Buffer", "data": bytes}},
		"alone in a list": map[string]any{"items": []any{map[string]any{"json": body}}},
		"a dead letter": map[string]any{
			"originalJobId": "4", "error": "OpenAI 500",
			"originalJob": map[string]any{"originalBody": body},
		},
		"twice": map[string]any{"a": body, "b": text(t, body)},
		"beside another, and named by id": map[string]any{
			"before": other, "now": body,
			"governorContext": map[string]any{"messageId": want.Message.ID},
		},
	} {
		got, err := message([]byte(text(t, data)), 0, added("1795471906691"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.Message.ID != want.Message.ID || got.Message.Content != want.Message.Content || got.Conversation.Key != want.Conversation.Key ||
			got.Conversation.Contact != want.Conversation.Contact {
			t.Errorf("%s: %+v", name, got.Message)
		}
	}
}

// TestAWebhookLacksWhatIsBesideIt: its event and account are those of the job.
func TestAWebhookLacksWhatIsBesideIt(t *testing.T) {
	body := widget(t, func(o map[string]any) {
		delete(o, "event")
		delete(o, "account")
		delete(o["conversation"].(map[string]any), "account")
	})
	for data, want := range map[string]tania.AccountID{
		text(t, map[string]any{"accountId": 9, "originalBody": body}): 9,
		text(t, map[string]any{"originalBody": body}):                 3,
	} {
		event, err := message([]byte(data), 3, added("1795471906691"))
		if err != nil || event.Conversation.Key.Account != want {
			t.Errorf("%+v %v, want account %d", event, err, want)
		}
	}
}

// TestAMessageIsPutTogetherFromItsFields, whatever the style of their names and wherever they are.
func TestAMessageIsPutTogetherFromItsFields(t *testing.T) {
	for name, data := range map[string]string{
		"the original's names": `{"conversationId":10,"accountId":3,"inboxId":12,"messageText":"¿Abren hoy?","governorContext":{"messageId":77},
			"contact":{"id":5,"name":"Ana","phone":"+521"},"routing":{"intent":"faq"}}`,
		"snake case, digits as text": `{"account_id":"3","conversation_id":"10","message_id":"77","inbox_id":"12","content":"¿Abren hoy?","sender":{"id":5,"name":"Ana","phone_number":"+521"}}`,
		"by objects": `{"message":{"id":77,"content":"¿Abren hoy?","message_type":0},"conversation":{"id":10,"status":"pending"},"account":{"id":3},"inbox":{"id":12},
			"contact":{"id":5,"name":"Ana","phone":"+521"}}`,
		"flat contact": `{"accountId":3,"conversationId":10,"messageId":77,"inboxId":12,"userMessage":"¿Abren hoy?","contactId":5,"contactName":"Ana","phone":"+521"}`,
		"no account":   `{"conversationId":10,"messageId":77,"inboxId":12,"text":"¿Abren hoy?","contact":{"id":5,"name":"Ana","phone":"+521"}}`,
		"a body without a conversation": `{"conversationId":10,"accountId":3,"originalBody":{"id":77,"content":"¿Abren hoy?"},"messageId":77,"inboxId":12,
			"contact":{"id":5,"name":"Ana","phone":"+521"},"history":[{"content":"antes"},{"content":"después"}]}`,
	} {
		event, err := message([]byte(data), 3, added("1795471906691"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		m, ok := event.CustomerMessage(added("1795471906691"))
		contact := tania.Contact{ID: 5, Name: "Ana", Phone: "+521"}
		if !ok || m.ID != 77 || m.Key != (tania.ConversationKey{Account: 3, Conversation: 10}) || m.Inbox != 12 ||
			m.Content != "¿Abren hoy?" ||
			m.Contact != contact || !m.CanReply || m.Created.UnixMilli() != 1795471906691 {
			t.Errorf("%s: %+v", name, m)
		}
	}
	event, err := message([]byte(`{"conversationId":1,"accountId":1,"messageId":2,"createdAt":1795471900000,"attachments":[{"type":"audio","url":"http://a/b","transcript":"hola"}]}`), 0, added(""))
	if err != nil || len(event.Message.Attachments) != 1 || event.Message.Attachments[0].Transcript != "hola" ||
		event.Message.Created.Unix() != 1795471900 {
		t.Errorf("a voice note: %+v %v", event, err)
	}
}

func TestWhyAJobStays(t *testing.T) {
	two := fmt.Sprintf(`{"a":%s,"b":%s}`, text(t, widget(t, nil)), text(t, widget(t, func(o map[string]any) { o["id"] = 80002 })))
	for data, want := range map[string]Why{
		`{`:         NoObject,
		`[1]`:       NoObject,
		`null`:      NoObject,
		`{"a":"b"}`: NoConversation,
		two:         Several,
		`{"body":{"event":"conversation_created","id":4,"account":{"id":3}}}`:            OtherEvent,
		`{"conversationId":10,"messageId":1,"content":"hola"}`:                           NoAccount,
		`{"accountId":1,"messageId":1,"content":"hola"}`:                                 NoConversation,
		`{"accountId":1,"conversationId":1,"content":"hola"}`:                            NoMessageID,
		`{"accountId":1,"conversationId":1,"messageId":1,"content":" "}`:                 NoContent,
		`{"accountId":1,"conversationId":1,"messageId":9007199254740993,"content":"x"}`:  NoMessageID,
		`{"accountId":1,"conversationId":1,"messageId":-4,"content":"x"}`:                NoMessageID,
		`{"accountId":1,"conversationId":1,"id":4,"content":"the job's id is no other"}`: NoMessageID,
	} {
		event, err := message([]byte(data), 0, added(""))
		var why stays
		if !errors.As(err, &why) || why.why != want || why.detail == "" {
			t.Errorf("%.80s: %v %v, want %s", data, event, err, want)
		}
	}
}

// FuzzMessage: whatever a job holds, it is a message with all that its answer needs, or there is a reason.
func FuzzMessage(f *testing.F) {
	f.Add([]byte(text(f, map[string]any{"originalBody": widget(f, nil)})))
	f.Add([]byte(flat(10, 100)))
	f.Add([]byte(`{"a":{"type":"Buffer","data":[123,125]},"b":"{\"c\":[{}]}"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		event, err := message(data, 3, added(""))
		var why stays
		if err != nil {
			if !errors.As(err, &why) || event != nil {
				t.Fatal(event, err)
			}
			return
		}
		if event.Message == nil || event.Message.ID <= 0 || event.Conversation.Key.Account <= 0 || event.Conversation.Key.Conversation <= 0 {
			t.Fatalf("%+v", event)
		}
	})
}
