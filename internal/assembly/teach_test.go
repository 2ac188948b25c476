package assembly_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// browser is one in which somebody is signed in.
type browser struct {
	town   *town
	client *http.Client
}

func (x *town) browser() browser {
	x.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		x.t.Fatal(err)
	}
	b := browser{x, &http.Client{Jar: jar}}
	b.ask("/sign-in", url.Values{"token": {"operators-token-0123"}})
	return b
}

// ask gets a page, or posts a form; it gives the page at the end.
func (b browser) ask(path string, form url.Values) string {
	b.town.t.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	q, err := http.NewRequestWithContext(b.town.t.Context(), method, b.town.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.town.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Accept", "text/html")
	answer, err := b.client.Do(q)
	if err != nil {
		b.town.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.town.t.Fatal(err)
	}
	return string(body)
}

var questionLink = regexp.MustCompile(`/questions/1/\d+/\d+`)

// TestTheBotOfTheInboxIsTaught: what an assigned bot missed is tried by it and taught to it from the dashboard; its customers get the
// answer, and those of the main bot do not.
func TestTheBotOfTheInboxIsTaught(t *testing.T) {
	x := newTown(t, map[string]string{
		"bot.yaml": `
name: Tienda
language: es
faq: [{questions: ["¿Cuánto cuesta el envío?"], answer: Cuesta 90 pesos.}]
bots:
  - {name: support, when: {inboxes: [12]}, file: support.yaml}
  - {name: late, when: {inboxes: [13]}}
`,
		"support.yaml": "name: Luz\nlanguage: es\nlanguages: [es]\n",
	})
	ask := func(text string, inbox int) string {
		_, said := x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: tania.InboxID(inbox), Text: text})
		return said
	}
	const missed, taught = "¿Cuánto demora reparar una pantalla?", "Tres días hábiles."
	x.wantSaid(ask("¿Cuánto cuesta el envío?", 11), "90 pesos", "the shop, of which nothing is tried")
	ask(missed, 12)
	b, path := x.browser(), ""
	for path == "" && t.Context().Err() == nil { // a record is stored a moment after its answer
		path = questionLink.FindString(b.ask("/questions", nil))
	}
	page := b.ask(path, nil)
	if !strings.Contains(page, `value="support" selected`) || strings.Contains(page, `value="late"`) ||
		strings.Contains(page, "teach-publish") {
		t.Errorf("the form is not for support:\n%s", page)
	}
	form := url.Values{"do": {"try"}, "bot": {"support"}, "of": {"0"}, "questions": {missed}, "answer": {taught}, "recent": {"1"}}
	page = b.ask(path, form)
	if !strings.Contains(page, taught+"</blockquote>") || !strings.Contains(page, `name="of" value="1"`) ||
		!strings.Contains(page, "1 of the latest 1 questions") {
		t.Errorf("the try:\n%s", page)
	}
	if said := ask(missed, 12); strings.Contains(said, taught) {
		t.Errorf("a try taught %q", said)
	}
	form.Set("do", "publish")
	form.Set("of", "1")
	if page = b.ask(path, form); !strings.Contains(page, "Version 2 answers now") {
		t.Errorf("publishing:\n%s", page)
	}
	said := ""
	for !strings.Contains(said, taught) && t.Context().Err() == nil { // the version is taken in within two seconds
		said = ask(missed, 12)
	}
	for _, inbox := range []int{11, 13} {
		if said := ask(missed, inbox); strings.Contains(said, taught) {
			t.Errorf("in inbox %d the main bot says what support was taught: %q", inbox, said)
		}
	}
}
