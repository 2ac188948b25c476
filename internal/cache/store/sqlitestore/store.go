// Package sqlitestore keeps a cache in a SQLite file of one process, beside the queue's. The file is worth nothing that cannot be made
// again: one that is damaged is set aside, and a power cut may take the last second of it.
package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"tania/internal/cache/store"
	"tania/internal/cache/store/storelog"
	"tania/internal/sqlitefile"
)

// ErrInUse means that another process has the file.
var ErrInUse = errors.New("sqlitestore: the cache is in use by another process")

// Options are the store's.
type Options struct {
	// Log hears of files that were set aside and entries that cannot be read; nil: nobody does.
	Log *slog.Logger
	// LogLength is how many events are kept for who follows; storelog.DefaultLength when 0.
	LogLength int
}

// Store is a store.Store. Make it with Open.
type Store struct {
	path string
	out  *slog.Logger
	lock *flock.Flock

	pages   *sqlitefile.Layer // finds flipped bits in the file
	writer  *sql.DB
	readers *sql.DB
	write   *statements // of the writing goroutine alone

	log    *storelog.Log
	leases storelog.Leases

	// committed is held from before a commit until its events are in the log, so that a snapshot's position is that of what it read.
	committed sync.Mutex

	changes chan *change
	closed  chan struct{}
	ended   chan struct{}
	once    sync.Once
	closing error
}

var _ store.Store = (*Store)(nil)

// Open opens or makes the file. One that cannot be used is set aside: it has ".damaged" behind its name then, in the place of one
// set aside before. An error means that there can be no file there, or that another process has it.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil { //nolint:gosec // the operator names it
		return nil, fmt.Errorf("sqlitestore: open: %w", err)
	}
	lock := flock.New(path + ".lock")
	if locked, err := lock.TryLock(); err != nil {
		return nil, fmt.Errorf("sqlitestore: lock %s: %w", lock.Path(), err)
	} else if !locked {
		return nil, fmt.Errorf("%w (%s)", ErrInUse, lock.Path())
	}
	s := &Store{
		path: path, out: o.Log, lock: lock, log: storelog.NewLog(o.LogLength),
		changes: make(chan *change, maxBatch), closed: make(chan struct{}), ended: make(chan struct{}),
	}
	err := s.connect(ctx)
	if err != nil && hopeless(err) {
		err = s.beginAnew(ctx, err)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sqlitestore: open %s: %w", path, err), s.disconnect(), lock.Unlock())
	}
	go s.loop()
	return s, nil
}

// Follow implements store.Store.
func (s *Store) Follow(ctx context.Context, after store.Position, each func([]store.Event, store.Position)) error {
	return s.log.Follow(ctx, after, each)
}

// Lead implements store.Store. Leases are in memory, as their holders are.
func (s *Store) Lead(ctx context.Context, question, holder string, life time.Duration) (bool, error) {
	if err := s.open(ctx); err != nil {
		return false, err
	}
	return s.leases.Take(question, holder, life), nil
}

// Unlead implements store.Store.
func (s *Store) Unlead(ctx context.Context, question, holder string) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	if s.leases.Give(question, holder) {
		s.committed.Lock()
		defer s.committed.Unlock()
		s.log.Append(store.Event{Kind: store.EventUnled, Question: question})
	}
	return nil
}

// open gives an error when nothing is to be done any more.
func (s *Store) open(ctx context.Context) error {
	select {
	case <-s.closed:
		return store.ErrClosed
	default:
		return ctx.Err()
	}
}

// Close implements store.Store. What was submitted is written before.
func (s *Store) Close() error {
	s.once.Do(func() {
		close(s.closed)
		<-s.ended
		s.log.Close()
		s.closing = errors.Join(s.disconnect(), s.lock.Unlock())
	})
	return s.closing
}
