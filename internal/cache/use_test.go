package cache_test

import (
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/cache"
	"tania/internal/cache/store"
	"tania/internal/cache/store/sqlitestore"
)

// steps is a clock that goes on by a millisecond, the least that stores tell apart, each time that it is told to.
type steps struct{ milliseconds atomic.Int64 }

func newSteps() *steps {
	s := &steps{}
	s.milliseconds.Store(time.Now().UnixMilli())
	return s
}

func (s *steps) now() time.Time { return time.UnixMilli(s.milliseconds.Load()) }

func (s *steps) next() time.Time { return time.UnixMilli(s.milliseconds.Add(1)) }

// newest gives the questions, the one that answered last first, and when it did.
func newest(t *testing.T, c *cache.Cache) (questions []string, last time.Time) {
	t.Helper()
	list := c.List(t.Context(), 0)
	slices.SortFunc(list, store.NewestUse)
	for _, e := range list {
		questions = append(questions, e.Question)
	}
	return questions, list[0].Used
}

func wantsNewest(t *testing.T, c *cache.Cache, last time.Time, questions ...string) {
	t.Helper()
	got, at := newest(t, c)
	if diff := cmp.Diff(questions, got); diff != "" || !at.Equal(last) {
		t.Errorf("used last at %v, want %v (-want +got):\n%s", at, last, diff)
	}
}

func TestTheEntryThatAnsweredLastIsTheNewestAlsoAfterARestart(t *testing.T) {
	path, clock := filepath.Join(t.TempDir(), "cache.db"), newSteps()
	run := func(use func(c *cache.Cache)) {
		t.Helper()
		s, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{})
		must(t, err)
		c, stop := process(t, cache.Options{Store: s, Verify: never, Now: clock.now})
		use(c)
		settle(t, c)
		stop()
		must(t, s.Close())
	}
	var last time.Time
	run(func(c *cache.Cache) {
		tell(t, c, hours, opens)
		clock.next()
		tell(t, c, returns, back)
		clock.next()
		tell(t, c, password, reset)
		wantsNewest(t, c, time.Time{}, password, returns, hours)
		last = clock.next()
		serves(t, c, hours, opens)
		wantsNewest(t, c, last, hours, password, returns)
	})
	run(func(c *cache.Cache) {
		wantsNewest(t, c, last, hours, password, returns)
		last = clock.next()
		serves(t, c, returns, back)
		wantsNewest(t, c, last, returns, hours, password)
	})
}

func TestWhatAnsweredInAnotherProcessIsTheNewestHere(t *testing.T) {
	clock := newSteps()
	here, there := two(t, cache.Options{Verify: never, Now: clock.now})
	tell(t, here, hours, opens)
	tell(t, here, returns, back)
	settle(t, there)
	here.Flush(t.Context())
	clock.next()
	serves(t, here, returns, back)
	last := clock.next()
	serves(t, there, hours, opens)
	there.Flush(t.Context())
	wantsNewest(t, here, last, hours, returns)
	serves(t, there, hours, opens)
	there.Flush(t.Context())
	for name, c := range map[string]*cache.Cache{"here": here, "there": there} {
		list := c.List(t.Context(), 1)
		if len(list) != 1 || list[0].Question != hours || list[0].Hits != 2 {
			t.Errorf("%s the most used is %+v", name, list)
		}
	}
}
