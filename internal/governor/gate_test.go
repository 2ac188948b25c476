package governor

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

const payloads = "../chatwoot/testdata/payloads"

// payload decodes one of Chatwoot's sample webhooks.
func payload(t testing.TB, name string) *chatwoot.Event {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(payloads, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	ev, err := chatwoot.Decode(body)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return ev
}

// outcomes are the reasons for all samples that are not unsupported_event.
var outcomes = map[string]tania.Reason{
	"message_created__api__incoming_emoji_only":                tania.Proceed,
	"message_created__api__incoming_text":                      tania.Proceed,
	"message_created__api__outgoing_agent_bot_echo":            tania.Outgoing,
	"message_created__api__outgoing_user":                      tania.Outgoing,
	"message_created__email__incoming_html":                    tania.Proceed,
	"message_created__web_widget__incoming_emoji_only":         tania.Proceed,
	"message_created__web_widget__incoming_image_no_text":      tania.Proceed,
	"message_created__web_widget__incoming_open_assigned_user": tania.Proceed,
	"message_created__web_widget__incoming_text":               tania.Proceed,
	"message_created__web_widget__outgoing_agent_bot_echo":     tania.Outgoing,
	"message_created__web_widget__outgoing_input_select":       tania.Outgoing,
	"message_created__web_widget__outgoing_user":               tania.Outgoing,
	"message_created__web_widget__outgoing_user_still_pending": tania.Outgoing,
	"message_created__web_widget__private_note_user":           tania.Private,
	"message_created__web_widget__template_greeting":           tania.Template,
	"message_created__web_widget__template_input_email":        tania.Template,
	"message_created__whatsapp__incoming_button_reply":         tania.Proceed,
	"message_created__whatsapp__incoming_image_caption":        tania.Proceed,
	"message_created__whatsapp__incoming_location":             tania.Proceed,
	"message_created__whatsapp__incoming_open_assigned_user":   tania.Proceed,
	"message_created__whatsapp__incoming_text":                 tania.Proceed,
	"message_created__whatsapp__incoming_unsupported":          tania.Proceed,
	"message_created__whatsapp__incoming_voice_note":           tania.Proceed,
	"message_created__whatsapp__outgoing_agent_bot_echo":       tania.Outgoing,
	"message_updated__web_widget__deleted":                     tania.Deleted,
	"message_updated__web_widget__input_email_submitted":       tania.Template,
	"message_updated__web_widget__input_select_submitted":      tania.Proceed,
	"message_updated__whatsapp__outgoing_delivered":            tania.Outgoing,
	"message_updated__whatsapp__outgoing_failed":               tania.Outgoing,
	"message_updated__whatsapp__outgoing_source_id_set":        tania.Outgoing,
}

func TestGateJudgesEverySampleOfChatwoot(t *testing.T) {
	files, err := filepath.Glob(payloads + "/*.json")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d samples, error %v", len(files), err)
	}
	g := New(Options{Account: 3})
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		want, ok := outcomes[name]
		if !ok {
			want = tania.UnsupportedEvent
		}
		v := g.Gate(payload(t, name), time.Now())
		if v.Reason != want {
			t.Errorf("%s: %s (%s), want %s", name, v.Reason, v.Detail, want)
		}
		if (v.Detail == "") != v.Proceed() {
			t.Errorf("%s: detail %q for %s", name, v.Detail, v.Reason)
		}
	}
}

// incoming is a customer's message that passes the gate, changed by edit.
func incoming(edit func(*chatwoot.Event)) *chatwoot.Event {
	ev := &chatwoot.Event{
		Name: "message_created", Kind: chatwoot.KindMessageCreated,
		Conversation: chatwoot.Conversation{
			Key: tania.ConversationKey{Account: 3, Conversation: 9}, Inbox: 11, Status: tania.StatusPending, CanReply: true,
			Contact: tania.Contact{ID: 501, Name: "Ana", Phone: "+5215512345678", Email: "Ana@Example.com", Identifier: "User-8841"},
		},
		Message: &chatwoot.Message{
			ID: 70, Direction: chatwoot.Incoming, Content: "Hola",
			Sender: chatwoot.Sender{Kind: tania.ActorContact, ID: 501},
		},
	}
	edit(ev)
	return ev
}

func TestGateGivesTheMostTellingReason(t *testing.T) {
	marker := &chatwoot.Marker{Turn: "T1", Part: "note"}
	g := New(Options{
		Account: 3, Inboxes: []tania.InboxID{11, 12}, Blocklist: true, BotUser: 40,
		Blocked: []string{"777", "+52 (55) 9999-0000", "SPAM@example.com"},
	})
	for _, c := range []struct {
		name   string
		edit   func(*chatwoot.Event)
		want   tania.Reason
		detail string
	}{
		{"a customer's text", func(*chatwoot.Event) {}, tania.Proceed, ""},
		{
			"an event without a conversation", func(e *chatwoot.Event) { e.Conversation = chatwoot.Conversation{} }, tania.UnsupportedEvent,
			"without a conversation",
		},
		{"an activity message", func(e *chatwoot.Event) { e.Message.Direction = chatwoot.Activity }, tania.UnsupportedEvent, "activity"},
		{"a message type that does not exist", func(e *chatwoot.Event) { e.Message.Direction = "shout" }, tania.UnsupportedEvent, "shout"},
		{
			"a transcript that came later", func(e *chatwoot.Event) { e.Kind = chatwoot.KindMessageUpdated }, tania.UnsupportedEvent,
			"known already",
		},
		{"Tania's own note is her own before it is private", func(e *chatwoot.Event) {
			e.Message.Direction, e.Message.Private, e.Message.Marker = chatwoot.Outgoing, true, marker
		}, tania.OwnMessage, "turn T1, part note"},
		{"her reply under a user's token, marker lost", func(e *chatwoot.Event) {
			e.Message.Direction, e.Message.Sender = chatwoot.Outgoing, chatwoot.Sender{Kind: tania.ActorUser, ID: 40}
		}, tania.OwnMessage, "own user"},
		{"a contact with the id of the bot's user is a customer", func(e *chatwoot.Event) { e.Message.Sender.ID = 40 }, tania.Proceed, ""},
		{"a marker on an incoming message proves nothing", func(e *chatwoot.Event) { e.Message.Marker = marker }, tania.Proceed, ""},
		{"the choice in her own input_select", func(e *chatwoot.Event) {
			e.Kind, e.Message.Direction, e.Message.Marker, e.Message.Submitted = chatwoot.KindMessageUpdated, chatwoot.Outgoing, marker,
				[]string{"Ventas"}
		}, tania.Proceed, ""},
		{"a human on the phone", func(e *chatwoot.Event) {
			e.Message.Direction, e.Message.Phone, e.Message.Sender = chatwoot.Outgoing, true, chatwoot.Sender{}
		}, tania.Outgoing, "phone"},
		{"an automation rule", func(e *chatwoot.Event) {
			e.Message.Direction, e.Message.Automation, e.Message.Sender = chatwoot.Outgoing, true, chatwoot.Sender{}
		}, tania.Outgoing, "automation"},
		{"another account", func(e *chatwoot.Event) { e.Conversation.Key.Account = 4 }, tania.InboxNotAllowed, "account 4"},
		{"another inbox", func(e *chatwoot.Event) { e.Conversation.Inbox = 13 }, tania.InboxNotAllowed, "inbox 13"},
		{"blocked in Chatwoot, and empty", func(e *chatwoot.Event) {
			e.Conversation.Contact.Blocked, e.Message.Content = true, ""
		}, tania.BlockedContact, "in Chatwoot"},
		{"blocked by id", func(e *chatwoot.Event) { e.Conversation.Contact.ID = 777 }, tania.BlockedContact, "777"},
		{"an identifier is not an id", func(e *chatwoot.Event) { e.Conversation.Contact.Identifier = "777" }, tania.Proceed, ""},
		{
			"blocked by phone, with WhatsApp's mobile digit", func(e *chatwoot.Event) { e.Conversation.Contact.Phone = "+5215599990000" },
			tania.BlockedContact, "9999-0000",
		},
		{
			"blocked by e-mail in other letters", func(e *chatwoot.Event) { e.Conversation.Contact.Email = "spam@Example.COM" },
			tania.BlockedContact, "SPAM@",
		},
		{"blocked by the sender where the conversation names none", func(e *chatwoot.Event) {
			e.Conversation.Contact, e.Message.Sender.Contact = tania.Contact{}, tania.Contact{ID: 777}
		}, tania.BlockedContact, "777"},
		{"deleted before it came", func(e *chatwoot.Event) { e.Message.Deleted = true }, tania.Deleted, "deleted"},
		{"only spaces", func(e *chatwoot.Event) { e.Message.Content = " \n\t" }, tania.Empty, "neither"},
		{"an attachment without text", func(e *chatwoot.Event) {
			e.Message.Content, e.Message.Attachments = "", []tania.Attachment{{Type: "location"}}
		}, tania.Proceed, ""},
		{"what the channel could not show", func(e *chatwoot.Event) { e.Message.Content, e.Message.Unsupported = "", true }, tania.Proceed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := g.Gate(incoming(c.edit), time.Now())
			if v.Reason != c.want || !strings.Contains(v.Detail, c.detail) {
				t.Errorf("%s (%s), want %s (…%s…)", v.Reason, v.Detail, c.want, c.detail)
			}
		})
	}
}

func TestGateSaysWhatItCannotCheckAndLetsTheMessageGoOn(t *testing.T) {
	g := New(Options{Account: 3, Inboxes: []tania.InboxID{11}})
	v := g.Gate(incoming(func(e *chatwoot.Event) { e.Conversation.Inbox = 0 }), time.Now())
	want := Verdict{Reason: tania.Proceed, Unchecked: []string{"inbox_not_allowed: the webhook does not name its inbox"}}
	if diff := cmp.Diff(want, v); diff != "" {
		t.Error(diff)
	}
}

func TestGateWithoutABlocklistAnswersBlockedContacts(t *testing.T) {
	g := New(Options{Blocked: []string{"501"}})
	if v := g.Gate(incoming(func(e *chatwoot.Event) { e.Conversation.Contact.Blocked = true }), time.Now()); !v.Proceed() {
		t.Errorf("%s (%s)", v.Reason, v.Detail)
	}
}

func TestRulesAreInTheDocumentedOrder(t *testing.T) {
	reasons := func(n int, at func(int) tania.Reason) (list []tania.Reason) {
		for i := range n {
			list = append(list, at(i))
		}
		return list
	}
	gate := reasons(len(gateRules), func(i int) tania.Reason { return gateRules[i].reason })
	judge := reasons(len(judgeRules), func(i int) tania.Reason { return judgeRules[i].reason })
	fence := reasons(len(sendRules), func(i int) tania.Reason { return sendRules[i].reason })
	wantGate := []tania.Reason{
		tania.UnsupportedEvent, tania.OwnMessage, tania.Private, tania.Template, tania.Outgoing,
		tania.InboxNotAllowed, tania.BlockedContact, tania.Deleted, tania.Imported, tania.Reaction, tania.AutoReply, tania.Empty,
		tania.Group, tania.OptedOut,
	}
	wantJudge := []tania.Reason{
		tania.Deleted, tania.InboxNotAllowed, tania.BlockedContact, tania.OptedOut, tania.HumanActive, tania.HumanAssigned, tania.OtherBot,
		tania.Snoozed, tania.NotPending,
		tania.Paused, tania.OutsideHours, tania.TooLong, tania.Loop, tania.RateLimited,
	}
	if diff := cmp.Diff(wantGate, gate); diff != "" {
		t.Error("gate:", diff)
	}
	if diff := cmp.Diff(wantJudge, judge); diff != "" {
		t.Error("judge:", diff)
	}
	if diff := cmp.Diff(append(slices.Clone(wantJudge[:9]), tania.CannotReply), fence); diff != "" {
		t.Error("fence:", diff)
	}
	// All reasons but these two belong to a rule: duplicate is the queue's.
	all := append(slices.Concat(gate, judge, fence), tania.Proceed, tania.Duplicate)
	slices.Sort(all)
	if got := len(slices.Compact(all)); got != 27 {
		t.Errorf("%d reasons are given, want all 27 of the closed set", got)
	}
}

func BenchmarkGate(b *testing.B) {
	g := New(Options{Account: 3, Inboxes: []tania.InboxID{11}, Blocklist: true, Blocked: []string{"777", "+525599990000", "spam@example.com"}})
	for _, name := range []string{"message_created__web_widget__incoming_text", "message_created__web_widget__outgoing_agent_bot_echo"} {
		ev, now := payload(b, name), time.Now()
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g.Gate(ev, now)
			}
		})
	}
}
