package redisqueue

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/redis/rueidis"

	"tania/internal/queue"
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
	stored, err := e.run(ctx, pushScript, e.base(m.Key), m.Key.String(), number(m.ID), string(body)).AsInt64()
	if err != nil {
		return queue.Receipt{}, e.failed("push", err)
	}
	return queue.Receipt{Duplicate: stored == 0}, nil
}

// Amend implements queue.Queue.
func (e *Engine) Amend(ctx context.Context, key tania.ConversationKey, id tania.MessageID, change func(*tania.Message)) (bool, error) {
	read, written := "", ""
	for {
		answer, err := e.run(ctx, amendScript, e.base(key), key.String(), number(id), read, written).ToMessage()
		switch {
		case rueidis.IsRedisNil(err):
			return false, nil
		case err != nil:
			return false, e.failed("amend", err)
		case answer.IsInt64():
			return true, nil
		}
		if read, err = answer.ToString(); err != nil {
			return false, e.failed("amend", err)
		}
		var m tania.Message
		if err := json.Unmarshal([]byte(read), &m); err != nil {
			return false, fmt.Errorf("redisqueue: amend: %w", err)
		}
		if err := queue.Guard(func() { change(&m) }); err != nil {
			return false, err
		}
		// The ids are the message's name, not its text.
		m.Key, m.ID = key, id
		body, err := json.Marshal(m)
		if err != nil {
			return false, fmt.Errorf("redisqueue: amend: %w", err)
		}
		written = string(body)
	}
}
