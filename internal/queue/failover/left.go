package failover

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
)

// leftovers is the store of a process that is no more, with deliveries in it. It is emptied where it is: a start does not wait for it.
type leftovers struct {
	*store
	since time.Time
	// drained ends claims when the store is empty.
	empty   context.Context
	drained context.CancelFunc

	mu sync.Mutex
	// waiting counts the deliveries of each conversation, total all of them.
	waiting map[tania.ConversationKey]int64
	total   int64
}

// newLeftovers counts what is in a store.
func newLeftovers(s *store, held map[tania.ConversationKey]sqlitequeue.Backlog) *leftovers {
	l := &leftovers{store: s, waiting: map[tania.ConversationKey]int64{}}
	l.empty, l.drained = context.WithCancel(context.Background())
	for key, h := range held {
		l.waiting[unpack(key)] += h.Messages
		l.total += h.Messages
		if l.since.IsZero() || h.Since.Before(l.since) {
			l.since = h.Since
		}
	}
	return l
}

// has reports whether deliveries of a conversation are still here: newer ones, in other stores, wait for them.
func (l *leftovers) has(key tania.ConversationKey) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waiting[key] > 0
}

// gone counts deliveries that are here no more.
func (l *leftovers) gone(key tania.ConversationKey, n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting[key] -= n
	if l.total -= n; l.total == 0 {
		l.drained()
	}
}

// moveLeft moves what is in a store that was left until it is empty, and closes it. older are those of earlier processes.
func (f *Failover) moveLeft(ctx context.Context, l *leftovers, older []*leftovers, work Work) error {
	claiming, done := context.WithCancel(ctx)
	defer done()
	defer context.AfterFunc(l.empty, done)()
	lines := errgroup.Group{}
	for range lanes {
		lines.Go(func() error {
			for {
				if err := f.moveOne(claiming, source{l.store, l, older}, work); err != nil {
					if l.empty.Err() != nil && ctx.Err() == nil {
						return nil
					}
					return err
				}
			}
		})
	}
	if err := lines.Wait(); err != nil {
		return err
	}
	return l.Close()
}

// source is where a lane takes deliveries from.
type source struct {
	*store
	// left is set on the store of another process. older have deliveries from before those here.
	left  *leftovers
	older []*leftovers
}

// mustWait reports whether an older store has deliveries of the conversation.
func (s source) mustWait(key tania.ConversationKey) bool {
	for _, l := range s.older {
		if l.has(key) {
			return true
		}
	}
	return false
}

// gone counts deliveries that are kept no more.
func (f *Failover) gone(s *leftovers, key tania.ConversationKey, n int64) {
	if s != nil {
		s.gone(key, n)
	}
	f.settle(f.shared.Partition(key), n)
}

// forgetIn drops a conversation's deliveries from one store; one that was emptied and closed has none.
func (f *Failover) forgetIn(ctx context.Context, s *store, l *leftovers, of func(Delivery) bool) (n int64, err error) {
	erased, err := s.ForgetMessages(ctx, func(m *tania.Message) bool { return of(delivery(m.Key, *m)) })
	for key, messages := range erased {
		f.gone(l, unpack(key), messages)
		n += messages
	}
	if l != nil && l.empty.Err() != nil || errors.Is(err, queue.ErrClosed) {
		err = nil
	}
	return n, err
}
