package redisqueue

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
	"tania/internal/tania"
)

// Push implements queue.Queue, in one round trip.
func (e *Engine) Push(ctx context.Context, m tania.Message) (queue.Receipt, error) {
	if m.ID <= 0 || m.Key.Account <= 0 || m.Key.Conversation <= 0 {
		return queue.Receipt{}, fmt.Errorf("redisqueue: push: message %d of conversation %s: ids are positive", m.ID, m.Key)
	}
	body, err := json.Marshal(m)
	if err != nil {
		return queue.Receipt{}, fmt.Errorf("redisqueue: push: %w", err)
	}
	stored, err := e.run(ctx, lua.Push, e.base(m.Key), m.Key.String(), number(m.ID), string(body), strconv.Itoa(m.Revision)).AsInt64()
	if err != nil {
		return queue.Receipt{}, e.failed("push", err)
	}
	return queue.Receipt{Duplicate: stored == 0}, nil
}
