package sqlitequeue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue/file"
	"tania/internal/queue/sqlitequeue/schedule"
	"tania/internal/tania"
)

// load makes the schedule from the file: at the start, where turns of a process that died are given back, and after a
// transaction that failed, where turns keep the workers they had before it.
func (e *Engine) load() error {
	ctx := context.Background()
	fresh := schedule.New()
	orphans, inTurn, err := e.loadTurns(ctx, fresh)
	if err != nil {
		return err
	}
	if err := e.loadMessages(ctx, fresh, inTurn); err != nil {
		return err
	}
	if err := e.loadCalls(ctx, fresh); err != nil {
		return err
	}
	all, err := counters(ctx, e.write.conn)
	if err != nil {
		return err
	}
	if err := e.loadMeta(ctx); err != nil {
		return err
	}
	e.tally.read(all)
	e.schedule, e.stale = fresh, false
	for _, b := range fresh.Mailboxes {
		b.Reckon(e.Debounce, e.DebounceMax)
	}
	for _, b := range slices.SortedFunc(maps.Values(fresh.Mailboxes), (*schedule.Mailbox).Compare) {
		e.place(b)
	}
	return e.adopt(orphans, e.Clock.Now())
}

// adopt gives back the turns that a dead process had; each of those claims counts.
func (e *Engine) adopt(orphans []*schedule.Turn, now time.Time) error {
	if len(orphans) == 0 {
		return nil
	}
	tx := &tx{statements: e.write}
	for _, t := range orphans {
		t.Failures = append(t.Failures, queue.Failure{At: now, Attempt: t.Attempt, Error: "the process ended"})
		if t.Attempt > e.MaxAttempts {
			e.bury(tx, t, now)
		} else {
			e.yield(tx, t, now)
		}
	}
	return e.end(tx)
}

// loadTurns reads the turns. orphans are those whose worker is not among this process's, inTurn the turns of messages.
func (e *Engine) loadTurns(
	ctx context.Context, s *schedule.Schedule,
) (orphans []*schedule.Turn, inTurn map[int64]*schedule.Turn, err error) {
	inTurn = map[int64]*schedule.Turn{}
	err = file.Each(ctx, e.write.conn, `SELECT id, account, conversation, seqs, attempt, token, restarts, deferred, due, failures, checkpoint,
		coalesce(parked, 'null') FROM turns`, nil, func(scan func(into ...any) error) error {
		var id, seqs, failures, parked string
		var account, conversation, due int64
		var token uint64
		t := &schedule.Turn{}
		if err := scan(&id, &account, &conversation, &seqs, &t.Attempt, &token, &t.Restarts, &t.Deferred, &due, &failures, &t.Checkpoint,
			&parked); err != nil {
			return err
		}
		var list []int64
		if err := errors.Join(json.Unmarshal([]byte(seqs), &list), json.Unmarshal([]byte(failures), &t.Failures),
			json.Unmarshal([]byte(parked), &t.Parked)); err != nil {
			return fmt.Errorf("turn %s: %w", id, err)
		}
		t.ID, t.Due, t.Box = tania.TurnID(id), fromNanos(due), s.Box(keyOf(account, conversation))
		if token != 0 {
			s.Active[t] = struct{}{}
			if t.Hold = e.held[token]; t.Hold == nil {
				t.Hold = &schedule.Hold{Token: token, Lost: make(chan struct{})}
				orphans = append(orphans, t)
			}
		}
		t.Box.Join(t)
		for _, seq := range list {
			if seq < 0 {
				seq = -seq
				t.ComesAgain(seq)
			}
			inTurn[seq] = t
		}
		return nil
	})
	return orphans, inTurn, err
}

func (e *Engine) loadMessages(ctx context.Context, s *schedule.Schedule, inTurn map[int64]*schedule.Turn) error {
	now := e.Clock.Now()
	return file.Each(ctx, e.write.conn, `SELECT seq, account, conversation, id, arrived, substr(body, instr(body, ?), 30) FROM messages
		WHERE body IS NOT NULL ORDER BY arrived, seq`, []any{schedule.InboxMark}, func(scan func(into ...any) error) error {
		var seq, account, conversation, id, arrived int64
		var inbox []byte
		if err := scan(&seq, &account, &conversation, &id, &arrived, &inbox); err != nil {
			return err
		}
		s.Box(keyOf(account, conversation)).Inbox = schedule.InboxIn(inbox)
		m := schedule.Ref{ID: tania.MessageID(id), Seq: seq}
		if t := inTurn[seq]; t != nil {
			t.Messages = schedule.Insert(t.Messages, m)
			return nil
		}
		at := fromNanos(arrived)
		if at.After(now) { // the clock was set back since
			at = now
		}
		s.Box(keyOf(account, conversation)).Add(m, at)
		return nil
	})
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
