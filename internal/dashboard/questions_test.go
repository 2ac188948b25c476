package dashboard_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/dashboard"
	"tania/internal/tania"
)

// missed stores what customers asked and the bot did not know, each in a conversation of its own, numbered from 1.
func (s *site) missed(texts ...string) {
	s.t.Helper()
	for i, text := range texts {
		id := i + 1
		if err := s.engine.SaveRecords(s.t.Context(), tania.Record{
			Key: tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(id)}, Message: tania.MessageID(id),
			Inbox: tania.InboxID(1 + i%2), Content: text, Language: tania.Spanish, At: time.Date(2026, 11, 28, 12, id, 0, 0, time.UTC),
			Route: tania.RouteModel, Outcome: tania.OutcomeNotKnown, Reply: "No lo sé.", Turn: tania.TurnID(fmt.Sprint("t", id)),
		}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// answered stores what customers asked and the bot answered, in conversations numbered from 101.
func (s *site) answered(texts ...string) {
	s.t.Helper()
	for i, text := range texts {
		id := 101 + i
		if err := s.engine.SaveRecords(s.t.Context(), tania.Record{
			Key: tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(id)}, Message: tania.MessageID(id), Content: text,
			Route: tania.RouteModel, At: time.Date(2026, 11, 28, 13, 0, i, 0, time.UTC), Outcome: tania.OutcomeAnswered,
		}); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *site) groups(query string) (counted int, body string) {
	s.t.Helper()
	_, body = s.ask(http.DefaultClient, "GET", "/questions"+query, nil, nil)
	return strings.Count(body, `data-testid="group"`), body
}

func TestQuestionsAreListedInGroups(t *testing.T) {
	s := newIdleSite(t, nil)
	if n, body := s.groups(""); n != 0 || !strings.Contains(body, `data-testid="none"`) {
		t.Errorf("%d groups before anybody asked", n)
	}
	s.missed("¿Tienen parqueadero?", "¿Abren los domingos?", "abren el domingo", strings.Repeat("muy larga ", 100))
	n, body := s.groups("")
	if n != 3 || !strings.Contains(body, `href="/questions/1/3/3"`) || !strings.Contains(body, "2 times") ||
		strings.Contains(body, strings.Repeat("muy larga ", 40)) {
		t.Errorf("%d groups:\n%s", n, body)
	}
	for query, want := range map[string]int{
		"?words=DOMINGO": 1, "?inbox=2": 2, "?day=2026-11-27": 0, "?day=2026-11-28": 3, "?miss=corrected": 0, "?miss=none-such": 3,
	} {
		if n, _ := s.groups(query); n != want {
			t.Errorf("%s lists %d groups, want %d", query, n, want)
		}
	}
	resp, body := s.ask(http.DefaultClient, "GET", "/questions?miss=none-such&words=DOMINGO", nil, nil)
	if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "no such choice: Missed how.") ||
		strings.Count(body, `data-testid="group"`) != 1 {
		t.Errorf("a filter that is none: %s\n%s", resp.Status, body)
	}
	if _, body := s.groups("?sort=most"); strings.Index(body, "/questions/1/3/3") > strings.Index(body, "/questions/1/4/4") {
		t.Error("what was asked most is not first")
	}
	resp, body = s.ask(http.DefaultClient, "GET", "/questions/1/2/2", nil, nil)
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, `href="/conversations/1/2#m2"`) ||
		!strings.Contains(body, `href="/conversations/1/3#m3"`) || strings.Contains(body, "parqueadero") {
		t.Errorf("a question of the group: %s\n%s", resp.Status, body)
	}
	for _, path := range []string{"/questions/1/2/99", "/questions/1/x/2", "/questions/1/2/x"} {
		if resp, _ := s.ask(http.DefaultClient, "GET", path, nil, nil); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, resp.Status)
		}
	}
}

func TestQuestionsAreHidden(t *testing.T) {
	s := newIdleSite(t, func(o *dashboard.Options) { o.Mask = true })
	s.missed("¿Abren los domingos?", "abren el domingo")
	for _, path := range []string{"/questions", "/questions/1/1/1", "/questions?words=domingo", "/admin/questions"} {
		_, body := s.ask(http.DefaultClient, "GET", path, nil, nil)
		if strings.Contains(strings.ReplaceAll(body, `value="domingo"`, ""), "omingo") || strings.Contains(body, "No lo") {
			t.Errorf("%s shows what a customer wrote", path)
		}
	}
	if n, _ := s.groups(""); n != 1 {
		t.Errorf("%d groups, want 1: likeness tells nothing of the texts", n)
	}
}

// TestWhatWasMissedComesFromConversations: the worker and the intake leave what the page shows.
func TestWhatWasMissedComesFromConversations(t *testing.T) {
	s := newSite(t, nil)
	listed := func(miss tania.Miss) int {
		t.Helper()
		n, _ := s.groups("?" + url.Values{"miss": {string(miss)}}.Encode())
		return n
	}
	s.write(chatwootsim.CustomerMessage{Text: "zzyzx qwfp wvut"})
	doubting := s.write(chatwootsim.CustomerMessage{Text: "¿cuál es el horario?"})
	corrected := s.write(chatwootsim.CustomerMessage{Text: "¿Cuál es el horario?"})
	s.ended()
	if n := listed(tania.MissNotKnown); n != 1 {
		t.Errorf("%d not known", n)
	}
	if n := listed(tania.MissDoubted) + listed(tania.MissCorrected); n != 0 {
		t.Errorf("%d doubted or corrected before anybody said so", n)
	}
	s.write(chatwootsim.CustomerMessage{Conversation: doubting, Text: "quiero hablar con una persona"})
	if _, err := s.sim.AgentReplies(corrected, 7, "Perdón: hoy cerramos a las 5.", chatwootsim.ViaAPI); err != nil {
		t.Fatal(err)
	}
	s.ended()
	for miss, want := range map[tania.Miss]int{tania.MissDoubted: 1, tania.MissCorrected: 1, tania.MissWantedHuman: 1, tania.MissNotKnown: 1} {
		if n := listed(miss); n != want {
			t.Errorf("%s: %d, want %d", miss, n, want)
		}
	}
	_, body := s.groups("?miss=wanted_human")
	if !strings.Contains(body, "una persona") {
		t.Error("what was wanted is not shown")
	}
}
