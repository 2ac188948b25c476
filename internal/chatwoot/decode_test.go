package chatwoot

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/tania"
)

var update = flag.Bool("update", false, "write the golden files anew")

// samples are the sample payloads by name.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/payloads/*.json")
	if err != nil || len(files) < 52 {
		t.Fatalf("%d sample payloads, %v", len(files), err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = body
	}
	return all
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	body, ok := samples(t)[name]
	if !ok {
		t.Fatalf("no sample %s", name)
	}
	return body
}

// edited is a sample with values replaced: keys are paths as "conversation.meta.assignee", "conversation.messages.0.id".
// A value of type gone removes the key.
func edited(t testing.TB, name string, edits map[string]any) []byte {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(sample(t, name)))
	d.UseNumber()
	var body any
	if err := d.Decode(&body); err != nil {
		t.Fatal(err)
	}
	for path, value := range edits {
		at := body
		keys := strings.Split(path, ".")
		for _, key := range keys[:len(keys)-1] {
			switch v := at.(type) {
			case map[string]any:
				at = v[key]
			case []any:
				at = v[0]
			}
		}
		object, ok := at.(map[string]any)
		if !ok {
			t.Fatalf("%s: no %s", name, path)
		}
		if last := keys[len(keys)-1]; value == (gone{}) {
			delete(object, last)
		} else {
			object[last] = value
		}
	}
	out, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

type gone struct{}

func decode(t testing.TB, body []byte) *Event {
	t.Helper()
	e, err := Decode(body)
	if err != nil {
		t.Fatalf("%v in %.300s", err, body)
	}
	return e
}

func TestSamplesDecodeAsTheGoldenFileSays(t *testing.T) {
	var lines []string
	names := []string{}
	all := samples(t)
	for name := range all {
		names = append(names, name)
	}
	for _, name := range sorted(names) {
		event, err := json.MarshalIndent(decode(t, all[name]), "  ", " ")
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%s\n  %s\n", name, withoutZeros(event)))
	}
	got := strings.Join(lines, "\n")
	const golden = "testdata/decoded.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("go test -update writes it anew:\n%s", diff)
	}
}

// withoutZeros drops the lines of empty fields, which would hide what matters.
func withoutZeros(event []byte) string {
	var kept []string
	for line := range strings.SplitSeq(string(event), "\n") {
		_, value, _ := strings.Cut(strings.TrimSuffix(line, ","), ": ")
		switch value {
		case `""`, "0", "false", "null", "{}", "[]", `"0001-01-01T00:00:00Z"`:
			continue
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "\n")
}

func sorted(list []string) []string {
	for i := range list {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

func TestEveryKindOfSampleIsRecognised(t *testing.T) {
	for name, body := range samples(t) {
		event, _, _ := strings.Cut(name, "__")
		e := decode(t, body)
		switch {
		case strings.HasPrefix(event, "automation_event") || strings.HasPrefix(event, "contact_") ||
			strings.HasPrefix(event, "conversation_typing"):
			if e.Kind != KindOther || e.Name == "" || e.Conversation.Key.Conversation != 0 {
				t.Errorf("%s is taken for %q", name, e.Kind)
			}
			continue
		case string(e.Kind) != event || e.Name != event:
			t.Errorf("%s is taken for %q", name, e.Kind)
		}
		if e.Conversation.Key != (tania.ConversationKey{Account: 3, Conversation: e.Conversation.Key.Conversation}) ||
			e.Conversation.Inbox == 0 ||
			e.Conversation.Contact.ID == 0 || e.Conversation.Status == "" || e.Conversation.Channel == "" {
			t.Errorf("%s lacks something essential: %+v", name, e.Conversation)
		}
		if strings.HasPrefix(event, "message_") != (e.Message != nil) {
			t.Errorf("%s: message %v", name, e.Message)
		}
		if e.Message != nil && (e.Message.Created.IsZero() || e.Message.Direction == "") {
			t.Errorf("%s lacks something essential: %+v", name, e.Message)
		}
	}
}

const widgetText = "message_created__web_widget__incoming_text"

// TestShapesOfOtherVersions: what differs between Chatwoot's versions and between integrations.
func TestShapesOfOtherVersions(t *testing.T) {
	base := decode(t, sample(t, widgetText))
	tests := []struct {
		name  string
		edits map[string]any
		want  func(*Event)
	}{
		{
			"HTML of 4.4 to 4.12 gives way to the raw content",
			map[string]any{"content": "<p>Hi, do you ship to <strong>Canada</strong>?</p>\n"},
			func(*Event) {},
		},
		{"HTML where messages[0] is another", map[string]any{
			"content":                    "<p>5 &lt; 6<br>&amp; <em>so</em></p>\n<p>on</p>\n",
			"conversation.messages.0.id": 1,
		}, func(e *Event) {
			e.Message.Content, e.Message.Status = "5 < 6\n& so\n\non", ""
		}},
		{"a quotation in HTML is the customer's", map[string]any{
			"content":               "<blockquote>\n<p>yours</p>\n</blockquote>\n<p>mine</p>\n",
			"conversation.messages": []any{},
		}, func(e *Event) {
			e.Message.Content, e.Message.Status = "yours\n\nmine", ""
		}},
		{
			"a customer's own less-than signs survive",
			map[string]any{"content": "if a < b && c > d <3 </p>", "conversation.messages": nil},
			func(e *Event) {
				e.Message.Content, e.Message.Status = "if a < b && c > d <3 </p>", ""
			},
		},
		{
			"a customer's own paragraph survives when raw",
			map[string]any{"content": "<p>x</p>", "conversation.messages.0.content": "<p>x</p>"},
			func(e *Event) {
				e.Message.Content = "<p>x</p>"
			},
		},
		{"no assignee_type, updated_at, last_activity_at, blocked (before 4.8)", map[string]any{
			"conversation.meta.assignee_type": gone{}, "conversation.account": gone{}, "conversation.updated_at": gone{},
			"conversation.last_activity_at": gone{}, "sender.blocked": gone{},
		}, func(e *Event) { e.Conversation.Updated = time.Time{} }},
		{"no account at the top level", map[string]any{"account": gone{}, "conversation.account": map[string]any{"id": 3}}, func(*Event) {}},
		{
			"unknown keys of forks",
			map[string]any{"kanban_state": map[string]any{"id": []any{1}}, "conversation.active_agent_bot": true},
			func(*Event) {},
		},
		{"a sender of 2021 with a type", map[string]any{"sender.type": "contact"}, func(*Event) {}},
		{"an integer message_type", map[string]any{"message_type": 0}, func(*Event) {}},
		{"an integer message_type in a string", map[string]any{"message_type": "0"}, func(*Event) {}},
		{
			"unix times",
			map[string]any{"created_at": 1781683201, "conversation.snoozed_until": 1781683300, "conversation.waiting_since": "x"},
			func(e *Event) {
				e.Message.Created = time.Unix(1781683201, 0).UTC()
				e.Conversation.SnoozedUntil, e.Conversation.WaitingSince = time.Unix(1781683300, 0).UTC(), time.Time{}
			},
		},
		{"an ISO time with a zone", map[string]any{"created_at": "2026-06-17T10:00:00.5+02:00"}, func(e *Event) {
			e.Message.Created = time.Date(2026, 6, 17, 8, 0, 0, 5e8, time.UTC)
		}},
		{"a sender of null", map[string]any{
			"sender": nil, "message_type": "outgoing",
			"content_attributes": map[string]any{"automation_rule_id": 4},
		}, func(e *Event) {
			e.Message.Sender, e.Message.Direction, e.Message.Automation = Sender{}, Outgoing, true
		}},
		{"a human on the phone", map[string]any{
			"sender": nil, "message_type": "outgoing",
			"content_attributes": map[string]any{"external_echo": true},
		}, func(e *Event) {
			e.Message.Sender, e.Message.Direction, e.Message.Phone = Sender{}, Outgoing, true
		}},
		{
			"Captain",
			map[string]any{"sender": map[string]any{"id": 9, "name": "Captain", "type": "captain_assistant"}, "message_type": "outgoing"},
			func(e *Event) {
				e.Message.Sender, e.Message.Direction = Sender{Kind: tania.ActorCaptain, ID: 9, Name: "Captain"}, Outgoing
			},
		},
		{"a sender of a kind to come", map[string]any{"sender.type": "robot_overlord"}, func(e *Event) {
			e.Message.Sender = Sender{ID: e.Message.Sender.ID, Name: e.Message.Sender.Name}
		}},
		{
			"attributes as a string of JSON, with our marker",
			map[string]any{"content_attributes": `{"in_reply_to":70000,"tania":{"turn":"T1","part":"2"},"deleted":true}`},
			func(e *Event) {
				e.Message.InReplyTo, e.Message.Deleted, e.Message.Marker = 70000, true, &Marker{Turn: "T1", Part: "2"}
			},
		},
		{
			"a marker whose part is a number",
			map[string]any{"content_attributes": map[string]any{"tania": map[string]any{"turn": "T1", "part": 1}}},
			func(e *Event) {
				e.Message.Marker = &Marker{Turn: "T1", Part: "1"}
			},
		},
		{"what only looks like a marker", map[string]any{"content_attributes": map[string]any{"tania": "yes"}}, func(*Event) {}},
		{
			"ids in strings",
			map[string]any{"id": "70001", "conversation.id": "1287", "account.id": "3", "conversation.inbox_id": "11"},
			func(*Event) {},
		},
		{"the largest id", map[string]any{"id": json.Number("9007199254740992"), "conversation.messages": nil}, func(e *Event) {
			e.Message.ID, e.Message.Status = 9007199254740992, ""
		}},
		{"a failed delivery", map[string]any{
			"content_attributes":             map[string]any{"external_error": "131047: out of window"},
			"conversation.messages.0.status": "failed",
		}, func(e *Event) {
			e.Message.ExternalError, e.Message.Status = "131047: out of window", "failed"
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := clone(base)
			tt.want(want)
			if diff := cmp.Diff(want, decode(t, edited(t, widgetText, tt.edits))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func clone(e *Event) *Event {
	c := *e
	message := *e.Message
	c.Message = &message
	return &c
}

// TestAWrongTypeLosesNoMessage: whatever a field holds, a message with its ids is decoded.
func TestAWrongTypeLosesNoMessage(t *testing.T) {
	essential := map[string]bool{"id": true, "event": true, "account": true, "account.id": true, "conversation": true, "conversation.id": true}
	for _, path := range []string{
		"content", "content_attributes", "content_type", "created_at", "inbox", "message_type", "private", "sender", "source_id", "attachments",
		"additional_attributes", "sender.id", "sender.name", "sender.blocked", "sender.type", "conversation.inbox_id", "conversation.channel",
		"conversation.status", "conversation.can_reply", "conversation.labels", "conversation.meta", "conversation.meta.sender",
		"conversation.meta.assignee",
		"conversation.meta.team", "conversation.meta.assignee_type", "conversation.messages", "conversation.messages.0.id",
		"conversation.messages.0.content",
		"conversation.snoozed_until", "conversation.custom_attributes", "conversation.updated_at", "conversation.contact_inbox",
	} {
		if essential[path] {
			continue
		}
		for _, value := range []any{
			nil, 7, -1, 1e300, "text", true, false,
			[]any{},
			[]any{nil, 1, "a", map[string]any{}},
			map[string]any{},
			map[string]any{"id": "x"},
		} {
			body := edited(t, widgetText, map[string]any{path: value})
			e, err := Decode(body)
			if err != nil {
				t.Errorf("%s = %v: %v", path, value, err)
				continue
			}
			if e.Message.ID != 70001 || e.Conversation.Key != (tania.ConversationKey{Account: 3, Conversation: 1287}) {
				t.Errorf("%s = %v changes the ids: %+v", path, value, e)
			}
			if path != "message_type" && e.Message.Direction != Incoming {
				t.Errorf("%s = %v loses the direction", path, value)
			}
			if !strings.Contains(path, "content") && e.Message.Content != base(t).Content {
				t.Errorf("%s = %v changes the content: %q", path, value, e.Message.Content)
			}
			if e.Conversation.Inbox < 0 || e.Conversation.Contact.ID < 0 || e.Message.Sender.ID < 0 || e.Message.InReplyTo < 0 {
				t.Errorf("%s = %v gives a negative id", path, value)
			}
		}
	}
}

func base(t *testing.T) *Message {
	t.Helper()
	return decode(t, sample(t, widgetText)).Message
}

func TestCanReplyIsTrueUnlessChatwootSaysNo(t *testing.T) {
	for value, want := range map[any]bool{nil: true, true: true, false: false, gone{}: true, "yes": true, "false": false} {
		e := decode(t, edited(t, widgetText, map[string]any{"conversation.can_reply": value}))
		if e.Conversation.CanReply != want {
			t.Errorf("can_reply %v: %v", value, e.Conversation.CanReply)
		}
	}
}

func TestFlagsOfOtherTypes(t *testing.T) {
	for value, want := range map[any]bool{
		true: true, "true": true, 7: true, "1": true, false: false, 0: false, "0": false, "no": false,
		"": false, nil: false,
	} {
		m := decode(t, edited(t, widgetText, map[string]any{
			"private": value, "sender.blocked": value, "content_attributes": map[string]any{
				"deleted": value, "is_unsupported": value,
				"external_echo": value, "automation_rule_id": value,
			},
		})).Message
		for name, got := range map[string]bool{
			"private": m.Private, "blocked": m.Sender.Contact.Blocked, "deleted": m.Deleted, "unsupported": m.Unsupported, "echo": m.Phone,
			"automation": m.Automation,
		} {
			if got != want {
				t.Errorf("%s of %v: %v", name, value, got)
			}
		}
	}
}

func TestImpossibleIDsAreAnErrorThatSaysSo(t *testing.T) {
	for _, path := range []string{"id", "conversation.id", "account.id"} {
		for _, value := range []any{
			-1, 0, nil, json.Number("9007199254740993"), json.Number("92233720368547758080"), "abc", "", 1.5, true,
			[]any{1},
			map[string]any{"id": 1},
		} {
			edits := map[string]any{path: value}
			if path == "account.id" {
				edits["conversation.account"] = gone{}
			}
			_, err := Decode(edited(t, widgetText, edits))
			if !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), " id") {
				t.Errorf("%s = %v: %v", path, value, err)
			}
		}
	}
}

func TestBodiesThatAreNoWebhook(t *testing.T) {
	deep := strings.Repeat("[", 200000) + strings.Repeat("]", 200000)
	for name, body := range map[string]string{
		"empty": "", "spaces": " \n", "not JSON": "hello", "HTML": "<html></html>", "an array": `[{"event":"message_created"}]`,
		"a string": `"x"`,
		"a number": "1", "null": "null", "cut": `{"event":"message_created","id":1`, "two objects": `{} {}`, "only a brace": "{",
		"nested too deep":                  `{"event":"message_created","x":` + deep + `}`,
		"a message without a conversation": `{"event":"message_created","id":1,"account":{"id":1}}`,
		"a conversation of null":           `{"event":"message_created","id":1,"account":{"id":1},"conversation":null}`,
		"null everywhere":                  `{"event":"message_created","id":null,"account":null,"conversation":{"id":null,"meta":null,"messages":[null]},"sender":null}`,
		"an empty conversation":            `{"event":"conversation_updated"}`,
	} {
		if e, err := Decode([]byte(body)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %+v, %v", name, e, err)
		}
	}
}

func TestOddBodiesThatAreWebhooks(t *testing.T) {
	raw := string(sample(t, widgetText))
	big := strings.Replace(raw, `"content": "Hi`, `"content": "`+strings.Repeat("x", 2<<20)+`Hi`, 1)
	for name, body := range map[string]string{
		"a byte order mark":       "\xef\xbb\xbf" + raw,
		"2 MiB":                   big,
		"invalid UTF-8":           strings.ReplaceAll(raw, "Hi,", "Hi\xff\xfe,"),
		"duplicate keys":          strings.Replace(raw, "{", `{"id": 5, "event": "x", "conversation": {"id": 9}, `, 1),
		"a lone surrogate":        strings.ReplaceAll(raw, "Hi,", `Hi\ud83d,`),
		"unknown events' objects": strings.Replace(raw, "{", `{"x": {"event": "message_deleted"}, `, 1),
	} {
		e := decode(t, []byte(body))
		if e.Kind != KindMessageCreated || e.Message.ID != 70001 || e.Conversation.Key.Conversation != 1287 ||
			!strings.Contains(e.Message.Content, "ship to Canada") {
			t.Errorf("%s: %+v", name, e.Message)
		}
		if strings.ToValidUTF8(e.Message.Content, "") != e.Message.Content {
			t.Errorf("%s: content is not UTF-8", name)
		}
	}
}

func TestUnknownEventsAreNamedAndHoldNothing(t *testing.T) {
	for body, name := range map[string]string{
		`{}`: "", `{"event":null}`: "", `{"event":7}`: "", `{"event":"csat_created","id":"x","conversation":7}`: "csat_created",
		`{"message":{"event":"message_created"}}`: "", `{"data":{"id":1},"event":"message"}`: "message",
	} {
		if diff := cmp.Diff(&Event{Name: name}, decode(t, []byte(body))); diff != "" {
			t.Errorf("%s: %s", body, diff)
		}
	}
}
