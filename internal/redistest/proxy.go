package redistest

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Proxy stands between a client and a server and harms what passes.
type Proxy struct {
	target   string
	listener net.Listener
	delay    atomic.Int64

	mu      sync.Mutex
	refuses bool
	stalled chan struct{} // open while nothing passes; nil: everything does
	pairs   map[net.Conn]net.Conn
	running sync.WaitGroup
}

// NewProxy starts one in front of an address.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{target: target, listener: l, pairs: map[net.Conn]net.Conn{}}
	p.running.Go(p.accept)
	t.Cleanup(func() {
		_ = l.Close()
		p.Heal()
		p.Cut()
		p.running.Wait()
	})
	return p
}

// URL is redis://host:port of the proxy.
func (p *Proxy) URL() string { return "redis://" + p.listener.Addr().String() }

// Delay holds every piece of data back for a time, in both directions.
func (p *Proxy) Delay(d time.Duration) { p.delay.Store(int64(d)) }

// Cut closes every connection; new ones are taken.
func (p *Proxy) Cut() { p.end(func(c net.Conn) { _ = c.Close() }) }

// Reset ends every connection with a TCP reset; new ones are taken.
func (p *Proxy) Reset() {
	p.end(func(c net.Conn) {
		_ = c.(*net.TCPConn).SetLinger(0)
		_ = c.Close()
	})
}

// Refuse cuts, and ends new connections as soon as they are made, until Heal.
func (p *Proxy) Refuse() {
	p.mu.Lock()
	p.refuses = true
	p.mu.Unlock()
	p.Reset()
}

// Stall lets connections be made and stand, and nothing pass, until Heal.
func (p *Proxy) Stall() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stalled == nil {
		p.stalled = make(chan struct{})
	}
}

// Heal undoes Delay, Refuse and Stall.
func (p *Proxy) Heal() {
	p.Delay(0)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuses = false
	if p.stalled != nil {
		close(p.stalled)
		p.stalled = nil
	}
}

func (p *Proxy) end(how func(net.Conn)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for client, server := range p.pairs {
		how(client)
		how(server)
	}
	clear(p.pairs)
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		p.mu.Lock()
		if err != nil || p.refuses {
			_ = client.Close()
			if err == nil {
				_ = server.Close()
			}
			p.mu.Unlock()
			continue
		}
		p.pairs[client] = server
		p.mu.Unlock()
		p.running.Go(func() { p.pass(client, server) })
		p.running.Go(func() { p.pass(server, client) })
	}
}

// pass copies from one end to the other until either ends.
func (p *Proxy) pass(from, to net.Conn) {
	defer func() {
		_ = from.Close()
		_ = to.Close()
	}()
	piece := make([]byte, 32<<10)
	for {
		n, err := from.Read(piece)
		if d := time.Duration(p.delay.Load()); d > 0 {
			time.Sleep(d)
		}
		p.mu.Lock()
		stalled := p.stalled
		p.mu.Unlock()
		if stalled != nil {
			<-stalled
		}
		if n > 0 {
			if _, err := to.Write(piece[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
