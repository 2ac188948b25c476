package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
)

// connections are those that clients hold open. Its zero value has none.
type connections struct {
	mu sync.Mutex
	// open are all of them: true for one on which nothing was asked yet.
	open map[net.Conn]bool
}

// follow is a server's ConnState.
func (c *connections) follow(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateClosed, http.StateHijacked:
		delete(c.open, conn)
	default:
		if c.open == nil {
			c.open = map[net.Conn]bool{}
		}
		c.open[conn] = state == http.StateNew
	}
}

// count is how many there are, and on how many of them nothing was asked yet.
func (c *connections) count() (all, unasked int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, fresh := range c.open {
		if fresh {
			unasked++
		}
	}
	return len(c.open), unasked
}

// shutDown stops a server: what runs has until the context ends. A connection on which nothing was asked holds nothing up beyond that, and
// is no error: clients open one in reserve, and http.Server waits five seconds for its first request.
func (c *connections) shutDown(ctx context.Context, server *http.Server) error {
	err := server.Shutdown(ctx)
	if all, unasked := c.count(); errors.Is(err, context.DeadlineExceeded) && all == unasked {
		return server.Close()
	}
	return err
}
