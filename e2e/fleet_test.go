package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tania/internal/tania"
)

// fleet is an installation of several processes: two that take webhooks, behind a balancer, and three that answer.
type fleet struct {
	*installation
	apis, workers []*process
}

// newFleet starts one. The first API's clock is late by two minutes, the first worker's early by three hours.
func newFleet(t *testing.T, forAPIs, forWorkers string, env ...string) *fleet {
	t.Helper()
	var backends []string
	f := &fleet{}
	for range 2 {
		p := newProcess(t)
		p.args = []string{"serve", "--worker=false", "--env", ""}
		f.apis, backends = append(f.apis, p), append(backends, p.address)
	}
	between := &inTurn{addresses: backends, takers: map[tania.MessageID]string{}}
	front := httptest.NewServer(balance(between))
	t.Cleanup(front.Close)
	f.installation = install(t, front.URL, env...)
	f.taker = between.taker
	f.tania = f.apis[0]
	for range 3 {
		p := newProcess(t)
		p.args = []string{"worker", "--env", ""}
		f.workers = append(f.workers, p)
	}
	// Webhooks that are kept while Redis is away may be in one directory for all.
	kept := "TANIA_DATA_DIR=" + t.TempDir()
	for _, p := range f.apis {
		p.env = append(append(p.env, f.settings...), "REDIS_URL="+forAPIs, kept)
	}
	for _, p := range f.workers {
		p.env = append(append(p.env, f.settings...), "REDIS_URL="+forWorkers)
	}
	f.apis[0].mislead(-2 * time.Minute) // Chatwoot's signature is good for five
	f.workers[0].mislead(3 * time.Hour)
	for _, p := range f.apis {
		p.start()
	}
	for _, p := range f.workers {
		p.launch()
	}
	return f
}

// balance passes requests on to processes in turn, and to the next where one does not listen, as proxies do.
func balance(between *inTurn) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: "http", Host: between.addresses[0]}) },
		Transport: between,
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusBadGateway)
		},
	}
}

type inTurn struct {
	addresses []string
	next      atomic.Uint64

	mu sync.Mutex
	// takers are the addresses of the processes that took a message, behind one another where it came more often.
	takers map[tania.MessageID]string
}

// taker names the process that took a message.
func (b *inTurn) taker(id tania.MessageID) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.takers[id]
}

// took notes who answered a webhook with 200.
func (b *inTurn) took(body []byte, by string) {
	var webhook struct {
		ID    tania.MessageID
		Event string
	}
	if json.Unmarshal(body, &webhook) == nil && webhook.Event == "message_created" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.takers[webhook.ID] += by
	}
}

func (b *inTurn) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var resp *http.Response
	for range b.addresses {
		again := r.Clone(r.Context())
		again.URL.Host = b.addresses[b.next.Add(1)%uint64(len(b.addresses))]
		again.Body = io.NopCloser(bytes.NewReader(body))
		if resp, err = http.DefaultTransport.RoundTrip(again); !errors.Is(err, syscall.ECONNREFUSED) {
			break
		}
	}
	if err == nil && resp.StatusCode == http.StatusOK {
		b.took(body, resp.Request.URL.Host)
	}
	return resp, err
}

// misled builds, once, a tania whose clock is wrong by what WRONG_CLOCK says: the standard library's time.Now is another.
var misled = sync.OnceValues(func() (string, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", err
	}
	library := filepath.Join(strings.TrimSpace(string(root)), "src", "time")
	source, err := os.ReadFile(filepath.Join(library, "time.go"))
	if err != nil {
		return "", err
	}
	const now = "\tsec, nsec, mono := runtimeNow()\n"
	if strings.Count(string(source), now) == 0 {
		return "", errors.New("this Go's time.Now is another than the test can change")
	}
	const wrong = `package time

import "syscall"

var wrong = func() int64 {
	s, _ := syscall.Getenv("WRONG_CLOCK")
	d, _ := ParseDuration(s)
	return int64(d / Second)
}()
`
	files := map[string]string{
		"time.go": strings.ReplaceAll(string(source), now, now+"\tsec += wrong\n"), "wrong.go": wrong,
	}
	replace := map[string]string{}
	for name, content := range files {
		replace[filepath.Join(library, name)] = filepath.Join(programs, name)
		if err := os.WriteFile(filepath.Join(programs, name), []byte(content), 0o600); err != nil {
			return "", err
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(programs, "overlay.json")
	if err := os.WriteFile(path, overlay, 0o600); err != nil {
		return "", err
	}
	return build("misled", "-overlay", path)
})

// mislead gives a process that wrong clock.
func (p *process) mislead(by time.Duration) {
	p.t.Helper()
	program, err := misled()
	if err != nil {
		p.t.Fatal(err)
	}
	p.program, p.env = program, append(p.env, "WRONG_CLOCK="+by.String())
}
