package redisqueue

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
	"tania/internal/tania"
)

// noLimit is more than there is of anything.
const noLimit = math.MaxInt32

// Dead implements queue.Queue.
func (e *Engine) Dead(ctx context.Context, limit int) ([]queue.DeadTurn, error) {
	if limit <= 0 {
		limit = noLimit
	}
	var all []queue.DeadTurn
	for _, base := range e.bases {
		list, err := e.deadIn(ctx, base, limit, "")
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	slices.SortStableFunc(all, func(x, y queue.DeadTurn) int { return cmp.Or(y.Died.Compare(x.Died), cmp.Compare(y.ID, x.ID)) })
	return all[:min(limit, len(all))], nil
}

// find gives a dead letter and its partition.
func (e *Engine) find(ctx context.Context, id tania.TurnID) (queue.DeadTurn, string, error) {
	for _, base := range e.bases {
		found, err := e.deadIn(ctx, base, noLimit, id)
		if err != nil {
			return queue.DeadTurn{}, "", err
		}
		if len(found) > 0 {
			return found[0], base, nil
		}
	}
	return queue.DeadTurn{}, "", queue.ErrNotFound
}

// DeadTurn implements queue.Queue.
func (e *Engine) DeadTurn(ctx context.Context, id tania.TurnID) (queue.DeadTurn, error) {
	d, _, err := e.find(ctx, id)
	return d, err
}

func (e *Engine) deadIn(ctx context.Context, base string, limit int, id tania.TurnID) ([]queue.DeadTurn, error) {
	answer, err := e.run(ctx, lua.Dead, base, strconv.Itoa(limit), string(id)).ToArray()
	if err != nil {
		return nil, e.failed("dead turns", err)
	}
	list := make([]queue.DeadTurn, len(answer))
	for i := range answer {
		if list[i], err = readDead(&answer[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// readDead reads what dead.lua says of a turn.
func readDead(m *rueidis.RedisMessage) (d queue.DeadTurn, err error) {
	v, err := exactly[rueidis.RedisMessage](8)(m.ToArray())
	if err != nil {
		return d, fmt.Errorf("redisqueue: dead turn: %w", err)
	}
	var texts [5]string
	for i := range texts {
		if texts[i], err = v[i].ToString(); err != nil {
			return d, fmt.Errorf("redisqueue: dead turn: %w", err)
		}
	}
	d.ID = tania.TurnID(texts[0])
	if d.Key, err = tania.ParseConversationKey(texts[1]); err != nil {
		return d, fmt.Errorf("redisqueue: dead turn %s: %w", d.ID, err)
	}
	died, _ := strconv.ParseInt(texts[4], 10, 64)
	d.Died = fromMicros(died)
	var failures [][3]json.RawMessage
	if err := errors.Join(json.Unmarshal([]byte(texts[2]), &d.Messages), json.Unmarshal([]byte("["+texts[3]+"]"), &failures)); err != nil {
		return d, fmt.Errorf("redisqueue: dead turn %s: %w", d.ID, err)
	}
	for _, f := range failures {
		var at int64
		var one queue.Failure
		if err := errors.Join(json.Unmarshal(f[0], &at), json.Unmarshal(f[1], &one.Attempt), json.Unmarshal(f[2], &one.Error)); err != nil {
			return d, fmt.Errorf("redisqueue: dead turn %s: %w", d.ID, err)
		}
		one.At = fromMicros(at)
		d.History = append(d.History, one)
		d.Error = one.Error
	}
	if !v[5].IsNil() {
		cp, err := v[5].ToString()
		if err != nil {
			return d, fmt.Errorf("redisqueue: dead turn %s: %w", d.ID, err)
		}
		d.Checkpoint = []byte(cp)
	}
	if d.Calls, err = readCalls(&v[6]); err != nil {
		return d, fmt.Errorf("redisqueue: dead turn %s: %w", d.ID, err)
	}
	if d.Parked, err = readParked(&v[7]); err != nil {
		return d, fmt.Errorf("redisqueue: dead turn %s: %w", d.ID, err)
	}
	return d, nil
}

// RetryDead implements queue.Queue.
func (e *Engine) RetryDead(ctx context.Context, id tania.TurnID) error {
	d, base, err := e.find(ctx, id)
	if err != nil {
		return err
	}
	args := []string{string(id)}
	for _, m := range d.Messages {
		body, err := json.Marshal(m)
		if err != nil {
			return fmt.Errorf("redisqueue: dead turn %s: %w", id, err)
		}
		args = append(args, number(m.ID), string(body))
	}
	return e.once(e.run(ctx, lua.RetryDead, base, args...), "retry dead turn")
}

// DiscardDead implements queue.Queue.
func (e *Engine) DiscardDead(ctx context.Context, id tania.TurnID) error {
	_, base, err := e.find(ctx, id)
	if err != nil {
		return err
	}
	return e.once(e.run(ctx, lua.DiscardDead, base, string(id)), "discard dead turn")
}

// once is the answer of a script that finds its dead letter or not.
func (e *Engine) once(r rueidis.RedisResult, op string) error {
	n, err := r.AsInt64()
	switch {
	case err != nil:
		return e.failed(op, err)
	case n == 0:
		return queue.ErrNotFound
	}
	return nil
}
