package acts

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/reply"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/once"
	"tania/internal/tool/policy"
)

var now = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

func turn(said string) *queue.Turn {
	return &queue.Turn{ID: "0002", Claimed: now.Add(-time.Second), Messages: []tania.Message{
		{ID: 10, Content: "hola", Contact: tania.Contact{ID: 6}},
		{
			ID: 11, Content: said, Contact: tania.Contact{ID: 7}, Channel: tania.ChannelWebWidget, Verified: true,
			Attributes: []tania.Attribute{{Name: "contact.plan", Value: "gold"}, {Name: "conversation.order", Value: "9"}},
		},
	}}
}

// TestWhatPolicyGoesBy: the newest message's contact with their own attributes, and what earlier turns called.
func TestWhatPolicyGoesBy(t *testing.T) {
	memory := &tania.Conversation{Acts: []tania.Act{
		{Turn: "0001", Tool: "look", Arguments: json.RawMessage(`{"id":"7"}`), Result: json.RawMessage(`{"status":"sent"}`), OK: true, At: now},
		{Turn: "0001", Tool: "break"},
		{Turn: "0002", Tool: "cancel"}, // the turn's own calls are the journal's to tell
	}}
	want := policy.Facts{
		Contact: policy.Contact{Contact: tania.Contact{ID: 7}, Custom: map[string]any{"plan": "gold"}, Verified: true},
		Turn:    now.Add(-time.Second), Now: now,
		Made: []tool.Made{
			{Tool: "look", Arguments: map[string]any{"id": "7"}, Result: map[string]any{"status": "sent"}, OK: true, At: now},
			{Tool: "break"},
		},
	}
	if got := Facts(turn("¿y mi pedido?"), memory, now); !reflect.DeepEqual(got, want) {
		t.Errorf("facts %+v, want %+v", got, want)
	}
}

// TestWhatTheCustomerAgreesTo is what they were asked about before the turn, by a yes to the bot's last words.
func TestWhatTheCustomerAgreesTo(t *testing.T) {
	before, own := tania.Ask{Digest: "d", Turn: "0001", At: now}, tania.Ask{Digest: "e", Turn: "0002", At: now}
	for name, c := range map[string]struct {
		said string
		asks []tania.Ask
		want []policy.Consent
	}{
		"a yes":                       {"sí, por favor", []tania.Ask{before}, []policy.Consent{{Digest: "d", At: now}}},
		"a yes in the bot's words":    {"sí, cancelo el pedido 7", []tania.Ask{before}, []policy.Consent{{Digest: "d", At: now}}},
		"a yes to nothing":            {"sí, por favor", nil, nil},
		"a no":                        {"no, gracias", []tania.Ask{before}, nil},
		"neither":                     {"¿cuánto cuesta?", []tania.Ask{before}, nil},
		"a yes from before they were": {"sí, por favor", []tania.Ask{own}, nil},
	} {
		memory := &tania.Conversation{Asks: c.asks, History: []tania.Entry{
			{From: tania.FromBot, Text: "¿Cancelo el pedido 7?"}, {From: tania.FromCustomer, Text: "hmm"},
		}}
		q := turn(c.said)
		q.Messages = q.Messages[1:]
		if got := Facts(q, memory, now).Agreed; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: agreed to %+v, want %+v", name, got, c.want)
		}
	}
}

// TestWhatAPersonHasToLookAt: calls of which nobody knows whether they were made, and those that a person makes.
func TestWhatAPersonHasToLookAt(t *testing.T) {
	other := errors.New("broken")
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"doubtful": {&once.DoubtfulError{Tool: "refund", Cause: "timeout"}, "refund"},
		"by hand":  {&once.ByHandError{Tool: "cancel"}, "cancel"},
		"other":    {other, ""},
		"none":     {nil, ""},
	} {
		err := c.err
		if err != nil {
			err = fmt.Errorf("answer: %w", err)
		}
		why, person := NeedsPerson(err)
		if person != (c.want != "") || !strings.Contains(why, c.want) {
			t.Errorf("%s: %q, %t", name, why, person)
		}
		asked, ok := errors.AsType[*reply.PersonError](forPerson(err))
		if ok != person || ok && asked.Why != why || !ok && !errors.Is(forPerson(err), c.err) {
			t.Errorf("%s: the decision is told %v", name, forPerson(err))
		}
	}
}
