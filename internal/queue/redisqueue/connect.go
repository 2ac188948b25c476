package redisqueue

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
)

// A webhook has five seconds in all, so a Redis that does not answer must be known to in less.
const (
	dialTimeout   = 2 * time.Second
	answerTimeout = 3 * time.Second
)

// startPatience is how long Open waits for Redis before it goes on without.
const startPatience = time.Second

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

// connectOptions are those of every connection: an operation whose time is over gives up alone, and does not take the
// connection that it shares with it.
func connectOptions(o rueidis.ClientOption) rueidis.ClientOption {
	o.DisableCache, o.AlwaysPipelining = true, true
	return o
}

// Connect makes a client as the queue's are, for what else is kept in the same Redis. It waits for the first connection.
func Connect(o rueidis.ClientOption) (rueidis.Client, error) {
	return rueidis.NewClient(connectOptions(o))
}

// absent is a client of a Redis that was not reached yet: every operation fails with the cause, at once.
func absent(o rueidis.ClientOption, cause error) rueidis.Client {
	client, _ := rueidis.NewClient(rueidis.ClientOption{
		InitAddress: o.InitAddress, ForceSingleClient: true, DisableCache: true, DisableRetry: true,
		DialCtxFn: func(context.Context, string, *net.Dialer, *tls.Config) (net.Conn, error) { return nil, cause },
	})
	return client
}

// connected is the client, behind one pointer to change it by.
type connected struct{ rueidis.Client }

// use makes a client the engine's, and closes the one before.
func (e *Engine) use(client rueidis.Client) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ctx.Err() != nil { // Close is through already
		client.Close()
		return
	}
	if before := e.redis.Swap(&connected{client}); before != nil {
		before.Close()
	}
}

// client is Redis as it is connected now.
func (e *Engine) client() rueidis.Client { return e.redis.Load().Client }

// connect connects, and tries again until it succeeds. It returns after the first attempt, or when that takes long, and gives an
// error only when Redis refuses.
func (e *Engine) connect(ctx context.Context, o rueidis.ClientOption) error {
	type outcome struct {
		client rueidis.Client
		err    error
	}
	try := func() <-chan outcome {
		done := make(chan outcome, 1)
		go func() {
			client, err := Connect(o)
			if err == nil {
				err = e.agree(client)
			}
			if err != nil && client != nil {
				client.Close()
			}
			done <- outcome{client, err}
		}()
		return done
	}
	settle := func(got outcome) bool {
		if got.err == nil {
			e.use(got.client)
			return true
		}
		e.use(absent(o, got.err))
		return false
	}
	attempt := try()
	waiting := time.NewTimer(startPatience)
	defer waiting.Stop()
	select {
	case got := <-attempt:
		if settle(got) {
			return nil
		}
		if refused(got.err) {
			return fmt.Errorf("redisqueue: connect: %w: %w", queue.ErrUnavailable, got.err)
		}
		attempt = nil
	case <-waiting.C:
		e.use(absent(o, errNoAnswer))
	case <-ctx.Done():
		e.use(absent(o, ctx.Err()))
		return ctx.Err()
	}
	e.tasks.Go(func() {
		for {
			if attempt == nil {
				e.pauseFor(retryAfter)
				attempt = try()
			}
			select {
			case got := <-attempt:
				if settle(got) {
					e.look()
					return
				}
				attempt = nil
			case <-e.ctx.Done():
				go func(attempt <-chan outcome) { // it ends by its own time-outs
					if got := <-attempt; got.err == nil {
						got.client.Close()
					}
				}(attempt)
				return
			}
		}
	})
	return nil
}

var errNoAnswer = fmt.Errorf("no answer within %s", startPatience)

// refused reports whether Redis was reached and no waiting will help: a wrong password, a user without the rights, an unknown
// command, TLS that cannot be trusted or is not spoken there, a queue in other partitions.
func refused(err error) bool {
	if errors.Is(err, errPartitions) {
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
