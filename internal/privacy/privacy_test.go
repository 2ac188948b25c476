package privacy_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/privacy"
	"tania/internal/queue"
	"tania/internal/tania"
)

// secrets are what no masked value may hold.
var secrets = []string{
	"Ana Torres", "ana@example.com", "+5215512345678", "wa-77", "my card is lost", "call me", "we will call", "Luis",
	"lost my card", "https://files.example.com/x",
}

var contact = tania.Contact{ID: 501, Name: "Ana Torres", Email: "ana@example.com", Phone: "+5215512345678", Identifier: "wa-77"}

func values() map[string]func(privacy.Mask) any {
	record := tania.Record{
		Message: 7, Content: "my card is lost", Reply: "we will call", RouteWhy: "lost: lost my card",
		Detail: `contact +5215512345678 is blocked ("Ana Torres")`,
		Error:  `post: 400 Bad Request: {"error":"my card is lost"} for ana@example.com`, Unchecked: []string{`history: "call me"`},
		Read:    []tania.Attachment{{Type: "audio", Transcript: "call me", Own: true}, {Type: "image", Text: "my card is lost", Own: true}},
		Outcome: tania.OutcomeAnswered, Reason: tania.Proceed,
		Review: tania.Review{
			Rated:  &tania.Rating{Verdict: tania.RatedBad, Reason: "lost my card", Name: "Luis"},
			Wanted: &tania.Rating{Verdict: tania.RatedFAQ, Reason: "lost my card", Name: "Luis"},
		},
	}
	dead := queue.DeadTurn{
		ID: "t1", Error: `model said "call me"`, History: []queue.Failure{{Attempt: 1, Error: "ana@example.com refused"}},
		Messages: []tania.Message{{
			ID: 7, Content: "my card is lost", Contact: contact, Attributes: []tania.Attribute{{Name: "name", Value: "Ana Torres"}},
			Attachments: []tania.Attachment{{Type: "audio", URL: "https://files.example.com/x", Transcript: "call me"}},
		}},
		Checkpoint: []byte(`{"parts":["we will call"]}`),
		Parked:     &queue.Parked{Why: []byte("my card is lost"), By: "eva", Decided: time.Unix(1, 0), Decision: []byte("call me")},
		Calls:      []queue.Call{{Number: 1, Intent: []byte("lost my card"), Settled: true, Result: []byte("ana@example.com")}},
	}
	conversation := tania.Conversation{
		Contact: contact, Takeover: &tania.Takeover{Name: "Luis", Last: time.Unix(1, 0)},
		History:    []tania.Entry{{ID: 7, From: tania.FromCustomer, Name: "Ana Torres", Text: "my card is lost"}},
		AskedBack:  []tania.AskedBack{{Question: "my card is lost", Choices: []tania.Choice{{Source: "faq:cards"}}}},
		Left:       []tania.Recollection{{Kind: tania.RecalledFact, Text: "my card is lost"}},
		HandedOver: &tania.HandedOver{Summary: "Ana Torres: my card is lost"},
	}
	return map[string]func(privacy.Mask) any{
		"a record": func(m privacy.Mask) any { return m.Record(record) },
		"a dead letter": func(m privacy.Mask) any {
			d := m.Dead(dead)
			// JSON has bytes in base64, where nobody would find a secret.
			return []any{
				d, string(d.Checkpoint), string(d.Calls[0].Intent), string(d.Calls[0].Result), string(d.Parked.Why),
				string(d.Parked.Decision),
			}
		},
		"a conversation": func(m privacy.Mask) any { return m.Conversation(conversation) },
	}
}

func TestMaskHidesCustomersAndWhatTheySay(t *testing.T) {
	for name, value := range values() {
		t.Run(name, func(t *testing.T) {
			body := encoded(t, value(true))
			for _, s := range secrets {
				if strings.Contains(body, s) {
					t.Errorf("%q is in %s", s, body)
				}
			}
			if !strings.Contains(body, "•") {
				t.Error("nothing is hidden")
			}
		})
	}
}

func TestNoMaskChangesNothing(t *testing.T) {
	for name, value := range values() {
		t.Run(name, func(t *testing.T) {
			before := encoded(t, value(false))
			value(true)
			if diff := cmp.Diff(before, encoded(t, value(false))); diff != "" {
				t.Errorf("masking changed what it was given:\n%s", diff)
			}
			if strings.Contains(before, "•") {
				t.Errorf("hidden without a mask: %s", before)
			}
		})
	}
}

func TestTechnicalKeepsWhatOperationNeeds(t *testing.T) {
	for in, want := range map[string]string{
		"":                               "",
		"chatwoot: 503 after 3 attempts": "chatwoot: 503 after 3 attempts",
		`llm: 400 Bad Request: {"error":{"message":"x"}}`:   "llm: 400 Bad Request: {••••",
		"contact ana.t+1@mail.example.com is blocked":       "contact •••• is blocked",
		"phone +52 1 (55) 1234-5678 is blocked":             "phone •••• is blocked",
		`unexpected "quiero un pastel" in «el texto» of 12`: "unexpected •••• in •••• of 12",
	} {
		if got := privacy.Mask(true).Technical(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
