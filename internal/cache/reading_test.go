package cache_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"tania/internal/cache"
	"tania/internal/cache/shareable"
	"tania/internal/language"
	"tania/internal/tania"
)

// counted reads, and notes what.
type counted struct {
	mu   sync.Mutex
	read []string
}

func (c *counted) Read(text string) *language.Reading {
	c.mu.Lock()
	c.read = append(c.read, text)
	c.mu.Unlock()
	return language.Read(text)
}

func (c *counted) taken() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	read := c.read
	c.read = nil
	return read
}

func TestALookUpAndWhatIsKeptOfItReadTheQuestionOnce(t *testing.T) {
	here, there := &counted{}, &counted{}
	name := newName()
	a := start(t, cache.Options{Store: redisStore(t, server.URL(), name), Verify: never, Read: here.Read})
	b := start(t, cache.Options{Store: redisStore(t, server.URL(), name), Verify: never, Read: there.Read})
	tell(t, a, hours, opens)
	settle(t, b)
	if got := here.taken(); !slices.Equal(got, []string{hours}) {
		t.Errorf("a miss and its answer read %q", got)
	}
	if got := there.taken(); !slices.Equal(got, []string{hours}) {
		t.Errorf("the other process reads %q", got)
	}
	serves(t, a, hours2, opens)
	if got := here.taken(); !slices.Equal(got, []string{hours2}) {
		t.Errorf("a hit reads %q", got)
	}
	running := asked(returns)
	running.History = []tania.Entry{{From: tania.FromBot, Text: opens, At: time.Now()}}
	a.Look(t.Context(), running)
	if got := here.taken(); !slices.Equal(got, []string{returns}) {
		t.Errorf("a message of a running conversation reads %q", got)
	}
}

func TestATurnThatHasReadItsTextHandsItOn(t *testing.T) {
	own := &counted{}
	c := start(t, cache.Options{Store: memory(t), Verify: never, Read: own.Read})
	r := shareable.Request{Scope: shop, Text: hours, Reading: language.Read(hours)}
	if why := c.Keep(r, c.Look(t.Context(), r), made(opens)); why != "" {
		t.Fatal(why)
	}
	settle(t, c)
	serves(t, c, hours, opens)
	if got := own.taken(); !slices.Equal(got, []string{hours}) {
		t.Errorf("the cache itself reads %q, want the question of the second turn alone", got)
	}
}
