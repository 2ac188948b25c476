package dashboard_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tania/internal/bot"
	"tania/internal/bots/versions"
	"tania/internal/dashboard"
	"tania/internal/tania"
)

// teach posts the form of a question's page.
func (s *site) teach(path string, form url.Values) (*http.Response, string) {
	s.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return s.ask(client, "POST", path, form, nil)
}

func lesson(do, of string) url.Values {
	return url.Values{
		"do": {do}, "of": {of}, "questions": {"¿Venden boletas para el concierto?\r\nvenden boletas del concierto"},
		"answer": {"Sí, en la taquilla."}, "language": {"es"}, "why": {" asked a lot "},
	}
}

const asked = "/questions/1/1/1"

// TestAnAnswerIsTriedAndPublished from the page of a question: the draft answers beside the bot that answers now, on the form's questions
// and on the latest of customers; when it is published it is the version's.
func TestAnAnswerIsTriedAndPublished(t *testing.T) {
	s := newIdleSite(t, nil)
	s.missed("¿venden boletas para el concierto?", "hola, venden boletas del concierto??")
	_, body := s.ask(http.DefaultClient, "GET", asked, nil, nil)
	if !strings.Contains(body, "hola, venden boletas del concierto??\n¿venden boletas para el concierto?</textarea>") ||
		strings.Contains(body, "teach-publish") {
		t.Errorf("the form has not the questions, or publishes what was not tried:\n%s", body)
	}
	form := lesson("try", "0")
	form.Set("recent", "1")
	s.answered("¿Hay boletas para el concierto del domingo?", "¿Cuál es el horario?")
	resp, body := s.teach(asked, form)
	if !strings.Contains(body, "3 of the latest 4 questions") {
		t.Errorf("what would change: %s", body)
	}
	if resp.StatusCode != http.StatusOK || strings.Count(body, `data-testid="compared"`) < 2 || !strings.Contains(body, "Sí, en la taquilla.</blockquote>") ||
		!strings.Contains(body, `name="of" value="1"`) || !strings.Contains(body, "teach-publish") {
		t.Errorf("the try: %s\n%s", resp.Status, body)
	}
	if v, err := s.engine.BotVersion(t.Context(), versions.Name, 0); err != nil || v.Number != 1 {
		t.Errorf("trying published version %d, %v", v.Number, err)
	}
	resp, _ = s.teach(asked, lesson("publish", "1"))
	if resp.Header.Get("Location") != "/questions?done=taught&n=2" {
		t.Fatalf("publishing: %s to %q", resp.Status, resp.Header.Get("Location"))
	}
	v, err := s.engine.BotVersion(t.Context(), versions.Name, 0)
	if err != nil || v.Number != 2 || v.By == "" || v.Why != "asked a lot" {
		t.Errorf("version %d by %q, why %q, %v", v.Number, v.By, v.Why, err)
	}
	taught, err := versions.Bot(v.Content)
	if err != nil {
		t.Fatal(err)
	}
	if last := taught.FAQ[len(taught.FAQ)-1]; last.Answer["es"] != "Sí, en la taquilla." || len(last.Questions) != 2 {
		t.Errorf("%+v", last)
	}
}

// TestTheSecondEditorIsTold: what they wrote is not published over the version that came first, and not lost.
func TestTheSecondEditorIsTold(t *testing.T) {
	s := newIdleSite(t, nil)
	s.missed("¿venden boletas para el concierto?")
	if resp, _ := s.teach(asked, lesson("publish", "1")); resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("the first: %s", resp.Status)
	}
	second := lesson("publish", "1")
	second.Set("answer", "No, nunca.")
	resp, body := s.teach(asked, second)
	if resp.StatusCode != http.StatusConflict || !strings.Contains(body, "teach-other") || !strings.Contains(body, "asked a lot") ||
		!strings.Contains(body, "No, nunca.</textarea>") || !strings.Contains(body, `name="of" value="2"`) {
		t.Errorf("the second: %s\n%s", resp.Status, body)
	}
	if v, err := s.engine.BotVersion(t.Context(), versions.Name, 0); err != nil || v.Number != 2 {
		t.Errorf("version %d, %v", v.Number, err)
	}
	second.Set("of", "2")
	if resp, _ := s.teach(asked, second); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("the second again: %s", resp.Status)
	}
	v, err := s.engine.BotVersion(t.Context(), versions.Name, 0)
	if err != nil {
		t.Fatal(err)
	}
	if files, err := versions.Unpack(v.Content); err != nil || !strings.Contains(files[bot.TaughtFile(bot.Main)], "No, nunca.") ||
		!strings.Contains(files[bot.TaughtFile(bot.Main)], "Sí, en la taquilla.") {
		t.Errorf("%v: %s", err, files[bot.TaughtFile(bot.Main)])
	}
}

func TestALessonIsRefusedWithTheReason(t *testing.T) {
	s := newIdleSite(t, nil)
	s.missed("¿venden boletas para el concierto?")
	empty := lesson("try", "0")
	empty.Set("answer", " ")
	if resp, body := s.teach(asked, empty); resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "teach-problem") {
		t.Errorf("no answer: %s\n%s", resp.Status, body)
	}
	if resp, _ := s.teach("/questions/1/1/99", lesson("publish", "1")); resp.StatusCode != http.StatusNotFound {
		t.Errorf("no question: %s", resp.Status)
	}
	hidden := newIdleSite(t, func(o *dashboard.Options) { o.Mask = true })
	hidden.missed("¿venden boletas para el concierto?")
	_, body := hidden.ask(http.DefaultClient, "GET", asked, nil, nil)
	if strings.Contains(body, "boletas") || !strings.Contains(body, "teach-answer") {
		t.Error("a hidden question is in the form, or there is none")
	}
}

// TestTheFormNamesTheBot that is taught where there are several: the one that answers where the question was asked, or the one that is
// chosen. A bot that the current version does not have is not taught.
func TestTheFormNamesTheBot(t *testing.T) {
	var where tania.InboxID
	main := &bot.Bot{Name: "Ana", Languages: []tania.Language{"es", "en"}}
	main.Assignments = []bot.Assignment{
		{Name: "support", Bot: &bot.Bot{Name: "Luz", Languages: []tania.Language{"es"}}}, {Name: "late", Bot: main},
	}
	s := newIdleSite(t, func(o *dashboard.Options) {
		o.Bot.Loaded = func() *bot.Bot { return main }
		o.Bot.At = func(_ context.Context, in tania.ConversationKey, inbox tania.InboxID) (string, error) {
			where = inbox
			return map[tania.ConversationID]string{1: "support", 2: "late"}[in.Conversation], nil
		}
	})
	s.missed("¿venden boletas para el concierto?", "hola, venden boletas del concierto??")
	for path, chosen := range map[string]string{"/questions/1/1/1": "support", "/questions/1/2/2": bot.Main} {
		_, body := s.ask(http.DefaultClient, "GET", path, nil, nil)
		if !strings.Contains(body, `value="`+chosen+`" selected`) || strings.Contains(body, `value="late"`) ||
			strings.Contains(body, `<option value="en"`) != (chosen == bot.Main) || where == 0 {
			t.Errorf("%s is not taught to %s:\n%s", path, chosen, body)
		}
	}
	form := lesson("publish", "1")
	form.Set("bot", bot.Main)
	if resp, body := s.teach(asked, form); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("the one that was chosen: %s\n%s", resp.Status, body)
	}
	form.Set("bot", "nobody")
	if resp, body := s.teach(asked, form); resp.StatusCode != http.StatusConflict || !strings.Contains(body, `value="support" selected`) {
		t.Errorf("the one of the inbox, whom no version knows: %s\n%s", resp.Status, body)
	}
}
