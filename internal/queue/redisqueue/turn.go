package redisqueue

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
	"tania/internal/tania"
)

// held runs a transition of a turn that its caller still has; an old token is refused with ErrLost.
func (e *Engine) held(ctx context.Context, op string, script lua.Transition, t *queue.Turn, ends bool, args ...string) error {
	ok, err := e.run(ctx, script, e.base(t.Key), append(claimOf(t), args...)...).AsInt64()
	if err != nil {
		return e.failed(op, err)
	}
	if ok == 2 {
		return queue.ErrAmended
	}
	if ok == 0 || ends {
		e.forget(t)
	}
	if ok == 0 {
		return queue.ErrLost
	}
	return nil
}

func claimOf(t *queue.Turn) []string {
	return []string{string(t.ID), strconv.FormatUint(t.Token, 10)}
}

// forget ends this process's claim on a turn.
func (e *Engine) forget(t *queue.Turn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lose(t.ID, t.Token)
}

// Extend implements queue.Queue.
func (e *Engine) Extend(ctx context.Context, t *queue.Turn) error {
	return e.held(ctx, "extend", lua.Extend, t, false)
}

// Absorb implements queue.Queue.
func (e *Engine) Absorb(ctx context.Context, t *queue.Turn) (bool, error) {
	bodies, err := e.run(ctx, lua.Absorb, e.base(t.Key), claimOf(t)...).AsStrSlice()
	if rueidis.IsRedisNil(err) {
		e.forget(t)
		return false, queue.ErrLost
	}
	if err != nil {
		return false, e.failed("absorb", err)
	}
	if len(bodies) == 0 {
		return false, nil
	}
	more, err := readMessages(bodies[1:])
	if err != nil {
		return false, err
	}
	if bodies[0] == "1" {
		t.Messages = nil // all of them were read
	}
	t.Messages = append(slices.Clip(t.Messages), more...)
	slices.SortFunc(t.Messages, func(x, y tania.Message) int { return cmp.Compare(x.ID, y.ID) })
	t.Restarts++
	return true, nil
}

// Checkpoint implements queue.Queue.
func (e *Engine) Checkpoint(ctx context.Context, t *queue.Turn, data []byte) error {
	err := e.held(ctx, "checkpoint", lua.Checkpoint, t, false, string(data))
	if err == nil {
		t.Checkpoint = append([]byte{}, data...)
	}
	return err
}

// Complete implements queue.Queue.
func (e *Engine) Complete(ctx context.Context, t *queue.Turn, records ...tania.Record) error {
	rows, err := recordRows(records)
	if err != nil {
		return err
	}
	return e.held(ctx, "complete", lua.Complete, t, true, rows...)
}

// Retry implements queue.Queue.
func (e *Engine) Retry(ctx context.Context, t *queue.Turn, after time.Duration, cause error, records ...tania.Record) error {
	return e.giveBack(ctx, t, after, "retry", reason(cause), records)
}

// Defer implements queue.Queue.
func (e *Engine) Defer(ctx context.Context, t *queue.Turn, after time.Duration, records ...tania.Record) error {
	return e.giveBack(ctx, t, after, "defer", "", records)
}

// Release implements queue.Queue.
func (e *Engine) Release(ctx context.Context, t *queue.Turn) error {
	return e.giveBack(ctx, t, 0, "release", "", nil)
}

func (e *Engine) giveBack(ctx context.Context, t *queue.Turn, after time.Duration, kind, cause string, records []tania.Record) error {
	rows, err := recordRows(records)
	if err != nil {
		return err
	}
	return e.held(ctx, kind, lua.GiveBack, t, true, append([]string{micro(after), kind, cause}, rows...)...)
}

// Bury implements queue.Queue.
func (e *Engine) Bury(ctx context.Context, t *queue.Turn, cause error, records ...tania.Record) error {
	rows, err := recordRows(records)
	if err != nil {
		return err
	}
	return e.held(ctx, "bury", lua.Bury, t, true, append([]string{reason(cause)}, rows...)...)
}

// reason is a failure in words.
func reason(cause error) string {
	if cause == nil {
		return "no cause was given"
	}
	return cause.Error()
}

// recordRows is what lib.lua's remember takes. A turn's records are of its own conversation, so of its partition.
func recordRows(records []tania.Record) ([]string, error) {
	var rows []string
	for _, r := range records {
		body, err := json.Marshal(r)
		if err != nil {
			return nil, fmt.Errorf("redisqueue: record of message %d: %w", r.Message, err)
		}
		missed := "0"
		if r.Missed() != "" {
			missed = "1"
		}
		rows = append(rows, r.Key.String(), number(r.Message), micros(r.At), string(body), missed)
	}
	return rows, nil
}

func parseToken(s string) uint64 {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return ^uint64(0) // nobody's
	}
	return n
}
