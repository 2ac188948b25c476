package access

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Peers tells requests of a person at this machine from those that a program of this machine passes on. Loopback proves nothing: a proxy's
// requests come from there too, and it need not say that it is one. What a proxy cannot do without is the connection to whom it
// passes on for. So a request counts as the machine's own when the process at its other end runs as the user of this process and has
// no connection but with Tania, with itself, and with servers of this machine that it called itself; curl has none at all.
//
// The kernel's tables tell that, on Linux. Elsewhere, and for a process that may not be looked at, no request counts.
type Peers struct {
	mu sync.Mutex
	// seen are connections that were found to be the machine's own, and when; known are the processes that had them.
	seen  map[ends]time.Time
	known map[process]bool
}

// process is one, also where its number is given to another later.
type process struct {
	pid   int
	start string
}

// ends are the two ends of a connection, one's own first.
type ends struct{ local, remote netip.AddrPort }

// remembered is how long a look holds for further requests over the same connection: webhooks come many a second.
const remembered = time.Second

// A process is looked at again before it is refused, after pauses that double from pause to longestPause, 0.6 s in all: connections come
// and go while the tables are read, and a server holds one for half a second that is over already.
const (
	pause        = 10 * time.Millisecond
	longestPause = 320 * time.Millisecond
)

// At reports whether a request is of a person or a program at this machine, the page of another site in a browser here included.
func (p *Peers) At(r *http.Request) bool {
	if p == nil || !forThisMachine(r) {
		return false
	}
	server, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	here, err := netip.ParseAddrPort(server.String())
	if err != nil {
		return false
	}
	there, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	return p.own(r.Context(), ends{plain(there), plain(here)})
}

// Own is At without what another site's page makes a browser send.
func (p *Peers) Own(r *http.Request) bool { return p.At(r) && !FromAnotherSite(r) }

// own looks at the process that has the other end of a connection.
func (p *Peers) own(ctx context.Context, peer ends) bool {
	for wait := pause; ; wait *= 2 {
		switch p.look(peer) {
		case stranger:
			return false
		case alone:
			return true
		}
		if wait > longestPause {
			return false
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return false
		}
	}
}

// look looks once. One at a time does: it costs milliseconds.
func (p *Peers) look(peer ends) verdict {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if at, ok := p.seen[peer]; ok && now.Sub(at) < remembered {
		return alone
	}
	found, holders := look(peer, p.known)
	if found == alone {
		p.remember(peer, now, holders)
	}
	return found
}

func (p *Peers) remember(peer ends, now time.Time, holders []process) {
	if p.seen == nil || len(p.seen) > most {
		p.seen = map[ends]time.Time{}
	}
	if p.known == nil || len(p.known) > most {
		p.known = map[process]bool{}
	}
	p.seen[peer] = now
	for _, holder := range holders {
		p.known[holder] = true
	}
}

// most bounds what is remembered.
const most = 1000

// verdict is what a look at a process found.
type verdict int

const (
	// stranger: another user's process, or none that can be seen.
	stranger verdict = iota
	// connected: the process has a connection with somebody else, or a socket that is in no table; so it may be a moment later.
	connected
	// alone: it has none.
	alone
)

// plain is an address without the mapping into IPv6 and without a zone.
func plain(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}
