package sqlitequeue

import (
	"context"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue/file"
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
	t.err = file.Each(context.Background(), t.conn, `SELECT number, intent, result, result IS NOT NULL FROM calls WHERE turn = ? ORDER BY number`,
		[]any{string(of.ID)}, func(scan func(into ...any) error) error {
			var c queue.Call
			err := scan(&c.Number, &c.Intent, &c.Result, &c.Settled)
			list = append(list, c)
			return err
		})
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
func (e *Engine) loadCalls(ctx context.Context, s *schedule.Schedule) error {
	entries := map[tania.TurnID]int{}
	err := file.Each(ctx, e.write.conn, `SELECT turn, max(number) FROM calls GROUP BY turn`, nil, func(scan func(into ...any) error) error {
		var turn tania.TurnID
		var n int
		err := scan(&turn, &n)
		entries[turn] = n
		return err
	})
	for _, b := range s.Mailboxes {
		for _, t := range b.Turns {
			t.Calls = entries[t.ID]
		}
	}
	return err
}
