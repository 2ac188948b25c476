// Package bullmq moves what waits in a BullMQ queue into Tania's, once, so that a Node installation can switch over without
// losing a message. The layout of the keys is BullMQ's own (versions 3 to 6): the lists wait, paused and active, the sorted sets
// prioritized, delayed and failed, a hash for each job, and a lock for a job that a worker has.
package bullmq

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/chatwoot"
	"tania/internal/governor"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/tania"
)

// Connect opens the Redis of an address, redis://host:6379 for example. The client is the caller's to close.
func Connect(address string) (rueidis.Client, error) {
	o, err := redisconn.ParseURL(address)
	if err != nil {
		return nil, err
	}
	o.DisableCache = true
	return rueidis.NewClient(o)
}

// Options say which queue is moved, and where to.
type Options struct {
	Client rueidis.Client
	// Prefix is BullMQ's, "bull" when empty. Name is the queue's, DeadLetters that of the queue for what Node gave up; empty: there is none.
	Prefix, Name, DeadLetters string
	// Account is the one of jobs that do not name theirs.
	Account tania.AccountID
	// Failed moves failed jobs and dead letters too.
	Failed bool
	// DryRun changes nothing and counts what would be moved.
	DryRun bool
	// Intake is the way in that webhooks go too.
	Intake Intake
}

// Intake judges messages and takes them in.
type Intake interface {
	// Gate is asked before a job is touched: what it refuses stays where it is.
	Gate(event *chatwoot.Event, received time.Time) governor.Verdict
	// Import takes a message as a webhook that came at received would be. The reason is Proceed for what waits for an answer now.
	Import(ctx context.Context, event *chatwoot.Event, received time.Time) (tania.Reason, error)
}

// Report is what came of it.
type Report struct {
	Imported   int `json:"imported"`
	Duplicates int `json:"duplicates"`
	// Settled counts, by reason, messages that were taken and get no answer: records say so.
	Settled map[tania.Reason]int `json:"settled,omitempty"`
	// Running are jobs that a Node worker has, and those of the same conversations that must not overtake them: stop it, and import again.
	Running []string `json:"running"`
	// Left are jobs that stay where they are, and Reasons counts them.
	Left    []Left      `json:"left"`
	Reasons map[Why]int `json:"reasons"`
	// Failed counts failed jobs and dead letters that were not looked at, for want of Options.Failed.
	Failed int64 `json:"failed"`
	// Queues are the BullMQ queues of that Redis, when the one that was named is not among them.
	Queues []string `json:"queues,omitempty"`
}

// Unreadable counts the jobs that stay because their data could not be read as a message.
func (r Report) Unreadable() (n int) {
	for _, left := range r.Left {
		if !left.Refused {
			n++
		}
	}
	return n
}

// Left is a job that stays.
type Left struct {
	Queue string `json:"queue"`
	State string `json:"state"`
	Job   string `json:"job"`
	Why   Why    `json:"reason"`
	// Detail is for people.
	Detail string `json:"detail"`
	// Refused reports whether it was read and the governor does not have it answered.
	Refused bool `json:"refused,omitempty"`
}

// candidate is a job that can be moved.
type candidate struct {
	place
	message tania.MessageID
	key     tania.ConversationKey
}

type importer struct {
	Options
	report Report
}

// Import moves the jobs, in the order of Chatwoot's message ids whatever state they are in, for a message that is pushed when a later one's
// turn has begun would be answered after it. What was moved before an error stays moved; importing again goes on.
func Import(ctx context.Context, o Options) (Report, error) {
	o.Prefix = cmp.Or(o.Prefix, "bull")
	i := &importer{Options: o, report: Report{Running: []string{}, Left: []Left{}, Reasons: map[Why]int{}, Settled: map[tania.Reason]int{}}}
	places, err := i.places(ctx)
	if err != nil {
		return i.report, err
	}
	var movable []candidate
	running := map[tania.ConversationKey]tania.MessageID{}
	for _, p := range places {
		c, err := i.look(ctx, p, running)
		if err != nil {
			return i.report, fmt.Errorf("bullmq: job %s: %w", p, err)
		}
		if c != nil {
			movable = append(movable, *c)
		}
	}
	slices.SortStableFunc(movable, func(a, b candidate) int { return cmp.Compare(a.message, b.message) })
	for _, c := range movable {
		if first, held := running[c.key]; held && first <= c.message {
			i.report.Running = append(i.report.Running, c.String())
			continue
		}
		if err := i.move(ctx, c); err != nil {
			return i.report, fmt.Errorf("bullmq: job %s: %w", c.place, err)
		}
	}
	return i.report, nil
}

// look reads a job and judges it: nil for one that stays. running learns the messages that a worker has.
func (i *importer) look(ctx context.Context, p place, running map[tania.ConversationKey]tania.MessageID) (*candidate, error) {
	locked, err := i.Client.Do(ctx, i.Client.B().Exists().Key(p.lock()).Build()).AsInt64()
	if err != nil {
		return nil, err
	}
	event, received, err := i.read(ctx, p)
	why, unreadable := err.(stays) //nolint:errorlint // it is never wrapped
	switch {
	case err != nil && !unreadable:
		return nil, err
	case locked > 0:
		i.runs(p, event, running)
		return nil, nil
	case unreadable && why.why == Gone && p.state == pending:
		return nil, i.remove(ctx, p) // an import ended right before it
	case unreadable:
		i.leave(p, why, false)
		return nil, nil
	}
	if verdict := i.Intake.Gate(event, received); !verdict.Proceed() {
		i.leave(p, stays{Why(verdict.Reason), verdict.Detail}, true)
		return nil, nil
	}
	if _, ok := event.CustomerMessage(received); !ok {
		i.leave(p, stays{OtherEvent, "its data is the webhook " + event.Name + ", which is no new message"}, true)
		return nil, nil
	}
	return &candidate{p, event.Message.ID, event.Conversation.Key}, nil
}

// runs notes a job that a worker has, and what must not overtake it.
func (i *importer) runs(p place, event *chatwoot.Event, running map[tania.ConversationKey]tania.MessageID) {
	i.report.Running = append(i.report.Running, p.String())
	if event == nil {
		return
	}
	key := event.Conversation.Key
	if first, known := running[key]; !known || event.Message.ID < first {
		running[key] = event.Message.ID
	}
}

func (i *importer) leave(p place, s stays, refused bool) {
	i.report.Left = append(i.report.Left, Left{Queue: p.queue, State: p.state, Job: p.id, Why: s.why, Detail: s.detail, Refused: refused})
	i.report.Reasons[s.why]++
}

// move takes a job, has it taken in, and removes it. Taking it in again after a crash is a duplicate, which changes nothing.
func (i *importer) move(ctx context.Context, c candidate) error {
	if i.DryRun {
		i.report.Imported++
		return nil
	}
	taken, err := i.take(ctx, c.place)
	if err != nil {
		return err
	}
	if !taken {
		i.report.Running = append(i.report.Running, c.String())
		return nil
	}
	event, received, err := i.read(ctx, c.place)
	if err != nil {
		return err
	}
	reason, err := i.Intake.Import(ctx, event, received)
	if err != nil {
		return err
	}
	switch reason {
	case tania.Proceed:
		i.report.Imported++
	case tania.Duplicate:
		i.report.Duplicates++
	default:
		i.report.Settled[reason]++
	}
	return i.remove(ctx, c.place)
}
