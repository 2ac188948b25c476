package sqlitequeue

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue/schedule"
	"tania/internal/tania"
)

// Park implements queue.Parking.
func (e *Engine) Park(ctx context.Context, view *queue.Turn, patience time.Duration, why []byte, records ...tania.Record) error {
	rows, err := recordRows(records)
	if err != nil {
		return err
	}
	kept := append([]byte{}, why...)
	return e.hold(ctx, view, func(tx *tx, t *schedule.Turn) error {
		if t.Hold.Amended {
			return queue.ErrAmended
		}
		now := e.Clock.Now()
		t.Parked = &schedule.Parking{Parked: queue.Parked{Why: kept, Since: now, Until: now.Add(patience)}, Holds: true}
		t.Attempt--
		rows.write(tx)
		e.yield(tx, t, t.Parked.Until)
		return nil
	})
}

// Unpark implements queue.Parking.
func (e *Engine) Unpark(ctx context.Context, id tania.TurnID, by string, decision []byte) error {
	kept := append([]byte{}, decision...)
	return e.do(ctx, func(tx *tx) error {
		now := e.Clock.Now()
		for b := range e.schedule.Parked {
			t := b.Current()
			if t.ID != id || !t.Parked.Open(now) {
				continue
			}
			t.Parked.Decided, t.Parked.By, t.Parked.Decision = now, by, kept
			t.Due = now
			e.save(tx, t)
			e.place(b)
			return tx.err
		}
		return queue.ErrNotFound
	})
}

// ParkedTurns implements queue.Parking.
func (e *Engine) ParkedTurns(ctx context.Context, limit int) (list []queue.ParkedTurn, err error) {
	err = e.do(ctx, func(tx *tx) error {
		e.schedule.Mature(e.Clock.Now())
		boxes := make([]*schedule.Mailbox, 0, len(e.schedule.Parked))
		for b := range e.schedule.Parked {
			boxes = append(boxes, b)
		}
		slices.SortFunc(boxes, func(x, y *schedule.Mailbox) int {
			return cmp.Or(x.Due.Compare(y.Due), cmp.Compare(x.Current().ID, y.Current().ID))
		})
		if limit > 0 {
			boxes = boxes[:min(limit, len(boxes))]
		}
		for _, b := range boxes {
			t := b.Current()
			messages, err := tx.texts(t.Messages)
			if err != nil {
				return fmt.Errorf("sqlitequeue: parked turn %s: %w", t.ID, err)
			}
			list = append(list, queue.ParkedTurn{ID: t.ID, Key: b.Key, Messages: messages, Parked: t.Parked.Parked})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}
