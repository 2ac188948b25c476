package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tania/internal/cache/store"
)

// Load implements store.Store. It reads beside the writing goroutine, which waits only until the reading has begun.
func (s *Store) Load(ctx context.Context) (all store.Snapshot, err error) {
	if err := s.open(ctx); err != nil {
		return all, err
	}
	all, err = s.read(ctx)
	switch {
	case err == nil:
		return all, nil
	case s.open(ctx) != nil:
		return store.Snapshot{}, s.open(ctx)
	}
	return store.Snapshot{}, fmt.Errorf("sqlitestore: load: %w", err)
}

func (s *Store) read(ctx context.Context) (all store.Snapshot, err error) {
	conn, err := s.readers.Conn(ctx)
	if err != nil {
		return all, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	t, err := s.snapshot(ctx, conn, &all)
	if err != nil {
		return all, err
	}
	defer func() { _ = t.Rollback() }() // there is nothing to undo
	if err := s.readEntries(ctx, t, &all); err != nil {
		return all, err
	}
	return all, readLearnt(ctx, t, &all)
}

// snapshot begins to read, at a position of the log.
func (s *Store) snapshot(ctx context.Context, conn *sql.Conn, all *store.Snapshot) (*sql.Tx, error) {
	s.committed.Lock()
	defer s.committed.Unlock()
	t, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	// A transaction sees what there is at its first read.
	if err := t.QueryRowContext(ctx, `SELECT epoch FROM state`).Scan(&all.Epoch); err != nil {
		return nil, errors.Join(err, t.Rollback())
	}
	all.At = s.log.At()
	return t, nil
}

func (s *Store) readEntries(ctx context.Context, t *sql.Tx, all *store.Snapshot) (err error) {
	rows, err := t.QueryContext(ctx, `SELECT id, body, vector, hits, used FROM entries`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id string
		var body sql.RawBytes
		var vector []byte
		var hits, used int64
		if err := rows.Scan(&id, &body, &vector, &hits, &used); err != nil {
			return err
		}
		var e store.Entry
		if err := json.Unmarshal(body, &e); err != nil {
			s.out.Warn("a cached answer cannot be read", "entry", id, "error", err)
			continue
		}
		e.Vector, e.Use = vector, useOf(hits, used)
		all.Entries = append(all.Entries, e)
	}
	return rows.Err()
}

// Uses implements store.Store.
func (s *Store) Uses(ctx context.Context) (uses map[string]store.Use, err error) {
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	uses, err = s.readUses(ctx)
	switch {
	case err == nil:
		return uses, nil
	case s.open(ctx) != nil:
		return nil, s.open(ctx)
	}
	return nil, fmt.Errorf("sqlitestore: uses: %w", err)
}

func (s *Store) readUses(ctx context.Context) (uses map[string]store.Use, err error) {
	rows, err := s.readers.QueryContext(ctx, `SELECT id, hits, used FROM entries WHERE hits > 0`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	uses = map[string]store.Use{}
	for rows.Next() {
		var id string
		var hits, used int64
		if err := rows.Scan(&id, &hits, &used); err != nil {
			return nil, err
		}
		uses[id] = useOf(hits, used)
	}
	return uses, rows.Err()
}

// millis writes a time as the file has it.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func useOf(hits, used int64) store.Use {
	u := store.Use{Hits: hits}
	if used != 0 {
		u.Used = time.UnixMilli(used).UTC()
	}
	return u
}

func readLearnt(ctx context.Context, t *sql.Tx, all *store.Snapshot) (err error) {
	rows, err := t.QueryContext(ctx, `SELECT scope, name, count FROM learnt`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all.Learnt = map[string]map[string]int64{}
	for rows.Next() {
		var scope, name string
		var n int64
		if err := rows.Scan(&scope, &name, &n); err != nil {
			return err
		}
		if all.Learnt[scope] == nil {
			all.Learnt[scope] = map[string]int64{}
		}
		all.Learnt[scope][name] = n
	}
	return rows.Err()
}
