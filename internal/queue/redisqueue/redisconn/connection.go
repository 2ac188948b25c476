// Package redisconn connects to Redis: it reads addresses, tells a server that is away from one that refuses, and goes on trying where it
// is away. What comes in is an address, and what a server must fulfil to be the right one.
package redisconn

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
)

// A webhook has five seconds in all, so a Redis that does not answer must be known to in less.
const (
	dialTimeout   = 2 * time.Second
	answerTimeout = 3 * time.Second
)

// StartPatience is how long Open waits for Redis before it goes on without.
const StartPatience = time.Second

// retryAfter is how long after a failure Redis is connected to again.
const retryAfter = 200 * time.Millisecond

// ParseURL reads redis://, rediss:// (TLS) and unix:// addresses, with user, password, database, and ?addr=… for further nodes of a Cluster
// or &master_set=… for Sentinel.
func ParseURL(url string) (rueidis.ClientOption, error) {
	o, err := rueidis.ParseURL(url)
	if err != nil {
		return o, fmt.Errorf("redisqueue: %w", err)
	}
	o.Dialer.Timeout, o.ConnWriteTimeout = dialTimeout, answerTimeout
	return o, nil
}

// Dial makes a client, and waits for its first connection. An operation whose time is over gives up alone, and does not take the
// connection that it shares with it.
func Dial(o rueidis.ClientOption) (rueidis.Client, error) {
	o.DisableCache, o.AlwaysPipelining = true, true
	return rueidis.NewClient(o)
}

// absent is a client of a Redis that was not reached yet: every operation fails with the cause, at once.
func absent(o rueidis.ClientOption, cause error) rueidis.Client {
	client, _ := rueidis.NewClient(rueidis.ClientOption{
		InitAddress: o.InitAddress, ForceSingleClient: true, DisableCache: true, DisableRetry: true,
		DialCtxFn: func(context.Context, string, *net.Dialer, *tls.Config) (net.Conn, error) { return nil, cause },
	})
	return client
}

// Connection is a client of a Redis that may be away when it is first needed. It is safe for concurrent use.
type Connection struct {
	ctx     context.Context // ends with the Connection
	accept  func(context.Context, rueidis.Client) error
	reached func()

	mu     sync.Mutex
	client atomic.Pointer[connected]
	tasks  sync.WaitGroup
}

// connected is the client, behind one pointer to change it by.
type connected struct{ rueidis.Client }

// New gives a Connection that lasts as long as ctx, which the caller ends before Close. accept is asked of each server that is reached; its
// error means that no waiting will make it the right one. reached hears of a connection that was made later than at the start.
func New(ctx context.Context, accept func(context.Context, rueidis.Client) error, reached func()) *Connection {
	return &Connection{ctx: ctx, accept: accept, reached: reached}
}

// Client is Redis as it is connected now. Open was called before.
func (c *Connection) Client() rueidis.Client { return c.client.Load().Client }

// Close ends the connection, and what tries to make it.
func (c *Connection) Close() {
	c.mu.Lock()
	c.Client().Close()
	c.mu.Unlock()
	c.tasks.Wait()
}

// use makes a client the current one, and closes the one before.
func (c *Connection) use(client rueidis.Client) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() != nil { // Close is through already
		client.Close()
		return
	}
	if before := c.client.Swap(&connected{client}); before != nil {
		before.Close()
	}
}

// attempt is one try to connect, which ends by its own time-outs.
type attempt struct {
	client rueidis.Client
	err    error
}

func (c *Connection) try(o rueidis.ClientOption) <-chan attempt {
	done := make(chan attempt, 1)
	go func() {
		client, err := Dial(o)
		if err == nil {
			ctx, end := context.WithTimeout(c.ctx, answerTimeout)
			if unfit := c.accept(ctx, client); unfit != nil {
				err = &unfitError{unfit}
			}
			end()
		}
		if err != nil && client != nil {
			client.Close()
		}
		done <- attempt{client, err}
	}()
	return done
}

// settle makes what came of an attempt the current client, and reports whether it is connected.
func (c *Connection) settle(o rueidis.ClientOption, got attempt) bool {
	if got.err == nil {
		c.use(got.client)
		return true
	}
	c.use(absent(o, got.err))
	return false
}

// Open connects, and tries again until it succeeds. It returns after the first attempt, or when that takes longer than StartPatience, and
// gives an error only when Redis refuses, or ctx ends. There is a Client in any case.
func (c *Connection) Open(ctx context.Context, o rueidis.ClientOption) error {
	trying := c.try(o)
	waiting := time.NewTimer(StartPatience)
	defer waiting.Stop()
	select {
	case got := <-trying:
		if c.settle(o, got) {
			return nil
		}
		if Refused(got.err) {
			return fmt.Errorf("redisqueue: connect: %w: %w", queue.ErrUnavailable, got.err)
		}
		trying = nil
	case <-waiting.C:
		c.use(absent(o, errNoAnswer))
	case <-ctx.Done():
		c.use(absent(o, ctx.Err()))
		return ctx.Err()
	}
	c.tasks.Go(func() { c.keepTrying(o, trying) })
	return nil
}

// keepTrying ends when it is connected, or with the Connection. trying is an attempt that is under way; nil: there is none.
func (c *Connection) keepTrying(o rueidis.ClientOption, trying <-chan attempt) {
	for {
		if trying == nil {
			c.pause()
			trying = c.try(o)
		}
		select {
		case got := <-trying:
			if c.settle(o, got) {
				c.reached()
				return
			}
			trying = nil
		case <-c.ctx.Done():
			go func(last <-chan attempt) {
				if got := <-last; got.err == nil {
					got.client.Close()
				}
			}(trying)
			return
		}
	}
}

// pause waits between two attempts, or for the end.
func (c *Connection) pause() {
	wait := time.NewTimer(retryAfter)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-c.ctx.Done():
	}
}

var errNoAnswer = fmt.Errorf("no answer within %s", StartPatience)

// unfitError is a server that was reached and not accepted.
type unfitError struct{ why error }

func (e *unfitError) Error() string { return e.why.Error() }
func (e *unfitError) Unwrap() error { return e.why }

// Refused reports whether Redis was reached and no waiting will help: a wrong password, a user without the rights, an unknown
// command, TLS that cannot be trusted or is not spoken there, a server that is not accepted.
func Refused(err error) bool {
	if unfit := (*unfitError)(nil); errors.As(err, &unfit) {
		return true
	}
	if untrusted := (*tls.CertificateVerificationError)(nil); errors.As(err, &untrusted) {
		return true
	}
	if noTLS := (tls.RecordHeaderError{}); errors.As(err, &noTLS) {
		return true
	}
	var reply *rueidis.RedisError
	if !errors.As(err, &reply) {
		return false
	}
	code, _, _ := strings.Cut(reply.Error(), " ")
	return slices.Contains([]string{"WRONGPASS", "NOAUTH", "NOPERM", "ERR"}, code)
}
