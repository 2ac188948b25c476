package cache_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/cache"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/tania"
)

func faq(text string) shareable.Candidate {
	m := made(text)
	m.Sources = []string{"faq:hours"}
	return m
}

func TestAnAnswerLivesAsLongAsItsCategory(t *testing.T) {
	c := start(t, cache.Options{Store: memory(t)})
	for category, life := range map[store.Category]time.Duration{
		store.CategoryFAQ: 24 * time.Hour, store.CategoryGeneral: 4 * time.Hour, store.CategoryTransient: 30 * time.Minute,
	} {
		least, most := life, time.Duration(0)
		for range 2000 {
			d := c.LifeOf(category)
			least, most = min(least, d), max(most, d)
		}
		if least < life-life/10 || least > life-life/11 || most > life || most < life-life/100 {
			t.Errorf("%s lives from %s to %s, want up to a tenth less than %s", category, least, most, life)
		}
	}
	for _, e := range []struct {
		text, answer string
		made         shareable.Candidate
		want         store.Category
	}{
		{hours, opens, faq(opens), store.CategoryFAQ},
		{returns, back, made(back), store.CategoryGeneral},
		{"¿Qué descuentos tienen los estudiantes?", "Un diez por ciento.", made("Un diez por ciento."), store.CategoryTransient},
		{"¿Cuál es el precio de las bicicletas?", "Desde 200 €.", faq("Desde 200 €."), store.CategoryTransient},
	} {
		id := tellMade(t, c, e.text, e.made)
		if got := c.Entries()[id].Category; got != e.want {
			t.Errorf("%q is %s, want %s", e.text, got, e.want)
		}
	}
	m := made(reset)
	m.Category = store.CategoryFAQ // as bot.yaml says
	id := tellMade(t, c, password, m)
	if got := c.Entries()[id].Category; got != store.CategoryFAQ {
		t.Errorf("bot.yaml's category became %s", got)
	}
}

// short lives, so that a test need not wait for a day to pass.
var short = map[store.Category]time.Duration{
	store.CategoryFAQ: 10 * time.Minute, store.CategoryGeneral: 5 * time.Minute, store.CategoryTransient: time.Minute,
}

func later(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestHitsDoNotExtendALife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := memory(t)
		c := start(t, cache.Options{Store: kept, Life: short, Verify: never})
		id := tell(t, c, hours, opens)
		expires := c.Entries()[id].Expires
		for time.Until(expires) > 10*time.Second {
			serves(t, c, hours, opens)
			serves(t, c, hours2, opens)
			later(10 * time.Second)
		}
		if got := c.Entries()[id].Expires; !got.Equal(expires) {
			t.Errorf("hits moved the end from %s to %s", expires, got)
		}
		later(time.Until(expires))
		misses(t, c, hours)
		misses(t, c, hours2)
		later(2 * time.Minute)
		all, err := kept.Load(t.Context())
		must(t, err)
		if len(all.Entries) != 0 || len(c.Entries()) != 0 {
			t.Errorf("%d entries are left in the store, %d in the indexes", len(all.Entries), len(c.Entries()))
		}
	})
}

func TestAnAliasDoesNotOutliveItsOwnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, cache.Options{Store: memory(t), Life: short, Verify: never})
		first := tell(t, c, hours, opens)
		later(3 * time.Minute)
		alias := tell(t, c, "¿Qué días abre el almacén grande?", opens)
		if a, b := c.Entries()[first], c.Entries()[alias]; a.Cluster != b.Cluster || !b.Expires.After(a.Expires) {
			t.Fatalf("want two of one cluster, the second lasting longer: %+v, %+v", a, b)
		}
		later(time.Until(c.Entries()[first].Expires))
		misses(t, c, hours)
		serves(t, c, "¿Qué días abre el almacén grande?", opens)
		later(time.Until(c.Entries()[alias].Expires))
		misses(t, c, "¿Qué días abre el almacén grande?")
	})
}

func TestWhatExpiredWhileNobodyRanIsRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := memory(t)
		before, stop := process(t, cache.Options{Store: kept, Life: short})
		tell(t, before, hours, opens)
		stop()
		later(time.Hour)
		start(t, cache.Options{Store: kept})
		synctest.Wait()
		all, err := kept.Load(t.Context())
		must(t, err)
		if len(all.Entries) != 0 {
			t.Errorf("%d entries are left in the store", len(all.Entries))
		}
	})
}

func TestPopularAnswersAreRefreshedAheadByOneProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		o := cache.Options{
			Store: memory(t), Life: short, Verify: never,
			Fresh: func(_ context.Context, r shareable.Request) (shareable.Candidate, error) {
				calls.Add(1)
				if r.Text != hours || r.Scope != shop || len(r.History) > 0 || r.Contact != (tania.Contact{}) {
					t.Errorf("%+v is asked anew", r)
				}
				<-time.After(2 * time.Second)
				return faq("Abrimos de diez a siete."), nil
			},
		}
		caches := []*cache.Cache{start(t, o), start(t, o)}
		here := caches[0]
		id := tellMade(t, here, hours, faq(opens))
		unpopular := tellMade(t, here, returns, faq(back))
		general := tell(t, here, password, reset)
		settle(t, caches...)
		for range 8 {
			for _, c := range caches {
				serves(t, c, hours, opens)
				if c.Entries()[general].Expires.After(time.Now()) {
					serves(t, c, password, reset)
				}
			}
		}
		e := here.Entries()[id]
		later(time.Until(e.Expires) - time.Duration(float64(e.Expires.Sub(e.Created))*0.09))
		if calls.Load() != 0 {
			t.Fatal("it was refreshed too early")
		}
		for range 2 {
			for _, c := range caches {
				serves(t, c, hours, opens)
				serves(t, c, returns, back)
			}
		}
		settle(t, caches...)
		if calls.Load() != 1 {
			t.Errorf("the model was asked %d times, want once", calls.Load())
		}
		later(time.Until(e.Expires))
		for _, c := range caches {
			serves(t, c, hours, "Abrimos de diez a siete.")
			misses(t, c, password)
		}
		later(time.Until(here.Entries()[unpopular].Expires))
		misses(t, here, returns)
		if s := here.Entries(); len(s) == 0 || s[id].ID != "" {
			t.Errorf("the old entry is still there: %+v", s)
		}
	})
}

func TestTheCacheKeepsWithinItsSize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const most = 40
		kept := memory(t)
		o := cache.Options{Store: kept, Life: short, MaxEntries: most, Verify: never}
		c := start(t, o)
		question := func(i int) string {
			return fmt.Sprintf("¿Qué garantía tienen los productos de la marca número %d?", i)
		}
		m := func(i int, cost int64) shareable.Candidate {
			m := made(fmt.Sprintf("La marca %d tiene su garantía.", i))
			m.Cost = cost
			return m
		}
		transient := m(0, 1e6)
		transient.Category = store.CategoryTransient
		expired := tellMade(t, c, question(0), transient)
		for range 20 {
			look(t, c, question(0))
		}
		later(61 * time.Second)
		valued := tellMade(t, c, question(1), m(1, 1000))
		cheap := tellMade(t, c, question(2), m(2, 1))
		for range 3 {
			look(t, c, question(1))
			look(t, c, question(2))
		}
		for i := 3; i < most+2; i++ {
			tellMade(t, c, question(i), m(i, 10))
			if n := len(c.Entries()); n > most {
				t.Fatalf("%d entries, want at most %d", n, most)
			}
		}
		have := c.Entries()
		if _, is := have[expired]; is {
			t.Error("what is expired is still there")
		}
		for _, id := range []string{valued, cheap} {
			if _, is := have[id]; !is {
				t.Error("what was hit gave way to what was not")
			}
		}
		serves(t, c, question(most+1), fmt.Sprintf("La marca %d tiene su garantía.", most+1))
		if s := stats(t, c); s.Evicted == 0 || int(s.Stored-s.Evicted) < s.Entries {
			t.Errorf("%d stored, %d evicted, %d left", s.Stored, s.Evicted, s.Entries)
		}
		all, err := kept.Load(t.Context())
		must(t, err)
		if len(all.Entries) != len(have) {
			t.Errorf("%d entries in the store, %d in the indexes", len(all.Entries), len(have))
		}
	})
}

func TestWarmEntriesComeAgainBeforeTheyExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asks := atomic.Int64{}
		o := cache.Options{Store: memory(t), Life: short, Verify: never, FAQ: func(store.Scope) []cache.Warm {
			asks.Add(1)
			return []cache.Warm{
				{FAQ: "hours", Question: hours, Answer: opens},
				{FAQ: "hours", Question: "¿Qué días abre el almacén grande?", Answer: opens},
				{FAQ: "order", Question: "¿Dónde está mi pedido 48213?", Answer: "En camino."},
			}
		}}
		here, there := start(t, o), start(t, o)
		look(t, here, returns)
		look(t, there, returns)
		settle(t, here, there)
		for range 60 { // six lives
			for _, c := range []*cache.Cache{here, there} {
				serves(t, c, hours, opens)
				if n := len(c.Entries()); n != 2 {
					t.Fatalf("%d entries, want the two that the gate admits", n)
				}
			}
			settle(t, here, there)
			later(time.Minute)
		}
		if n := asks.Load(); n > 40 {
			t.Errorf("the FAQ was read %d times", n)
		}
		if _, err := here.Clear(t.Context()); err != nil {
			t.Fatal(err)
		}
		misses(t, here, returns)
		settle(t, here, there)
		serves(t, here, hours, opens)
		id := look(t, here, hours).Entry
		here.Feedback(id, conversation(1), cache.SignalCorrected)
		settle(t, here, there)
		until := here.Entries()[id].Expires
		for time.Until(until) > time.Second {
			misses(t, there, hours)
			settle(t, here, there)
			later(min(30*time.Second, time.Until(until)-time.Second))
		}
		later(2 * time.Second)
		look(t, there, hours)
		settle(t, here, there)
		serves(t, here, hours, opens)
	})
}
