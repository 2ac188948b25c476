package sqlitequeue

import (
	"context"
	"time"

	"tania/internal/queue"
)

// board is what this process knows of writers and reports. The file has one process, so neither outlives it; notes do. Only the
// writing goroutine touches it.
type board struct {
	writers map[string]writer
	reports map[string]report
}

type writer struct {
	holder string
	until  time.Time
}

type report struct {
	body  []byte
	until time.Time
}

// notePrefix is that of a note's name in meta.
const notePrefix = "note/"

// HoldNote implements queue.Board.
func (e *Engine) HoldNote(ctx context.Context, name, holder string, d time.Duration) (note queue.Note, err error) {
	err = e.do(ctx, func(tx *tx) error {
		now := e.Clock.Now()
		if w := e.board.writers[name]; w.holder == holder || !w.until.After(now) {
			note.Held = true
			if e.board.writers == nil {
				e.board.writers = map[string]writer{}
			}
			e.board.writers[name] = writer{holder, now.Add(d)}
		}
		var body string
		if tx.one(tx.getMeta, []any{notePrefix + name}, &body) {
			note.Body = []byte(body)
		}
		return tx.err
	})
	return note, err
}

// WriteNote implements queue.Board.
func (e *Engine) WriteNote(ctx context.Context, name, holder string, body []byte) (written bool, err error) {
	err = e.do(ctx, func(tx *tx) error {
		w := e.board.writers[name]
		if written = w.holder == holder && w.until.After(e.Clock.Now()); written {
			tx.exec(tx.setMeta, notePrefix+name, string(body))
		}
		return tx.err
	})
	return written && err == nil, err
}

// Report implements queue.Board.
func (e *Engine) Report(ctx context.Context, process string, body []byte, d time.Duration) (all [][]byte, err error) {
	err = e.do(ctx, func(*tx) error {
		now := e.Clock.Now()
		if e.board.reports == nil {
			e.board.reports = map[string]report{}
		}
		e.board.reports[process] = report{append([]byte{}, body...), now.Add(d)}
		for of, r := range e.board.reports {
			if r.until.After(now) {
				all = append(all, r.body)
			} else {
				delete(e.board.reports, of)
			}
		}
		return nil
	})
	return all, err
}
