package intake_test

import (
	"testing"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/governor"
	"tania/internal/intake"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
)

func open(t *testing.T) *sqlitequeue.Engine {
	t.Helper()
	return enginetest.SQLite(t, queue.Options{Debounce: -1, DebounceMax: -1})
}

var (
	noon = time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)
	key  = tania.ConversationKey{Account: 3, Conversation: 1287}
)

// message is a customer's message, so many seconds after noon.
func message(id tania.MessageID, change func(*chatwoot.Event)) *chatwoot.Event {
	at := noon.Add(time.Duration(id) * time.Second)
	e := &chatwoot.Event{
		Name: "message_created", Kind: chatwoot.KindMessageCreated,
		Conversation: chatwoot.Conversation{
			Key: key, Inbox: 11, Status: tania.StatusPending, CanReply: true, Contact: tania.Contact{ID: 501, Name: "Ana"}, Updated: at,
		},
		Message: &chatwoot.Message{ID: id, Direction: chatwoot.Incoming, Content: "hola", Created: at},
	}
	if change != nil {
		change(e)
	}
	return e
}

// TestAnImportGoesThroughTheGate: what a webhook would not be answered for, an import is not either, and its record says why.
func TestAnImportGoesThroughTheGate(t *testing.T) {
	for want, change := range map[tania.Reason]func(*chatwoot.Event){
		tania.Proceed:         nil,
		tania.BlockedContact:  func(e *chatwoot.Event) { e.Conversation.Contact.Blocked = true },
		tania.InboxNotAllowed: func(e *chatwoot.Event) { e.Conversation.Inbox = 12 },
	} {
		engine := open(t)
		door := intake.New(intake.Options{
			Engine: engine, Governor: governor.New(governor.Options{Account: 3, Inboxes: []tania.InboxID{11}, Blocklist: true}),
		})
		got, err := door.Import(t.Context(), message(1, change), noon)
		if err != nil || got != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
		s, err := engine.Stats(t.Context())
		if waits := s.Messages == 1; err != nil || waits != (want == tania.Proceed) {
			t.Errorf("%s: %+v, %v", want, s, err)
		}
		records, err := engine.Records(t.Context(), key)
		if err != nil || want != tania.Proceed && (len(records) != 1 || records[0].Reason != want || records[0].Outcome != tania.OutcomeSilent) {
			t.Errorf("%s: %+v, %v", want, records, err)
		}
		if got, err := door.Import(t.Context(), message(1, change), noon); want == tania.Proceed && (err != nil || got != tania.Duplicate) {
			t.Errorf("again: %s, %v", got, err)
		}
	}
}

// TestAMessageThatIsRefusedTellsOfItsContact, so that one that waits is not answered either; what arrives late does not undo it.
func TestAMessageThatIsRefusedTellsOfItsContact(t *testing.T) {
	engine := open(t)
	rules := governor.New(governor.Options{Blocklist: true})
	door := intake.New(intake.Options{Engine: engine, Governor: rules})
	take := func(e *chatwoot.Event, want tania.Reason) {
		t.Helper()
		if got, err := door.Import(t.Context(), e, noon); err != nil || got != want {
			t.Fatalf("%s, %v, want %s", got, err, want)
		}
	}
	blocked := func(e *chatwoot.Event) { e.Conversation.Contact.Blocked = true }
	empty := func(e *chatwoot.Event) { e.Message.Content = "" }
	take(message(1, nil), tania.Proceed)
	take(message(3, blocked), tania.BlockedContact)
	take(message(2, empty), tania.Empty)
	turn, err := engine.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	memory, err := engine.Conversation(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if v := rules.Judge(governor.Facts{Messages: turn.Messages, Memory: memory, Now: noon}); v.Reason != tania.BlockedContact {
		t.Errorf("%+v for %+v", v, memory.Contact)
	}
	take(message(4, empty), tania.Empty)
	if memory, err = engine.Conversation(t.Context(), key); err != nil || memory.Contact.Blocked {
		t.Errorf("still blocked: %+v, %v", memory.Contact, err)
	}
}
