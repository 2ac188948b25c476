package dashboard_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/dashboard"
	"tania/internal/tania"
)

var everyPage = []string{"/", "/conversations", "/dead", "/cache", "/bot", "/alerts"}

// ask makes one request, and follows no redirect.
func (s *site) ask(client *http.Client, method, path string, form url.Values, header http.Header) (*http.Response, string) {
	s.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, v := range header {
		req.Header[k] = v
	}
	if host := header.Get("Host"); host != "" {
		req.Host = host
	}
	still := *client
	still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := still.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, string(text)
}

func withToken(o *dashboard.Options) { o.AdminToken = adminToken }

func newClient(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Transport: http.DefaultTransport}
}

// signedIn is a client with a session.
func (s *site) signedIn() *http.Client {
	s.t.Helper()
	client := newClient(s.t)
	resp, _ := s.ask(client, "POST", "/sign-in", url.Values{"token": {adminToken}, "name": {"Ana"}}, nil)
	if resp.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("sign-in: %s", resp.Status)
	}
	return client
}

func TestClientsThatAskForJSONGetTheRoutes(t *testing.T) {
	s := newSite(t, withToken)
	resp, body := s.ask(http.DefaultClient, "GET", "/", nil, http.Header{"Accept": {"application/json"}})
	var index struct{ Routes []string }
	if err := json.Unmarshal([]byte(body), &index); err != nil || resp.StatusCode != 200 || len(index.Routes) == 0 {
		t.Errorf("%s, %v: %s", resp.Status, err, body)
	}
	for _, accept := range []string{"", "*/*", "text/html,application/xhtml+xml,application/json;q=0.9"} {
		if resp, _ := s.ask(http.DefaultClient, "GET", "/", nil, http.Header{"Accept": {accept}}); resp.StatusCode != http.StatusSeeOther {
			t.Errorf("Accept %q: %s, want the way to the sign-in", accept, resp.Status)
		}
	}
	if resp, _ := s.ask(http.DefaultClient, "GET", "/chatwoot/webhook", nil, nil); resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET of the webhook: %s", resp.Status)
	}
}

func TestPagesNeedASession(t *testing.T) {
	s := newSite(t, withToken)
	for _, path := range append([]string{"/conversations/1/1", "/dead/x"}, everyPage...) {
		resp, body := s.ask(http.DefaultClient, "GET", path, nil, nil)
		if resp.StatusCode != http.StatusSeeOther || !strings.HasPrefix(resp.Header.Get("Location"), "/sign-in") || strings.Contains(body, "tiles") {
			t.Errorf("GET %s: %s to %q", path, resp.Status, resp.Header.Get("Location"))
		}
	}
	for _, path := range []string{"/live", "/series"} {
		if resp, _ := s.ask(http.DefaultClient, "GET", path, nil, nil); resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("GET %s: %s", path, resp.Status)
		}
	}
	for _, path := range []string{"/pause", "/resume", "/dead", "/cache/clear", "/cache/invalidate", "/bot/try"} {
		if resp, _ := s.ask(http.DefaultClient, "POST", path, url.Values{}, nil); resp.StatusCode != http.StatusSeeOther {
			t.Errorf("POST %s: %s", path, resp.Status)
		}
	}
	if stats, err := s.engine.Stats(t.Context()); err != nil || stats.Paused {
		t.Errorf("paused by nobody: %+v, %v", stats, err)
	}
}

func TestSession(t *testing.T) {
	s := newSite(t, withToken)
	client := s.signedIn()
	resp, _ := s.ask(newClient(t), "POST", "/sign-in", url.Values{"token": {adminToken}, "next": {"/dead"}}, http.Header{"X-Forwarded-Proto": {"https"}})
	c := resp.Cookies()[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.MaxAge <= 0 || resp.Header.Get("Location") != "/dead" {
		t.Errorf("cookie %v to %s", c, resp.Header.Get("Location"))
	}
	if strings.Contains(c.Value, adminToken) {
		t.Error("the token is in the cookie")
	}
	with := func(value string) int {
		resp, _ := s.ask(http.DefaultClient, "GET", "/dead", nil, http.Header{"Cookie": {c.Name + "=" + value}})
		return resp.StatusCode
	}
	if got := with(c.Value); got != 200 {
		t.Errorf("the cookie gives %d", got)
	}
	payload, signature, _ := strings.Cut(c.Value, ".")
	for name, value := range map[string]string{
		"no signature": payload, "an empty signature": payload + ".", "another payload": "x" + payload + "." + signature,
		"nothing": "", "a dot": ".", "half a signature": payload + "." + signature[:20], "signed by another token": newSessionOf(t, "another-token-of-sixteen"),
	} {
		if got := with(value); got == 200 {
			t.Errorf("%s opens the page", name)
		}
	}
	if _, err := s.engine.Stats(t.Context()); err != nil {
		t.Fatal(err)
	}
	if resp, _ := s.ask(client, "GET", "/", nil, nil); resp.StatusCode != 200 {
		t.Errorf("the session gives %s", resp.Status)
	}
	stolen := cookieOf(t, client, s.URL)
	if resp, _ := s.ask(client, "POST", "/sign-out", url.Values{}, nil); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("sign-out: %s", resp.Status)
	}
	if got := with(stolen); got == 200 {
		t.Error("a session that was signed out goes on")
	}
	s.now.forward(13 * time.Hour)
	if got := with(c.Value); got == 200 {
		t.Error("a session of thirteen hours goes on")
	}
}

// Where workers are processes of their own, the page's process has decided nothing itself.
func TestLatestConversationsAreOfAllProcesses(t *testing.T) {
	s := newIdleSite(t, func(o *dashboard.Options) { o.Account = 0 })
	record := func(account tania.AccountID, conversation tania.ConversationID, message tania.MessageID, text string) {
		t.Helper()
		key := tania.ConversationKey{Account: account, Conversation: conversation}
		at := time.Unix(1_790_000_000, 0).Add(time.Duration(message) * time.Second)
		if err := s.engine.SaveRecords(t.Context(), tania.Record{Key: key, Message: message, Content: text, At: at}); err != nil {
			t.Fatal(err)
		}
	}
	record(3, 21, 1, "the first of 21")
	record(3, 22, 2, "the only one of 22")
	record(3, 21, 3, "the last of 21, "+strings.Repeat("long ", 40))
	resp, body := s.ask(http.DefaultClient, "GET", "/conversations", nil, nil)
	first, second := strings.Index(body, "/conversations/3/21"), strings.Index(body, "/conversations/3/22")
	if resp.StatusCode != http.StatusOK || first < 0 || second < first || strings.Contains(body, "the first of 21") || strings.Contains(body, strings.Repeat("long ", 30)) {
		t.Errorf("%s, 21 at %d, 22 at %d:\n%s", resp.Status, first, second, body)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if resp, _ := s.ask(client, "GET", "/conversations?q=22", nil, nil); resp.Header.Get("Location") != "/conversations/3/22" {
		t.Errorf("the only account is not taken: %s to %q", resp.Status, resp.Header.Get("Location"))
	}
	record(4, 21, 4, "another account")
	if resp, _ := s.ask(client, "GET", "/conversations?q=22", nil, nil); resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("one of two accounts was taken: %s", resp.Status)
	}
}

func TestDecisionsAreFiltered(t *testing.T) {
	s := newIdleSite(t, nil)
	for id, r := range map[tania.ConversationID]tania.Record{
		31: {Message: 1, Content: "¿Dónde está mi envío?", Outcome: tania.OutcomeAnswered, Reason: tania.Proceed},
		32: {Message: 2, Content: "Quiero hablar con alguien", Outcome: tania.OutcomeHandedOver, Reason: tania.Proceed},
		33: {Message: 3, Content: "hola", Outcome: tania.OutcomeSilent, Reason: tania.HumanActive},
	} {
		r.Key = tania.ConversationKey{Account: 1, Conversation: id}
		r.At = time.Date(2026, 11, 20+int(r.Message), 12, 0, 0, 0, time.UTC)
		if err := s.engine.SaveRecords(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string][]int{
		"":                              {31, 32, 33},
		"words=ENVIO":                   {31},
		"outcome=silent":                {33},
		"reason=proceed":                {31, 32},
		"day=2026-11-22":                {32},
		"words=no+such+word":            {},
		"outcome=answered&words=hablar": {},
	} {
		_, body := s.ask(http.DefaultClient, "GET", "/conversations?"+query, nil, nil)
		var got []int
		for id := 31; id <= 33; id++ {
			if strings.Contains(body, fmt.Sprintf(`href="/conversations/1/%d"`, id)) {
				got = append(got, id)
			}
		}
		if !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%q lists %v, want %v", query, got, want)
		}
	}
}

// TestADeadTurnIsToldInPlainWords has a turn fail on Chatwoot, and looks at what a support lead reads of it.
func TestADeadTurnIsToldInPlainWords(t *testing.T) {
	s := newIdleSite(t, func(o *dashboard.Options) { o.Chatwoot = "https://chat.example.com/" })
	key := tania.ConversationKey{Account: 1, Conversation: 77}
	message := tania.Message{ID: 9, Key: key, Content: "¿Me ayudan?", Contact: tania.Contact{ID: 2, Name: "Ana Pérez"}}
	if _, err := s.engine.Push(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	turn, err := s.engine.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.engine.Bury(t.Context(), turn, errors.New("worker: send part 1: chatwoot: send message: 401 Unauthorized: Invalid token")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/dead", "/dead/" + string(turn.ID)} {
		_, body := s.ask(http.DefaultClient, "GET", path, nil, http.Header{"Accept-Language": {"es"}})
		for _, want := range []string{"Ana Pérez", "¿Me ayudan?", "Chatwoot no acepta la clave del bot.", "https://chat.example.com/app/accounts/1/conversations/77"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
	}
}

func TestTheSignInShowsNoCounts(t *testing.T) {
	s := newSite(t, withToken)
	_, body := s.ask(newClient(t), "GET", "/sign-in", nil, nil)
	if strings.Contains(body, "<nav") || strings.Contains(body, `class="count"`) {
		t.Errorf("who is not signed in reads the menu: %s", body)
	}
}

func newSessionOf(t *testing.T, token string) string {
	t.Helper()
	other := newSite(t, func(o *dashboard.Options) { o.AdminToken = token })
	resp, _ := other.ask(newClient(t), "POST", "/sign-in", url.Values{"token": {token}}, nil)
	return resp.Cookies()[0].Value
}

func cookieOf(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return client.Jar.Cookies(u)[0].Value
}

func TestSignInIsLimited(t *testing.T) {
	s := newSite(t, withToken)
	try := func(token string) int {
		resp, _ := s.ask(newClient(t), "POST", "/sign-in", url.Values{"token": {token}}, nil)
		return resp.StatusCode
	}
	for i := range 5 {
		if got := try("wrong"); got != http.StatusUnauthorized {
			t.Fatalf("try %d: %d", i, got)
		}
	}
	if got := try(adminToken); got != http.StatusTooManyRequests {
		t.Errorf("the sixth try, with the right token: %d", got)
	}
	s.now.forward(13 * time.Second)
	if got := try(adminToken); got != http.StatusSeeOther {
		t.Errorf("13 s later: %d", got)
	}
	if got := try(adminToken); got != http.StatusSeeOther {
		t.Errorf("a right token counted as a try: %d", got)
	}
	if strings.Contains(s.log.String(), "wrong") && strings.Contains(s.log.String(), adminToken) {
		t.Error("a token is in the log")
	}
}

func TestOtherSitesCannotAct(t *testing.T) {
	for name, change := range map[string]func(*dashboard.Options){"with a token": withToken, "without a token": nil} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, change)
			client := http.DefaultClient
			if change != nil {
				client = s.signedIn()
			}
			for header, values := range map[string]http.Header{
				"another site":   {"Sec-Fetch-Site": {"cross-site"}},
				"a sibling":      {"Sec-Fetch-Site": {"same-site"}},
				"another origin": {"Origin": {"https://evil.example"}},
				"an opaque one":  {"Origin": {"null"}},
			} {
				if resp, _ := s.ask(client, "POST", "/pause", url.Values{}, values); resp.StatusCode != http.StatusForbidden {
					t.Errorf("%s: %s", header, resp.Status)
				}
			}
			if stats, _ := s.engine.Stats(t.Context()); stats.Paused {
				t.Error("the bot is paused")
			}
			if resp, _ := s.ask(client, "POST", "/pause", url.Values{}, http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {s.URL}}); resp.StatusCode != http.StatusSeeOther {
				t.Errorf("our own form: %s", resp.Status)
			}
		})
	}
}

func TestWithoutATokenOnlyThisMachine(t *testing.T) {
	s := newSite(t, nil)
	s.write(chatwootsim.CustomerMessage{Text: "hola"})
	s.ended()
	for name, header := range map[string]http.Header{
		"a name pointed to loopback": {"Host": {"evil.example"}},
		"through a proxy":            {"X-Forwarded-For": {"10.0.0.9"}},
		"from another page":          {"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"cors"}},
	} {
		for _, path := range append([]string{"/series", "/live", "/conversations/1/1"}, everyPage...) {
			resp, body := s.ask(http.DefaultClient, "GET", path, nil, header)
			if resp.StatusCode != http.StatusForbidden || strings.Contains(body, "hola") {
				t.Errorf("%s, %s: %s", name, path, resp.Status)
			}
		}
	}
	for _, path := range everyPage {
		if resp, body := s.ask(http.DefaultClient, "GET", path, nil, nil); resp.StatusCode != 200 || !strings.Contains(body, "<h1>") {
			t.Errorf("%s: %s", path, resp.Status)
		}
	}
	link := http.Header{"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"navigate"}}
	if resp, body := s.ask(http.DefaultClient, "GET", "/conversations/1/1", nil, link); resp.StatusCode != 200 || strings.Contains(body, "hola") || !strings.Contains(body, "refresh") {
		t.Errorf("a link from another page: %s %s", resp.Status, body)
	}
}

// Updates go round in small groups, while viewers come and go.
func TestEveryViewerIsTold(t *testing.T) {
	s := newIdleSite(t, nil)
	type viewer struct {
		leave context.CancelFunc
		told  chan string // names of events
	}
	join := func() viewer {
		t.Helper()
		ctx, leave := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/live", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil || resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
			t.Fatalf("no stream: %v", err)
		}
		v := viewer{leave, make(chan string, 100)}
		go func() {
			defer func() { _ = resp.Body.Close() }()
			defer close(v.told)
			for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
				if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
					v.told <- name
				}
			}
		}()
		return v
	}
	var stay, leave []viewer
	for range 25 {
		stay, leave = append(stay, join()), append(leave, join())
	}
	var sampling sync.WaitGroup
	for range 3 {
		sampling.Go(func() { s.dashboard.Sample(t.Context()) })
	}
	for _, v := range leave {
		v.leave()
	}
	sampling.Wait()
	for n, v := range stay {
		if first, second := <-v.told, <-v.told; first != "state" || second != "now" {
			t.Errorf("viewer %d was told %q, %q", n, first, second)
		}
		v.leave()
		for range v.told {
		}
	}
}

func TestHeaders(t *testing.T) {
	s := newSite(t, nil)
	for _, path := range append([]string{"/dead/none", "/assets/dashboard.js", "/assets/none"}, everyPage...) {
		resp, body := s.ask(http.DefaultClient, "GET", path, nil, http.Header{"Accept-Language": {"es"}})
		h := resp.Header
		if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if strings.HasPrefix(h.Get("Content-Type"), "text/html") {
			if h.Get("Cache-Control") != "no-store" || !strings.Contains(body, `lang="es"`) || strings.Contains(body, "style=") || strings.Contains(body, " on") && strings.Contains(body, "onclick") {
				t.Errorf("%s: %v", path, h)
			}
		}
	}
}

// TestFirstViewIsSmall adds up what a browser loads for the first page.
// TestOpenersAreCutOff: the header that cuts off the page that opened a window is there unless the browser says that there was none.
func TestOpenersAreCutOff(t *testing.T) {
	s := newSite(t, nil)
	for from, want := range map[string]string{"": "same-origin", "cross-site": "same-origin", "same-site": "same-origin", "unheard-of": "same-origin", "none": "", "same-origin": ""} {
		header := http.Header{}
		if from != "" {
			header.Set("Sec-Fetch-Site", from)
		}
		resp, _ := s.ask(http.DefaultClient, "GET", "/", nil, header)
		if got := resp.Header.Get("Cross-Origin-Opener-Policy"); got != want {
			t.Errorf("%q: %q, want %q", from, got, want)
		}
	}
}

func TestFirstViewIsSmall(t *testing.T) {
	s := newSite(t, nil)
	for range 900 {
		s.dashboard.Sample(t.Context())
	}
	total := 0
	for _, path := range []string{"/", "/assets/icon.svg", "/assets/dashboard.css", "/assets/uplot.min.css", "/assets/htmx.min.js", "/assets/htmx-sse.min.js", "/assets/uplot.min.js", "/assets/dashboard.js", "/series"} {
		resp, body := s.ask(&http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}, "GET", path, nil, http.Header{"Accept-Encoding": {"gzip"}})
		if resp.StatusCode != 200 {
			t.Fatalf("%s: %s", path, resp.Status)
		}
		if resp.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if plain, err := io.ReadAll(z); err != nil || len(plain) < len(body) {
				t.Errorf("%s: %d bytes compressed to %d, %v", path, len(plain), len(body), err)
			}
		}
		total += len(body) + 700 // and headers
	}
	t.Logf("the first view is %.1f KB", float64(total)/1000)
	if total > 150_000 {
		t.Errorf("the first view is %d bytes, want 150 000 at most", total)
	}
}

func TestMaskHidesOnEveryPage(t *testing.T) {
	s := newSite(t, func(o *dashboard.Options) { o.Mask = true; o.Cache = newFakeCache() })
	contact := s.sim.AddContact(tania.Contact{Name: "Ana Torres", Email: "ana@example.com", Phone: "+5215512345678"})
	id := s.write(chatwootsim.CustomerMessage{Contact: contact.ID, Text: "secreto de Ana: perdí mi zafiro"})
	s.ended()
	dead := s.die("otro secreto, quiero saber de los pasteles")
	turns, err := s.engine.Dead(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	paths := append([]string{
		fmt.Sprintf("/conversations/1/%d", id), fmt.Sprintf("/conversations/1/%d", dead[0]), "/dead/" + string(turns[0].ID),
		fmt.Sprintf("/admin/conversations/1/%d", id), "/admin/dead", "/admin/dead/" + string(turns[0].ID),
	}, everyPage...)
	for _, path := range paths {
		resp, body := s.ask(http.DefaultClient, "GET", path, nil, nil)
		if resp.StatusCode != 200 {
			t.Errorf("%s: %s", path, resp.Status)
		}
		for _, secret := range []string{"secreto", "perdí", "zafiro", "Ana Torres", "ana@example.com", "+5215512345678"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows %q", path, secret)
			}
		}
	}
	if _, body := s.ask(http.DefaultClient, "GET", paths[0], nil, nil); !strings.Contains(body, "••••") {
		t.Error("nothing is hidden")
	}
}

func TestSearchUnderstandsWhatPeopleWrite(t *testing.T) {
	s := newSite(t, nil)
	for q, want := range map[string]string{
		"1287": "/conversations/1/1287", "#1287": "/conversations/1/1287", " 1287 ": "/conversations/1/1287", "3:12": "/conversations/3/12", "3/12": "/conversations/3/12",
		"https://chat.example.com/app/accounts/3/inbox/4/conversations/12?x=1": "/conversations/3/12",
	} {
		if resp, _ := s.ask(http.DefaultClient, "GET", "/conversations?q="+url.QueryEscape(q), nil, nil); resp.Header.Get("Location") != want {
			t.Errorf("%q leads to %q", q, resp.Header.Get("Location"))
		}
	}
	for _, q := range []string{"hola", "-5", "3:", "3:x", "99999999999999999999", "<script>alert(1)</script>"} {
		resp, body := s.ask(http.DefaultClient, "GET", "/conversations?q="+url.QueryEscape(q), nil, nil)
		if resp.StatusCode != http.StatusUnprocessableEntity || strings.Contains(body, "<script>alert") {
			t.Errorf("%q: %s", q, resp.Status)
		}
	}
}

func TestDeadTurnsInBulk(t *testing.T) {
	s := newSite(t, nil)
	s.die("¿a qué hora abren?", "¿tienen pasteles?", "quiero un bolillo")
	dead, err := s.engine.Dead(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, body := s.ask(http.DefaultClient, "GET", "/dead/"+string(dead[0].ID), nil, nil); !strings.Contains(body, "422") || !strings.Contains(body, "&#34;content&#34;") {
		t.Errorf("reason, history or payload are missing: %s", body)
	}
	post := func(form url.Values, want string) {
		t.Helper()
		resp, _ := s.ask(http.DefaultClient, "POST", "/dead", form, nil)
		if got := resp.Header.Get("Location"); got != want {
			t.Errorf("%v: %s to %q, want %q", form, resp.Status, got, want)
		}
	}
	post(url.Values{"do": {"retry"}}, "/dead?done=nothing&n=0")
	post(url.Values{"do": {"retry"}, "turn": {"none"}}, "/dead?done=gone&n=0")
	post(url.Values{"do": {"discard"}, "turn": {string(dead[0].ID)}}, "/dead?done=discarded&n=1")
	post(url.Values{"do": {"retry"}, "which": {"all"}}, "/dead?done=retried&n=2")
	if resp, _ := s.ask(http.DefaultClient, "POST", "/dead", url.Values{"do": {"eat"}}, nil); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("an unknown deed: %s", resp.Status)
	}
	s.ended()
	if left, err := s.engine.Dead(t.Context(), 0); err != nil || len(left) != 0 {
		t.Errorf("%d left, %v", len(left), err)
	}
	if resp, _ := s.ask(http.DefaultClient, "GET", "/dead/"+string(dead[0].ID), nil, nil); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a discarded turn: %s", resp.Status)
	}
}
