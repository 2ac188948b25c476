package redisstore

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/semcache"
)

// block is how long Redis lets a follower wait for an event: below the Heartbeat, so that a busy machine keeps to it.
const block = semcache.Heartbeat * 2 / 3

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

// Follow implements semcache.Store. It waits in Redis, on a connection that nothing else uses meanwhile.
func (s *Store) Follow(ctx context.Context, after semcache.Position, each func([]semcache.Event, semcache.Position)) error {
	var at mark
	if after != "" {
		var err error
		if at, err = readMark(string(after)); err != nil {
			return err
		}
	}
	for {
		var last mark
		var found []rueidis.XRangeSlice
		if err := s.call(ctx, "follow", func(ctx context.Context, client rueidis.Client) (err error) {
			last, found, err = s.read(ctx, client, at)
			return err
		}); err != nil {
			return err
		}
		next, events, err := at.follow(last, found)
		if err != nil {
			return err
		}
		at = next
		position := after
		if at != (mark{}) {
			position = semcache.Position(at.String())
		}
		each(events, position)
	}
}

// read gives the id of the last event as it was before, and the events behind a place, for which it waits.
func (s *Store) read(ctx context.Context, client rueidis.Client, at mark) (last mark, found []rueidis.XRangeSlice, err error) {
	answers := client.DoMulti(ctx,
		client.B().Hmget().Key(s.base+":state").Field("ms", "n").Build(),
		client.B().Xread().Count(atOnce).Block(int64(block/time.Millisecond)).Streams().Key(s.base+":log").Id(at.String()).Build())
	state, err := answers[0].AsStrSlice()
	if err != nil {
		return last, nil, err
	}
	if len(state) == 2 && state[0] != "" {
		if last, err = readMark(state[0] + "-" + state[1]); err != nil {
			return last, nil, err
		}
	}
	streams, err := answers[1].AsXReadSlices()
	if err != nil && !rueidis.IsRedisNil(err) {
		return last, nil, err
	}
	return last, streams[s.base+":log"], nil
}

// follow reads the events found behind a place, when they are all: numbers follow one another, and the last event before was not another.
// The place of a Redis that lost its memory, or of a replica that had not all, is behind the end, or has another time.
func (m mark) follow(last mark, found []rueidis.XRangeSlice) (mark, []semcache.Event, error) {
	switch {
	case m == (mark{}): // the beginning
	case last.n < m.n || last.ms < m.ms || last.n == m.n && last.ms != m.ms:
		return m, nil, fmt.Errorf("%w: the log ends at %s, before %s", semcache.ErrBehind, last, m)
	}
	if len(found) == 0 && last.n > m.n {
		return m, nil, fmt.Errorf("%w: what followed %s is gone", semcache.ErrBehind, m)
	}
	var events []semcache.Event
	for _, f := range found {
		id, err := readMark(f.ID)
		if err != nil {
			return m, nil, err
		}
		if id.n != m.n+1 {
			return m, nil, fmt.Errorf("%w: %s follows %s", semcache.ErrBehind, id, m)
		}
		e, err := readEvent(f.FieldValues)
		if err != nil {
			return m, nil, fmt.Errorf("%w: event %s: %w", semcache.ErrBehind, id, err)
		}
		events, m = append(events, e), id
	}
	return m, events, nil
}
