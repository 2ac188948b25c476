package session

import (
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How many wrong tokens and passwords are taken: at once, and then one in a while; from one address, for one name, and of all together.
const (
	triesOfOne, oneAgainAfter   = 5, 12 * time.Second
	triesOfName, nameAgainAfter = 10, 30 * time.Second
	triesOfAll, allAgainAfter   = 60, time.Second
	// mostRemembered bounds the addresses, and the names, that are remembered.
	mostRemembered = 10_000
)

// Limits bounds the guessing of passwords and of the admin token.
type Limits struct {
	now   func() time.Time
	mu    sync.Mutex
	all   *rate.Limiter
	of    tries[netip.Prefix]
	names tries[string]
}

// tries are those of everybody who has tried, by what they are known by.
type tries[K comparable] struct {
	atOnce int
	every  time.Duration
	left   map[K]*rate.Limiter
}

// NewLimits has nobody tried yet.
func NewLimits(now func() time.Time) *Limits {
	return &Limits{
		now: now, all: rate.NewLimiter(rate.Every(allAgainAfter), triesOfAll),
		of:    tries[netip.Prefix]{triesOfOne, oneAgainAfter, map[netip.Prefix]*rate.Limiter{}},
		names: tries[string]{triesOfName, nameAgainAfter, map[string]*rate.Limiter{}},
	}
}

// Allow reports whether an address may try now, for a name, "" with the token; what is right does not count against them.
func (l *Limits) Allow(remote, name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	return l.all.TokensAt(now) >= 1 && l.of.allow(now, network(remote)) && (name == "" || l.names.allow(now, strings.ToLower(name)))
}

// Failed counts a wrong token, or a wrong password for a name, of a user or not.
func (l *Limits) Failed(remote, name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.all.AllowN(now, 1)
	l.of.failed(now, network(remote))
	if name != "" {
		l.names.failed(now, strings.ToLower(name))
	}
}

func (t *tries[K]) allow(now time.Time, who K) bool {
	one := t.left[who]
	return one == nil || one.TokensAt(now) >= 1
}

func (t *tries[K]) failed(now time.Time, who K) {
	one := t.left[who]
	if one == nil {
		if len(t.left) >= mostRemembered {
			t.forget(now)
		}
		one = rate.NewLimiter(rate.Every(t.every), t.atOnce)
		t.left[who] = one
	}
	one.AllowN(now, 1)
}

// forget drops those that have all their tries again, and all of them when none has: the limit of all together holds.
func (t *tries[K]) forget(now time.Time) {
	for who, one := range t.left {
		if one.TokensAt(now) >= float64(t.atOnce) {
			delete(t.left, who)
		}
	}
	if len(t.left) >= mostRemembered {
		clear(t.left)
	}
}

// network is an IPv4 address, or the /64 of an IPv6 address, which one person has whole.
func network(remote string) netip.Prefix {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Prefix{}
	}
	addr = addr.Unmap().WithZone("")
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	p, _ := addr.Prefix(bits) // the lengths are in range
	return p
}
