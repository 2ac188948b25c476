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
	"tania/internal/queue/sqlitequeue/schedule"
	"tania/internal/tania"
)

// waiter is a claim that waits. Its channel gets one turn, or is closed with the engine.
type waiter struct {
	turn chan claimed
}

// claimed is a turn as it was at its claim; the texts of its messages are read by the claimer.
type claimed struct {
	view     *queue.Turn
	hold     *schedule.Hold
	messages []schedule.Ref
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
func (e *Engine) texts(ctx context.Context, messages []schedule.Ref) ([]tania.Message, error) {
	list := make([]tania.Message, 0, len(messages))
	for _, ref := range messages {
		var body []byte
		if err := e.read.One(ctx, `SELECT body FROM messages WHERE seq = ?`, []any{ref.Seq}, &body); err != nil {
			return nil, e.unavailable("read message", err)
		}
		var m tania.Message
		if err := json.Unmarshal(body, &m); err != nil {
			return nil, fmt.Errorf("sqlitequeue: message %d: %w", ref.ID, err)
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
	return fmt.Errorf("sqlitequeue: %s: %w: %w", op, queue.ErrUnavailable, e.file.Diagnosed(err))
}

// tick is what time and waiting claims bring about: leases end, mailboxes come due, turns are handed out.
func (e *Engine) tick(tx *tx) []handing {
	now := e.Clock.Now()
	for t := range e.schedule.Active {
		if !t.Hold.Lease.After(now) {
			e.expire(tx, t, now)
		}
	}
	e.schedule.Mature(now)
	e.purge(tx, now)
	var handed []handing
	for !e.paused && !e.draining && len(e.waiters) > 0 && e.schedule.Ready.Size > 0 {
		b := e.schedule.Ready.Pop()
		handed = append(handed, handing{e.waiters[0], e.claim(tx, b, now)})
		e.waiters = slices.Delete(e.waiters, 0, 1)
	}
	return handed
}

// claim gives a mailbox's current turn, or a new one, to a worker.
func (e *Engine) claim(tx *tx, b *schedule.Mailbox, now time.Time) claimed {
	t := b.Current()
	if t == nil {
		t = &schedule.Turn{ID: tania.TurnID(ulid.MustNew(ulid.Timestamp(now), ulid.DefaultEntropy()).String()), Box: b, Due: b.Due}
		b.Join(t)
	}
	if t.Checkpoint == nil {
		b.Take(t)
	}
	e.token++
	t.Attempt++
	if t.Parked != nil {
		t.Parked.Holds = false
	}
	t.Hold = &schedule.Hold{Token: e.token, Lease: now.Add(e.Lease), Newer: make(chan struct{}, 1), Lost: make(chan struct{})}
	e.schedule.Active[t] = struct{}{}
	e.save(tx, t)
	if len(b.Waiting) > 0 {
		signal(t.Hold.Newer)
	}
	view := &queue.Turn{
		ID: t.ID, Key: b.Key, Attempt: t.Attempt, Token: t.Token(), Checkpoint: t.Checkpoint,
		Parked: t.Parked.View(), Restarts: t.Restarts, Deferred: t.Deferred, Due: t.Due, Claimed: now, Newer: t.Hold.Newer, Lost: t.Hold.Lost,
	}
	return claimed{view, t.Hold, slices.Clone(t.Messages)}
}

// save writes a turn's row.
func (e *Engine) save(tx *tx, t *schedule.Turn) {
	seqs := make([]int64, len(t.Messages))
	for i, m := range t.Messages {
		seqs[i] = m.Seq
		if t.Again[m.Seq] {
			// Above 0 in the table; below, it waits again.
			seqs[i] = -m.Seq
		}
	}
	list, _ := json.Marshal(seqs)
	failures := []byte("[]")
	if len(t.Failures) > 0 {
		failures, _ = json.Marshal(t.Failures)
	}
	tx.exec(tx.putTurn, string(t.ID), t.Box.Key.Account, t.Box.Key.Conversation, string(list), t.Attempt, t.Token(),
		t.Restarts, t.Deferred, nanos(t.Due), string(failures), t.Checkpoint, t.Parked.Column())
}

// expire takes a turn from a worker whose lease has ended. One that was claimed more often than MaxAttempts, the last
// time for its apology alone, is buried here.
func (e *Engine) expire(tx *tx, t *schedule.Turn, now time.Time) {
	t.Failures = append(t.Failures, queue.Failure{At: now, Attempt: t.Attempt, Error: "the worker's lease ended"})
	if t.Attempt > e.MaxAttempts {
		e.bury(tx, t, now)
		return
	}
	e.yield(tx, t, now)
}

// yield takes a turn from its worker and makes it due at a time.
func (e *Engine) yield(tx *tx, t *schedule.Turn, due time.Time) {
	e.letGo(tx, t)
	t.Due = due
	t.Box.Part(t)
	t.Box.Join(t)
	e.save(tx, t)
	e.place(t.Box)
}

// letGo ends the claim on a turn, if there is one.
func (e *Engine) letGo(tx *tx, t *schedule.Turn) {
	if t.Hold != nil {
		tx.ended = append(tx.ended, t.Hold)
		delete(e.schedule.Active, t)
		t.Hold = nil
	}
}

// staleRetry is how long after a failed transaction the store is tried again by itself.
const staleRetry = time.Second

// nextEvent is when the writing goroutine must look at the time again.
func (e *Engine) nextEvent() time.Time {
	at := e.purged.Add(purgeEvery)
	earlier := func(t time.Time) {
		if t.Before(at) {
			at = t
		}
	}
	if e.stale {
		earlier(e.Clock.Now().Add(staleRetry))
	}
	if len(e.schedule.Delayed) > 0 && len(e.waiters) > 0 {
		earlier(e.schedule.Delayed[0].Due)
	}
	for t := range e.schedule.Active {
		earlier(t.Hold.Lease)
	}
	return at
}
