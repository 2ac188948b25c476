package masked_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/answer/llm"
	"tania/internal/answer/masked"
	"tania/internal/pii"
	"tania/internal/pii/placeholder"
	"tania/internal/tania"
)

// scripted answers with one response after the other, and keeps what it was given.
type scripted struct {
	given   []llm.Prompt
	answers []llm.Response
}

func (s *scripted) Respond(_ context.Context, p llm.Prompt) (llm.Response, error) {
	s.given = append(s.given, p)
	if len(s.answers) == 0 {
		return llm.Response{}, errors.New("no more answers")
	}
	a := s.answers[0]
	s.answers = s.answers[1:]
	return a, nil
}

var kinds = pii.SetOf(pii.Kinds...)

const (
	mail, card, phone = "ana@example.com", "4111 1111 1111 1111", "+34 612 345 678"
)

// prompt has personal data wherever a prompt may have some.
func prompt() llm.Prompt {
	return llm.Prompt{
		System: "You are Ana. Your last reply had " + phone + ".", Text: "mi correo es " + mail, About: "The customer's telephone: " + phone,
		History: []tania.Entry{
			{From: tania.FromCustomer, Text: "tarjeta " + card},
			{From: tania.FromHuman, Name: mail, Text: "apuntado " + card},
			{From: tania.FromHuman, Text: "pedido 12345678Z"},
		},
		Steps: []llm.Step{{Calls: []llm.Done{{
			Call:   llm.Call{Tool: "find", Arguments: map[string]any{"to": []any{mail}, "card": 4111111111111111.0, "n": 3.0}},
			Result: `{"phone":"` + phone + `","dni":"12345678Z"}`,
		}}}},
		After:   "also " + mail,
		Shorter: func(float64) string { return "short " + phone },
		Tools: []llm.Tool{{Name: "find", Parameters: json.RawMessage(
			`{"type":"object","properties":{"card":{"type":"integer"},"mail":{"type":"string"},"phone":{"type":"string"}}}`)}},
	}
}

func TestAModelSeesPlaceholdersAndTheCustomerTheData(t *testing.T) {
	model := &scripted{answers: []llm.Response{{
		Text: "Le escribo a [email_1].", Known: true, Handoff: &llm.Handoff{Reason: "pays with [CARD_1]"},
		Calls: []llm.Call{{Tool: "find", Arguments: map[string]any{"card": "[CARD_1]", "mail": "x [Email 1]", "list": []any{"[PHONE_1]"}}}},
	}}}
	made, err := masked.New(model, kinds).Respond(t.Context(), prompt())
	if err != nil {
		t.Fatal(err)
	}
	given := model.given[0]
	said, err := json.Marshal([]any{
		given.System, given.Text, given.About, given.History, given.Steps, given.After, given.Reading, given.Shorter(0.5),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{mail, card, phone, "4111111111111111", "12345678Z"} {
		if strings.Contains(string(said), secret) {
			t.Errorf("the model is given %s: %s", secret, said)
		}
	}
	if !strings.Contains(given.System, placeholder.Rule) || !strings.Contains(given.Shorter(0.5), placeholder.Rule) {
		t.Error("the model is not told what placeholders are")
	}
	want := llm.Response{
		Text: "Le escribo a ana@example.com.", Known: true, Personal: true, Handoff: &llm.Handoff{Reason: "pays with " + given0(card)},
		Calls: []llm.Call{{Tool: "find", Arguments: map[string]any{"card": 4111111111111111.0, "mail": "x " + mail, "list": []any{phone}}}},
	}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Error(diff)
	}
	if before := prompt(); before.Steps[0].Calls[0].Arguments["card"] != 4111111111111111.0 {
		t.Error("what was given in was changed")
	}
}

// given0 is a card as it was written last: a number of a tool's argument.
func given0(written string) string { return strings.ReplaceAll(written, " ", "") }

// TestWithoutPersonalDataNothingChanges, the system text neither.
func TestWithoutPersonalDataNothingChanges(t *testing.T) {
	model := &scripted{answers: []llm.Response{{Text: "A las nueve.", Known: true}}}
	made, err := masked.New(model, kinds).Respond(t.Context(), llm.Prompt{System: "S", Text: "¿a qué hora abren?"})
	if err != nil || made.Text != "A las nueve." || made.Personal || model.given[0].System != "S" {
		t.Errorf("%+v, %v; %+v", made, err, model.given[0])
	}
}

// TestAnInventedPlaceholderIsNotSaid: the model is asked once more, and then nothing of it is said, and nothing called.
func TestAnInventedPlaceholderIsNotSaid(t *testing.T) {
	invented := llm.Response{Text: "Llame a [PHONE_9].", Known: true, Usage: tania.Usage{Calls: 1}}
	model := &scripted{answers: []llm.Response{invented, {Text: "Llámenos.", Known: true, Usage: tania.Usage{Calls: 1}}}}
	made, err := masked.New(model, kinds).Respond(t.Context(), prompt())
	if err != nil || made.Text != "Llámenos." || made.Usage.Calls != 2 || !strings.Contains(model.given[1].After, "[PHONE_9]") {
		t.Errorf("%+v, %v", made, err)
	}
	model = &scripted{answers: []llm.Response{invented, invented}}
	made, err = masked.New(model, kinds).Respond(t.Context(), prompt())
	if err != nil || made.Text != "" || made.Known || len(made.Notes) != 1 || made.Usage.Calls != 2 {
		t.Errorf("%+v, %v", made, err)
	}
	call := llm.Response{Calls: []llm.Call{{Tool: "find", Arguments: map[string]any{"mail": "[EMAIL_9]"}}}}
	model = &scripted{answers: []llm.Response{call, call}}
	made, err = masked.New(model, kinds).Respond(t.Context(), prompt())
	if err != nil || made.Calls != nil || made.Handoff == nil {
		t.Errorf("%+v, %v", made, err)
	}
}

// TestAConversationsPlaceholdersStay: those of its table are used, and no other conversation's data is put back.
func TestAConversationsPlaceholdersStay(t *testing.T) {
	known := placeholder.New(kinds, "1:7", nil)
	known.Mask("luis@example.com, eva@example.com")
	table := placeholder.New(kinds, "1:7", known.Known())
	model := &scripted{answers: []llm.Response{{Text: "ok [EMAIL_2]", Known: true}}}
	made, err := masked.New(model, kinds).Respond(placeholder.With(t.Context(), table), llm.Prompt{Text: "soy eva@example.com"})
	if err != nil || model.given[0].Text != "soy [EMAIL_2]" || made.Text != "ok eva@example.com" {
		t.Errorf("%+v, %v; %q", made, err, model.given[0].Text)
	}
}
