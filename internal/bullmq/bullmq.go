// Package bullmq moves what waits in a BullMQ queue into Tania's, once, so that a Node installation can switch over without
// losing a message. The layout of the keys is BullMQ's own (versions 3 to 6): the lists wait, paused and active, the sorted sets
// prioritized, delayed and failed, a hash for each job, and a lock for a job that a worker has.
package bullmq

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Options say which queue is moved, and where to.
type Options struct {
	Client rueidis.Client
	// Prefix is BullMQ's, "bull" when empty. Name is the queue's.
	Prefix, Name string
	// Account is the one of jobs that do not name theirs.
	Account tania.AccountID
	// Failed moves failed jobs too.
	Failed bool
	// DryRun changes nothing and counts what would be moved.
	DryRun bool
	// Push is the queue's that they move into.
	Push func(context.Context, tania.Message) (queue.Receipt, error)
}

// Report is what came of it.
type Report struct {
	Imported   int `json:"imported"`
	Duplicates int `json:"duplicates"`
	// Running are jobs that a Node worker has: stop it, and import again.
	Running []string `json:"running"`
	// Left are jobs that are no customer's message as far as can be told, with the reason. They stay where they are.
	Left map[string]string `json:"left"`
}

// take moves a job's id from where it is to the import's own set, unless a worker was faster. A crash after it loses nothing:
// the next import begins with that set.
var take = rueidis.NewLuaScript(`
if redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
local removed
if ARGV[2] == 'list' then removed = redis.call('LREM', KEYS[1], 0, ARGV[1]) else removed = redis.call('ZREM', KEYS[1], ARGV[1]) end
if removed > 0 then redis.call('SADD', KEYS[2], ARGV[1]) end
return removed`)

type importer struct {
	Options
	base   string
	report Report
}

// Import moves the jobs. What was moved before an error stays moved; importing again goes on.
func Import(ctx context.Context, o Options) (Report, error) {
	if o.Prefix == "" {
		o.Prefix = "bull"
	}
	i := &importer{Options: o, base: o.Prefix + ":" + o.Name + ":", report: Report{Left: map[string]string{}}}
	if err := i.resume(ctx); err != nil {
		return i.report, err
	}
	for _, from := range i.sources() {
		ids, err := i.ids(ctx, from)
		if err != nil {
			return i.report, err
		}
		for _, id := range ids {
			if err := i.job(ctx, from, id); err != nil {
				return i.report, fmt.Errorf("bullmq: job %s: %w", id, err)
			}
		}
	}
	return i.report, nil
}

// source is a key that holds ids of jobs.
type source struct {
	key  string
	list bool
}

func (i *importer) sources() []source {
	all := []source{{"active", true}, {"wait", true}, {"paused", true}, {"prioritized", false}, {"delayed", false}}
	if i.Failed {
		all = append(all, source{"failed", false})
	}
	return all
}

// ids lists a source, the oldest job first.
func (i *importer) ids(ctx context.Context, from source) ([]string, error) {
	read := i.Client.B().Arbitrary("ZRANGE").Keys(i.base+from.key).Args("0", "-1").Build()
	if from.list {
		read = i.Client.B().Lrange().Key(i.base + from.key).Start(0).Stop(-1).Build()
	}
	ids, err := i.Client.Do(ctx, read).AsStrSlice()
	if err != nil {
		return nil, fmt.Errorf("bullmq: %s: %w", from.key, err)
	}
	var jobs []string
	for _, id := range ids {
		if !strings.HasPrefix(id, "0:") { // a marker of older versions
			jobs = append(jobs, id)
		}
	}
	return jobs, nil
}

// pending is the import's own set: jobs that were taken and perhaps not pushed.
func (i *importer) pending() string { return i.base + "tania-import" }

// resume finishes what an import that broke off had taken.
func (i *importer) resume(ctx context.Context) error {
	ids, err := i.Client.Do(ctx, i.Client.B().Smembers().Key(i.pending()).Build()).AsStrSlice()
	if err != nil {
		return fmt.Errorf("bullmq: %w", err)
	}
	for _, id := range ids {
		m, err := i.read(ctx, id)
		if err == nil {
			err = i.move(ctx, id, m)
		}
		if err != nil {
			return fmt.Errorf("bullmq: job %s: %w", id, err)
		}
	}
	return nil
}

func (i *importer) job(ctx context.Context, from source, id string) error {
	locked, err := i.Client.Do(ctx, i.Client.B().Exists().Key(i.base+id+":lock").Build()).AsInt64()
	if err != nil {
		return err
	}
	if locked > 0 {
		i.report.Running = append(i.report.Running, id)
		return nil
	}
	m, err := i.read(ctx, id)
	if unreadable, ok := err.(notAMessage); ok { //nolint:errorlint // it is never wrapped
		i.report.Left[id] = string(unreadable)
		return nil
	}
	if err != nil {
		return err
	}
	if i.DryRun {
		i.report.Imported++
		return nil
	}
	kind := "zset"
	if from.list {
		kind = "list"
	}
	taken, err := take.Exec(ctx, i.Client, []string{i.base + from.key, i.pending(), i.base + id + ":lock"}, []string{id, kind}).AsInt64()
	if err != nil {
		return err
	}
	if taken == 0 {
		i.report.Running = append(i.report.Running, id)
		return nil
	}
	return i.move(ctx, id, m)
}

// read gives the message of a job.
func (i *importer) read(ctx context.Context, id string) (tania.Message, error) {
	job, err := i.Client.Do(ctx, i.Client.B().Hgetall().Key(i.base+id).Build()).AsStrMap()
	if err != nil {
		return tania.Message{}, err
	}
	if len(job) == 0 {
		return tania.Message{}, notAMessage("the job's data is gone")
	}
	return message([]byte(job["data"]), i.Account, added(job["timestamp"]))
}

// move pushes a taken job and removes it. Pushing it again after a crash is a duplicate, which changes nothing.
func (i *importer) move(ctx context.Context, id string, m tania.Message) error {
	if i.DryRun {
		i.report.Imported++
		return nil
	}
	r, err := i.Push(ctx, m)
	if err != nil {
		return err
	}
	if r.Duplicate {
		i.report.Duplicates++
	} else {
		i.report.Imported++
	}
	for _, r := range i.Client.DoMulti(ctx,
		i.Client.B().Del().Key(i.base+id).Build(), i.Client.B().Del().Key(i.base+id+":logs").Build(),
		i.Client.B().Srem().Key(i.pending()).Member(id).Build()) {
		if err := r.Error(); err != nil {
			return err
		}
	}
	return nil
}

// added is a job's timestamp, in milliseconds.
func added(text string) time.Time {
	var ms int64
	if _, err := fmt.Sscan(text, &ms); err != nil || ms <= 0 {
		return time.Now().UTC()
	}
	return time.UnixMilli(ms).UTC()
}
