// Package failover keeps webhooks while the shared store is away. A delivery that Redis does not take in time is kept in an embedded
// store of the process that received it, and from then on so is every other, in the order of arrival, until all of them have been
// given to Redis: what came first goes first, and Redis's own memory of message ids makes once of what it got twice.
//
// Deliveries wait for Redis and are not answered meanwhile: who took a conversation over, whether the bot is paused and what
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
}

// Work does to the shared store what a delivery means. It may be called again with a delivery that it did already.
type Work func(ctx context.Context, d Delivery) error

// Shared is the store that may be away, in whole or in part. A conversation is in one partition.
type Shared interface {
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
	// left are stores of processes that are no more, with something in them.
	left []*store

	parts []part
	// arrivals numbers deliveries in the order in which they came.
	arrivals atomic.Int64
	// kept counts the deliveries in own, and the stores that are left.
	kept atomic.Int64
	// since is when kept was last 0, in nanoseconds since 1970; moved counts what was moved since.
	since, moved atomic.Int64
}

// part is what is known of a partition. One that is away takes no other with it: other processes may reach that one, and
// what is kept here would be behind what they give it.
type part struct {
	// kept counts the deliveries in own, and the stores that are left. Unless it is 0, every delivery is kept.
	kept atomic.Int64

	probe sync.Mutex
	// answered is when the partition answered last, failed when it last did not; by probe.
	answered, failed time.Time
}

// patience is how long the shared store may take before the delivery is kept: a webhook is answered within 50 ms, and
// keeping it takes a commit to disk.
const patience = 25 * time.Millisecond

// lanes is how many conversations are moved at a time.
const lanes = 16

// A partition that is away is asked every probeEvery, and may take probeTime to answer. A lane waits for it for as long as
// laneWaits, and then looks after another.
const (
	probeEvery = 50 * time.Millisecond
	probeTime  = time.Second
	laneWaits  = time.Second
)

// Open opens a store in dir that no other process has, and those that processes left with something in them.
func Open(ctx context.Context, dir string, shared Shared, log *slog.Logger) (*Failover, error) {
	f := &Failover{shared: shared, log: log, parts: make([]part, shared.Partitions())}
	f.since.Store(time.Now().UnixNano())
	for slot := 1; ; slot++ {
		path := filepath.Join(dir, fmt.Sprintf("kept-%d.db", slot))
		if _, err := os.Stat(path); err != nil && f.own != nil {
			break
		}
		s, waiting, err := openStore(ctx, path)
		switch {
		case errors.Is(err, sqlitequeue.ErrInUse):
		case err != nil:
			return nil, errors.Join(err, f.Close())
		case waiting > 0:
			log.Warn("webhooks were kept here when Redis was away; they are moved now", "file", path, "conversations", waiting)
			f.left = append(f.left, s)
		case f.own == nil:
			f.own = s
		default:
			if err := s.Close(); err != nil {
				return nil, errors.Join(err, f.Close())
			}
		}
	}
	f.kept.Store(int64(len(f.left)))
	for i := range f.parts {
		f.parts[i].kept.Store(int64(len(f.left)))
	}
	return f, nil
}

// Close ends Run and frees the stores.
func (f *Failover) Close() error {
	var errs []error
	for _, s := range append(f.left, f.own) {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}

// Ready reports nil when a delivery can be kept now.
func (f *Failover) Ready(ctx context.Context) error { return f.own.Ready(ctx) }

// Kept is how many deliveries wait for the shared store; what another process left counts as one.
func (f *Failover) Kept() int64 { return f.kept.Load() }

// Take does the work, or keeps the delivery where the shared store is away. Either is durable when it returns nil.
func (f *Failover) Take(ctx context.Context, d Delivery, work Work) (kept bool, err error) {
	arrival, n := f.arrivals.Add(1), f.shared.Partition(d.Key)
	p := &f.parts[n]
	var cause error
	if p.kept.Load() == 0 {
		limited, done := context.WithTimeout(ctx, patience)
		cause = work(limited, d)
		done()
		if !errors.Is(cause, queue.ErrUnavailable) || ctx.Err() != nil {
			return false, cause
		}
	}
	p.kept.Add(1)
	if f.kept.Add(1) == 1 {
		f.since.Store(time.Now().UnixNano())
		f.log.Warn("Redis does not take webhooks: they are kept here, and moved when it does", "error", cause)
	}
	if err := f.own.keep(ctx, arrival, n, d); err != nil {
		p.kept.Add(-1)
		f.settle(1)
		return false, err
	}
	return true, nil
}

// settle counts what is kept no more.
func (f *Failover) settle(n int64) {
	if f.kept.Add(-n) == 0 {
		f.log.Info("Redis takes webhooks", "moved", f.moved.Swap(0), "away_ms", time.Since(time.Unix(0, f.since.Load())).Milliseconds())
	}
}

// Run moves what is kept, in order, until ctx ends.
func (f *Failover) Run(ctx context.Context, work Work) error {
	for _, s := range f.left {
		emptied, done := context.WithCancel(ctx)
		err := f.move(emptied, s, work, func(*part, int64) error {
			waiting, err := s.waiting(ctx)
			if waiting == 0 {
				done()
			}
			return err
		})
		done()
		if err != nil || ctx.Err() != nil {
			return err
		}
		for i := range f.parts {
			f.parts[i].kept.Add(-1)
		}
		f.settle(1)
	}
	return f.move(ctx, f.own, work, func(p *part, n int64) error {
		p.kept.Add(-n)
		f.settle(n)
		return nil
	})
}

// move moves a store's deliveries until ctx ends, several conversations at a time, and tells how many of which partition.
func (f *Failover) move(ctx context.Context, s *store, work Work, moved func(p *part, n int64) error) error {
	lines, inLine := errgroup.WithContext(ctx)
	for range lanes {
		lines.Go(func() error {
			for {
				if err := f.moveOne(inLine, s, work, moved); err != nil {
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
func (f *Failover) moveOne(ctx context.Context, s *store, work Work, moved func(p *part, n int64) error) error {
	t, err := s.Claim(ctx)
	if err != nil {
		return err
	}
	key := unpack(t.Key)
	n := f.shared.Partition(key)
	p := &f.parts[n]
	switch there, err := f.await(ctx, n); {
	case err != nil:
		return err // the next opening of the store finds the turn due
	case !there:
		return s.Release(ctx, t)
	}
	for _, m := range t.Messages {
		if err = work(ctx, Delivery{Key: key, Body: []byte(m.Content), Received: m.Received}); err != nil {
			break
		}
	}
	switch {
	case err == nil:
		if err := s.Complete(context.WithoutCancel(ctx), t); err != nil {
			return err
		}
		f.moved.Add(int64(len(t.Messages)))
		return moved(p, int64(len(t.Messages)))
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, queue.ErrUnavailable):
		p.doubt()
		return s.Release(ctx, t)
	}
	f.log.Error("a webhook that was kept cannot be moved", "conversation", key.String(), "error", err)
	return s.Defer(ctx, t, min(time.Duration(t.Deferred+1)*probeEvery, time.Minute))
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

// openStore opens or makes one, and says how many conversations are in it.
func openStore(ctx context.Context, path string) (*store, int64, error) {
	// A claim lasts as long as the process, no attempt is the last, and the numbers of arrivals begin anew with each process.
	e, err := sqlitequeue.Open(ctx, path, queue.Options{
		Debounce: -1, DebounceMax: -1, DedupFor: -1, Lease: claimFor, MaxAttempts: math.MaxInt32,
	})
	if err != nil {
		return nil, 0, fmt.Errorf("failover: %w", err)
	}
	s := &store{e}
	waiting, err := s.waiting(ctx)
	if err != nil {
		return nil, 0, errors.Join(err, e.Close())
	}
	return s, waiting, nil
}

const claimFor = 10 * 365 * 24 * time.Hour

// waiting is the number of conversations in the store.
func (s *store) waiting(ctx context.Context) (int64, error) {
	stats, err := s.Stats(ctx)
	return stats.Waiting + stats.Delayed + stats.Active, err
}

func (s *store) keep(ctx context.Context, arrival int64, partition int, d Delivery) error {
	key, err := pack(partition, d.Key)
	if err != nil {
		return err
	}
	_, err = s.Push(ctx, tania.Message{ID: tania.MessageID(arrival), Key: key, Content: string(d.Body), Received: d.Received.UTC()})
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

func unpack(key tania.ConversationKey) tania.ConversationKey {
	return tania.ConversationKey{
		Account: tania.AccountID(key.Conversation >> conversationBits), Conversation: key.Conversation & (1<<conversationBits - 1),
	}
}
