package dashboard_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"

	"tania/internal/dashboard"
)

var everyPage = []string{
	"/", "/conversations", "/questions", "/knowledge", "/teach", "/teach/new", "/dead", "/parked", "/cache", "/bot",
	"/alerts", "/users", "/audit",
}

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
		if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") ||
			!strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, csp)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Referrer-Policy": "same-origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if strings.HasPrefix(h.Get("Content-Type"), "text/html") {
			if h.Get("Cache-Control") != "no-store" || !strings.Contains(body, `lang="es"`) || strings.Contains(body, "style=") ||
				strings.Contains(body, " on") && strings.Contains(body, "onclick") {
				t.Errorf("%s: %v", path, h)
			}
		}
	}
}

// TestFirstViewIsSmall adds up what a browser loads for the first page.
// TestOpenersAreCutOff: the header that cuts off the page that opened a window is there unless the browser says that there was none.
func TestOpenersAreCutOff(t *testing.T) {
	s := newSite(t, nil)
	for from, want := range map[string]string{
		"": "same-origin", "cross-site": "same-origin", "same-site": "same-origin",
		"unheard-of": "same-origin", "none": "", "same-origin": "",
	} {
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
	total := s.weigh("/", "/assets/icon.svg", "/assets/dashboard.css", "/assets/uplot.min.css", "/assets/htmx.min.js",
		"/assets/htmx-sse.min.js", "/assets/uplot.min.js", "/assets/dashboard.js", "/series")
	t.Logf("the first view is %.1f KB", float64(total)/1000)
	if total > 150_000 {
		t.Errorf("the first view is %d bytes, want 150 000 at most", total)
	}
}

// TestTheViewsOfTheWorkspaceAreSmall with all that a page lists at most.
func TestTheViewsOfTheWorkspaceAreSmall(t *testing.T) {
	s := newIdleSite(t, nil)
	var asked []string
	for i := range 150 {
		asked = append(asked, fmt.Sprintf("¿%x%x %x?", i*7919, i*104729, i*15485863))
	}
	s.missed(asked...)
	long := parkingForm("publish", "1", strings.Repeat("Sí, en el sótano. ", 100))
	if resp, _ := s.teach("/teach/new", long); resp.StatusCode != http.StatusSeeOther {
		t.Fatal(resp.Status)
	}
	shared := s.weigh("/assets/icon.svg", "/assets/dashboard.css", "/assets/dashboard.js")
	for _, path := range []string{
		"/questions", "/questions/1/1/1", "/teach", "/teach/new", parking, "/knowledge", "/knowledge?words=horario", "/conversations", "/users",
		"/audit",
	} {
		total := shared + s.weigh(path)
		t.Logf("%s is %.1f KB", path, float64(total)/1000)
		if total > 150_000 {
			t.Errorf("%s is %d bytes, want 150 000 at most", path, total)
		}
	}
}

// weigh gives the bytes of paths as they are sent, compressed, with their headers.
func (s *site) weigh(paths ...string) (total int) {
	s.t.Helper()
	for _, path := range paths {
		resp, body := s.ask(&http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}, "GET", path, nil,
			http.Header{"Accept-Encoding": {"gzip"}})
		if resp.StatusCode != 200 {
			s.t.Fatalf("%s: %s", path, resp.Status)
		}
		if resp.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				s.t.Fatal(err)
			}
			if plain, err := io.ReadAll(z); err != nil || len(plain) < len(body) {
				s.t.Errorf("%s: %d bytes compressed to %d, %v", path, len(plain), len(body), err)
			}
		}
		total += len(body) + 700 // and headers
	}
	return total
}
