// Package memstore keeps a cache in the memory of one process, where there is nothing to share and nothing to keep.
package memstore

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"tania/internal/semcache"
	"tania/internal/semcache/local"
)

// Options are the store's.
type Options struct {
	// LogLength is how many events are kept for who follows; local.DefaultLength when 0.
	LogLength int
}

// Store is a semcache.Store. Make it with New.
type Store struct {
	log    *local.Log
	leases local.Leases

	mu      sync.Mutex
	closed  bool
	epoch   uint64
	entries map[string]semcache.Entry
	hits    map[string]int64
	learnt  map[string]map[string]int64
}

var _ semcache.Store = (*Store)(nil)

// New makes an empty store.
func New(o Options) *Store {
	return &Store{
		log: local.NewLog(o.LogLength), epoch: 1,
		entries: map[string]semcache.Entry{}, hits: map[string]int64{}, learnt: map[string]map[string]int64{},
	}
}

// do runs an operation while no other does, and tells who follows what it says.
func (s *Store) do(ctx context.Context, run func() (semcache.Event, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return semcache.ErrClosed
	}
	event, err := run()
	if err == nil && event.Kind != "" {
		s.log.Append(event)
	}
	return err
}

// Load implements semcache.Store.
func (s *Store) Load(ctx context.Context) (all semcache.Snapshot, err error) {
	err = s.do(ctx, func() (e semcache.Event, err error) {
		all = semcache.Snapshot{
			Epoch: s.epoch, Entries: slices.Collect(maps.Values(s.entries)), Hits: maps.Clone(s.hits),
			Learnt: map[string]map[string]int64{}, At: s.log.At(),
		}
		for scope, counts := range s.learnt {
			all.Learnt[scope] = maps.Clone(counts)
		}
		return e, nil
	})
	return all, err
}

// Follow implements semcache.Store.
func (s *Store) Follow(ctx context.Context, after semcache.Position, each func([]semcache.Event, semcache.Position)) error {
	return s.log.Follow(ctx, after, each)
}

// Put implements semcache.Store.
func (s *Store) Put(ctx context.Context, epoch uint64, entries ...semcache.Entry) error {
	return s.do(ctx, func() (e semcache.Event, err error) {
		if epoch != s.epoch {
			return e, semcache.ErrEpoch
		}
		if len(entries) == 0 {
			return e, nil
		}
		for _, entry := range entries {
			if old, known := s.entries[entry.ID]; entry.Rev > 0 && (!known || old.Rev != entry.Rev-1) {
				return e, semcache.ErrChanged
			}
		}
		for _, entry := range entries {
			s.entries[entry.ID] = entry
		}
		return semcache.Event{Kind: semcache.EventPut, Epoch: epoch, Entries: slices.Clone(entries)}, nil
	})
}

// Drop implements semcache.Store.
func (s *Store) Drop(ctx context.Context, ids ...string) error {
	return s.do(ctx, func() (e semcache.Event, err error) {
		for _, id := range ids {
			if _, known := s.entries[id]; known {
				delete(s.entries, id)
				delete(s.hits, id)
				e.Kind, e.IDs = semcache.EventDrop, append(e.IDs, id)
			}
		}
		return e, nil
	})
}

// Clear implements semcache.Store.
func (s *Store) Clear(ctx context.Context) (epoch uint64, cleared int, err error) {
	err = s.do(ctx, func() (semcache.Event, error) {
		cleared = len(s.entries)
		clear(s.entries)
		clear(s.hits)
		s.epoch++
		epoch = s.epoch
		return semcache.Event{Kind: semcache.EventClear, Epoch: epoch}, nil
	})
	return epoch, cleared, err
}

// Erase implements semcache.Store. The log of a process's memory goes with it.
func (s *Store) Erase(ctx context.Context) (epoch uint64, cleared int, err error) {
	return s.Clear(ctx)
}

// Learn implements semcache.Store.
func (s *Store) Learn(ctx context.Context, scope string, delta map[string]int64) error {
	return s.do(ctx, func() (e semcache.Event, err error) {
		if len(delta) == 0 {
			return e, nil
		}
		if s.learnt[scope] == nil {
			s.learnt[scope] = map[string]int64{}
		}
		for name, n := range delta {
			s.learnt[scope][name] += n
		}
		return semcache.Event{Kind: semcache.EventLearn, Scope: scope, Delta: maps.Clone(delta)}, nil
	})
}

// Touch implements semcache.Store.
func (s *Store) Touch(ctx context.Context, hits map[string]int64) error {
	return s.do(ctx, func() (e semcache.Event, err error) {
		for id, n := range hits {
			if _, known := s.entries[id]; known {
				s.hits[id] += n
			}
		}
		return e, nil
	})
}

// Lead implements semcache.Store.
func (s *Store) Lead(ctx context.Context, question, holder string, life time.Duration) (leads bool, err error) {
	err = s.do(ctx, func() (e semcache.Event, err error) {
		leads = s.leases.Take(question, holder, life)
		return e, nil
	})
	return leads, err
}

// Unlead implements semcache.Store.
func (s *Store) Unlead(ctx context.Context, question, holder string) error {
	return s.do(ctx, func() (e semcache.Event, err error) {
		if s.leases.Give(question, holder) {
			e = semcache.Event{Kind: semcache.EventUnled, Question: question}
		}
		return e, nil
	})
}

// Close implements semcache.Store.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.log.Close()
	return nil
}
