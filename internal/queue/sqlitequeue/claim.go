package sqlitequeue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"tania/internal/queue"
	"tania/internal/tania"
)

// waiter is a claim that waits. Its channel gets one turn, or is closed with the engine.
type waiter struct {
	turn chan claimed
}

// claimed is a turn as it was at its claim; the texts of its messages are read by the claimer.
type claimed struct {
	view     *queue.Turn
	hold     *hold
	messages []message
}

// handing is a turn to be handed to a waiter once the claim is on disk.
type handing struct {
	to *waiter
	claimed
}

// unreadableRetry is how long a turn waits whose messages could not be read.
const unreadableRetry = time.Second

// Claim implements queue.Queue.
func (e *Engine) Claim(ctx context.Context) (*queue.Turn, error) {
	for {
		view, err := e.claimOnce(ctx)
		if !errors.Is(err, queue.ErrLost) {
			return view, err
		}
	}
}

// claimOnce gives ErrLost when the lease ended before the claimer had read the messages.
func (e *Engine) claimOnce(ctx context.Context) (*queue.Turn, error) {
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
		if c.view.Messages, err = e.texts(context.WithoutCancel(ctx), c.messages); err != nil {
			if back := e.Retry(context.WithoutCancel(ctx), c.view, unreadableRetry, err); back != nil {
				err = back
			}
			return nil, err
		}
		return c.view, nil
	case <-ctx.Done():
		return nil, e.withdraw(w, ctx.Err())
	}
}

// withdraw takes a waiter back, and gives back the turn it may have been handed meanwhile.
func (e *Engine) withdraw(w *waiter, cause error) error {
	ctx := context.Background()
	_ = e.do(ctx, func(*tx) error {
		e.waiters = slices.DeleteFunc(e.waiters, func(other *waiter) bool { return other == w })
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
			return nil, e.unavailable("read message", err)
		}
		var m tania.Message
		if err := json.Unmarshal(body, &m); err != nil {
			return nil, fmt.Errorf("sqlitequeue: message %d: %w", ref.id, err)
		}
		list = append(list, m)
	}
	return list, nil
}

// unavailable is the error of a read that failed.
func (e *Engine) unavailable(op string, err error) error {
	select {
	case <-e.closed:
		return queue.ErrClosed
	default:
	}
	return fmt.Errorf("sqlitequeue: %s: %w: %w", op, queue.ErrUnavailable, e.diagnosed(err))
}

// tick is what time and waiting claims bring about: leases end, mailboxes come due, turns are handed out.
func (e *Engine) tick(tx *tx) []handing {
	now := e.Clock.Now()
	for t := range e.schedule.active {
		if !t.hold.lease.After(now) {
			e.expire(tx, t, now)
		}
	}
	e.schedule.mature(now)
	e.purge(tx, now)
	var handed []handing
	for !e.paused && !e.draining && tx.err == nil && len(e.waiters) > 0 && e.schedule.ready.size > 0 {
		b := e.schedule.ready.pop()
		b.place = nowhere
		handed = append(handed, handing{e.waiters[0], e.claim(tx, b, now)})
		e.waiters = slices.Delete(e.waiters, 0, 1)
	}
	return handed
}

// claim gives a mailbox's current turn, or a new one, to a worker.
func (e *Engine) claim(tx *tx, b *mailbox, now time.Time) claimed {
	t := b.current()
	if t == nil {
		t = &turn{id: tania.TurnID(ulid.MustNew(ulid.Timestamp(now), ulid.DefaultEntropy()).String()), box: b, due: b.due}
		b.join(t)
	}
	if t.checkpoint == nil {
		b.take(t)
	}
	e.token++
	t.attempt++
	if t.parked != nil {
		t.parked.Holds = false
	}
	t.hold = &hold{token: e.token, lease: now.Add(e.Lease), newer: make(chan struct{}, 1), lost: make(chan struct{})}
	b.place = running
	e.schedule.active[t] = struct{}{}
	e.save(tx, t)
	if len(b.waiting) > 0 {
		signal(t.hold.newer)
	}
	view := &queue.Turn{
		ID: t.id, Key: b.key, Attempt: t.attempt, Token: t.token(), Checkpoint: t.checkpoint,
		Parked: t.parked.view(), Restarts: t.restarts, Deferred: t.deferred, Due: t.due, Claimed: now, Newer: t.hold.newer, Lost: t.hold.lost,
	}
	return claimed{view, t.hold, slices.Clone(t.messages)}
}

// save writes a turn's row.
func (e *Engine) save(tx *tx, t *turn) {
	seqs := make([]int64, len(t.messages))
	for i, m := range t.messages {
		seqs[i] = m.seq
		if t.again[m.seq] {
			// Above 0 in the table; below, it waits again.
			seqs[i] = -m.seq
		}
	}
	list, _ := json.Marshal(seqs)
	failures := []byte("[]")
	if len(t.failures) > 0 {
		failures, _ = json.Marshal(t.failures)
	}
	tx.exec(tx.putTurn, string(t.id), t.box.key.Account, t.box.key.Conversation, string(list), t.attempt, t.token(),
		t.restarts, t.deferred, nanos(t.due), string(failures), t.checkpoint, t.parked.column())
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
	e.letGo(tx, t)
	t.due = due
	t.box.part(t)
	t.box.join(t)
	e.save(tx, t)
	e.place(t.box)
}

// letGo ends the claim on a turn, if there is one.
func (e *Engine) letGo(tx *tx, t *turn) {
	if t.hold != nil {
		tx.ended = append(tx.ended, t.hold)
		delete(e.schedule.active, t)
		t.hold = nil
	}
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
		earlier(t.hold.lease)
	}
	earlier(e.purged.Add(purgeEvery))
	return at
}
