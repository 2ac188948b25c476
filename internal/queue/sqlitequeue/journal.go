package sqlitequeue

import (
	"context"
	"errors"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue/schedule"
	"tania/internal/tania"
)

// Intend implements queue.Journal.
func (e *Engine) Intend(ctx context.Context, view *queue.Turn, intent []byte) (number int, err error) {
	kept := append([]byte{}, intent...)
	err = e.hold(ctx, view, func(tx *tx, t *schedule.Turn) error {
		if t.Hold.Amended {
			return queue.ErrAmended
		}
		t.Calls++
		number = t.Calls
		tx.exec(tx.putCall, string(t.ID), number, kept, nil)
		return nil
	})
	if err != nil {
		return 0, err
	}
	return number, nil
}

// Settle implements queue.Journal.
func (e *Engine) Settle(ctx context.Context, view *queue.Turn, number int, result []byte) error {
	kept := append([]byte{}, result...)
	return e.hold(ctx, view, func(tx *tx, t *schedule.Turn) error {
		if number < 1 || number > t.Calls {
			return queue.ErrNotFound
		}
		tx.exec(tx.settleCall, kept, string(t.ID), number)
		return nil
	})
}

// Calls implements queue.Journal.
func (e *Engine) Calls(ctx context.Context, view *queue.Turn) (list []queue.Call, err error) {
	err = e.hold(ctx, view, func(tx *tx, t *schedule.Turn) error {
		list = tx.callsOf(t)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// callsOf reads a turn's journal.
func (t *tx) callsOf(of *schedule.Turn) (list []queue.Call) {
	if of.Calls == 0 || !t.start() {
		return nil
	}
	rows, err := t.calls.Query(string(of.ID))
	if err != nil {
		t.err = err
		return nil
	}
	defer func() { t.err = errors.Join(t.err, rows.Close()) }()
	for rows.Next() {
		var c queue.Call
		if t.err = rows.Scan(&c.Number, &c.Intent, &c.Result, &c.Settled); t.err != nil {
			return nil
		}
		list = append(list, c)
	}
	t.err = rows.Err()
	return list
}

// dropCallsOf ends a turn's journal.
func (t *tx) dropCallsOf(of *schedule.Turn) {
	if of.Calls > 0 {
		t.exec(t.dropCalls, string(of.ID))
	}
}

// restoreCalls puts the journal of a turn back that comes from the dead letters.
func (t *tx) restoreCalls(of *schedule.Turn, list []queue.Call) {
	for _, c := range list {
		of.Calls = max(of.Calls, c.Number)
		var result []byte
		if c.Settled {
			result = append([]byte{}, c.Result...)
		}
		t.exec(t.putCall, string(of.ID), c.Number, append([]byte{}, c.Intent...), result)
	}
}

// loadCalls counts the entries of each turn's journal.
func (e *Engine) loadCalls(ctx context.Context, s *schedule.Schedule) (err error) {
	rows, err := e.write.conn.QueryContext(ctx, `SELECT turn, max(number) FROM calls GROUP BY turn`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	entries := map[tania.TurnID]int{}
	for rows.Next() {
		var turn tania.TurnID
		var n int
		if err := rows.Scan(&turn, &n); err != nil {
			return err
		}
		entries[turn] = n
	}
	for _, b := range s.Mailboxes {
		for _, t := range b.Turns {
			t.Calls = entries[t.ID]
		}
	}
	return rows.Err()
}
