package sqlitequeue

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// parking is what a turn was parked for last.
type parking struct {
	queue.Parked
	// Holds reports whether the turn has not been claimed since, so that it holds its conversation's place.
	Holds bool `json:"holds,omitempty"`
}

// open reports whether somebody may still decide.
func (p *parking) open(now time.Time) bool {
	return p != nil && p.Holds && p.Decided.IsZero() && p.Until.After(now)
}

// view is what callers see; nil for a turn that never was parked.
func (p *parking) view() *queue.Parked {
	if p == nil {
		return nil
	}
	shown := p.Parked
	return &shown
}

// column is the value of turns.parked.
func (p *parking) column() []byte {
	if p == nil {
		return nil
	}
	body, _ := json.Marshal(p)
	return body
}

// holdsPlace reports whether no other turn of the conversation may go before.
func (t *turn) holdsPlace() bool { return t.parked != nil && t.parked.Holds }

// Park implements queue.Parking.
func (e *Engine) Park(ctx context.Context, view *queue.Turn, patience time.Duration, why []byte, records ...tania.Record) error {
	rows, err := recordRows(records)
	if err != nil {
		return err
	}
	kept := append([]byte{}, why...)
	return e.hold(ctx, view, func(tx *tx, t *turn) error {
		if t.hold.amended {
			return queue.ErrAmended
		}
		now := e.Clock.Now()
		t.parked = &parking{queue.Parked{Why: kept, Since: now, Until: now.Add(patience)}, true}
		t.attempt--
		rows.write(tx)
		e.yield(tx, t, t.parked.Until)
		return nil
	})
}

// Unpark implements queue.Parking.
func (e *Engine) Unpark(ctx context.Context, id tania.TurnID, by string, decision []byte) error {
	kept := append([]byte{}, decision...)
	return e.do(ctx, func(tx *tx) error {
		now := e.Clock.Now()
		for b := range e.schedule.parked {
			t := b.current()
			if t.id != id || !t.parked.open(now) {
				continue
			}
			t.parked.Decided, t.parked.By, t.parked.Decision = now, by, kept
			t.due = now
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
		list = nil
		e.schedule.mature(e.Clock.Now())
		boxes := make([]*mailbox, 0, len(e.schedule.parked))
		for b := range e.schedule.parked {
			boxes = append(boxes, b)
		}
		slices.SortFunc(boxes, func(x, y *mailbox) int {
			return cmp.Or(x.due.Compare(y.due), cmp.Compare(x.current().id, y.current().id))
		})
		if limit > 0 {
			boxes = boxes[:min(limit, len(boxes))]
		}
		for _, b := range boxes {
			t := b.current()
			messages, err := tx.texts(t.messages)
			if err != nil {
				return fmt.Errorf("sqlitequeue: parked turn %s: %w", t.id, err)
			}
			list = append(list, queue.ParkedTurn{ID: t.id, Key: b.key, Messages: messages, Parked: t.parked.Parked})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}
