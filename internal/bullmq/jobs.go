package bullmq

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/chatwoot"
)

// place is where a job is.
type place struct {
	// base begins the keys of its queue, state is the key behind it that has its id.
	base, queue, state, id string
}

// String is how people find it: the queue and the job's id.
func (p place) String() string { return p.queue + "/" + p.id }

func (p place) job() string     { return p.base + p.id }
func (p place) lock() string    { return p.base + p.id + ":lock" }
func (p place) pending() string { return p.base + pending }

// pending is the import's own set: jobs that were taken and perhaps not pushed. The next import goes on with it.
const pending = "tania-import"

// The states of jobs by the kind of key that has them.
var (
	lists   = []string{"active", "wait", "paused"}
	sorted  = []string{"prioritized", "delayed", "waiting-children"}
	givenUp = "failed"
)

// places lists the jobs of the queue, and of the dead letters where those are wanted.
func (i *importer) places(ctx context.Context) (all []place, err error) {
	for _, queue := range []string{i.Name, i.DeadLetters} {
		base := i.Prefix + ":" + queue + ":"
		states := slices.Concat([]string{pending}, lists, sorted)
		switch {
		case queue == "":
			continue
		case i.Failed:
			states = append(states, givenUp)
		case queue == i.DeadLetters:
			states = []string{pending}
		}
		for _, state := range states {
			ids, err := i.ids(ctx, base+state, state)
			if err != nil {
				return nil, fmt.Errorf("bullmq: %s: %w", base+state, err)
			}
			for _, id := range ids {
				all = append(all, place{base, queue, state, id})
			}
		}
	}
	if !i.Failed {
		err = i.countFailed(ctx)
	}
	if len(all) == 0 && err == nil {
		err = i.lookForQueues(ctx)
	}
	return all, err
}

// ids lists the jobs under a key.
func (i *importer) ids(ctx context.Context, key, state string) ([]string, error) {
	b := i.Client.B()
	read := b.Arbitrary("ZRANGE").Keys(key).Args("0", "-1").Build()
	switch {
	case state == pending:
		read = b.Smembers().Key(key).Build()
	case slices.Contains(lists, state):
		read = b.Lrange().Key(key).Start(0).Stop(-1).Build()
	}
	ids, err := i.Client.Do(ctx, read).AsStrSlice()
	return slices.DeleteFunc(ids, func(id string) bool {
		return strings.HasPrefix(id, "0:") // a marker of older versions
	}), err
}

// countFailed counts what Options.Failed would move.
func (i *importer) countFailed(ctx context.Context) error {
	b, base := i.Client.B(), i.Prefix+":"+i.Name+":"
	counts := []rueidis.Completed{b.Zcard().Key(base + givenUp).Build()}
	if i.DeadLetters != "" && i.DeadLetters != i.Name {
		base = i.Prefix + ":" + i.DeadLetters + ":"
		for _, state := range lists {
			counts = append(counts, b.Llen().Key(base+state).Build())
		}
		for _, state := range append([]string{givenUp}, sorted...) {
			counts = append(counts, b.Zcard().Key(base+state).Build())
		}
	}
	for _, r := range i.Client.DoMulti(ctx, counts...) {
		n, err := r.AsInt64()
		if err != nil {
			return fmt.Errorf("bullmq: %w", err)
		}
		i.report.Failed += n
	}
	return nil
}

// lookForQueues names the queues that there are when there is none of the name: BullMQ writes a key meta for each that a program opened.
func (i *importer) lookForQueues(ctx context.Context) error {
	there, err := i.Client.Do(ctx, i.Client.B().Exists().Key(i.Prefix+":"+i.Name+":meta").Build()).AsInt64()
	if err != nil || there > 0 {
		return err
	}
	for cursor := uint64(0); ; {
		page, err := i.Client.Do(ctx, i.Client.B().Scan().Cursor(cursor).Match("*:meta").Count(1000).Build()).AsScanEntry()
		if err != nil {
			return fmt.Errorf("bullmq: %w", err)
		}
		for _, key := range page.Elements {
			i.report.Queues = append(i.report.Queues, strings.TrimSuffix(key, ":meta"))
		}
		if cursor = page.Cursor; cursor == 0 {
			slices.Sort(i.report.Queues)
			return nil
		}
	}
}

// read gives the message of a job, and when it was added.
func (i *importer) read(ctx context.Context, p place) (*chatwoot.Event, time.Time, error) {
	job, err := i.Client.Do(ctx, i.Client.B().Hgetall().Key(p.job()).Build()).AsStrMap()
	if err != nil {
		return nil, time.Time{}, err
	}
	received := added(job["timestamp"])
	if len(job) == 0 {
		return nil, received, stays{Gone, "its data is gone from Redis"}
	}
	event, err := message([]byte(job["data"]), i.Account, received)
	return event, received, err
}

// takeScript moves a job's id from where it is to the import's own set, unless a worker was faster. A crash after it loses nothing:
// the next import begins with that set.
var takeScript = rueidis.NewLuaScript(`
if redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
local removed
if ARGV[2] == 'list' then removed = redis.call('LREM', KEYS[1], 0, ARGV[1]) else removed = redis.call('ZREM', KEYS[1], ARGV[1]) end
if removed > 0 then redis.call('SADD', KEYS[2], ARGV[1]) end
return removed`)

// take reports false when a worker was faster.
func (i *importer) take(ctx context.Context, p place) (bool, error) {
	if p.state == pending {
		return true, nil
	}
	kind := "zset"
	if slices.Contains(lists, p.state) {
		kind = "list"
	}
	n, err := takeScript.Exec(ctx, i.Client, []string{p.base + p.state, p.pending(), p.lock()}, []string{p.id, kind}).AsInt64()
	return n > 0, err
}

// remove ends a job that was taken in.
func (i *importer) remove(ctx context.Context, p place) error {
	b := i.Client.B()
	var errs []error
	for _, r := range i.Client.DoMulti(ctx, b.Del().Key(p.job()).Build(), b.Del().Key(p.job()+":logs").Build(),
		b.Srem().Key(p.pending()).Member(p.id).Build()) {
		errs = append(errs, r.Error())
	}
	return errors.Join(errs...)
}

// added is a job's timestamp, in milliseconds.
func added(text string) time.Time {
	var ms int64
	if _, err := fmt.Sscan(text, &ms); err != nil || ms <= 0 {
		return time.Now().UTC()
	}
	return time.UnixMilli(ms).UTC()
}
