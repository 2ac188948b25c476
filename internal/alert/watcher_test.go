package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// pager is a receiver of alerts.
type pager struct {
	*httptest.Server
	mu    sync.Mutex
	pages []posted
	// down answers 503 while it is set; attempts counts all requests.
	down     bool
	attempts int
	news     chan struct{}
}

func newPager(t *testing.T) *pager {
	t.Helper()
	p := &pager{news: make(chan struct{}, 1024)}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var page posted
		if err == nil {
			err = json.Unmarshal(body, &page)
		}
		if err != nil || r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			t.Errorf("%s %v: %s", r.Method, err, body)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.attempts++
		if p.down {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		p.pages = append(p.pages, page)
		p.news <- struct{}{}
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *pager) setDown(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

// told gives what was received of an alert, "raised" and "ended" in order.
func (p *pager) told(name string) (states []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, page := range p.pages {
		if page.Alert.Name == name {
			states = append(states, page.State)
		}
	}
	return states
}

// await waits until something was told in these states.
func (p *pager) await(t *testing.T, name string, want ...string) {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), 30*time.Second)
	defer done()
	for !slices.Equal(p.told(name), want) {
		select {
		case <-p.news:
		case <-ctx.Done():
			t.Fatalf("%s was told %q, want %q", name, p.told(name), want)
		}
	}
}

func openFile(t *testing.T, path string) *sqlitequeue.Engine {
	t.Helper()
	e, err := sqlitequeue.Open(t.Context(), path, queue.Options{Debounce: -1, DebounceMax: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func watcher(t *testing.T, e queue.Engine, p *pager, change func(*Options)) *Watcher {
	t.Helper()
	o := Options{
		Settings: Settings{Waiting: 2, Oldest: time.Hour, Dead: 10}, Board: e, Ready: e.Ready, Stats: e.Stats,
		Spent: func(context.Context) (int64, error) { return 0, nil }, Counts: func() Counts { return Counts{} },
		Process: "a", Worker: true, Web: true, URL: p.URL + "/secret-path", Transport: &http.Transport{DisableKeepAlives: true},
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	if change != nil {
		change(&o)
	}
	return New(o)
}

// crowd pushes a message of each of n conversations.
func crowd(t *testing.T, e queue.Engine, n int) {
	t.Helper()
	for i := 1; i <= n; i++ {
		key := tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(i)}
		if _, err := e.Push(t.Context(), tania.Message{ID: tania.MessageID(i), Key: key, Content: "hola"}); err != nil {
			t.Fatal(err)
		}
	}
}

// answer ends n turns.
func answer(t *testing.T, e queue.Engine, n int) {
	t.Helper()
	for range n {
		turn, err := e.Claim(t.Context())
		if err == nil {
			err = e.Complete(t.Context(), turn)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func readings(t *testing.T, w *Watcher, n int) {
	t.Helper()
	for range n {
		w.read(t.Context())
	}
}

func TestAnIncidentIsToldOnceAndItsEndOnce(t *testing.T) {
	p := newPager(t)
	path := filepath.Join(t.TempDir(), "tania.db")
	e := openFile(t, path)
	w := watcher(t, e, p, nil)
	readings(t, w, 100)
	if p.attempts != 0 || len(w.List()) != 0 {
		t.Fatalf("told although all is well: %+v", p.pages)
	}
	crowd(t, e, 3)
	readings(t, w, 50)
	if diff := cmp.Diff([]string{"raised"}, p.told(Waiting)); diff != "" {
		t.Error(diff)
	}
	list := w.List()
	if len(list) != 1 || list[0].Name != Waiting || list[0].Value != 3 || list[0].Threshold != 2 ||
		!w.Firing()[Waiting] || w.Firing()[Failed] {
		t.Errorf("%+v", list)
	}
	if text := p.pages[0].Text; !strings.Contains(text, "3 conversations wait (limit 2)") || !strings.Contains(text, "Answer more at once") {
		t.Errorf("%q", text)
	}

	// Another start of the process knows what was told.
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = openFile(t, path)
	w = watcher(t, e, p, func(o *Options) { o.Process = "b" })
	readings(t, w, 50)
	answer(t, e, 3)
	readings(t, w, 50)
	if diff := cmp.Diff([]string{"raised", "ended"}, p.told(Waiting)); diff != "" {
		t.Error(diff)
	}
	if p.pages[0].Incident != p.pages[1].Incident || p.pages[1].Alert.Ended.IsZero() || len(p.pages) != 2 {
		t.Errorf("%+v", p.pages)
	}
	if past := w.Past(); len(w.List()) != 0 || len(past) != 1 || past[0].Name != Waiting {
		t.Errorf("%+v, past %+v", w.List(), past)
	}
}

func TestAReceiverThatIsDownIsToldLater(t *testing.T) {
	p := newPager(t)
	e := openFile(t, filepath.Join(t.TempDir(), "tania.db"))
	w := watcher(t, e, p, nil)
	var log bytes.Buffer
	w.Log = slog.New(slog.NewTextHandler(&log, nil))
	p.setDown(true)
	crowd(t, e, 3)
	readings(t, w, 100)
	if p.attempts < 4 || p.attempts > 12 {
		t.Errorf("%d attempts within 100 readings: want a doubling pause, five minutes at most", p.attempts)
	}
	p.setDown(false)
	readings(t, w, longestPause+1)
	answer(t, e, 3)
	readings(t, w, 50)
	if diff := cmp.Diff([]string{"raised", "ended"}, p.told(Waiting)); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(log.String(), "secret-path") {
		t.Errorf("the receiver's address is in the log: %s", log.String())
	}
}

func TestAnIncidentThatIsOverBeforeItCouldBeToldIsToldWithItsEnd(t *testing.T) {
	p := newPager(t)
	e := openFile(t, filepath.Join(t.TempDir(), "tania.db"))
	w := watcher(t, e, p, nil)
	p.setDown(true)
	crowd(t, e, 3)
	readings(t, w, 10)
	answer(t, e, 3)
	readings(t, w, 10)
	p.setDown(false)
	readings(t, w, longestPause+1)
	if diff := cmp.Diff([]string{"ended"}, p.told(Waiting)); diff != "" {
		t.Error(diff)
	}
}

// quick is short, so that leads change hands within a test, and long beside what a busy machine needs.
const quick = 150 * time.Millisecond

// fleet runs n watchers, each with its own connection, and gives how to stop each.
func fleet(t *testing.T, s *redistest.Server, p *pager, n int) (watchers []*Watcher, stops []func()) {
	t.Helper()
	for i := range n {
		w := watcher(t, enginetest.Redis(t, s, queue.Options{Debounce: -1, DebounceMax: -1}), p, func(o *Options) {
			o.Process, o.Shared, o.Every = fmt.Sprint("process ", i), true, quick
		})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			if err := w.Run(ctx); err != nil {
				t.Error(err)
			}
		}()
		ended := sync.OnceFunc(func() { stop(); <-done })
		t.Cleanup(ended)
		watchers, stops = append(watchers, w), append(stops, ended)
	}
	return watchers, stops
}

func TestOfSeveralProcessesOneTells(t *testing.T) {
	s := redistest.Start(t)
	p := newPager(t)
	e := enginetest.Redis(t, s, queue.Options{Debounce: -1, DebounceMax: -1})
	watchers, stops := fleet(t, s, p, 3)
	crowd(t, e, 3)
	p.await(t, Waiting, "raised")
	leader := slices.IndexFunc(watchers, func(w *Watcher) bool { return w.Process == p.pages[0].Process })
	stops[leader]()
	answer(t, e, 3)
	// Another one goes on, and knows what was told.
	p.await(t, Waiting, "raised", "ended")
	if p.pages[1].Process == p.pages[0].Process || p.pages[0].Incident != p.pages[1].Incident {
		t.Errorf("%+v", p.pages)
	}
	for i, w := range watchers {
		if i != leader { // the others learn it with their next reading
			awaitTrue(t, func() bool { return len(w.List()) == 0 && len(w.Past()) == 1 })
		}
	}
}

func TestALostRedisIsToldByOneProcess(t *testing.T) {
	s := redistest.Start(t)
	p := newPager(t)
	watchers, _ := fleet(t, s, p, 3)
	for _, w := range watchers { // until each has heard who speaks
		awaitTrue(t, func() bool { return w.heard.Load() })
	}
	s.Kill()
	p.await(t, RedisLost, "raised")
	for _, w := range watchers {
		awaitTrue(t, func() bool {
			return slices.ContainsFunc(w.List(), func(a Alert) bool { return a.Name == RedisLost })
		})
	}
	if err := s.Launch(); err != nil {
		t.Fatal(err)
	}
	p.await(t, RedisLost, "raised", "ended")
	for _, w := range watchers {
		awaitTrue(t, func() bool { return len(w.List()) == 0 })
	}
	if told := p.told(RedisLost); len(told) != 2 {
		t.Errorf("told %q", told)
	}
}

// awaitTrue polls what gives no signal.
func awaitTrue(t *testing.T, condition func() bool) {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), 30*time.Second)
	defer done()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("waited in vain")
		}
	}
}
