package fetch

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// pace keeps requests to one host apart.
type pace struct {
	pause, patience time.Duration
	now             func() time.Time
	sleep           func(context.Context, time.Duration) error

	mu    sync.Mutex
	hosts map[string]*hostPace
}

// hostPace is when a host may be asked next, and what it wants between two requests.
type hostPace struct {
	next  time.Time
	pause time.Duration
}

func newPace(o Options) *pace {
	return &pace{pause: o.Pause, patience: o.Patience, now: o.Now, sleep: o.Sleep, hosts: map[string]*hostPace{}}
}

// wait returns when it is the caller's turn with a host.
func (p *pace) wait(ctx context.Context, host string) error {
	p.mu.Lock()
	h, now := p.host(host), p.now()
	if h.next.Before(now) {
		h.next = now
	}
	until := h.next.Sub(now)
	h.next = h.next.Add(h.pause)
	p.mu.Unlock()
	if until <= 0 {
		return ctx.Err()
	}
	return p.sleep(ctx, until)
}

// delay leaves a host alone for a while.
func (p *pace) delay(host string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	if until := p.now().Add(min(d, p.patience)); until.After(h.next) {
		h.next = until
	}
}

// slow has at least d between two requests to a host from now on.
func (p *pace) slow(host string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	h.pause = max(h.pause, min(d, p.patience))
}

func (p *pace) host(name string) *hostPace {
	name = strings.ToLower(name)
	h := p.hosts[name]
	if h == nil {
		h = &hostPace{pause: p.pause}
		p.hosts[name] = h
	}
	return h
}

// later is when another try makes sense: after what the server said, or soon.
type later struct{ after time.Duration }

// wait is what lies before the next try: what the server asked for, else one second, two, four.
func (l *later) wait(try int) time.Duration {
	if l.after > 0 {
		return l.after
	}
	return time.Second << min(try-1, 6)
}

// retryAfter reads the header, seconds or a date; 0 where it says nothing.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(max(0, min(seconds, 1<<30))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
