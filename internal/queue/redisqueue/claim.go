package redisqueue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
	"tania/internal/tania"
)

// waiter is a claim that waits. Its channel gets one turn, or is closed with the engine.
type waiter struct {
	turn chan *queue.Turn
}

// hold is this process's claim on a turn.
type hold struct {
	token       uint64
	newer, lost chan struct{}
}

// claimMost is how many turns one script hands out: a script must not keep Redis from others.
const claimMost = 64

// Claim implements queue.Queue.
func (e *Engine) Claim(ctx context.Context) (*queue.Turn, error) {
	if t := e.claimDirectly(ctx); t != nil {
		return t, nil
	}
	w := &waiter{turn: make(chan *queue.Turn, 1)}
	e.mu.Lock()
	if e.ctx.Err() != nil {
		e.mu.Unlock()
		return nil, queue.ErrClosed
	}
	e.waiters = append(e.waiters, w)
	e.mu.Unlock()
	e.look()
	select {
	case t, ok := <-w.turn:
		if !ok {
			return nil, queue.ErrClosed
		}
		return t, nil
	case <-ctx.Done():
		return nil, e.withdraw(w, ctx.Err())
	}
}

// directly is how many claims ask Redis themselves. More of them are put together by the goroutine that claims: one script for
// many turns is less work, and several scripts at a time are sooner done.
const directly = 3

// claimDirectly gives a turn that is due now, nil where there is none or others wait already.
func (e *Engine) claimDirectly(ctx context.Context) *queue.Turn {
	e.mu.Lock()
	if len(e.waiters) > 0 || e.direct >= directly || e.gathering || e.ctx.Err() != nil || ctx.Err() != nil {
		e.mu.Unlock()
		return nil
	}
	e.direct++
	e.next++
	first := e.next
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		e.direct--
		e.mu.Unlock()
	}()
	for i := range e.bases {
		// Not ctx: a turn that Redis handed out must not be forgotten.
		_, turns, err := e.claimScript(e.bases[(first+i)%len(e.bases)], 1)
		if err != nil {
			return nil // the goroutine that claims finds out, and says so
		}
		if len(turns) > 0 {
			e.mu.Lock()
			defer e.mu.Unlock()
			return e.own(turns[0])
		}
	}
	return nil
}

// withdraw takes a waiter back, and gives back the turn it may have been handed meanwhile.
func (e *Engine) withdraw(w *waiter, cause error) error {
	e.mu.Lock()
	e.waiters = slices.DeleteFunc(e.waiters, func(other *waiter) bool { return other == w })
	e.mu.Unlock()
	select {
	case t, ok := <-w.turn:
		if ok {
			if err := e.Release(context.WithoutCancel(e.ctx), t); err != nil && !errors.Is(err, queue.ErrLost) {
				return errors.Join(cause, err)
			}
		}
	default:
	}
	return cause
}

// look wakes the goroutine that claims.
func (e *Engine) look() {
	select {
	case e.kick <- struct{}{}:
	default:
	}
}

// retryAfter is how long after a failure Redis is asked again. When it was away for longer than outage, turns are claimed
// gatherFor later: what processes kept meanwhile, messages before those that wait and proofs of what was sent, comes first.
const (
	retryAfter = 200 * time.Millisecond
	outage     = 300 * time.Millisecond
	gatherFor  = time.Second
)

// absence is what the goroutine that claims knows of a partition's being away.
type absence struct {
	// since is when it was found to be, zero while it is not; until is when its turns may be claimed again.
	since, until time.Time
}

func (a absence) lasts() bool { return !a.since.IsZero() || time.Now().Before(a.until) }

// serve claims for the waiters: when one comes, when Redis says that there may be work, and when something comes due.
func (e *Engine) serve() {
	stop := func() bool { return false }
	defer func() { stop() }()
	partitions := make([]absence, len(e.bases))
	away := false
	for turn := 0; ; turn++ {
		select {
		case <-e.kick:
		case <-e.ctx.Done():
			return
		}
		stop()
		next := e.Lease // another engine may claim and die meanwhile; its lease is looked at then
		var failed error
		for i := range e.bases {
			n := (turn + i) % len(e.bases)
			in, err := e.serveFrom(n, &partitions[n])
			next, failed = min(next, in), errors.Join(failed, err)
		}
		e.mu.Lock()
		e.gathering = slices.ContainsFunc(partitions, absence.lasts)
		e.mu.Unlock()
		if e.ctx.Err() == nil && away != (failed != nil) {
			if away = failed != nil; away {
				e.log.Warn("cannot claim turns from Redis; retrying", "error", failed)
			} else {
				e.log.Info("claiming turns from Redis again")
			}
		}
		stop = e.after(next)
	}
}

// serveFrom claims from a partition, unless it is away or was until now, and says how soon it should be looked at again.
func (e *Engine) serveFrom(partition int, was *absence) (next time.Duration, err error) {
	if !was.since.IsZero() {
		if err := e.PartitionReady(e.ctx, partition); err != nil {
			return retryAfter, err
		}
		if time.Since(was.since) > outage {
			was.until = time.Now().Add(gatherFor)
		}
		was.since = time.Time{}
	}
	if wait := time.Until(was.until); wait > 0 {
		return wait, nil
	}
	next, err = e.claimFrom(e.bases[partition])
	if err != nil {
		was.since = time.Now()
		return retryAfter, err
	}
	return next, nil
}

// after wakes the goroutine that claims after a time.
func (e *Engine) after(d time.Duration) (stop func() bool) {
	if e.clock != nil {
		return e.clock.AfterFunc(d, e.look)
	}
	return time.AfterFunc(d, e.look).Stop
}

// claimFrom hands a partition's turns to waiters, and says how soon the partition should be looked at again.
func (e *Engine) claimFrom(base string) (next time.Duration, err error) {
	for {
		e.mu.Lock()
		n := min(len(e.waiters), claimMost)
		e.mu.Unlock()
		if n == 0 {
			return e.Lease, nil
		}
		next, turns, err := e.claimScript(base, n)
		if err != nil {
			return 0, err
		}
		for _, t := range turns {
			e.hand(t)
		}
		if len(turns) < n {
			return next, nil
		}
	}
}

// fetched is a turn as claim.lua gives it; newer says that messages wait behind it.
type fetched struct {
	*queue.Turn
	newer bool
}

// claimScript takes at most n turns, and says how soon something will happen.
func (e *Engine) claimScript(base string, n int) (next time.Duration, turns []fetched, err error) {
	args := []string{strconv.Itoa(n)}
	for range n {
		args = append(args, randomPart())
	}
	answer, err := exactly[rueidis.RedisMessage](3)(e.run(e.ctx, lua.Claim, base, args...).ToArray())
	if err != nil {
		return 0, nil, e.failed("claim", err)
	}
	list, err := answer[2].ToArray()
	if err != nil {
		return 0, nil, e.failed("claim", err)
	}
	claimed, err := answer[1].AsInt64()
	if err != nil {
		return 0, nil, e.failed("claim", err)
	}
	turns = make([]fetched, len(list))
	for i := range list {
		if turns[i].Turn, turns[i].newer, err = readTurn(&list[i]); err != nil {
			return 0, nil, err
		}
		turns[i].Claimed = fromMicros(claimed)
	}
	return until(&answer[0], &answer[1], e.Lease), turns, nil
}

// until is the time from now to an event, at most a lease.
func until(event, now *rueidis.RedisMessage, most time.Duration) time.Duration {
	at, _ := event.AsInt64()
	if at == 0 {
		return most
	}
	from, _ := now.AsInt64()
	return min(max(time.Duration(at-from)*time.Microsecond, time.Millisecond), most)
}

// randomPart is the second part of a ULID.
func randomPart() string {
	var id ulid.ULID
	for i := range id {
		id[i] = byte(rand.UintN(256)) //nolint:gosec // unique, not secret
	}
	return id.String()[10:]
}

// hand gives a turn to the first waiter, or back when there is none any more.
func (e *Engine) hand(f fetched) {
	e.mu.Lock()
	t := e.own(f)
	if len(e.waiters) > 0 {
		e.waiters[0].turn <- t
		e.waiters = e.waiters[1:]
		e.mu.Unlock()
		return
	}
	e.mu.Unlock()
	// Should this fail, the lease ends by itself.
	_ = e.Release(e.ctx, t)
}

// own makes a turn this process's. e.mu is held.
func (e *Engine) own(f fetched) *queue.Turn {
	h := &hold{token: f.Token, newer: make(chan struct{}, 1), lost: make(chan struct{})}
	f.Newer, f.Lost = h.newer, h.lost
	if f.newer {
		h.newer <- struct{}{}
	}
	e.lose(f.ID, 0)
	e.holds[f.ID] = h
	return f.Turn
}

// lose ends this process's claim on a turn, whatever its token when that is 0. e.mu is held.
func (e *Engine) lose(id tania.TurnID, token uint64) {
	if h := e.holds[id]; h != nil && (token == 0 || h.token == token) {
		close(h.lost)
		delete(e.holds, id)
	}
}

// readTurn reads what claim.lua says of a turn.
func readTurn(m *rueidis.RedisMessage) (t *queue.Turn, newer bool, err error) {
	v, err := exactly[rueidis.RedisMessage](11)(m.ToArray())
	if err != nil {
		return nil, false, fmt.Errorf("redisqueue: claim: %w", err)
	}
	t = &queue.Turn{}
	id, _ := v[0].ToString()
	t.ID = tania.TurnID(id)
	key, _ := v[1].ToString()
	if t.Key, err = tania.ParseConversationKey(key); err != nil {
		return nil, false, err
	}
	var numbers [6]int64
	for i, at := range []int{2, 3, 5, 6, 7, 8} {
		if numbers[i], err = v[at].AsInt64(); err != nil {
			return nil, false, fmt.Errorf("redisqueue: claim: %w", err)
		}
	}
	t.Attempt, t.Token = int(numbers[0]), uint64(numbers[1]) //nolint:gosec // a counter from 1
	t.Restarts, t.Deferred, t.Due = int(numbers[2]), int(numbers[3]), fromMicros(numbers[4])
	if !v[4].IsNil() {
		cp, err := v[4].AsBytes()
		if err != nil {
			return nil, false, fmt.Errorf("redisqueue: claim: %w", err)
		}
		t.Checkpoint = append([]byte{}, cp...)
	}
	if t.Parked, err = readParked(&v[10]); err != nil {
		return nil, false, err
	}
	bodies, err := v[9].AsStrSlice()
	if err == nil {
		t.Messages, err = readMessages(bodies)
	}
	return t, numbers[5] > 0, err
}

var errAnswer = errors.New("redisqueue: an answer that is not understood")

// exactly takes an answer that has as many parts as it must have.
func exactly[T any](n int) func(parts []T, err error) ([]T, error) {
	return func(parts []T, err error) ([]T, error) {
		if err == nil && len(parts) != n {
			err = errAnswer
		}
		return parts, err
	}
}

func readMessages(bodies []string) ([]tania.Message, error) {
	list := make([]tania.Message, len(bodies))
	for i, body := range bodies {
		if err := json.Unmarshal([]byte(body), &list[i]); err != nil {
			return nil, fmt.Errorf("redisqueue: message: %w", err)
		}
	}
	return list, nil
}
