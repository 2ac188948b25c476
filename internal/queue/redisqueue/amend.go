package redisqueue

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
	"tania/internal/tania"
)

// reading is a message as amend.lua has it; settled is "0" or "1".
type reading struct{ body, settled string }

// Amend implements queue.Queue.
func (e *Engine) Amend(
	ctx context.Context, key tania.ConversationKey, id tania.MessageID, change func(*tania.Message, bool) bool,
) (queue.Amended, error) {
	var read reading
	written, again := "", "0"
	for {
		answer, err := e.run(ctx, lua.Amend, e.base(key), key.String(), number(id), read.body, read.settled, written, again).ToMessage()
		switch {
		case rueidis.IsRedisNil(err):
			return queue.Amended{}, nil
		case err != nil:
			return queue.Amended{}, e.failed("amend", err)
		case answer.IsInt64():
			return queue.Amended{Known: true, Changed: true}, nil
		}
		list, err := exactly[string](2)(answer.AsStrSlice())
		if err != nil {
			return queue.Amended{}, e.failed("amend", err)
		}
		read = reading{list[0], list[1]}
		var m tania.Message
		if err := json.Unmarshal([]byte(read.body), &m); err != nil {
			return queue.Amended{}, fmt.Errorf("redisqueue: amend: %w", err)
		}
		changed := false
		if err := queue.Guard(func() { changed = change(&m, read.settled == "1") }); !changed {
			return queue.Amended{Known: err == nil}, err
		}
		// The ids are the message's name, not its text.
		m.Key, m.ID = key, id
		body, err := json.Marshal(m)
		if err != nil {
			return queue.Amended{}, fmt.Errorf("redisqueue: amend: %w", err)
		}
		written, again = string(body), "1"
		if m.Deleted {
			again = "0"
		}
	}
}
