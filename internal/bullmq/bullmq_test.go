package bullmq

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/chatwoot"
	"tania/internal/governor"
	"tania/internal/intake"
	"tania/internal/queue"
	"tania/internal/queue/redisqueue"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// rig is a BullMQ queue as BullMQ 6.7 leaves it, and Tania's engine on the same Redis.
type rig struct {
	*testing.T
	client rueidis.Client
	engine *redisqueue.Engine
	o      Options
	port   int
	added  int
}

func newRig(t *testing.T) *rig {
	t.Helper()
	server := redistest.Start(t)
	connect, err := redisconn.ParseURL(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	connect.DisableCache = true
	client, err := rueidis.NewClient(connect)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	engine, err := redisqueue.Open(t.Context(), redisqueue.Options{Options: queue.Options{Debounce: -1, DebounceMax: -1}, Redis: connect})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	gate := governor.New(governor.Options{Account: 3, Blocklist: true, Inboxes: []tania.InboxID{12}})
	return &rig{T: t, client: client, engine: engine, port: server.Port, o: Options{
		Client: client, Name: "tania-messages", DeadLetters: "tania-dlq", Account: 3,
		Intake: intake.New(intake.Options{Engine: engine, Governor: gate}),
	}}
}

// watched is the real way in, but that a test stands at its door.
type watched struct {
	Intake
	imports func(ctx context.Context, event *chatwoot.Event, received time.Time) (tania.Reason, error)
}

// Import implements Intake.
func (w watched) Import(ctx context.Context, event *chatwoot.Event, received time.Time) (tania.Reason, error) {
	return w.imports(ctx, event, received)
}

func (r *rig) do(command ...string) {
	r.Helper()
	if err := r.client.Do(r.Context(), r.client.B().Arbitrary(command...).Build()).Error(); err != nil {
		r.Fatal(command, err)
	}
}

// add puts a job where BullMQ would.
func (r *rig) add(state, data string) string {
	r.Helper()
	r.added++
	id := fmt.Sprint(r.added)
	r.do("HSET", "bull:tania-messages:"+id, "name", "msg", "data", data, "opts", `{"attempts":0}`, "timestamp", "1795471906691", "delay", "0",
		"priority", "0", "ats", "1")
	switch state {
	case "wait", "paused", "active":
		r.do("LPUSH", "bull:tania-messages:"+state, id)
	default:
		r.do("ZADD", "bull:tania-messages:"+state, "7354253175660544", id)
	}
	return id
}

func (r *rig) run(change func(*Options)) Report {
	r.Helper()
	o := r.o
	if change != nil {
		change(&o)
	}
	report, err := Import(r.Context(), o)
	if err != nil {
		r.Fatal(err)
	}
	return report
}

// waiting gives the ids of all messages in Tania's queue, conversation by conversation.
func (r *rig) waiting() (ids []tania.MessageID) {
	r.Helper()
	s, err := r.engine.Stats(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	for range s.Waiting {
		turn, err := r.engine.Claim(r.Context())
		if err == nil {
			err = r.engine.Complete(r.Context(), turn)
		}
		if err != nil {
			r.Fatal(err)
		}
		for _, m := range turn.Messages {
			ids = append(ids, m.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func flat(conversation, id int) string {
	return fmt.Sprintf(`{"accountId":3,"inboxId":12,"conversationId":%d,"messageId":%d,"content":"hola","contactName":"Ana"}`, conversation,
		id)
}

func TestEveryStateIsMovedOnce(t *testing.T) {
	r := newRig(t)
	for i, state := range []string{"wait", "paused", "active", "prioritized", "delayed", "failed"} {
		r.add(state, flat(10+i, 100+i))
	}
	if report := r.run(func(o *Options) { o.DryRun = true }); report.Imported != 5 {
		t.Errorf("a dry run counts %+v", report)
	}
	if report := r.run(nil); report.Imported != 5 || report.Failed != 1 || report.Duplicates+len(report.Running)+len(report.Left) != 0 {
		t.Errorf("%+v", report)
	}
	if report := r.run(nil); report.Imported != 0 {
		t.Errorf("the second import moved %+v", report)
	}
	if report := r.run(func(o *Options) { o.Failed = true }); report.Imported != 1 {
		t.Errorf("failed jobs: %+v", report)
	}
	if got, want := r.waiting(), []tania.MessageID{100, 101, 102, 103, 104, 105}; !slices.Equal(got, want) {
		t.Errorf("moved %v, want %v", got, want)
	}
	if left, _ := r.client.Do(t.Context(), r.client.B().Keys().Pattern("bull:*").Build()).AsStrSlice(); len(left) != 0 {
		t.Errorf("%v are left", left)
	}
}

func TestJobsThatAWorkerHasAreLeftToIt(t *testing.T) {
	r := newRig(t)
	id := r.add("active", flat(10, 100))
	r.do("SET", "bull:tania-messages:"+id+":lock", "token", "PX", "60000")
	if report := r.run(nil); !slices.Equal(report.Running, []string{"tania-messages/" + id}) || report.Imported != 0 {
		t.Errorf("%+v", report)
	}
	r.do("DEL", "bull:tania-messages:"+id+":lock")
	if report := r.run(nil); report.Imported != 1 {
		t.Errorf("after the worker's end: %+v", report)
	}
}

// TestAnImportThatBreaksOffIsFinishedByTheNext: a crash between any two steps loses nothing and doubles nothing.
func TestAnImportThatBreaksOffIsFinishedByTheNext(t *testing.T) {
	for _, pushed := range []bool{false, true} {
		r := newRig(t)
		for i := range 5 {
			r.add("wait", flat(10+i, 100+i))
		}
		broken := errors.New("the process died")
		o, pushes := r.o, 0
		o.Intake = watched{r.o.Intake, func(ctx context.Context, e *chatwoot.Event, received time.Time) (tania.Reason, error) {
			if pushes++; pushes != 3 {
				return r.o.Intake.Import(ctx, e, received)
			}
			if pushed {
				if _, err := r.o.Intake.Import(ctx, e, received); err != nil {
					return "", err
				}
			}
			return "", broken
		}}
		if _, err := Import(t.Context(), o); !errors.Is(err, broken) {
			t.Fatal(err)
		}
		report := r.run(nil)
		if report.Imported+report.Duplicates != 3 || (report.Duplicates == 1) != pushed {
			t.Errorf("the second import: %+v", report)
		}
		if got := r.waiting(); len(got) != 5 {
			t.Errorf("%v are there, want five", got)
		}
	}
}

// TestAnImportThatDiedWhileItRemovedAJobIsFinished: the job's data is gone, its id is still among those taken.
func TestAnImportThatDiedWhileItRemovedAJobIsFinished(t *testing.T) {
	r := newRig(t)
	r.do("SADD", "bull:tania-messages:tania-import", "77")
	r.add("wait", flat(10, 100))
	if report := r.run(nil); report.Imported != 1 || len(report.Left) != 0 {
		t.Errorf("%+v", report)
	}
	if left, _ := r.client.Do(t.Context(), r.client.B().Keys().Pattern("bull:*").Build()).AsStrSlice(); len(left) != 0 {
		t.Errorf("%v are left", left)
	}
}

// TestAMessageDoesNotOvertakeOneThatAWorkerHas: the later message of its conversation waits for the next import, the earlier one does not.
func TestAMessageDoesNotOvertakeOneThatAWorkerHas(t *testing.T) {
	r := newRig(t)
	before, has, after := r.add("delayed", flat(10, 100)), r.add("active", flat(10, 101)), r.add("wait", flat(10, 102))
	r.add("wait", flat(11, 103))
	r.do("SET", "bull:tania-messages:"+has+":lock", "token", "PX", "60000")
	report := r.run(nil)
	if want := []string{"tania-messages/" + has, "tania-messages/" + after}; report.Imported != 2 || !slices.Equal(report.Running, want) {
		t.Errorf("%+v; %s comes before", report, before)
	}
	if got := r.waiting(); !slices.Equal(got, []tania.MessageID{100, 103}) {
		t.Errorf("moved %v", got)
	}
}

// TestWhatTheGateRefusesStays: a wrong list of inboxes is put right and the import repeated, with nothing lost.
func TestWhatTheGateRefusesStays(t *testing.T) {
	r := newRig(t)
	blocked := r.add("wait", `{"accountId":3,"inboxId":12,"conversationId":10,"messageId":100,"content":"hola","contact":{"id":5,"blocked":true}}`)
	account := r.add("wait", `{"accountId":4,"inboxId":12,"conversationId":10,"messageId":101,"content":"hola"}`)
	inbox := r.add("delayed", `{"accountId":3,"inboxId":13,"conversationId":10,"messageId":102,"content":"hola"}`)
	sent := r.add("wait", `{"accountId":3,"inboxId":12,"conversationId":10,"messageId":103,"content":"hola","messageType":"outgoing"}`)
	nothing := r.add("wait", `{"no":"message"}`)
	r.add("wait", flat(10, 104))
	for _, dry := range []bool{true, false} {
		report := r.run(func(o *Options) { o.DryRun = dry })
		got := map[string]Why{}
		for _, left := range report.Left {
			got[left.Job] = left.Why
			if left.Queue != "tania-messages" || left.State == "" || left.Detail == "" || left.Refused != (left.Job != nothing) {
				t.Errorf("%+v", left)
			}
		}
		want := map[string]Why{
			blocked: Why(tania.BlockedContact), account: Why(tania.InboxNotAllowed), inbox: Why(tania.InboxNotAllowed),
			sent: Why(tania.Outgoing), nothing: NoConversation,
		}
		if !maps.Equal(got, want) || report.Imported != 1 || report.Unreadable() != 1 || report.Reasons[Why(tania.InboxNotAllowed)] != 2 {
			t.Errorf("dry %v: %+v", dry, report)
		}
	}
	if got := r.waiting(); !slices.Equal(got, []tania.MessageID{104}) {
		t.Errorf("moved %v", got)
	}
	r.o.Intake = intake.New(intake.Options{Engine: r.engine, Governor: governor.New(governor.Options{Account: 3, Blocklist: true})})
	if report := r.run(nil); report.Imported != 1 || report.Reasons[Why(tania.InboxNotAllowed)] != 1 {
		t.Errorf("after the list of inboxes was put right: %+v", report)
	}
}

// TestAQueueThatIsNotThereIsSaid, with those that are.
func TestAQueueThatIsNotThereIsSaid(t *testing.T) {
	r := newRig(t)
	r.do("HSET", "bull:mensajes:meta", "opts.maxLenEvents", "10000")
	if report := r.run(nil); !slices.Equal(report.Queues, []string{"bull:mensajes"}) {
		t.Errorf("%+v", report)
	}
	r.do("HSET", "bull:tania-messages:meta", "opts.maxLenEvents", "10000")
	if report := r.run(nil); len(report.Queues) != 0 {
		t.Errorf("an empty queue: %+v", report)
	}
}
