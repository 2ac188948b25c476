package dashboard_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"tania/internal/bot"
	"tania/internal/bots/versions"
)

// lessons are the answers that the main bot was taught, by their ids.
func (s *site) lessons() map[string]string {
	s.t.Helper()
	_, all, err := versions.Lessons(s.t.Context(), s.engine)
	if err != nil {
		s.t.Fatal(err)
	}
	found := map[string]string{}
	for _, b := range all {
		for _, l := range b.Lessons {
			if b.Bot == bot.Main {
				found[l.ID] = l.Answer
			}
		}
	}
	return found
}

const parking = "/teach/main/hay-parqueadero"

func parkingForm(do, of, answer string) url.Values {
	return url.Values{"do": {do}, "of": {of}, "questions": {"¿Hay parqueadero?"}, "answer": {answer}, "language": {"es"}}
}

// TestWhatWasTaughtIsListedChangedAndTakenBack from its page: nothing is overwritten that somebody changed since it was looked at.
func TestWhatWasTaughtIsListedChangedAndTakenBack(t *testing.T) {
	s := newIdleSite(t, nil)
	if _, body := s.ask(http.DefaultClient, "GET", "/teach", nil, nil); !strings.Contains(body, `data-testid="none"`) {
		t.Errorf("before anything was taught:\n%s", body)
	}
	if resp, _ := s.teach("/teach/new", parkingForm("publish", "1", "Sí.")); resp.Header.Get("Location") != "/teach?done=taught&n=2" {
		t.Fatalf("a new one: %s to %q", resp.Status, resp.Header.Get("Location"))
	}
	if _, body := s.ask(http.DefaultClient, "GET", "/teach", nil, nil); !strings.Contains(body, `href="`+parking+`"`) {
		t.Errorf("the list:\n%s", body)
	}
	_, body := s.ask(http.DefaultClient, "GET", parking, nil, nil)
	if !strings.Contains(body, "¿Hay parqueadero?</textarea>") || !strings.Contains(body, "Sí.</textarea>") ||
		!strings.Contains(body, `name="of" value="2"`) {
		t.Errorf("the form:\n%s", body)
	}
	if resp, body := s.teach(parking, parkingForm("try", "2", "Sí, gratis.")); resp.StatusCode != http.StatusOK || !strings.Contains(body, "teach-publish") {
		t.Errorf("a try: %s\n%s", resp.Status, body)
	}
	if resp, _ := s.teach(parking, parkingForm("publish", "2", "Sí, gratis.")); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("a change: %s", resp.Status)
	}
	if got := s.lessons(); len(got) != 1 || got["hay-parqueadero"] != "Sí, gratis." {
		t.Errorf("taught is %v", got)
	}
	for _, do := range []string{"try", "publish", "remove"} {
		resp, body := s.teach(parking, parkingForm(do, "2", "No."))
		if resp.StatusCode != http.StatusConflict || !strings.Contains(body, "teach-other") || s.lessons()["hay-parqueadero"] != "Sí, gratis." {
			t.Errorf("%s by somebody who saw version 2: %s\n%s", do, resp.Status, body)
		}
	}
	if resp, _ := s.teach(parking, parkingForm("remove", "3", "")); resp.Header.Get("Location") != "/teach?done=untaught&n=4" {
		t.Errorf("taking it back: %s to %q", resp.Status, resp.Header.Get("Location"))
	}
	if got := s.lessons(); len(got) != 0 {
		t.Errorf("still taught: %v", got)
	}
	for _, do := range []string{"try", "publish", "remove"} {
		if resp, _ := s.teach(parking, parkingForm(do, "4", "No.")); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s of what is gone: %s", do, resp.Status)
		}
	}
}

// TestWhatABotThatIsGoneWasTaughtIsTakenBack from its page, which offers nothing else: to teach it would teach another bot.
func TestWhatABotThatIsGoneWasTaughtIsTakenBack(t *testing.T) {
	for name, bots := range map[string]string{"gone": "", "without a file of its own": "{name: a-team, when: {inboxes: [2]}}"} {
		t.Run(name, func(t *testing.T) { takenBackWithoutItsBot(t, bots) })
	}
}

func takenBackWithoutItsBot(t *testing.T, bots string) {
	s := newIdleSite(t, nil)
	file := map[string]string{
		"bot.yaml": "name: Ana\nbots: [{name: a-team, when: {inboxes: [2]}, file: a.yaml}]\n", "a.yaml": "name: Luz\n",
	}
	s.publishFiles(file)
	for _, to := range []string{"a-team", bot.Main} { // both have an entry of this id
		draft, err := versions.DraftOf(t.Context(), s.engine, to, bot.Lesson{Questions: []string{"boletas"}, Answer: "Sí."})
		if err == nil {
			_, err = draft.Publish(t.Context(), s.engine, "ines", "")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	file["bot.yaml"] = "name: Ana\nbots: [" + bots + "]\n"
	s.publishFiles(file)
	const page = "/teach/a-team/boletas"
	_, body := s.ask(http.DefaultClient, "GET", page, nil, nil)
	if !strings.Contains(body, "teach-gone") || !strings.Contains(body, "teach-remove") || strings.Contains(body, "teach-try") {
		t.Errorf("the page:\n%s", body)
	}
	for _, do := range []string{"try", "publish"} {
		if resp, _ := s.teach(page, parkingForm(do, "5", "No.")); resp.StatusCode != http.StatusConflict || s.lessons()["boletas"] != "Sí." {
			t.Errorf("%s: %s, and the main bot was taught %v", do, resp.Status, s.lessons())
		}
	}
	if resp, body := s.teach(page, parkingForm("remove", "1", "")); resp.StatusCode != http.StatusConflict || !strings.Contains(body, "teach-gone") {
		t.Errorf("by somebody who saw an earlier version: %s", resp.Status)
	}
	current, err := s.engine.BotVersion(t.Context(), versions.Name, 0)
	if err != nil {
		t.Fatal(err)
	}
	resp, _ := s.teach(page, parkingForm("remove", strconv.Itoa(current.Number), ""))
	_, all, err := versions.Lessons(t.Context(), s.engine)
	if resp.StatusCode != http.StatusSeeOther || err != nil || len(all) != 1 || all[0].Bot != bot.Main {
		t.Errorf("taking it back: %s, %+v, %v", resp.Status, all, err)
	}
}
