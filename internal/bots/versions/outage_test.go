package versions_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"tania/internal/bot"
	"tania/internal/bots/versions"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/redistest"
)

// TestRedisIsAwayDuringAPublish leaves the version before to all processes, and publishes the change once when Redis is back, whether Redis
// did what it was asked before it went or not.
func TestRedisIsAwayDuringAPublish(t *testing.T) {
	for name, outage := range map[string]func(t *testing.T, server *redistest.Server, proxy *redistest.Proxy) (back func()){
		"nothing passes": func(_ *testing.T, _ *redistest.Server, proxy *redistest.Proxy) func() {
			proxy.Stall()
			return proxy.Heal
		},
		"it does what it was asked, and nobody hears of it": func(t *testing.T, server *redistest.Server, _ *redistest.Proxy) func() {
			if err := server.Freeze(); err != nil {
				t.Fatal(err)
			}
			return func() {
				if err := server.Thaw(); err != nil {
					t.Fatal(err)
				}
			}
		},
		"it was killed": func(t *testing.T, server *redistest.Server, _ *redistest.Proxy) func() {
			server.Kill()
			return func() {
				if err := server.Launch(); err != nil {
					t.Fatal(err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
			proxy := redistest.NewProxy(t, server.Addr())
			w := &town{t: t, dir: t.TempDir()}
			w.write("bot.yaml", "name: Ana\n")
			store := enginetest.RedisAt(t, proxy.URL(), queue.Options{})
			going := &goingAway{Bots: store}
			publisher, follower := follows(w.dir, going), follows(t.TempDir(), enginetest.Redis(t, server, queue.Options{}))
			for _, p := range []*adopter{publisher, follower} {
				if err := p.Settle(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			publisher.is(t, "Ana 1")
			follower.is(t, "Ana 1")
			ctx, stop := context.WithCancel(t.Context())
			followed := make(chan error, 1)
			go func() { followed <- follower.Run(ctx, nil) }()
			defer func() {
				stop()
				if err := <-followed; err != nil {
					t.Error(err)
				}
			}()

			w.write("bot.yaml", "name: Berta\n")
			var back func()
			going.before = func() { back = outage(t, server, proxy) }
			short, done := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer done()
			if v, err := publisher.Reload(short, "a change"); err == nil {
				t.Fatalf("published %+v without Redis", v)
			}
			publisher.still(t)
			if back == nil {
				t.Fatal("nothing was published")
			}
			back()
			settled, end := context.WithTimeout(t.Context(), 20*time.Second)
			defer end()
			for publisher.Settle(settled) != nil {
				if settled.Err() != nil {
					t.Fatal("Redis is back, and the change is not published")
				}
			}
			publisher.is(t, "Berta 2")
			follower.is(t, "Berta 2")
			if list, err := store.BotVersions(t.Context(), versions.Name); err != nil || len(list) != 2 {
				t.Errorf("%d versions, %v: %+v", len(list), err, list)
			}
		})
	}
}

// goingAway is a store that goes away when a version is to be published.
type goingAway struct {
	queue.Bots
	before func()
}

func (g *goingAway) PublishBot(ctx context.Context, from int, v queue.BotVersion) (queue.BotVersion, error) {
	if g.before != nil {
		g.before()
		g.before = nil
	}
	return g.Bots.PublishBot(ctx, from, v)
}

// adopter is a follower whose adopted versions come out of a channel.
type adopter struct {
	*versions.Follower
	adopted chan string
}

func follows(dir string, store queue.Bots) *adopter {
	a := &adopter{adopted: make(chan string, 10)}
	a.Follower = &versions.Follower{
		Store: store, Source: versions.Source{FS: os.DirFS(dir), Name: "bot.yaml", Optional: true}, Shared: true,
		Log:   slog.New(slog.DiscardHandler),
		Adopt: func(b *bot.Bot, number int) { a.adopted <- fmt.Sprint(b.Name, " ", number) },
	}
	return a
}

// is waits for the next version, which has to be this one.
func (a *adopter) is(t *testing.T, want string) {
	t.Helper()
	select {
	case got := <-a.adopted:
		if got != want {
			t.Errorf("adopted %q, want %q", got, want)
		}
	case <-time.After(20 * time.Second):
		t.Fatalf("waited in vain for %q", want)
	}
}

// still checks that no version came since the last.
func (a *adopter) still(t *testing.T) {
	t.Helper()
	select {
	case got := <-a.adopted:
		t.Errorf("adopted %q", got)
	default:
	}
}
