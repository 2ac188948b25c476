package redisqueue

import (
	"context"
	"fmt"
	"strconv"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
)

// Intend implements queue.Journal.
func (e *Engine) Intend(ctx context.Context, t *queue.Turn, intent []byte) (int, error) {
	n, err := e.run(ctx, lua.Intend, e.base(t.Key), append(claimOf(t), string(intent))...).AsInt64()
	switch {
	case err != nil:
		return 0, e.failed("intend", err)
	case n == 0:
		e.forget(t)
		return 0, queue.ErrLost
	case n < 0:
		return 0, queue.ErrAmended
	}
	return int(n), nil
}

// Settle implements queue.Journal.
func (e *Engine) Settle(ctx context.Context, t *queue.Turn, number int, result []byte) error {
	n, err := e.run(ctx, lua.Settle, e.base(t.Key), append(claimOf(t), strconv.Itoa(number), string(result))...).AsInt64()
	switch {
	case err != nil:
		return e.failed("settle", err)
	case n == 0:
		e.forget(t)
		return queue.ErrLost
	case n < 0:
		return queue.ErrNotFound
	}
	return nil
}

// Calls implements queue.Journal.
func (e *Engine) Calls(ctx context.Context, t *queue.Turn) ([]queue.Call, error) {
	answer, err := e.run(ctx, lua.Calls, e.base(t.Key), claimOf(t)...).ToMessage()
	if rueidis.IsRedisNil(err) {
		e.forget(t)
		return nil, queue.ErrLost
	}
	if err != nil {
		return nil, e.failed("calls", err)
	}
	return readCalls(&answer)
}

// readCalls reads what lib.lua's journal gives.
func readCalls(m *rueidis.RedisMessage) ([]queue.Call, error) {
	entries, err := m.ToArray()
	if err != nil {
		return nil, fmt.Errorf("redisqueue: journal: %w", err)
	}
	var list []queue.Call
	for i := range entries {
		v, err := exactly[rueidis.RedisMessage](2)(entries[i].ToArray())
		if err != nil {
			return nil, fmt.Errorf("redisqueue: journal: %w", err)
		}
		c := queue.Call{Number: i + 1, Settled: !v[1].IsNil()}
		intent, err := v[0].ToString()
		if err != nil {
			return nil, fmt.Errorf("redisqueue: journal: %w", err)
		}
		c.Intent = []byte(intent)
		if c.Settled {
			result, err := v[1].ToString()
			if err != nil {
				return nil, fmt.Errorf("redisqueue: journal: %w", err)
			}
			c.Result = []byte(result)
		}
		list = append(list, c)
	}
	return list, nil
}
