package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tania/internal/dashboard"
)

func (s *site) known(query url.Values) string {
	s.t.Helper()
	resp, body := s.ask(http.DefaultClient, "GET", "/knowledge?"+query.Encode(), nil, nil)
	if resp.StatusCode != http.StatusOK {
		s.t.Errorf("%v: %s", query, resp.Status)
	}
	return body
}

// TestTheKnowledgePage lists what the bot knows, and shows what it finds for a question and why, and why not another entry.
func TestTheKnowledgePage(t *testing.T) {
	s := newIdleSite(t, nil)
	body := s.known(nil)
	if strings.Count(body, `data-testid="known"`) < 5 || strings.Contains(body, "Likely the answer") {
		t.Errorf("the list:\n%s", body)
	}
	body = s.known(url.Values{"words": {"¿Cuál es el horario?"}})
	first, _, _ := strings.Cut(body[strings.Index(body, `data-testid="known"`):], "</li>")
	for _, want := range []string{"orario", "<dt>Place</dt><dd>1</dd>", "<dt>Words it has</dt><dd>horario</dd>"} {
		if !strings.Contains(first, want) {
			t.Errorf("the first has no %q:\n%s", want, first)
		}
	}
	if !strings.Contains(body, "By words alone") || strings.Contains(body, "asked about") {
		t.Errorf("the search:\n%s", body)
	}
	body = s.known(url.Values{"words": {"¿Cuál es el horario?"}, "why": {"faq:no-such"}})
	if !strings.Contains(body, `data-testid="no-such"`) {
		t.Errorf("an entry that is not there:\n%s", body)
	}
}

// TestWhatIsFoundForAMessage is reached from its decision, without its words in the address; not where customers are hidden.
func TestWhatIsFoundForAMessage(t *testing.T) {
	s := newIdleSite(t, nil)
	s.missed("¿venden boletas para el concierto?")
	link := "/knowledge?of=1%3A1%3A1"
	if _, body := s.ask(http.DefaultClient, "GET", "/conversations/1/1", nil, nil); !strings.Contains(body, `href="`+link+`"`) {
		t.Errorf("the decision:\n%s", body)
	}
	_, body := s.ask(http.DefaultClient, "GET", link, nil, nil)
	if !strings.Contains(body, `value="¿venden boletas para el concierto?"`) || !strings.Contains(body, "<dt>Words it lacks</dt>") {
		t.Errorf("what is found:\n%s", body)
	}
	hidden := newIdleSite(t, func(o *dashboard.Options) { o.Mask = true })
	hidden.missed("¿venden boletas para el concierto?")
	for _, path := range []string{link, "/knowledge?of=x", "/knowledge?of=1:1:99"} {
		if resp, body := hidden.ask(http.DefaultClient, "GET", path, nil, nil); resp.StatusCode != http.StatusNotFound || strings.Contains(body, "boletas") {
			t.Errorf("%s where customers are hidden: %s", path, resp.Status)
		}
	}
}
