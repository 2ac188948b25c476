package sqlitequeue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/oklog/ulid/v2"

	"tania/internal/queue"
	"tania/internal/tania"
)

// waiter is a claim that waits. Its channel gets one turn, or is closed with the engine.
type waiter struct {
	turn chan claimed
	gone bool
}

// claimed is a turn as it was at its claim; the texts of its messages are read by the claimer.
type claimed struct {
	view     *queue.Turn
	messages []message
}

// handing is a turn to be handed to a waiter once the claim is on disk.
type handing struct {
	to *waiter
	claimed
}

// Claim implements queue.Queue.
func (e *Engine) Claim(ctx context.Context) (*queue.Turn, error) {
	w := &waiter{turn: make(chan claimed, 1)}
	if err := e.do(ctx, func(*tx) error {
		e.waiters = append(e.waiters, w)
		return nil
	}); err != nil && !errors.Is(err, queue.ErrUnavailable) {
		return nil, err
	} else if err != nil {
		// The transaction failed, not the waiting; the waiter must not stay behind its caller.
		return nil, e.withdraw(w, err)
	}
	select {
	case c, ok := <-w.turn:
		if !ok {
			return nil, queue.ErrClosed
		}
		var err error
		c.view.Messages, err = e.texts(context.WithoutCancel(ctx), c.messages)
		return c.view, err
	case <-ctx.Done():
		return nil, e.withdraw(w, ctx.Err())
	}
}

// withdraw takes a waiter back, and gives back the turn it may have been handed meanwhile.
func (e *Engine) withdraw(w *waiter, cause error) error {
	ctx := context.Background()
	_ = e.do(ctx, func(*tx) error {
		w.gone = true
		return nil
	})
	select {
	case c, ok := <-w.turn:
		if ok {
			if err := e.Release(ctx, c.view); err != nil && !errors.Is(err, queue.ErrLost) {
				return errors.Join(cause, err)
			}
		}
	default:
	}
	return cause
}

// texts reads messages from the file, outside the writing goroutine.
func (e *Engine) texts(ctx context.Context, messages []message) ([]tania.Message, error) {
	list := make([]tania.Message, 0, len(messages))
	for _, ref := range messages {
		var body []byte
		if err := e.readers.QueryRowContext(ctx, `SELECT body FROM messages WHERE seq = ?`, ref.seq).Scan(&body); err != nil {
			return nil, unavailable("read message", err)
		}
		var m tania.Message
		if err := json.Unmarshal(body, &m); err != nil {
			return nil, fmt.Errorf("sqlitequeue: message %d: %w", ref.id, err)
		}
		list = append(list, m)
	}
	return list, nil
}

func unavailable(op string, err error) error {
	if errors.Is(err, sql.ErrConnDone) {
		return queue.ErrClosed
	}
	return fmt.Errorf("sqlitequeue: %s: %w: %w", op, queue.ErrUnavailable, err)
}

// tick is what time and waiting claims bring about: leases end, mailboxes come due, turns are handed out.
func (e *Engine) tick(tx *tx) []handing {
	now := e.Clock.Now()
	for t := range e.schedule.active {
		if !t.lease.After(now) {
			e.expire(tx, t, now)
		}
	}
	e.schedule.mature(now)
	e.purge(tx, now)
	var handed []handing
	for !e.paused && tx.err == nil {
		w := e.nextWaiter()
		if w == nil {
			break
		}
		b := e.schedule.ready.pop()
		if b == nil {
			e.waiters = append([]*waiter{w}, e.waiters...)
			break
		}
		b.place = nowhere
		handed = append(handed, handing{w, e.claim(tx, b, now)})
	}
	return handed
}

func (e *Engine) nextWaiter() *waiter {
	for len(e.waiters) > 0 {
		w := e.waiters[0]
		e.waiters[0] = nil
		if e.waiters = e.waiters[1:]; !w.gone {
			return w
		}
	}
	return nil
}

// claim gives a mailbox's current turn, or a new one, to a worker.
func (e *Engine) claim(tx *tx, b *mailbox, now time.Time) claimed {
	t := b.current()
	if t == nil {
		t = &turn{id: tania.TurnID(ulid.MustNew(ulid.Timestamp(now), ulid.DefaultEntropy()).String()), box: b, due: b.due}
		b.turns = append(b.turns, t)
	}
	if t.checkpoint == nil {
		b.take(t)
	}
	e.token++
	t.attempt++
	t.token = e.token
	t.lease = now.Add(e.Lease)
	t.newer, t.lost = make(chan struct{}, 1), make(chan struct{})
	b.place = running
	e.schedule.active[t] = struct{}{}
	e.save(tx, t)
	if len(b.waiting) > 0 {
		signal(t.newer)
	}
	view := &queue.Turn{
		ID: t.id, Key: b.key, Attempt: t.attempt, Token: t.token, Checkpoint: t.checkpoint,
		Restarts: t.restarts, Deferred: t.deferred, Due: t.due, Newer: t.newer, Lost: t.lost,
	}
	return claimed{view, append([]message(nil), t.messages...)}
}

// save writes a turn's row.
func (e *Engine) save(tx *tx, t *turn) {
	seqs := make([]int64, len(t.messages))
	for i, m := range t.messages {
		seqs[i] = m.seq
	}
	list, _ := json.Marshal(seqs)
	failures := []byte("[]")
	if len(t.failures) > 0 {
		failures, _ = json.Marshal(t.failures)
	}
	tx.exec(tx.putTurn, string(t.id), t.box.key.Account, t.box.key.Conversation, string(list), t.attempt, int64(t.token),
		t.restarts, t.deferred, nanos(t.due), string(failures), t.checkpoint)
}

// expire takes a turn from a worker whose lease has ended. One that was claimed more often than MaxAttempts, the last
// time for its apology alone, is buried here.
func (e *Engine) expire(tx *tx, t *turn, now time.Time) {
	t.failures = append(t.failures, queue.Failure{At: now, Attempt: t.attempt, Error: "the worker's lease ended"})
	if t.attempt > e.MaxAttempts {
		e.bury(tx, t, now)
		return
	}
	e.yield(tx, t, now)
}

// yield takes a turn from its worker and makes it due at a time.
func (e *Engine) yield(tx *tx, t *turn, due time.Time) {
	close(t.lost)
	delete(e.schedule.active, t)
	t.token, t.due = 0, due
	e.save(tx, t)
	e.place(t.box)
}

// staleRetry is how long after a failed transaction the store is tried again by itself.
const staleRetry = time.Second

// nextEvent is when the writing goroutine must look at the time again, zero for never.
func (e *Engine) nextEvent() time.Time {
	var at time.Time
	earlier := func(t time.Time) {
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	if e.stale {
		earlier(e.Clock.Now().Add(staleRetry))
	}
	if len(e.schedule.delayed) > 0 && len(e.waiters) > 0 {
		earlier(e.schedule.delayed[0].due)
	}
	for t := range e.schedule.active {
		earlier(t.lease)
	}
	earlier(e.purged.Add(purgeEvery))
	return at
}
