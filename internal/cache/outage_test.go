package cache_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tania/internal/cache"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/redistest"
)

// hurry is what a turn may lose in the cache on a machine that is busy: its patience twice, and scheduling.
const hurry = 400 * time.Millisecond

// turn is what a worker does with the cache; it must neither fail nor take long.
func turn(t *testing.T, c *cache.Cache, text string) cache.Look {
	t.Helper()
	began := time.Now()
	l := look(t, c, text)
	if !l.Hit {
		l = c.Await(t.Context(), asked(text), l, time.Minute)
		c.Keep(asked(text), l, made(opens))
	}
	if took := time.Since(began); took > hurry {
		t.Errorf("a turn lost %s", took)
	}
	return l
}

func TestAStoreThatFailsOrIsSlowCostsNobodyAnything(t *testing.T) {
	for name, fault := range map[string]func(*redistest.Server, *redistest.Proxy) (heal func()){
		"refused": func(_ *redistest.Server, p *redistest.Proxy) func() { p.Refuse(); return p.Heal },
		"stalled": func(_ *redistest.Server, p *redistest.Proxy) func() { p.Stall(); return p.Heal },
		"slow":    func(_ *redistest.Server, p *redistest.Proxy) func() { p.Delay(2 * time.Second); return p.Heal },
		"frozen": func(s *redistest.Server, _ *redistest.Proxy) func() {
			must(t, s.Freeze())
			return func() { must(t, s.Thaw()) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			redis := redistest.Start(t)
			proxy := redistest.NewProxy(t, redis.Addr())
			c := start(t, cache.Options{Store: redisStore(t, proxy.URL(), "t"), Verify: never})
			direct := start(t, cache.Options{Store: redisStore(t, redis.URL(), "t"), Verify: never})
			tell(t, c, hours, opens)
			serves(t, c, hours, opens)

			heal := fault(redis, proxy)
			began := time.Now()
			eventually(t, "what was known is no longer trusted", 2*time.Second, func() bool {
				return !turn(t, c, hours).Hit
			})
			took := time.Since(began)
			for range 5 {
				if l := turn(t, c, hours); l.Hit || l.Refusal != shareable.RefusalAway {
					t.Errorf("%+v, want that the store is away", l)
				}
				turn(t, c, returns)
			}
			if !stats(t, c).Away {
				t.Error("the stats do not say that the store is away")
			}
			if name == "refused" || name == "stalled" || name == "slow" { // the other process has its Redis
				_, err := direct.Clear(t.Context())
				must(t, err)
				tell(t, direct, password, reset)
			}
			heal()
			eventually(t, "it serves again", 15*time.Second, func() bool { return !stats(t, c).Away })
			if name == "frozen" {
				serves(t, c, hours, opens)
			} else {
				misses(t, c, hours) // it was cleared when this process could not hear of it
				serves(t, c, password, reset)
			}
			if took > 1500*time.Millisecond {
				t.Errorf("it was trusted for %s", took)
			}
		})
	}
}

// away is a store that fails from the start.
type away struct{ store.Store }

func (away) Load(context.Context) (store.Snapshot, error) {
	return store.Snapshot{}, errors.New("no route to host")
}

func TestACacheThatWasNeverLoadedMissesEverything(t *testing.T) {
	log := &book{}
	c := cache.New(cache.Options{Store: away{memory(t)}, Model: plain(), Log: log.log()})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	eventually(t, "it says so", 5*time.Second, func() bool { return log.says("store is away") })
	if l := turn(t, c, hours); l.Hit || l.Refusal != shareable.RefusalAway {
		t.Errorf("%+v", l)
	}
	limited, done := context.WithTimeout(ctx, 10*time.Millisecond)
	defer done()
	if err := c.Started(limited); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("started: %v", err)
	}
	stop()
	must(t, <-ended)
}
