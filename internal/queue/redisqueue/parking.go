package redisqueue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
	"tania/internal/tania"
)

// Park implements queue.Parking.
func (e *Engine) Park(ctx context.Context, t *queue.Turn, patience time.Duration, why []byte, records ...tania.Record) error {
	rows, err := recordRows(records)
	if err != nil {
		return err
	}
	return e.held(ctx, "park", lua.Park, t, true, append([]string{micro(patience), string(why)}, rows...)...)
}

// Unpark implements queue.Parking. The turn is looked for in every partition.
func (e *Engine) Unpark(ctx context.Context, id tania.TurnID, by string, decision []byte) error {
	for _, base := range e.bases {
		err := e.once(e.run(ctx, lua.Unpark, base, string(id), by, string(decision)), "unpark")
		if !errors.Is(err, queue.ErrNotFound) {
			return err
		}
	}
	return queue.ErrNotFound
}

// ParkedTurns implements queue.Parking.
func (e *Engine) ParkedTurns(ctx context.Context, limit int) ([]queue.ParkedTurn, error) {
	if limit <= 0 {
		limit = noLimit
	}
	var all []queue.ParkedTurn
	for _, base := range e.bases {
		answer, err := e.run(ctx, lua.Parked, base, strconv.Itoa(limit)).ToArray()
		if err != nil {
			return nil, e.failed("parked turns", err)
		}
		for i := range answer {
			turn, err := readParkedTurn(&answer[i])
			if err != nil {
				return nil, err
			}
			all = append(all, turn)
		}
	}
	slices.SortFunc(all, func(x, y queue.ParkedTurn) int { return cmp.Or(x.Until.Compare(y.Until), cmp.Compare(x.ID, y.ID)) })
	return all[:min(limit, len(all))], nil
}

// readParkedTurn reads what parked.lua says of a turn.
func readParkedTurn(m *rueidis.RedisMessage) (t queue.ParkedTurn, err error) {
	v, err := exactly[rueidis.RedisMessage](4)(m.ToArray())
	if err != nil {
		return t, fmt.Errorf("redisqueue: parked turn: %w", err)
	}
	id, _ := v[0].ToString()
	t.ID = tania.TurnID(id)
	key, _ := v[1].ToString()
	if t.Key, err = tania.ParseConversationKey(key); err != nil {
		return t, err
	}
	bodies, err := v[2].AsStrSlice()
	if err != nil {
		return t, fmt.Errorf("redisqueue: parked turn %s: %w", id, err)
	}
	if t.Messages, err = readMessages(bodies); err != nil {
		return t, err
	}
	parked, err := readParked(&v[3])
	if err != nil || parked == nil {
		return t, fmt.Errorf("redisqueue: parked turn %s: %w", id, errors.Join(err, errAnswer))
	}
	t.Parked = *parked
	return t, nil
}

// readParked reads what lib.lua's parking gives.
func readParked(m *rueidis.RedisMessage) (*queue.Parked, error) {
	if m.IsNil() {
		return nil, nil
	}
	v, err := exactly[rueidis.RedisMessage](6)(m.ToArray())
	if err != nil {
		return nil, fmt.Errorf("redisqueue: what a turn was parked for: %w", err)
	}
	var texts [6]string
	for i := range v {
		if v[i].IsNil() { // nobody decided
			continue
		}
		if texts[i], err = v[i].ToString(); err != nil {
			return nil, fmt.Errorf("redisqueue: what a turn was parked for: %w", err)
		}
	}
	p := &queue.Parked{Why: []byte(texts[0]), By: texts[4]}
	for i, at := range []*time.Time{&p.Since, &p.Until, &p.Decided} {
		if texts[i+1] == "" {
			continue
		}
		us, err := strconv.ParseInt(texts[i+1], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("redisqueue: what a turn was parked for: %w", err)
		}
		*at = fromMicros(us)
	}
	if !p.Decided.IsZero() {
		p.Decision = []byte(texts[5])
	}
	return p, nil
}
