package session

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How many wrong tokens are taken: at once, and then one in a while; from one address, and from all together.
const (
	triesOfOne, oneAgainAfter = 5, 12 * time.Second
	triesOfAll, allAgainAfter = 60, time.Second
	// addressLimit bounds the addresses that are remembered.
	addressLimit = 10_000
)

// Limits bounds the guessing of the admin token.
type Limits struct {
	now func() time.Time
	mu  sync.Mutex
	all *rate.Limiter
	of  map[netip.Prefix]*rate.Limiter
}

// NewLimits has nobody tried yet.
func NewLimits(now func() time.Time) *Limits {
	return &Limits{now: now, all: rate.NewLimiter(rate.Every(allAgainAfter), triesOfAll), of: map[netip.Prefix]*rate.Limiter{}}
}

// Allow reports whether an address may try now; a right token does not count against it.
func (l *Limits) Allow(remote string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	one := l.of[network(remote)]
	return l.all.TokensAt(now) >= 1 && (one == nil || one.TokensAt(now) >= 1)
}

// Failed counts a wrong token.
func (l *Limits) Failed(remote string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, from := l.now(), network(remote)
	l.all.AllowN(now, 1)
	one := l.of[from]
	if one == nil {
		if len(l.of) >= addressLimit {
			l.forget(now)
		}
		one = rate.NewLimiter(rate.Every(oneAgainAfter), triesOfOne)
		l.of[from] = one
	}
	one.AllowN(now, 1)
}

// forget drops the addresses that have all their tries again, and all of them when none has: the limit of all together holds.
func (l *Limits) forget(now time.Time) {
	for from, one := range l.of {
		if one.TokensAt(now) >= triesOfOne {
			delete(l.of, from)
		}
	}
	if len(l.of) >= addressLimit {
		clear(l.of)
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
