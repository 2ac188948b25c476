package queuetest

import (
	"sync"
	"time"
)

// Clock is a queue.Clock that moves by Advance alone. Its zero value starts in 2026.
type Clock struct {
	mu     sync.Mutex
	passed time.Duration
	timers map[*timer]struct{}
}

type timer struct {
	at time.Time
	f  func()
}

var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Now is the time as far as it was advanced.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return epoch.Add(c.passed)
}

// AfterFunc runs f in its own goroutine when the clock has been advanced by d.
func (c *Clock) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d <= 0 {
		go f()
		return func() bool { return false }
	}
	t := &timer{epoch.Add(c.passed + d), f}
	if c.timers == nil {
		c.timers = map[*timer]struct{}{}
	}
	c.timers[t] = struct{}{}
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		_, waits := c.timers[t]
		delete(c.timers, t)
		return waits
	}
}

// Advance moves the time, in one jump, and starts what was waiting for it.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.passed += d
	now := epoch.Add(c.passed)
	for t := range c.timers {
		if !t.at.After(now) {
			delete(c.timers, t)
			go t.f()
		}
	}
}
