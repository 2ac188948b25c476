// Package failover keeps webhooks while the shared store is away. A delivery that it does not take in time is kept in an embedded
// store of the process that received it, and from then on so is every other, in the order of arrival, until all of them have been
// given to the shared store: what came first goes first, and its own memory of message ids makes once of what it got twice.
//
// Deliveries wait for that store and are not answered meanwhile: who took a conversation over, whether the bot is paused and what
// another worker is about to say are known there alone.
package failover

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
)

// Delivery is a webhook as it came.
type Delivery struct {
	Key tania.ConversationKey
	// Body is decoded already once, so it can be again.
	Body []byte
	// Received is when it came, by this host's clock.
	Received time.Time
	// Trace is the W3C traceparent of the request, empty without tracing.
	Trace string
}

// Work does to the shared store what a delivery means. It may be called again with a delivery that it did already.
type Work func(ctx context.Context, d Delivery) error

// Shared is the store that may be away, in whole or in part. A conversation is in one partition.
type Shared interface {
	// StoreName is what people call it.
	StoreName() string
	Partitions() int
	Partition(key tania.ConversationKey) int
	// PartitionReady reports nil when a partition takes writes.
	PartitionReady(ctx context.Context, partition int) error
}

// Failover is made by Open, and moves what it keeps while Run runs.
type Failover struct {
	shared Shared
	log    *slog.Logger
	own    *store
	// left are the stores of processes that are no more, the oldest first.
	left []*leftovers

	parts []part
	// arrivals numbers deliveries in the order in which they came.
	arrivals atomic.Int64
	// kept counts the deliveries in own and left.
	kept atomic.Int64
	// moving is held for reading while a conversation is moved, so that Forget finds none halfway.
	moving sync.RWMutex
	// since is when kept was last 0, in nanoseconds since 1970; moved counts what was moved since.
	since, moved atomic.Int64
}

// part is what is known of a partition. One that is away takes no other with it: other processes may reach that one, and
// what is kept here would be behind what they give it.
type part struct {
	// kept counts its deliveries in own and left. Unless it is 0, every delivery is kept.
	kept atomic.Int64

	probe sync.Mutex
	// answered is when the partition answered last, failed when it last did not; by probe.
	answered, failed time.Time
}

// patience is how long the shared store may take before the delivery is kept: a webhook is answered within 50 ms, and
// keeping it takes a commit to disk.
const patience = 25 * time.Millisecond

// lanes is how many conversations of a store are moved to the shared store at a time.
const lanes = 16

// A partition that is away is asked every probeEvery, and may take probeTime to answer. A lane waits for it for as long as
// laneWaits, and then looks after another.
const (
	probeEvery = 50 * time.Millisecond
	probeTime  = time.Second
	laneWaits  = time.Second
)

// Open opens a store in dir that no other process has, and finds what processes that are no more left there; Run moves it.
func Open(ctx context.Context, dir string, shared Shared, log *slog.Logger) (*Failover, error) {
	f := &Failover{shared: shared, log: log, parts: make([]part, shared.Partitions())}
	f.since.Store(time.Now().UnixNano())
	for slot := 1; ; slot++ {
		path := filepath.Join(dir, fmt.Sprintf("kept-%d.db", slot))
		if _, err := os.Stat(path); err != nil && f.own != nil {
			break
		}
		s, held, err := openStore(ctx, path)
		switch {
		case errors.Is(err, sqlitequeue.ErrInUse):
		case err != nil:
			return nil, errors.Join(fmt.Errorf("failover: %s: %w", path, err), f.Close())
		case len(held) == 0 && f.own == nil:
			f.own = s
		default:
			f.left = append(f.left, newLeftovers(s, held))
		}
	}
	slices.SortFunc(f.left, func(a, b *leftovers) int { return a.since.Compare(b.since) })
	for _, l := range f.left {
		for key, n := range l.waiting {
			f.parts[shared.Partition(key)].kept.Add(n)
			f.kept.Add(n)
		}
		if l.total == 0 {
			l.drained()
		}
	}
	if n := f.kept.Load(); n > 0 {
		log.Warn("moving webhooks that were spooled here while "+shared.StoreName()+" was down", "kept", n)
	}
	return f, nil
}

// Close ends Run and frees the stores.
func (f *Failover) Close() error {
	var errs []error
	for _, l := range f.left {
		errs = append(errs, l.Close())
	}
	if f.own != nil {
		errs = append(errs, f.own.Close())
	}
	return errors.Join(errs...)
}

// Ready reports nil when a delivery can be kept now.
func (f *Failover) Ready(ctx context.Context) error { return f.own.Ready(ctx) }

// StoreName is what people call the shared store.
func (f *Failover) StoreName() string { return f.shared.StoreName() }

// Spooled is how many deliveries wait for the shared store.
func (f *Failover) Spooled() int64 { return f.kept.Load() }

// Take does the work, or keeps the delivery where the shared store is away. Either is durable when it returns nil.
func (f *Failover) Take(ctx context.Context, d Delivery, work Work) (kept bool, err error) {
	arrival := f.arrivals.Add(1)
	if f.parts[f.shared.Partition(d.Key)].kept.Load() == 0 {
		limited, done := context.WithTimeout(ctx, patience)
		err := work(limited, d)
		done()
		if !errors.Is(err, queue.ErrUnavailable) || ctx.Err() != nil {
			return false, err
		}
		if f.kept.Load() == 0 {
			f.since.Store(time.Now().UnixNano())
			f.log.Warn(f.StoreName()+" does not take webhooks: spooling them here until it does", "error", err)
		}
	}
	if err := f.keep(ctx, arrival, d); err != nil {
		return false, err
	}
	return true, nil
}

// keep stores a delivery. It is counted first: from then on others of its partition are kept too, behind it.
func (f *Failover) keep(ctx context.Context, arrival int64, d Delivery) error {
	partition := f.shared.Partition(d.Key)
	f.parts[partition].kept.Add(1)
	f.kept.Add(1)
	err := f.own.keep(ctx, arrival, partition, d)
	if err != nil {
		f.settle(partition, 1)
	}
	return err
}

// settle counts what is kept no more.
func (f *Failover) settle(partition int, n int64) {
	f.parts[partition].kept.Add(-n)
	if f.kept.Add(-n) == 0 {
		f.log.Info(f.StoreName()+" takes webhooks again", "moved", f.moved.Swap(0), "away_ms",
			time.Since(time.Unix(0, f.since.Load())).Milliseconds())
	}
}

// Run moves what is kept, in order, until ctx ends, several conversations at a time.
func (f *Failover) Run(ctx context.Context, work Work) error {
	lines, inLine := errgroup.WithContext(ctx)
	for n, l := range f.left {
		lines.Go(func() error { return f.moveLeft(inLine, l, f.left[:n], work) })
	}
	for range lanes {
		lines.Go(func() error {
			for {
				if err := f.moveOne(inLine, source{f.own, nil, f.left}, work); err != nil {
					return err
				}
			}
		})
	}
	if err := lines.Wait(); ctx.Err() == nil && !errors.Is(err, queue.ErrClosed) {
		return err
	}
	return nil
}

// moveOne moves a conversation's deliveries. One that fails though the shared store is there holds up its own conversation only.
// An error means that ctx or the store has ended.
func (f *Failover) moveOne(ctx context.Context, from source, work Work) error {
	var t *queue.Turn
	if err := f.insist(ctx, func() (err error) {
		t, err = from.Claim(ctx)
		return err
	}); err != nil {
		return err
	}
	key := unpack(t.Key)
	if from.mustWait(key) {
		return f.insist(ctx, func() error { return from.Defer(ctx, t, probeEvery) })
	}
	partition := f.shared.Partition(key)
	there, err := f.await(ctx, partition)
	if err != nil {
		return err // the next opening of the store finds the turn due
	}
	if !there {
		return f.insist(ctx, func() error { return from.Release(ctx, t) })
	}
	failed, err := f.give(ctx, from, t, work)
	if failed == nil || err != nil {
		return err
	}
	after, most := time.Duration(t.Deferred+1)*probeEvery, laneWaits/4
	if !errors.Is(failed, queue.ErrUnavailable) && ctx.Err() == nil {
		f.log.Error("a spooled webhook cannot be moved", "conversation", key.String(), "error", failed)
		most = time.Minute
	}
	f.parts[partition].doubt()
	return f.insist(ctx, func() error { return from.Defer(ctx, t, min(after, most)) })
}

// give does a turn's deliveries to the shared store and completes it. failed is why the shared store did not take them, err that ctx or
// the store has ended. A turn that was forgotten meanwhile is neither done nor failed.
func (f *Failover) give(ctx context.Context, from source, t *queue.Turn, work Work) (failed, err error) {
	f.moving.RLock()
	defer f.moving.RUnlock()
	select {
	case <-t.Lost:
		return nil, nil
	default:
	}
	for _, m := range t.Messages {
		if err := work(ctx, delivery(t.Key, m)); err != nil {
			return err, nil
		}
	}
	n := int64(len(t.Messages))
	if err := f.insist(ctx, func() error { return from.Complete(ctx, t) }); err != nil {
		return nil, err
	}
	f.moved.Add(n)
	f.gone(from.left, unpack(t.Key), n)
	return nil, nil
}

// insist repeats an operation of a store that the disk refuses, until ctx or the store ends. A turn that was forgotten is done.
func (f *Failover) insist(ctx context.Context, operation func() error) error {
	for {
		err := operation()
		if errors.Is(err, queue.ErrLost) {
			return nil
		}
		if err == nil || ctx.Err() != nil || errors.Is(err, queue.ErrClosed) {
			return errors.Join(err, ctx.Err())
		}
		f.log.Error("spooled webhooks cannot be moved: disk error", "error", err)
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}
}

// await waits for a partition, and says whether it answers. One lane asks for all.
func (f *Failover) await(ctx context.Context, n int) (there bool, err error) {
	p := &f.parts[n]
	p.probe.Lock()
	defer p.probe.Unlock()
	if time.Since(p.answered) < probeEvery || time.Since(p.failed) < probeEvery {
		return p.answered.After(p.failed), nil
	}
	for began := time.Now(); ; {
		limited, done := context.WithTimeout(ctx, probeTime)
		err := f.shared.PartitionReady(limited, n)
		done()
		if err == nil {
			p.answered = time.Now()
			return true, nil
		}
		if p.failed = time.Now(); p.failed.Sub(began) > laneWaits {
			return false, nil
		}
		again := time.NewTimer(probeEvery)
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
			return false, ctx.Err()
		}
	}
}

// doubt makes the next await ask.
func (p *part) doubt() {
	p.probe.Lock()
	defer p.probe.Unlock()
	p.answered = time.Time{}
}

// store is an embedded queue of deliveries: its turns are conversations, so one lane at a time moves each, in order. Its accounts,
// which are served in turn, are the partitions.
type store struct{ *sqlitequeue.Engine }

// openStore opens or makes one, and says what is in it.
func openStore(ctx context.Context, path string) (*store, map[tania.ConversationKey]sqlitequeue.Backlog, error) {
	// A claim lasts as long as the process, no attempt is the last, and arrivals are numbered again by each process.
	e, err := sqlitequeue.Open(ctx, path, queue.Options{
		Debounce: -1, DebounceMax: -1, DedupFor: -1, Lease: claimFor, MaxAttempts: math.MaxInt32,
	})
	if err != nil {
		return nil, nil, err
	}
	held, err := e.Backlogs(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, e.Close())
	}
	return &store{e}, held, nil
}

const claimFor = 10 * 365 * 24 * time.Hour

func (s *store) keep(ctx context.Context, arrival int64, partition int, d Delivery) error {
	key, err := pack(partition, d.Key)
	if err != nil {
		return err
	}
	r, err := s.Push(ctx, tania.Message{
		ID: tania.MessageID(arrival), Key: key, Content: string(d.Body), Received: d.Received.UTC(),
		Trace: d.Trace,
	})
	if err == nil && r.Duplicate {
		err = fmt.Errorf("failover: there is an arrival %d already", arrival)
	}
	return err
}

// conversationBits are those of a conversation's number in an account; the account has the 23 above.
const conversationBits = 40

// pack makes a conversation's key in a store.
func pack(partition int, key tania.ConversationKey) (tania.ConversationKey, error) {
	if key.Account <= 0 || key.Account >= 1<<(63-conversationBits) || key.Conversation <= 0 || key.Conversation >= 1<<conversationBits {
		return key, fmt.Errorf("failover: conversation %s: the numbers are too large", key)
	}
	return tania.ConversationKey{
		Account:      tania.AccountID(partition + 1),
		Conversation: tania.ConversationID(int64(key.Account)<<conversationBits | int64(key.Conversation)),
	}, nil
}

// delivery is what was kept as a message of a store's conversation.
func delivery(key tania.ConversationKey, m tania.Message) Delivery {
	return Delivery{Key: unpack(key), Body: []byte(m.Content), Received: m.Received, Trace: m.Trace}
}

func unpack(key tania.ConversationKey) tania.ConversationKey {
	return tania.ConversationKey{
		Account: tania.AccountID(key.Conversation >> conversationBits), Conversation: key.Conversation & (1<<conversationBits - 1),
	}
}
