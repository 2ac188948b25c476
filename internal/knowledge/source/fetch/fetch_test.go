package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server serves on a loopback address, and counts.
type server struct {
	*httptest.Server
	hits atomic.Int64
}

func serve(t *testing.T, handle http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.hits.Add(1)
		handle(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// host is the server's name with its port.
func (s *server) host() string { return strings.TrimPrefix(s.URL, "http://") }

// clock stands still but for those who sleep by it.
type clock struct {
	mu     sync.Mutex
	at     time.Time
	sleeps []time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.sleeps = c.at.Add(d), append(c.sleeps, d)
	return ctx.Err()
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

// fetcher may read the servers, by their ports.
func fetcher(t *testing.T, o Options, servers ...*server) *Fetcher {
	t.Helper()
	for _, s := range servers {
		o.Private = append(o.Private, s.host())
	}
	if o.Now == nil {
		c := newClock()
		o.Now, o.Sleep = c.now, c.sleep
	}
	f, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func TestOnlyWhatChangedIsSentAgain(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Sun, 01 Mar 2026 10:00:00 GMT")
		if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte("text by " + r.UserAgent()))
	})
	f := fetcher(t, Options{UserAgent: "Tania/1"}, s)
	first, err := f.Get(t.Context(), Request{URL: s.URL + "/a#part"})
	if err != nil || string(first.Body) != "text by Tania/1" || first.NotModified || first.URL != s.URL+"/a" {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := f.Get(t.Context(), Request{URL: s.URL + "/a", ETag: first.ETag, LastModified: first.LastModified})
	if err != nil || !again.NotModified || len(again.Body) > 0 {
		t.Fatalf("%+v, %v", again, err)
	}
}

func TestNoAddressButAWebPages(t *testing.T) {
	f := fetcher(t, Options{})
	for _, address := range []string{
		"file:///etc/passwd", "ftp://example.com/a", "gopher://example.com", "/relative", "", "http://", "https://me:hunter2@example.com/",
		"http://[::1", "javascript:alert(1)",
	} {
		if _, err := f.Get(t.Context(), Request{URL: address}); !errors.Is(err, ErrAddress) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	big := bytes.Repeat([]byte("a"), 5000)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	for range 2_000 {
		if _, err := z.Write(big); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb": // 10 MB in 10 kB
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(zipped.Bytes())
		case "/large":
			_, _ = w.Write(big)
		case "/endless":
			for r.Context().Err() == nil {
				_, _ = w.Write(big)
			}
		default:
			_, _ = w.Write(big[:4096])
		}
	})
	f := fetcher(t, Options{MaxBytes: 4096}, s)
	for _, path := range []string{"/bomb", "/large", "/endless"} {
		if _, err := f.Get(t.Context(), Request{URL: s.URL + path}); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if n := s.hits.Load(); n != 3 {
		t.Errorf("%d requests; what is too large is not asked for again", n)
	}
	if a, err := f.Get(t.Context(), Request{URL: s.URL + "/fits"}); err != nil || len(a.Body) != 4096 {
		t.Errorf("what just fits: %v", err)
	}
}

func TestAServerThatDripsIsLeft(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for r.Context().Err() == nil {
			<-tick.C
			_, _ = w.Write([]byte("."))
			_ = http.NewResponseController(w).Flush()
		}
	})
	f := fetcher(t, Options{Timeout: 50 * time.Millisecond, Tries: 1}, s)
	for s.hits.Load() == 0 { // a slow machine may not get to the server in that time
		if _, err := f.Get(t.Context(), Request{URL: s.URL}); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
	}
}

func TestAServerIsWaitedFor(t *testing.T) {
	for name, c := range map[string]struct {
		retryAfter string
		tries      int64
		waits      []time.Duration
	}{
		"in seconds":    {"7", 3, []time.Duration{7 * time.Second, 7 * time.Second}},
		"until a date":  {"Sun, 01 Mar 2026 12:00:09 GMT", 3, []time.Duration{9 * time.Second}},
		"without a say": {"", 3, []time.Duration{time.Second, 2 * time.Second}},
		"for too long":  {"86400", 1, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", c.retryAfter)
				w.WriteHeader(http.StatusServiceUnavailable)
			})
			at := newClock()
			f := fetcher(t, Options{Now: at.now, Sleep: at.sleep, Pause: time.Millisecond}, s)
			_, err := f.Get(t.Context(), Request{URL: s.URL})
			if status, ok := errors.AsType[StatusError](err); !ok || status.Status != http.StatusServiceUnavailable || s.hits.Load() != c.tries {
				t.Errorf("%v after %d requests", err, s.hits.Load())
			}
			for i, want := range c.waits {
				if i >= len(at.sleeps) || at.sleeps[i] != want {
					t.Errorf("waited %v, want %v", at.sleeps, c.waits)
					break
				}
			}
		})
	}
}

func TestAServerThatComesBackIsRead(t *testing.T) {
	s := serve(t, nil)
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if s.hits.Add(1) < 3 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		_, _ = w.Write([]byte("back"))
	})
	if a, err := fetcher(t, Options{}, s).Get(t.Context(), Request{URL: s.URL}); err != nil || string(a.Body) != "back" {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestADownServerIsAnError(t *testing.T) {
	s := serve(t, nil)
	f := fetcher(t, Options{}, s)
	s.Close()
	if _, err := f.Get(t.Context(), Request{URL: s.URL}); err == nil || Gone(err) {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsGoneIsSaid(t *testing.T) {
	for _, status := range []int{http.StatusNotFound, http.StatusGone, http.StatusForbidden} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		_, err := fetcher(t, Options{}, s).Get(t.Context(), Request{URL: s.URL})
		if Gone(err) != (status != http.StatusForbidden) || s.hits.Load() != 1 {
			t.Errorf("%d: %v after %d requests", status, err, s.hits.Load())
		}
	}
}

func TestRequestsToAHostLieApart(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			_, _ = w.Write([]byte("User-agent: *\nCrawl-delay: 3\n"))
		}
	})
	at := newClock()
	f := fetcher(t, Options{Now: at.now, Sleep: at.sleep, Pause: time.Second}, s)
	for i, crawls := range []bool{false, false, true, true, true} {
		if _, err := f.Get(t.Context(), Request{URL: fmt.Sprint(s.URL, "/", i), Robots: crawls}); err != nil {
			t.Fatal(err)
		}
	}
	// The third waits for robots.txt and after it; what that asks for holds from then on.
	if want := []time.Duration{time.Second, time.Second, time.Second, 3 * time.Second, 3 * time.Second}; !slices.Equal(at.sleeps, want) {
		t.Errorf("waited %v, want %v", at.sleeps, want)
	}
}

func TestRedirectsWaitTheirTurn(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
		}
	})
	at := newClock()
	f := fetcher(t, Options{Now: at.now, Sleep: at.sleep, Pause: time.Second}, s)
	a, err := f.Get(t.Context(), Request{URL: s.URL + "/old"})
	if err != nil || a.URL != s.URL+"/new" || !slices.Equal(at.sleeps, []time.Duration{time.Second}) {
		t.Errorf("%+v, %v after waiting %v", a, err, at.sleeps)
	}
}

func TestRobotsAreObeyed(t *testing.T) {
	text := "User-agent: Other\nDisallow: /\n\nUser-agent: *\nDisallow: /private\n"
	status := http.StatusOK
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			w.WriteHeader(status)
			_, _ = w.Write([]byte(text))
		case "/hidden":
			http.Redirect(w, r, "/private/page", http.StatusFound)
		}
	})
	get := func(path string) error {
		_, err := fetcher(t, Options{UserAgent: "Tania/1"}, s).Get(t.Context(), Request{URL: s.URL + path, Robots: true})
		return err
	}
	for path, refused := range map[string]bool{"/open": false, "/private/page": true, "/hidden": true} {
		if err := get(path); errors.Is(err, ErrDisallowed) != refused {
			t.Errorf("%s: %v", path, err)
		}
	}
	if text = "User-agent: tania\nDisallow: /open\n"; !errors.Is(get("/open"), ErrDisallowed) {
		t.Error("what is said to Tania is not obeyed")
	}
	if status = http.StatusNotFound; get("/private/page") != nil {
		t.Error("a robots.txt that is not there forbids")
	}
	if status = http.StatusInternalServerError; get("/open") == nil {
		t.Error("a robots.txt that cannot be read allows")
	}
}
