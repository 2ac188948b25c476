package dashboard_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"tania/internal/bot"
	"tania/internal/bots/versions"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/dashboard"
	"tania/internal/tania"
	"tania/internal/testsize"
)

// TestOperatorInTheBrowser does what an operator does, in a real browser.
func TestOperatorInTheBrowser(t *testing.T) {
	s := newSite(t, func(o *dashboard.Options) { o.AdminToken, o.Cache = adminToken, newFakeCache() })
	b := newBrowser(t, "en")
	b.listen()

	// Sign in: a wrong token, then the right one, and to where one wanted to go.
	b.open(s.URL + "/bot")
	b.write("token", "not the token at all")
	b.click("sign-in")
	b.wait("the refusal", seen("problem"))
	b.write("token", adminToken)
	b.write("name", "Ana")
	b.click("sign-in")
	b.wait("the bot's page", `location.pathname === "/bot" && `+seen("try"))

	// Try: what the bot would say, with nothing sent.
	b.write("try-text", "¿a qué hora abren?")
	b.click("try")
	b.wait("the answer", seen("trial-answer"))
	for name, want := range map[string]string{
		"trial-route": "faq", "trial-sources": "faq:", "trial-cost": "none", "trial-ms": "ms",
		"trial-governor": "may answer", "trial-history": "first time",
	} {
		if got := evaluate[string](b, seen(name)+".textContent"); !strings.Contains(got, want) {
			t.Errorf("%s says %q, want %q in it", name, got, want)
		}
	}
	if n := len(s.sim.BotMessages(1)); n != 0 {
		t.Errorf("the trial sent %d messages", n)
	}
	b.quiet("bot")

	// Pause, with a question before; who did it is shown, and what comes meanwhile is counted live.
	b.open(s.URL + "/")
	b.click("pause")
	b.click("pause-yes")
	b.wait("the pause", seen("paused"))
	if got := evaluate[string](b, seen("paused")+".textContent"); !strings.Contains(got, "Ana (127.0.0.1)") {
		t.Errorf("who paused is not shown: %q", got)
	}
	evaluate[bool](b, `(window.samePage = true)`)
	var waiting []tania.ConversationID
	for range 3 {
		waiting = append(waiting, s.write(chatwootsim.CustomerMessage{Text: "hola"}))
	}
	b.wait("the waiting turns, live", seen("waiting")+`.textContent === "3" && window.samePage`)
	// The keyboard resumes.
	b.run(chromedp.Focus(id("resume")), chromedp.KeyEvent("\r"), chromedp.WaitVisible(id("resume-yes")), chromedp.Focus(id("resume-yes")),
		chromedp.KeyEvent("\r"))
	b.wait("the end of the pause", seen("running"))
	s.ended()
	b.wait("charts", `document.querySelectorAll(".chart canvas").length === 4`)
	b.quiet("now")

	// Search a conversation, and read why.
	b.open(s.URL + "/conversations")
	b.write("q", fmt.Sprint(waiting[0]))
	b.click("find")
	b.wait("the decision", `document.querySelector('[data-testid="decision"][data-outcome="answered"]')`)
	if got := evaluate[string](b, `document.querySelector(".timeline").textContent`); !strings.Contains(got, "hola") ||
		!strings.Contains(got, "The customer greeted") || !strings.Contains(got, " ms") {
		t.Errorf("the timeline says %q", got)
	}
	b.quiet("conversation")

	// A dead letter is tried again.
	dead := s.die("¿cuánto cuesta el pastel de tres leches?")
	// The failed turn gave the conversation to humans; they give it back.
	if err := s.sim.SetStatus(dead[0], 7, tania.StatusPending, time.Time{}); err != nil {
		t.Fatal(err)
	}
	s.ended()
	b.open(s.URL + "/dead")
	b.click("choose")
	b.click("retry")
	b.wait("the retry", seen("done")+" && "+seen("no-dead"))
	s.ended()
	if n := len(s.sim.BotMessages(dead[0])); n == 0 {
		t.Error("the retried turn said nothing")
	}
	b.quiet("dead")

	// The cache.
	b.open(s.URL + "/cache")
	b.write("explain", "¿a qué hora abren?")
	b.click("explain-go")
	b.wait("the explanation", seen("explained"))
	b.click("invalidate")
	b.wait("one entry less", `document.querySelectorAll('[data-testid="invalidate"]').length === 1`)
	b.quiet("cache")

	b.click("sign-out")
	b.wait("the sign-in form", `location.pathname === "/sign-in"`)
	b.open(s.URL + "/dead")
	b.wait("the sign-in form again", `location.pathname === "/sign-in"`)
}

// TestUpdatesLeaveAnOpenQuestionOpen opens a question before the first update, which brings the state that is shown already.
func TestUpdatesLeaveAnOpenQuestionOpen(t *testing.T) {
	s := newSite(t, nil)
	b := newBrowser(t, "en")
	b.beforehand(`addEventListener('DOMContentLoaded', () => {
		document.querySelector('#state details').open = true
		document.querySelector('#tiles').innerHTML = ''
	})`)
	b.open(s.URL + "/")
	b.wait("an update", seen("waiting"))
	if !evaluate[bool](b, `document.querySelector('#state details').open`) {
		t.Error("the update closed the question")
	}
	if _, err := s.engine.Pause(t.Context(), "somebody"); err != nil {
		t.Fatal(err)
	}
	b.wait("the other state", seen("paused"))
}

// TestLinkFromAnotherSite follows a link as a chat program would have it: the strict cookie does not come along, and the
// page is shown all the same.
func TestLinkFromAnotherSite(t *testing.T) {
	s := newSite(t, withToken)
	other := newOtherSite(t, s.URL+"/dead")
	b := newBrowser(t, "en")
	b.open(s.URL + "/sign-in")
	b.write("token", adminToken)
	b.click("sign-in")
	b.wait("the first page", seen("running"))
	b.run(chromedp.Navigate(other), chromedp.Click(chromedp.CSS("a")))
	b.wait("the page that was linked", `location.pathname === "/dead" && `+seen("no-dead"))
}

// hostile is a text that would do harm in a page that believed it.
const hostile = `"><img src=x onerror=pwned()><script>pwned()</script><svg onload=pwned()>{{.}}` + "</textarea></pre>'); pwned(); ('"

func TestHostileTextIsInert(t *testing.T) {
	s := newIdleSite(t, func(o *dashboard.Options) {
		cache := newFakeCache()
		cache.entries[0].Question, cache.entries[0].Answer, cache.entries[0].ID = hostile, hostile, hostile
		o.Cache, o.Alerts = cache, fakeAlerts{{
			Name: hostile, Title: bot.Text{"en": hostile}, Text: bot.Text{"en": hostile},
			Fix: bot.Text{"en": hostile}, Since: time.Now(),
		}}
	})
	key := tania.ConversationKey{Account: 1, Conversation: 7}
	contact := tania.Contact{ID: 3, Name: hostile, Email: hostile, Phone: hostile}
	if _, err := s.engine.Push(t.Context(), tania.Message{
		ID: 70, Key: key, Content: hostile, Contact: contact, Status: tania.StatusPending,
		CanReply: true,
	}); err != nil {
		t.Fatal(err)
	}
	turn, err := s.engine.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	record := tania.Record{
		Key: key, Message: 70, Content: hostile, Turn: turn.ID, At: time.Now(), Outcome: hostile, Reason: hostile, Detail: hostile,
		Unchecked: []string{hostile}, Route: hostile, RouteWhy: hostile, Language: hostile, Handoff: hostile, CacheTier: hostile,
		CacheEntry: hostile, Sources: []string{hostile}, Usage: tania.Usage{Model: hostile}, Steps: []tania.Step{{Name: hostile, Millis: 3}},
		Reply: hostile, Error: hostile,
	}
	if err := s.engine.Bury(t.Context(), turn, errors.New(hostile), record); err != nil {
		t.Fatal(err)
	}
	if _, err := s.engine.UpdateConversation(t.Context(), key, func(c *tania.Conversation) bool {
		c.Contact, c.Channel, c.Status, c.Labels = contact, hostile, hostile, []string{hostile}
		c.Takeover = &tania.Takeover{Name: hostile, Last: time.Now()}
		c.HandedOver = &tania.HandedOver{Reason: hostile, At: time.Now()}
		c.Remember(tania.Entry{ID: 71, From: hostile, Name: hostile, Text: hostile, At: time.Now()})
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.engine.Pause(t.Context(), hostile); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, "en")
	b.listen()
	for _, path := range append([]string{
		"/conversations/1/7", "/dead/" + string(turn.ID),
		"/conversations?q=%22%3E%3Cscript%3Epwned()%3C/script%3E",
		"/cache?explain=%3Cscript%3Epwned()%3C/script%3E&filter=%22%3E%3Cimg%20src=x%20onerror=pwned()%3E",
	}, everyPage...) {
		b.open(s.URL + path)
		if path == "/" { // what came over the stream, too
			evaluate[bool](b, `document.querySelector('#tiles').dataset.old = "1", document.querySelector('#tiles').innerHTML = "", true`)
			b.wait("an update", seen("waiting"))
		}
		if n := evaluate[int](b, `document.querySelectorAll('img[src="x"], svg[onload], [onerror], script:not([src])').length`); n != 0 {
			t.Errorf("%s: %d elements were made of texts", path, n)
		}
		b.quiet(path)
	}
	b.open(s.URL + "/bot")
	b.run(chromedp.SetValue(id("try-text"), hostile))
	b.click("try")
	b.wait("the trial", seen("trial"))
	b.quiet("trial")
	// That the page can tell at all:
	evaluate[bool](b, `document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=pwned()>"), true`)
	b.wait("the policy's complaint", `window.complaints.length > 0`)
	if all := evaluate[[]string](b, "window.complaints"); strings.Contains(strings.Join(all, " "), "pwned") {
		t.Errorf("the policy lets inline handlers run: %v", all)
	}
}

// furnished is a site with something on every page.
func furnished(t *testing.T) (s *site, paths map[string]string) {
	t.Helper()
	s = newSite(t, func(o *dashboard.Options) {
		o.AdminToken, o.Cache = adminToken, newFakeCache()
		o.Alerts = fakeAlerts{{
			Name: "DeadTurns", Since: time.Now().Add(-time.Hour), Value: 12, Threshold: 10,
			Title: bot.Text{"en": "Turns fail"}, Text: bot.Text{"en": "12 turns died in the last hour."},
			Fix: bot.Text{"en": "Look at the dead letters; retry them when Chatwoot answers again."},
		}}
	})
	id := s.write(chatwootsim.CustomerMessage{Name: "Luis Ortega", Text: "Hola, buenas tardes"})
	s.ended()
	for _, text := range []string{"¿a qué hora abren los domingos?", "¿hacen pasteles de boda?", "quiero hablar con una persona"} {
		s.write(chatwootsim.CustomerMessage{Conversation: id, Text: text})
		s.ended()
	}
	if _, err := s.sim.AgentReplies(id, 7, "Hola Luis, soy Ana. ¿En qué le ayudo?", chatwootsim.ViaDashboard); err != nil {
		t.Fatal(err)
	}
	s.ended()
	s.write(chatwootsim.CustomerMessage{Conversation: id, Text: "Quiero un pastel para el sábado"})
	s.ended()
	s.missed("¿Venden boletas para el concierto? Soy Ana", "hola, venden boletas del concierto??")
	s.humanAnswered("Hola Ana, sí, en la taquilla del teatro.")
	draft, err := versions.DraftOf(s.t.Context(), s.engine, bot.Main, bot.Lesson{Questions: []string{"¿Hay parqueadero?"}, Answer: "Sí."})
	if err == nil {
		_, err = draft.Publish(s.t.Context(), s.engine, "Ana", "")
	}
	if err != nil {
		t.Fatal(err)
	}
	s.die("¿cuánto cuesta el pastel de tres leches?", "¿tienen envío a domicilio?")
	dead, err := s.engine.Dead(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return s, map[string]string{
		"now": "/", "conversations": "/conversations", "conversation": fmt.Sprintf("/conversations/1/%d", id), "dead": "/dead",
		"dead-turn": "/dead/" + string(dead[0].ID), "cache": "/cache?explain=" + "%C2%BFa%20qu%C3%A9%20hora%20abren%3F", "bot": "/bot",
		"version": "/bot/versions/1", "questions": "/questions", "question": asked, "taught": "/teach", "lesson": parking,
		"new lesson": "/teach/new", "users": "/users", "audit": "/audit", "known": "/knowledge",
		"found in knowledge": "/knowledge?words=horario&why=faq:none", "found": "/conversations?customer=luis&words=pastel",
		"alerts": "/alerts",
	}
}

func (b *browser) signIn(s *site) {
	b.t.Helper()
	b.open(s.URL + "/sign-in")
	b.write("token", adminToken)
	b.write("name", "Ana")
	b.click("sign-in")
	b.wait("the first page", seen("running"))
}

func TestPagesAreAccessible(t *testing.T) {
	full, paths := furnished(t)
	empty := newSite(t, nil)
	b := newBrowser(t, "es")
	b.listen()
	fits := func(name string, l look) {
		t.Helper()
		if wide := evaluate[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
			t.Errorf("%s, %s: %d pixels wider than the window", name, l.name(), wide)
		}
		b.quiet(name)
	}
	check := func(name string, l look) {
		t.Helper()
		for _, v := range b.examine() {
			t.Errorf("%s, %s: %s %s: %s\n%s", name, l.name(), v.Impact, v.ID, v.Help, strings.Join(v.Nodes, "\n"))
		}
		fits(name, l)
	}
	for i, l := range looks {
		b.see(l)
		b.open(full.URL + "/sign-in")
		if i == 0 {
			check("sign-in", l)
			b.signIn(full)
		}
		for name, path := range paths {
			b.open(full.URL + path)
			if name == "bot" {
				b.run(chromedp.SetValue(id("try-text"), "¿a qué hora abren?"))
				b.click("try")
				b.wait("the trial", seen("trial"))
				evaluate[bool](b, `document.querySelectorAll("details").forEach(d => d.open = true), true`)
			}
			// What is closed is examined when it is open, with all the rest.
			fits(name, l)
			evaluate[bool](b, `document.querySelectorAll("details").forEach(d => d.open = true), true`)
			check(name+" with all open", l)
		}
		for _, path := range everyPage {
			b.open(empty.URL + path)
			check("empty "+path, l)
		}
	}
}

// TestPictures shows the pages after a thousand conversations (testsize), and with nothing stored; with -pictures it keeps what it sees.
func TestPictures(t *testing.T) {
	s, paths := furnished(t)
	questions := []string{
		"hola", "¿a qué hora abren?", "gracias", "¿tienen pan sin gluten?", "quiero hablar con una persona",
		"¿hacen envíos?", "¿cuánto cuesta un pastel?", "what time do you open?", "vocês entregam?",
	}
	many := testsize.Of(1000, 100)
	for i := range many {
		s.write(chatwootsim.CustomerMessage{Name: fmt.Sprintf("Cliente %d", i+1), Text: questions[i%len(questions)]})
	}
	s.ended()
	if stats, err := s.engine.Stats(t.Context()); err != nil || min(stats.Messages, stats.Completed) < int64(many) {
		t.Fatalf("%+v, %v", stats, err)
	}
	empty := newSite(t, nil)
	b := newBrowser(t, "es")
	b.listen()
	b.signIn(s)
	for _, l := range looks[:testsize.Of(len(looks), 1)] {
		b.see(l)
		for name, path := range paths {
			b.open(s.URL + path)
			if name == "now" {
				b.wait("charts", `document.querySelectorAll(".chart canvas").length === 4`)
				b.wait("the figures", `/1[.,\s]?`+strings.Repeat("0",
					len(strconv.Itoa(many))-3)+`\d\d/.test(document.querySelector("#tiles").textContent)`)
			}
			b.keep(l, name)
		}
		b.open(empty.URL + "/")
		b.wait("charts", `document.querySelectorAll(".chart canvas").length === 4`)
		b.keep(l, "empty-now")
		b.open(empty.URL + "/dead")
		b.keep(l, "empty-dead")
	}
}

// BenchmarkFirstView tells how long the first page takes in a browser that is open and has nothing of it yet, beside a page with one word.
//
//	go test ./internal/dashboard -run '^$' -bench FirstView -benchtime 1x
func BenchmarkFirstView(bench *testing.B) {
	s := newSite(bench, nil)
	b := newBrowser(bench, "es")
	word := newPlainServer(bench, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<h1>Tania</h1>")
	})
	took := map[string][]float64{}
	measure := func(name, address string) {
		b.forget()
		<-time.After(time.Second) // the browser is done with the page before
		b.run(chromedp.Navigate(address))
		// One question alone is asked of the page before it is painted: each would hold it up.
		painted := evaluate[float64](b, `new Promise(painted => new PerformanceObserver(list => {
			for (const e of list.getEntriesByName("first-contentful-paint")) painted(e.startTime)
		}).observe({ type: "paint", buffered: true }))`, chromedp.EvalAwaitPromise)
		took[name+"-painted"] = append(took[name+"-painted"], painted)
		for what, moment := range map[string]string{"there": "responseEnd", "loaded": "loadEventEnd"} {
			took[name+"-"+what] = append(took[name+"-"+what], evaluate[float64](b, `performance.getEntriesByType("navigation")[0].`+moment))
		}
	}
	for bench.Loop() {
		for range 15 {
			measure("page", s.URL+"/")
			b.wait("charts", `document.querySelectorAll(".chart canvas").length === 4`)
			took["KB"] = append(took["KB"], evaluate[float64](b,
				`[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce((sum, e) => sum + e.transferSize, 0) / 1000`))
			measure("word", word)
		}
	}
	for name, list := range took {
		slices.Sort(list)
		unit := "ms-" + name
		if name == "KB" {
			unit = name
		}
		bench.ReportMetric(list[len(list)/2], unit)
	}
	bench.ReportMetric(0, "ns/op")
}

// TestAnotherSiteHasNoHoldOfTheWindow opens the first page from another site's, which must not keep a hold of its window.
func TestAnotherSiteHasNoHoldOfTheWindow(t *testing.T) {
	s := newSite(t, nil)
	b := newBrowser(t, "es")
	b.run(chromedp.Navigate(newOtherSite(t, s.URL)))
	gesture := func(p *runtime.EvaluateParams) { pressed := true; p.UserGesture = &pressed }
	word := newPlainServer(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "Tania") })
	if !evaluate[bool](b, fmt.Sprintf(`(own = window.open(%q), plain = window.open(%q), own !== null && plain !== null)`, s.URL, word),
		gesture) {
		t.Fatal("no window was opened")
	}
	b.wait("the window to be out of reach", `own.closed`)
	if evaluate[bool](b, `plain.closed`) {
		t.Error("a window is out of reach without the header: this tells nothing")
	}
}

// forget empties the browser's cache.
func (b *browser) forget() {
	b.t.Helper()
	b.run(chromedp.Navigate("about:blank"), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCache, cdp.Empty{})
		return err
	}))
}

func (b *browser) keep(l look, name string) {
	b.t.Helper()
	if *pictures == "" {
		return
	}
	if err := os.MkdirAll(*pictures, 0o750); err != nil {
		b.t.Fatal(err)
	}
	b.screenshot(filepath.Join(*pictures, l.name()+"-"+name+".png"))
}

// newOtherSite is a page under another name, with a link.
func newOtherSite(t *testing.T, link string) string {
	t.Helper()
	server := newPlainServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, `<a href=%q>a link</a>`, link)
	})
	return strings.Replace(server, "127.0.0.1", "localhost", 1)
}

// TestALabelStaysWithItsField in filters, however wide the window is.
func TestALabelStaysWithItsField(t *testing.T) {
	s := newIdleSite(t, nil)
	s.missed("¿Venden boletas?")
	b := newBrowser(t, "es")
	for _, width := range []int64{1280, 1000, 820, 390} {
		b.see(look{"light", width, 844, width < 400})
		for _, path := range []string{"/questions", "/conversations"} {
			b.open(s.URL + path)
			parted := evaluate[[]string](b, `[...document.querySelectorAll('.filters label')].filter(l => {
				const a = l.getBoundingClientRect(), f = document.getElementById(l.htmlFor).getBoundingClientRect()
				return a.bottom <= f.top || f.bottom <= a.top || f.right > innerWidth
			}).map(l => l.textContent)`)
			if len(parted) > 0 {
				t.Errorf("%s, %d pixels wide: %q are parted from their fields", path, width, parted)
			}
			if *pictures != "" {
				b.screenshot(filepath.Join(*pictures, fmt.Sprintf("filter%s-%d.png", strings.ReplaceAll(path, "/", "-"), width)))
			}
		}
	}
}
