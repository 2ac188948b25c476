// Package memstore keeps a cache in the memory of one process, where there is nothing to share and nothing to keep.
package memstore

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"tania/internal/cache/store"
	"tania/internal/cache/store/storelog"
)

// Options are the store's.
type Options struct {
	// LogLength is how many events are kept for who follows; storelog.DefaultLength when 0.
	LogLength int
}

// Store is a store.Store. Make it with New.
type Store struct {
	log    *storelog.Log
	leases storelog.Leases

	mu      sync.Mutex
	closed  bool
	epoch   uint64
	entries map[string]store.Entry
	uses    map[string]store.Use
	learnt  map[string]map[string]int64
}

var _ store.Store = (*Store)(nil)

// New makes an empty store.
func New(o Options) *Store {
	return &Store{
		log: storelog.NewLog(o.LogLength), epoch: 1,
		entries: map[string]store.Entry{}, uses: map[string]store.Use{}, learnt: map[string]map[string]int64{},
	}
}

// do runs an operation while no other does, and tells who follows what it says.
func (s *Store) do(ctx context.Context, run func() (store.Event, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return store.ErrClosed
	}
	event, err := run()
	if err == nil && event.Kind != "" {
		s.log.Append(event)
	}
	return err
}

// Load implements store.Store.
func (s *Store) Load(ctx context.Context) (all store.Snapshot, err error) {
	err = s.do(ctx, func() (e store.Event, err error) {
		all = store.Snapshot{
			Epoch: s.epoch, Entries: slices.Collect(maps.Values(s.entries)),
			Learnt: map[string]map[string]int64{}, At: s.log.At(),
		}
		for i, e := range all.Entries {
			all.Entries[i].Use = s.uses[e.ID]
		}
		for scope, counts := range s.learnt {
			all.Learnt[scope] = maps.Clone(counts)
		}
		return e, nil
	})
	return all, err
}

// Follow implements store.Store.
func (s *Store) Follow(ctx context.Context, after store.Position, each func([]store.Event, store.Position)) error {
	return s.log.Follow(ctx, after, each)
}

// Put implements store.Store.
func (s *Store) Put(ctx context.Context, epoch uint64, entries ...store.Entry) error {
	return s.do(ctx, func() (e store.Event, err error) {
		if epoch != s.epoch {
			return e, store.ErrEpoch
		}
		if len(entries) == 0 {
			return e, nil
		}
		for _, entry := range entries {
			if old, known := s.entries[entry.ID]; entry.Rev > 0 && (!known || old.Rev != entry.Rev-1) {
				return e, store.ErrChanged
			}
		}
		entries = slices.Clone(entries)
		for i := range entries {
			entries[i].Use = store.Use{}
			s.entries[entries[i].ID] = entries[i]
		}
		return store.Event{Kind: store.EventPut, Epoch: epoch, Entries: entries}, nil
	})
}

// Drop implements store.Store.
func (s *Store) Drop(ctx context.Context, ids ...string) error {
	return s.do(ctx, func() (e store.Event, err error) {
		for _, id := range ids {
			if _, known := s.entries[id]; known {
				delete(s.entries, id)
				delete(s.uses, id)
				e.Kind, e.IDs = store.EventDrop, append(e.IDs, id)
			}
		}
		return e, nil
	})
}

// Clear implements store.Store.
func (s *Store) Clear(ctx context.Context) (epoch uint64, cleared int, err error) {
	err = s.do(ctx, func() (store.Event, error) {
		cleared = len(s.entries)
		clear(s.entries)
		clear(s.uses)
		s.epoch++
		epoch = s.epoch
		return store.Event{Kind: store.EventClear, Epoch: epoch}, nil
	})
	return epoch, cleared, err
}

// Erase implements store.Store. The log of a process's memory goes with it.
func (s *Store) Erase(ctx context.Context) (epoch uint64, cleared int, err error) {
	return s.Clear(ctx)
}

// Learn implements store.Store.
func (s *Store) Learn(ctx context.Context, scope string, delta map[string]int64) error {
	return s.do(ctx, func() (e store.Event, err error) {
		if len(delta) == 0 {
			return e, nil
		}
		if s.learnt[scope] == nil {
			s.learnt[scope] = map[string]int64{}
		}
		for name, n := range delta {
			s.learnt[scope][name] += n
		}
		return store.Event{Kind: store.EventLearn, Scope: scope, Delta: maps.Clone(delta)}, nil
	})
}

// Touch implements store.Store.
func (s *Store) Touch(ctx context.Context, uses map[string]store.Use) error {
	return s.do(ctx, func() (e store.Event, err error) {
		for id, u := range uses {
			if _, known := s.entries[id]; known {
				u.Used = u.Used.UTC().Truncate(time.Millisecond)
				s.uses[id] = s.uses[id].Add(u)
			}
		}
		return e, nil
	})
}

// Uses implements store.Store.
func (s *Store) Uses(ctx context.Context) (uses map[string]store.Use, err error) {
	err = s.do(ctx, func() (e store.Event, err error) {
		uses = maps.Clone(s.uses)
		return e, nil
	})
	return uses, err
}

// Lead implements store.Store.
func (s *Store) Lead(ctx context.Context, question, holder string, life time.Duration) (leads bool, err error) {
	err = s.do(ctx, func() (e store.Event, err error) {
		leads = s.leases.Take(question, holder, life)
		return e, nil
	})
	return leads, err
}

// Unlead implements store.Store.
func (s *Store) Unlead(ctx context.Context, question, holder string) error {
	return s.do(ctx, func() (e store.Event, err error) {
		if s.leases.Give(question, holder) {
			e = store.Event{Kind: store.EventUnled, Question: question}
		}
		return e, nil
	})
}

// Close implements store.Store.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.log.Close()
	return nil
}
