// Package redisqueue is the engine for more than one process: turns live in Redis (6.2 or newer) or Valkey, standalone,
// with Sentinel, or in a Cluster. Every transition is one Lua script, so it happens whole or not at all, and time is
// Redis's own, so that the clocks of the hosts do not matter.
package redisqueue

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"sync"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Options are the engine's.
type Options struct {
	queue.Options
	// Redis says how to connect; ParseURL makes one.
	Redis rueidis.ClientOption
	// Name is the prefix of all keys, QUEUE_NAME; "tania-messages" when empty.
	Name string
	// Partitions divides the queue, each part in one slot of a Cluster; 1 when 0. It must not change while messages wait.
	Partitions int
}

// A webhook has five seconds in all, so a Redis that does not answer must be known to in less.
const (
	dialTimeout   = 2 * time.Second
	answerTimeout = 3 * time.Second
)

// ParseURL reads redis://, rediss:// (TLS) and unix:// addresses, with user, password, database, and ?addr=… for further nodes of a Cluster or
// &master_set=… for Sentinel.
func ParseURL(url string) (rueidis.ClientOption, error) {
	o, err := rueidis.ParseURL(url)
	if err != nil {
		return o, fmt.Errorf("redisqueue: %w", err)
	}
	o.Dialer.Timeout, o.ConnWriteTimeout = dialTimeout, answerTimeout
	return o, nil
}

// Engine is a queue.Engine. Make it with Open.
type Engine struct {
	queue.Options
	client rueidis.Client
	bases  []string
	// channel carries what engines tell each other: that there may be work, that a message came behind a turn, that a lease ended.
	channel string

	ctx    context.Context // ends with Close
	closed context.CancelFunc
	tasks  sync.WaitGroup
	kick   chan struct{}

	mu      sync.Mutex
	waiters []*waiter
	holds   map[tania.TurnID]*hold

	// clock is nil, but for tests, which stop time.
	clock queue.Clock
}

var _ queue.Engine = (*Engine)(nil)

// Open connects. An error wraps queue.ErrUnavailable when Redis cannot be reached now.
func Open(ctx context.Context, o Options) (*Engine, error) {
	return open(ctx, o, nil)
}

func open(ctx context.Context, o Options, clock queue.Clock) (*Engine, error) {
	if o.Name == "" {
		o.Name = "tania-messages"
	}
	o.Redis.DisableCache = true
	client, err := rueidis.NewClient(o.Redis)
	if err != nil {
		return nil, fmt.Errorf("redisqueue: connect: %w: %w", queue.ErrUnavailable, err)
	}
	e := &Engine{
		Options: o.WithDefaults(), client: client, channel: o.Name + ":engines", kick: make(chan struct{}, 1),
		holds: map[tania.TurnID]*hold{}, clock: clock,
	}
	for p := range max(o.Partitions, 1) {
		e.bases = append(e.bases, "{"+o.Name+":"+strconv.Itoa(p)+"}")
	}
	e.ctx, e.closed = context.WithCancel(context.WithoutCancel(ctx))
	if err := e.Ready(ctx); err != nil {
		e.closed()
		client.Close()
		return nil, err
	}
	subscribed := make(chan struct{})
	e.tasks.Go(func() { e.listen(subscribed) })
	e.tasks.Go(e.serve)
	e.tasks.Go(e.clean)
	select {
	case <-subscribed:
		return e, nil
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), e.Close())
	}
}

// Close implements queue.Engine.
func (e *Engine) Close() error {
	e.closed()
	e.client.Close()
	e.tasks.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, w := range e.waiters {
		close(w.turn)
	}
	e.waiters = nil
	return nil
}

// Ready implements queue.Engine: Redis takes writes.
func (e *Engine) Ready(ctx context.Context) error {
	var commands rueidis.Commands
	for _, base := range e.bases {
		commands = append(commands, e.client.B().Set().Key(base+":probe").Value("1").Ex(time.Minute).Build())
	}
	for _, r := range e.client.DoMulti(e.open(ctx), commands...) {
		if err := r.Error(); err != nil {
			return e.failed("ready", err)
		}
	}
	return nil
}

// base is the partition of a conversation.
func (e *Engine) base(key tania.ConversationKey) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key.String()))
	return e.bases[int(h.Sum32()%uint32(len(e.bases)))] //nolint:gosec // at most 1024
}

// run executes a transition in a partition.
func (e *Engine) run(ctx context.Context, script *rueidis.Lua, base string, args ...string) rueidis.RedisResult {
	now := ""
	if e.clock != nil {
		now = micros(e.clock.Now())
	}
	common := []string{now, micro(e.Debounce), micro(e.DebounceMax), micro(e.Lease), micro(e.DedupFor), strconv.Itoa(e.MaxAttempts), e.channel}
	return script.Exec(e.open(ctx), e.client, []string{base}, append(common, args...))
}

// do executes one command.
func (e *Engine) do(ctx context.Context, c rueidis.Completed) rueidis.RedisResult {
	return e.client.Do(e.open(ctx), c)
}

// open is the context of an operation: after Close one that has ended, so that nothing is done any more.
func (e *Engine) open(ctx context.Context) context.Context {
	if e.ctx.Err() != nil {
		return e.ctx
	}
	return ctx
}

// failed is the error of an operation that Redis did not do.
func (e *Engine) failed(op string, err error) error {
	if e.ctx.Err() != nil {
		return queue.ErrClosed
	}
	return fmt.Errorf("redisqueue: %s: %w: %w", op, queue.ErrUnavailable, err)
}

func micro(d time.Duration) string     { return strconv.FormatInt(d.Microseconds(), 10) }
func micros(t time.Time) string        { return strconv.FormatInt(t.UnixMicro(), 10) }
func fromMicros(us int64) time.Time    { return time.UnixMicro(us).UTC() }
func number(id tania.MessageID) string { return strconv.FormatInt(int64(id), 10) }
