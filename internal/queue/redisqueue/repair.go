package redisqueue

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue/redisqueue/lua"
	"tania/internal/tania"
)

// sweepEvery is how often everything is looked through, also where the counts agree: a lost list of dead letters leaves no other trace.
const sweepEvery = time.Hour

// repairBatch is how many mailboxes, turns or dead letters one script looks at.
const repairBatch = 200

// check looks whether keys were lost alone, and puts back what can be.
func (e *Engine) check(ctx context.Context) error {
	for partition, base := range e.bases {
		due := e.do(ctx, e.client().B().Set().Key(base+":swept").Value("1").Nx().Ex(sweepEvery).Build()).Error() == nil
		fixed, err := e.checkPartition(ctx, base, due)
		if fixed > 0 {
			e.log.Error("keys of the queue were lost in Redis and have been rebuilt; make sure that nothing evicts or deletes them (maxmemory-policy noeviction)",
				"partition", partition, "entries", fixed)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// checkPartition repairs where the counts say so, or everything is due to be looked through; then once more, where that found mailboxes
// whose turns are gone: their messages are named nowhere else.
func (e *Engine) checkPartition(ctx context.Context, base string, due bool) (fixed int64, err error) {
	for range 2 {
		lost, err := e.run(ctx, lua.Check, base).AsInt64()
		if err != nil {
			return fixed, e.failed("check", err)
		}
		if lost == 0 && !due {
			break
		}
		n, err := e.repair(ctx, base, lost != 0)
		if fixed += n; err != nil {
			return fixed, err
		}
		due = false
	}
	return fixed, nil
}

// repairs does what repair.lua does in portions, and adds up.
type repairs struct {
	e     *Engine
	base  string
	fixed int64
}

// repair puts back what was lost in a partition. deep also reads the bodies of all messages: what waits may be named nowhere else.
func (e *Engine) repair(ctx context.Context, base string, deep bool) (int64, error) {
	r := repairs{e: e, base: base}
	err := r.do(ctx, "lines")
	kinds, scanErr := e.keysOf(ctx, base)
	for _, step := range []func() error{
		func() error { return scanErr },
		func() error { return r.all(ctx, "turns", kinds["t"]) },
		func() error { return r.messages(ctx, deep) },
		func() error { return r.fields(ctx, "mailboxes", ":b") },
		func() error { return r.all(ctx, "records", kinds["R"]) },
		func() error { return r.all(ctx, "dead", kinds["x"]) },
		func() error { return r.do(ctx, "deadlist") },
		func() error { return r.conversations(ctx, deep) },
	} {
		if err != nil {
			break
		}
		err = step()
	}
	if r.fixed > 0 {
		e.look()
	}
	return r.fixed, err
}

func (r *repairs) do(ctx context.Context, kind string, args ...string) error {
	n, err := r.e.run(ctx, lua.Repair, r.base, append([]string{kind}, args...)...).AsInt64()
	if err != nil {
		return r.e.failed("repair", err)
	}
	r.fixed += n
	return nil
}

func (r *repairs) all(ctx context.Context, kind string, names []string) error {
	for some := range slices.Chunk(names, repairBatch) {
		if err := r.do(ctx, kind, some...); err != nil {
			return err
		}
	}
	return nil
}

// fields repairs what the names of a hash's fields name.
func (r *repairs) fields(ctx context.Context, kind, hash string) error {
	var names []string
	if err := r.e.scanFields(ctx, r.base+hash, func(name, _ string) error { names = append(names, name); return nil }); err != nil {
		return err
	}
	return r.all(ctx, kind, names)
}

func (r *repairs) conversations(ctx context.Context, deep bool) error {
	if !deep {
		return nil
	}
	return r.fields(ctx, "conversations", ":C")
}

// messages finds, for each conversation that has messages, those that nothing else names.
func (r *repairs) messages(ctx context.Context, deep bool) error {
	if !deep {
		return nil
	}
	of := map[string][]string{}
	err := r.e.scanFields(ctx, r.base+":m", func(name, value string) error {
		var m struct {
			Key tania.ConversationKey `json:"key"`
		}
		const arrival = len("0000000000000000")
		if err := json.Unmarshal([]byte(value[min(arrival, len(value)):]), &m); err != nil {
			return err
		}
		_, id, _ := strings.Cut(name, ":")
		of[m.Key.String()] = append(of[m.Key.String()], id)
		return nil
	})
	if err != nil {
		return err
	}
	for key, ids := range of {
		for some := range slices.Chunk(ids, repairBatch) {
			if err := r.do(ctx, "messages", append([]string{key}, some...)...); err != nil {
				return err
			}
		}
	}
	return nil
}

// keysOf gives the names of a partition's keys that have one each, by kind: the part of the name before the first colon.
func (e *Engine) keysOf(ctx context.Context, base string) (map[string][]string, error) {
	kinds := map[string][]string{}
	for _, node := range e.masters(ctx) {
		for cursor, first := uint64(0), true; first || cursor != 0; first = false {
			page, err := node.Do(ctx, node.B().Scan().Cursor(cursor).Match(base+":?:*").Count(1000).Build()).AsScanEntry()
			if err != nil {
				return nil, e.failed("repair", err)
			}
			for _, key := range page.Elements {
				kind, name, _ := strings.Cut(strings.TrimPrefix(key, base+":"), ":")
				kinds[kind] = append(kinds[kind], name)
			}
			cursor = page.Cursor
		}
	}
	return kinds, nil
}

// masters gives the nodes that take writes, by address. One that does not say what it is counts as one.
func (e *Engine) masters(ctx context.Context) map[string]rueidis.Client {
	nodes := map[string]rueidis.Client{}
	for address, node := range e.client().Nodes() {
		role, err := node.Do(ctx, node.B().Role().Build()).ToArray()
		if err == nil && len(role) > 0 {
			if name, _ := role[0].ToString(); name != "master" {
				continue
			}
		}
		nodes[address] = node
	}
	return nodes
}
