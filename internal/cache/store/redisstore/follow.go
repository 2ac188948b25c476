package redisstore

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/cache/store"
)

// block is how long Redis lets a follower wait for an event: below the Heartbeat, so that a busy machine keeps to it.
const block = store.Heartbeat * 2 / 3

// atOnce is how many events are read at a time.
const atOnce = 100

// mark is a place in the log: the id of an event, or 0-0.
type mark struct{ ms, n uint64 }

func (m mark) String() string {
	return strconv.FormatUint(m.ms, 10) + "-" + strconv.FormatUint(m.n, 10)
}

func readMark(id string) (m mark, err error) {
	ms, n, _ := strings.Cut(id, "-")
	if m.ms, err = strconv.ParseUint(ms, 10, 64); err == nil {
		m.n, err = strconv.ParseUint(n, 10, 64)
	}
	if err != nil {
		return m, fmt.Errorf("redisstore: position %q: %w", id, err)
	}
	return m, nil
}

// Follow implements store.Store. It waits in Redis, on a connection that nothing else uses meanwhile.
func (s *Store) Follow(ctx context.Context, after store.Position, each func([]store.Event, store.Position)) error {
	var at mark
	if after != "" {
		var err error
		if at, err = readMark(string(after)); err != nil {
			return err
		}
	}
	for {
		got, err := call(ctx, s, "follow", func(ctx context.Context, client rueidis.Client) (reading, error) {
			return s.read(ctx, client, at)
		})
		if err != nil {
			return err
		}
		next, events, err := at.follow(got)
		if err != nil {
			return err
		}
		at = next
		position := after
		if at != (mark{}) {
			position = store.Position(at.String())
		}
		each(events, position)
	}
}

// reading is what was behind a place, and the id of the last event as it was before.
type reading struct {
	last  mark
	found []rueidis.XRangeSlice
}

// read waits for events behind a place.
func (s *Store) read(ctx context.Context, client rueidis.Client, at mark) (r reading, err error) {
	answers := client.DoMulti(ctx,
		client.B().Hmget().Key(s.base+":state").Field("ms", "n").Build(),
		client.B().Xread().Count(atOnce).Block(int64(block/time.Millisecond)).Streams().Key(s.base+":log").Id(at.String()).Build())
	state, err := answers[0].AsStrSlice()
	if err != nil {
		return r, err
	}
	if len(state) == 2 && state[0] != "" {
		if r.last, err = readMark(state[0] + "-" + state[1]); err != nil {
			return r, err
		}
	}
	streams, err := answers[1].AsXReadSlices()
	if err != nil && !rueidis.IsRedisNil(err) {
		return r, err
	}
	r.found = streams[s.base+":log"]
	return r, nil
}

// follow reads the events found behind a place, when they are all: numbers follow one another, and the last event before was not another.
// The place of a Redis that lost its memory, or of a replica that had not all, is behind the end, or has another time.
func (m mark) follow(r reading) (mark, []store.Event, error) {
	last, found := r.last, r.found
	switch {
	case m == (mark{}): // the beginning
	case last.n < m.n || last.ms < m.ms || last.n == m.n && last.ms != m.ms:
		return m, nil, fmt.Errorf("%w: the log ends at %s, before %s", store.ErrBehind, last, m)
	}
	if len(found) == 0 && last.n > m.n {
		return m, nil, fmt.Errorf("%w: what followed %s is gone", store.ErrBehind, m)
	}
	var events []store.Event
	for _, f := range found {
		id, err := readMark(f.ID)
		if err != nil {
			return m, nil, err
		}
		if id.n != m.n+1 {
			return m, nil, fmt.Errorf("%w: %s follows %s", store.ErrBehind, id, m)
		}
		e, err := readEvent(f.FieldValues)
		if err != nil {
			return m, nil, fmt.Errorf("%w: event %s: %w", store.ErrBehind, id, err)
		}
		events, m = append(events, e), id
	}
	return m, events, nil
}
