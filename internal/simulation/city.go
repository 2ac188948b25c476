// Package simulation is a whole city in one process and one bubble of synctest: a simulated Chatwoot, its customers and agents, a
// model, a disk, and Tania itself, whose process is killed and whose power is cut. One seed decides what happens when. It is for tests.
package simulation

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/governor"
	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/sqlitetest"
	"tania/internal/tania"
	"tania/internal/worker"
)

const (
	botToken  = "bot-token"
	agent     = tania.UserID(9)
	agentName = "user-token"
)

// city is one simulated world.
type city struct {
	t    testing.TB
	seed uint64
	plan plan
	sim  *installation.Server
	log  *slog.Logger
	dir  string // of the locks, which are the system's own files
	born time.Time

	mu       sync.Mutex
	random   *rand.Rand
	disk     *sqlitetest.Disk
	process  *process // nil while Tania is down
	started  int
	restarts sync.WaitGroup
}

// newCity builds the world of a seed, in a bubble, with Tania started in it on a copy of a disk.
func newCity(t testing.TB, seed uint64, image *sqlitetest.Disk, dir string, log *slog.Logger) *city {
	c := &city{
		t: t, seed: seed, plan: newPlan(seed), log: log, dir: dir, born: time.Now(),
		random: rand.New(rand.NewPCG(seed, 2)), disk: image.Copy(),
	}
	sim, err := installation.New(chatwootsim.Options{
		Bot:   chatwootsim.Bot{Token: botToken, URL: "http://tania.test/chatwoot/webhook", Secret: "secret"},
		Users: []chatwootsim.User{{ID: agent, Name: "Ana", Token: agentName}},
		Seed:  seed, NoFloodLimit: true, Transport: roundTrip(c.webhook), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.Inject(c.plan.faults...); err != nil {
		t.Fatal(err)
	}
	c.sim = sim
	c.start(c.disk)
	return c
}

// close ends the world.
func (c *city) close() {
	c.restarts.Wait()
	c.sim.Close()
	c.mu.Lock()
	p := c.process
	c.mu.Unlock()
	if p != nil {
		p.disk.OnWrite(nil)
		p.close()
	}
	c.disk.Close()
}

// start has Tania begin on a disk.
func (c *city) start(disk *sqlitetest.Disk) {
	c.mu.Lock()
	c.started++
	number := c.started
	c.mu.Unlock()
	p, err := newProcess(c, disk, filepath.Join(c.dir, fmt.Sprintf("%d-%d", c.seed, number), "tania.db"))
	if err != nil {
		c.t.Errorf("seed %d: Tania did not start the %d. time: %v", c.seed, number, err)
		return
	}
	c.mu.Lock()
	c.disk, c.process = disk, p
	c.mu.Unlock()
	if number <= len(c.plan.deaths) {
		p.dieAt(c.plan.deaths[number-1])
	}
}

// died is called once for each process that is killed, with the disk that it leaves.
func (c *city) died(p *process, left *sqlitetest.Disk, d death) {
	c.mu.Lock()
	c.process = nil
	old := c.disk
	c.mu.Unlock()
	c.restarts.Go(func() {
		p.close()
		old.Close()
		time.Sleep(d.downFor)
		c.start(left)
	})
}

// webhook carries a delivery of Chatwoot to Tania, through a proxy that says 500 while Tania is down.
func (c *city) webhook(q *http.Request) (*http.Response, error) {
	c.mu.Lock()
	p := c.process
	c.mu.Unlock()
	if p == nil {
		return answered(q, http.StatusInternalServerError, "text/plain", "down"), nil
	}
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return nil, err
	}
	to := q.Clone(q.Context())
	to.Body, to.RequestURI, to.RemoteAddr = io.NopCloser(strings.NewReader(string(body))), q.URL.RequestURI(), "127.0.0.1:1"
	w := httptest.NewRecorder()
	p.web.ServeHTTP(w, to)
	// A process that dies before its answer is read has given none.
	if !p.finish(func() {}) {
		return answered(q, http.StatusInternalServerError, "text/plain", "down"), nil
	}
	return w.Result(), q.Context().Err()
}

// away reports whether a server is away now, as the plan has it.
func (c *city) away(windows []window) bool {
	for _, w := range windows {
		if w.holds(time.Since(c.born)) {
			return true
		}
	}
	return false
}

// chance draws from the city's random numbers.
func (c *city) chance(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.random.IntN(n)
}

type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f roundTrip) RoundTrip(q *http.Request) (*http.Response, error) { return f(q) }

func answered(q *http.Request, status int, contentType, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: q,
		Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(strings.NewReader(body)),
	}
}

// idle waits, for some hours of the bubble at most, until nothing is left to do.
func (c *city) idle(ctx context.Context) error {
	for range 4 * 3600 {
		c.mu.Lock()
		p := c.process
		c.mu.Unlock()
		if p != nil && c.sim.Settled() {
			s, err := p.engine.Stats(ctx)
			if err == nil && s.Waiting+s.Active+s.Delayed == 0 {
				return nil
			}
		}
		time.Sleep(time.Second)
	}
	return fmt.Errorf("work is left after hours")
}

// formatted is a disk with Tania's file on it, and nothing in the file yet: making one takes longer than to copy it.
func formatted(ctx context.Context, path string) (*sqlitetest.Disk, error) {
	disk := sqlitetest.NewDisk()
	engine, err := sqlitequeue.OpenOn(ctx, disk.VFS(), path, queue.Options{})
	if err != nil {
		return nil, err
	}
	return disk, engine.Close()
}

func (c *city) governor() governor.Options {
	return governor.Options{HumanTimeout: 5 * time.Minute, BotLabel: "bot", Self: &governor.Self{}}
}

// quietTime ends a burst, longestBurst bounds it.
const (
	quietTime    = 1500 * time.Millisecond
	longestBurst = 8 * time.Second
)

// thinksAhead reports whether the workers wait for a burst's end, or the queue does: in one city the one, in the next the other.
func (c *city) thinksAhead() bool { return c.seed%2 == 0 }

func (c *city) queue() queue.Options {
	if c.thinksAhead() {
		return queue.Options{Debounce: -1, DebounceMax: -1}
	}
	return queue.Options{Debounce: quietTime, DebounceMax: longestBurst}
}

func (c *city) worker() worker.Options {
	o := worker.Options{
		Concurrency: 2 + int(c.seed%4), MaxAttempts: 3, RetryDelay: time.Second, ProcessingTimeout: 45 * time.Second, RestartOnNew: true,
		Lease: 15 * time.Second, ReplyMaxAge: time.Hour, TypingInterval: 5 * time.Second, Grace: time.Second,
	}
	if c.thinksAhead() {
		o.Quiet, o.QuietMost = quietTime, longestBurst
	}
	return o
}
