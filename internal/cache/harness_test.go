package cache_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/cache"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/cache/store/memstore"
	"tania/internal/cache/store/redisstore"
	"tania/internal/logtest"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// server is the Redis of all tests that do not harm it.
var server *redistest.Server

func TestMain(m *testing.M) {
	os.Exit(redistest.Main(m, func(s *redistest.Server) (func(), error) {
		server = s
		return func() {}, nil
	}))
}

var names atomic.Int64

func newName() string { return fmt.Sprintf("cache%d", names.Add(1)) }

// redisStore opens a store as one of several processes does.
func redisStore(t testing.TB, url, name string) store.Store {
	t.Helper()
	o, err := redisconn.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	s := redisstore.Open(t.Context(), redisstore.Options{Redis: o, Name: name})
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func memory(t testing.TB) store.Store {
	s := memstore.New(memstore.Options{})
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// plain is a model that looks at the words in common alone: it serves from two thirds.
func plain() *same.Model {
	weights := make([]float64, len(same.FeatureNames))
	for i, name := range same.FeatureNames {
		switch name {
		case "one":
			weights[i] = -12
		case "term cosine":
			weights[i] = 24
		}
	}
	return same.NewModel(weights, 0.5)
}

// never verifies nothing.
const never = -1

// start runs a cache until the test ends.
func start(t testing.TB, o cache.Options) *cache.Cache {
	t.Helper()
	c, stop := process(t, o)
	t.Cleanup(stop)
	return c
}

// process runs a cache until it is stopped.
func process(t testing.TB, o cache.Options) (c *cache.Cache, stop func()) {
	t.Helper()
	if o.Model == nil {
		o.Model = plain()
	}
	c = cache.New(o)
	ctx, end := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	limited, done := context.WithTimeout(ctx, 10*time.Second)
	defer done()
	must(t, c.Started(limited))
	return c, func() {
		end()
		must(t, <-ended)
	}
}

// two are two processes on one Redis.
func two(t testing.TB, o cache.Options) (here, there *cache.Cache) {
	name := newName()
	o.Store = redisStore(t, server.URL(), name)
	here = start(t, o)
	o.Store = redisStore(t, server.URL(), name)
	return here, start(t, o)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var shop = store.Scope{Account: 1, Inbox: 2, Language: tania.Spanish, Version: "v1"}

func asked(text string) shareable.Request { return shareable.Request{Scope: shop, Text: text} }

func made(text string) shareable.Candidate {
	return shareable.Candidate{Text: text, Alone: true, Known: true, Tokens: 900, Cost: 300}
}

// Questions that the gate admits, and answers that have nothing in common.
const (
	hours    = "¿Cuál es el horario de la tienda?"
	hours2   = "el horario de la tienda"
	returns  = "¿Cómo devuelvo un producto defectuoso?"
	password = "¿Cómo cambio mi contraseña?"
	opens    = "Abrimos de nueve a seis, de lunes a viernes."
	back     = "Traiga el artículo con su recibo dentro de treinta días."
	reset    = "Pulse «Olvidé mi clave» y siga el enlace del correo."
)

// look looks up, and does not count on an answer.
func look(t testing.TB, c *cache.Cache, text string) cache.Look {
	t.Helper()
	return c.Look(t.Context(), asked(text))
}

// tell has a question answered and kept, and gives the entry's id.
func tell(t testing.TB, c *cache.Cache, text, answer string) string {
	t.Helper()
	return tellMade(t, c, text, made(answer))
}

func tellMade(t testing.TB, c *cache.Cache, text string, m shareable.Candidate) string {
	t.Helper()
	before := c.Entries()
	l := look(t, c, text)
	if l.Hit || l.Refusal != "" {
		t.Fatalf("%q: %+v, want a miss", text, l)
	}
	if why := c.Keep(asked(text), l, m); why != "" {
		t.Fatalf("%q is not kept: %s", text, why)
	}
	settle(t, c)
	for id, e := range c.Entries() {
		if _, old := before[id]; !old && e.Question == text {
			return id
		}
	}
	return ""
}

func settle(t testing.TB, caches ...*cache.Cache) {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), 2*time.Minute)
	defer done()
	for _, c := range caches {
		must(t, c.Settle(ctx))
	}
	for _, c := range caches { // what the first one did behind the second
		must(t, c.CatchUp(ctx))
	}
}

// serves wants a hit with an answer.
func serves(t testing.TB, c *cache.Cache, text, answer string) cache.Look {
	t.Helper()
	l := look(t, c, text)
	if !l.Hit || l.Answer != answer {
		t.Fatalf("%q: hit %v (%s), %q, refused %q, score %.3f; want %q", text, l.Hit, l.Tier, l.Answer, l.Refusal, l.Score, answer)
	}
	return l
}

// misses wants none.
func misses(t testing.TB, c *cache.Cache, text string) cache.Look {
	t.Helper()
	l := look(t, c, text)
	if l.Hit || l.Refusal != "" {
		t.Fatalf("%q: hit %v, %q, refused %q; want a miss", text, l.Hit, l.Answer, l.Refusal)
	}
	return l
}

// eventually waits for what comes by itself.
func eventually(t testing.TB, what string, within time.Duration, is func() bool) {
	t.Helper()
	limit := time.NewTimer(within)
	defer limit.Stop()
	every := time.NewTicker(5 * time.Millisecond)
	defer every.Stop()
	for !is() {
		select {
		case <-every.C:
		case <-limit.C:
			t.Fatalf("not within %s: %s", within, what)
		}
	}
}

// counters are those that all processes share.
type counters struct {
	mu  sync.Mutex
	all map[string]int64
}

func (c *counters) share(o *cache.Options) {
	o.Count = func(_ context.Context, delta map[string]int64) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.all == nil {
			c.all = map[string]int64{}
		}
		for name, n := range delta {
			c.all[name] += n
		}
		return nil
	}
	o.Counters = func(context.Context) (map[string]int64, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		all := map[string]int64{}
		for name, n := range c.all {
			all[name] = n
		}
		return all, nil
	}
}

func stats(t testing.TB, c *cache.Cache) cache.Stats {
	t.Helper()
	s, err := c.Stats(t.Context())
	must(t, err)
	return s
}

// book is a log that can be read while it is written.
type book struct{ logtest.Buffer }

func (b *book) says(part string) bool { return strings.Contains(b.String(), part) }

func (b *book) log() *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }
