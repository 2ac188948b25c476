package sqlitequeue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// load makes the schedule from the file: at the start, where turns of a process that died are given back, and after a
// transaction that failed, where turns keep the workers they had before it.
func (e *Engine) load() error {
	ctx := context.Background()
	held := map[uint64]*turn{}
	if e.schedule != nil {
		for t := range e.schedule.active {
			held[t.token] = t
		}
	}
	fresh := newSchedule()
	var orphans []*turn
	inTurn := map[int64]*turn{}
	if err := e.loadTurns(ctx, fresh, held, inTurn, &orphans); err != nil {
		return err
	}
	if err := e.loadMessages(ctx, fresh, inTurn); err != nil {
		return err
	}
	all, err := counters(ctx, e.write.conn)
	if err != nil {
		return err
	}
	if err := errors.Join(e.loadMeta(ctx), e.loadDeaths(ctx)); err != nil {
		return err
	}
	e.tally.read(all)
	e.schedule, e.stale = fresh, false
	for _, t := range held {
		if _, kept := fresh.active[t]; !kept {
			close(t.lost)
		}
	}
	now := e.Clock.Now()
	for _, b := range fresh.mailboxes {
		e.place(b)
	}
	return e.adopt(orphans, now)
}

// adopt gives back the turns that a dead process had; each of those claims counts.
func (e *Engine) adopt(orphans []*turn, now time.Time) error {
	if len(orphans) == 0 {
		return nil
	}
	tx := &tx{statements: e.write}
	for _, t := range orphans {
		t.lost = make(chan struct{})
		e.schedule.active[t] = struct{}{}
		t.failures = append(t.failures, queue.Failure{At: now, Attempt: t.attempt, Error: "the process ended"})
		if t.attempt > e.MaxAttempts {
			e.bury(tx, t, now)
		} else {
			e.yield(tx, t, now)
		}
	}
	return tx.end()
}

func (e *Engine) loadTurns(ctx context.Context, s *schedule, held map[uint64]*turn, inTurn map[int64]*turn, orphans *[]*turn) (err error) {
	rows, err := e.write.conn.QueryContext(ctx, `SELECT id, account, conversation, seqs, attempt, token, restarts, deferred, due, failures, checkpoint
		FROM turns ORDER BY token = 0, id`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id, seqs, failures string
		var account, conversation, token, due int64
		t := &turn{}
		if err := rows.Scan(&id, &account, &conversation, &seqs, &t.attempt, &token, &t.restarts, &t.deferred, &due, &failures, &t.checkpoint); err != nil {
			return err
		}
		if old := held[uint64(token)]; old != nil && token != 0 {
			t.lease, t.newer, t.lost = old.lease, old.newer, old.lost
			*old = *t
			t = old
			s.active[t] = struct{}{}
		} else if token != 0 {
			*orphans = append(*orphans, t)
		}
		t.id, t.token, t.due = tania.TurnID(id), uint64(token), fromNanos(due)
		t.box = s.box(keyOf(account, conversation))
		t.messages = nil
		t.box.turns = append(t.box.turns, t)
		var list []int64
		if err := errors.Join(json.Unmarshal([]byte(seqs), &list), json.Unmarshal([]byte(failures), &t.failures)); err != nil {
			return fmt.Errorf("turn %s: %w", id, err)
		}
		for _, seq := range list {
			inTurn[seq] = t
		}
	}
	return rows.Err()
}

func (e *Engine) loadMessages(ctx context.Context, s *schedule, inTurn map[int64]*turn) (err error) {
	rows, err := e.write.conn.QueryContext(ctx, `SELECT seq, account, conversation, id, arrived FROM messages WHERE body IS NOT NULL ORDER BY account, id`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var seq, account, conversation, id, arrived int64
		if err := rows.Scan(&seq, &account, &conversation, &id, &arrived); err != nil {
			return err
		}
		m := message{tania.MessageID(id), seq}
		if t := inTurn[seq]; t != nil {
			t.messages = append(t.messages, m)
			continue
		}
		b, at := s.box(keyOf(account, conversation)), fromNanos(arrived)
		first, last := b.first, b.last
		b.add(m, at)
		// The rows come in the order of ids, which need not be that of arrival.
		if !first.IsZero() && first.Before(at) {
			b.first = first
		} else {
			b.first = at
		}
		if last.After(at) {
			b.last = last
		}
	}
	return rows.Err()
}

// loadDeaths takes the deaths of the last hour.
func (e *Engine) loadDeaths(ctx context.Context) (err error) {
	e.deaths = nil
	rows, err := e.write.conn.QueryContext(ctx, `SELECT died FROM dead WHERE died >= ? ORDER BY died`, nanos(e.Clock.Now().Add(-time.Hour)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var died int64
		if err := rows.Scan(&died); err != nil {
			return err
		}
		e.deaths = append(e.deaths, fromNanos(died))
	}
	return rows.Err()
}

func (e *Engine) loadMeta(ctx context.Context) error {
	var value string
	err := e.write.conn.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'paused'`).Scan(&value)
	e.paused, e.pausedBy = err == nil, ""
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	var mark pauseMark
	if err := json.Unmarshal([]byte(value), &mark); err != nil {
		return fmt.Errorf("meta paused: %w", err)
	}
	e.pausedBy = mark.By
	return nil
}
