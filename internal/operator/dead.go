package operator

import (
	"context"
	"errors"
	"fmt"

	"tania/internal/queue"
	"tania/internal/tania"
)

// EachDead does something to the dead letters that are named, to all where none is. It goes on after one with which that fails, and gives
// how many of how many were done.
func EachDead(ctx context.Context, q Queue, turns []string, do func(context.Context, tania.TurnID) error) (done, of int, err error) {
	if len(turns) == 0 {
		list, err := q.Dead(ctx, 0)
		if err != nil {
			return 0, 0, err
		}
		for _, d := range list {
			turns = append(turns, string(d.ID))
		}
	}
	for _, id := range turns {
		switch failed := do(ctx, tania.TurnID(id)); {
		case failed == nil:
			done++
		case errors.Is(failed, queue.ErrNotFound):
			err = errors.Join(err, fmt.Errorf("there is no dead letter %s", id))
		default:
			err = errors.Join(err, failed)
		}
	}
	return done, len(turns), err
}
