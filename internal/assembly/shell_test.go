package assembly_test

import (
	"errors"
	"strings"
	"testing"

	"tania/internal/bot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/conversations"
	"tania/internal/operator"
	"tania/internal/queue"
)

// TestTheShellTeaches, through the routes of a running process: customers get the answer, and no longer when it is taken back.
func TestTheShellTeaches(t *testing.T) {
	x := newTown(t, map[string]string{"bot.yaml": "name: Tienda\nlanguage: es\n"})
	shell, ctx := operator.RemoteBots(x.address, "operators-token-0123"), t.Context()
	parking := operator.Teaching{
		Lesson:  bot.Lesson{Questions: []string{"¿Tienen parqueadero?"}, Keywords: []string{"parqueadero"}, Answer: "En el sótano."},
		Reasons: operator.Reasons{By: "ines@laptop", Why: "asked a lot"},
	}
	v, err := shell.Teach(ctx, parking)
	if err != nil || v.By != "ines@laptop" || v.Why != "asked a lot" {
		t.Fatalf("%+v, %v", v, err)
	}
	for said := ""; said != "En el sótano." && ctx.Err() == nil; { // the version is taken in within two seconds
		_, said = x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 11, Text: "parqueadero"})
	}
	taught, err := shell.Taught(ctx)
	if err != nil || taught.Version != v.Number || len(taught.Bots) != 1 || taught.Bots[0].Lessons[0].ID != "tienen-parqueadero" {
		t.Fatalf("%+v, %v", taught, err)
	}
	for text, wrong := range map[string]bot.Lesson{
		"mark": {Questions: []string{"x"}, Answer: "Llame a [nombre]."}, "language": {Questions: []string{"x"}, Answer: "x", Language: "zz"},
		"line break": {Questions: []string{"x\ny"}, Answer: "x"},
	} {
		if _, err := shell.Teach(ctx, operator.Teaching{Lesson: wrong}); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", text, err)
		}
	}
	endless := bot.Lesson{Questions: []string{"x"}, Answer: strings.Repeat("x", 70_000)}
	if _, err := shell.Teach(ctx, operator.Teaching{Lesson: endless}); err == nil || !strings.Contains(err.Error(), "65536 bytes at most") {
		t.Errorf("a request without an end: %v", err)
	}
	parking.ID, parking.Answer, parking.Of = "tienen-parqueadero", "Enfrente.", v.Number-1
	if _, err := shell.Teach(ctx, parking); err == nil {
		t.Error("a change of what is not current was taken")
	}
	parking.Of = -1
	if _, err := shell.Teach(ctx, parking); err == nil || !strings.Contains(err.Error(), "1 or more") {
		t.Errorf("a number that is no version's: %v", err)
	}
	parking.Of = 0
	if _, err := shell.Teach(ctx, parking); err == nil || !strings.Contains(err.Error(), "replace") {
		t.Errorf("a change of what was not seen: %v", err)
	}
	parking.Of = v.Number
	if v, err = shell.Teach(ctx, parking); err != nil {
		t.Error(err)
	}
	parking.Of, parking.Replace = 0, true
	if v, err = shell.Teach(ctx, parking); err != nil {
		t.Error(err)
	}
	for name, wrong := range map[string]operator.Teaching{
		"another entry": {Lesson: bot.Lesson{ID: "nothing"}}, "another bot": {Bot: "sales", Lesson: bot.Lesson{ID: parking.ID}},
	} {
		if _, err := shell.Unteach(ctx, wrong); !errors.Is(err, queue.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	parking.Of = v.Number
	if v, err = shell.Unteach(ctx, parking); err != nil || v.Why == "" {
		t.Errorf("%+v, %v", v, err)
	}
	if taught, err = shell.Taught(ctx); err != nil || len(taught.Bots) != 0 {
		t.Errorf("%+v, %v", taught, err)
	}
}

// TestTheShellFindsConversations through the routes of a running process.
func TestTheShellFindsConversations(t *testing.T) {
	x := newTown(t, map[string]string{"bot.yaml": "name: Tienda\nlanguage: es\n"})
	shell := operator.RemoteConversations(x.address, "operators-token-0123")
	x.asks(x.shop, chatwootsim.CustomerMessage{Name: "Ana Peña", Text: "Hola"})
	luis, _ := x.asks(x.shop, chatwootsim.CustomerMessage{Name: "Luis", Text: "Hola"})
	for {
		found, err := shell.Find(t.Context(), conversations.Filter{Customer: "luis"})
		if err != nil {
			t.Fatal(err)
		}
		if len(found.Conversations) == 0 { // a record is stored a moment after its answer
			continue
		}
		if one := found.Conversations[0]; len(found.Conversations) > 1 || one.Key.Conversation != luis || one.Contact.Name != "Luis" {
			t.Errorf("%+v", found)
		}
		return
	}
}
