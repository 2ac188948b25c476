package redisqueue

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
	"tania/internal/tania"
)

// Conversation implements queue.Memory.
func (e *Engine) Conversation(ctx context.Context, key tania.ConversationKey) (tania.Conversation, error) {
	c, _, err := e.conversation(ctx, key)
	return c, err
}

func (e *Engine) conversation(ctx context.Context, key tania.ConversationKey) (c tania.Conversation, body string, err error) {
	body, err = e.do(ctx, e.client().B().Hget().Key(e.base(key)+":C").Field(key.String()).Build()).ToString()
	if err != nil && !rueidis.IsRedisNil(err) {
		return c, "", e.failed("conversation", err)
	}
	c, err = readConversation(key, body)
	return c, body, err
}

// Conversations implements queue.Memory.
func (e *Engine) Conversations(ctx context.Context, keys []tania.ConversationKey) (map[tania.ConversationKey]tania.Conversation, error) {
	client := e.client()
	commands := make(rueidis.Commands, len(keys))
	for i, key := range keys {
		commands[i] = client.B().Hget().Key(e.base(key) + ":C").Field(key.String()).Build()
	}
	known := make(map[tania.ConversationKey]tania.Conversation, len(keys))
	for i, r := range client.DoMulti(e.open(ctx), commands...) {
		body, err := r.ToString()
		if rueidis.IsRedisNil(err) {
			continue
		}
		if err != nil {
			return nil, e.failed("conversations", err)
		}
		if known[keys[i]], err = readConversation(keys[i], body); err != nil {
			return nil, err
		}
	}
	return known, nil
}

func readConversation(key tania.ConversationKey, body string) (c tania.Conversation, err error) {
	if body != "" {
		if err := json.Unmarshal([]byte(body), &c); err != nil {
			return c, fmt.Errorf("redisqueue: conversation %s: %w", key, err)
		}
	}
	c.Key = key
	return c, nil
}

// UpdateConversation implements queue.Memory: read, change, and write if nobody else did; else again.
func (e *Engine) UpdateConversation(
	ctx context.Context, key tania.ConversationKey, change func(*tania.Conversation) bool,
) (tania.Conversation, error) {
	c, read, err := e.conversation(ctx, key)
	for {
		changed := false
		if err == nil {
			err = queue.Guard(func() { changed = change(&c) })
		}
		if !changed {
			return c, err
		}
		c.Key = key
		body, err := json.Marshal(c)
		if err != nil {
			return c, fmt.Errorf("redisqueue: conversation %s: %w", key, err)
		}
		read, err = e.run(ctx, lua.Conversation, e.base(key), key.String(), read, string(body)).ToString()
		if rueidis.IsRedisNil(err) {
			return c, nil
		}
		if err != nil {
			return c, e.failed("conversation", err)
		}
		if c, err = readConversation(key, read); err != nil {
			return c, err
		}
	}
}

// SaveRecords implements queue.Memory.
func (e *Engine) SaveRecords(ctx context.Context, records ...tania.Record) error {
	byBase := map[string][]tania.Record{}
	for _, r := range records {
		byBase[e.base(r.Key)] = append(byBase[e.base(r.Key)], r)
	}
	for base, list := range byBase {
		rows, err := recordRows(list)
		if err != nil {
			return err
		}
		if err := e.run(ctx, lua.Records, base, rows...).Error(); err != nil {
			return e.failed("records", err)
		}
	}
	return nil
}

// Records implements queue.Memory.
func (e *Engine) Records(ctx context.Context, key tania.ConversationKey) ([]tania.Record, error) {
	bodies, err := e.do(ctx, e.client().B().Hvals().Key(e.base(key)+":R:"+key.String()).Build()).AsStrSlice()
	if err != nil {
		return nil, e.failed("records", err)
	}
	list := make([]tania.Record, len(bodies))
	for i, body := range bodies {
		if err := json.Unmarshal([]byte(body), &list[i]); err != nil {
			return nil, fmt.Errorf("redisqueue: record: %w", err)
		}
	}
	slices.SortFunc(list, func(x, y tania.Record) int { return cmp.Compare(x.Message, y.Message) })
	return list, nil
}

// RecentRecords implements queue.Memory.
func (e *Engine) RecentRecords(ctx context.Context, limit int) ([]tania.Record, error) {
	return e.newestRecords(ctx, "ru", limit)
}

// RecordsBetween implements queue.Memory.
func (e *Engine) RecordsBetween(ctx context.Context, from, to time.Time, limit int) ([]tania.Record, error) {
	return e.recordsBetween(ctx, "ru", from, to, limit)
}

// MissedRecords implements queue.Memory.
func (e *Engine) MissedRecords(ctx context.Context, limit int) ([]tania.Record, error) {
	found, err := e.newestRecords(ctx, "rm", limit)
	return slices.DeleteFunc(found, func(r tania.Record) bool { return r.Missed() == "" }), err
}

// newestRecords gives the newest records that a sorted set of each partition names.
func (e *Engine) newestRecords(ctx context.Context, set string, limit int) ([]tania.Record, error) {
	return e.recordsBetween(ctx, set, time.Time{}, time.Time{}, limit)
}

// recordsBetween gives the newest records that a sorted set of each partition names, of the times from one until before another.
func (e *Engine) recordsBetween(ctx context.Context, set string, from, to time.Time, limit int) ([]tania.Record, error) {
	first, last := "-inf", "+inf"
	if !from.IsZero() {
		first = micros(from)
	}
	if !to.IsZero() {
		last = "(" + micros(to)
	}
	client := e.client() // one, though another may be connected meanwhile
	newest, err := e.newestNames(ctx, client, set, first, last, max(limit, 0))
	if err != nil {
		return nil, err
	}
	commands := make(rueidis.Commands, len(newest))
	for i, one := range newest {
		commands[i] = client.B().Hget().Key(one.key).Field(one.field).Build()
	}
	var all []tania.Record
	for _, r := range client.DoMulti(e.open(ctx), commands...) {
		body, err := r.ToString()
		if rueidis.IsRedisNil(err) {
			continue // removed meanwhile
		}
		var record tania.Record
		if err == nil {
			err = json.Unmarshal([]byte(body), &record)
		}
		if err != nil {
			return nil, e.failed("records", err)
		}
		all = append(all, record)
	}
	slices.SortStableFunc(all, func(x, y tania.Record) int { return y.At.Compare(x.At) })
	return all, nil
}

// recordName is where a record is, and when it was decided, in microseconds.
type recordName struct {
	key, field string
	at         float64
}

// newestNames gives the newest records that a sorted set of each partition names, at most limit of all partitions together.
func (e *Engine) newestNames(
	ctx context.Context, client rueidis.Client, set, first, last string, limit int,
) (all []recordName, err error) {
	if limit == 0 {
		return nil, nil
	}
	commands := make(rueidis.Commands, len(e.bases))
	for i, base := range e.bases {
		commands[i] = client.B().Zrevrangebyscore().Key(base+":"+set).Max(last).Min(first).Withscores().Limit(0, int64(limit)).Build()
	}
	for i, r := range client.DoMulti(e.open(ctx), commands...) {
		names, err := r.AsZScores()
		if err != nil {
			return nil, e.failed("records", err)
		}
		for _, name := range names {
			at := strings.LastIndexByte(name.Member, ':')
			if at < 0 {
				return nil, fmt.Errorf("redisqueue: records: %w", errAnswer)
			}
			all = append(all, recordName{e.bases[i] + ":R:" + name.Member[:at], name.Member[at+1:], name.Score})
		}
	}
	slices.SortStableFunc(all, func(x, y recordName) int { return cmp.Compare(y.at, x.at) })
	return all[:min(limit, len(all))], nil
}

// countersKey is the hash of the named counters. They are few, so they stay in the first partition.
func (e *Engine) countersKey() string { return e.bases[0] + ":counters" }

// countersFor is how long counters outlive the last count: longer than the month that a budget is for.
const countersFor = 400 * 24 * time.Hour

// Count implements queue.Memory.
func (e *Engine) Count(ctx context.Context, delta map[string]int64) error {
	var commands rueidis.Commands
	client := e.client() // one, though another may be connected meanwhile
	for name, n := range delta {
		commands = append(commands, client.B().Hincrby().Key(e.countersKey()).Field(name).Increment(n).Build())
	}
	commands = append(commands, client.B().Expire().Key(e.countersKey()).Seconds(int64(countersFor/time.Second)).Build())
	for _, r := range client.DoMulti(e.open(ctx), commands...) {
		if err := r.Error(); err != nil {
			return e.failed("count", err)
		}
	}
	return nil
}

// Counters implements queue.Memory.
func (e *Engine) Counters(ctx context.Context) (map[string]int64, error) {
	all, err := e.do(ctx, e.client().B().Hgetall().Key(e.countersKey()).Build()).AsIntMap()
	if err != nil {
		return nil, e.failed("counters", err)
	}
	return all, nil
}
