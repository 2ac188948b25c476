package sqlitestore

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"tania/internal/cache/store"
)

// Put implements store.Store.
func (s *Store) Put(ctx context.Context, epoch uint64, entries ...store.Entry) error {
	bodies := make([]string, len(entries))
	for i, e := range entries {
		body, err := json.Marshal(e.Content())
		if err != nil {
			return fmt.Errorf("sqlitestore: entry %s: %w", e.ID, err)
		}
		bodies[i] = string(body)
	}
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i].Use = store.Use{}
	}
	return s.do(ctx, func(t *tx) (e store.Event, err error) {
		if now := t.number(t.epoch); t.err == nil && uint64(now) != epoch { //nolint:gosec // it is a time
			return e, store.ErrEpoch
		}
		if len(entries) == 0 {
			return e, nil
		}
		for _, entry := range entries {
			if entry.Rev > 0 && t.revision(entry.ID) != int64(entry.Rev)-1 && t.err == nil {
				return e, store.ErrChanged
			}
		}
		for i, entry := range entries {
			t.exec(t.put, entry.ID, bodies[i], entry.Vector)
		}
		return store.Event{Kind: store.EventPut, Epoch: epoch, Entries: entries}, nil
	})
}

// Drop implements store.Store.
func (s *Store) Drop(ctx context.Context, ids ...string) error {
	if len(ids) == 0 {
		return s.open(ctx)
	}
	ids = slices.Clone(ids)
	return s.do(ctx, func(t *tx) (e store.Event, err error) {
		for _, id := range ids {
			if t.exec(t.drop, id) > 0 {
				e.Kind, e.IDs = store.EventDrop, append(e.IDs, id)
			}
		}
		return e, nil
	})
}

// Clear implements store.Store.
func (s *Store) Clear(ctx context.Context) (epoch uint64, cleared int, err error) {
	return s.clear(ctx, false)
}

// Erase implements store.Store.
func (s *Store) Erase(ctx context.Context) (epoch uint64, cleared int, err error) {
	return s.clear(ctx, true)
}

func (s *Store) clear(ctx context.Context, erase bool) (epoch uint64, cleared int, err error) {
	type outcome struct {
		epoch   uint64
		cleared int
	}
	got := make(chan outcome, 1) // who gave up does not read it
	if err := s.do(ctx, func(t *tx) (store.Event, error) {
		rows := t.exec(t.dropAll)
		t.erases = t.erases || erase
		next := uint64(t.number(t.nextEpoch)) //nolint:gosec // it is a time
		got <- outcome{next, int(rows)}
		return store.Event{Kind: store.EventClear, Epoch: next}, nil
	}); err != nil {
		return 0, 0, err
	}
	o := <-got
	return o.epoch, o.cleared, nil
}

// Learn implements store.Store.
func (s *Store) Learn(ctx context.Context, scope string, delta map[string]int64) error {
	if len(delta) == 0 {
		return s.open(ctx)
	}
	delta = maps.Clone(delta)
	return s.do(ctx, func(t *tx) (store.Event, error) {
		for name, n := range delta {
			t.exec(t.learn, scope, name, n)
		}
		return store.Event{Kind: store.EventLearn, Scope: scope, Delta: delta}, nil
	})
}

// Touch implements store.Store.
func (s *Store) Touch(ctx context.Context, uses map[string]store.Use) error {
	if len(uses) == 0 {
		return s.open(ctx)
	}
	uses = maps.Clone(uses)
	return s.do(ctx, func(t *tx) (e store.Event, err error) {
		for id, u := range uses {
			t.exec(t.touch, u.Hits, millis(u.Used), id)
		}
		return e, nil
	})
}
