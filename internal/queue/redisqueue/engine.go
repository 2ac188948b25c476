// Package redisqueue is the engine for more than one process: turns live in Redis (6.2 or newer) or Valkey, standalone,
// with Sentinel, or in a Cluster. Every transition is one Lua script, so it happens whole or not at all, and time is
// Redis's own, so that the clocks of the hosts do not matter.
package redisqueue

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/tania"
)

// Options are the engine's.
type Options struct {
	queue.Options
	// Redis says how to connect; redisconn.ParseURL makes one.
	Redis rueidis.ClientOption
	// Name is the prefix of all keys, QUEUE_NAME; "tania-messages" when empty.
	Name string
	// Partitions divides the queue, each part in one slot of a Cluster; 1 when 0. It must not change while messages wait.
	Partitions int
	// Log hears when turns cannot be claimed because Redis is away, and when they can again; nil: nobody does.
	Log *slog.Logger
}

// Engine is a queue.Engine. Make it with Open.
type Engine struct {
	queue.Options
	log   *slog.Logger
	name  string
	redis *redisconn.Connection
	bases []string
	// channel carries what engines tell each other: that there may be work, that a message came behind a turn, that a lease ended.
	channel string

	ctx    context.Context // ends with Close
	closed context.CancelFunc
	tasks  sync.WaitGroup
	kick   chan struct{}

	mu      sync.Mutex
	waiters []*waiter
	// direct counts claims that are asking Redis themselves, next is the partition that one of them asks first.
	direct, next int
	// gathering reports whether a partition is away, or was until now; only the goroutine that claims knows which.
	gathering bool
	holds     map[tania.TurnID]*hold

	// published is closed when a bot has another version; nil while nobody waits for one.
	published chan struct{}
	// onForget is what OnForget was given.
	onForget func(context.Context, tania.AccountID, tania.ContactID)

	// clock is nil, but for tests, which stop time.
	clock queue.Clock
}

var _ queue.Engine = (*Engine)(nil)

// Open connects. A Redis that cannot be reached now is no error: operations fail with queue.ErrUnavailable until it is there. An error
// means that Redis refuses, and wraps queue.ErrUnavailable too.
func Open(ctx context.Context, o Options) (*Engine, error) {
	return open(ctx, o, nil)
}

func open(ctx context.Context, o Options, clock queue.Clock) (*Engine, error) {
	if o.Name == "" {
		o.Name = "tania-messages"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	e := &Engine{
		Options: o.WithDefaults(), log: o.Log, name: o.Name, channel: o.Name + ":engines", kick: make(chan struct{}, 1),
		holds: map[tania.TurnID]*hold{}, clock: clock,
	}
	for p := range max(o.Partitions, 1) {
		e.bases = append(e.bases, base(o.Name, p))
	}
	e.ctx, e.closed = context.WithCancel(context.WithoutCancel(ctx))
	e.redis = redisconn.New(e.ctx, e.agree, e.look)
	if err := e.redis.Open(ctx, o.Redis); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	err := e.Ready(ctx)
	if redisconn.Refused(err) || ctx.Err() != nil {
		return nil, errors.Join(err, ctx.Err(), e.Close())
	}
	subscribed := make(chan struct{})
	e.tasks.Go(func() { e.listen(subscribed) })
	e.tasks.Go(e.serve)
	e.tasks.Go(e.clean)
	if err != nil {
		return e, nil
	}
	// Nothing depends on it: what is said before it hears is made up for by looking.
	select {
	case <-subscribed:
	case <-time.After(redisconn.StartPatience):
	}
	return e, nil
}

// Close implements queue.Engine.
func (e *Engine) Close() error {
	e.closed()
	e.redis.Close()
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
func (e *Engine) Ready(ctx context.Context) error { return e.takesWrites(ctx, e.bases...) }

// Partitions is how many parts the queue is divided into.
func (e *Engine) Partitions() int { return len(e.bases) }

// PartitionReady reports nil when a partition takes writes.
func (e *Engine) PartitionReady(ctx context.Context, partition int) error {
	return e.takesWrites(ctx, e.bases[partition])
}

func (e *Engine) takesWrites(ctx context.Context, bases ...string) error {
	var commands rueidis.Commands
	client := e.client()
	for _, base := range bases {
		commands = append(commands, client.B().Set().Key(base+":probe").Value("1").Ex(time.Minute).Build())
	}
	for _, r := range client.DoMulti(e.open(ctx), commands...) {
		if err := r.Error(); err != nil {
			return e.failed("ready", err)
		}
	}
	return nil
}

// Partition is the one that a conversation is in.
func (e *Engine) Partition(key tania.ConversationKey) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key.String()))
	return int(h.Sum32() % uint32(len(e.bases))) //nolint:gosec // at most 1024
}

func (e *Engine) base(key tania.ConversationKey) string { return e.bases[e.Partition(key)] }

// client is Redis as it is connected now.
func (e *Engine) client() rueidis.Client { return e.redis.Client() }

// run executes a transition in a partition.
func (e *Engine) run(ctx context.Context, script lua.Transition, base string, args ...string) rueidis.RedisResult {
	now := ""
	if e.clock != nil {
		now = micros(e.clock.Now())
	}
	common := []string{now, micro(e.Debounce), micro(e.DebounceMax), micro(e.Lease), micro(e.DedupFor), strconv.Itoa(e.MaxAttempts), e.channel}
	return script().Exec(e.open(ctx), e.client(), []string{base}, append(common, args...))
}

// do executes one command.
func (e *Engine) do(ctx context.Context, c rueidis.Completed) rueidis.RedisResult {
	return e.client().Do(e.open(ctx), c)
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
