package redisqueue

import (
	"context"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
)

// HoldNote implements queue.Board. The board is small, so it stays in the first partition.
func (e *Engine) HoldNote(ctx context.Context, name, holder string, d time.Duration) (queue.Note, error) {
	answer, err := exactly[rueidis.RedisMessage](2)(e.run(ctx, lua.HoldNote, e.bases[0], name, holder, micro(d)).ToArray())
	if err != nil {
		return queue.Note{}, e.failed("hold note", err)
	}
	held, err := answer[0].AsInt64()
	if err != nil {
		return queue.Note{}, e.failed("hold note", err)
	}
	note := queue.Note{Held: held == 1}
	body, err := answer[1].ToString()
	switch {
	case err == nil:
		note.Body = []byte(body)
	case !rueidis.IsRedisNil(err):
		return queue.Note{}, e.failed("hold note", err)
	}
	return note, nil
}

// WriteNote implements queue.Board.
func (e *Engine) WriteNote(ctx context.Context, name, holder string, body []byte) (bool, error) {
	written, err := e.run(ctx, lua.WriteNote, e.bases[0], name, holder, string(body)).AsInt64()
	if err != nil {
		return false, e.failed("write note", err)
	}
	return written == 1, nil
}

// Report implements queue.Board.
func (e *Engine) Report(ctx context.Context, process string, body []byte, d time.Duration) ([][]byte, error) {
	texts, err := e.run(ctx, lua.Report, e.bases[0], process, string(body), micro(d)).AsStrSlice()
	if err != nil {
		return nil, e.failed("report", err)
	}
	all := make([][]byte, len(texts))
	for i, text := range texts {
		all[i] = []byte(text)
	}
	return all, nil
}
