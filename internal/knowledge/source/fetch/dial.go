package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// reserved are the networks that no public server is in, beside those that netip knows (IANA's registries of special-purpose addresses).
// Addresses that carry an IPv4 address inside are among them: a translator or a tunnel would lead to it.
var reserved = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
)

func prefixes(list ...string) (all []netip.Prefix) {
	for _, p := range list {
		all = append(all, netip.MustParsePrefix(p))
	}
	return all
}

// public reports whether an address is one of the internet's, not of a machine or a network of its own.
func public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// private is what may be read although its address is not public.
type private struct {
	hosts    map[string]bool // with or without a port, in lower case
	networks []netip.Prefix
}

func parsePrivate(list []string) (p private, err error) {
	p.hosts = map[string]bool{}
	for _, entry := range list {
		if network, err := netip.ParsePrefix(entry); err == nil {
			p.networks = append(p.networks, network.Masked())
		} else if a, err := netip.ParseAddr(strings.Trim(entry, "[]")); err == nil {
			p.networks = append(p.networks, netip.PrefixFrom(a, a.BitLen()))
		} else if strings.ContainsAny(entry, "/ *@") || entry == "" {
			return p, fmt.Errorf("fetch: %q is no host, address or network", entry)
		} else {
			p.hosts[strings.ToLower(entry)] = true
		}
	}
	return p, nil
}

func (p private) named(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && (p.hosts[strings.ToLower(host)] || p.hosts[strings.ToLower(address)])
}

func (p private) has(a netip.Addr) bool {
	for _, network := range p.networks {
		if network.Contains(a) {
			return true
		}
	}
	return false
}

// guardedDialer connects to public addresses, and to private ones that are named.
type guardedDialer struct {
	private  private
	resolver *net.Resolver
	timeout  time.Duration
}

// dial connects. What a name stands for is checked after it was looked up, on the very address that is connected to: a name whose
// answer changes between two look-ups gains nothing.
func (g *guardedDialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: g.timeout, Resolver: g.resolver}
	if !g.private.named(address) {
		d.Control = g.control
	}
	return d.DialContext(ctx, network, address)
}

func (g *guardedDialer) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%s %w", address, ErrPrivate)
	}
	if a := to.Addr().Unmap(); !public(a) && !g.private.has(a) {
		return fmt.Errorf("%s %w", a, ErrPrivate)
	}
	return nil
}

// Dialer gives what connects to public addresses alone, and to private ones that are named as Options.Private names them. It gives up after
// a time; an address that it refuses is ErrPrivate.
func Dialer(named []string, timeout time.Duration) (func(ctx context.Context, network, address string) (net.Conn, error), error) {
	private, err := parsePrivate(named)
	if err != nil {
		return nil, err
	}
	return (&guardedDialer{private: private, timeout: timeout}).dial, nil
}
